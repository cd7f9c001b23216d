"""A table without rules that goes on over page breaks: its columns are those of all its pages."""

from collections.abc import Sequence

from jixiao.document import Cell, Grid
from jixiao.geometry.bands import bands
from jixiao.geometry.columns import assembled
from jixiao.geometry.flow import Block
from jixiao.geometry.page_model import LooseRow, Table
from jixiao.geometry.seam import HEADS, Repair
from jixiao.model import Place

AGREE = 0.7
"""This share of the texts on one page must stand in one column each of the other page's."""
LEAST = 3
"""A row of so many texts that stands above already is a head printed again."""


class GrowingLoose:
    """A table without rules that grows page by page."""

    def __init__(self, first: Table) -> None:
        self._first = self._last = first
        self._rows = list(first.rows)

    @property
    def bottom(self) -> float:
        """Where it ends on its last page."""
        return self._last.ys[-1]

    def grid(self) -> Grid:
        """The whole table."""
        whole = None if self._last is self._first else assembled(self._rows)
        return whole.grid if whole else self._first.grid

    def takes(self, below: Table) -> bool:
        """Whether the columns agree: the texts of the one with fewer columns stand in those of the other."""
        if not below.rows:
            return False
        pairs = sorted((self._rows, list(below.rows)), key=lambda rows: len(bands([r.blocks for r in rows])))
        return _fit(pairs[0], pairs[1]) and assembled([*self._rows, *below.rows]) is not None

    def join(self, below: Table) -> tuple[list[list[Cell]], list[Repair]]:
        """Takes in the other half. Returns the head rows left out as repeated, and what was repaired."""
        seen = {_said(row) for row in self._first.rows}
        heads = 0
        while heads < min(HEADS, len(below.rows)) and _said(below.rows[heads]) in seen - {None}:
            heads += 1
        rest = list(below.rows[heads:])
        repairs = self._continued(rest) if rest else []
        self._rows += [row for row in rest if row.blocks]
        self._last = below
        return [_cells(row) for row in below.rows[:heads]], repairs

    def _continued(self, rest: list[LooseRow]) -> list[Repair]:
        """Takes texts that stand at the top of the page above their row to the cells they go on."""
        found: list[Repair] = []
        for block in _high(rest[0]):
            at = next(
                (
                    (r, n)
                    for r in reversed(self._rows)
                    for n, b in enumerate(r.blocks)
                    if _in_column(b, block)
                ),
                None,
            )
            before = _text(at[0].blocks[at[1]]) if at else ""
            if (
                at
                and before != _text(block)
                and at[0].blocks[at[1]].bottom > self.bottom - block.lines[0][0].size
            ):
                old = at[0].blocks[at[1]]
                at[0].blocks[at[1]] = old._replace(lines=[*old.lines, *block.lines])
                rest[0].blocks.remove(block)
                found.append((before, before + _text(block), None))
        return found


def _high(row: LooseRow) -> list[Block]:
    """The texts of a row that stand above its texts of one line."""
    first = row.blocks
    return [b for b in first if _above(b, [o for o in first if o is not b and len(o.lines) == 1])]


def _above(block: Block, others: Sequence[Block]) -> bool:
    return bool(others) and all(block.bottom <= other.top + 1.0 for other in others)


def _in_column(a: Block, b: Block) -> bool:
    return min(a.x1, b.x1) - max(a.x0, b.x0) > 0.5 * min(a.x1 - a.x0, b.x1 - b.x0)


def _text(block: Block) -> str:
    return "".join(c.text for c in block.chars)


def _said(row: LooseRow) -> tuple[str, ...] | None:
    """The texts of a row that are enough to know it by."""
    texts = tuple("".join(c.text for c in b.chars) for b in row.blocks)
    return texts if len(texts) >= LEAST else None


def _cells(row: LooseRow) -> list[Cell]:
    place = Place(page=row.page)
    texts = ["".join(c.text for c in b.chars) for b in row.blocks]
    return [Cell(text=text, row=0, col=n, place=place) for n, text in enumerate(texts)]


def _fit(few: Sequence[LooseRow], many: Sequence[LooseRow]) -> bool:
    columns = bands([row.blocks for row in many])
    texts = [b for row in few for b in row.blocks]
    hits = sum(sum(a < b.x1 and b.x0 < c for a, c in columns) == 1 for b in texts)
    return hits >= AGREE * len(texts)
