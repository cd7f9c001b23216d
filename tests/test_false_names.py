"""Spreadsheets that are something else under the name XLS: told by content, read as what they are."""

import base64
import subprocess
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from clerk import FIXTURES, read_rows, rows, truth
from hypothesis import given, settings
from jixiao.convert import read, write
from jixiao.document import Document, Grid, Line
from jixiao.errors import BadInput
from jixiao.head import Head
from jixiao.limits import Limits
from jixiao.plugins import registry
from span_grids import bare, span_grids, workbook

NAMES = "urn:schemas-microsoft-com:office"
SPACE = f'xmlns="{NAMES}:spreadsheet" xmlns:ss="{NAMES}:spreadsheet"'
SIX = FIXTURES / "six" / "sheets.txt"


def document(data: bytes) -> Document:
    return registry().reader_for(Head(data, "表.xls")).read(data, Limits())


def book(*sheets: str, styles: str = "", before: str = "") -> bytes:
    told = "".join(f'<Worksheet ss:Name="表{n}">{sheet}</Worksheet>' for n, sheet in enumerate(sheets, 1))
    return (
        f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook {SPACE}>{before}'
        f"<Styles>{styles}</Styles>{told}</Workbook>"
    ).encode()


def cell(text: str, kind: str = "String", **said: object) -> str:
    told = "".join(f' ss:{name}="{value}"' for name, value in said.items())
    return f'<Cell{told}><Data ss:Type="{kind}">{escape(text)}</Data></Cell>'


def drawn(grid: Grid) -> str:
    lines = []
    for row in grid.by_row():
        cells = (
            cell(c.text, Index=c.col + 1, MergeAcross=c.colspan - 1, MergeDown=c.rowspan - 1) for c in row
        )
        lines.append(f"<Row>{''.join(cells)}</Row>")
    return f"<Table>{''.join(lines)}</Table>"


@given(span_grids())
@settings(max_examples=40, deadline=None)
def test_spreadsheetml_says_what_a_workbook_of_today_says(tried: Grid) -> None:
    today = document(workbook(tried))
    assert [bare(g) for g in document(book(drawn(tried))).grids()] == [bare(g) for g in today.grids()]


def test_spreadsheetml_formats_dates_and_what_is_hidden() -> None:
    styles = (
        '<Style ss:ID="Default"><NumberFormat/></Style>'
        '<Style ss:ID="p"><NumberFormat ss:Format="0%"/></Style>'
        '<Style ss:ID="d" ss:Parent="Default"><NumberFormat ss:Format="Short Date"/></Style>'
        '<Style ss:ID="c" ss:Parent="p"/>'
    )
    sheet = (
        f"<Table><Column/><Column ss:Hidden='1' ss:Span='1'/><Row>{cell('1', 'Number', StyleID='p')}"
        f"{cell('藏')}</Row><Row>{cell('0.5', 'Number', StyleID='c')}</Row>"
        f"<Row ss:Hidden='1'>{cell('隐')}</Row>"
        f"<Row ss:Index='5'>{cell('2022-03-01T00:00:00.000', 'DateTime', StyleID='d')}</Row>"
        "<Row><Cell><ss:Data ss:Type='String' xmlns='http://www.w3.org/TR/REC-html40'>社会<B>效益</B></ss:Data>"
        "<Comment><ss:Data>批注</ss:Data></Comment></Cell></Row></Table>"
    )
    hidden = (
        f"<Table/><WorksheetOptions xmlns='{NAMES}:excel'><Visible>SheetHidden</Visible></WorksheetOptions>"
    )
    found = document(book(sheet, hidden, styles=styles))
    assert [c.text for g in found.grids() for c in g.cells if c.text] == [
        "100%",
        "50%",
        "2022/3/1",
        "社会效益",
    ]
    assert [f.text for f in found.findings] == ["表1!3:3", "表1!B:B", "表2"]
    assert [b.text for s in found.sections for b in s.blocks if isinstance(b, Line)] == ["批注"]


