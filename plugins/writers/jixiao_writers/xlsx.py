"""XLSX out: one worksheet a section, ready to print on A4, every text kept as text.

Each grid keeps its rows, columns and merged cells; grids and lines of a section stand below one another,
a line merged across the columns. No cell holds a number, a formula or a link: a code keeps its zeros and
"=1+1" stays what it says. Excel draws no row higher than 409 points: a text that needs more is set small,
and what then has no room is shown only when the cell is opened.
"""

import io
import re
from typing import Any, BinaryIO, ClassVar

from jixiao.document import Cell, Document, Grid, Line, Section
from jixiao.hookspecs import Writer, hookimpl
from jixiao.upload import Upload
from jixiao.workbook import MADE, put_text

from jixiao_writers._longest import guard_length
from jixiao_writers._measure import columns, line_counts, width_of, wrapped
from jixiao_writers._text import HEADS, document_title, guard, is_wide, lines, texts, title

MOST_NAME = 31  # UTF-16 units in a worksheet's name
MOST_HEIGHT = 409.0
FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\\s]+")
PAPER_A4 = 9
PAGE = {False: 92.0, True: 140.0}  # width of the printed area, by is_wide
PADDING = 1.0  # of a column's width that text does not get

SERIF, BODY = "宋体", "仿宋"
PLAIN = {"num_format": "@", "text_wrap": True, "valign": "vcenter", "font_name": BODY, "font_size": 10.5}
CENTRED = {**PLAIN, "align": "center"}
LINES = {
    "title": {**CENTRED, "font_name": SERIF, "font_size": 18, "bold": True},
    "subtitle": {**CENTRED, "font_size": 12},
    "note": {**PLAIN, "font_size": 9},
}
CELLS = {
    "number": {**CENTRED, "border": 1},
    "text": {**PLAIN, "border": 1},
    "label": {**CENTRED, "font_name": SERIF, "border": 1},
    "small": {**PLAIN, "font_size": 7.5, "border": 1},
}


class XlsxWriter:
    NAME: ClassVar[str] = "xlsx"
    API_VERSION: ClassVar[int] = 1
    MEDIA_TYPE: ClassVar[str] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    EXTENSION: ClassVar[str] = "xlsx"
    MODEL: ClassVar[str] = "document"
    LOSSES: ClassVar[tuple[str, ...]] = ("source", "findings", "place", "confidence", "styles", "names")

    def write(self, model: Document) -> bytes:
        """The whole file, the same bytes for the same document.

        Raises JixiaoError: `illegal-character`, or `text-too-long` for a text that no cell can hold.
        """
        import xlsxwriter

        guard(model, "XLSX")
        _guard_length(model)
        out = io.BytesIO()
        with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
            book.set_properties({"title": document_title(model), "author": "jixiao", "created": MADE})
            formats = _Formats(book)
            names = _names(model)
            for section, name in zip(model.sections, names, strict=True):
                _Page(book.add_worksheet(name), section, formats).fill()
        return out.getvalue()

    def write_upload(self, upload: Upload, out: BinaryIO) -> None:
        from jixiao_writers._upload_xlsx import write_upload

        write_upload(upload, out)


@hookimpl
def jixiao_writer() -> type[Writer]:
    return XlsxWriter


def _guard_length(document: Document) -> None:
    for text in texts(document):
        guard_length(text)


def _names(document: Document) -> list[str]:
    """Names that Excel takes, one a section: short, without its special characters, no two alike."""
    names: list[str] = []
    taken = {"history"}  # Excel keeps this name for itself
    for number, section in enumerate(document.sections, 1):
        wish = FORBIDDEN_IN_NAME.sub(" ", section.name or title(section)).strip(" '") or f"Sheet{number}"
        name, count = _clipped(wish, ""), 1
        while name.casefold() in taken:
            count += 1
            name = _clipped(wish, f" ({count})")
        taken.add(name.casefold())
        names.append(name)
    return names


def _clipped(name: str, suffix: str) -> str:
    room = 2 * (MOST_NAME - len(suffix))
    return name.encode("utf-16-le")[:room].decode("utf-16-le", "ignore").rstrip(" '") + suffix


class _Formats:
    """The workbook's cell formats, each made once."""

    def __init__(self, book: Any) -> None:
        self._lines = {style: book.add_format(look) for style, look in LINES.items()}
        self._cells = {style: book.add_format(look) for style, look in CELLS.items()}
        self._plain = book.add_format(PLAIN)

    def line(self, line: Line) -> Any:
        return self._lines.get(line.style, self._plain)

    def cell(self, cell: Cell, small: bool) -> Any:
        style = "small" if small else "label" if cell.style in HEADS else cell.style
        return self._cells.get(style, self._cells["text"])


def _height(count: float) -> float:
    """The points that so many lines in a cell take."""
    return count * 14.5 + 8


class _Page:
    """One worksheet, filled from the top."""

    def __init__(self, sheet: Any, section: Section, formats: _Formats) -> None:
        self.sheet, self.section, self.formats = sheet, section, formats
        grids = [block for block in section.blocks if isinstance(block, Grid) and block.cells]
        widest = max(grids, key=lambda grid: grid.cols, default=None)
        total = PAGE[is_wide(section)]
        self.widths = columns(widest, total, 1.0, PADDING) if widest else [total]
        self.row = 0

    def fill(self) -> None:
        for block in self.section.blocks:
            if isinstance(block, Line):
                self._line(block)
            else:
                self._grid(block)
        self._set_up()

    def _set_up(self) -> None:
        sheet, last = self.sheet, len(self.widths) - 1
        for col, width in enumerate(self.widths):
            sheet.set_column(col, col, round(width, 2))
        sheet.set_paper(PAPER_A4)
        if is_wide(self.section):
            sheet.set_landscape()
        sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.7)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        if self.row:
            sheet.print_area(0, 0, self.row - 1, last)
            # Codes and amounts are text on purpose.
            sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{self.row}"})

    def _line(self, line: Line) -> None:
        look = self.formats.line(line)
        size = look.font_size
        count = wrapped(line.text, (sum(self.widths) - PADDING) * 10.5 / size)
        self._height(self.row, count * size * 1.4 + 8)
        self._put(self.row, 0, 1, len(self.widths), line.text, look)
        self.row += 1

    def _grid(self, grid: Grid) -> None:
        room = [width - PADDING for width in self.widths[: grid.cols]]
        for row, count in enumerate(line_counts(grid, room)):
            self._height(self.row + row, max(24.0, _height(count)))
        for cell in grid.cells:
            at = self.row + cell.row
            small = _height(wrapped(cell.text, width_of(cell, room))) > MOST_HEIGHT * cell.rowspan
            self._put(at, cell.col, cell.rowspan, cell.colspan, cell.text, self.formats.cell(cell, small))
        self.row += grid.rows

    def _height(self, row: int, points: float) -> None:
        self.sheet.set_row(row, min(MOST_HEIGHT, round(points * 4) / 4))

    def _put(self, row: int, col: int, rows: int, cols: int, text: str, look: Any) -> None:
        if rows > 1 or cols > 1:
            self.sheet.merge_range(row, col, row + rows - 1, col + cols - 1, "", look)
        if not text:
            self.sheet.write_blank(row, col, None, look)
            return
        put_text(self.sheet, row, col, "\n".join(lines(text)), look)
