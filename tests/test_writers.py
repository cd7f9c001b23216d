"""DOCX, HTML and XLSX out: what is written is read back by other libraries, cell by cell, span by span."""

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import lxml.html
import msgspec
import openpyxl
import pytest
from docx.table import _Cell
from hypothesis import given, settings
from hypothesis import strategies as st
from jixiao.document import Cell, Document, Grid, Line, Section, grid
from jixiao.errors import JixiaoError
from jixiao.hookspecs import LOSSES
from jixiao.limits import Limits
from jixiao.model import fold
from jixiao_readers.docx import DocxReader
from jixiao_readers.xlsx import XlsxReader
from jixiao_writers.docx import DocxWriter
from jixiao_writers.html import HtmlWriter
from jixiao_writers.xlsx import XlsxWriter
from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
WRITERS = (DocxWriter(), HtmlWriter(), XlsxWriter())
TRICKY = (
    "", "=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "0.30", "007", "510000210000000199512",
    "https://example.org/", "<b>粗</b>", "<r><t>a</t></r>", "&amp;", "]]>", "{{ 7*7 }}", "≤30万元", "a\nb",
    "末\n", "\n首", "  两 空 格  ", "\t表", "𠮷", "<!-- x -->", "true", "2022-01-01", "'引", "１００％",
)  # fmt: skip
LEGAL = st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufeff")
TEXTS = st.sampled_from(TRICKY) | st.text(LEGAL | st.sampled_from("\n\t"), max_size=12)
CELL_STYLES = st.sampled_from(("label", "text", "number"))
modest = settings(max_examples=40, deadline=None)

Content = list[tuple[int, int, int, int, str]]


@st.composite
def grids(draw: st.DrawFn, most: int = 6) -> Grid:
    """A grid with random merged cells, complete, now and then without widths."""
    rows, cols = draw(st.integers(1, most)), draw(st.integers(1, most))
    free = {(r, c) for r in range(rows) for c in range(cols)}
    cells = []
    for row, col in sorted(free):
        if (row, col) not in free:
            continue
        down, across = draw(st.integers(1, rows - row)), draw(st.integers(1, cols - col))
        across = next((w for w in range(across, 1, -1) if {(row, col + k) for k in range(w)} <= free), 1)
        free -= {(row + r, col + c) for r in range(down) for c in range(across)}
        text, style = draw(TEXTS), draw(CELL_STYLES)
        cells.append(Cell(text=text, row=row, col=col, rowspan=down, colspan=across, style=style))
    widths = draw(st.just(()) | st.lists(st.floats(0, 9), min_size=cols, max_size=cols))
    return grid(cells, rows, cols, widths=widths)


def content(table: Grid) -> Content:
    return sorted((c.row, c.col, c.rowspan, c.colspan, c.text) for c in table.cells)


def one(*blocks: Line | Grid, name: str | None = None) -> Document:
    return Document(sections=(Section(name=name, blocks=blocks),))


def label(text: str, row: int, col: int, rowspan: int = 1) -> Cell:
    return Cell(text=text, row=row, col=col, rowspan=rowspan, style="label")


# The witnesses: each reads one table out of the file by a library that the writers do not use.


def docx_tables(data: bytes) -> list[Content]:
    return [_docx_table(table) for table in docx.Document(io.BytesIO(data)).tables]


def _docx_table(table: Any) -> Content:
    open_cells: dict[int, list[Any]] = {}
    done = []
    for row, tr in enumerate(table._tbl.tr_lst):
        col = 0
        for tc in tr.tc_lst:
            if tc.vMerge == "continue":
                open_cells[col][2] += 1
                assert open_cells[col][3] == tc.grid_span
                assert not _Cell(tc, table).text
            else:
                open_cells[col] = [row, col, 1, tc.grid_span, _Cell(tc, table).text]
                done.append(open_cells[col])
            col += tc.grid_span
        assert col == len(table._tbl.tblGrid.gridCol_lst)
    return sorted((r, c, h, w, text) for r, c, h, w, text in done)


