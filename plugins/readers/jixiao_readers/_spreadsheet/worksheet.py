"""What a worksheet shows, whatever file it came in. Positions (row, column) count from 1."""

import re
from typing import NamedTuple

from jixiao import errors
from jixiao.limits import Limits

from jixiao_readers._spreadsheet.numfmt import display, display_text
from jixiao_readers._spreadsheet.numfmt_code import GENERAL, Unsupported
from jixiao_readers._spreadsheet.numfmt_general import general, number

MAX_ROW, MAX_COLUMN = 1_048_576, 16_384
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that no text of a model may hold."""
_SMALL = re.compile(r"0|-?[1-9][0-9]{0,10}")  # what General shows as it is stored

Position = tuple[int, int]


class Merge(NamedTuple):
    """A merged range, first and last row and column included."""

    top: int
    left: int
    bottom: int
    right: int


class Note(NamedTuple):
    """Something to say about a cell, if the cell turns out to be shown."""

    position: Position
    code: str
    before: str | None = None
    after: str | None = None


class Worksheet:
    """The texts of cells, merges, hidden rows and columns, and what is to be said of them.

    A format's own worksheet fills it through `keep` and `merges`. `filled` cells of other worksheets count
    against the limit, too. `zeros`: whether cells that hold 0 show it.
    """

    def __init__(
        self, limits: Limits, filled: int = 0, *, date1904: bool = False, zeros: bool = True
    ) -> None:
        self.cells: dict[Position, str] = {}
        self.notes: list[Note] = []
        self.merges: list[Merge] = []
        self.hidden_rows: list[range] = []
        self.hidden_columns: list[range] = []
        self.headers: list[str] = []
        self.footers: list[str] = []
        self.zeros, self._date1904, self._limit, self._room = (
            zeros,
            date1904,
            limits.cells,
            limits.cells - filled,
        )

    @staticmethod
    def hide(spans: list[range], first: int, last: int) -> None:
        """Adds rows or columns to those that are hidden, which mostly go on where the last ones ended."""
        if spans and spans[-1].start <= first <= spans[-1].stop:
            first, last = spans[-1].start, max(last, spans.pop().stop - 1)
        if first <= last:
            spans.append(range(first, last + 1))

    def keep(self, position: Position, text: str) -> None:
        """The text that a cell shows. Raises BadInput `limit-cells`."""
        if not text.isprintable() and FORBIDDEN.search(text):
            text = FORBIDDEN.sub("", text)
            self.notes.append(Note(position, "control-character"))
        if position in self.cells:  # a damaged file tells a cell twice; the last one counts
            self.notes.append(Note(position, "hidden-left-out", before=self.cells[position]))
        self.cells[position] = text
        if len(self.cells) > self._room:
            raise errors.over_limit("cells", self._limit + 1, self._limit)

    def shown_text(self, text: str, code: str | None, position: Position) -> str:
        """What a cell of this number format shows of a text."""
        if code is None or code == GENERAL or code == "@":
            return text
        try:
            shown = display_text(text, code)
        except Unsupported:
            self.notes.append(Note(position, "number-format", before=code, after=text))
            return text
        if text.strip() and not shown.strip():
            self.notes.append(Note(position, "hidden-left-out", before=text))
        return shown

    def shown_number(self, value: str, code: str | None, position: Position) -> str:
        """What a cell shows of a stored number; `code` None: a format that is nowhere told."""
        if code == GENERAL and _SMALL.fullmatch(value):
            return value if self.zeros or value != "0" else ""
        try:
            exact = number(value)
        except Unsupported:  # no number: a fault of the program that wrote it
            self.notes.append(Note(position, "number-format", before=code, after=value))
            return value
        if not exact and not self.zeros:
            return ""
        try:
            if code is None:
                raise Unsupported
            shown = display(value, code, date1904=self._date1904)
        except Unsupported:
            shown = general(exact)
            self.notes.append(Note(position, "number-format", before=code, after=shown))
        if exact and not shown.strip():
            self.notes.append(Note(position, "hidden-left-out", before=value))
        elif code == GENERAL and "E" in shown and re.fullmatch("-?[0-9]+", value):
            self.notes.append(Note(position, "digits-not-shown", before=value, after=shown))
        return shown


def letters(column: int) -> str:
    """The letters of a column.

    >>> letters(1), letters(28)
    ('A', 'AB')
    """
    out = ""
    while column:
        column, rest = divmod(column - 1, 26)
        out = chr(65 + rest) + out
    return out


def printed(code: str) -> list[str]:
    """The parts of a page header or footer that are text alone: page numbers and dates are left out."""
    parts = re.split(r"&[LCR]", code)
    bare = [re.sub(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|[0-9]+|[BIUESXYGH])', "", part) for part in parts]
    return [part.replace("&&", "&").strip() for part in bare if part.strip() and not re.search("&[^&]", part)]
