"""From cells, merges and hidden rows to complete grids of what is seen."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from operator import attrgetter
from typing import NamedTuple

from jixiao import errors
from jixiao.document import Cell, Grid, grid
from jixiao.limits import Limits
from jixiao.model import Place

from jixiao_readers._spreadsheet.worksheet import Merge, Position, Worksheet

GAP = 20
"""Rows or columns without any text that may stand inside one grid; a wider gap parts two grids."""
REACH = 256
"""A merge that holds text keeps so many rows or columns whole; of a larger one, what others fill."""


class Axis:
    """The rows, or the columns, of a worksheet: which of them are seen."""

    def __init__(self, hidden: Iterable[range]) -> None:
        self._hidden: list[int] = []
        done = 0
        for span in sorted(hidden, key=attrgetter("start")):
            self._hidden += range(max(span.start, done), span.stop)
            done = max(span.stop, done)
        self.whole = not self._hidden

    def hides(self, at: int) -> bool:
        return not self.whole and self.count(at, at) == 0

    def count(self, first: int, last: int) -> int:
        """How many from first to last, both included, are seen."""
        if not self._hidden:
            return last - first + 1
        return last - first + 1 - (bisect_right(self._hidden, last) - bisect_left(self._hidden, first))

    def first(self, first: int, last: int) -> int | None:
        """The first one seen."""
        if not self.hides(first):
            return first
        if not self.count(first, last):
            return None
        return first + bisect_left(range(first, last + 1), 1, key=lambda at: self.count(first, at))

    def seen(self, first: int, last: int) -> Sequence[int]:
        if not self._hidden:
            return range(first, last + 1)
        return [at for at in range(first, last + 1) if not self.hides(at)]


class Block(NamedTuple):
    """A cell or merge that is seen, from its first seen row and column; `text` may be empty."""

    row: int
    column: int
    bottom: int
    right: int
    text: str


TOP, LEFT, BOTTOM, RIGHT = attrgetter("row"), attrgetter("column"), attrgetter("bottom"), attrgetter("right")


class Seen(NamedTuple):
    """What of a worksheet is seen, and where the rest stood."""

    texts: dict[Position, str]
    merges: list[Merge]
    covered: list[tuple[Position, str]]
    hidden: list[Position]


def disjoint(merges: Iterable[Merge]) -> list[Merge]:
    """The merges from top to bottom; one that runs into an earlier one is cut short there.

    One that ends before it begins, as a damaged file may tell, is none.
    """
    kept: list[Merge] = []
    above = _Above()
    for merge in sorted(set(merges)):
        if merge.bottom < merge.top or merge.right < merge.left:
            continue
        if above.over(merge.top, merge.left):
            continue
        if (beside := above.beside(merge)) is not None:
            merge = merge._replace(right=beside.left - 1)
        if merge[:2] != merge[2:]:
            above.add(merge)
            kept.append(merge)
    return kept


class _Above:
    """The merges that were met on the way down, by column; one that has ended goes where another begins."""

    def __init__(self) -> None:
        self._lefts: list[int] = []
        self._merges: list[Merge] = []

    def over(self, row: int, column: int) -> Merge | None:
        """The merge over a position that is no higher than those met."""
        before = bisect_right(self._lefts, column)
        found = self._merges[before - 1] if before else None
        return found if found is not None and found.right >= column and found.bottom >= row else None

    def beside(self, merge: Merge) -> Merge | None:
        """The first one right of where the merge begins that stands in its first row."""
        begin, end = bisect_right(self._lefts, merge.left), bisect_right(self._lefts, merge.right)
        return next((m for m in islice(self._merges, begin, end) if m.bottom >= merge.top), None)

    def add(self, merge: Merge) -> None:
        """A merge in whose columns all others have ended."""
        begin, end = bisect_right(self._lefts, merge.left), bisect_right(self._lefts, merge.right)
        if begin and self._merges[begin - 1].right >= merge.left:
            begin -= 1
        self._lefts[begin:end], self._merges[begin:end] = [merge.left], [merge]


def _owners(positions: Sequence[Position], merges: Sequence[Merge]) -> list[Merge | None]:
    """The merge over each position; positions in reading order, merges disjoint from top to bottom."""
    owners: list[Merge | None] = []
    above, coming = _Above(), 0
    for row, column in positions:
        while coming < len(merges) and merges[coming].top <= row:
            above.add(merges[coming])
            coming += 1
        owners.append(above.over(row, column))
    return owners


def look(sheet: Worksheet, rows: Axis, columns: Axis) -> Seen:
    """What is seen: a merge shows the text of its first cell wherever a part of it is seen, and no other."""
    merges = disjoint(sheet.merges)
    seen, whole = Seen({}, merges, [], []), rows.whole and columns.whole
    positions = sorted(sheet.cells)
    for position, merge in zip(positions, _owners(positions, merges), strict=True):
        text = sheet.cells[position]
        if merge is not None and position != merge[:2]:
            seen.covered.append((position, text))
        elif whole:
            seen.texts[position] = text
        elif (first := _first(position, merge, rows, columns)) is not None:
            seen.texts[first] = text
        else:
            seen.hidden.append(position)
    return seen


def _first(position: Position, merge: Merge | None, rows: Axis, columns: Axis) -> Position | None:
    """Where a cell, or a merge that begins there, is first seen; None where no part of it is."""
    if not rows.hides(position[0]) and not columns.hides(position[1]):
        return position
    if merge is None:
        return None
    row, column = rows.first(merge.top, merge.bottom), columns.first(merge.left, merge.right)
    return None if row is None or column is None else (row, column)


def grids(seen: Seen, rows: Axis, columns: Axis, table: int, limits: Limits, area: int = 0) -> list[Grid]:
    """The grids of a worksheet in reading order. `table` numbers the first; `area` is what others take up.

    Raises BadInput `limit-cells` where grids would have more positions than the limit.
    """
    made: list[Grid] = []
    for first, last, band in _bands(_blocks(seen, rows, columns), rows, TOP, BOTTOM):
        lines = rows.seen(first, last)
        for left, right, part in _bands(band, columns, LEFT, RIGHT):
            across = columns.seen(left, right)
            area += len(lines) * len(across)
            if area > limits.cells:
                raise errors.over_limit("cells", area, limits.cells)
            made.append(_grid(part, lines, across, table + len(made)))
    return made


def _blocks(seen: Seen, rows: Axis, columns: Axis) -> list[Block]:
    """Everything that is seen: merges, empty ones too, and the cells outside them."""
    blocks = {at: Block(at[0], at[1], at[0], at[1], text) for at, text in seen.texts.items()}
    whole = rows.whole and columns.whole
    for merge in seen.merges:
        at = merge[:2] if whole else _first(merge[:2], merge, rows, columns)
        if at is not None:
            blocks[at] = Block(*at, merge.bottom, merge.right, seen.texts.get(at, ""))
    return list(blocks.values())


def _bands(
    blocks: list[Block], axis: Axis, begin: Callable[[Block], int], end: Callable[[Block], int]
) -> Iterator[tuple[int, int, list[Block]]]:
    """The blocks parted where more than GAP empty rows or columns lie between: from, to, which."""
    blocks = sorted(blocks, key=begin)
    bands: list[tuple[int, int]] = []
    for block in blocks:
        if not block.text:
            continue
        first, last = begin(block), end(block)
        if last - first >= REACH and axis.count(first, last) > REACH:
            last = first
        if bands and (first - bands[-1][1] <= GAP or axis.count(bands[-1][1] + 1, first - 1) <= GAP):
            if last > bands[-1][1]:
                bands[-1] = bands[-1][0], last
        else:
            bands.append((first, last))
    for first, last in bands:
        yield (
            first,
            last,
            blocks[bisect_left(blocks, first, key=begin) : bisect_right(blocks, last, key=begin)],
        )


def _grid(blocks: Iterable[Block], rows: Sequence[int], columns: Sequence[int], table: int) -> Grid:
    row_at = {row: at for at, row in enumerate(rows)}
    column_at = {column: at for at, column in enumerate(columns)}
    places = [Place(table=table, row=row) for row in rows]
    cells = []
    for row, column, bottom, right, text in blocks:
        top, left = row_at[row], column_at[column]
        rowspan = bisect_right(rows, bottom) - top if bottom > row else 1
        colspan = bisect_right(columns, right) - left if right > column else 1
        cells.append(Cell(text=text, row=top, col=left, rowspan=rowspan, colspan=colspan, place=places[top]))
    return grid(cells, rows=len(rows), cols=len(columns))
