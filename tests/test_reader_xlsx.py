"""The XLSX reader: what is seen of a workbook, whoever wrote it."""

import io
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from jixiao.document import Document, Grid, Line
from jixiao.errors import BadInput
from jixiao.head import Head
from jixiao.limits import Limits
from jixiao_readers.xlsx import XlsxReader
from openpyxl.comments import Comment

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCREL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_DOCREL = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def package(
    sheet: str, *, strings: str = "", styles: str = "", book: str = "", main: str = MAIN,
    docrel: str = DOCREL, folder: str = "xl", extra: dict[str, str] | None = None,
) -> bytes:  # fmt: skip
    """A workbook of one worksheet, written by hand."""

    def relation(identity: str, kind: str, target: str) -> str:
        return f'<Relationship Id="{identity}" Type="{docrel}/{kind}" Target="{target}"/>'

    def relations(*which: str) -> str:
        return f'<Relationships xmlns="{PACKAGE}">{"".join(which)}</Relationships>'

    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": relations(relation("r1", "officeDocument", f"/{folder}/workbook.xml")),
        f"{folder}/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{docrel}">{book}<sheets>'
        '<sheet name="表一" sheetId="1" r:id="r1"/></sheets></workbook>',
        f"{folder}/_rels/workbook.xml.rels": relations(
            relation("r1", "worksheet", "worksheets/sheet1.xml"),
            *([relation("r2", "sharedStrings", "sharedStrings.xml")] if strings else []),
            *([relation("r3", "styles", "styles.xml")] if styles else []),
        ),
        f"{folder}/worksheets/sheet1.xml": f'<worksheet xmlns="{main}">{sheet}</worksheet>',
    }
    if strings:
        parts[f"{folder}/sharedStrings.xml"] = f'<sst xmlns="{main}">{strings}</sst>'
    if styles:
        parts[f"{folder}/styles.xml"] = f'<styleSheet xmlns="{main}">{styles}</styleSheet>'
    parts |= extra or {}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def rows(xml: str, after: str = "") -> str:
    return f"<sheetData>{xml}</sheetData>{after}"


def word(reference: str, text: str, style: str = "") -> str:
    return f'<c r="{reference}" {style} t="inlineStr"><is><t>{text}</t></is></c>'


def styles(*codes: str) -> str:
    formats = "".join(f'<numFmt numFmtId="{176 + at}" formatCode="{code}"/>' for at, code in enumerate(codes))
    cells = "".join(f'<xf numFmtId="{176 + at}"/>' for at in range(len(codes)))
    return f'<numFmts>{formats}</numFmts><cellXfs><xf numFmtId="0"/>{cells}</cellXfs>'


def read(data: bytes, **limits: int) -> Document:
    return XlsxReader().read(data, Limits(**limits))


def table(document: Document) -> list[list[str]]:
    """The texts of the first grid by row, each at its first position."""
    return [[cell.text for cell in row] for row in next(document.grids()).by_row()]


def said(document: Document) -> list[tuple[str, str | None]]:
    return [(finding.code, finding.text) for finding in document.findings]


def excel(fill: Callable[[Any], object], **options: object) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **options})
    fill(book)
    book.close()
    return out.getvalue()


# What a cell shows


def test_every_kind_of_cell() -> None:
    sheet = rows(
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>' + word("C1", "行内") +
        '<c r="D1" t="str"><f>A1</f><v>=公式</v></c><c r="E1" t="b"><v>1</v></c>'
        '<c r="F1" t="e"><v>#DIV/0!</v></c>'
        '<c r="G1"><v>0.30000000000000004</v></c><c r="H1" s="1"><v>1</v></c><c r="I1" s="2"><v>12</v></c>'
        '<c r="J1" s="3" t="d"><v>2023-01-01T00:00:00</v></c></row>'
    )  # fmt: skip
    shared = (
        '<si><t xml:space="preserve"> 甲\n乙 </t></si>'
        "<si><r><t>富</t></r><r><rPr/><t>文本</t></r><rPh sb='0' eb='1'><t>ふ</t></rPh></si>"
    )
    shown = table(read(package(sheet, strings=shared, styles=styles("0%", "0&quot;次&quot;", "yyyy/m/d"))))
    assert shown == [
        [" 甲\n乙 ", "富文本", "行内", "=公式", "TRUE", "#DIV/0!", "0.3", "100%", "12次", "2023/1/1"]
    ]


