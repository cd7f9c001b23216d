"""The text of a WordprocessingML paragraph as the page shows it, tracked changes accepted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from jixiao.findings import finding
from jixiao.model import Finding, fold

from jixiao_readers._docx.names import KIND, W14, attribute, child, children, is_on, number
from jixiao_readers._docx.symbols import is_symbol_font, shown
from jixiao_readers._docx.told import DROPPED, Told

if TYPE_CHECKING:
    from lxml.etree import _Element

    from jixiao_readers._docx.parts import Styles

FIXED = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
SKIPPED = {"pPr", "rPr", "sdtPr", "instrText", "delText", "delInstrText", "tblPr", "trPr", "tcPr", "sectPr"}
TICKED, UNTICKED = "☑", "□"


@dataclass
class Notes:
    """What the walk came upon that a person may want to know."""

    hidden: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    pictures: int = 0
    tracked: bool = False

    def findings(self) -> tuple[Finding, ...]:
        hidden = [finding("hidden-left-out", text=fold(text)) for text in self.hidden if text.strip()]
        fonts = [finding("broken-font", text=fold(text)) for text in self.unknown]
        parts = [finding("part-not-read", text=name) for name in dict.fromkeys(self.parts)]
        pictures = [finding("picture-not-read", text=str(self.pictures))] if self.pictures else []
        tracked = [finding("tracked-change")] if self.tracked else []
        return (*hidden, *fonts, *parts, *pictures, *tracked)


class Part(NamedTuple):
    """A part that is walked, with what is known beside its text."""

    notes: Notes
    styles: Styles
    told: Told


class Inline:
    """Gathers the text under one element; text boxes are set aside, for they are paragraphs of their own."""

    def __init__(self, part: Part) -> None:
        self._part, self.notes = part, part.notes
        self.out: list[str] = []
        self.boxes: list[_Element] = []

    @property
    def text(self) -> str:
        return "".join(self.out)

    def walk(self, element: _Element, font: str | None = None) -> None:
        for part in element:
            kind = KIND.get(part.tag)
            if kind == "t":
                self._text(part.text or "", font)
            elif kind == "r":
                self._run(part)
            elif kind in FIXED:
                self.out.append(FIXED[kind])
            elif kind in DROPPED:
                self.notes.tracked = True
            elif kind not in SKIPPED:
                self._other(part, kind, font)

    def _other(self, part: _Element, kind: str | None, font: str | None) -> None:
        if kind == "sym":
            self._symbol(part)
        elif kind == "txbxContent":
            self.boxes.append(part)
        elif kind == "AlternateContent":
            self._alternate(part, font)
        elif kind == "sdt":
            self._control(part, font)
        elif kind == "fldChar":
            self._form_field(part)
        else:
            if kind == "ins" or kind == "moveTo":
                self.notes.tracked = True
            elif kind == "object":
                self.notes.parts.append(kind)
            elif kind == "blip" or kind == "imagedata":
                self.notes.pictures += 1
            self.walk(part, font)

    def _run(self, run: _Element) -> None:
        hidden = False
        for kind, part in self._part.told.of(run):
            if kind == "vanish":
                hidden = is_on(part)
            elif kind == "rStyle":
                hidden = self._part.styles.is_hidden(attribute(part, "val"))
        before = len(self.out)
        self.walk(run, self._part.told.font(run))
        if hidden:
            self.notes.hidden.append("".join(self.out[before:]))
            del self.out[before:]

    def _text(self, text: str, font: str | None) -> None:
        if font is None:
            self.out.append(text)
            return
        text, known = shown(font, text)
        if not known:
            self.notes.unknown.append(text)
        self.out.append(text)

    def _symbol(self, part: _Element) -> None:
        try:
            char = chr(int(attribute(part, "char") or "", 16))
        except (ValueError, OverflowError):
            return
        font = attribute(part, "font")
        self._text(char, font if is_symbol_font(font) else None)

    def _alternate(self, part: _Element, font: str | None) -> None:
        """The first way of saying it that says something; the others say the same once more."""
        for option in part:
            inner = Inline(self._part)
            inner.walk(option, font)
            if inner.text.strip() or any(str(text).strip() for box in inner.boxes for text in box.itertext()):
                self.out += inner.out
                self.boxes += inner.boxes
                return

    def _control(self, part: _Element, font: str | None) -> None:
        """A content control; a check box shows one character, which stands for its state."""
        box = child(child(part, "sdtPr"), "checkbox")
        before = len(self.out)
        self.walk(part, font)
        if box is not None and len("".join(self.out[before:]).strip()) == 1:
            state = child(box, "checked")
            self.out[before:] = [TICKED if state is not None and is_on(state, W14) else UNTICKED]

    def _form_field(self, part: _Element) -> None:
        """What a legacy form field draws without having any text: a check box, a drop-down list."""
        data = child(part, "ffData")
        box, choice = child(data, "checkBox"), child(data, "ddList")
        if box is not None:
            state = child(box, "checked")
            state = child(box, "default") if state is None else state
            self.out.append(TICKED if state is not None and is_on(state) else UNTICKED)
        elif choice is not None:
            entries = children(choice, "listEntry")
            picked = child(choice, "result")
            picked = child(choice, "default") if picked is None else picked
            at = 0 if picked is None else number(picked)
            self.out.append((attribute(entries[at], "val") or "") if at < len(entries) else "")
