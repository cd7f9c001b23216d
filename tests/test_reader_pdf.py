"""PDF in: what two producers printed comes back cell for cell, and what a file cannot say is said."""

import importlib.util
import io
import random
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jixiao.document import Cell, Document, Grid, Line, grid
from jixiao.errors import BadInput
from jixiao.head import Head
from jixiao.limits import Limits
from jixiao.plugins import registry

FIXTURES = Path(__file__).parent.parent / "fixtures" / "pdf"
PRODUCERS = ("chromium", "libreoffice")


def script(name):
    spec = importlib.util.spec_from_file_location(f"pdf_fixture_{name}", FIXTURES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


make, tiny = script("make"), script("tiny")


def data(name):
    return (FIXTURES / f"{name}.pdf").read_bytes()


def read(content: bytes, limits: Limits | None = None) -> Document:
    return registry().reader("pdf").read(content, limits or Limits())


def bare(text: str) -> str:
    """Without white space: where a line of a cell is broken is the producer's choice."""
    return "".join(text.split())


def blocks_of(document: Document):
    (section,) = document.sections
    return [bare(b.text) if isinstance(b, Line) else cells_of(b) for b in section.blocks]


def cells_of(table: Grid):
    return [(bare(c.text), c.row, c.col, c.rowspan, c.colspan) for c in table.cells]


def expected(name):
    """What the page was made to show, as the reader must give it."""
    out = []
    for block in make.PAGES[name].blocks:
        if isinstance(block, str):
            out.append(bare(block))
            continue
        taken, cells = set(), []
        for row, members in enumerate(block):
            col = 0
            for text, down, across in members:
                while (row, col) in taken:
                    col += 1
                cells.append(Cell(text=text, row=row, col=col, rowspan=down, colspan=across))
                taken |= {(row + r, col + k) for r in range(down) for k in range(across)}
        out.append(cells_of(grid(cells)))
    return out


@pytest.mark.parametrize("producer", PRODUCERS)
@pytest.mark.parametrize("name", ["six", "two", "bare", "sixty"])
def test_every_cell_span_and_line_comes_back(name, producer):
    document = read(data(f"{name}-{producer}"))
    assert blocks_of(document) == expected(name)
    assert not [f for f in document.findings if f.severity != "info"]
    assert all(g.spans is (name != "bare") for g in document.grids())


@pytest.mark.parametrize("producer", PRODUCERS)
def test_a_joined_table_says_so_and_keeps_its_pages(producer):
    document = read(data(f"sixty-{producer}"))
    codes = [f.code for f in document.findings]
    assert codes == ["pages-joined", "head-repeated"] * (len(codes) // 2)
    assert codes
    (table,) = document.grids()
    pages = [c.place.page for c in table.cells if c.place]
    assert {1, 2} <= set(pages)
    assert all(c.place and c.place.box and c.place.box[0] < c.place.box[2] for c in table.cells)


def test_spaces_of_the_source_are_kept():
    document = read(data("six-libreoffice"))
    goal = next(document.grids()).by_row()[6][1].text
    assert goal.startswith("本项目主要用于县政府办公室日常业务工作费用支出。 主要目标是")


@pytest.mark.parametrize("producer", PRODUCERS)
def test_the_room_set_between_chinese_and_figures_is_no_space(producer):
    texts = [c.text for g in read(data(f"sixty-{producer}")).grids() for c in g.cells]
    assert not [t for t in texts if " " in t]


# --- one thing each ----------------------------------------------------------------------------------------

GRID = tiny.table([50, 150, 250], [200, 230, 260]) + tiny.show(60, 240, "指标") + tiny.show(160, 210, "95%")


def the_grid(document: Document):
    (table,) = document.grids()
    return [c.text for c in table.cells]


def test_lines_and_text_inside_a_form_follow_its_matrix():
    small = tiny.table([25, 75, 125], [50, 65, 80]) + tiny.show(30, 70, "指标", 5)
    document = read(tiny.pdf("q 1 0 0 1 20 10 cm /X Do Q", form=small))
    assert the_grid(document) == ["指标", "", "", ""]
    (table,) = document.grids()
    assert table.cells[0].place.box == (70.0, 130.0, 170.0, 160.0)


def turned(content: bytes, quarters: int, rotation: int) -> bytes:
    """The page's content turned counter-clockwise, and the page marked to be shown turned clockwise."""
    document = pypdfium2.PdfDocument(content)
    page = document[0]
    w, h = page.get_size()
    a, b, c, d, e, f = [(1, 0, 0, 1, 0, 0), (0, 1, -1, 0, h, 0), (-1, 0, 0, -1, w, h), (0, -1, 1, 0, 0, w)][
        quarters
    ]
    clip = pypdfium2.raw.FS_RECTF(0, 2000, 2000, 0)
    assert pypdfium2.raw.FPDFPage_TransFormWithClip(page, pypdfium2.raw.FS_MATRIX(a, b, c, d, e, f), clip)
    if quarters % 2:
        page.set_mediabox(0, 0, h, w)
    page.set_rotation(rotation)
    out = io.BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
@pytest.mark.parametrize("marked", [True, False])
def test_turned_pages_are_read_upright_whether_they_are_marked_or_not(quarters, marked):
    document = read(turned(data("two-libreoffice"), quarters, 90 * quarters if marked else 0))
    assert blocks_of(document) == expected("two")
    before = next(read(data("two-libreoffice")).grids()).cells[0].place.box
    assert next(document.grids()).cells[0].place.box == pytest.approx(before, abs=0.1)


def test_characters_of_a_font_that_is_nowhere_are_not_lost():
    single = (
        tiny.table([50, 150, 250], [200, 230, 260]) + tiny.show(60, 240, "指标") + tiny.show(160, 210, "值")
    )
    document = read(tiny.pdf(single))
    assert the_grid(document) == ["指标", "", "", "值"]
    assert not document.findings


def test_radicals_become_the_characters_they_look_like_and_that_is_said():
    document = read(tiny.pdf(GRID, names={"指": "⽬", "标": "⻚"}))
    assert the_grid(document)[0] == "目页"
    (said,) = document.findings
    assert (said.code, said.severity, said.text) == ("radical-mapped", "info", "⻚⽬")


@pytest.mark.parametrize("name", [None, "\ue123", "\ufffd"])
def test_characters_the_font_does_not_name_are_never_passed_off_as_text(name, monkeypatch):
    monkeypatch.setattr("jixiao_readers._pdf_scan.installed", lambda: False)
    document = read(tiny.pdf(GRID, names={"标": name}))
    (said,) = document.findings
    assert (said.code, said.severity) == ("broken-font", "warning")
    assert said.place and said.place.page == 1
    assert the_grid(document)[0] in ("指\ufffd", "指\ue123")


def test_rare_characters_and_ligatures_are_kept():
    document = read(tiny.pdf(GRID, names={"指": "𠮷", "标": "ffi"}))
    assert the_grid(document)[0] == "𠮷ffi"
    assert not document.findings


def test_a_picture_without_text_is_said(monkeypatch):
    monkeypatch.setattr("jixiao_readers._pdf_scan.installed", lambda: False)
    document = read(tiny.pdf(GRID, "q 300 0 0 200 50 50 cm /I Do Q", image=True))
    (said,) = document.findings
    assert (said.code, said.text) == ("page-without-text", "2")


def test_invisible_text_is_text():
    assert the_grid(read(tiny.pdf("3 Tr " + GRID)))[0] == "指标"


def clipped(text: str) -> str:
    """Text below the table, outside what is shown."""
    return f"q 50 190 300 80 re W n {tiny.show(60, 100, text)} Q "


def test_text_clipped_away_that_another_page_shows_is_no_text_of_this_one():
    document = read(tiny.pdf(GRID + clipped("时效"), tiny.show(60, 100, "时效")))
    (section,) = document.sections
    assert [b.text for b in section.blocks if isinstance(b, Line)] == ["时效"]
    assert not document.findings


def test_text_clipped_away_for_good_is_said():
    (said,) = read(tiny.pdf(GRID + clipped("时效"))).findings
    assert (said.code, said.severity, said.text) == ("text-cut-off", "warning", "时效")


def test_page_numbers_are_notes_and_plain_text_is_lines():
    pages = [tiny.show(50, 200, f"第{n}段文字") + tiny.show(190, 10, f"—{n}—") for n in (1, 2)]
    (section,) = read(tiny.pdf(*pages)).sections
    assert [(b.text, b.style) for b in section.blocks] == [
        ("第1段文字", "body"), ("—1—", "note"), ("第2段文字", "body"), ("—2—", "note"),
    ]  # fmt: skip


# --- files that cannot be read -----------------------------------------------------------------------------


def refused(content: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(BadInput) as caught:
        read(content, limits)
    return caught.value.code


def test_a_password_is_wanted_or_not():
    assert refused(data("locked")) == "encrypted"
    assert blocks_of(read(data("restricted"))) == blocks_of(read(data("two-libreoffice")))


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"%PDF-1.7\n" + b"\0" * 500])
def test_what_is_no_whole_pdf_is_damaged(content):
    assert refused(content) == "damaged-file"


def test_limits_hold():
    assert refused(data("six-libreoffice"), Limits(pages=5)) == "limit-pages"
    assert refused(data("six-libreoffice"), Limits(cells=200)) == "limit-cells"


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 200), st.sampled_from(["two-libreoffice", "bare-libreoffice"]))
def test_a_damaged_file_gives_a_document_or_a_refusal(seed, hits, name):
    content = bytearray(data(name))
    chance = random.Random(seed)
    for _ in range(hits):
        content[chance.randrange(len(content))] = chance.randrange(256)
    if chance.random() < 0.3:
        del content[chance.randrange(len(content)) :]
    try:
        document = read(bytes(content))
    except BadInput as refusal:
        assert refusal.code in ("damaged-file", "encrypted") or refusal.code.startswith("limit-")
    else:
        assert isinstance(document, Document)


@given(st.binary(max_size=200))
def test_sniffing_never_raises(start):
    reader = registry().reader("pdf")
    assert reader.sniff(Head(start)) is (b"%PDF-" in start)


def test_sniffing_finds_the_signature_behind_a_byte_order_mark():
    reader = registry().reader("pdf")
    assert reader.sniff(Head(b"\xef\xbb\xbf%PDF-1.4 "))
    assert not reader.sniff(Head(b"PK\x03\x04"))
