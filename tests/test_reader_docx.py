"""The DOCX reader: merges of every kind, tracked changes, hidden text, boxes, damage."""

import io
import shutil
import subprocess
import zipfile
from xml.sax.saxutils import escape

import docx
import pytest
from compound_writer import compound
from hypothesis import given, settings
from hypothesis import strategies as st
from jixiao.document import Document, Grid, Line
from jixiao.errors import BadInput
from jixiao.head import Head
from jixiao.limits import Limits
from jixiao_readers.docx import DocxReader
from span_grids import bare, is_tiled, span_grids

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
SPACES = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def document_xml(body: str, space: str = W) -> str:
    return f'<w:document xmlns:w="{space}" {SPACES}><w:body>{body}</w:body></w:document>'


def package(body: str, main: str = "word/document.xml", space: str = W, **parts: str) -> bytes:
    """A DOCX of a body and further parts, named by the relation that leads to each."""
    folder, _, name = main.rpartition("/")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", relations({"officeDocument": main}))
        archive.writestr(main, document_xml(body, space))
        archive.writestr(f"{folder}/_rels/{name}.rels", relations({kind: f"{kind}.xml" for kind in parts}))
        for kind, root in parts.items():
            archive.writestr(f"{folder}/{kind}.xml", root)
    return out.getvalue()


def relations(targets: dict[str, str]) -> str:
    entries = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets.items())
    )
    return f'<Relationships xmlns="{RELS}">{entries}</Relationships>'


def read(data: bytes, **limits) -> Document:
    assert DocxReader().sniff(Head(data))
    return DocxReader().read(data, Limits(**limits))


def read_body(body: str, **parts: str) -> Document:
    return read(package(body, **parts))


def blocks(document: Document) -> tuple:
    (section,) = document.sections
    return section.blocks


def only_grid(document: Document) -> Grid:
    (found,) = document.grids()
    assert is_tiled(found)
    return found


def shape(found: Grid) -> list[tuple]:
    return [(c.text, c.row, c.col, c.rowspan, c.colspan) for c in found.cells]


def lines(document: Document) -> list[str]:
    return [block.text for block in blocks(document) if isinstance(block, Line)]


def codes(document: Document) -> list[str]:
    return [f.code for f in document.findings]


def p(text: str, properties: str = "", run: str = "") -> str:
    inner = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(part)}</w:t>' if part else "" for part in text.split("\n")
    )
    return f"<w:p>{properties}<w:r><w:rPr>{run}</w:rPr>{inner}</w:r></w:p>"


def tc(text: str = "", properties: str = "", inner: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}{p(text)}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*rows: str, columns: int = 0) -> str:
    column = '<w:gridCol w:w="500"/>'
    grid = f"<w:tblGrid>{column * columns}</w:tblGrid>" if columns else ""
    return f"<w:tbl><w:tblPr/>{grid}{''.join(rows)}</w:tbl>"


SPAN2 = '<w:gridSpan w:val="2"/>'
RESTART, CONTINUE = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def as_docx(source: Grid) -> str:
    """A w:tbl that says the same as the grid, covered positions as continuations."""
    at = {(r, c.col): c for c in source.cells for r in range(c.row, c.row + c.rowspan)}
    rows = []
    for r in range(source.rows):
        cells = []
        for _, cell in sorted((col, cell) for (row, col), cell in at.items() if row == r):
            merge = (RESTART if cell.row == r else CONTINUE) if cell.rowspan > 1 else ""
            text = cell.text if cell.row == r else ""
            cells.append(tc(text, f'<w:gridSpan w:val="{cell.colspan}"/>{merge}'))
        rows.append(tr(*cells))
    return tbl(*rows, columns=source.cols)


@given(span_grids())
@settings(max_examples=60, deadline=None)
def test_any_grid_reads_back(source):
    found = only_grid(read_body(as_docx(source)))
    assert bare(found) == bare(source)
    assert found.widths == (500.0,) * source.cols


