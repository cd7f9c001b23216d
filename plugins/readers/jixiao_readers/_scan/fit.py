"""What was seen on a page, put together: by its rules where they fit the text, else mended, else without."""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

import msgspec
from jixiao.document import Cell
from jixiao.findings import finding
from jixiao.geometry import PageLayout, Ruling, Table, page_layout
from jixiao.model import Finding, Place

from jixiao_readers._scan.page import Seen, SeenLine

WIDE = 2.0
"""Two texts side by side in one cell and this many letters apart stood in two."""
OVER = 0.5
"""Text stands over a rule if this part of a letter does."""
CLEAR = 0.5
"""What is read less surely may be a stain, and says nothing of rules."""
MOST = 0.1
"""Of the lines of text so many may stand where they should not, before the rules are given up."""
BROKEN = 60.0
"""Points of a rule that may be lost for it to be mended."""
Laid = tuple[PageLayout, list[Finding]]


def lay_out(seen: Seen, number: int, most: int) -> Laid:
    """The layout of a page, its cells with their surety, and a finding where its rules did not fit its text.

    Raises BadInput `limit-cells` for more than `most` cells.
    """

    def laid(rulings: Sequence[Ruling]) -> PageLayout:
        placed = [c for line in seen.lines for c in line.chars]
        return page_layout(placed, rulings, number=number, width=seen.width, height=seen.height, most=most)

    drawn = laid(seen.rulings)
    wrong = misfits(seen, drawn)
    said = []
    if wrong:
        mended = laid([*seen.rulings, *_mended(seen)])
        left = misfits(seen, mended)
        if left < wrong:
            drawn, wrong = mended, left
            said = [finding("rules-mended", text=str(number), place=Place(page=number))]
    if wrong > MOST * max(len(seen.lines), 10):
        drawn = laid([])
        said = [finding("rules-not-found", text=str(number), place=Place(page=number))]
    return _with_confidence(drawn, seen.lines), said


def misfits(seen: Seen, layout: PageLayout) -> int:
    """How many lines of text do not fit the cells: they stand over a rule, or apart in one cell."""
    tables = [b for b in layout.blocks if isinstance(b, Table)]
    cells = [c.place.box for t in tables for c in t.grid.cells if t.grid.spans and c.place and c.place.box]
    clear = [line for line in seen.lines if min(line.sure) >= CLEAR]
    wrong = len(layout.over)
    for box in cells:
        inside = [line for line in clear if _holds(box, line)]
        wrong += sum(_apart(a, b) for a, b in combinations(inside, 2)) if len(inside) < 40 else 0
    return wrong


def _holds(box: tuple[float, float, float, float], line: SeenLine) -> bool:
    x, y = (line.chars[0].x0 + line.chars[-1].x1) / 2, (line.chars[0].top + line.chars[0].bottom) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _apart(a: SeenLine, b: SeenLine) -> bool:
    """Whether two lines stand side by side with a wide gap between them."""
    one, two = a.chars[0], b.chars[0]
    if abs(one.top + one.bottom - two.top - two.bottom) > one.size:
        return False
    gap = max(two.x0 - a.chars[-1].x1, one.x0 - b.chars[-1].x1)
    return gap > WIDE * one.size


def _mended(seen: Seen) -> Iterator[Ruling]:
    """Pieces that close the breaks of rules where no text stands in the way."""
    lines = sorted(seen.rulings, key=lambda r: (r.horizontal, round(r.at / 3), r.start))
    for one, two in pairwise(lines):
        beside = one.horizontal == two.horizontal and abs(one.at - two.at) <= 3
        if beside and 0 < two.start - one.end <= BROKEN:
            piece = Ruling(one.horizontal, one.at, one.end, two.start)
            if not any(_crosses(piece, line) for line in seen.lines):
                yield piece


def _crosses(piece: Ruling, line: SeenLine) -> bool:
    first, last = line.chars[0], line.chars[-1]
    x0, x1, top, bottom = first.x0, last.x1, first.top, first.bottom
    room = OVER * first.size / 2
    if piece.horizontal:
        return top + room < piece.at < bottom - room and x0 < piece.end and x1 > piece.start
    return x0 + room < piece.at < x1 - room and top < piece.end and bottom > piece.start


def _with_confidence(layout: PageLayout, lines: Sequence[SeenLine]) -> PageLayout:
    """The cells with the surety of the least sure of their characters."""
    spots = [
        ((c.x0 + c.x1) / 2, (c.top + c.bottom) / 2, s)
        for line in lines
        for c, s in zip(line.chars, line.sure, strict=True)
        if s < 1.0
    ]
    blocks = [
        b._replace(grid=msgspec.structs.replace(b.grid, cells=tuple(_sure(c, spots) for c in b.grid.cells)))
        if isinstance(b, Table)
        else b
        for b in layout.blocks
    ]
    return layout._replace(blocks=blocks)


def _sure(cell: Cell, spots: Sequence[tuple[float, float, float]]) -> Cell:
    if not cell.text or cell.place is None or cell.place.box is None:
        return cell
    x0, top, x1, bottom = cell.place.box
    sure = min((s for x, y, s in spots if x0 <= x <= x1 and top <= y <= bottom), default=1.0)
    return msgspec.structs.replace(cell, confidence=sure) if sure < 1.0 else cell
