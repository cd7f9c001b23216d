"""worklist.xlsx: the worklist to print, to fill in on screen, and to give back to `jixiao apply`.

The first worksheet has a row a finding, the second the inputs that failed. The last is for programs: the
key of each row by its number, so that rows may be sorted and filtered. Only what can be filled in is yellow:
what is said of a whole sheet can be found right here, and not corrected.
"""

import re
from collections.abc import Iterable
from itertools import islice
from typing import Any, BinaryIO, NamedTuple

import msgspec

from jixiao.batch.report.place import WORKLIST
from jixiao.batch.report.worklist import Head, Key, Row, encode
from jixiao.corrections import caption
from jixiao.corrections.concern import TEXTS
from jixiao.messages import gettext as _
from jixiao.workbook import MADE, OPTIONS, TEXT, put_text

KEYS = "jixiao"
"""The worksheet for programs."""
MOST_ROWS = 1_000_000
MOST_TEXT = 30_000
"""Characters: Excel takes 32,767 in a cell."""
MOST_SIZED = 20_000
"""Rows whose heights are set: each is held in memory, and spreadsheet programs find those of the rest."""
SHOWN = 1_000
"""Characters of a text that people are shown; the source has the rest."""
TICK = "√"
# What XML 1.0 has no way to write.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BODY = {"font_name": "仿宋", "font_size": 10, "num_format": TEXT, "text_wrap": True, "valign": "vcenter"}
_LOOKS: dict[str, dict[str, Any]] = {
    "body": {**_BODY, "border": 1, "border_color": "#B8C0C8"},
    "error": {**_BODY, "border": 1, "border_color": "#B8C0C8", "font_color": "#A61B1B", "bold": True},
    "fill": {**_BODY, "border": 1, "border_color": "#8A6D1A", "bg_color": "#FFF8DC", "locked": False},
    "head": {**_BODY, "border": 1, "border_color": "#B8C0C8", "bold": True, "align": "center",
             "bg_color": "#E3EAF1", "font_name": "宋体"},
    "note": {**_BODY, "font_size": 9, "font_color": "#555555"},
}  # fmt: skip


class Column(NamedTuple):
    head: str
    width: float
    fill: bool = False


class Failed(NamedTuple):
    file: str
    code: str
    said: str


def write_book(rows: Iterable[Row], failed: Iterable[Failed], out: BinaryIO) -> int:
    """The same rows, the same bytes; the number of rows, of which no more than MOST_ROWS are written."""
    import xlsxwriter

    with xlsxwriter.Workbook(out, {**OPTIONS, "constant_memory": True}) as book:
        book.set_properties({"title": _("Worklist"), "author": "jixiao", "created": MADE})
        looks = {name: book.add_format(look) for name, look in _LOOKS.items()}
        sheet = book.add_worksheet(_("Worklist"))
        others = book.add_worksheet(_("Failed files"))
        keys = book.add_worksheet(KEYS)
        total = _rows(sheet, keys, rows, looks)
        _failed(others, failed, looks)
        keys.set_column(0, 1, 12, looks["note"])
        keys.protect()
    return total


def head() -> Head:
    """What the columns are called in the user's language."""
    names = [c.head for c in _columns()]
    return Head(
        number=names[0], indicator=names[3], field=names[FIELD], read=names[6], correct=names[CORRECT],
        right=names[RIGHT], by=names[11], fields={caption(f): f for f in TEXTS},
    )  # fmt: skip


def _columns() -> list[Column]:
    return [
        Column(_("No."), 5),
        Column(_("File"), 15),
        Column(_("Sheet"), 12),
        Column(_("Indicator"), 20),
        Column(_("Field"), 9, fill=True),
        Column(_("Source text"), 24),
        Column(_("Read as"), 12),
        Column(_("Or else"), 9),
        Column(_("What to look at"), 30),
        Column(_("Correct is"), 16, fill=True),
        Column(_("Right as read ({tick})").format(tick=TICK), 11, fill=True),
        Column(_("By"), 8, fill=True),
    ]


FIELD, CORRECT, RIGHT = 4, 9, 10


