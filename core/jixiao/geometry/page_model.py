"""What geometry finds on one page, before pages are put together."""

from collections.abc import Iterable
from typing import NamedTuple

from jixiao.document import Grid, Line
from jixiao.geometry.flow import Block


class LooseRow(NamedTuple):
    """A row of a table without rules: the page it stands on, its texts from left to right."""

    page: int
    blocks: list[Block]


class Table(NamedTuple):
    """A table of one page: its grid, where its lines stand, and what the edge of the page may have cut.

    `rows` are those of a table without rules, whose columns are worked out from all its pages together.
    `full` are the cells (row, col) down to the last row whose last line runs to the right side: their text
    may go on.
    """

    grid: Grid
    xs: list[float]
    ys: list[float]
    open_top: bool = False
    open_bottom: bool = False
    full: frozenset[tuple[int, int]] = frozenset()
    rows: tuple[LooseRow, ...] = ()


class PageLayout(NamedTuple):
    """The blocks of a page from top to bottom; sizes in points, `size` that of most of its type.

    `over` are texts printed over a rule into the next cell; each went whole to the cell it was written in.
    """

    number: int
    width: float
    height: float
    size: float
    blocks: list[Line | Table]
    over: tuple[str, ...] = ()


def top_of(block: Line | Table) -> float:
    """Where a block begins, in points from the top."""
    if isinstance(block, Table):
        return block.ys[0]
    return block.place.box[1] if block.place and block.place.box else 0.0


def bottom_of(block: Line | Table) -> float:
    """Where a block ends, in points from the top."""
    if isinstance(block, Table):
        return block.ys[-1]
    return block.place.box[3] if block.place and block.place.box else 0.0


def from_top(blocks: Iterable[Line | Table]) -> list[Line | Table]:
    """Blocks in reading order."""
    return sorted(blocks, key=top_of)
