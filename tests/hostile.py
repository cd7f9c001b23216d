"""Files made to harm whoever reads them, each small: written by `write`, for tests and benchmarks."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

CONTENT_TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
)
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><l>&j;</l>"
)
EXTERNAL = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>'


def packed(members: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def relationship(kind: str, target: str) -> bytes:
    one = f'<Relationship Id="r1" Type="{RELS}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{PACKAGE}">{one}</Relationships>'.encode()


def word(document: bytes, **more: bytes) -> bytes:
    rels = relationship("officeDocument", "word/document.xml")
    parts = {"[Content_Types].xml": CONTENT_TYPES, "_rels/.rels": rels, "word/document.xml": document}
    return packed(parts | more)


def workbook(sheet: bytes, sheets: int = 1, string: str = "") -> bytes:
    """A workbook of one worksheet, told so many times, and of one shared string."""
    space = f'xmlns="{MAIN}" xmlns:r="{RELS}"'
    said = "".join(f'<sheet name="../../x" sheetId="{n}" r:id="r1"/>' for n in range(1, sheets + 1))
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": relationship("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f"<workbook {space}><sheets>{said}</sheets></workbook>".encode(),
        "xl/_rels/workbook.xml.rels": relationship("worksheet", "worksheets/sheet1.xml").replace(
            b"</", f'<Relationship Id="r2" Type="{RELS}/sharedStrings" Target="strings.xml"/></'.encode()
        ),
        "xl/strings.xml": f'<sst xmlns="{MAIN}"><si><t>{string}</t></si></sst>'.encode(),
        "xl/worksheets/sheet1.xml": sheet,
    }
    return packed(parts)


def rows(inside: str) -> bytes:
    return f'<worksheet xmlns="{MAIN}">{inside}</worksheet>'.encode()


def cell(name: str, text: str) -> str:
    return f'<c r="{name}" t="inlineStr"><is><t>{text}</t></is></c>'


def hocr(inside: str) -> bytes:
    return f"<html><body><div class='ocr_page' title='bbox 0 0 100 100'>{inside}".encode()


def looping_pdf() -> bytes:
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2147483647/Parent 2 0 R>>endobj\n"
        b"3 0 obj<</Type/Pages/Kids[2 0 R]/Count 9/Parent 3 0 R>>endobj\n"
        b"trailer<</Root 1 0 R/Size 4>>\n%%EOF\n"
    )


def picture(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(1024)))
        + chunk(b"IEND", b"")
    )


def nested_zip() -> bytes:
    inner = packed({"0": bytes(10 << 20)})
    for _ in range(5):
        inner = packed({f"{n}.zip": inner for n in range(10)})
    return inner


HOSTILE: dict[str, Callable[[], bytes]] = {
    "ratio.docx": lambda: word(f"<w:document {WORD}><w:body>".encode() + b" " * (40 << 20)),
    "ratio.xlsx": lambda: workbook(rows("<sheetData>") + b" " * (40 << 20)),
    "members.docx": lambda: word(f"<w:document {WORD}/>".encode(), **{f"m{n}": b"" for n in range(20_000)}),
    "nested.zip": nested_zip,
    "nested.docx": lambda: word(nested_zip()),
    "laughs.xml": lambda: LAUGHS,
    "laughs.docx": lambda: word(LAUGHS),
    "laughs.xlsx": lambda: workbook(LAUGHS),
    "external.xml": lambda: EXTERNAL,
    "external.docx": lambda: word(EXTERNAL),
    "traversal.docx": lambda: word(
        f"<w:document {WORD}><w:body/></w:document>".encode(),
        **{"../../../evil.txt": b"x", "/etc/evil": b"x"},
    ),
    "loop.pdf": looping_pdf,
    "grid.xlsx": lambda: workbook(
        rows(
            '<dimension ref="A1:XFD1048576"/><sheetData>'
            f'<row r="1">{cell("A1", "项目支出绩效目标表")}</row>'
            f'<row r="1048576">{cell("XFD1048576", "x")}</row></sheetData>'
        )
    ),
    "merged.xlsx": lambda: workbook(
        rows(
            f'<sheetData><row r="1">{cell("A1", "项目支出绩效目标表")}</row></sheetData>'
            '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
        )
    ),
    "spans.html": lambda: b'<table><tr><td rowspan="65534" colspan="1000">a</td></tr></table>' * 3000,
    "gigapixel.png": lambda: picture(40_000, 40_000),
    "deep.html": lambda: b"<div><table><tr><td>" * 10_000 + "项目支出绩效目标表".encode(),
    "deep.xml": lambda: b"<a>" * 100_000 + b"</a>" * 100_000,
    "deep.json": lambda: b'{"format": "jixiao", "version": 1, "sheets": ' + b"[" * 100_000,
    "bars.txt": lambda: b"|" * (1 << 17),
    "dashes.txt": lambda: b"a | b\n-|" + b"-" * 60 + b" x",
    "tables.txt": lambda: b"<table " * (1 << 14),
    "brackets.txt": lambda: b"<" * (1 << 17),
    "spaces.txt": lambda: "项目支出绩效目标表".encode() + b" \t" * (1 << 18) + b"\n" * 100_000,
    "styles.docx": lambda: styled(12_000),
    "merges.xlsx": lambda: columns_merged(60_000),
    "hidden.xlsx": lambda: workbook(
        rows("<cols>" + '<col min="1" max="16384" hidden="1"/>' * 20_000 + "</cols><sheetData/>")
    ),
    "columns.html": lambda: b"<table>" + b"<col span=1000>" * 100_000 + b"<tr><td>a</table>",
    "digits.json": lambda: b'{"format": "jixiao", "version": 1, "sheets": [{"fiscal_year": ' + b"1" * 9999,
    "keys.json": lambda: (
        b"{" + b",".join(b'"%d": 1' % n for n in range(50_000)) + b', "49999": 2, "format": "jixiao"}'
    ),
    "ocr.json": lambda: b'{"rec_texts": ["x"], "rec_boxes": [[0, 0, 1, ' + b"9" * 9999 + b"]]}",
    "reference.txt": lambda: b"&#" + b"1" * 9999 + b";",
    "rule.txt": lambda: b"|a|b\n|" + b"-" * 200_000 + b"x\n",
    "blanks.md": lambda: b"a|b\n-|-\n\na|\n" + b" " * 200_000 + b"x|\n",
    "titles.txt": lambda: "项目支出绩效目标表".encode() * 20_000,
    "tabs.txt": lambda: b"\t" * 500_000,
    "messages.mht": lambda: b"MIME-Version: 1.0\n" + b"Content-Type: message/rfc822\n\n" * 3000,
    "power.xls": lambda: (
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        b'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="a"><Table><Row><Cell>'
        b'<Data ss:Type="Number">1e999999999</Data></Cell></Row></Table></Worksheet></Workbook>'
    ),
    "records.xml": lambda: (
        b'<?xml version="1.0"?><root profile="x"><head/><data>'
        + b"".join(b"<r><a%d/></r>" % n for n in range(4000))
        + b"</data></root>"
    ),
    "tables.md": lambda: b"a|b\n-|-\nc|d\n\nx\n" * 20_000,
    "lines.hocr": lambda: hocr("<span class=ocr_line title='bbox 1 1 99 9'>字" * 2000),
    "sheets.xlsx": lambda: workbook(
        rows(
            "<sheetData>"
            + "".join(f'<row r="{n}">{cell(f"A{n}", "x")}</row>' for n in range(1, 3000))
            + "</sheetData>"
        ),
        sheets=3000,
    ),
    "string.xlsx": lambda: workbook(
        rows("<sheetData>" + '<row><c t="s"><v>0</v></c></row>' * 4000 + "</sheetData>"), string="甲" * 30_000
    ),
    "line.txt": lambda: "产出指标数量指标≥1个".encode() * 10_000,
    "goals.txt": lambda: "绩效目标\n".encode() + "目标1：甲；".encode() * 30_000,
}


def styled(count: int) -> bytes:
    """Paragraphs of styles each of which is based on the next."""
    styles = "".join(
        f'<w:style w:styleId="s{n}"><w:basedOn w:val="s{n + 1}"/></w:style>' for n in range(count)
    )
    said = "".join(f'<w:p><w:pPr><w:pStyle w:val="s{n}"/></w:pPr></w:p>' for n in range(count))
    rels = {"word/_rels/document.xml.rels": relationship("styles", "styles.xml")}
    styles_part = {"word/styles.xml": f"<w:styles {WORD}>{styles}</w:styles>".encode()}
    body = f"<w:document {WORD}><w:body>{said}</w:body></w:document>"
    return word(body.encode(), **rels, **styles_part)


def columns_merged(count: int) -> bytes:
    """A merge in each column but the first, down to the last row; then more that run into those."""
    names = [column(n % 16_000 + 2) for n in range(count)]
    merges = "".join(f'<mergeCell ref="{name}{row}:{name}1048576"/>' for row, name in enumerate(names, 1))
    cells = "".join(f'<row r="{row}">{cell(f"A{row}", "x")}</row>' for row in range(1, count))
    return workbook(rows(f"<sheetData>{cells}</sheetData><mergeCells>{merges}</mergeCells>"))


def column(number: int) -> str:
    out = ""
    while number:
        number, rest = divmod(number - 1, 26)
        out = chr(65 + rest) + out
    return out


def write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in HOSTILE.items():
        (folder / name).write_bytes(make())
