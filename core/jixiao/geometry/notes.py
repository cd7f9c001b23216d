"""Running heads, feet and page numbers: kept as lines, known not to part a table from its other half."""

import re
from collections import Counter
from collections.abc import Sequence

import msgspec

from jixiao.document import Line
from jixiao.geometry.page_model import PageLayout, Table, bottom_of, top_of

ZONE = 0.12
"""Heads and feet stand in this share of the page's height at its top and bottom."""
PAGE_NUMBER = re.compile(
    r"[\s\-—–－―·]*(?:第\s*)?\d{1,4}\s*页?(?:\s*[/／,，]?\s*(?:共|总)?\s*\d{1,4}\s*页?)?[\s\-—–－―·]*"
    r"|page\s+\d+(?:\s+of\s+\d+)?",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")


def mark_notes(pages: Sequence[PageLayout]) -> list[PageLayout]:
    """The pages with the style `note` on page numbers, on feet that repeat, and on small heads that repeat.

    A head in the size of the text may be the title of a sheet that fills its page, so it stays a line.
    """
    seen = Counter(key for page in pages for key in {_where(b, page) for b in page.blocks})
    return [
        page._replace(
            blocks=[
                msgspec.structs.replace(b, style="note")
                if isinstance(b, Line) and _is_note(b, n, page, seen)
                else b
                for n, b in enumerate(page.blocks)
            ]
        )
        for page in pages
    ]


def _where(block: Line | Table, page: PageLayout) -> tuple[str, int]:
    """A line's text without its figures, and its zone: 0 between, 1 top, 2 bottom."""
    if isinstance(block, Table):
        return "", 0
    zone = (
        1 if bottom_of(block) < ZONE * page.height else 2 if top_of(block) > (1 - ZONE) * page.height else 0
    )
    return _DIGITS.sub("#", block.text), zone


def _is_note(line: Line, n: int, page: PageLayout, seen: Counter[tuple[str, int]]) -> bool:
    where = _where(line, page)
    if where[1] == 0:
        return False
    if n in (0, len(page.blocks) - 1) and PAGE_NUMBER.fullmatch(line.text):
        return True
    small = bottom_of(line) - top_of(line) < 0.95 * page.size
    return seen[where] > 1 and (where[1] == 2 or small)
