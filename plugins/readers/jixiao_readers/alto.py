"""ALTO XML in, versions 2 to 4: placed words to tables and text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from jixiao.document import Document
from jixiao.head import Head
from jixiao.hookspecs import Reader, hookimpl
from jixiao.limits import Limits

from jixiao_readers._example import example_file

if TYPE_CHECKING:
    from lxml.etree import _Element

    from jixiao_readers._ocr.words import Box, Page

_ROOT = re.compile(rb"<(?:\w+:)?alto[\s>]", re.I)
WITHIN = 4096
UNITS = {"mm10": 72 / 254, "inch1200": 72 / 1200}
"""Points of the units other than pixels."""


class AltoReader:
    """Strings with their boxes and confidences; thin graphical elements are ruling lines."""

    NAME: ClassVar[str] = "alto"
    API_VERSION: ClassVar[int] = 1
    MEDIA_TYPES: ClassVar[tuple[str, ...]] = ("application/alto+xml",)
    EXTENSIONS: ClassVar[tuple[str, ...]] = ("alto",)

    def example(self) -> bytes:
        return example_file("alto.xml")

    def sniff(self, head: Head) -> bool:
        return _ROOT.search(head.start[:WITHIN].replace(b"\0", b"")) is not None

    def read(self, data: bytes, limits: Limits) -> Document:
        """One section. Raises BadInput: `damaged-file`, `doctype`, `limit-…`."""
        from jixiao.archive import parse_xml

        from jixiao_readers._ocr.words import document

        return document(_pages(parse_xml(data, limits, "ALTO")), limits)


def _pages(root: _Element) -> Iterator[Page]:
    from jixiao_readers._ocr.words import Page, Word

    unit = next((e.text or "" for e in root.iter("{*}MeasurementUnit")), "pixel").strip()
    for page in root.iter("{*}Page"):
        words = [
            Word(said, box, _number(e, "WC", 1.0))
            for e in page.iter("{*}String", "{*}HYP")
            if (said := e.get("CONTENT", "").strip()) and (box := _box(e))
        ]
        rules = [box for e in page.iter("{*}GraphicalElement") if (box := _box(e))]
        yield Page(words, rules, _number(page, "WIDTH"), _number(page, "HEIGHT"), UNITS.get(unit))


def _box(element: _Element) -> Box | None:
    if element.get("HPOS") is None or element.get("VPOS") is None:
        return None
    x, y = _number(element, "HPOS"), _number(element, "VPOS")
    return x, y, x + _number(element, "WIDTH"), y + _number(element, "HEIGHT")


def _number(element: _Element, name: str, default: float = 0.0) -> float:
    try:
        return float(element.get(name, default))
    except ValueError:
        return default


@hookimpl
def jixiao_reader() -> type[Reader]:
    return AltoReader