def html_tables(data: bytes) -> list[Content]:
    return [_html_table(table) for table in lxml.html.document_fromstring(data.decode()).iter("table")]


def _html_table(table: Any) -> Content:
    taken: set[tuple[int, int]] = set()
    done = []
    for row, tr in enumerate(table.iter("tr")):
        col = 0
        for td in tr:
            while (row, col) in taken:
                col += 1
            height, width = int(td.get("rowspan", 1)), int(td.get("colspan", 1))
            taken |= {(row + r, col + c) for r in range(height) for c in range(width)}
            done.append((row, col, height, width, _html_text(td)))
    return sorted(done)


def _html_text(element: Any) -> str:
    assert all(child.tag == "br" for child in element)
    return (element.text or "") + "".join("\n" + (br.tail or "") for br in element)


def xlsx_table(data: bytes) -> Content:
    """The first worksheet; every position that a merged range covers but its first must be empty."""
    sheet = openpyxl.load_workbook(io.BytesIO(data), rich_text=False).worksheets[0]
    spans = {(m.min_row, m.min_col): m.size for m in sheet.merged_cells.ranges}
    covered = {place for m in sheet.merged_cells.ranges for place in m.cells} - set(spans)
    done = []
    for cell in (cell for row in sheet.iter_rows() for cell in row):
        place = (cell.row, cell.column)
        assert cell.data_type in ("s", "n")
        assert isinstance(cell.value, str | None)
        if place in covered:
            assert cell.value is None
            continue
        size = spans.get(place, {"rows": 1, "columns": 1})
        done.append((cell.row - 1, cell.column - 1, size["rows"], size["columns"], cell.value or ""))
    return sorted(done)


@modest
@given(st.lists(grids(), min_size=1, max_size=3))
@pytest.mark.parametrize(("writer", "tables"), [(DocxWriter(), docx_tables), (HtmlWriter(), html_tables)])
def test_every_cell_span_and_text_is_in_the_file(
    writer: Any, tables: Callable[[bytes], list[Content]], tried: list[Grid]
) -> None:
    assert tables(writer.write(one(*tried))) == [content(g) for g in tried]


@modest
@given(grids())
def test_every_cell_span_and_text_is_in_the_worksheet(tried: Grid) -> None:
    # openpyxl drops every "x005F_", escape or not; such texts have tests of their own.
    assert xlsx_table(XlsxWriter().write(one(tried))) == content(tried)


@modest
@given(st.lists(grids(most=3), max_size=3), TEXTS)
def test_the_same_document_gives_the_same_bytes(tried: list[Grid], text: str) -> None:
    document = one(Line(text=text, style="title"), *tried, name=text)
    for writer in WRITERS:
        assert writer.write(document) == type(writer)().write(document)


@pytest.mark.parametrize("writer", WRITERS)
def test_a_character_that_no_file_can_hold_is_refused_and_named(writer: Any) -> None:
    for where in (one(Line(text="a\x0bb")), one(name="\x01"), one(grid([Cell(text="\ufffe", row=0, col=0)]))):
        with pytest.raises(JixiaoError, match=r"U\+") as error:
            writer.write(where)
        assert error.value.code == "illegal-character"


@pytest.mark.parametrize("writer", WRITERS)
def test_documents_without_anything_in_them_make_files_that_open(writer: Any) -> None:
    for document in (
        Document(),
        one(),
        one(name=""),
        one(Grid(rows=0, cols=0, cells=())),
        one(Line(text="")),
    ):
        _open(writer, writer.write(document))


def _open(writer: Any, data: bytes) -> Any:
    match writer.NAME:
        case "docx":
            return docx.Document(io.BytesIO(data))
        case "xlsx":
            return openpyxl.load_workbook(io.BytesIO(data))
        case _:
            return lxml.html.document_fromstring(data.decode())