def test_escapes_are_resolved_once_and_forbidden_characters_dropped() -> None:
    document = read(
        package(rows("<row>" + word("A1", "甲_x000D_\n乙_x005F_x000D_") + word("B1", "丙_x0001_") + "</row>"))
    )
    assert table(document) == [["甲\n乙_x000D_", "丙"]]
    assert said(document) == [("control-character", "表一!B1")]


def test_a_formula_without_a_result_is_empty_and_said() -> None:
    sheet = rows(f'<row r="2">{word("A2", "合计")}<c r="B2"><f>SUM(B3:B9)</f></c>'
                 '<c r="C2"><f>1+1</f><v>2</v></c><c r="D2" t="str"><f>""</f><v></v></c></row>')  # fmt: skip
    document = read(package(sheet))
    assert table(document) == [["合计", "", "2"]]
    assert said(document) == [("stale-formula", "表一!B2")]


def test_results_that_the_workbook_wants_calculated_anew_are_doubted() -> None:
    sheet = rows('<row r="1"><c r="A1"><f>1+1</f><v>0</v></c></row>')
    document = read(package(sheet, book='<calcPr fullCalcOnLoad="1"/>'))
    assert table(document) == [["0"]]
    assert said(document) == [("doubtful-formula", "表一!A1")]


def test_a_format_that_cannot_be_done_is_said_with_its_cell() -> None:
    document = read(
        package(rows('<row><c r="B3" s="1"><v>5.50</v></c></row>'), styles=styles("[DBNum2]General"))
    )
    assert table(document) == [["5.5"]]
    (finding,) = document.findings
    assert (finding.code, finding.severity, finding.text) == ("number-format", "warning", "表一!B3")
    assert (finding.before, finding.after) == ("[DBNum2]General", "5.5")


def test_a_style_that_is_nowhere_told_is_said() -> None:
    document = read(package(rows('<row><c r="A1" s="7"><v>5</v></c></row>'), styles=styles()))
    assert table(document) == [["5"]] and said(document) == [("number-format", "表一!A1")]


def test_digits_that_general_does_not_show_are_said() -> None:
    document = read(package(rows('<row><c r="A1"><v>510000210000000199</v></c></row>')))
    assert table(document) == [["5.1E+17"]]
    assert [(f.code, f.before, f.after) for f in document.findings] == [
        ("digits-not-shown", "510000210000000199", "5.1E+17")
    ]


def test_what_a_format_hides_is_said() -> None:
    sheet = rows(f'<row>{word("A1", "甲")}<c r="B1" s="1"><v>5</v></c>{word("C1", "乙")}</row>')
    document = read(package(sheet, styles=styles(";;;")))
    assert table(document) == [["甲", "", "乙"]] and said(document) == [("hidden-left-out", "表一!B1: 5")]


def test_a_worksheet_may_not_show_zeros() -> None:
    sheet = '<sheetViews><sheetView showZeros="0" workbookViewId="0"/></sheetViews>'
    document = read(
        package(sheet + rows(f'<row>{word("A1", "甲")}<c r="B1"><v>0</v></c><c><v>3</v></c></row>'))
    )
    assert table(document) == [["甲", "", "3"]]


def test_the_1904_calendar() -> None:
    sheet = rows('<row><c r="A1" s="1"><v>43465</v></c></row>')
    document = read(package(sheet, styles=styles("yyyy/m/d"), book='<workbookPr date1904="1"/>'))
    assert table(document) == [["2023/1/1"]]


