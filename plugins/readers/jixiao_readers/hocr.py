"""hOCR in, as Tesseract, OCRmyPDF, Kraken and others write it: placed words to tables and text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from typing import TYPE_CHECKING, ClassVar

from jixiao.document import Document
from jixiao.head import Head
from jixiao.hookspecs import Reader, hookimpl
from jixiao.limits import Limits

from jixiao_readers._example import example_file

if TYPE_CHECKING:
    from lxml.etree import _Element

    from jixiao_readers._ocr.words import Box, Page, Word

_MARK = re.compile(rb"""class\s*=\s*["']\s*ocr_page\b""", re.I)
_BOX = re.compile(r"\bbbox\s+(-?[\d.]+)\s+(-?[\d.]+)\s+(-?[\d.]+)\s+(-?[\d.]+)")
_SURE = re.compile(r"\bx_w?confs?\s+([\d.]+)")
LINES = ("ocr_line", "ocrx_line", "ocr_header", "ocr_caption", "ocr_textfloat")
_DOTS = re.compile(r"\bscan_res\s+(\d+)")


class HocrReader:
    """Words with their boxes and confidences (hOCR 1.2); a line without words in it counts as one."""

    NAME: ClassVar[str] = "hocr"
    API_VERSION: ClassVar[int] = 1
    MEDIA_TYPES: ClassVar[tuple[str, ...]] = ("text/vnd.hocr+html",)
    EXTENSIONS: ClassVar[tuple[str, ...]] = ("hocr",)

    def example(self) -> bytes:
        return example_file("hocr.html")

    def sniff(self, head: Head) -> bool:
        return _MARK.search(head.start) is not None

    def read(self, data: bytes, limits: Limits) -> Document:
        """One section. Raises BadInput: `bad-encoding`, `damaged-file`, `limit-…`."""
        from jixiao_readers._html.decode import decode_html
        from jixiao_readers._ocr.words import document
        from jixiao_readers.html import tree

        return document(_pages(tree(decode_html(data)[0])), limits)


def _pages(root: _Element) -> Iterator[Page]:
    from jixiao_readers._ocr.words import Page

    told: set[_Element] = set()
    for page in _of_class(root, "ocr_page"):
        if page in told:  # it stands in another
            continue
        told.update(_of_class(page, "ocr_page"))
        title = page.get("title", "")
        box = _box(title) or (0.0, 0.0, 0.0, 0.0)
        dots = _DOTS.search(title)
        rules = [found for e in _of_class(page, "ocr_separator") if (found := _box(e.get("title", "")))]
        points = 72 / int(dots[1]) if dots and int(dots[1]) else None
        yield Page(list(_words(page)), rules, box[2], box[3], points)


def _words(page: _Element) -> Iterator[Word]:
    from jixiao_readers._ocr.words import Word

    boxes = {e: box for e in _of_class(page, "ocrx_word", *LINES) if (box := _box(e.get("title", "")))}
    for element, texts in _texts(page, boxes.keys()).items():
        if said := " ".join("".join(texts).split()):
            sure = _SURE.search(element.get("title", ""))
            yield Word(said, boxes[element], min(float(sure[1]) / 100, 1.0) if sure else 1.0)


def _texts(page: _Element, told: Set[_Element]) -> dict[_Element, list[str]]:
    """The texts of each element told of; what stands in several of them is that of the innermost."""
    from lxml.etree import iterwalk

    found: dict[_Element, list[str]] = {}
    inside: list[list[str]] = [[]]
    for event, element in iterwalk(page, events=("start", "end")):
        if event == "start":
            if element in told:
                inside.append(found.setdefault(element, []))
            inside[-1].append(element.text or "")
        else:
            if element in told:
                inside.pop()
            inside[-1].append(element.tail or "")
    return found


def _of_class(root: _Element, *names: str) -> list[_Element]:
    return [e for e in root.iter() if not set(names).isdisjoint(e.get("class", "").split())]


def _box(title: str) -> Box | None:
    found = _BOX.search(title)
    return (float(found[1]), float(found[2]), float(found[3]), float(found[4])) if found else None


@hookimpl
def jixiao_reader() -> type[Reader]:
    return HocrReader
