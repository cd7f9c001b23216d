"""The OFD reader: what is drawn on pages comes back, however programs write it; hostile files are refused."""

import msgspec
import pytest
from clerk import FIXTURES, read_rows, rows, truth
from hypothesis import given, settings
from hypothesis import strategies as st
from jixiao.convert import read as convert
from jixiao.document import Cell, Document, Grid, Line, grid
from jixiao.errors import BadInput
from jixiao.head import Head
from jixiao.layout import layout
from jixiao.limits import Limits
from jixiao_readers.ofd import OfdReader
from ofd_writer import LEFT, SPACE, TOP, Parts, package, page, pages, path, table, text
from span_grids import bare, span_grids

TEXTS = st.text("绩效指标产出数量≥≤1次", max_size=6) | st.just("社会效益\n指标")
STYLES = st.sampled_from(["rectangle", "lines", "boxes"])


def read(data: bytes, **limits: int) -> Document:
    return OfdReader().read(data, Limits(**limits))


def lines(document: Document) -> list[str]:
    return [b.text for s in document.sections for b in s.blocks if isinstance(b, Line)]


def codes(document: Document) -> list[str]:
    return [f.code for f in document.findings]


def needed(tried: Grid) -> Grid:
    """The grid without the lines between rows or columns that are the side of no cell: nothing draws them."""
    rows = sorted({0, *(c.row for c in tried.cells)})
    cols = sorted({0, *(c.col for c in tried.cells)})
    cells = [
        msgspec.structs.replace(
            c, row=rows.index(c.row), col=cols.index(c.col),
            rowspan=sum(c.row <= r < c.row + c.rowspan for r in rows),
            colspan=sum(c.col <= k < c.col + c.colspan for k in cols),
        )
        for c in tried.cells
    ]  # fmt: skip
    return grid(cells)


@given(span_grids(TEXTS), STYLES)
@settings(max_examples=60, deadline=None)
def test_a_table_with_merged_cells_comes_back(tried: Grid, style: str) -> None:
    wanted = needed(tried)
    found = [bare(g) for g in read(package(table(wanted, style=style)).packed()).grids()]
    # one cell alone is a frame, no table
    assert found == ([wanted] if len(wanted.cells) > 1 else [])


@given(st.lists(TEXTS.filter(lambda t: "\n" not in t and t), min_size=1, max_size=8))
@settings(max_examples=30, deadline=None)
def test_no_text_is_lost_without_tables(said: list[str]) -> None:
    drawn = "".join(text(t, LEFT, TOP + 8 * n) for n, t in enumerate(said))
    assert lines(read(package(drawn).packed())) == said


