"""The left side of the review desk: what a source looks like, and where in it the indicators stand."""

import io
import pickle
import re
import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import cv2
import desk
import numpy as np
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jixiao.convert import read, write
from jixiao.document import Cell, Document, Line, Section, grid
from jixiao.errors import BadInput
from jixiao.hookspecs import Image, Page
from jixiao.limits import Limits
from jixiao.markup import escaped
from jixiao.model import Indicator, Place, Reading
from jixiao.review.source import MOST_CELLS, Picture, crop, drawn, page_image, pages_html, picture
from lxml import etree, html
from ofd_writer import package
from starlette.testclient import TestClient

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
SIX = FIXTURES / "six" / "sheets.txt"
LIMITS = Limits()


@cache
def six(to: str) -> bytes:
    """The six sheets in a format that can be written."""
    return SIX.read_bytes() if to == "text" else write(read(SIX.read_bytes()), to)


def bare(text: str | None) -> str:
    return "".join((text or "").split())


def named(reading: Reading) -> list[tuple[Indicator, Place]]:
    """The indicators that have a name, with their places. Every one of these has to have a place."""
    found = [(i, i.place) for s in reading.sheets for i in s.indicators if i.level3]
    assert found
    return [(i, place) for i, place in found if place is not None or pytest.fail(f"{i.level3}: no place")]


def shown_at(root: html.HtmlElement, place: Place) -> list[str]:
    """The texts of the cells that the browser highlights for a place (static/source.js)."""
    if place.row:
        where = f'[@data-table="{place.table or 0}"][@data-row="{place.row}"]'
    else:
        assert place.box
        where = f'[@data-page="{place.page}"][@data-box="{",".join(map(str, place.box))}"]'
    return [cell.text_content() for cell in root.xpath(f"//*{where}")]


@pytest.mark.parametrize("to", ["text", "docx", "xlsx", "html"])
def test_every_place_is_a_row_of_the_drawn_table_that_holds_the_name(to: str) -> None:
    data = six(to)
    shown = picture(data, "six", LIMITS)
    assert shown.kind == "tables" and not shown.pages
    root = html.fromstring(shown.html)
    for indicator, place in named(read(data)):
        assert any(bare(indicator.level3) in bare(text) for text in shown_at(root, place)), indicator


@pytest.mark.parametrize(
    "name",
    [
        *(f"legacy/{n}" for n in ("two.xls", "two.et", "page.alto.xml", "page.hocr", "rapidocr.json")),
        *(f"legacy/{n}" for n in ("html-tables.md", "pipe-table.md", "tabs-under-false-name.xls")),
        *(f"legacy/{n}" for n in ("spreadsheetml-under-false-name.xls", "mhtml-under-false-name.xls")),
        *(f"wild/{path.name}" for path in sorted((FIXTURES / "wild").glob("*.txt"))),
    ],
)
def test_so_it_is_for_every_format_without_pages(name: str) -> None:
    data = (FIXTURES / name).read_bytes()
    root = html.fromstring(f"<div>{picture(data, name, LIMITS).html}</div>")
    reading = read(data)
    if not any(i.level3 for s in reading.sheets for i in s.indicators):
        return
    for indicator, place in named(reading):
        said = bare("".join(shown_at(root, place)))
        # what a reader mended or put together stands there in part
        assert said and (bare(indicator.level3) in said or bare(indicator.level3)[:2] in said), indicator


@pytest.mark.parametrize("name", ["six-chromium.pdf", "six-libreoffice.pdf", "sixty-chromium.pdf"])
def test_every_box_on_a_page_of_a_pdf_holds_the_name(name: str) -> None:
    data = (FIXTURES / "pdf" / name).read_bytes()
    shown = picture(data, name, LIMITS)
    assert shown.kind == "pages" and not shown.html
    document = pypdfium2.PdfDocument(data)
    assert [p.number for p in shown.pages] == list(range(1, len(document) + 1))
    for indicator, place in named(read(data)):
        assert place.page and place.box
        page = shown.pages[place.page - 1]
        x0, top, x1, bottom = place.box
        assert 0 <= x0 < x1 <= page.width and 0 <= top < bottom <= page.height
        text = document[place.page - 1].get_textpage()
        said = text.get_text_bounded(x0, page.height - bottom, x1, page.height - top)
        # a name over a page break stands on two pages
        assert bare(said) and (bare(indicator.level3) in bare(said) or bare(said) in bare(indicator.level3))


