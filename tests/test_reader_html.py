"""The HTML reader: charsets, spans, what is shown and what is not, sloppy and hostile pages."""

from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jixiao.document import Document, Grid, Line
from jixiao.errors import BadInput
from jixiao.head import Head
from jixiao.limits import Limits
from jixiao_readers.html import HtmlReader
from span_grids import bare, is_tiled, span_grids

TEXTS = st.text("绩效指标≥≤100%,<>&\"'a", max_size=6)


def read(page: str | bytes, **limits) -> Document:
    data = page if isinstance(page, bytes) else page.encode()
    return HtmlReader().read(data, Limits(**limits))


def blocks(page: str | bytes) -> tuple:
    (section,) = read(page).sections
    return section.blocks


def flat(page: str | bytes) -> list:
    """Lines as text, grids as rows of the texts that begin in them."""
    return [
        [[c.text for c in row] for row in b.by_row()] if isinstance(b, Grid) else b.text for b in blocks(page)
    ]


def only_grid(page: str | bytes) -> Grid:
    (found,) = read(page).grids()
    assert is_tiled(found)
    return found


def shape(page: str) -> list[tuple]:
    return [(c.text, c.row, c.col, c.rowspan, c.colspan) for c in only_grid(page).cells]


def as_html(source: Grid) -> str:
    rows = (
        "".join(
            f'<td rowspan="{c.rowspan}" colspan={c.colspan}>{escape(c.text).replace(chr(10), "<br>")}</td>'
            for c in row
        )
        for row in source.by_row()
    )
    return f"<html><body><table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table></body></html>"


@given(span_grids(TEXTS | st.just("甲\n乙")), st.sampled_from(["utf-8-sig", "utf-16", "gb18030"]))
@settings(max_examples=60, deadline=None)
def test_any_grid_reads_back(source, encoding):
    page = as_html(source)
    data = page.encode(encoding)
    if encoding == "gb18030":
        data = data.replace(b"<body>", b'<meta charset="gb2312"><body>')
    assert bare(only_grid(data)) == bare(source)


