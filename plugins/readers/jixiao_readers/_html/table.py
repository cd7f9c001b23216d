"""Rows and cells as HTML tells them, placed on a grid (HTML Living Standard, 4.9.12)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jixiao import errors

from jixiao_readers._tables import Box, Table

if TYPE_CHECKING:
    from jixiao.document import Line
    from lxml.etree import _Element

MOST_COLUMNS, MOST_ROWS = 1000, 65534
ORDER = {"thead": 0, "tbody": 1, "tfoot": 2}


@dataclass(slots=True)
class Told:
    """A cell as told; a row span of 0 goes on to the end of its group."""

    rowspan: int
    colspan: int
    content: list[Line | Table]


@dataclass(slots=True)
class OpenTable:
    """A table while its elements come in."""

    groups: list[tuple[str, list[list[Told]]]] = field(default_factory=list)
    captions: list[Line | Table] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)
    in_row: bool = False
    open_cell: _Element | None = None  # a td, th or caption

    def group(self, kind: str) -> None:
        self.groups.append((kind, []))
        self.in_row = False

    def row(self) -> None:
        if not self.groups:
            self.group("tbody")
        self.groups[-1][1].append([])
        self.in_row = True

    def cell(self, told: Told) -> None:
        if not self.in_row:
            self.row()
        self.groups[-1][1][-1].append(told)

    def close(self, most_cells: int) -> Table:
        """The table, each cell at the first free place of its row, spans cut where another cell stands.

        Raises BadInput `limit-cells` before it grows beyond that.
        """
        boxes: list[Box] = []
        first = 0
        busy_until: list[int] = []
        for _kind, rows in sorted(self.groups, key=lambda group: ORDER[group[0]]):
            end = first + len(rows)
            for number, row in enumerate(rows, first):
                col = 0
                for told in row:
                    col = _place(boxes, busy_until, told, number, col, end)
                    if len(busy_until) * end > most_cells:
                        raise errors.over_limit("cells", len(busy_until) * end, most_cells)
            first = end
        return Table(first, boxes, tuple(self.widths[: len(busy_until)]))


def _place(boxes: list[Box], busy_until: list[int], told: Told, row: int, col: int, end: int) -> int:
    """Puts a cell at or right of `col`; gives the column after it."""
    while col < len(busy_until) and busy_until[col] > row:
        col += 1
    most = min(max(told.colspan, 1), MOST_COLUMNS)
    wide = 1
    while wide < most and not (col + wide < len(busy_until) and busy_until[col + wide] > row):
        wide += 1
    high = min(told.rowspan, MOST_ROWS, end - row) if told.rowspan > 0 else end - row
    busy_until.extend([0] * (col + wide - len(busy_until)))
    busy_until[col : col + wide] = [row + high] * wide
    boxes.append(Box(row, col, high, wide, told.content))
    return col + wide
