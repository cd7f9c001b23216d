"""The scan reader: what is drawn and printed comes back from its picture, on this machine alone."""

import struct
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import files
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jixiao.document import Cell, Document, Grid, Section, grid
from jixiao.errors import BadInput, PluginError
from jixiao.geometry import Char, Ruling, Table
from jixiao.head import Head
from jixiao.interpret import interpret
from jixiao.limits import Limits
from jixiao.model import Place
from jixiao_readers._scan import cache
from jixiao_readers._scan.fit import lay_out
from jixiao_readers._scan.page import Seen, SeenLine
from jixiao_readers._scan.rules import rules
from jixiao_readers._scan.upright import Page, skew, upright
from jixiao_readers.pdf import PdfReader
from jixiao_readers.scan import ScanOptions, ScanReader
from span_grids import span_grids

ROOT = Path(__file__).resolve().parent.parent
SCANS = ROOT / "fixtures" / "scan"
PNG = b"\x89PNG\r\n\x1a\n"
SCALE = 200 / 72


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JIXIAO_CACHE", str(tmp_path))
    return tmp_path / "scan"


def read(data: bytes, mode: str = "fast", **limits: int) -> Document:
    return ScanReader(ScanOptions(ocr=mode)).read(data, Limits(**limits))


def said(document: Document) -> list[str]:
    return [f.code for f in document.findings]


def cells(grids: Iterable[Grid]) -> list[list[tuple[object, ...]]]:
    """Every table's cells, their text without white space and without the width of its punctuation."""
    narrow = str.maketrans("，：（）；", ",:();")
    return [
        [(c.row, c.col, c.rowspan, c.colspan, "".join(c.text.split()).translate(narrow)) for c in g.cells]
        for g in grids
    ]


def printed() -> list[list[tuple[object, ...]]]:
    return cells(PdfReader().read((ROOT / "fixtures/pdf/six-libreoffice.pdf").read_bytes(), Limits()).grids())


def png(picture: np.ndarray) -> bytes:
    return bytes(cv2.imencode(".png", picture)[1])


# What is printed


@pytest.mark.slow
@pytest.mark.parametrize(("name", "first", "pages"), [("photo.jpg", 1, 1), ("fax.tiff", 2, 2)])
def test_scans_say_what_their_pages_print(name: str, first: int, pages: int) -> None:
    document = read((SCANS / name).read_bytes())
    assert cells(document.grids()) == printed()[first : first + pages]
    assert {c.place.page for g in document.grids() for c in g.cells if c.place} == set(range(1, pages + 1))
    assert all(0.0 < c.confidence <= 1.0 for g in document.grids() for c in g.cells)
    assert said(document) == []


@pytest.mark.slow
def test_a_page_without_text_is_read_between_others_that_have_some() -> None:
    document = PdfReader().read((SCANS / "mixed.pdf").read_bytes(), Limits())
    assert cells(document.grids()) == printed()[4:6]
    assert said(document) == ["page-by-ocr"]


OFFLINE = """
import sys
def stop(event, args):
    if event.startswith(("socket.", "urllib.", "http.", "ftplib.")) and event != "socket.__new__":
        raise SystemExit(f"{event} {args}")
sys.addaudithook(stop)
from pathlib import Path
import msgspec
from jixiao.limits import Limits
from jixiao_readers.scan import ScanReader
document = ScanReader().read(Path(sys.argv[1]).read_bytes(), Limits())
sys.stdout.buffer.write(msgspec.json.encode(list(document.grids())))
"""


