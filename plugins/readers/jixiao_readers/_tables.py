"""Tables that may stand inside one another, as DOCX and HTML have them, laid out as lines and grids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from jixiao import errors
from jixiao.document import Cell, Grid, Line, grid
from jixiao.limits import Limits
from jixiao.model import Place

FAR_LARGER = 3


@dataclass(slots=True)
class Box:
    """A cell where it stands (row, col from 0), with the paragraphs and tables in it."""

    row: int
    col: int
    rowspan: int
    colspan: int
    content: list[Line | Table]

    @property
    def text(self) -> str:
        """Its own text, lines parted by a newline, that of inner tables left out."""
        return "\n".join(part.text for part in self.content if isinstance(part, Line)).strip("\n")

    @property
    def inner(self) -> list[Table]:
        return [part for part in self.content if isinstance(part, Table)]


@dataclass(slots=True)
class Table:
    """A table as the source tells it; no two boxes claim one position."""

    rows: int
    boxes: list[Box] = field(default_factory=list)
    widths: Sequence[float] = ()

    @property
    def cols(self) -> int:
        return max((box.col + box.colspan for box in self.boxes), default=0)

    def is_layout(self) -> bool:
        """Whether it only puts other tables on the page, as those of old web pages do.

        That is so where it has one column, or no text of its own, or text that stands alone in each of its
        rows: a menu beside, a heading above. One row may say more, as a bar of links does, where a cell holds
        several tables or one far larger than this.
        """
        framing = [box for box in self.boxes if box.inner]
        if not framing:
            return False
        said = Counter(box.row for box in self.boxes if box.text.strip() and not box.inner)
        pairs = sum(count > 1 for count in said.values())
        page = any(
            len(box.inner) > 1 or len(box.inner[0].boxes) > FAR_LARGER * len(self.boxes) for box in framing
        )
        return self.cols == 1 or pairs == 0 or (pairs == 1 and page)


class Unfolder:
    """Numbers the tables of one document and counts their cells against the limit."""

    def __init__(self, limits: Limits) -> None:
        self._limit, self._cells, self._tables = limits.cells, 0, 0

    def blocks(self, content: Sequence[Line | Table]) -> Iterator[Line | Grid]:
        """Lines and grids in reading order; a table inside another follows it.

        A layout table is taken off and what it holds stands for it. Lines without text are left out.
        Raises BadInput `limit-cells`.
        """
        for part in content:
            if isinstance(part, Line):
                if part.text.strip():
                    yield part
            elif part.is_layout():
                for box in part.boxes:
                    yield from self.blocks(box.content)
            elif part.boxes:
                yield self._grid(part)
                for box in part.boxes:
                    yield from self.blocks(box.inner)

    def _grid(self, table: Table) -> Grid:
        cols = table.cols
        self._cells += table.rows * cols
        if self._cells > self._limit:
            raise errors.over_limit("cells", self._cells, self._limit)
        self._tables += 1
        cells = (
            Cell(
                text=box.text, row=box.row, col=box.col, rowspan=box.rowspan, colspan=box.colspan,
                place=Place(table=self._tables, row=box.row + 1),
            )
            for box in table.boxes
        )  # fmt: skip
        widths = table.widths[:cols]
        known = len(widths) == cols and min(widths) > 0
        return grid(cells, rows=table.rows, cols=cols, widths=widths if known else ())
