"""Pages of OFD for people: what was read of them drawn anew as SVG; the picture itself of a scanned one."""

import re
from collections.abc import Iterator
from itertools import groupby, islice

from jixiao.errors import no_page
from jixiao.geometry import Char, Ruling
from jixiao.hookspecs import Box, Image, Page
from jixiao.limits import Limits
from jixiao.markup import escaped

from jixiao_readers._ofd.document import drawn_of, opened, pages_of, scan_of
from jixiao_readers._ofd.draw import BELOW
from jixiao_readers._png import part
from jixiao_readers._scan.installed import installed
from jixiao_readers._scan.picture import kind

FONTS = "SimSun, 'Noto Serif CJK SC', 'Source Han Serif SC', serif"
_NO_XML = re.compile(r"[^\t\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def pages(data: bytes, limits: Limits) -> Iterator[Page]:
    """The pages with their sizes. Raises BadInput as the reader does."""
    package = opened(data, limits)
    for number, page in enumerate(pages_of(package, limits), 1):
        drawn, width, height = drawn_of(page, limits.cells)
        if scan := _scan(scan_of(package, drawn)):
            from jixiao_readers._scan.show import pages as scanned

            seen = next(scanned(scan, limits))
            width, height = seen.width, seen.height
        yield Page(number=number, width=width, height=height)


def page_image(data: bytes, number: int, scale: float, box: Box | None, limits: Limits) -> Image:
    """Raises BadInput as the reader does, and `no-page`."""
    package = opened(data, limits)
    page = next(islice(pages_of(package, limits), number - 1, None), None)
    if page is None:
        raise no_page(number)
    drawn, width, height = drawn_of(page, limits.cells)
    if scan := _scan(scan_of(package, drawn)):
        from jixiao_readers._scan.show import page_image as scanned

        return scanned(scan, 0, scale, box, limits)
    shown = part(box, width, height)
    chars = [c for c in drawn.chars if _meet(shown, (c.x0, c.top, c.x1, c.bottom))]
    return Image(media_type="image/svg+xml", data=svg(chars, drawn.rulings, shown, scale).encode())


def _meet(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _scan(data: bytes | None) -> bytes | None:
    """The picture of a page where it can be read as a scan."""
    return data if data is not None and kind(data) and installed() else None


def svg(chars: list[Char], rulings: list[Ruling], shown: Box, scale: float) -> str:
    """Characters and ruling lines in points; what of them is `shown`, at `scale` pixels to a point."""
    x0, top, x1, bottom = shown
    wide, high = x1 - x0, bottom - top
    size = f'width="{wide * scale:.1f}" height="{high * scale:.1f}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="{x0:.2f} {top:.2f} {wide:.2f} {high:.2f}">'
        f'<rect x="{x0:.2f}" y="{top:.2f}" width="{wide:.2f}" height="{high:.2f}" fill="#fff"/>'
        f'<path stroke="#000" stroke-width="0.6" fill="none" d="{"".join(map(_line, rulings))}"/>'
        f'<g font-family="{FONTS}" fill="#000">{"".join(_texts(chars))}</g></svg>'
    )


def _line(rule: Ruling) -> str:
    if rule.horizontal:
        return f"M{rule.start:.2f} {rule.at:.2f}H{rule.end:.2f}"
    return f"M{rule.at:.2f} {rule.start:.2f}V{rule.end:.2f}"


def _texts(chars: list[Char]) -> Iterator[str]:
    """The characters, those side by side on one line in one element."""
    for (bottom, size), run in groupby(chars, key=lambda c: (round(c.bottom, 2), round(c.size, 2))):
        shown = [(c.x0, _NO_XML.sub("\ufffd", c.text)) for c in run if c.text.strip()]
        xs = " ".join(f"{x:.2f}" for x, text in shown for _ in text)
        said = escaped("".join(text for _, text in shown))
        if said:
            yield f'<text y="{bottom - BELOW * size:.2f}" font-size="{size:.2f}" x="{xs}">{said}</text>'