@given(
    span_grids(), st.sampled_from([W, STRICT]), st.sampled_from(["word/document.xml", "word/document2.xml"])
)
@settings(max_examples=10, deadline=None)
def test_strict_documents_and_other_part_names_read_the_same(source, space, main):
    assert bare(only_grid(read(package(as_docx(source), main, space)))) == bare(source)


def test_merges_made_by_another_library():
    made = docx.Document()
    made.add_heading("项目支出绩效目标表", 0)
    made.add_paragraph("（2022年度）")
    table = made.add_table(4, 4)
    for r in range(4):
        for c in range(4):
            table.cell(r, c).text = f"{r}{c}"
    for texts, first, last in (("AB", (0, 0), (0, 3)), ("产出", (1, 0), (3, 0)), ("块", (2, 2), (3, 3))):
        merged = table.cell(*first).merge(table.cell(*last))
        merged.text = texts
    out = io.BytesIO()
    made.save(out)
    document = read(out.getvalue())
    assert blocks(document)[:2] == (Line(text="项目支出绩效目标表", style="title"), Line(text="（2022年度）"))
    assert shape(only_grid(document)) == [
        ("AB", 0, 0, 1, 4),
        ("产出", 1, 0, 3, 1), ("11", 1, 1, 1, 1), ("12", 1, 2, 1, 1), ("13", 1, 3, 1, 1),
        ("21", 2, 1, 1, 1), ("块", 2, 2, 2, 2),
        ("31", 3, 1, 1, 1),
    ]  # fmt: skip
    assert [c.place.row for c in only_grid(document).cells] == [1, 2, 2, 2, 2, 3, 3, 4]
    assert document.findings == ()


@pytest.mark.slow
@pytest.mark.needs("soffice")
def test_a_document_saved_by_libreoffice(tmp_path):
    page = tmp_path / "a.html"
    page.write_text(
        '<html><meta charset="utf-8"><body><p>标题</p><table border="1"><tr><td rowspan="3">产出</td>'
        '<td colspan="2">数量</td></tr><tr><td>次数</td><td></td></tr><tr><td>人数</td><td>≥5人</td></tr>'
        "</table></body></html>",
        encoding="utf-8",
    )
    office = shutil.which("soffice")
    assert office
    subprocess.run(
        [office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to",
         "docx:MS Word 2007 XML", "--outdir", str(tmp_path), str(page)],
        check=True, timeout=120, capture_output=True,
    )  # fmt: skip
    document = read((tmp_path / "a.docx").read_bytes())
    assert lines(document) == ["标题"]
    assert shape(only_grid(document)) == [
        ("产出", 0, 0, 3, 1), ("数量", 0, 1, 1, 2),
        ("次数", 1, 1, 1, 1), ("", 1, 2, 1, 1),
        ("人数", 2, 1, 1, 1), ("≥5人", 2, 2, 1, 1),
    ]  # fmt: skip


def test_a_continuation_needs_a_cell_of_the_same_columns_above():
    found = only_grid(
        read_body(
            tbl(
                tr(tc("a", CONTINUE), tc("b", RESTART)),
                tr(tc("c", SPAN2 + CONTINUE)),
                tr(tc("", CONTINUE), tc("d")),
            )
        )
    )
    assert shape(found) == [
        ("a", 0, 0, 1, 1), ("b", 0, 1, 1, 1), ("c", 1, 0, 1, 2), ("", 2, 0, 1, 1), ("d", 2, 1, 1, 1),
    ]  # fmt: skip


def test_rows_that_do_not_add_up_are_padded():
    before, after = '<w:gridBefore w:val="1"/>', '<w:gridAfter w:val="1"/>'
    body = tbl(tr(tc("a")), tr(tc("b"), tc("c"), tc("d")), tr(tc("e"), properties=before + after))
    assert shape(only_grid(read_body(body))) == [
        ("a", 0, 0, 1, 1), ("", 0, 1, 1, 1), ("", 0, 2, 1, 1),
        ("b", 1, 0, 1, 1), ("c", 1, 1, 1, 1), ("d", 1, 2, 1, 1),
        ("", 2, 0, 1, 1), ("e", 2, 1, 1, 1), ("", 2, 2, 1, 1),
    ]  # fmt: skip