def test_a_string_beyond_the_table_is_damage() -> None:
    with pytest.raises(BadInput) as caught:
        read(package(rows('<row><c r="A1" t="s"><v>3</v></c></row>'), strings="<si><t>甲</t></si>"))
    assert caught.value.code == "damaged-file"


# Where cells stand


def test_rows_and_cells_without_references_follow_each_other() -> None:
    sheet = rows(
        '<row><c t="inlineStr"><is><t>甲</t></is></c><c><v>2</v></c></row><row><c><v>3</v></c></row>'
    )
    assert table(read(package(sheet))) == [["甲", "2"], ["3", ""]]


def test_rows_out_of_order_stand_where_they_say() -> None:
    sheet = rows(f'<row r="3">{word("B3", "丙")}{word("A3", "三")}</row><row r="2">{word("A2", "二")}</row>')
    document = read(package(sheet))
    assert table(document) == [["二", ""], ["三", "丙"]]
    places = [cell.place for cell in next(document.grids()).cells if cell.text]
    assert [(p.table, p.row) for p in places if p] == [(1, 2), (1, 3), (1, 3)]


def test_the_used_area_is_trimmed_and_empty_worksheets_left_out() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        framed = book.add_format({"border": 1})
        book.add_worksheet("空")
        sheet = book.add_worksheet("表")
        for row in range(30):
            for column in range(12):
                sheet.write_blank(row, column, None, framed)
        sheet.write(4, 2, "甲", framed)
        sheet.write(5, 3, "乙", framed)

    document = read(excel(fill))
    assert [section.name for section in document.sections] == ["表"]
    assert table(document) == [["甲", ""], ["", "乙"]]


def test_a_long_gap_parts_grids() -> None:
    sheet = rows(f'<row r="1">{word("A1", "甲")}</row>'
                 f'<row r="20">{word("A20", "乙")}{word("XFD20", "右")}</row>'
                 f'<row r="1048576">{word("C1048576", "丙")}</row>')  # fmt: skip
    document = read(package(sheet))
    shapes = [(g.rows, g.cols, [c.text for c in g.cells if c.text]) for g in document.grids()]
    assert shapes == [(20, 1, ["甲", "乙"]), (20, 1, ["右"]), (1, 1, ["丙"])]
    assert [c.place.table for g in document.grids() for c in g.cells if c.place] == [1, 1, 2, 3]


# Merges


def spans(document: Document) -> list[tuple[str, int, int, int, int]]:
    return [
        (c.text, c.row, c.col, c.rowspan, c.colspan)
        for g in document.grids() for c in g.cells if c.text or c.rowspan > 1 or c.colspan > 1
    ]  # fmt: skip


def merged(*references: str) -> str:
    return "<mergeCells>" + "".join(f'<mergeCell ref="{r}"/>' for r in references) + "</mergeCells>"


def test_merges_are_spans_and_what_they_cover_is_said() -> None:
    sheet = rows(f'<row r="1">{word("A1", "标题")}{word("B1", "盖住")}</row>'
                 f'<row r="2">{word("B2", "乙")}</row>',
                 merged("A1:C1"))  # fmt: skip
    document = read(package(sheet))
    assert spans(document) == [("标题", 0, 0, 1, 3), ("乙", 1, 1, 1, 1)]
    assert said(document) == [("hidden-left-out", "表一!B1: 盖住")]


def test_overlapping_merges_are_cut() -> None:
    sheet = rows(f'<row r="1">{word("A1", "甲")}{word("B1", "乙")}</row><row r="2">{word("A2", "丙")}</row>',
                 merged("B1:B3", "A1:A1", "A2:C2", "A2:C2", "B2:C3"))  # fmt: skip
    assert spans(read(package(sheet))) == [("甲", 0, 0, 1, 1), ("乙", 0, 1, 3, 1), ("丙", 1, 0, 1, 1)]


