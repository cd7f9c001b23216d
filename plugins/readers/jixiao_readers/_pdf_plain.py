"""The characters of a page by pdfplumber, without glyphs: pdfium passes over what it cannot draw."""

import io
import struct
import zlib

import pdfplumber
from jixiao.geometry import Char
from pdfminer.pdfexceptions import PDFException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

# What its parser raises on a damaged file is not told; these are what damage has been seen to raise.
_FAULTS = (
    PDFException,
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


def characters(data: bytes, index: int) -> list[Char] | None:
    """The page's characters in points from its top left; None where they cannot be told."""
    try:
        with pdfplumber.open(io.BytesIO(data), pages=[index + 1]) as document:
            page = document.pages[0]
            try:
                return [
                    Char(c["text"], c["x0"], c["top"], c["x1"], c["bottom"], c["bottom"] - c["top"])
                    for c in page.chars
                ]
            finally:
                page.close()
    except _FAULTS:
        return None
