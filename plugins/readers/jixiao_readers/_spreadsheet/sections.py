"""The worksheets of one workbook as sections: what was left out of them, what people should look at."""

from collections.abc import Iterable, Iterator

from jixiao import findings
from jixiao.archive import RATIO_FROM
from jixiao.document import Grid, Line, Section
from jixiao.errors import over_limit
from jixiao.limits import Limits
from jixiao.model import Finding, Place

from jixiao_readers._spreadsheet.grids import Axis, Seen, grids, look
from jixiao_readers._spreadsheet.worksheet import Position, Worksheet, letters


class Sections:
    """Turns the worksheets of one document, in order, into the parts of it.

    `size`: bytes of the file. Many cells can share one text, which is a way of packing it: how far the texts
    go beyond the file is limited as for a zip. Raises BadInput `limit-cells`, `limit-ratio`.
    """

    def __init__(self, limits: Limits, size: int) -> None:
        self._limits, self._size = limits, size
        self._area = self._tables = self._told_text = 0
        self._made: list[Grid] = []
        self._table_of: dict[int, int | None] | None = None
        self.filled = 0
        """How many cells of the worksheets so far hold a text."""

    def hidden(self, name: str) -> Finding:
        """A worksheet that is left out because the workbook hides it."""
        return self._say("hidden-left-out", name)

    def shown(self, name: str, sheet: Worksheet, beside: Iterable[Line] = ()) -> Iterator[Section | Finding]:
        """The next worksheet, if anything shows; `beside` is the text of its comments and text boxes."""
        self.filled += len(sheet.cells)
        self._told_text += sum(map(len, sheet.cells.values()))
        if self._told_text > max(RATIO_FROM, self._limits.ratio * self._size):
            raise over_limit("ratio", self._told_text // self._size, self._limits.ratio)
        rows, columns = Axis(sheet.hidden_rows), Axis(sheet.hidden_columns)
        seen = look(sheet, rows, columns)
        made = grids(seen, rows, columns, self._tables + 1, self._limits, self._area)
        self._tables += len(made)
        self._area += sum(g.rows * g.cols for g in made)
        self._made, self._table_of = made, None
        yield from self._told(name, sheet, seen, rows, columns)
        before = [Line(text=text) for text in sheet.headers]
        after = [*beside, *(Line(text=text) for text in sheet.footers)]
        blocks: list[Line | Grid] = [*before, *made, *after]
        if blocks:
            yield Section(name=name, blocks=tuple(blocks))

    def _told(self, name: str, sheet: Worksheet, seen: Seen, rows: Axis, columns: Axis) -> Iterator[Finding]:
        """The findings of one worksheet: what is hidden, what a merge covers, what single cells want said."""
        if lost := sorted({row for row, _ in seen.hidden if rows.hides(row)}):
            yield self._say("hidden-left-out", f"{name}!" + ",".join(f"{a}:{b}" for a, b in _runs(lost)))
        if lost := sorted({column for row, column in seen.hidden if not rows.hides(row)}):
            spans = (f"{letters(a)}:{letters(b)}" for a, b in _runs(lost))
            yield self._say("hidden-left-out", f"{name}!" + ",".join(spans))
        for position, text in seen.covered:
            yield self._say("hidden-left-out", f"{_cell(name, position)}: {text}", position)
        unseen = set(seen.hidden).union(position for position, _ in seen.covered)
        for position, code, before, after in sheet.notes:
            aside = rows.hides(position[0]) or columns.hides(position[1])
            if position in unseen or (aside and position not in sheet.cells):
                continue
            where = _cell(name, position)
            if code == "hidden-left-out":
                where, before = f"{where}: {before}", None
            yield self._say(code, where, position, before, after)

    def _say(
        self,
        code: str,
        text: str,
        position: Position | None = None,
        before: str | None = None,
        after: str | None = None,
    ) -> Finding:
        place = Place(table=self._table(position[0]), row=position[0]) if position else None
        return findings.finding(code, text=text, before=before, after=after, place=place)

    def _table(self, row: int) -> int | None:
        """The first table that shows a row of the worksheet at hand."""
        if self._table_of is None:
            places = (c.place for made in reversed(self._made) for c in made.cells if c.place)
            self._table_of = {place.row: place.table for place in places if place.row}
        return self._table_of.get(row)


def _cell(name: str, position: Position) -> str:
    return f"{name}!{letters(position[1])}{position[0]}"


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    """Sorted numbers as runs, first and last."""
    runs: list[tuple[int, int]] = []
    for n in numbers:
        if runs and runs[-1][1] == n - 1:
            runs[-1] = runs[-1][0], n
        else:
            runs.append((n, n))
    return runs