@pytest.mark.slow
def test_nothing_is_fetched_and_the_networks_are_in_the_wheel(tmp_path: Path) -> None:
    """The process ends at the first step towards a network; a home without anything in it is enough."""
    home = {"HOME": str(tmp_path), "JIXIAO_CACHE": "off", "PATH": "", "PYTHONPATH": ":".join(sys.path)}
    run = [sys.executable, "-c", OFFLINE, str(SCANS / "sheet.png")]
    done = subprocess.run(run, env=home, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert cells(msgspec.json.decode(done.stdout, type=list[Grid])) == printed()[:1]
    carried = [f.name for f in files("rapidocr") or () if f.name.endswith(".onnx")]
    assert {kind for kind in ("_det_", "_rec_") for name in carried if kind in name} == {"_det_", "_rec_"}


# What is drawn


def drawn(tried: Grid, degrees: float = 0.0) -> np.ndarray:
    """The grid as an A4 page at 200 dots an inch: lines of two pixels, no text."""
    page = np.full((2339, 1654), 255, np.uint8)
    wide, high = round(460 / tried.cols * SCALE), round(min(700 / tried.rows, 60) * SCALE)
    for c in tried.cells:
        start = (150 + c.col * wide, 200 + c.row * high)
        end = (150 + (c.col + c.colspan) * wide, 200 + (c.row + c.rowspan) * high)
        cv2.rectangle(page, start, end, 0, 2)
    turn = cv2.getRotationMatrix2D((827, 1169), degrees, 1.0)
    return cv2.warpAffine(page, turn, (1654, 2339), flags=cv2.INTER_LINEAR, borderValue=(255,))


def seen_in(page: Page) -> Document:
    width, height = page.size
    layout, _ = lay_out(Seen(width=width, height=height, rulings=tuple(rules(page, []))), 1, 10_000)
    return Document(sections=(Section(blocks=tuple(b.grid for b in layout.blocks)),))


def spans(tried: Grid) -> list[tuple[int, int, int, int]]:
    """The cells, where rows and columns that no cell begins in do not count: nothing is drawn for them."""
    rows, cols = sorted({c.row for c in tried.cells}), sorted({c.col for c in tried.cells})
    return [
        (
            rows.index(c.row),
            cols.index(c.col),
            sum(c.row <= r < c.row + c.rowspan for r in rows),
            sum(c.col <= k < c.col + c.colspan for k in cols),
        )
        for c in tried.cells
    ]


@given(span_grids(texts=st.just("")), st.sampled_from([-3.0, -0.4, 0.0, 1.7]))
@settings(max_examples=12, deadline=None)
def test_drawn_grids_come_back_with_their_merged_cells(tried: Grid, degrees: float) -> None:
    assume(len(tried.cells) > 1)
    (found,) = seen_in(upright(drawn(tried, degrees), 200)).grids()
    assert spans(found) == spans(tried)


@pytest.mark.parametrize("degrees", [-9.0, -2.0, -0.5, 0.0, 1.2, 2.0, 8.0])
def test_the_skew_of_a_page_is_measured(degrees: float) -> None:
    page = drawn(grid([], rows=9, cols=4), degrees)
    assert skew(page, 200) == pytest.approx(-degrees, abs=0.06)


def test_a_page_is_brought_to_scale_and_keeps_its_size() -> None:
    for dots in (100, 150, 250, 400):
        page = upright(np.full((dots * 11, dots * 8), 255, np.uint8), dots)
        assert page.size == pytest.approx((576, 792), abs=0.5)
        assert 200 <= page.scale * 72 <= 300


# Whether it fits


def line(text: str, x: float, y: float, sure: float = 1.0) -> SeenLine:
    chars = tuple(Char(c, x + 10 * n, y, x + 10 * n + 10, y + 10, 10) for n, c in enumerate(text))
    return SeenLine(chars=chars, sure=(sure,) * len(chars))


def table(*rulings: Ruling) -> Seen:
    """Two rows of two cells, ruled as told."""
    lines = (
        line("指标", 60, 110),
        line("数值", 260, 110),
        line("次数", 60, 150),
        line("12次", 260, 150, 0.6),
    )
    return Seen(width=595, height=842, rulings=rulings, lines=lines)


FRAME = [Ruling(True, y, 50, 450) for y in (100, 140, 180)] + [Ruling(False, x, 100, 180) for x in (50, 450)]


def test_each_cell_says_how_surely_it_was_read() -> None:
    layout, findings = lay_out(table(*FRAME, Ruling(False, 250, 100, 180)), 3, 100)
    (found,) = layout.blocks
    assert [(c.text, c.confidence) for c in found.grid.cells] == [
        ("指标", 1.0), ("数值", 1.0), ("次数", 1.0), ("12次", 0.6),
    ]  # fmt: skip
    assert found.grid.cells[3].place == Place(page=3, box=(250.0, 140.0, 450.0, 180.0))
    assert findings == []


def test_broken_rules_are_mended_and_that_is_said() -> None:
    broken = [Ruling(False, 250, 100, 118), Ruling(False, 250, 162, 180)]
    layout, findings = lay_out(table(*FRAME, *broken), 1, 100)
    assert [c.text for c in layout.blocks[0].grid.cells] == ["指标", "数值", "次数", "12次"]
    assert [(f.code, f.severity) for f in findings] == [("rules-mended", "warning")]


def test_rules_that_do_not_fit_the_text_are_given_up_and_that_is_said() -> None:
    layout, findings = lay_out(table(*FRAME), 1, 100)
    texts = [c.text for b in layout.blocks for c in (b.grid.cells if isinstance(b, Table) else (b,))]
    assert "".join("".join(texts).split()) == "指标数值次数12次"
    assert [(f.code, f.severity) for f in findings] == [("rules-not-found", "warning")]


# What it becomes


def test_what_the_reader_was_not_sure_of_is_a_finding_at_its_indicator() -> None:
    rows = [("一级指标", "二级指标", "三级指标", "指标值"), ("产出指标", "数量指标", "培训人数", "≥30人")]
    box = (250.0, 140.0, 450.0, 180.0)

    def findings(sure: float) -> list[tuple[object, ...]]:
        made = [
            Cell(text=t, row=r, col=c, confidence=sure if t == "≥30人" else 0.8, place=Place(page=1, box=box))
            for r, row in enumerate(rows)
            for c, t in enumerate(row)
        ]
        document = Document(sections=(Section(blocks=(grid(made),)),))
        (sheet,) = interpret(document).sheets
        doubts = [f for f in sheet.findings if f.code == "doubtful-character"]
        return [(f.indicator, f.severity, f.text, f.place and f.place.box) for f in doubts]

    assert findings(0.5) == [(0, "warning", "≥30人", box)]
    assert findings(0.95) == []


# What is kept


def test_a_page_is_looked_at_once(own_cache: Path) -> None:
    looks: list[int] = []

    def look() -> Seen:
        looks.append(1)
        return table(*FRAME)

    for source, mode in ((b"a", "fast"), (b"a", "fast"), (b"a", "accurate"), (b"b", "fast"), (b"a", "fast")):
        assert cache.kept(source, 0, mode, 200.0, look) == table(*FRAME)
    assert len(looks) == 3
    for path in own_cache.iterdir():
        path.write_bytes(b"{")
    assert cache.kept(b"a", 0, "fast", 200.0, look) == table(*FRAME)
    assert len(looks) == 4


def test_kept_pages_are_bounded(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST", 3)
    for n in range(6):
        cache.kept(b"%d" % n, 0, "fast", 200.0, lambda: Seen(width=1, height=1))
    assert len(list(own_cache.iterdir())) == 3


def test_where_nothing_can_be_kept_pages_are_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    for place in ("off", "", str(tmp_path / "file")):
        monkeypatch.setenv("JIXIAO_CACHE", place)
        assert cache.kept(b"a", 0, "fast", 200.0, lambda: table(*FRAME)) == table(*FRAME)
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_pages_are_announced_and_empty_ones_are_empty(capsys: pytest.CaptureFixture[str]) -> None:
    blank = np.full((400, 300), 255, np.uint8)
    document = read(bytes(cv2.imencodemulti(".tiff", [blank, blank, blank])[1]))
    assert document.sections[0].blocks == ()
    assert capsys.readouterr().err.count("\n") == 3


# What is no scan, or more than one


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + b"\0\0\0\0"


def tiff(directories: int, width: int = 10, loop: bool = False) -> bytes:
    """So many directories of three entries; the last leads to the first where they loop."""
    data, size = b"II*\0" + struct.pack("<I", 8), 2 + 3 * 12 + 4
    for n in range(directories):
        entries = [(256, 4, 1, width), (257, 4, 1, 10), (258, 4, 1, 8)]
        after = 8 + (n + 1) * size if n + 1 < directories else 8 if loop else 0
        data += struct.pack("<H", 3) + b"".join(struct.pack("<HHII", *e) for e in entries)
        data += struct.pack("<I", after)
    return data


HOSTILE = {
    "a picture of a billion pixels": (
        PNG + chunk(b"IHDR", struct.pack(">IIBBBBB", 40_000, 40_000, 8, 0, 0, 0, 0)), "limit-pixels",
    ),
    "a photo of a billion pixels": (
        b"\xff\xd8\xff\xc0\0\x11\x08" + struct.pack(">HH", 65_000, 65_000) + bytes(10), "limit-pixels",
    ),
    "a page of a billion pixels": (tiff(1, width=1_000_000_000), "limit-pixels"),
    "pages in a circle": (tiff(3, loop=True), "damaged-file"),
    "too many pages": (tiff(40), "limit-pages"),
    "no pixels": (PNG + chunk(b"IHDR", struct.pack(">IIBBBBB", 9, 9, 8, 0, 0, 0, 0)), "damaged-file"),
    "no end": (b"\xff\xd8\xff\xe0\0\x10JFIF", "damaged-file"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pictures_are_refused_by_their_headers(name: str) -> None:
    data, code = HOSTILE[name]
    assert ScanReader().sniff(Head(data, None))
    with pytest.raises(BadInput) as refused:
        read(data, pages=20)
    assert refused.value.code == code


@given(st.sampled_from([PNG, b"\xff\xd8\xff", b"II*\0", b"MM\0*"]), st.binary(max_size=80))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_read_or_refused(start: bytes, rest: bytes) -> None:
    with pytest.raises(BadInput):
        read(start + rest)


@pytest.fixture
def without_extra(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("jixiao_readers._scan.installed.find_spec", lambda name: None)
    yield


def test_without_the_extra_one_sentence_says_what_to_install(without_extra: None) -> None:
    with pytest.raises(PluginError) as missing:
        read(png(np.full((40, 30), 255, np.uint8)))
    assert missing.value.code == "no-ocr"
    assert "jixiao[ocr]" in missing.value.do
    document = PdfReader().read((SCANS / "mixed.pdf").read_bytes(), Limits())
    assert said(document) == ["page-without-text"]
    assert cells(document.grids()) == printed()[4:5]
