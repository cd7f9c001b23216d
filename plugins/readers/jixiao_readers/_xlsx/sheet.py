"""One worksheet part: the text each cell shows, merges, hidden rows and columns. Positions count from 1."""

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from typing import NamedTuple

from jixiao import errors
from jixiao.archive import parse_xml
from jixiao.limits import Limits
from lxml import etree
from lxml.etree import _Element

from jixiao_readers._spreadsheet.worksheet import (
    MAX_COLUMN,
    MAX_ROW,
    Merge,
    Note,
    Position,
    Worksheet,
    printed,
)
from jixiao_readers._xlsx.parts import NAME, bare, decode, rich_text, truth, whole

_PARTS = ("row", "mergeCell", "col", "sheetView", "oddHeader", "oddFooter", "firstHeader", "firstFooter")
_TAGS = tuple(f"{{*}}{name}" for name in _PARTS)
LARGE = 1024 * 1024
"""A part of so many bytes is taken piece by piece: slower, in less memory."""
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_RANGE = re.compile(f"{_REFERENCE.pattern}:{_REFERENCE.pattern}")
_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)


class Workbook(NamedTuple):
    """What worksheets share: strings by index, number formats by style (None: no style named).

    `hidden`: what they hide is read as if it were shown.
    """

    strings: dict[str, str]
    formats: dict[str | None, str | None]
    date1904: bool
    recalculate: bool
    hidden: bool
    limits: Limits


class XlsxWorksheet(Worksheet):
    """What a worksheet part says. Raises BadInput: `damaged-file`, `doctype`, `limit-cells`."""

    def __init__(self, data: bytes, book: Workbook, filled: int = 0) -> None:
        super().__init__(book.limits, filled, date1904=book.date1904)
        self._book, self._row = book, 0
        for element in _elements(data, book.limits):
            self._take(element)
        if book.hidden:
            del self.hidden_rows[:]
            self.hidden_columns.clear()

    def _take(self, element: _Element) -> None:
        name = bare(element.tag)
        if name == "row":
            self._take_row(element)
        elif name == "mergeCell":
            if (merge := merge_of(element.get("ref", ""))) is not None:
                self.merges.append(merge)
        elif name == "col":
            self._take_column(element)
        elif name == "sheetView":
            self.zeros = element.get("showZeros", "1") not in ("0", "false", "off")
        else:
            lines = self.headers if name.endswith("Header") else self.footers
            lines.extend(printed(element.text or ""))

    def _take_column(self, column: _Element) -> None:
        if truth(column.get("hidden")) or _zero(column.get("width")):
            first, last = whole(column.get("min")), min(whole(column.get("max")), MAX_COLUMN)
            self.hide(self.hidden_columns, max(1, first), last)

    def _take_row(self, row: _Element) -> None:
        self._row = at = whole(row.get("r")) or self._said_row(row) or self._row + 1
        if truth(row.get("hidden")) or _zero(row.get("ht")):
            self.hide(self.hidden_rows, at, at)
        counted: list[int] = []
        for index, cell in enumerate(row):
            if not len(cell):
                continue
            if not (column := _column(cell.get("r"))):
                counted = counted or _counted(row)
                column = counted[index]
            if (text := self._text(cell, (at, column))) and not text.isspace():
                self.keep((at, column), text)

    def _said_row(self, row: _Element) -> int:
        """The row that the first cell says it is in, 0 where it says none."""
        first = _REFERENCE.fullmatch(row[0].get("r", "")) if len(row) else None
        return int(first[2]) if first else 0

    def _text(self, cell: _Element, position: Position) -> str:
        kind, value, formula = cell.get("t", "n"), None, False
        for child in (cell[0],) if len(cell) == 1 else cell:  # most hold one, and need no iterator
            name = bare(child.tag)
            if name == "v":
                value = child.text or ""
            elif name == "f":
                formula = True
            elif name == "is" and kind == "inlineStr":
                return self.shown_text(rich_text(child), self._format(cell), position)
        if formula:
            self._judge_formula(position, missing=value is None or (value == "" and kind != "str"))
        if not value:
            return ""
        if kind == "s":
            return self.shown_text(self._shared(value), self._format(cell), position)
        if kind in ("n", "d"):
            return self.shown_number(
                value if kind == "n" else self._serial(value), self._format(cell), position
            )
        if kind == "b":
            return "TRUE" if truth(value) else "FALSE"
        return value if kind == "e" else self.shown_text(decode(value), self._format(cell), position)

    def _format(self, cell: _Element) -> str | None:
        return self._book.formats.get(cell.get("s"))

    def _judge_formula(self, position: Position, missing: bool) -> None:
        if missing:
            self.notes.append(Note(position, "stale-formula"))
        elif self._book.recalculate:
            self.notes.append(Note(position, "doubtful-formula"))

    def _shared(self, value: str) -> str:
        try:
            return self._book.strings[value.strip()]
        except KeyError:
            raise errors.truncated(NAME) from None

    def _serial(self, value: str) -> str:
        """A date stored as ISO 8601, as the serial number it stands for; other text as it is."""
        try:
            moment = datetime.fromisoformat(value).replace(tzinfo=None)
        except ValueError:
            return value
        gone = moment - (_EPOCH_1904 if self._book.date1904 else _EPOCH)
        return str(gone.days + Decimal(gone.seconds) / 86400)


def _elements(data: bytes, limits: Limits) -> Iterator[_Element]:
    """The elements in _PARTS. Raises BadInput as parse_xml does."""
    return parse_xml(data, limits, NAME).iter(*_TAGS) if len(data) < LARGE else _piecewise(data, limits)


def _piecewise(data: bytes, limits: Limits) -> Iterator[_Element]:
    """The elements in _PARTS, each forgotten once it was taken: empty rows cost no memory."""
    stream = etree.iterparse(
        BytesIO(data), events=("end",), tag=_TAGS,
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    checked = False
    try:
        for _, element in stream:
            if not checked and element.getroottree().docinfo.internalDTD is not None:
                parse_xml(data, limits, NAME)  # refuses a DOCTYPE
            checked = True
            yield element
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]
    except etree.XMLSyntaxError as error:
        parse_xml(data, limits, NAME)  # says what is wrong
        raise errors.truncated(NAME) from error


@lru_cache(maxsize=4096)
def merge_of(reference: str) -> Merge | None:
    """The range `A1:C2` whichever corner comes first; None where it is none or a single cell."""
    if (corners := _RANGE.fullmatch(reference)) is None:
        return None
    left, top, right, bottom = corners.groups()
    columns, rows = (_letters(left), _letters(right)), (min(int(top), MAX_ROW), min(int(bottom), MAX_ROW))
    merge = Merge(max(1, min(rows)), min(columns), max(rows), max(columns))
    return None if merge[:2] == merge[2:] else merge


@lru_cache(maxsize=4096)
def _letters(letters: str) -> int:
    column = 0
    for letter in letters.replace("$", "").upper():
        if not "A" <= letter <= "Z":
            return 0
        column = column * 26 + ord(letter) - 64
    return min(column, MAX_COLUMN)


def _counted(row: _Element) -> list[int]:
    """The column of each cell: what it says, or the one after the last."""
    columns, column = [], 0
    for cell in row:
        column = _column(cell.get("r")) or column + 1
        columns.append(column)
    return columns


def _column(reference: str | None) -> int:
    """The column of a reference, 0 where there is none."""
    return _letters(reference.rstrip("0123456789")) if reference else 0


@lru_cache(maxsize=1024)
def _zero(length: str | None) -> bool:
    return length is not None and re.fullmatch(r"0+(\.0*)?", length) is not None
