"""Paragraphs and tables of a WordprocessingML part, spans resolved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.document import Line, Style

from jixiao_readers._docx.names import KIND, attribute, child, children, is_on, number
from jixiao_readers._docx.text import DROPPED, SKIPPED, Inline, Notes
from jixiao_readers._tables import Box, Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element

    from jixiao_readers._docx.parts import Styles

    Embedded = Callable[[str | None], list[Line | Table]]

BLOCKS = frozenset({"p", "tbl", "altChunk"})
ROWS, CELLS = frozenset({"tr"}), frozenset({"tc"})
INNER = BLOCKS | ROWS | CELLS


@dataclass(slots=True)
class Tc:
    """A w:tc before the vertical merges are known. `merge`: None, "restart" or "continue"."""

    col: int
    span: int
    merge: str | None
    content: list[Line | Table]


class Story:
    """One part walked from top to bottom: the body, a header, the footnotes."""

    def __init__(self, notes: Notes, styles: Styles) -> None:
        self.notes, self.styles = notes, styles

    def content(self, holder: _Element) -> list[Line | Table]:
        """Paragraphs (empty ones too) and tables in order. Text boxes follow the paragraph they hang on."""
        content: list[Line | Table] = []
        carried = ""
        for block in self._members(holder, BLOCKS):
            kind = KIND[block.tag]
            if kind == "altChunk":
                self.notes.parts.append(kind)
                continue
            if kind == "tbl":
                if carried:
                    content.append(Line(text=carried))
                    carried = ""
                content.append(self.table(block))
                continue
            inline, style, joined = self._paragraph(block)
            carried += inline.text
            if not joined:
                content.append(Line(text=carried, style=style))
                carried = ""
            for box in inline.boxes:
                content += self.content(box)
        if carried:
            content.append(Line(text=carried))
        return content

    def table(self, tbl: _Element) -> Table:
        """The table with every merged cell one box.

        A continuation merges only with a cell right above it that has the same first and last column, as
        ECMA-376 17.4.84 has it; any other is a cell of its own. Rows that fall short are padded later.
        """
        boxes: list[Box] = []
        above: dict[int, Box] = {}
        row = 0
        for cells in self._rows(tbl):
            merging: dict[int, Box] = {}
            for tc in cells:
                box = above.get(tc.col) if tc.merge == "continue" else None
                if box is not None and box.colspan == tc.span:
                    box.rowspan += 1
                    self._covered(tc.content, box.content)
                else:
                    box = Box(row, tc.col, 1, tc.span, tc.content)
                    boxes.append(box)
                if tc.merge:
                    merging[tc.col] = box
            above = merging
            row += 1
        widths = [number(column, "w", most=100_000) for column in children(child(tbl, "tblGrid"), "gridCol")]
        return Table(row, boxes, tuple(float(width) for width in widths))

    def _members(self, holder: _Element, wanted: frozenset[str]) -> Iterator[_Element]:
        """The elements of the wanted kinds, through content controls, insertions and unknown wrappers."""
        for part in holder:
            kind = KIND.get(part.tag)
            if kind in wanted:
                yield part
            elif kind in DROPPED:
                self.notes.tracked = True
            elif kind == "AlternateContent":
                yield from next((found for option in part if (found := [*self._members(option, wanted)])), ())
            elif kind not in SKIPPED and kind not in INNER:
                if kind == "ins" or kind == "moveTo":
                    self.notes.tracked = True
                yield from self._members(part, wanted)

    def _paragraph(self, paragraph: _Element) -> tuple[Inline, Style, bool]:
        """Its text, its style, and whether its mark was deleted, so that the next one goes on in its line."""
        inline, style, joined, hidden = Inline(self.notes, self.styles), None, False, False
        for part in _properties(paragraph, "pPr"):
            kind = KIND.get(part.tag)
            if kind == "pStyle":
                style = attribute(part, "val")
                hidden = self.styles.is_hidden(style)
            elif kind == "rPr":
                joined = any(KIND.get(mark.tag) in DROPPED for mark in part)
                self.notes.tracked = self.notes.tracked or joined
        inline.walk(paragraph)
        if hidden:
            self.notes.hidden.append(inline.text)
            inline.out.clear()
        return inline, self.styles.line_style(style), joined

    def _rows(self, tbl: _Element) -> Iterator[list[Tc]]:
        for tr in self._members(tbl, ROWS):
            before, shown, deleted = 0, True, False
            for part in _properties(tr, "trPr"):
                kind = KIND.get(part.tag)
                if kind == "gridBefore":
                    before = number(part)
                elif kind == "hidden":
                    shown = not is_on(part)
                elif kind == "del" or kind == "ins":
                    self.notes.tracked = True
                    deleted = deleted or kind == "del"
            if deleted:
                continue
            if not (cells := self._cells(tr, before)):
                continue
            if shown:
                yield cells
            else:
                self.notes.hidden.append(" ".join(text for cell in cells for text in texts(cell.content)))

    def _cells(self, tr: _Element, col: int) -> list[Tc]:
        cells: list[Tc] = []
        for tc in self._members(tr, CELLS):
            span, merge, beside, content = self._cell(tc)
            if beside == "continue" and cells:
                self._covered(content, cells[-1].content)
                cells[-1].span += span
            else:
                cells.append(Tc(col, span, merge, content))
            col += span
        return cells

    def _cell(self, tc: _Element) -> tuple[int, str | None, str | None, list[Line | Table]]:
        """Columns, merge with the cell above, merge with the cell at its left (legacy hMerge), content."""
        span, deleted = 1, False
        merges: dict[str, str | None] = {"vMerge": None, "hMerge": None}
        for part in _properties(tc, "tcPr"):
            kind = KIND.get(part.tag)
            if kind == "gridSpan":
                span = number(part, least=1)
            elif kind == "vMerge" or kind == "hMerge":
                merges[kind] = attribute(part, "val") or "continue"
            elif kind == "cellDel" or kind == "cellIns":
                self.notes.tracked = True
                deleted = kind == "cellDel"
        return span, merges["vMerge"], merges["hMerge"], [] if deleted else self.content(tc)

    def _covered(self, content: list[Line | Table], owner: list[Line | Table]) -> None:
        """A covered cell's own text is not shown; where it differs from its owner's, that is told."""
        said = " ".join(texts(content))
        if said.split() != " ".join(texts(owner)).split():
            self.notes.hidden.append(said)


def _properties(element: _Element, kind: str) -> Iterable[_Element]:
    found = child(element, kind)
    return () if found is None else found


def texts(content: list[Line | Table]) -> Iterator[str]:
    """Every text in the content that is not blank, in order."""
    for part in content:
        if isinstance(part, Table):
            for box in part.boxes:
                yield from texts(box.content)
        elif part.text.strip():
            yield part.text
