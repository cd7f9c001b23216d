"""JSON of OCR programs in: RapidOCR, PaddleOCR 2 and 3, PP-Structure and what is shaped like theirs."""

import re
from typing import ClassVar

from jixiao.document import Document
from jixiao.head import Head
from jixiao.hookspecs import Reader, hookimpl
from jixiao.limits import Limits

from jixiao_readers._example import example_file

_KEY = re.compile(
    rb'"(?:rec_texts?|dt_polys|rec_polys|rec_boxes|text_region|parsing_res_list|table_res_list|pred_html|txts?'
    rb'|transcription)"\s*:'
)
_BARE = re.compile(rb"\s*\[\s*(?:\[\s*){2,4}-?\d")
"""Boxes of numbers in arrays alone: what PaddleOCR 2 gives."""


class OcrJsonReader:
    """Boxes with texts and scores, put together as of a page; tables as the program found them."""

    NAME: ClassVar[str] = "ocr-json"
    API_VERSION: ClassVar[int] = 1
    MEDIA_TYPES: ClassVar[tuple[str, ...]] = ("application/vnd.ocr+json",)
    EXTENSIONS: ClassVar[tuple[str, ...]] = ("json",)

    def example(self) -> bytes:
        return example_file("ocr-json.json")

    def sniff(self, head: Head) -> bool:
        start = head.start.removeprefix(b"\xef\xbb\xbf")
        if _BARE.match(start):
            return b'"' in start
        return start.lstrip()[:1] in (b"[", b"{") and _KEY.search(start) is not None

    def read(self, data: bytes, limits: Limits) -> Document:
        """A section a page. Raises BadInput: `damaged-file`, `limit-…`."""
        from jixiao_readers._ocr.shapes import document

        return document(data, limits)


@hookimpl
def jixiao_reader() -> type[Reader]:
    return OcrJsonReader