@pytest.mark.parametrize("reference", ["A1:XFD1", "A1:A1048576", "A1:XFD1048576", "XFD1048576:A1"])
def test_endless_merges_end_where_the_others_do(reference: str) -> None:
    sheet = rows(f'<row r="1">{word("A1", "甲")}</row><row r="3">{word("C3", "丙")}</row>', merged(reference))
    document = read(package(sheet))
    (grid,) = document.grids()
    assert (grid.rows, grid.cols) in ((3, 3), (1, 1))
    assert grid.cells[0].text == "甲"
    assert "丙" in [c.text for c in grid.cells] or said(document) == [("hidden-left-out", "表一!C3: 丙")]


def test_a_merge_shrinks_with_hidden_rows_and_keeps_its_text() -> None:
    sheet = rows(f'<row r="1" hidden="1">{word("A1", "产出")}{word("B1", "隐")}</row>'
                 f'<row r="2">{word("B2", "数量")}</row><row r="3" ht="0">{word("B3", "零高")}</row>'
                 f'<row r="4">{word("B4", "质量")}</row>', merged("A1:A4"))  # fmt: skip
    document = read(package(sheet))
    assert spans(document) == [("产出", 0, 0, 2, 1), ("数量", 0, 1, 1, 1), ("质量", 1, 1, 1, 1)]
    assert said(document) == [("hidden-left-out", "表一!1:1,3:3")]


# What is hidden


def test_hidden_worksheets_rows_and_columns_are_left_out_and_said() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("明")
        book.add_worksheet("暗").hide()
        book.add_worksheet("深").very_hidden()
        for row in range(6):
            sheet.write_row(row, 0, [f"{row}{column}" for column in range(4)])
        sheet.set_column("B:C", None, None, {"hidden": True})
        for row in (2, 3, 5):
            sheet.set_row(row, None, None, {"hidden": True})

    document = read(excel(fill))
    assert table(document) == [["00", "03"], ["10", "13"], ["40", "43"]]
    codes = {("hidden-left-out", text) for text in ("明!3:4,6:6", "明!B:C", "暗", "深")}
    assert set(said(document)) == codes
    assert {f.severity for f in document.findings} == {"info"}


def test_filtered_rows_part_no_grid() -> None:
    hidden = "".join(f'<row r="{n}" hidden="1">{word(f"A{n}", "滤")}</row>' for n in range(2, 80))
    sheet = rows(f'<row r="1">{word("A1", "甲")}</row>{hidden}<row r="80">{word("A80", "乙")}</row>')
    assert table(read(package(sheet))) == [["甲"], ["乙"]]


# Beside the cells


def test_comments_and_text_boxes_follow_the_grid() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write("A1", "甲")
        sheet.write_comment("A1", "批注一\n二", {"author": ""})
        sheet.insert_textbox(3, 3, "框中文字")

    section = read(excel(fill)).sections[0]
    assert isinstance(section.blocks[0], Grid)
    lines = {block.text for block in section.blocks if isinstance(block, Line)}
    assert lines == {"批注一\n二", "框中文字"}


def test_headers_of_printed_pages_are_kept_and_page_numbers_not() -> None:
    header, footer = "&amp;L附件2&amp;R&amp;A", "&amp;C第 &amp;P 页"
    page = f"<headerFooter><oddHeader>{header}</oddHeader><oddFooter>{footer}</oddFooter></headerFooter>"
    section = read(package(rows(f"<row>{word('A1', '甲')}</row>", page))).sections[0]
    assert [block.text for block in section.blocks if isinstance(block, Line)] == ["附件2"]


