"""Pages put together: a table that goes on over the page break is one table.

Two tables are joined only where all of it fits: the one ends its page, the other begins the next, nothing but
heads and feet stands between, and their columns agree. Whatever is inferred at the seam is said in a finding.
"""

from collections.abc import Sequence

import msgspec

from jixiao.document import Cell, Grid, Line
from jixiao.findings import finding
from jixiao.geometry.loose import GrowingLoose
from jixiao.geometry.notes import mark_notes
from jixiao.geometry.page_model import PageLayout, Table
from jixiao.geometry.seam import Growing
from jixiao.model import Finding, Place

Half = Growing | GrowingLoose

LOW, HIGH = 0.75, 0.3
"""A table that is cut reaches below the one share of its page and begins again above the other."""


def join_pages(pages: Sequence[PageLayout]) -> tuple[tuple[Line | Grid, ...], list[Finding]]:
    """The blocks of all pages in reading order, tables joined over page breaks, and what was done for it."""
    out: list[Line | Half] = []
    findings: list[Finding] = []
    last: Half | None = None
    before: PageLayout | None = None
    for page in mark_notes(pages):
        body = [b for b in page.blocks if isinstance(b, Table) or b.style != "note"]
        for block in page.blocks:
            if isinstance(block, Line):
                out.append(block)
            elif (
                block is body[0]
                and last
                and before
                and _may_go_on(last, before, block, page)
                and last.takes(block)
            ):
                findings += _join(last, before, block, page)
            else:
                out.append(GrowingLoose(block) if block.rows else Growing(block))
        findings += [finding("text-over-rule", text=t, place=Place(page=page.number)) for t in page.over]
        last = _at_end(body, out)
        before = page
    return tuple(b if isinstance(b, Line) else b.grid() for b in out), findings


def _at_end(body: Sequence[Line | Table], out: Sequence[Line | Half]) -> Half | None:
    """The table that ends the page, if one does."""
    if not body or isinstance(body[-1], Line):
        return None
    return next(b for b in reversed(out) if not isinstance(b, Line))


def _may_go_on(above: Half, before: PageLayout, below: Table, page: PageLayout) -> bool:
    """Whether the tables stand as the halves of a table cut by the page break do."""
    if page.number != before.number + 1:
        return False
    first = 0.0 if below.rows else below.ys[1] - below.ys[0]
    room = before.height - above.bottom - below.ys[0]  # taking the lower margin to be as wide as the upper
    ends = above.bottom >= LOW * before.height or room <= first
    return ends and below.ys[0] <= HIGH * page.height


def _join(above: Half, before: PageLayout, below: Table, page: PageLayout) -> list[Finding]:
    heads, repaired = above.join(below)
    place = Place(page=page.number)
    said = [
        finding("pages-joined", text=f"{before.number}–{page.number}", place=place),
        *(finding("head-repeated", text=_row_text(row), place=place) for row in heads),
    ]
    return said + [
        finding("cell-over-pages", before=a, after=b, place=msgspec.structs.replace(place, box=box))
        for a, b, box in repaired
    ]


def _row_text(row: Sequence[Cell]) -> str:
    return " | ".join(" ".join(c.text.split()) for c in row)
