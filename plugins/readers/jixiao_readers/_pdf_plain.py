"""The characters of a page by pdfplumber, without glyphs: pdfium passes over what it cannot draw."""

import io
import logging
import struct
import zlib
from collections.abc import Sequence
from functools import cached_property

import pdfplumber
from jixiao.geometry import Char
from pdfminer.psexceptions import PSException
from pdfplumber.page import Page
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

logging.getLogger("pdfminer").addHandler(logging.NullHandler())  # it tells the console of each odd font

# What its parser raises on a damaged file is not told; these are what damage has been seen to raise.
_FAULTS = (
    PSException,
    PdfminerException,
    MalformedPDFException,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


class Plain:
    """A PDF, opened when the first page is asked for."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def characters(self, index: int, turn: int) -> list[Char] | None:
        """What the page at `index` (from 0) holds, in the order drawn, in points from the top left of the
        page turned by `turn` quarters clockwise beside its rotation mark; None where it cannot be told."""
        try:
            page = self._pages[index]
            try:
                return _upright(page, turn)
            finally:
                page.close()
        except _FAULTS:
            return None

    @cached_property
    def _pages(self) -> Sequence[Page]:
        """The pages; none where the file cannot be opened, which is tried once."""
        try:
            return pdfplumber.open(io.BytesIO(self._data)).pages
        except _FAULTS:
            return ()


def _upright(page: Page, turn: int) -> list[Char]:
    (a, b, c, d), (e, f, g, h) = page.mediabox, page.cropbox
    left, top, right, bottom = max(a, e), max(b, f), min(c, g), min(d, h)
    chars = []
    for char in page.chars:
        x0, y0, x1, y1 = char["x0"], char["top"], char["x1"], char["bottom"]
        box = (
            (x0 - left, y0 - top, x1 - left, y1 - top),
            (bottom - y1, x0 - left, bottom - y0, x1 - left),
            (right - x1, bottom - y1, right - x0, bottom - y0),
            (y0 - top, right - x1, y1 - top, right - x0),
        )[turn]
        chars.append(Char(char["text"], *box, box[3] - box[1]))
    return chars
