"""A second reading of pages whose tables no rules draw, where nothing but its text tells what a cell holds,
and of pages of which pdfium leaves out a text.

pdfium reads them, and then pdfplumber, which shares no code with it. Where that names another character on a
spot, or one where pdfium has none, one of the two has the file's fonts or drawing wrong: it is said, and the
cell is doubtful. What pdfplumber cannot name, or does not see, says nothing against the first reading.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from jixiao.document import Cell, Grid, Line
from jixiao.findings import finding
from jixiao.geometry import Char, PageLayout, Table
from jixiao.model import Finding, Place

from jixiao_readers._pdf_radicals import RADICALS, mapped

if TYPE_CHECKING:
    from jixiao_readers._pdf_page import Content
    from jixiao_readers._pdf_plain import Plain

MOST = 5_000
"""A page of more characters is no table that people read, and is not read twice."""
DOUBT = 0.5
"""How sure a cell is of which the readings differ."""

Blocks = tuple[Line | Grid, ...]


class Spot(NamedTuple):
    """Where they differ: the character of the second, and what the first has there, "" for nothing."""

    page: int
    second: Char
    first: str


class Second:
    """The second reading of a file; pdfplumber is loaded when a page asks for it."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._spots: list[Spot] = []

    @cached_property
    def _plain(self) -> "Plain":
        from jixiao_readers._pdf_plain import Plain

        return Plain(self._data)

    def instead(self, page: "Content", index: int) -> "Content":
        """A page of which pdfium passes over characters, with all of them."""
        chars = self._plain.characters(index, page.turn)
        if chars is None:
            return page._replace(broken=page.broken or [page.said[:20]])
        said = "".join(c.text for c in chars)
        return page._replace(chars=chars, said=said, broken=[], ends={}, beyond=[])

    def compare(self, page: "Content", layout: PageLayout) -> None:
        """Reads a page again that holds a table without rules, or a text that pdfium leaves out."""
        if page.lost or len(page.chars) > MOST:
            return
        if page.skipped or any(isinstance(b, Table) and b.rows for b in layout.blocks):
            again = self._plain.characters(layout.number - 1, page.turn) or []
            if len(again) <= MOST:
                self._spots += _differing([*page.chars, *page.clipped], again, layout.number)

    def told(self, blocks: Blocks) -> tuple[Blocks, list[Finding]]:
        """The blocks, cells of which the readings differ less sure, and a finding for each of them."""
        if not self._spots:
            return blocks, []
        left = list(self._spots)
        made: list[Line | Grid] = []
        findings: list[Finding] = []
        for block in blocks:
            cells: list[Cell] = []
            for part in block.cells if isinstance(block, Grid) else (block,):
                inside = [s for s in left if part.place and _holds(part.place, s)]
                left = [s for s in left if s not in inside] if inside else left
                findings += [_said(part.text, inside, part.place)] if inside else []
                if isinstance(part, Cell):
                    cells.append(msgspec.structs.replace(part, confidence=DOUBT) if inside else part)
            made.append(msgspec.structs.replace(block, cells=tuple(cells)) if cells else block)
        findings += [_said(s.second.text, [s], Place(page=s.page)) for s in left]
        return tuple(made), findings


def _said(text: str, spots: Sequence[Spot], place: Place | None) -> Finding:
    first, second = "".join(s.first for s in spots), "".join(s.second.text for s in spots)
    return finding("readings-differ", text=text or second, before=first, after=second, place=place)


def _holds(place: Place, spot: Spot) -> bool:
    if place.page != spot.page or not place.box:
        return False
    (x0, top, x1, bottom), (_, a, b, c, d, _) = place.box, spot.second
    return x0 <= (a + c) / 2 <= x1 and top <= (b + d) / 2 <= bottom


def _differing(first: Sequence[Char], second: Sequence[Char], page: int) -> Iterator[Spot]:
    """The spots where the second reading names what the first has not there."""
    step = max([c.size for c in (*first, *second)] + [c.x1 - c.x0 for c in (*first, *second)], default=0.0)
    places: dict[tuple[int, int], list[Char]] = {}
    for char in first:
        places.setdefault(_square(char, step), []).append(char)
    for char in filter(_is_named, second):
        x, y = _square(char, step)
        near = [c for a in (-1, 0, 1) for b in (-1, 0, 1) for c in places.get((x + a, y + b), ())]
        here = "".join(c.text for c in sorted(near, key=_left) if _on_one_spot(c, char))
        if _plainly(char.text) not in _plainly(here):
            yield Spot(page, char, here.strip())


_left = attrgetter("x0")


def _square(char: Char, step: float) -> tuple[int, int]:
    return int((char.x0 + char.x1) / 2 / step), int((char.top + char.bottom) / 2 / step)


def _on_one_spot(a: Char, b: Char) -> bool:
    """Whether their middles are near, as far as one box reaches: at times a library gives the ink's alone."""
    across, down = a.x0 + a.x1 - b.x0 - b.x1, a.top + a.bottom - b.top - b.bottom
    return abs(across) < max(a.x1 - a.x0, b.x1 - b.x0) and abs(down) < max(a.size, b.size)


def _is_named(char: Char) -> bool:
    """Whether it says a character: no glyph's number, no code of the font's own, no look-alike, no space."""
    text = char.text
    return not text.startswith("(cid:") and not any(
        c == "\ufffd" or ord(c) in RADICALS or unicodedata.category(c)[0] in "CZ" for c in text
    )


def _plainly(text: str) -> str:
    """What is compared: each library takes some ligatures and compatibility forms apart."""
    return unicodedata.normalize("NFKC", mapped(text))