def test_every_line_break_is_a_break() -> None:
    table = grid([Cell(text="a\r\nb\rc\nd", row=0, col=0)])
    expected = [(0, 0, 1, 1, "a\nb\nc\nd")]
    assert docx_tables(DocxWriter().write(one(table))) == [expected]
    assert html_tables(HtmlWriter().write(one(table))) == [expected]
    assert xlsx_table(XlsxWriter().write(one(table))) == expected


def test_lines_keep_their_order_around_the_tables() -> None:
    table = grid([Cell(text="x", row=0, col=0), Cell(text="y", row=0, col=1)])
    blocks = (
        Line(text="题", style="title"),
        Line(text="(2022年度)", style="subtitle"),
        table,
        Line(text="注", style="note"),
    )
    words = ["题", "(2022年度)", "x", "y", "注"]
    body = docx.Document(io.BytesIO(DocxWriter().write(one(*blocks)))).element.body
    assert [t.text for t in body.iter(W + "t")] == words
    page = lxml.html.document_fromstring(HtmlWriter().write(one(*blocks)).decode())
    assert [e.text for e in page.find("body").iter("h1", "p", "td")] == words
    assert [r[4] for r in xlsx_table(XlsxWriter().write(one(*blocks)))] == words
    assert xlsx_table(XlsxWriter().write(one(*blocks)))[0][:4] == (0, 0, 1, 2)


# DOCX


def _body(document: Document) -> Any:
    with zipfile.ZipFile(io.BytesIO(DocxWriter().write(document))) as archive:
        return etree.fromstring(archive.read("word/document.xml"))[0]


def test_docx_has_a_paragraph_after_each_table_and_a_page_for_each_section() -> None:
    small = grid([Cell(text="x", row=0, col=0)])
    wide = grid([Cell(text=str(k), row=0, col=k) for k in range(8)])
    body = _body(Document(sections=(Section(blocks=(small, small)), Section(blocks=(wide,)))))
    p, tbl, last = W + "p", W + "tbl", W + "sectPr"
    assert [child.tag for child in body] == [tbl, p, tbl, p, tbl, p, last]
    assert [size.get(W + "orient") for size in body.iter(W + "pgSz")] == [None, "landscape"]


@modest
@given(grids())
def test_docx_columns_fill_the_page_and_each_cell_tells_its_width(tried: Grid) -> None:
    table = _body(one(tried)).find(W + "tbl")
    widths = [int(col.get(W + "w")) for col in table.iter(W + "gridCol")]
    assert sum(widths) == int(table.find(f"{W}tblPr/{W}tblW").get(W + "w")) == 9638
    assert min(widths) >= 500
    for row in table.iter(W + "tr"):
        assert sum(int(w.get(W + "w")) for w in row.iter(W + "tcW")) == sum(widths)


def test_docx_row_that_fills_a_page_may_break() -> None:
    table = grid([Cell(text="短", row=0, col=0), Cell(text="长" * 5000, row=1, col=0)])
    rows = _body(one(table)).iter(W + "tr")
    assert [row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows] == [True, False]


def test_docx_refuses_a_table_that_word_does_not_open() -> None:
    with pytest.raises(JixiaoError) as error:
        DocxWriter().write(one(grid([], rows=1, cols=64)))
    assert error.value.code == "too-many-columns"


@pytest.mark.slow
@pytest.mark.needs("soffice")
def test_docx_opens_in_libreoffice(tmp_path: Path) -> None:
    values = [Cell(text="数量指标", row=0, col=1), Cell(text="36个", row=1, col=1)]
    cells = [label("绩效指标", 0, 0, rowspan=2), *values]
    sheet = Section(blocks=(Line(text="绩效目标表", style="title"), grid(cells)))
    pages = _pages(DocxWriter().write(Document(sections=(sheet, sheet))), "docx", tmp_path)
    assert len(pages) == 2
    assert all(word in page for page in pages for word in ("绩效目标表", "数量指标", "36"))


