"""Paragraphs and tables of a WordprocessingML part, spans resolved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jixiao.document import Line, Style

from jixiao_readers._docx.names import KIND, attribute, child, children, is_on, number
from jixiao_readers._docx.text import SKIPPED, Inline, Notes, Part
from jixiao_readers._docx.told import DROPPED, Told
from jixiao_readers._tables import Box, Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element

    from jixiao_readers._docx.parts import Styles

    Embedded = Callable[[str | None], list[Line | Table]]

BLOCKS = frozenset({"p", "tbl", "altChunk"})
ROWS, CELLS = frozenset({"tr"}), frozenset({"tc"})
INNER = BLOCKS | ROWS | CELLS
EMPTY: Sequence[_Element] = ()


@dataclass(slots=True)
class Tc:
    """A w:tc before the vertical merges are known. `merge`: None, "restart" or "continue"."""

    col: int
    span: int
    merge: str | None
    content: list[Line | Table]


class Story:
    """One part walked from top to bottom: the body, a header, the footnotes."""

    def __init__(self, root: _Element, notes: Notes, styles: Styles) -> None:
        self.notes, self._part = notes, Part(notes, styles, Told(root))

    def content(self, holder: _Element) -> list[Line | Table]:
        """Paragraphs (empty ones too) and tables in order. Text boxes follow the paragraph they hang on."""
        content: list[Line | Table] = []
        carried = ""
        for kind, block in self._members(holder, BLOCKS):
            if kind == "altChunk":
                self.notes.parts.append(kind)
                continue
            if kind == "tbl":
                if carried:
                    content.append(Line(text=carried))
                    carried = ""
                content.append(self.table(block))
                continue
            text, style, joined, boxes = self._paragraph(block)
            carried += text
            if not joined:
                content.append(Line(text=carried, style=style))
                carried = ""
            for box in boxes:
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

    def _members(self, holder: _Element, wanted: frozenset[str]) -> list[tuple[str, _Element]]:
        """The elements of the wanted kinds, through content controls, insertions and unknown wrappers."""
        found: list[tuple[str, _Element]] = []
        for part in holder:
            kind = KIND.get(part.tag)
            if kind in SKIPPED:
                continue
            if kind in wanted:
                found.append((kind, part))
            elif kind in DROPPED:
                self.notes.tracked = True
            elif kind == "AlternateContent":
                found += next((inner for option in part if (inner := self._members(option, wanted))), [])
            elif kind not in INNER:
                if kind == "ins" or kind == "moveTo":
                    self.notes.tracked = True
                found += self._members(part, wanted)
        return found

    def _paragraph(self, paragraph: _Element) -> tuple[str, Style, bool, Sequence[_Element]]:
        """Its text, its style, whether its mark was deleted (the next one goes on in its line), its boxes."""
        told, style = self._part.told, None
        for kind, part in told.of(paragraph):
            if kind == "pStyle":
                style = attribute(part, "val")
        if joined := told.joins(paragraph):
            self.notes.tracked = True
        text, boxes = told.plain(paragraph), EMPTY
        if text is None:
            inline = Inline(self._part)
            inline.walk(paragraph)
            text, boxes = inline.text, inline.boxes
        shown, hidden = self._part.styles.of_paragraph(style)
        if hidden:
            self.notes.hidden.append(text)
            text = ""
        return text, shown, joined, boxes

    def _rows(self, tbl: _Element) -> Iterator[list[Tc]]:
        for _kind, tr in self._members(tbl, ROWS):
            before, shown, deleted = 0, True, False
            for kind, part in self._part.told.of(tr):
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
        for _kind, tc in self._members(tr, CELLS):
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
        above: str | None = None
        beside: str | None = None
        for kind, part in self._part.told.of(tc):
            if kind == "gridSpan":
                span = number(part, least=1)
            elif kind == "vMerge":
                above = attribute(part, "val") or "continue"
            elif kind == "hMerge":
                beside = attribute(part, "val") or "continue"
            elif kind == "cellDel" or kind == "cellIns":
                self.notes.tracked = True
                deleted = kind == "cellDel"
        return span, above, beside, [] if deleted else self.content(tc)

    def _covered(self, content: list[Line | Table], owner: list[Line | Table]) -> None:
        """A covered cell's own text is not shown; where it differs from its owner's, that is told."""
        said = " ".join(texts(content))
        if said and said.split() != " ".join(texts(owner)).split():
            self.notes.hidden.append(said)


def texts(content: list[Line | Table]) -> Iterator[str]:
    """Every text in the content that is not blank, in order."""
    for part in content:
        if isinstance(part, Table):
            for box in part.boxes:
                yield from texts(box.content)
        elif part.text.strip():
            yield part.text
