"""Pages of placed words to tables and text."""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec
from jixiao.document import Cell, Document, Grid, Line, Section
from jixiao.errors import over_limit
from jixiao.findings import finding
from jixiao.geometry import Char, PageLayout, Ruling, Table, box_rulings, join_pages, page_layout
from jixiao.limits import Limits
from jixiao.model import Finding, Place

Box = tuple[float, float, float, float]
"""x0, top, x1, bottom"""
LONG_SIDE = 842.0
"""Points of the longer side of a page that does not say how large it is: A4."""
UPRIGHT = 1.5
"""A word this many times as high as wide is set downwards."""


class Word(NamedTuple):
    """A word or line; `sure` from 0 to 1."""

    text: str
    box: Box
    sure: float = 1.0


class Page(NamedTuple):
    """Words and drawn lines in the page's unit; `points` how many points that is, None where not said."""

    words: Sequence[Word]
    rules: Sequence[Box] = ()
    width: float = 0.0
    height: float = 0.0
    points: float | None = None


def document(pages: Iterable[Page], limits: Limits) -> Document:
    """One section. Raises BadInput: `limit-pages`, `limit-cells`."""
    layouts: list[PageLayout] = []
    left = limits.cells
    for number, page in enumerate(pages, 1):
        if number > limits.pages:
            raise over_limit("pages", number, limits.pages)
        layouts.append(layout(page, number, left))
        left -= sum(t.grid.rows * t.grid.cols for t in _tables(layouts[-1]))
        if left < 0:
            raise over_limit("cells", limits.cells - left, limits.cells)
    blocks, findings = joined(layouts)
    return Document(sections=(Section(blocks=blocks),), findings=findings)


def joined(layouts: Sequence[PageLayout]) -> tuple[tuple[Line | Grid, ...], tuple[Finding, ...]]:
    """The blocks of pages of words, and what is to be said of them: words alone do not part cells surely."""
    blocks, joins = join_pages(layouts)
    unruled = [p.number for p in layouts if any(not t.grid.spans for t in _tables(p))]
    said = [finding("columns-by-place", text=str(n), place=Place(page=n)) for n in unruled]
    return blocks, (*said, *joins)


def _tables(page: PageLayout) -> list[Table]:
    return [b for b in page.blocks if isinstance(b, Table)]


def layout(page: Page, number: int, most: int) -> PageLayout:
    """One page; each cell is as sure as the least sure of its words. Raises BadInput `limit-cells`."""
    boxes = [*(w.box for w in page.words), *page.rules]
    width = page.width or max((b[2] for b in boxes), default=1.0)
    height = page.height or max((b[3] for b in boxes), default=1.0)
    scale = page.points or LONG_SIDE / max(width, height, 1.0)
    words = [w._replace(box=_scaled(w.box, scale)) for w in page.words if w.text.strip()]
    rulings: list[Ruling] = []
    for box in page.rules:
        rulings += box_rulings(*_scaled(box, scale), stroked=False)
    chars = [char for word in words for char in characters(word)]
    found = page_layout(chars, rulings, number=number, width=width * scale, height=height * scale, most=most)
    blocks = [
        b._replace(grid=msgspec.structs.replace(b.grid, cells=tuple(_sure(c, words) for c in b.grid.cells)))
        if isinstance(b, Table) else b
        for b in found.blocks
    ]  # fmt: skip
    return found._replace(blocks=blocks)


def characters(word: Word) -> list[Char]:
    """A word's characters side by side, or one below the other, each as wide as it is set."""
    x0, top, x1, bottom = word.box
    said = word.text.strip()
    widths = [2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in said]
    if len(said) > 1 and bottom - top > UPRIGHT * (x1 - x0):
        step = (bottom - top) / len(said)
        return [Char(c, x0, top + n * step, x1, top + (n + 1) * step, step) for n, c in enumerate(said)]
    step = (x1 - x0) / sum(widths)
    size = min(bottom - top, 2.4 * step) if len(said) > 1 else bottom - top
    out, at = [], x0
    for c, wide in zip(said, widths, strict=True):
        out.append(Char(c, at, top, at + wide * step, bottom, max(size, 0.1)))
        at += wide * step
    return out


def _scaled(box: Box, scale: float) -> Box:
    return box[0] * scale, box[1] * scale, box[2] * scale, box[3] * scale


def _sure(cell: Cell, words: Sequence[Word]) -> Cell:
    if not cell.text or cell.place is None or cell.place.box is None:
        return cell
    x0, top, x1, bottom = cell.place.box
    sure = [
        w.sure for w in words
        if w.box[0] < x1 and x0 < w.box[2] and top <= (w.box[1] + w.box[3]) / 2 <= bottom
    ]  # fmt: skip
    return msgspec.structs.replace(cell, confidence=round(min(sure, default=1.0), 4))