def test_legacy_horizontal_merges_and_vertical_ones_together():
    left, right = '<w:hMerge w:val="restart"/>', "<w:hMerge/>"
    first = tr(tc("a", RESTART + left), tc("", RESTART + right), tc("b"))
    second = tr(tc("", CONTINUE + left), tc("", CONTINUE + right), tc("c"))
    found = only_grid(read_body(tbl(first, second)))
    assert shape(found) == [("a", 0, 0, 2, 2), ("b", 0, 2, 1, 1), ("c", 1, 2, 1, 1)]


def test_text_under_a_merge_is_left_out_and_told():
    document = read_body(tbl(tr(tc("a", RESTART)), tr(tc("a", CONTINUE)), tr(tc("other", CONTINUE))))
    assert shape(only_grid(document)) == [("a", 0, 0, 3, 1)]
    assert [(f.code, f.text) for f in document.findings] == [("hidden-left-out", "other")]


def test_content_controls_around_rows_cells_and_paragraphs():
    def control(inner):
        return f"<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"

    row = tr(control(tc("a")), tc("", inner=control(p("b"))), tc("c"))
    document = read_body(control(p("line")) + tbl(control(row), columns=3))
    assert lines(document) == ["line"]
    assert shape(only_grid(document)) == [("a", 0, 0, 1, 1), ("b", 0, 1, 1, 1), ("c", 0, 2, 1, 1)]


def test_tracked_changes_are_taken_as_accepted():
    document = read_body(
        tbl(
            tr(tc("gone"), properties='<w:del w:id="1"/>'),
            tr(tc("new"), properties='<w:ins w:id="2"/>'),
            tr(tc("x", '<w:cellDel w:id="3"/>')),
        )
        + "<w:p><w:r><w:t>a</w:t></w:r><w:del><w:r><w:delText>b</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>c</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>d</w:t></w:r></w:moveFrom>"
        "<w:moveTo><w:r><w:t>e</w:t></w:r></w:moveTo></w:p>"
        + p("one", "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>")
        + p("two")
    )
    assert shape(only_grid(document)) == [("new", 0, 0, 1, 1), ("", 1, 0, 1, 1)]
    assert lines(document) == ["ace", "onetwo"]
    assert codes(document) == ["tracked-change"]


def test_hidden_text_is_left_out_with_a_finding():
    styles = (
        f'<w:styles xmlns:w="{W}"><w:style w:styleId="h"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:styleId="h2"><w:basedOn w:val="h"/></w:style>'
        '<w:style w:styleId="a3"><w:name w:val="Title"/></w:style></w:styles>'
    )
    document = read_body(
        p("shown")
        + p("hidden", run="<w:vanish/>")
        + p("back", run='<w:rStyle w:val="h"/><w:vanish w:val="0"/>')
        + p("by style", run='<w:rStyle w:val="h2"/>')
        + p("whole", '<w:pPr><w:pStyle w:val="h2"/></w:pPr>')
        + p("标题", '<w:pPr><w:pStyle w:val="a3"/></w:pPr>')
        + tbl(tr(tc("row"), properties="<w:hidden/>"), tr(tc("kept"))),
        styles=styles,
    )
    assert lines(document) == ["shown", "back", "标题"]
    assert blocks(document)[2].style == "title"
    assert shape(only_grid(document)) == [("kept", 0, 0, 1, 1)]
    assert [f.text for f in document.findings] == ["hidden", "by style", "whole", "row"]
    assert set(codes(document)) == {"hidden-left-out"}


def box(text: str, kind: str) -> str:
    return f"<w:{kind}><w:txbxContent>{p(text)}{p(text)}</w:txbxContent></w:{kind}>"