def _rows(sheet: Any, keys: Any, rows: Iterable[Row], looks: dict[str, Any]) -> int:
    columns = _columns()
    _set_up(sheet, columns, looks)
    for col, column in enumerate(columns):
        put_text(sheet, 1, col, column.head, looks["head"])
    keys.write_string(0, 0, _("For jixiao: please leave this page as it is."))
    keys.write_string(0, 1, encode(head()))
    total = 0
    for row in rows:
        total += 1
        if total <= MOST_ROWS:
            _row(sheet, total, row, columns, looks)
            _key(keys, total, row.key)
    last = min(total, MOST_ROWS) + 1
    if total > MOST_ROWS:
        more = _("{count} more rows stand in the next worklist, when these are settled.")
        put_text(sheet, last + 1, 1, more.format(count=total - MOST_ROWS), looks["error"])
    sheet.autofilter(1, 0, last, len(columns) - 1)
    sheet.print_area(0, 0, last, len(columns) - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:L{last + 1}"})
    _offer(sheet, columns, last)
    return total


def _set_up(sheet: Any, columns: list[Column], looks: dict[str, Any]) -> None:
    for col, column in enumerate(columns):
        sheet.set_column(col, col, column.width)
    sheet.set_row(0, 34)
    advice = _(
        "Write what is correct into the yellow column, or tick what was read rightly. "
        "Save, then: jixiao apply {name}. The next conversion has it."
    ).format(name=WORKLIST)
    sheet.merge_range(0, 0, 0, len(columns) - 1, advice, looks["note"])
    sheet.set_row(1, 30)
    sheet.freeze_panes(2, 4)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
    sheet.set_footer("&C&P / &N")
    sheet.hide_gridlines(2)


def _row(sheet: Any, number: int, row: Row, columns: list[Column], looks: dict[str, Any]) -> None:
    texts = [
        str(number), row.file, row.sheet, row.indicator, row.field, row.source, row.read, row.other,
        row.message, "", "", "",
    ]  # fmt: skip
    at = number + 1
    if number <= MOST_SIZED:
        sheet.set_row(at, _height(texts, columns))
    for col, (text, column) in enumerate(zip(texts, columns, strict=True)):
        fill = column.fill and not (col in (FIELD, CORRECT) and row.key.at is None)
        look = looks["fill" if fill else "error" if col == 8 and row.severity == "error" else "body"]
        if text:
            put_text(sheet, at, col, shown(text), look)
        else:
            sheet.write_blank(at, col, None, look)


def _height(texts: list[str], columns: list[Column]) -> float:
    """Points that show every text: characters that are wide count twice."""
    most = max(_lines(shown(text), column.width) for text, column in zip(texts, columns, strict=True))
    return min(400.0, 14.0 * most + 5)


def _lines(text: str, width: float) -> int:
    return sum(
        1 + int(max(0, sum(1 + (ord(c) > 0x2E7F) for c in line) - 1) / (width - 1.5))
        for line in text.split("\n")
    )


def _key(keys: Any, number: int, key: Key) -> None:
    """A key that no cell can hold lacks the texts of other fields, or is left out: its row then cannot be
    applied, and says so."""
    text = encode(key)
    if len(text) >= MOST_TEXT and key.read and key.field:
        text = encode(msgspec.structs.replace(key, read={key.field: key.read.get(key.field, "")}))
    if len(text) < MOST_TEXT:
        keys.write_string(number, 0, str(number))
        keys.write_string(number, 1, text)


def shown(text: str) -> str:
    safe = _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))
    return safe if len(safe) <= SHOWN else safe[: SHOWN - 1] + "…"


def _offer(sheet: Any, columns: list[Column], last: int) -> None:
    if last < 2:
        return
    fields = [caption(f) for f in TEXTS]
    sheet.data_validation(2, FIELD, last, FIELD, {"validate": "list", "source": fields, "ignore_blank": True})
    sheet.data_validation(2, RIGHT, last, RIGHT, {"validate": "list", "source": [TICK], "ignore_blank": True})


def _failed(sheet: Any, failed: Iterable[Failed], looks: dict[str, Any]) -> None:
    columns = [Column(_("File"), 40), Column(_("Code"), 18), Column(_("What happened, and what to do"), 80)]
    for col, column in enumerate(columns):
        sheet.set_column(col, col, column.width)
        put_text(sheet, 0, col, column.head, looks["head"])
    for at, one in enumerate(islice(failed, MOST_ROWS), 1):
        sheet.set_row(at, _height(list(one), columns))
        for col, text in enumerate(one):
            put_text(sheet, at, col, shown(text), looks["body"])
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
