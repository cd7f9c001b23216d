"""The pages of a PDF as pictures that lie as their text was read: upright and, of scans, straight."""

import ctypes
from collections.abc import Iterator
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium
from jixiao.errors import no_page, truncated
from jixiao.hookspecs import Box, Image, Page
from jixiao.limits import Limits

from jixiao_readers._pdf_page import content, loaded, upright
from jixiao_readers._pdf_scan import LONGEST
from jixiao_readers._png import fitting, part, png
from jixiao_readers._scan.installed import installed

DOTS = 150.0
"""Dots an inch at least with which a scanned page is drawn: how it lies is told by them."""


class _Frame(NamedTuple):
    """`wide` times `high` pixels of a page that is drawn `width` times `height`, from `left`, `top` on."""

    wide: int
    high: int
    left: int
    top: int
    width: int
    height: int


def pages(document: Any, count: int) -> Iterator[Page]:
    """The pages with their sizes. Raises BadInput `damaged-file`."""
    for index in range(count):
        try:
            with loaded(document, index) as page:
                turn, width, height = upright(page)
            if turn % 2 and _is_seen(document, index):
                width, height = height, width
        except ValueError:
            raise truncated("PDF") from None
        yield Page(number=index + 1, width=width, height=height)


def page_image(document: Any, index: int, scale: float, box: Box | None, limits: Limits) -> Image:
    """The page at `index` (from 0). Raises BadInput `no-page`, `damaged-file`."""
    if index >= pdfium.FPDF_GetPageCount(document):
        raise no_page(index + 1)
    try:
        is_seen = _is_seen(document, index)
        with loaded(document, index) as page:
            return (_straight if is_seen else _upright)(page, scale, box, limits)
    except ValueError:
        raise truncated("PDF") from None


def _is_seen(document: Any, index: int) -> bool:
    """Whether the page is read from its picture."""
    return installed() and content(document, index).is_unreadable


def _upright(page: Any, scale: float, box: Box | None, limits: Limits) -> Image:
    turn, width, height = upright(page)
    shown = part(box, width, height)
    scale = fitting(scale, shown, limits)
    corner = round(shown[0] * scale), round(shown[1] * scale)
    wide, high = (max(int((b - a) * scale), 1) for a, b in ((shown[0], shown[2]), (shown[1], shown[3])))
    frame = _Frame(wide, high, *corner, max(round(width * scale), 1), max(round(height * scale), 1))
    return Image(media_type="image/png", data=png(_drawn(page, turn, frame), wide, high, 72 * scale))


def _straight(page: Any, scale: float, box: Box | None, limits: Limits) -> Image:
    """A page that is read from its picture, set straight as it was to be read."""
    import numpy as np

    from jixiao_readers._scan.show import show

    width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    dots = min(max(DOTS, 72 * scale), LONGEST * 72 / max(width, height, 1.0))
    dots = 72 * fitting(dots / 72, (0.0, 0.0, width, height), limits)
    wide, high = max(int(width * dots / 72), 1), max(int(height * dots / 72), 1)
    pixels = np.frombuffer(_drawn(page, 0, _Frame(wide, high, 0, 0, wide, high)), np.uint8)
    return show(pixels.reshape(high, wide, 3)[:, :, ::-1], dots, scale, box, limits)


def _drawn(page: Any, turn: int, frame: _Frame) -> bytes:
    """Red, green and blue of each pixel, of a page turned by so many quarters."""
    wide, high, left, top, width, height = frame
    pixels = (ctypes.c_ubyte * (3 * wide * high)).from_buffer_copy(b"\xff" * (3 * wide * high))
    bitmap = pdfium.FPDFBitmap_CreateEx(wide, high, pdfium.FPDFBitmap_BGR, pixels, 3 * wide)
    try:
        flags = pdfium.FPDF_ANNOT | pdfium.FPDF_REVERSE_BYTE_ORDER
        pdfium.FPDF_RenderPageBitmap(bitmap, page, -left, -top, width, height, turn, flags)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
    return bytes(pixels)