def test_text_boxes_are_read_once():
    both, other = (
        f"<mc:AlternateContent><mc:Choice>{choice}</mc:Choice><mc:Fallback>{fallback}</mc:Fallback>"
        "</mc:AlternateContent>"
        for choice, fallback in ((box("x", "drawing"), box("x", "pict")), ("", box("y", "pict")))
    )
    document = read_body(f"<w:p><w:r><w:t>a</w:t>{both}</w:r><w:r>{other}</w:r></w:p>")
    assert lines(document) == ["a", "x", "x", "y", "y"]


def run(inner: str) -> str:
    return f"<w:p><w:r>{inner}</w:r></w:p>"


def font(name: str, text: str) -> str:
    return run(f'<w:rPr><w:rFonts w:ascii="{name}"/></w:rPr><w:t>{text}</w:t>')


def ticked(state: str, glyph: str) -> str:
    return (
        f'<w:p><w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="{state}"/></w14:checkbox></w:sdtPr>'
        f"<w:sdtContent><w:r><w:t>{glyph}</w:t></w:r></w:sdtContent></w:sdt></w:p>"
    )


def form(inner: str) -> str:
    start = f'<w:fldChar w:fldCharType="begin"><w:ffData>{inner}</w:ffData></w:fldChar>'
    return run(f"{start}<w:instrText>X</w:instrText>")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (run("<w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:noBreakHyphen/><w:t>d</w:t>"), "a\tb\n-d"),
        (run('<w:instrText>PAGE</w:instrText><w:fldChar w:fldCharType="separate"/><w:t>7</w:t>'), "7"),
        (run('<w:sym w:font="Wingdings" w:char="F0FE"/><w:sym w:font="Wingdings" w:char="F0A8"/>'), "☑□"),
        (run('<w:sym w:font="Wingdings 2" w:char="0052"/><w:sym w:font="Symbol" w:char="F0B3"/>'), "☑≥"),
        (run('<w:sym w:font="Wingdings" w:char="nonsense"/><w:t>a</w:t>'), "a"),
        (font("Wingdings 2", "R是"), "☑是"),
        (font("Symbol", "\uf0a3"), "≤"),
        (font("Calibri", "R"), "R"),
        (ticked("1", "☒"), "☑"),
        (ticked("0", "☐"), "□"),
        (form('<w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox>'), "☑"),
        (form('<w:checkBox><w:default w:val="0"/></w:checkBox>'), "□"),
        (form('<w:ddList><w:result w:val="1"/><w:listEntry/><w:listEntry w:val="乙"/></w:ddList>'), "乙"),
        ("<w:p><m:oMath><m:r><m:t>≥95%</m:t></m:r></m:oMath></w:p>", "≥95%"),
        ("<w:p><w:hyperlink><w:r><w:t>a</w:t></w:r></w:hyperlink></w:p>", "a"),
        ("<w:p><w:fldSimple><w:r><w:t>b</w:t></w:r></w:fldSimple></w:p>", "b"),
    ],
)  # fmt: skip
def test_characters(source, expected):
    document = read_body(source)
    assert lines(document) == [expected]
    assert document.findings == ()


def test_an_unknown_symbol_is_kept_and_told():
    document = read_body(run('<w:sym w:font="Wingdings" w:char="F021"/>'))
    assert lines(document) == ["\uf021"]
    assert codes(document) == ["broken-font"]


def test_what_cannot_be_read_is_told():
    picture = (
        '<w:drawing><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"/></w:drawing>'
    )
    document = read_body("<w:altChunk/>" + run(picture) + run("<w:object/>"))
    assert sorted(codes(document)) == ["part-not-read", "part-not-read", "picture-not-read"]


def test_inner_tables():
    inner = tbl(tr(tc("x"), tc("y")))
    layout = tbl(tr(tc("title", inner="")), tr(tc("", inner=inner)))
    mixed = tbl(tr(tc("a"), tc("b", inner=inner)), tr(tc("c"), tc("d")))
    side_by_side = tbl(tr(tc("", inner=inner), tc("", inner=inner)))
    document = read_body(layout + p("between") + mixed + side_by_side)
    flat = ["".join(c.text for c in b.cells) if isinstance(b, Grid) else b.text for b in blocks(document)]
    assert flat == ["title", "xy", "between", "abcd", "xy", "xy", "xy"]
    assert [g.cells[0].place.table for g in document.grids()] == [1, 2, 3, 4, 5]