def test_every_box_on_a_page_of_an_ofd_shows_the_name() -> None:
    data = (FIXTURES / "ofd" / "two.ofd").read_bytes()
    assert picture(data, "two.ofd", LIMITS).kind == "pages"
    for indicator, place in named(read(data)):
        assert place.page and place.box
        made = crop(data, "two.ofd", place.page, place.box, LIMITS)
        assert made.media_type == "image/svg+xml"
        texts = etree.fromstring(made.data).iter("{http://www.w3.org/2000/svg}text")
        assert bare(indicator.level3) in bare("".join(t.text or "" for t in texts))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["sheet.png", "photo.jpg", "mixed.pdf"])
def test_every_box_on_a_scan_shows_ink_and_no_more_than_its_cell(name: str) -> None:
    data = (FIXTURES / "scan" / name).read_bytes()
    seen = 0
    for _indicator, place in named(read(data)):
        assert place.page and place.box
        x0, top, x1, bottom = place.box
        inner = (x0 + 4, top + 4, x1 - 4, bottom - 4)
        pixels = decoded(crop(data, name, place.page, inner, LIMITS, 2.0))
        dark = pixels < 128
        assert dark.any(), place
        # straight rules of a neighbour would run across the whole of what is inside the cell
        assert not dark.all(axis=0).any() and not dark.all(axis=1).any(), place
        assert abs(pixels.shape[1] - 2 * (x1 - x0 - 4)) <= 2
        seen += 1
    assert seen > 5


def decoded(image: Image) -> np.ndarray:
    made = cv2.imdecode(np.frombuffer(image.data, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert made is not None
    return made


def tilted(degrees: float, dots: int = 150) -> tuple[bytes, tuple[float, float, float, float]]:
    """A page of lines with one black box in it, turned: the PNG, and where the box is once it is straight."""
    wide, high = round(595 * dots / 72), round(842 * dots / 72)
    page = np.full((high, wide), 255, np.uint8)
    for y in range(200, high - 200, 60):
        cv2.line(page, (150, y), (wide - 150, y), 0, 3)
    cv2.rectangle(page, (300, 410), (500, 430), 0, -1)
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), -degrees, 1.0)
    page = cv2.warpAffine(page, turn, (wide, high), borderValue=(255,))
    box = tuple(n * 72 / dots for n in (300, 410, 500, 430))
    return cv2.imencode(".png", page)[1].tobytes(), (box[0], box[1], box[2], box[3])


@settings(max_examples=8, deadline=None)
@given(st.floats(-4, 4), st.sampled_from([1.0, 1.5, 4.0]))
def test_a_scan_is_shown_as_straight_as_it_is_read(degrees: float, scale: float) -> None:
    data, box = tilted(degrees)
    whole = decoded(page_image(data, "x.png", 1, LIMITS, scale))
    x0, top, x1, bottom = (round(n * scale) for n in (box[0] + 3, box[1] + 3, box[2] - 3, box[3] - 3))
    assert whole[top:bottom, x0:x1].mean() < 30
    part = decoded(crop(data, "x.png", 1, box, LIMITS, scale))
    assert abs(part.shape[1] - scale * (box[2] - box[0] + 4)) < 2
    assert (part < 128).mean() > 0.5


def test_a_page_that_was_scanned_sideways_by_a_camera_keeps_its_sides() -> None:
    data, _box = tilted(0.0, 60)
    made = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert made is not None
    jpeg = cv2.imencode(".jpg", made)[1].tobytes()
    exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"  # orientation 6
    turned = jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:]
    (page,) = picture(turned, "x.jpg", LIMITS).pages
    height, width = decoded(page_image(turned, "x.jpg", 1, LIMITS, 1.0)).shape
    assert page.width > page.height and abs(width - page.width) < 2 and abs(height - page.height) < 2


def test_pages_turned_by_their_text_are_shown_upright() -> None:
    document = pypdfium2.PdfDocument(FIXTURES / "pdf" / "two-chromium.pdf")
    upright = page_image((FIXTURES / "pdf" / "two-chromium.pdf").read_bytes(), None, 1, LIMITS, 1.0)
    for quarters in (90, 180, 270):
        document[0].set_rotation(quarters)
        out = io.BytesIO()
        document.save(out)
        page = picture(out.getvalue(), "x.pdf", LIMITS).pages[0]
        turned = decoded(page_image(out.getvalue(), None, 1, LIMITS, 1.0))
        assert (page.width, page.height) == pytest.approx((594.96, 841.92), abs=1)
        assert turned.shape == decoded(upright).shape
        assert np.abs(turned.astype(int) - decoded(upright)).mean() < 8


