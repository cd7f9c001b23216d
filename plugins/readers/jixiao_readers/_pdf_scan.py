"""Pages of a PDF that hold no text, or none that its fonts name: drawn, and read as scans are."""

import ctypes
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from jixiao.findings import finding
from jixiao.geometry import PageLayout, Table
from jixiao.limits import Limits
from jixiao.model import Finding, Place

from jixiao_readers._scan.document import announce, page
from jixiao_readers._scan.installed import installed

if TYPE_CHECKING:
    from jixiao_readers._pdf_page import Content
    from jixiao_readers._scan.engine import Gray

DOTS = {"fast": 200.0, "accurate": 300.0}
"""Dots an inch at which a page is drawn."""
LONGEST = 7_000
"""Pixels of a page's longer side at most: A3 at 400 dots an inch."""
HALF = 0.5
Laid = tuple[PageLayout, list[Finding]]


def seen(
    data: bytes, document: Any, index: int, mode: str, limits: Limits, content: "Content"
) -> Laid | None:
    """The page at `index` (from 0) by its picture; None where that says nothing that its text does not, and
    where the OCR extra is not installed.

    Raises BadInput `limit-cells`.
    """
    if not installed():
        return None
    number = index + 1
    announce(number)
    draw, dots = _drawn(document, index, DOTS[mode])
    layout, said = page(data, index, draw, dots, mode, limits.cells, number=number)
    if _length(layout) < HALF * len("".join(content.said.split())):
        return None  # nothing is lost for a picture that shows less than the page says
    return layout, [finding("page-by-ocr", text=str(number), place=Place(page=number)), *said]


def _length(layout: PageLayout) -> int:
    """How many characters a page holds."""
    cells = [b.grid.cells if isinstance(b, Table) else (b,) for b in layout.blocks]
    return sum(not char.isspace() for block in cells for cell in block for char in cell.text)


def _drawn(document: Any, index: int, dots: float) -> "tuple[Callable[[], Gray], float]":
    """How to draw the page, and with how many dots an inch."""
    from pypdfium2.raw import FS_SIZEF, FPDF_GetPageSizeByIndexF

    size = FS_SIZEF()
    FPDF_GetPageSizeByIndexF(document, index, size)
    dots = min(dots, LONGEST * 72 / max(size.width, size.height, 1.0))
    wide, high = max(round(size.width * dots / 72), 1), max(round(size.height * dots / 72), 1)
    return partial(_picture, document, index, wide, high), dots


def _picture(document: Any, index: int, wide: int, high: int) -> "Gray":
    import numpy as np
    from pypdfium2 import raw as pdfium

    pixels = np.full((high, wide), 255, np.uint8)
    loaded = pdfium.FPDF_LoadPage(document, index)
    bitmap = pdfium.FPDFBitmap_CreateEx(
        wide, high, pdfium.FPDFBitmap_Gray, pixels.ctypes.data_as(ctypes.c_void_p), wide
    )
    try:
        flags = pdfium.FPDF_ANNOT | pdfium.FPDF_GRAYSCALE
        pdfium.FPDF_RenderPageBitmap(bitmap, loaded, 0, 0, wide, high, 0, flags)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
        pdfium.FPDF_ClosePage(loaded)
    return pixels
