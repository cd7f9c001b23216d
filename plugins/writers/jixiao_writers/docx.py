"""DOCX out: the form as Word, WPS and LibreOffice show and print it.

The file holds every line and every grid with its merged cells (gridSpan, vMerge), one page section per
section of the document, on A4: portrait, or landscape where a grid has more than 7 columns. Fonts are
named (宋体, 仿宋, 黑体) and not embedded. All parts are written here; no template is opened.
"""

from collections.abc import Iterator
from html import escape
from itertools import pairwise
from typing import ClassVar

from jixiao.document import Cell, Document, Grid, Line, Section
from jixiao.errors import JixiaoError
from jixiao.hookspecs import Writer, hookimpl
from jixiao.messages import gettext as _

from jixiao_writers._measure import balanced, columns, line_counts, wrapped
from jixiao_writers._text import HEADS, document_title, guard, is_wide, lines

MARGIN = 1134  # all lengths in twentieths of a point; 20 mm
SHORT_SIDE, LONG_SIDE = 11906, 16838  # A4
HALF_CHARACTER = 105  # of the 10.5 point text in cells
GAP = 150  # what a cell's margins and borders take of its width, and a little more
MOST_COLUMNS = 63  # more, and Word does not open the table
MOST_LINES_TOGETHER = 40  # a row that may fill a page must be allowed to break, or its end is not shown

PARAGRAPH_STYLES = {"title": "SheetTitle", "subtitle": "SheetSubtitle", "note": "SheetNote"}
CELL_STYLES = {"number": "CellNumber"} | dict.fromkeys(HEADS, "CellLabel")
TAIL = '<w:pPr><w:pStyle w:val="SheetEnd"/>{}</w:pPr>'


class DocxWriter:
    NAME: ClassVar[str] = "docx"
    API_VERSION: ClassVar[int] = 1
    MEDIA_TYPE: ClassVar[str] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    EXTENSION: ClassVar[str] = "docx"
    MODEL: ClassVar[str] = "document"
    LOSSES: ClassVar[tuple[str, ...]] = (
        "source",
        "findings",
        "place",
        "confidence",
        "styles",
        "names",
        "sections",
    )

    def write(self, model: Document) -> bytes:
        """The whole file, the same bytes for the same document. A grid without cells is left out.

        Raises JixiaoError: `illegal-character`, or `too-many-columns` for a grid that Word cannot open.
        """
        from jixiao_writers._docx_package import package

        guard(model, "DOCX")
        return package("".join(_body(model)), document_title(model))


@hookimpl
def jixiao_writer() -> type[Writer]:
    return DocxWriter


def _body(document: Document) -> Iterator[str]:
    sections = document.sections or (Section(),)
    for number, section in enumerate(sections, 1):
        yield from _blocks(section)
        page = _page(section)
        # Word wants the properties of the last section behind its paragraphs, of the others in their
        # last one. The paragraph must be there either way: a table at the very end is lost on export to DOC.
        if number == len(sections):
            yield f"<w:p>{TAIL.format('')}</w:p>{page}"
        else:
            yield f"<w:p>{TAIL.format(page)}</w:p>"


def _blocks(section: Section) -> Iterator[str]:
    width = (LONG_SIDE if is_wide(section) else SHORT_SIDE) - 2 * MARGIN
    after_table = False
    for block in section.blocks:
        if isinstance(block, Line):
            yield _paragraph(block.text, PARAGRAPH_STYLES.get(block.style, "SheetBody"))
        elif block.rows and block.cols:
            if after_table:  # two tables without anything between them would be one
                yield f"<w:p>{TAIL.format('')}</w:p>"
            yield from _table(block, width)
        after_table = isinstance(block, Grid)


