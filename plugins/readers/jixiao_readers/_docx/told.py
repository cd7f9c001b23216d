"""What a WordprocessingML part tells beside plain text, found in one pass over it.

An office suite writes ten properties for each one that matters here, and hardly a paragraph holds more than
runs of text: what is not found by this pass need not be looked for again in every paragraph, row and cell.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from jixiao_readers._docx.names import KIND, W, attribute, tags
from jixiao_readers._docx.symbols import is_symbol_font

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element

DROPPED = frozenset({"del", "moveFrom"})
CHANGES = DROPPED | {"ins"}
"""These are properties or stand around runs."""
HEARD = tags(
    {"pStyle", "vanish", "rStyle", "gridBefore", "hidden", "gridSpan", "vMerge", "hMerge", "cellDel"}
    | {"cellIns"} | CHANGES
)  # fmt: skip
HOLDERS = frozenset(tags({"pPr", "rPr", "trPr", "tcPr"}))
WRITTEN = tags(
    {"tab", "ptab", "br", "cr", "noBreakHyphen", "sym", "vanish", "rStyle", "moveTo", "fldChar", "sdt"}
    | {"txbxContent", "AlternateContent", "object", "blip", "imagedata"} | CHANGES
)  # fmt: skip
FONTS, TEXTS, PARAGRAPHS = tags({"rFonts"}), tags({"t"}), tags({"p"})
USUAL = f"{{{W[0]}}}ascii"


class Told:
    """Looked up by the elements of one part that have properties: paragraphs, runs, rows and cells."""

    def __init__(self, root: _Element) -> None:
        self._said: dict[_Element | None, list[tuple[str, _Element]]] = {}
        self._joined: set[_Element | None] = set()
        for element in root.iter(*HEARD):
            kind, holder = KIND[element.tag], element.getparent()
            if holder is None or (kind in CHANGES and holder.tag not in HOLDERS):
                continue
            owner = holder.getparent()
            self._said.setdefault(owner, []).append((kind, element))
            if kind in DROPPED and owner is not None and KIND.get(owner.tag) == "pPr":
                self._joined.add(owner.getparent())
        self._fonts = _symbol_fonts(root)
        odd = (*root.iter(*WRITTEN), *(run for run in self._fonts if run is not None))
        self._odd = {above for one in odd for above in one.iterancestors(*PARAGRAPHS)}
        self._texts = tuple(tag for tag in TEXTS if next(root.iter(tag), None) is not None)

    def of(self, owner: _Element) -> Sequence[tuple[str, _Element]]:
        """Its properties that tell something, by their kinds, in order."""
        return self._said.get(owner, ())

    def joins(self, paragraph: _Element) -> bool:
        """Whether its mark was deleted or moved away."""
        return paragraph in self._joined

    def font(self, run: _Element) -> str | None:
        """The symbol font that it names."""
        return self._fonts.get(run)

    def plain(self, paragraph: _Element) -> str | None:
        """Its text where it is nothing but runs of it, else None."""
        if paragraph in self._odd:
            return None
        return "".join([text.text or "" for text in paragraph.iter(*self._texts)]) if self._texts else ""


def _symbol_fonts(root: _Element) -> dict[_Element | None, str]:
    """The symbol fonts by the runs that name one."""
    fonts: dict[_Element | None, str] = {}
    if not any(map(is_symbol_font, {_font(element) for element in root.iter(*FONTS)})):
        return fonts
    for element in root.iter(*FONTS):
        font, run = _font(element), next(islice(element.iterancestors(), 1, None), None)
        if font and is_symbol_font(font):
            fonts[run] = font
        else:
            fonts.pop(run, None)
    return fonts


def _font(element: _Element) -> str | None:
    return element.get(USUAL) or attribute(element, "ascii") or attribute(element, "hAnsi")