@pytest.mark.parametrize(
    ("name", "number"), [("six/sheets.txt", 1), ("pdf/tiny.py", 1), ("ofd/two.ofd", 9), ("scan/fax.tiff", 3)]
)
def test_a_page_that_there_is_not_is_refused(name: str, number: int) -> None:
    with pytest.raises(BadInput) as caught:
        page_image((FIXTURES / name).read_bytes(), name, number, LIMITS)
    assert caught.value.code == "no-page"


@pytest.mark.parametrize(
    "box", [(0, 0, 0, 0), (5, 5, 1, 1), (float("nan"), 0, 9, 9), (0, 0, float("inf"), 9)]
)
def test_a_box_that_is_none_is_refused(box: tuple[float, float, float, float]) -> None:
    with pytest.raises(BadInput):
        page_image((FIXTURES / "pdf" / "two-chromium.pdf").read_bytes(), None, 1, LIMITS, 1.5, box)


@pytest.mark.parametrize("name", ["pdf/two-chromium.pdf", "scan/sheet.png"])
@pytest.mark.parametrize("box", [None, (10.0, 10.0, 500.0, 800.0), (9000.0, 1.0, 9001.0, 2.0)])
def test_pictures_keep_within_the_limit(name: str, box: tuple[float, float, float, float] | None) -> None:
    data = (FIXTURES / name).read_bytes()
    few = Limits(pixels=4_000_000)
    assert decoded(page_image(data, name, 1, few, 1e9, box)).size <= 4_000_000


def test_limits_of_pages_hold() -> None:
    with pytest.raises(BadInput) as caught:
        picture((FIXTURES / "pdf" / "six-chromium.pdf").read_bytes(), "x", Limits(pages=2))
    assert caught.value.code == "limit-pages"


TAGS = {"div", "h3", "p", "table", "caption", "col", "tr", "td", "tbody"}
ATTRIBUTES = {f"data-{n}" for n in ("table", "row", "col", "page", "box")} | {
    "rowspan",
    "colspan",
    "width",
    "class",
}
HOSTILE = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            '"><img src=x onerror=alert(1)>',
            "</td></table><h1>",
            "&lt;b&gt;",
            "\0\x1b[31m",
            "]]>",
            "<!--",
            "\ud800",
        ]
    ),
)


@settings(max_examples=50, deadline=None)
@given(st.lists(HOSTILE, min_size=1, max_size=6), HOSTILE, HOSTILE)
def test_whatever_a_source_says_is_text_of_the_drawn_table(cells: list[str], line: str, name: str) -> None:
    blocks = (
        Line(text=line, place=Place(row=1)),
        grid([Cell(text=text, row=0, col=k) for k, text in enumerate(cells)]),
    )
    root = html.fromstring(f"<div>{drawn(Document(sections=(Section(name=name, blocks=blocks),)))}</div>")
    for element in root.iter():
        assert element.tag in TAGS
        assert set(element.attrib) <= ATTRIBUTES
    found = [td.text_content() for td in root.xpath("//td")]
    assert [plain(t) for t in found] == [plain(t) for t in cells]
    assert [plain(p.text_content()) for p in root.xpath("//p")] == [plain(line)]


