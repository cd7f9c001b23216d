"""A SpreadsheetML workbook: cells as they show, merges, what is hidden."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from jixiao import errors
from jixiao.archive import parse_xml
from jixiao.document import Document, Line, Section
from jixiao.limits import Limits
from jixiao.model import Finding, Place
from lxml.etree import _Element

from jixiao_readers._spreadsheet.numfmt_code import BUILTIN, GENERAL
from jixiao_readers._spreadsheet.sections import Sections
from jixiao_readers._spreadsheet.worksheet import MAX_COLUMN, MAX_ROW, Merge, Worksheet

NAME = "SpreadsheetML"
NAMED = {
    "General Number": GENERAL, "Fixed": "0.00", "Standard": "#,##0.00", "Percent": "0.00%",
    "Scientific": "0.00E+00", "Currency": BUILTIN[7], "General Date": BUILTIN[22], "Long Date": BUILTIN[31],
    "Medium Date": BUILTIN[15], "Short Date": BUILTIN[14], "Long Time": BUILTIN[21],
    "Medium Time": BUILTIN[18], "Short Time": BUILTIN[20],
}  # fmt: skip
"""Excel's names for formats."""
EPOCH, EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)


def document(data: bytes, limits: Limits) -> Document:
    """Raises BadInput: `damaged-file`, `doctype`, `limit-…`."""
    return Document.of(_parts(data, limits))


def _parts(data: bytes, limits: Limits) -> Iterator[Section | Finding]:
    root = parse_xml(data.lstrip(b"\r\n\t "), limits, NAME)
    formats = _formats(root)
    since1904 = next(root.iterfind("{*}ExcelWorkbook/{*}Date1904"), None) is not None
    sections = Sections(limits, len(data))
    for sheet in root.iterfind("{*}Worksheet"):
        name = _said(sheet, "Name")
        options = sheet.find("{*}WorksheetOptions")
        if options is not None and (options.findtext("{*}Visible") or "").startswith("SheetHidden"):
            yield sections.hidden(name)
            continue
        zeros = options is None or options.find("{*}DoNotDisplayZeros") is None
        shown = Worksheet(limits, sections.filled, date1904=since1904, zeros=zeros)
        notes = _Sheet(shown, formats, EPOCH_1904 if since1904 else EPOCH).read(sheet)
        yield from sections.shown(name, shown, notes)


def _said(element: _Element, name: str, default: str = "") -> str:
    """An attribute of that name in whatever namespace."""
    return next((str(v) for k, v in element.attrib.items() if str(k).rpartition("}")[2] == name), default)


def _count(element: _Element, name: str, default: int = 0) -> int:
    said = _said(element, name)
    return int(said) if said.isascii() and said.isdigit() and len(said) < 8 else default


def _index(element: _Element, last: int, most: int) -> int:
    """The row or column it says, or the one after the last. Raises BadInput where there can be none."""
    at = _count(element, "Index", last + 1)
    if not 0 < at <= most:
        raise errors.truncated(NAME)
    return at


def _formats(root: _Element) -> dict[str, str]:
    """The number format of each style; one that tells none has its parent's."""
    told: dict[str, str] = {}
    parents: dict[str, str] = {}
    for style in root.iterfind("{*}Styles/{*}Style"):
        key, form = _said(style, "ID"), style.find("{*}NumberFormat")
        parents[key] = _said(style, "Parent", "Default")
        if form is not None and (code := _said(form, "Format")):
            told[key] = NAMED.get(code, code)
    return {key: told.get(key) or told.get(parent, GENERAL) for key, parent in parents.items()}


class _Sheet:
    """Reads one worksheet; `Index` attributes skip rows and columns."""

    def __init__(self, shown: Worksheet, formats: dict[str, str], epoch: datetime) -> None:
        self._shown, self._formats, self._epoch = shown, formats, epoch
        self._notes: list[Line] = []

    def read(self, sheet: _Element) -> list[Line]:
        row = column = 0
        for table in sheet.iterfind("{*}Table"):
            for element in table.iterfind("{*}Column"):
                first = _index(element, column, MAX_COLUMN)
                column = min(first + _count(element, "Span"), MAX_COLUMN)
                if _said(element, "Hidden") == "1" or _said(element, "Width") == "0":
                    self._shown.hide(self._shown.hidden_columns, first, column)
            for element in table.iterfind("{*}Row"):
                first = _index(element, row, MAX_ROW)
                row = min(first + _count(element, "Span"), MAX_ROW)
                if _said(element, "Hidden") == "1" or _said(element, "Height") == "0":
                    self._shown.hide(self._shown.hidden_rows, first, row)
                self._row(element, first)
        return self._notes

    def _row(self, element: _Element, row: int) -> None:
        column = 0
        for cell in element.iterfind("{*}Cell"):
            column = _index(cell, column, MAX_COLUMN)
            across, down = _count(cell, "MergeAcross"), _count(cell, "MergeDown")
            if across or down:
                bottom, right = min(row + down, MAX_ROW), min(column + across, MAX_COLUMN)
                self._shown.merges.append(Merge(row, column, bottom, right))
            text = self._text(cell, (row, column))
            if text and not text.isspace():
                self._shown.keep((row, column), text)
            for note in cell.iterfind("{*}Comment"):
                if said := _whole(note).strip():
                    self._notes.append(Line(text=said, style="note", place=Place(row=row)))
            column += across

    def _text(self, cell: _Element, position: tuple[int, int]) -> str:
        data = cell.find("{*}Data")
        if data is None:
            return ""
        code = self._formats.get(_said(cell, "StyleID", "Default"), GENERAL)
        kind, value = _said(data, "Type", "String"), _whole(data)
        if kind == "Number":
            return self._shown.shown_number(value.strip(), code, position)
        if kind == "DateTime":
            return self._shown.shown_number(self._serial(value.strip()), code, position)
        if kind == "Boolean":
            return "TRUE" if value.strip() == "1" else "FALSE"
        return value if kind == "Error" else self._shown.shown_text(value, code, position)

    def _serial(self, value: str) -> str:
        """A date of ISO 8601 as the serial number it stands for; other text as it is."""
        try:
            gone = datetime.fromisoformat(value).replace(tzinfo=None) - self._epoch
        except ValueError:
            return value
        return str(gone.days + Decimal(gone.seconds) / 86400)


def _whole(element: _Element) -> str:
    """All text in it, runs of their own look included, lines parted by newlines."""
    return "".join(map(str, element.itertext())).replace("\r\n", "\n").replace("\r", "\n")