@pytest.mark.slow
@pytest.mark.needs("soffice")
def test_xlsx_opens_in_libreoffice(tmp_path: Path) -> None:
    cells = [Cell(text="0.30", row=0, col=0, colspan=2), Cell(text="=1+1", row=1, col=0)]
    (page,) = _pages(XlsxWriter().write(one(grid(cells))), "xlsx", tmp_path)
    assert "0.30" in page
    assert "=1+1" in page


def _pages(data: bytes, extension: str, folder: Path) -> list[str]:
    """The text of each page that LibreOffice prints."""
    import pypdfium2

    source = folder / f"sheet.{extension}"
    source.write_bytes(data)
    office = shutil.which("soffice")
    assert office, "LibreOffice is needed for this test"
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    with pypdfium2.PdfDocument(source.with_suffix(".pdf")) as pdf:
        return [page.get_textpage().get_text_bounded() for page in pdf]


# HTML


def _page(document: Document) -> Any:
    return lxml.html.document_fromstring(HtmlWriter().write(document).decode())


def test_html_heads_have_the_scope_of_what_they_head() -> None:
    """
    项目名称 | 修路（虚构）        a label before its value
    绩效指标 | 一级指标 | 指标值    a side label over two rows, heads over their columns
             | 产出指标 | 3个
    """
    rows = [
        label("项目名称", 0, 0),
        Cell(text="修路（虚构）", row=0, col=1, colspan=2),
        label("绩效指标", 1, 0, rowspan=2),
        label("一级指标", 1, 1),
        label("指标值", 1, 2),
        label("产出指标", 2, 1),
        Cell(text="3个", row=2, col=2),
    ]
    scopes = {th.text: th.get("scope") for th in _page(one(grid(rows))).iter("th")}
    assert scopes == {
        "项目名称": "row",
        "绩效指标": "row",
        "一级指标": "col",
        "指标值": "col",
        "产出指标": "row",
    }


@modest
@given(TEXTS)
def test_html_loads_nothing_and_takes_no_text_for_markup(text: str) -> None:
    page = _page(one(Line(text=text, style="title"), grid([Cell(text=text, row=0, col=0)]), name=text))
    assert page.get("lang") == "zh-CN"
    policy = page.xpath('//meta[@http-equiv="Content-Security-Policy"]/@content')
    assert policy and policy[0].startswith("default-src 'none'")
    assert not page.xpath("//script | //link | //img | //b | //@src | //@href | //comment()")
    assert _html_text(page.find(".//h1")) == text


def test_html_table_is_named_by_its_title() -> None:
    page = _page(one(Line(text="目标表", style="title"), grid([Cell(text="x", row=0, col=0)])))
    table = page.find(".//table")
    assert page.get_element_by_id(table.get("aria-labelledby")).text == "目标表"
    assert page.findtext(".//title") == "目标表"


# XLSX