WANTED = rows(truth(FIXTURES / "six" / "sheets.truth.json"))


@pytest.mark.slow
@pytest.mark.needs("soffice")
def test_the_six_sheets_as_an_et_file(tmp_path: Path) -> None:
    (tmp_path / "six.xlsx").write_bytes(write(read(SIX.read_bytes()), "xlsx"))
    profile = (tmp_path / "profile").as_uri()
    run = ["soffice", "--headless", f"-env:UserInstallation={profile}", "--convert-to", "xls", "--outdir"]
    subprocess.run([*run, tmp_path, tmp_path / "six.xlsx"], check=True, capture_output=True, timeout=120)
    reading = read((tmp_path / "six.xls").read_bytes(), "六.et")
    assert reading.source and reading.source.reader == "xls"
    assert read_rows(reading) == WANTED


def test_the_six_sheets_as_spreadsheetml() -> None:
    today = document(write(read(SIX.read_bytes()), "xlsx"))
    reading = read(book(*map(drawn, today.grids())), "六.xls")
    assert reading.source and reading.source.reader == "spreadsheetml"
    assert read_rows(reading) == WANTED


PAGE = "<html><table><tr><td rowspan=2>产出指标</td><td>甲</td></tr><tr><td>≥12次</td></tr></table></html>"


def mhtml(*pages: tuple[str, str], charset: str = "gb2312") -> bytes:
    parts = [
        f'--=_x\r\nContent-Type: text/html; charset="{charset}"\r\nContent-Transfer-Encoding: {way}\r\n'
        f"Content-Location: file:///C:/sheet{n}.htm\r\n\r\n{body}\r\n"
        for n, (way, body) in enumerate(pages)
    ]
    top = "MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n"
    top += 'Content-Type: multipart/related; boundary="=_x"\r\n\r\n'
    return (top + "".join(parts) + "--=_x--\r\n").encode()


def test_mhtml_pages_are_sections_whatever_they_are_packed_in() -> None:
    packed = base64.b64encode(PAGE.encode("gb18030")).decode()
    quoted = "".join(f"={b:02X}" for b in PAGE.encode("gb18030"))
    found = document(mhtml(("base64", packed), ("quoted-printable", quoted)))
    assert len(found.sections) == 2
    for grid in found.grids():
        assert [(c.text, c.rowspan) for c in grid.cells] == [("产出指标", 2), ("甲", 1), ("≥12次", 1)]


@pytest.mark.parametrize(
    ("data", "reader"),
    [
        (PAGE.encode("gb18030"), "html"),
        (mhtml(("8bit", "x")), "mhtml"),
        (book("<Table/>"), "spreadsheetml"),
        (book("<Table/>").decode().encode("utf-16"), "spreadsheetml"),
        ("一级指标\t二级指标\n产出指标\t数量指标\n".encode("gb18030"), "text"),
        (b'<?xml version="1.0"?><a xmlns="b"/>', "xml"),
    ],
)
def test_content_tells_what_it_is(data: bytes, reader: str) -> None:
    assert reader == registry().reader_for(Head(data, "目标表.xls")).NAME


def test_tab_text_of_chinese_bytes_under_the_name_of_a_workbook() -> None:
    (found,) = document("一级指标\t二级指标\r\n产出指标\t数量指标\r\n".encode("gb18030")).grids()
    assert [c.text for c in found.cells] == ["一级指标", "二级指标", "产出指标", "数量指标"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'<!DOCTYPE x [<!ENTITY a "b">]>' + book("<Table/>").partition(b"?>")[2], "doctype"),
        (book("<Table/>")[:-30], "damaged-file"),
        (mhtml(), "damaged-file"),
    ],
)
def test_what_is_hostile_or_damaged_has_one_code(data: bytes, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        document(data)
    assert caught.value.code == code