def plain(text: str) -> str:
    """Without what no HTML can hold."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd\r\n]", "", text)


def test_merged_cells_are_drawn_merged_and_rows_keep_the_numbers_of_the_source() -> None:
    made = grid(
        [
            Cell(text="产出", row=0, col=0, rowspan=2, place=Place(table=3, row=7)),
            Cell(text="数量", row=0, col=1, colspan=2, place=Place(table=3, row=7)),
            Cell(text="完成率", row=1, col=2, place=Place(table=3, row=9)),
        ],
        widths=[1, 1, 2],
    )
    root = html.fromstring(drawn(Document(sections=(Section(blocks=(made,)),))))
    cells = {td.text: dict(td.attrib) for td in root.xpath("//td")}
    assert cells["产出"] == {"data-table": "3", "data-row": "7", "data-col": "1", "rowspan": "2"}
    assert cells["数量"]["colspan"] == "2"
    assert cells["完成率"] == {"data-table": "3", "data-row": "9", "data-col": "3"}
    assert cells[None]["data-row"] == "9"  # the empty cell stands in the row of the other
    assert [c.get("width") for c in root.xpath("//col")] == ["25.0%", "25.0%", "50.0%"]


def test_what_is_too_much_for_a_browser_is_said() -> None:
    many = tuple(Line(text=str(n)) for n in range(MOST_CELLS + 1))
    made = drawn(Document(sections=(Section(blocks=many),)))
    assert str(MOST_CELLS - 1) in made and f">{MOST_CELLS}<" not in made and "source-more" in made


def test_pages_are_drawn_with_addresses_that_are_escaped() -> None:
    made = pages_html((Page(number=1, width=595.2, height=842.0),), lambda n: f'/page?a="{n}"&b=<x>')
    (image,) = html.fromstring(made).xpath("//img")
    assert image.get("src") == '/page?a="1"&b=<x>' and image.get("alt")
    assert not re.search(r"\sstyle=|\son\w+=", made)


def test_what_is_given_can_go_to_another_process() -> None:
    shown = picture(six("xlsx"), "six.xlsx", LIMITS)
    assert pickle.loads(pickle.dumps(shown)) == shown
    assert pickle.loads(pickle.dumps(picture)) is picture


def test_a_reading_without_cells_is_drawn_as_the_form() -> None:
    shown = picture(six("json"), "six.json", LIMITS)
    assert isinstance(shown, Picture) and shown.kind == "tables" and "绩效" in shown.html
    assert "data-row" not in shown.html  # its places are those of the text that it was made from


@pytest.mark.slow
@pytest.mark.needs("soffice")
@pytest.mark.parametrize("name", ["two.doc", "two.rtf", "two.ods", "two.odt", "two.wps"])
def test_what_libreoffice_opens_is_drawn_with_its_places(name: str) -> None:
    data = (FIXTURES / "legacy" / name).read_bytes()
    root = html.fromstring(f"<div>{picture(data, name, LIMITS).html}</div>")
    for indicator, place in named(read(data)):
        assert any(bare(indicator.level3) in bare(text) for text in shown_at(root, place)), indicator


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "]]>&amp;'\"", "\U00020000漢"])
def test_what_an_ofd_says_is_text_of_its_picture(text: str) -> None:
    steps = " ".join(["4"] * (len(text) - 1))
    data = package(
        f'<ofd:TextObject ID="9" Boundary="10 10 150 5" Size="4" Font="1"><ofd:TextCode X="0" Y="4" '
        f'DeltaX="{steps}">{escaped(text)}</ofd:TextCode></ofd:TextObject>'
    ).packed()
    root = etree.fromstring(page_image(data, "x.ofd", 1, LIMITS).data)
    assert {etree.QName(e).localname for e in root.iter()} == {"svg", "rect", "path", "g", "text"}
    assert "".join(root.itertext()) == text


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    out = desk.batch(tmp_path_factory.mktemp("desk"), SIX, FIXTURES / "pdf" / "two-chromium.pdf")
    with desk.opened(out) as opened:
        yield opened


def test_the_desk_serves_pages_and_parts_of_them(client: TestClient) -> None:
    source = client.get("/source/2").text
    (address, *_more) = html.fromstring(f"<div>{source}</div>").xpath("//figure/img/@src")
    whole, part = client.get(address), client.get("/page/2/1?box=40,60,240,90")
    assert whole.headers["content-type"] == part.headers["content-type"] == "image/png"
    assert "script-src 'self'" in whole.headers["content-security-policy"]
    assert size(whole.content) > size(part.content) > 200 * 30


def size(png: bytes) -> int:
    width, height = struct.unpack_from(">II", png, 16)
    return int(width * height)


@pytest.mark.parametrize(
    "address",
    [
        *("/page/1/1", "/page/2/99", "/page/2/0", "/page/99/1", "/page/2/x"),
        *(
            f"/page/2/1?box={box}"
            for box in ("", "1,2", "a,b,c,d", "9,9,1,1", "nan,0,1,1", "0,0,inf,9", "1,2,3,4,5")
        ),
    ],
)
def test_the_desk_has_no_picture_of_what_is_not_there(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 404