PAIR = grid([Cell(text=t, row=n // 2, col=n % 2) for n, t in enumerate("甲乙丙丁")])


@pytest.mark.parametrize(
    ("steps", "ctm"),
    [
        ("g 4 3.5", ""), ("3.5 g 2 3.5 3.5", ""), ("3.5", ""), ("", ""), (None, "0.5 0 0 0.5 0 0"),
        (None, "2 0 0 2 0 0"),
    ],
)  # fmt: skip
def test_steps_and_matrices_place_each_character(steps: str | None, ctm: str) -> None:
    data = package(text("数量指标二", LEFT, TOP, steps=steps, ctm=ctm)).packed()
    assert lines(read(data)) == ["数量指标二"]


def test_a_step_that_is_told_once_goes_on_so_that_no_character_hides_another() -> None:
    drawn = text("100.00", LEFT, TOP, steps="1.75").replace("DeltaX", 'DeltaY="0" DeltaX')
    assert lines(read(package(drawn).packed())) == ["100.00"]


def test_one_glyph_for_several_characters_says_them_all() -> None:
    drawn = text("office单位", LEFT, TOP, steps="1.75 3.5 1.75 1.75 1.75 3.5").replace(
        "<ofd:TextCode",
        '<ofd:CGTransform CodePosition="1" CodeCount="2" GlyphCount="1"><ofd:Glyphs>9</ofd:Glyphs>'
        "</ofd:CGTransform><ofd:TextCode",
    )
    assert lines(read(package(drawn).packed())) == ["office单位"]


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_a_page_that_is_turned_is_read_upright(turn: int) -> None:
    a, b, c, d, e, f = {1: (0, 1, -1, 0, 210, 0), 2: (-1, 0, 0, -1, 210, 297), 3: (0, -1, 1, 0, 0, 297)}[turn]
    objects = table(PAIR).replace("ofd:Layer", "ofd:PageBlock")
    group = (
        '<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="7" Width="210" Height="297"><ofd:Content>'
        f"{objects}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>"
    )
    use = f'<ofd:CompositeObject ResourceID="7" Boundary="0 0 210 297" CTM="{a} {b} {c} {d} {e} {f}"/>'
    (found,) = read(package(use, resources=group).packed()).grids()
    assert bare(found) == PAIR


def test_templates_annotations_and_watermarks() -> None:
    note = (
        f'<ofd:PageAnnot {SPACE}><ofd:Annot ID="1" Type="Stamp"><ofd:Appearance Boundary="20 150 90 20">'
        f'{text("批注", 0, 10)}</ofd:Appearance></ofd:Annot><ofd:Annot ID="2" Type="Watermark">'
        f'<ofd:Appearance Boundary="20 25 90 20">{text("水印", 0, 0)}</ofd:Appearance></ofd:Annot>'
        "</ofd:PageAnnot>"
    )
    made = package(
        text("甲", LEFT + 1, TOP + 4.5),
        common='<ofd:TemplatePage ID="9" BaseLoc="Tpls/Tpl_0/Content.xml"/>',
        after="<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>",
    )
    made.parts |= {
        "Doc_0/Pages/Page_0/Content.xml": page(
            text("甲", LEFT + 1, TOP + 4.5), '<ofd:Template TemplateID="9" ZOrder="Background"/>'
        ),
        "Doc_0/Tpls/Tpl_0/Content.xml": page(
            table(grid([Cell(text="", row=0, col=0), Cell(text="乙", row=0, col=1)]))
        ),
        "Doc_0/Annots/Annotations.xml": f'<ofd:Annotations {SPACE}><ofd:Page PageID="0"><ofd:FileLoc>'
        "Page_0/Annotation.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>",
        "Doc_0/Annots/Page_0/Annotation.xml": note,
    }
    document = read(made.packed())
    assert [[c.text for c in g.cells] for g in document.grids()] == [["甲", "乙"]]
    assert lines(document) == ["批注", "水印"]


def test_lines_that_are_not_seen_or_that_are_shading_part_nothing() -> None:
    pens = (
        '<ofd:DrawParams><ofd:DrawParam ID="3" LineWidth="9"/><ofd:DrawParam ID="4" Relative="3"/>'
        '<ofd:DrawParam ID="5"><ofd:StrokeColor Value="0 0 0" Alpha="0"/></ofd:DrawParam></ofd:DrawParams>'
    )
    across = f"M {LEFT} {TOP + 2} L {LEFT + 180} {TOP + 2}"
    unseen = [
        path(across, attributes=' DrawParam="4"').replace(' LineWidth="0.25"', ""),
        path(across, attributes=' DrawParam="5"'),
        path(across, attributes=' Visible="false"'),
        path(f"M {LEFT} {TOP + 2} B {LEFT} {TOP} {LEFT + 180} {TOP} {LEFT + 180} {TOP + 2}"),
    ]
    for extra in unseen:
        (found,) = read(package(table(PAIR) + extra, resources=pens).packed()).grids()
        assert bare(found) == PAIR


def test_text_that_the_page_hides_is_left_out_and_said() -> None:
    document = read(
        package(text("甲", LEFT, TOP) + text("乙", LEFT, 50, attributes=' Visible="false"')).packed()
    )
    assert (lines(document), codes(document)) == (["甲"], ["hidden-left-out"])


def moved(change: dict[str, str], *also: tuple[str, str]) -> Parts:
    """The pair with parts under other names and other words in the parts."""
    made = package(table(PAIR))
    parts = {change.get(name, name): data for name, data in made.parts.items()}
    for old, new in also:
        parts = {name: data.replace(old, new) for name, data in parts.items() if isinstance(data, str)}
    return Parts(parts)


@pytest.mark.parametrize(
    "made",
    [
        moved({}, ('BaseLoc="Pages', 'BaseLoc="/Doc_0/Pages')),
        moved({}, ('BaseLoc="Pages', 'BaseLoc="Doc_0/Pages')),
        moved({}, ("Pages/Page_0/", "Pages\\Page_0\\")),
        moved({"OFD.xml": "ofd.XML", "Doc_0/Pages/Page_0/Content.xml": "doc_0/pages/page_0/content.xml"}),
        moved({}, ("ofd:", ""), ("xmlns:ofd", "xmlns")),
        moved({}, ("http://www.ofdspec.org/2016", "http://www.ofdspec.org")),
        moved({"Doc_0/PublicRes.xml": "elsewhere.xml"}),
    ],
)
def test_what_programs_write_amiss_is_read_all_the_same(made: Parts) -> None:
    document = read(made.packed())
    assert OfdReader().sniff(Head(made.packed()))
    assert [bare(g) for g in document.grids()] == [PAIR]
    assert codes(document) == []


def test_names_in_chinese_bytes_are_found() -> None:
    made = moved({"Doc_0/Pages/Page_0/Content.xml": "Doc_0/Pages/第一页/Content.xml"}, ("Page_0", "第一页"))
    for names in ("utf-8", "gb18030"):
        assert [bare(g) for g in read(made.packed(names)).grids()] == [PAIR]


def test_a_missing_page_is_said_and_the_others_are_read() -> None:
    made = package(text("甲", LEFT, TOP), text("乙", LEFT, TOP))
    del made.parts["Doc_0/Pages/Page_0/Content.xml"]
    document = read(made.packed())
    assert (lines(document), codes(document)) == (["乙"], ["part-not-read"])


def test_characters_that_fonts_do_not_name_are_said() -> None:
    assert codes(read(package(text("产出\ue123指标", LEFT, TOP)).packed())) == ["broken-font"]
    document = read(package(text("项⽬", LEFT, TOP)).packed())
    assert (lines(document), codes(document)) == (["项目"], ["radical-mapped"])


def test_a_page_of_outlines_says_so() -> None:
    drawn = path("M 10 10 B 12 10 12 12 10 12 C")
    assert codes(read(package(drawn).packed())) == ["page-outlined"]
    assert codes(read(package("").packed())) == []


def test_all_66_indicators_come_through() -> None:
    six = convert((FIXTURES / "six" / "sheets.txt").read_bytes())
    reading = convert(pages(layout(six)).packed())
    assert reading.source and reading.source.reader == "ofd"
    assert read_rows(reading) == rows(truth(FIXTURES / "six" / "sheets.truth.json"))


def failure(data: bytes, **limits: int) -> str:
    with pytest.raises(BadInput) as caught:
        read(data, **limits)
    return caught.value.code


BOMB = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def test_what_is_hostile_or_damaged_has_one_clear_code() -> None:
    sound = package(table(PAIR))
    data = sound.packed()
    assert failure(data[: len(data) // 2]) == "damaged-file"
    assert failure(Parts({"OFD.xml": "<a/>"}).packed()) == "damaged-file"
    assert (
        failure(package(text("甲", 1, 9)).packed() and moved({}, ("<ofd:Layer>", "<ofd:Layer")).packed())
        == "damaged-file"
    )
    outside = moved({}, ('BaseLoc="Pages/Page_0', 'BaseLoc="../../../etc'))
    assert failure(outside.packed()) == "path-outside"
    assert failure(Parts({**sound.parts, "../../evil.sh": "x"}).packed()) == "path-outside"
    bomb = Parts({**sound.parts, "Doc_0/Document.xml": BOMB + str(sound.parts["Doc_0/Document.xml"])})
    assert failure(bomb.packed()) == "doctype"
    use = '<ofd:CompositeObject ResourceID="{}" Boundary="0 0 9 9"/>'
    groups = "".join(
        f'<ofd:CompositeGraphicUnit ID="{n}"><ofd:Content>{use.format(n + 1) * 10}</ofd:Content>'
        "</ofd:CompositeGraphicUnit>"
        for n in range(15)
    )
    resources = f"<ofd:CompositeGraphicUnits>{groups}</ofd:CompositeGraphicUnits>"
    swelling = package(use.format(0), resources=resources)
    assert failure(swelling.packed(), cells=10_000) == "limit-cells"
    assert failure(package("", "", "").packed(), pages=2) == "limit-pages"
    assert failure(data, cells=3) == "limit-cells"
    assert failure(package(table(PAIR) + " " * 3_000_000).packed()) == "limit-ratio"
