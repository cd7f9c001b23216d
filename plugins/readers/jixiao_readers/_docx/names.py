"""Names of WordprocessingML (ECMA-376 part 1, 17), transitional and strict, and its attributes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

W = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
R = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
W14 = ("http://schemas.microsoft.com/office/word/2010/wordml",)
_OTHERS = {
    "AlternateContent": ("http://schemas.openxmlformats.org/markup-compatibility/2006",),
    "blip": (
        "http://schemas.openxmlformats.org/drawingml/2006/main",
        "http://purl.oclc.org/ooxml/drawingml/main",
    ),
    "imagedata": ("urn:schemas-microsoft-com:vml",),
    "checkbox": W14,
    "checked": W14,
}
_MATH = (
    "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "http://purl.oclc.org/ooxml/officeDocument/math",
)
_WORDS = (
    "body", "p", "r", "t", "tab", "ptab", "br", "cr", "noBreakHyphen", "sym", "rPr", "pPr", "pStyle",
    "rStyle", "rFonts", "vanish", "ins", "del", "moveFrom", "moveTo", "cellDel", "cellIns", "instrText",
    "delText", "delInstrText", "fldChar", "ffData", "checkBox", "default", "ddList", "result", "listEntry",
    "sdt", "sdtPr", "txbxContent", "tbl", "tblPr", "tblGrid", "gridCol", "tr", "trPr", "tblPrEx", "tc",
    "tcPr", "gridSpan", "gridBefore", "vMerge", "hMerge", "hidden", "sectPr", "altChunk", "style", "name",
    "basedOn", "object",
)  # fmt: skip

KIND: dict[str, str] = {
    **{f"{{{space}}}{word}": word for space in W for word in _WORDS},
    **{f"{{{space}}}{word}": word for word, spaces in _OTHERS.items() for space in spaces},
    **{f"{{{space}}}t": "t" for space in _MATH},
    **{f"{{{space}}}checked": "checked" for space in W},
}
"""Local name by full tag; what is not in it is of no interest by itself."""


def attribute(element: _Element, name: str, spaces: tuple[str, ...] = W) -> str | None:
    """An attribute in whichever of the name spaces it stands, or in none."""
    for full in _full(name, spaces):
        value = element.get(full)
        if value is not None:
            return value
    return None


@cache
def _full(name: str, spaces: tuple[str, ...]) -> tuple[str, ...]:
    return (*(f"{{{space}}}{name}" for space in spaces), name)


def tags(kinds: Iterable[str]) -> tuple[str, ...]:
    """Every full tag of these kinds."""
    return tuple(tag for tag, kind in KIND.items() if kind in set(kinds))


def number(element: _Element, name: str = "val", least: int = 0, most: int = 1000) -> int:
    """A whole number kept within bounds; `least` where it is none."""
    value = (attribute(element, name) or "").strip()
    return min(max(int(value), least), most) if value.isdecimal() and len(value) < 10 else least


def is_on(element: _Element, spaces: tuple[str, ...] = W) -> bool:
    """An on/off property: on when it stands without a value."""
    return attribute(element, "val", spaces) not in ("0", "false", "off")


def children(element: _Element | None, kind: str) -> list[_Element]:
    """The children of one kind."""
    return [] if element is None else [part for part in element if KIND.get(part.tag) == kind]


def child(element: _Element | None, kind: str) -> _Element | None:
    """The first child of one kind."""
    if element is not None:
        for part in element:
            if KIND.get(part.tag) == kind:
                return part
    return None