def _page(section: Section) -> str:
    wide = is_wide(section)
    size = (LONG_SIDE, SHORT_SIDE) if wide else (SHORT_SIDE, LONG_SIDE)
    turned = ' w:orient="landscape"' if wide else ""
    return (
        f'<w:sectPr><w:type w:val="nextPage"/><w:pgSz w:w="{size[0]}" w:h="{size[1]}"{turned}/>'
        f'<w:pgMar w:top="{MARGIN}" w:right="{MARGIN}" w:bottom="{MARGIN}" w:left="{MARGIN}"'
        ' w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
    )


def _paragraph(text: str, style: str, indent: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{indent}</w:pPr>{_run(text)}</w:p>'


def _run(text: str) -> str:
    if not text:
        return ""
    parts = "<w:br/>".join(map(_line, lines(text)))
    return f"<w:r>{parts}</w:r>"


def _line(line: str) -> str:
    pieces = (escape(piece, quote=False) for piece in line.split("\t"))
    return "<w:tab/>".join(f'<w:t xml:space="preserve">{piece}</w:t>' if piece else "" for piece in pieces)


def _table(grid: Grid, width: int) -> Iterator[str]:
    if grid.cols > MOST_COLUMNS:
        raise JixiaoError(
            "too-many-columns",
            _("A table has {count} columns, and Word opens no table of more than {most}.").format(
                count=grid.cols, most=MOST_COLUMNS
            ),
            _("Convert to XLSX or HTML instead."),
        )
    exact = columns(grid, width, HALF_CHARACTER, GAP)
    edges = [round(sum(exact[:i])) for i in range(grid.cols + 1)]
    heights = line_counts(grid, [(w - GAP) / HALF_CHARACTER for w in exact])
    yield f'<w:tbl><w:tblPr><w:tblStyle w:val="SheetTable"/><w:tblW w:w="{width}" w:type="dxa"/>'
    yield '<w:jc w:val="center"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>'
    yield "".join(f'<w:gridCol w:w="{b - a}"/>' for a, b in pairwise(edges))
    yield "</w:tblGrid>"
    for row, cells in enumerate(_crossing(grid)):
        together = "<w:cantSplit/>" if heights[row] <= MOST_LINES_TOGETHER else ""
        yield f'<w:tr><w:trPr>{together}<w:trHeight w:val="454" w:hRule="atLeast"/></w:trPr>'
        yield "".join(_cell(cell, row, edges) for cell in cells)
        yield "</w:tr>"
    yield "</w:tbl>"


def _crossing(grid: Grid) -> list[list[Cell]]:
    """For each row the cells that cover a part of it, left to right, wherever they begin."""
    rows: list[list[Cell]] = [[] for _ in range(grid.rows)]
    for cell in grid.cells:
        for row in range(cell.row, cell.row + cell.rowspan):
            rows[row].append(cell)
    for cells in rows:
        cells.sort(key=lambda c: c.col)
    return rows


def _cell(cell: Cell, row: int, edges: list[int]) -> str:
    begins = cell.row == row
    width = edges[cell.col + cell.colspan] - edges[cell.col]
    span = f'<w:gridSpan w:val="{cell.colspan}"/>' if cell.colspan > 1 else ""
    merge = "" if cell.rowspan == 1 else '<w:vMerge w:val="restart"/>' if begins else "<w:vMerge/>"
    style = CELL_STYLES.get(cell.style, "CellText")
    indent = _indent(cell.text, width) if begins and style == "CellLabel" else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}<w:vAlign w:val="center"/></w:tcPr>'
        f"{_paragraph(cell.text if begins else '', style, indent)}</w:tc>"
    )


def _indent(label: str, width: int) -> str:
    """Indents that break a label into even lines: 绩效 over 指标 in a column of three characters."""
    room = (width - GAP) / HALF_CHARACTER
    spare = int((room - balanced(label, room)) * HALF_CHARACTER / 2)
    if wrapped(label, room + 1) == len(lines(label)) or spare <= 0:
        return ""
    return f'<w:ind w:left="{spare}" w:right="{spare}"/>'
