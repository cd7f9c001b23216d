"""The document model: what a file shows, before anybody asks what it means.

A document is sections (worksheets, or one for a file without any) of lines and grids in reading order.
A grid is complete: each of its positions is covered by exactly one cell, so that *empty* (a cell without
text) and *covered* (a position inside another cell's span) never look alike.
"""

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Literal, Self

import msgspec

from jixiao.model import Finding, Place, Struct

Style = Literal["title", "subtitle", "body", "label", "text", "number", "note"]


class Line(Struct):
    """A paragraph or line of text outside every grid; a label and its value may stand in one."""

    text: str
    style: Style = "body"
    place: Place | None = None


class Cell(Struct):
    """A cell at its top left position; row, col from 0, spans from 1.

    `text` is as shown, lines parted by a newline; `confidence` is the reader's own (OCR), 1.0 where text
    is exact.
    """

    text: str
    row: int
    col: int
    rowspan: int = 1
    colspan: int = 1
    style: Style = "text"
    place: Place | None = None
    confidence: float = 1.0


class Grid(Struct):
    """A table. `cells` in reading order; `widths` relative, one a column, or () where the source gives none.

    `spans` says whether the source tells covered from empty (True for DOCX, XLSX, HTML, ruled PDF; False
    for text, where a merged cell and an empty one look the same).
    """

    rows: int
    cols: int
    cells: tuple[Cell, ...]
    widths: tuple[float, ...] = ()
    spans: bool = True

    def by_row(self) -> list[list[Cell]]:
        """The cells that begin in each row, left to right."""
        rows: list[list[Cell]] = [[] for _ in range(self.rows)]
        for cell in self.cells:
            rows[cell.row].append(cell)
        return rows


class Section(Struct):
    """A worksheet, or the whole of a file that has none."""

    name: str | None = None
    blocks: tuple[Line | Grid, ...] = ()


class Document(Struct):
    """What a reader hands over. Its findings name what the format itself said (hidden rows, broken fonts)."""

    sections: tuple[Section, ...] = ()
    findings: tuple[Finding, ...] = ()

    @classmethod
    def of(cls, parts: Iterable[Section | Finding]) -> Self:
        """The document of these sections and findings."""
        sections: list[Section] = []
        findings: list[Finding] = []
        for part in parts:
            if isinstance(part, Section):
                sections.append(part)
            else:
                findings.append(part)
        return cls(sections=tuple(sections), findings=tuple(findings))

    def grids(self) -> Iterator[Grid]:
        """The tables, in reading order."""
        return (b for s in self.sections for b in s.blocks if isinstance(b, Grid))


READING_ORDER = attrgetter("row", "col")


class GridError(ValueError):
    """Two cells claim the same position, or one begins outside the grid."""


def grid(
    cells: Iterable[Cell], rows: int = 0, cols: int = 0, *, widths: Sequence[float] = (), spans: bool = True
) -> Grid:
    """A complete grid of `cells`: what no cell covers becomes an empty cell.

    Raises GridError where two cells claim one position, or one begins outside the grid. Rows and columns grow
    to hold every cell.
    """
    placed = list(cells)
    areas = [(c.row, c.col, c.row + c.rowspan, c.col + c.colspan) for c in placed]
    rows = max([rows, *[bottom for _, _, bottom, _ in areas]])
    cols = max([cols, *[right for _, _, _, right in areas]])
    lines: list[list[tuple[int, int]]] = [[] for _ in range(rows)]
    for top, left, bottom, right in areas:
        if top < 0 or left < 0:
            raise GridError(f"a cell begins in row {top}, column {left}")
        for r in range(top, bottom):
            lines[r].append((left, right))
    for r, line in enumerate(lines):
        line.append((cols, cols))
        line.sort()
        done = 0
        for left, right in line:
            if left != done:
                if left < done:
                    raise GridError(f"two cells claim row {r}, column {left}")
                placed += [Cell(text="", row=r, col=k) for k in range(done, left)]
            done = right
    placed.sort(key=READING_ORDER)
    return Grid(rows=rows, cols=cols, cells=tuple(placed), widths=tuple(widths), spans=spans)


class Filler:
    """Builds a grid row by row as HTML and ODF tell it: a cell goes to the first free position of its row.

    A span that runs into an occupied position is cut short there, as browsers do for columns.
    """

    def __init__(self) -> None:
        self.cells: list[Cell] = []
        self._taken: set[tuple[int, int]] = set()
        self._row = -1
        self._col = 0

    def row(self) -> None:
        """Begin the next row."""
        self._row += 1
        self._col = 0

    def skip(self, columns: int) -> None:
        """Leave positions empty (DOCX gridBefore)."""
        self._col += columns

    def cell(self, text: str, rowspan: int = 1, colspan: int = 1, place: Place | None = None) -> None:
        """Add a cell to the row that was begun."""
        while (self._row, self._col) in self._taken:
            self._col += 1
        row, col, width = self._row, self._col, 1
        while width < colspan and (row, col + width) not in self._taken:
            width += 1
        self._taken.update((r, k) for r in range(row, row + rowspan) for k in range(col, col + width))
        self.cells.append(Cell(text=text, row=row, col=col, rowspan=rowspan, colspan=width, place=place))
        self._col += width

    def grid(self) -> Grid:
        """The finished grid; row spans that run past the last row are cut there."""
        last = self._row + 1
        cells = [
            c if c.row + c.rowspan <= last else msgspec.structs.replace(c, rowspan=last - c.row)
            for c in self.cells
        ]
        return grid(cells, rows=last)
