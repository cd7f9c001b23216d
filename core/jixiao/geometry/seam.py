"""The seam of a table cut by a page break: columns that agree, heads that repeat, cells that go on."""

from bisect import bisect_left
from collections.abc import Callable, Sequence

import msgspec

from jixiao.document import Cell, Grid
from jixiao.geometry.page_model import Table

NEAR = 3.0
"""Column lines this near, in points, are the same."""
HEADS = 6
"""Heads of at most so many rows are looked for at the top of a page."""
HEAD_ROWS = 3
ENDS = "。；;！!？?.:："

Repair = tuple[str | None, str, tuple[float, float, float, float] | None]
"""Text before and after, and where."""


class Growing:
    """A table that grows page by page."""

    def __init__(self, first: Table) -> None:
        self._cells = list(first.grid.cells)
        self._rows = first.grid.rows
        self._spans = first.grid.spans
        self._first = first
        self._xs = first.xs
        self._last = first
        self._merged = _merging(first.grid.cells)
        self._low = self._touching(0)
        """Indices of the cells that reach the last row."""
        self._full = {n for n in self._low if (self._cells[n].row, self._cells[n].col) in first.full}

    @property
    def bottom(self) -> float:
        """Where it ends on its last page."""
        return self._last.ys[-1]

    def grid(self) -> Grid:
        """The whole table."""
        if self._last is self._first:
            return self._first.grid
        cells = tuple(sorted(self._cells, key=lambda c: (c.row, c.col)))
        widths = tuple(b - a for a, b in zip(self._xs, self._xs[1:], strict=False))
        return Grid(rows=self._rows, cols=len(self._xs) - 1, cells=cells, widths=widths)

    def takes(self, below: Table) -> bool:
        """Whether the columns agree: outer sides, and all inner lines of the one with some of the other.

        Two columns say that only where the page break leaves few rows above it, as at the head of a form.
        """
        if not self._spans or not below.grid.spans:
            return False
        few, many = sorted((self._xs, below.xs), key=len)
        if abs(few[0] - many[0]) > NEAR or abs(few[-1] - many[-1]) > NEAR:
            return False
        if not all(_nearest(x, many) is not None for x in few):
            return False
        return (
            len(few) == len(many)
            or len(few) >= 4
            or (few is self._xs and len(few) == 3 and self._rows <= HEAD_ROWS)
        )

    def join(self, below: Table) -> tuple[list[list[Cell]], list[Repair]]:
        """Takes in the other half. Returns the head rows left out as repeated, and what was repaired."""
        rows = self._in_columns(below)
        heads = self._repeated(rows)
        top = [c for row in rows[heads:] for c in row]
        start = len(self._cells)
        repairs: list[Repair] = []
        if top:
            shift = self._rows - heads
            top, overlap, repairs = self._sewn(top, heads, below)
            self._merged |= _merging(top)
            self._cells += [msgspec.structs.replace(c, row=c.row + shift - overlap) for c in top]
            self._rows += below.grid.rows - heads - overlap
        self._low = [n for n in self._low if self._end(n) == self._rows] + self._touching(start)
        shown = {(c.place.box if c.place else None) for c in below.grid.cells if (c.row, c.col) in below.full}
        self._full = {n for n in self._low if (p := self._cells[n].place) and p.box in shown}
        self._last = below
        return rows[:heads], repairs

    def _end(self, n: int) -> int:
        return self._cells[n].row + self._cells[n].rowspan

    def _touching(self, start: int) -> list[int]:
        return [n for n in range(start, len(self._cells)) if self._end(n) == self._rows]

    def _in_columns(self, below: Table) -> list[list[Cell]]:
        """The other half's rows in columns common to both; this half's cells are moved where it has fewer."""
        if len(below.xs) > len(self._xs):
            move = _mover(self._xs, below.xs)
            self._cells = [move(c) for c in self._cells]
            self._merged = _merging(self._cells)
            self._first = self._first._replace(grid=_moved(self._first.grid, move, len(below.xs) - 1))
            self._xs = below.xs
        move = _mover(below.xs, self._xs)
        return [[move(c) for c in row] for row in below.grid.by_row()]

    def _repeated(self, rows: Sequence[Sequence[Cell]]) -> int:
        """How many rows at the top say the same, cell for cell, as the table's first rows.

        A cell beside the first heads may reach far below them, and stands here beside the heads alone.
        """
        first = self._first.grid.by_row()
        same = 0
        while same < min(HEADS, len(rows), len(first)) and _shape(rows[same]) == _shape(first[same]):
            same += 1
        while same and (
            any(c.row + c.rowspan > same for row in rows[:same] for c in row)
            or not any(c.text.strip() for c in rows[same - 1])
        ):
            same -= 1
        return same

    def _above(self, cell: Cell) -> int | None:
        """The cell that ends above `cell` in exactly its columns."""
        return next(
            (
                n
                for n in self._low
                if (self._cells[n].col, self._cells[n].colspan) == (cell.col, cell.colspan)
            ),
            None,
        )

    def _sewn(self, cells: list[Cell], top: int, below: Table) -> tuple[list[Cell], int, list[Repair]]:
        """The cells that are left once those of the first row that go on have joined the cells above them.

        Also by how many rows the halves overlap: 1 where the page break cuts a row in two.
        """
        first = [c for c in cells if c.row == top]
        rest = [c for c in cells if c.row != top]
        above = [self._above(c) for c in first]
        if self._cut(first, above, top == 0 and below.open_top and self._last.open_bottom):
            pairs = [(n, c) for n, c in zip(above, first, strict=True) if n is not None]
            return rest, 1, [r for n, c in pairs if (r := self._grow(n, c, c.rowspan - 1))]
        repairs: list[Repair] = []
        for count, (n, cell) in enumerate(zip(above, first, strict=True)):
            if n is None or not self._goes_on(n, cell, first[count + 1 :]):
                return first[count:] + rest, 0, repairs
            if repair := self._grow(n, cell, cell.rowspan):
                repairs.append(repair)
        return rest, 0, repairs

    def _cut(self, first: Sequence[Cell], above: Sequence[int | None], open_seam: bool) -> bool:
        """Whether the page break cuts a row in two.

        Sure only where the new row says one thing alone, not in its first cell, and the text above it has a
        full last line without an end. Also, that text is set in several lines, no rule is drawn at the seam,
        or a cell before it is blank in a column that merges nothing.
        """
        if any(n is None for n in above):
            return False
        said = [(n, c) for n, c in zip(above, first, strict=True) if c.text]
        if len(said) != 1 or first[0].text or said[0][0] not in self._full:
            return False
        before = self._cells[said[0][0]].text
        if not before or before[-1] in ENDS:
            return False
        return open_seam or "\n" in before or self._blank_before(said[0][1], first, above)

    def _blank_before(self, said: Cell, first: Sequence[Cell], above: Sequence[int | None]) -> bool:
        """Whether a cell left of it is blank below one that is not, in a column that merges nothing."""
        return any(
            c.col < said.col
            and n is not None
            and self._cells[n].text
            and (c.col, c.colspan) not in self._merged
            for n, c in zip(above, first, strict=True)
        )

    def _goes_on(self, n: int, cell: Cell, right: Sequence[Cell]) -> bool:
        """Whether a cell at the page's top is the rest of the one above, merged over rows.

        Only for cells before the first one that says something new, and only where merging is to be seen.
        """
        above = self._cells[n]
        if cell.text and above.text:
            return False
        if sum(bool(c.text) for c in right) < (1 if cell.rowspan > 1 else 2):
            return False
        if cell.text:
            return above.rowspan > 1
        return cell.rowspan > 1 or (cell.col, cell.colspan) in self._merged

    def _grow(self, n: int, cell: Cell, rows: int) -> Repair | None:
        """The cell above takes in `cell`; what to say about it where text was put together."""
        above = self._cells[n]
        text = "\n".join(filter(None, (above.text, cell.text)))
        self._cells[n] = msgspec.structs.replace(above, text=text, rowspan=above.rowspan + rows)
        if not cell.text:
            return None
        return above.text or None, text, cell.place.box if cell.place else None


def _shape(row: Sequence[Cell]) -> list[tuple[int, int, str]]:
    return [(c.col, c.colspan, "".join(c.text.split())) for c in row]


def _merging(cells: Sequence[Cell]) -> set[tuple[int, int]]:
    """The columns (col, colspan) in which cells are merged downwards."""
    return {(c.col, c.colspan) for c in cells if c.rowspan > 1}


def _nearest(x: float, xs: Sequence[float]) -> int | None:
    at = bisect_left(xs, x - NEAR)
    return at if at < len(xs) and xs[at] <= x + NEAR else None


def _mover(xs: Sequence[float], onto: Sequence[float]) -> Callable[[Cell], Cell]:
    """Gives a cell the columns it has among the lines `onto`, which hold all of `xs`."""
    to = [_nearest(x, onto) or 0 for x in xs]

    def move(cell: Cell) -> Cell:
        col, end = to[cell.col], to[cell.col + cell.colspan]
        return msgspec.structs.replace(cell, col=col, colspan=end - col)

    return move


def _moved(grid: Grid, move: Callable[[Cell], Cell], cols: int) -> Grid:
    return msgspec.structs.replace(grid, cells=tuple(move(c) for c in grid.cells), cols=cols)