@pytest.mark.parametrize(
    "claim", ["utf-8", "gb2312", "GBK", "gb18030", "iso-8859-1", "windows-1252", "no-such", ""]
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_false_claim_makes_no_mojibake(claim, encoding):
    meta = f'<meta http-equiv=Content-Type content="text/html; charset={claim}">' if claim else ""
    page = f"<html>{meta}<body><p>项目支出绩效目标表，镕𠮷</p>".encode(encoding)
    assert flat(page) == ["项目支出绩效目标表，镕𠮷"]


def test_other_charsets_as_claimed():
    assert flat("<html><meta charset=big5><p>預算績效".encode("big5")) == ["預算績效"]
    assert flat('<?xml version="1.0" encoding="GBK"?><html><p>预算'.encode("gbk")) == ["预算"]
    # bytes of GBK that pass for UTF-8, as two-byte characters
    both = b"<html><meta charset=gb2312><p>" + "一模".encode("gbk")
    assert flat(both) == ["一模"]
    assert flat(both.replace(b"=gb2312", b"=utf-8")) == [both[-4:].decode("utf-8")]


def test_one_spoilt_byte_is_told_and_no_more():
    page = ("<html><meta charset=utf-8><p>" + "绩效目标" * 100).encode()
    document = read(page[:-1])
    (line,) = document.sections[0].blocks
    assert line.text == "绩效目标" * 99 + "绩效目\ufffd"
    assert [f.code for f in document.findings] == ["bad-character"]
    short = "<html><p>绩效目标表".encode()[:-1]
    assert flat(short) == ["绩效目标\ufffd"]
    with pytest.raises(BadInput) as caught:
        read(b"<html><p>" + bytes([0xFF, 0x80] * 50))
    assert caught.value.code == "bad-encoding"


def test_lines_titles_and_captions():
    page = """<!DOCTYPE html><html><head><title>no</title><style>p {}</style></head><body>
    <!-- no --><script>no</script><h1>绩效 目标表</h1>(2022
    年度)<p>a<br>b</p><div>c<div>d</div>e</div><ul><li>f<li>g</ul><p>x&nbsp;&ge;&#8804;<b>y</b>z</p>
    <table><caption>单位：<i>万元</i></caption><tr><td>1</table><pre>p
      q</pre><noscript>no</noscript><template>no</template></body></html>"""
    assert flat(page) == [
        "绩效 目标表", "(2022 年度)", "a\nb", "c", "d", "e", "f", "g", "x\xa0≥≤yz", "单位：万元", [["1"]],
        "p\n q".replace(" q", "q"),
    ]  # fmt: skip
    styles = [b.style for b in blocks(page) if isinstance(b, Line)]
    assert styles[0] == "title" and set(styles[1:]) == {"body"}


def test_blocks_in_a_cell_are_lines_of_it():
    assert shape("<table><tr><td><p>a</p><p>b</p>c<br>d<div> </div></td></tr></table>") == [
        ("a\nb\nc\nd", 0, 0, 1, 1)
    ]


def test_row_groups_stand_in_their_order_and_hold_their_spans():
    page = (
        "<table><tfoot><tr><td>f</td></tr></tfoot><tbody><tr><td rowspan=0>a</td><td>b</td></tr>"
        "<tr><td>c</td></tr></tbody><thead><tr><th rowspan=9>h</th></tr></thead></table>"
    )
    assert shape(page) == [
        ("h", 0, 0, 1, 1), ("", 0, 1, 1, 1),
        ("a", 1, 0, 2, 1), ("b", 1, 1, 1, 1), ("c", 2, 1, 1, 1),
        ("f", 3, 0, 1, 1), ("", 3, 1, 1, 1),
    ]  # fmt: skip


def test_absurd_spans_are_cut():
    found = only_grid("<table><tr><td colspan=99999 rowspan=99999999>a<tr><td>b</table>")
    assert (found.rows, found.cols) == (2, 1001)
    assert only_grid("<table><tr><td colspan=-3 rowspan=x>a<td colspan=0>b</table>").cols == 2
    overlapping = "<table><tr><td>a<td rowspan=2>b<tr><td colspan=3>c</table>"
    assert [c[0] for c in shape(overlapping)] == ["a", "b", "c"]


def test_widths_from_columns():
    page = (
        "<table><colgroup><col style='width:25%'><col width=75 span=2></colgroup><tr><td>a<td>b<td>c</table>"
    )
    assert only_grid(page).widths == (25.0, 75.0, 75.0)


def test_cells_and_rows_that_nobody_closed():
    page = "<table><tr><td><div>a<td>b<tr><td><span>c<td>d</table><table><td>x<td>y</table>"
    assert flat(page) == [[["a", "b"], ["c", "d"]], [["x", "y"]]]


def test_inner_tables():
    inner = "<table><tr><td>x<td>y</table>"
    layout = f"<table><tr><td>title<tr><td>{inner}</table>"
    mixed = f"<table><tr><td>a<td>b{inner}<tr><td>c<td>d</table>"
    sides = f"<table><tr><td>{inner}<td>{inner}</table>"
    page = layout + mixed + sides
    xy = [["x", "y"]]
    assert flat(page) == ["title", xy, [["a", "b"], ["c", "d"]], xy, xy, xy]
    assert [g.cells[0].place.table for g in read(page).grids()] == [1, 2, 3, 4, 5]


def test_what_stands_beside_a_menu_or_under_a_bar_of_links_is_read_in_its_order():
    inner = "<table><tr><td>x<td>y</table>"
    forms = f"<p>one</p>{inner}<p>two</p>{inner}"
    xy = [["x", "y"]]
    beside = f"<table><tr><td><ul><li>menu</ul><td>{forms}</table>"
    assert flat(beside) == ["menu", "one", xy, "two", xy]
    under = f"<table><tr><td>home<td>news<tr><td>menu<td>{forms}</table>"
    assert flat(under) == ["home", "news", "menu", "one", xy, "two", xy]


def test_hidden_parts_are_told():
    page = (
        "<p hidden>one</p><p style='color:red;display: none'>two</p>"
        "<table><tr style='display:none'><td>three</td></tr><tr><td>shown</td></tr></table>"
        "<select><option>four<option selected>five</select>after"
    )
    document = read(page)
    assert flat(page) == [[["shown"]], "five", "after"]
    assert [(f.code, f.text) for f in document.findings] == [
        ("hidden-left-out", text) for text in ("one", "two", "three", "four")
    ]


def test_forms_show_what_is_filled_in():
    page = (
        "<p><input type=checkbox checked>新增<input type=checkbox>延续<input type=radio checked>是"
        "<input value='项目'><input type=hidden value=no><textarea>a\nb</textarea></p>"
    )
    assert flat(page) == ["☑新增□延续☑是项目", "a\nb"]


@pytest.mark.parametrize("tag", ["div", "b", "table><tr><td", "ul><li"])
@pytest.mark.parametrize("depth", [100, 600, 10_000, 100_000])
def test_depth_ends_in_an_answer(tag, depth):
    page = "<html><body>" + f"<{tag}>" * depth + "deep<p>after"
    try:
        texts = " ".join(str(block) for block in blocks(page))
    except BadInput as error:
        assert error.code == "limit-xml_depth" and depth > 100
    else:
        assert "deep" in texts and "after" in texts


def test_cells_are_limited():
    wide = "<table>" + "<tr><td colspan=1000>a" * 50 + "</table>"
    for page in (wide, "<table><tr>" + "<td colspan=1000 rowspan=65534>a" * 50 + "<tr>" * 5000 + "</table>"):
        with pytest.raises(BadInput) as caught:
            read(page, cells=40_000)
        assert caught.value.code == "limit-cells"


@pytest.mark.parametrize(
    ("start", "claimed"),
    [
        (" \n<!DOCTYPE html><p>", True),
        ("<HTML xmlns:o='x'><p>", True),
        ("<!-- saved from -->\n<html>", True),
        ("<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x'><html>", True),
        ("<table border=1><tr><td>a</td></tr></table>", True),
        ("<div><p>表</p><table><tr><td>a", True),
        ("<p>项目名称</p>\n绩效目标", False),
        ("项目 <p>绩效</p> <table><tr><td>", False),
        ("<table> 表", False),
        ("<?xml version='1.0'?><Workbook><table><td>", False),
        ("<sheet><table><td>", False),
        ("{\"html\": \"<html>\"}", False),
        ("", False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_is_claimed(start, claimed, encoding):
    assert HtmlReader().sniff(Head(start.encode(encoding))) is claimed


SCRAPS = st.sampled_from(
    ["<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<td rowspan=3>", "<th colspan=2>", "<thead>",
     "<tfoot>",
     "</tbody>", "<caption>", "</caption>", "<div>", "</div>", "<p>", "<br>", "<col span=3 width=9>",
     "<form>", "甲", " b ",
     "<!--", "-->", "<select><option>", "&nbsp;", "&#0;", "<![CDATA[", "\0", "<input checked type=checkbox>"]
)  # fmt: skip


@given(st.lists(SCRAPS, max_size=25))
@settings(max_examples=200, deadline=None)
def test_any_page_is_read_or_refused(scraps):
    try:
        document = read("<html><body>" + "".join(scraps))
    except BadInput as error:
        assert error.code
        return
    for found in document.grids():
        assert is_tiled(found)


WORDS = st.sampled_from(
    ["<table>", "</table>", "<tr>", "<td>", "</td>", "<td rowspan=2>", "<div>", "</div>", "<p>", "<caption>"]
)


@given(st.lists(WORDS, max_size=20))
@settings(max_examples=100, deadline=None)
def test_no_text_is_lost_however_tags_are_nested(tags):
    page = "<html><body>" + "".join(f"{tag}w{n}w" for n, tag in enumerate(tags))
    said = "".join(str(block) for block in blocks(page))
    assert [n for n in range(len(tags)) if said.count(f"w{n}w") != 1] == []


@given(st.binary(max_size=60))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_read_or_refused(data):
    try:
        read(b"<html>" + data)
    except BadInput as error:
        assert error.code