# Whoever wrote it


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_grids_with_merges_come_back_the_same(data: st.DataObject) -> None:
    height, width = data.draw(st.integers(2, 6)), data.draw(st.integers(2, 6))
    taken: set[tuple[int, int]] = set()
    cells: list[tuple[str, int, int, int, int]] = []
    text = st.text(alphabet="产出指标=90%≤ 甲\n_x", min_size=1, max_size=6).filter(str.strip)
    for row in range(height):
        for column in range(width):
            if (row, column) in taken:
                continue
            down, right = data.draw(st.integers(1, height - row)), data.draw(st.integers(1, width - column))
            area = {(r, c) for r in range(row, row + down) for c in range(column, column + right)}
            if area & taken:
                down = right = 1
                area = {(row, column)}
            taken |= area
            cells.append((data.draw(text), row, column, down, right))

    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        for words, row, column, down, right in cells:
            if down == right == 1:
                sheet.write_string(row, column, words)
            else:
                sheet.merge_range(row, column, row + down - 1, column + right - 1, "")
                sheet.write_string(row, column, words)

    document = read(excel(fill))
    assert spans(document) == sorted(cells, key=lambda cell: cell[1:3])
    assert document.findings == ()


def test_a_workbook_by_openpyxl() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "绩效目标表"
    sheet.append(["指标", "指标值"])
    sheet.append(["完成率", 1])
    sheet.append(["次数", 12])
    sheet.append(["合计", "=SUM(B2:B3)"])
    sheet["B2"].number_format, sheet["B3"].number_format = "0%", '0"次"'
    sheet.merge_cells("A6:B7")
    sheet["A6"] = "备注"
    sheet["A6"].comment = Comment("说明", "")
    out = io.BytesIO()
    book.save(out)
    document = read(out.getvalue())
    assert table(document)[:4] == [["指标", "指标值"], ["完成率", "100%"], ["次数", "12次"], ["合计", ""]]
    assert ("备注", 5, 0, 2, 2) in spans(document)
    assert said(document) == [("stale-formula", "绩效目标表!B4")]
    last = document.sections[0].blocks[-1]
    assert isinstance(last, Line)
    assert last.text == "说明"


@pytest.mark.slow
@pytest.mark.needs("soffice")
def test_a_workbook_by_libreoffice(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        "<meta charset=utf-8><table><tr><td colspan=2>标题</td></tr><tr><td rowspan=2>产出</td>"
        "<td>≥90%</td></tr>"
        "<tr><td>12次</td></tr></table>",
        encoding="utf-8",
    )
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to",
         "xlsx:Calc MS Excel 2007 XML", "--infilter=HTML (StarCalc)", "--outdir", str(tmp_path),
         str(tmp_path / "a.html")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    document = read((tmp_path / "a.xlsx").read_bytes())
    assert spans(document) == [
        ("标题", 0, 0, 1, 2), ("产出", 1, 0, 2, 1), ("≥90%", 1, 1, 1, 1), ("12次", 2, 1, 1, 1)
    ]  # fmt: skip
    assert all(isinstance(block, Grid) for block in document.sections[0].blocks)


def test_strict_namespaces_and_parts_elsewhere() -> None:
    data = package(
        rows(f'<row r="1">{word("A1", "甲")}</row>'), main=STRICT, docrel=STRICT_DOCREL, folder="Book"
    )
    assert XlsxReader().sniff(Head(data))
    assert table(read(data)) == [["甲"]]


# What is no workbook, damaged or too large