def test_headers_footers_and_notes_come_last_and_once():
    def root(name, inner):
        return f'<w:{name} xmlns:w="{W}">{inner}</w:{name}>'

    document = read_body(
        p("body"),
        footnotes=root("footnotes", f"<w:footnote><w:p/></w:footnote><w:footnote>{p('注1')}</w:footnote>"),
        header=root("hdr", p("附件1") + tbl(tr(tc("单位"), tc("万元")))),
        footer=root("ftr", p("附件1") + p("第1页")),
        comments=root("comments", f"<w:comment>{p('改')}</w:comment>"),
    )  # fmt: skip
    assert lines(document) == ["body", "附件1", "单位", "万元", "第1页", "注1", "改"]
    assert {b.style for b in blocks(document)[1:]} == {"note"}


def failure(data: bytes, **limits) -> str:
    with pytest.raises(BadInput) as caught:
        read(data, **limits)
    return caught.value.code


def test_a_password_is_told():
    assert failure(compound({"EncryptedPackage": b"?"})) == "encrypted"
    assert DocxReader().sniff(Head(compound({"EncryptedPackage": b"?"})))
    assert not DocxReader().sniff(Head(compound({"Workbook": b"?"})))


def test_damage_and_limits_are_told():
    sound = package(p("text") + tbl(*[tr(tc("a"), tc("b"))] * 50))
    assert failure(sound[: len(sound) // 2]) == "damaged-file"
    assert failure(sound, cells=99) == "limit-cells"
    assert failure(package("<w:p>")) == "damaged-file"
    deep = tbl(tr(tc(inner="@"))).replace("@", "<w:x>" * 300 + "</w:x>" * 300)
    assert failure(package(deep)) == "limit-xml_depth"
    nested = "<w:tbl><w:tr><w:tc>" * 600 + "</w:tc></w:tr></w:tbl>" * 600
    assert failure(package(nested), xml_depth=2000) == "limit-xml_depth"


def test_others_are_not_claimed():
    for name in ("xl/workbook.xml", "OFD.xml"):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(name, "<x/>")
        assert not DocxReader().sniff(Head(out.getvalue()))
    assert not DocxReader().sniff(Head(b"PK\x03\x04 nothing"))
    assert not DocxReader().sniff(Head(b"word/"))


ODD = st.sampled_from(["", "0", "1", "2", "3", "-1", "999999999", "99999999999999", "x", "1.5"])
PROPERTY = st.builds(
    lambda name, value: f'<w:{name} w:val="{value}"/>',
    st.sampled_from(["gridSpan", "vMerge", "hMerge", "gridBefore", "gridAfter", "cellDel", "hidden", "del"]),
    ODD | st.sampled_from(["restart", "continue"]),
)
PROPERTIES = st.lists(PROPERTY, max_size=3).map("".join)
ROW = st.builds(
    lambda cells, properties: tr(*cells, properties=properties),
    st.lists(st.builds(tc, st.text("甲乙 ", max_size=2), PROPERTIES), max_size=4),
    PROPERTIES,
)


@given(st.lists(ROW, max_size=5), st.integers(0, 9))
@settings(max_examples=120, deadline=None)
def test_malformed_tables_still_tile(rows, columns):
    for found in read_body(tbl(*rows, columns=columns)).grids():
        assert is_tiled(found)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_damaged_bytes_are_read_or_refused(data):
    sound = package(as_docx(data.draw(span_grids(most=2))) + p("文"))
    at = data.draw(st.integers(4, len(sound) - 1))
    damaged = sound[:at] + bytes([data.draw(st.integers(0, 255))]) + sound[at + 1 :]
    try:
        DocxReader().read(damaged, Limits())
    except BadInput as error:
        assert error.code
