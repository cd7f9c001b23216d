"""The characters of a page by pdfplumber: they need no glyphs, where pdfium passes over what it cannot draw."""

import io

import pdfplumber
from pdfminer.pdfexceptions import PDFException
from pdfplumber.utils.exceptions import PdfminerException

from jixiao.geometry import Char


def characters(data: bytes, index: int) -> list[Char] | None:
    """The page's characters in points from its top left; None where they cannot be told."""
    try:
        with pdfplumber.open(io.BytesIO(data), pages=[index + 1]) as document:
            page = document.pages[0]
            try:
                return [
                    Char(text, c["x0"], c["top"], c["x1"], c["bottom"], c["bottom"] - c["top"])
                    for c in page.chars
                    for text in c["text"][:1]
                ]
            finally:
                page.close()
    except (PDFException, PdfminerException, ValueError, KeyError, TypeError):
        return None
