"""Records as a workbook to import: a worksheet a table, Chinese captions on top, every cell a text.

A caption with * is of a column that must be filled. Where the codes are known, a cell offers them. Two
worksheets beside the tables say what the file is, and list the codes.
"""

from typing import Any, BinaryIO

from jixiao.upload import CODES, MARK, NOTES, REQUIRED, Column, Table, Upload
from jixiao.workbook import MADE, put_text

from jixiao_writers._longest import guard_length
from jixiao_writers._text import guard_text, lines

TEXT = {"num_format": "@", "font_name": "仿宋", "font_size": 10.5, "valign": "top", "text_wrap": True}
HEAD = {**TEXT, "bold": True, "border": 1, "bg_color": "#E8EEF4", "text_wrap": False}
ROOM = 500  # rows below the last that offer codes too: people add rows
WIDEST, NARROWEST = 48, 10


def write_upload(upload: Upload, out: BinaryIO) -> None:
    """The same upload, the same bytes."""
    import xlsxwriter

    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": upload.mark, "author": "jixiao", "created": MADE})
        text, head = book.add_format(TEXT), book.add_format(HEAD)
        sheets = {table.name: book.add_worksheet(table.caption[:31]) for table in upload.tables}
        ends = _rows(upload, sheets, text)
        lists = _codes(upload, book.add_worksheet(CODES), text, head)
        for table in upload.tables:
            _table(table, sheets[table.name], ends[table.name], lists, text, head)
        notes = book.add_worksheet(NOTES)
        notes.set_column(0, 1, WIDEST, text)
        for row, pair in enumerate([(MARK, upload.mark), *((note, "") for note in upload.notes)]):
            for col, said in enumerate(pair):
                _put(notes, row, col, said, text)


def _rows(upload: Upload, sheets: dict[str, Any], look: Any) -> dict[str, int]:
    """Write the records; the number of the last row of each table."""
    places = {t.name: {c.name: k for k, c in enumerate(t.columns)} for t in upload.tables}
    ends = dict.fromkeys(sheets, 0)
    for row in upload.rows:
        ends[row.table] += 1
        for name, text in row.values.items():
            _put(sheets[row.table], ends[row.table], places[row.table][name], text, look)
    return ends


def _put(sheet: Any, row: int, col: int, text: str, look: Any) -> None:
    if text:
        guard_text(text, "XLSX")
        guard_length(text)
        put_text(sheet, row, col, "\n".join(lines(text)), look)


def _table(
    table: Table, sheet: Any, end: int, lists: dict[tuple[str, ...], str], look: Any, head: Any
) -> None:
    for k, column in enumerate(table.columns):
        caption = (REQUIRED if column.required else "") + column.caption
        sheet.write_string(0, k, caption, head)
        sheet.set_column(k, k, max(NARROWEST, min(WIDEST, column.width, 2 * len(caption) + 4)), look)
        if column.choices:
            offer = {"validate": "list", "source": lists[column.choices], "ignore_blank": True}
            sheet.data_validation(1, k, end + ROOM, k, offer)
    sheet.freeze_panes(1, 0)
    if end:
        last = len(table.columns) - 1
        sheet.ignore_errors({"number_stored_as_text": f"A1:{_letters(last)}{end + 1}"})


def _codes(upload: Upload, sheet: Any, look: Any, head: Any) -> dict[tuple[str, ...], str]:
    """List the codes; the range of cells that holds each list of choices."""
    for k, caption in enumerate(("种类", "代码", "名称")):
        sheet.write_string(0, k, caption, head)
        sheet.set_column(k, k, 30, look)
    for row, entry in enumerate(upload.codes, 1):
        for k, text in enumerate(entry):
            _put(sheet, row, k, text, look)
    ranges: dict[tuple[str, ...], str] = {}
    for column in (column for table in upload.tables for column in table.columns if column.choices):
        if column.choices not in ranges:
            ranges[column.choices] = _range(upload, column)
    return ranges


def _range(upload: Upload, column: Column) -> str:
    """Where the choices stand among the codes: entries of one kind stand together."""
    for k in (1, 2):
        listed = [entry[k] for entry in upload.codes]
        first = next(
            (n for n in range(len(listed)) if tuple(listed[n : n + len(column.choices)]) == column.choices),
            None,
        )
        if first is not None:
            at = f"${_letters(k)}"
            return f"='{CODES}'!{at}${first + 2}:{at}${first + 1 + len(column.choices)}"
    raise ValueError(f"the choices of {column.name} are no codes")


def _letters(col: int) -> str:
    """The name of a column from 0.

    >>> _letters(0), _letters(30)
    ('A', 'AE')
    """
    return (_letters(col // 26 - 1) if col >= 26 else "") + chr(ord("A") + col % 26)
