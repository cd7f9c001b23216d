"""A BIFF workbook through xlrd: cells as they show, merges, what is hidden, texts beside the cells."""

import io
import struct
from collections.abc import Iterator
from typing import Any

import xlrd
from jixiao import errors
from jixiao.compound import MAGIC, Compound
from jixiao.document import Document, Line, Section
from jixiao.limits import Limits
from jixiao.model import Finding, Place

from jixiao_readers._spreadsheet.numfmt_code import BUILTIN, GENERAL
from jixiao_readers._spreadsheet.sections import Sections
from jixiao_readers._spreadsheet.worksheet import Merge, Worksheet, printed
from jixiao_readers._xls.records import Beside, Told, told, without_names

NAME = "XLS"
BIFF_5 = 50
# What xlrd raises on a damaged workbook; it checks little before it takes a file apart.
DAMAGED = (
    xlrd.XLRDError, struct.error, AssertionError, ArithmeticError, AttributeError, LookupError, TypeError,
    ValueError, EOFError, RecursionError,
)  # fmt: skip


def document(data: bytes, limits: Limits) -> Document:
    """Raises BadInput: `damaged-file`, `encrypted`, `limit-cells`."""
    stream = _stream(data)
    said = told(stream, stream[4:6] == b"\0\6")
    if said.cells > limits.cells:
        raise errors.over_limit("cells", said.cells, limits.cells)
    try:
        book = xlrd.open_workbook(
            file_contents=without_names(stream, said), formatting_info=True, ragged_rows=True, on_demand=True,
            logfile=io.StringIO(), encoding_override=None if said.codepage else "gb18030",
        )  # fmt: skip
        return Document.of(_parts(book, said, limits, len(data)))
    except DAMAGED as error:
        if "encrypted" in str(error):
            raise errors.encrypted(NAME) from error
        raise errors.truncated(NAME) from error


def _stream(data: bytes) -> bytes:
    """The records: the workbook's stream in an OLE2 file, else the file itself."""
    if not data.startswith(MAGIC):
        return data
    file = Compound(data)
    return next((s for name in ("Workbook", "WORKBOOK", "Book", "BOOK") if (s := file.read(name))), b"")


def _parts(book: Any, said: Told, limits: Limits, size: int) -> Iterator[Section | Finding]:
    formats = _formats(book)
    sections = Sections(limits, size)
    if book.biff_version >= BIFF_5 and len(set(book._sh_abs_posn)) < book.nsheets:
        raise errors.truncated(NAME)  # one worksheet under many names
    for number in range(book.nsheets):
        sheet = book.sheet_by_index(number)
        book.unload_sheet(number)
        if sheet.visibility:
            yield sections.hidden(sheet.name)
            continue
        beside = said.sheets.get(book._sh_abs_posn[number] - book.base, Beside([], [], []))
        shown = _worksheet(sheet, formats, Worksheet(
            limits, sections.filled, date1904=book.datemode == 1, zeros=bool(sheet.show_zero_values)
        ))  # fmt: skip
        shown.headers += [text for code in beside.headers for text in printed(code)]
        shown.footers += [text for code in beside.footers for text in printed(code)]
        yield from sections.shown(sheet.name, shown, _notes(sheet, beside))


def _formats(book: Any) -> list[str]:
    """The number format of each cell style: what the workbook tells, else the built-in one of its number."""
    told_here = {form.format_key: form.format_str for form in book.format_list}
    known = {**{key: form.format_str for key, form in book.format_map.items()}, **BUILTIN, **told_here}
    return [known.get(style.format_key, GENERAL) for style in book.xf_list]


def _worksheet(sheet: Any, formats: list[str], shown: Worksheet) -> Worksheet:
    for row in range(sheet.nrows):
        for column, cell in enumerate(sheet.row(row)):
            position = row + 1, column + 1
            text = _text(cell, formats, shown, position)
            if text and not text.isspace():
                shown.keep(position, text)
        info = sheet.rowinfo_map.get(row)
        if (info.hidden or info.height == 0) if info else sheet.default_row_hidden:
            shown.hide(shown.hidden_rows, row + 1, row + 1)
    for column, info in sheet.colinfo_map.items():
        if info.hidden or info.width == 0:
            shown.hide(shown.hidden_columns, column + 1, column + 1)
    shown.merges += [
        Merge(top + 1, left + 1, bottom, right)
        for top, bottom, left, right in sheet.merged_cells
        if bottom - top > 1 or right - left > 1
    ]
    return shown


def _text(cell: Any, formats: list[str], shown: Worksheet, position: tuple[int, int]) -> str:
    kind, value = cell.ctype, cell.value
    code = formats[cell.xf_index] if cell.xf_index is not None and cell.xf_index < len(formats) else None
    if kind == xlrd.XL_CELL_TEXT:
        return shown.shown_text(value.replace("\r\n", "\n").replace("\r", "\n"), code, position)
    if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        return shown.shown_number(_decimal(value), code, position)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if value else "FALSE"
    if kind == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(value, ""))
    return ""


def _decimal(value: float) -> str:
    """The number as a workbook of today stores it: whole where it is whole, else the shortest that is it."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _notes(sheet: Any, beside: Beside) -> list[Line]:
    """Comments and text boxes. A comment's text is a text box, too; each is given once."""
    lines, comments = [], set()
    for (row, _column), note in sorted(sheet.cell_note_map.items()):
        comments.add(note.text)
        if note.text.strip():
            lines.append(Line(text=note.text, style="note", place=Place(row=row + 1)))
    return lines + [Line(text=text) for text in beside.boxes if text.strip() and text not in comments]