def test_sniffing_goes_by_content() -> None:
    reader, data = XlsxReader(), package(rows(""))
    assert reader.sniff(Head(data, "a.docx"))
    assert reader.sniff(Head(data[: len(data) // 2]))
    assert not reader.sniff(Head(b"%PDF-1.7"))
    assert not reader.sniff(Head(b"PK\x03\x04 word/document.xml"))
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/embeddings/Sheet.xlsx", "xl/")
    assert not reader.sniff(Head(other.getvalue()))


def test_a_file_cut_short_is_damaged() -> None:
    data = package(rows(f"<row>{word('A1', '甲')}</row>"))
    with pytest.raises(BadInput) as caught:
        read(data[: len(data) * 2 // 3])
    assert caught.value.code == "damaged-file"


def test_a_binary_workbook_is_named() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.bin", b"\x00")
    assert XlsxReader().sniff(Head(out.getvalue()))
    with pytest.raises(BadInput) as caught:
        read(out.getvalue())
    assert caught.value.code == "unsupported-format" and "XLSX" in caught.value.do


def test_a_document_type_is_refused() -> None:
    sheet = (
        f'<!DOCTYPE worksheet [<!ENTITY a "甲">]><worksheet xmlns="{MAIN}"><sheetData><row>'
        '<c t="inlineStr"><is><t>&a;</t></is></c></row></sheetData></worksheet>'
    )
    data = package("", extra={"xl/worksheets/sheet1.xml": sheet})
    with pytest.raises(BadInput) as caught:
        read(data)
    assert caught.value.code == "doctype"


def test_more_filled_cells_than_allowed_are_refused() -> None:
    data = package(rows("<row>" + "<c><v>1</v></c>" * 11 + "</row>"))
    with pytest.raises(BadInput) as caught:
        read(data, cells=10)
    assert caught.value.code == "limit-cells"
    assert len(table(read(data, cells=11))[0]) == 11


def test_a_grid_far_larger_than_its_cells_is_refused() -> None:
    diagonal = "".join(
        f'<row r="{n * 15}">{word(f"{c}{n * 15}", "甲")}</row>' for n, c in enumerate("APCERGT", 1)
    )
    with pytest.raises(BadInput) as caught:
        read(package(rows(diagonal)), cells=100)
    assert caught.value.code == "limit-cells"


@pytest.mark.slow
def test_a_million_empty_rows_cost_little_memory(tmp_path: Path) -> None:
    empty, begin = (
        package(rows("@")),
        f'<worksheet xmlns="{MAIN}"><dimension ref="A1:XFD1048576"/><sheetData>',
    )
    # Written piece by piece; the kernel's peak for the whole process would begin at what its parent took.
    with zipfile.ZipFile(io.BytesIO(empty)) as small, zipfile.ZipFile(tmp_path / "a.xlsx", "w", 8) as large:
        for name in small.namelist():
            with large.open(name, "w") as part:
                if "worksheets" not in name:
                    part.write(small.read(name))
                    continue
                part.write((begin + f'<row r="1">{word("A1", "甲")}</row>').encode())
                for n in range(2, 10**6):
                    part.write(b'<row r="%d" s="1" ht="%d"><c r="A%d" s="0"/></row>' % (n, n % 97 + 1, n))
                part.write(b"</sheetData></worksheet>")
    program = (
        "import re, sys; from pathlib import Path; from jixiao.limits import Limits;"
        "from jixiao_readers.xlsx import XlsxReader as X;"
        "grid = next(X().read(Path(sys.argv[1]).read_bytes(), Limits()).grids());"
        "own = Path('/proc/self/status').read_text();"
        "print(len(grid.cells), *re.findall(r'VmHWM:\\s*(\\d+)', own))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "a.xlsx")],
        check=True,
        capture_output=True,
        timeout=120,
    )
    cells, kibibytes = map(int, done.stdout.split())
    assert cells == 1
    assert kibibytes < 320 * 1024  # the part alone is 60 MiB; a tree of it would be over 500


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 8), st.booleans())
def test_damage_gives_a_document_or_a_named_refusal(seed: int, hits: int, inside: bool) -> None:
    chance = random.Random(seed)
    sheet = rows(f'<row r="1">{word("A1", "甲")}<c r="B1" s="1"><v>1</v></c></row>', merged("A1:C2"))
    if inside:
        sheet = _hit(sheet.encode(), hits, chance).decode("utf-8", "replace")
        data = package(sheet, styles=styles("0%"))
    else:
        data = _hit(package(sheet, styles=styles("0%")), hits, chance)
    try:
        assert isinstance(read(data), Document)
    except BadInput as error:
        assert error.code


def _hit(data: bytes, hits: int, chance: random.Random) -> bytes:
    damaged = bytearray(data)
    for _ in range(hits):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)