def _shared(data: bytes) -> list[str]:
    """The shared strings as Excel decodes them: each run by itself, `_xHHHH_` turned back."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = etree.fromstring(archive.read("xl/sharedStrings.xml"))

    def decode(run: str) -> str:
        return re.sub("_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), run)

    return ["".join(decode(t.text or "") for t in si.iter(S + "t")) for si in root]


@pytest.mark.parametrize(
    "text", ["_x000D_", "_x005F_x000D_", "<r>_x000D_</r>", "<r>_x005F__x0041_</r>", "<r></r>"]
)
def test_xlsx_text_that_looks_like_an_escape_stays_as_it_is(text: str) -> None:
    assert _shared(XlsxWriter().write(one(grid([Cell(text=text, row=0, col=0)])))) == [text]


@modest
@given(st.text(st.sampled_from("_x05F0D41<r>/ta"), max_size=20).map("<r>{}</r>".format) | TEXTS.filter(bool))
def test_xlsx_any_text_comes_back(text: str) -> None:
    assert _shared(XlsxWriter().write(one(grid([Cell(text=text, row=0, col=0)])))) == [text]


def test_xlsx_refuses_a_text_that_no_cell_holds() -> None:
    longest = "长" * 32767
    assert xlsx_table(XlsxWriter().write(one(grid([Cell(text=longest, row=0, col=0)]))))[0][4] == longest
    for text in (longest + "长", "𠮷" * 16384):
        with pytest.raises(JixiaoError) as error:
            XlsxWriter().write(one(grid([Cell(text=text, row=0, col=0)])))
        assert error.value.code == "text-too-long"


NAMES = st.none() | st.text(LEGAL | st.sampled_from("[]:*?/\\' \n"), max_size=40) | st.sampled_from(
    ("History", "history", "'", "''a''", "表" * 40, "𠮷" * 20, "A", "a", "Sheet2", "a:b", "ß", "SS")
)  # fmt: skip


@modest
@given(st.lists(NAMES, min_size=1, max_size=6))
def test_xlsx_worksheets_have_names_that_excel_takes(names: list[str | None]) -> None:
    written = XlsxWriter().write(Document(sections=tuple(Section(name=name) for name in names)))
    got = openpyxl.load_workbook(io.BytesIO(written)).sheetnames
    assert len(got) == len(names) == len({name.casefold() for name in got})
    for name in got:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\\n")
        assert name.strip("'") == name
        assert name.casefold() != "history"


def test_xlsx_is_ready_to_print() -> None:
    table = grid([Cell(text="x", row=0, col=0), Cell(text="字" * 300, row=1, col=0, colspan=8)], cols=8)
    data = XlsxWriter().write(one(Line(text="题", style="title"), table, name="甲"))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["甲"]
    assert int(sheet.page_setup.paperSize) == 9
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.fitToWidth in (None, 1)
    assert sheet.print_area == "'甲'!$A$1:$H$3"
    assert sheet.print_options.horizontalCentered
    assert sheet["A2"].number_format == "@"
    assert sheet["A2"].border.left.style == "thin"
    assert sheet.row_dimensions[3].height > 4 * 14


def test_xlsx_text_that_fills_more_than_the_highest_row_is_set_small() -> None:
    cells = [Cell(text="长" * length, row=row, col=0) for row, length in enumerate((300, 1500))]
    sheet = openpyxl.load_workbook(io.BytesIO(XlsxWriter().write(one(grid(cells))))).worksheets[0]
    assert 400 < sheet.row_dimensions[2].height <= 409.5
    assert sheet["A2"].font.size < sheet["A1"].font.size


def test_every_writer_declares_what_it_loses() -> None:
    for writer in WRITERS:
        kept = {"spans", "sections"} if writer.NAME == "xlsx" else {"spans"}
        assert set(LOSSES) - set(writer.LOSSES) == kept


# Out and back by the project's own readers: white space is the one thing they may fold.


def folded(table: Grid) -> Content:
    return [(*place, fold(text)) for *place, text in content(table)]


@modest
@given(st.lists(grids(), max_size=3))
def test_docx_out_and_back_is_the_same(tried: list[Grid]) -> None:
    back = DocxReader().read(DocxWriter().write(one(*tried)), Limits())
    assert [folded(g) for g in back.grids()] == [folded(g) for g in tried]


@modest
@given(grids())
def test_xlsx_out_and_back_is_the_same(tried: Grid) -> None:
    # A worksheet ends with its last text: each cell gets one.
    cells = [msgspec.structs.replace(cell, text=f"字{cell.text}") for cell in tried.cells]
    back = XlsxReader().read(XlsxWriter().write(one(grid(cells), name="甲")), Limits())
    assert [folded(g) for g in back.grids()] == [folded(grid(cells))]
    assert back.sections[0].name == "甲"
