"""A grid under construction: rows of cells over a fixed number of columns, from the top down."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from jixiao.document import Cell, Grid, Style, grid


class Piece(NamedTuple):
    """What goes into one cell."""

    text: str | None
    style: Style = "text"


class Board:
    """`widths` are relative, one a column; `height` is the number of rows drawn so far."""

    def __init__(self, widths: Sequence[float]) -> None:
        self.widths = tuple(widths)
        self.height = 0
        self._cells: list[Cell] = []

    @property
    def cols(self) -> int:
        return len(self.widths)

    def put(self, piece: Piece, row: int, col: int, rowspan: int = 1, colspan: int = 1) -> None:
        """One cell; rows grow to hold it."""
        text = piece.text or ""
        self._cells.append(
            Cell(text=text, row=row, col=col, rowspan=rowspan, colspan=colspan, style=piece.style)
        )
        self.height = max(self.height, row + rowspan)

    def line(self, pieces: Iterable[Piece], edges: Sequence[int]) -> None:
        """One row: piece i covers the columns from edges[i] to edges[i + 1]."""
        row = self.height
        for piece, left, right in zip(pieces, edges[:-1], edges[1:], strict=True):
            self.put(piece, row, left, colspan=right - left)

    def edges(self, *shares: float) -> list[int]:
        """Column edges 0, …, cols: the inner ones nearest to `shares` of the whole width.

        Each piece gets at least a column. Raises ValueError where there are more pieces than columns.
        """
        if len(shares) >= self.cols:
            raise ValueError(f"{len(shares) + 1} pieces do not fit {self.cols} columns")
        total, found = sum(self.widths), [0]
        for left, share in enumerate(shares, 1):
            room = range(found[-1] + 1, self.cols - len(shares) + left)
            found.append(min(room, key=lambda e: abs(sum(self.widths[:e]) - share * total)))
        return [*found, self.cols]

    def grid(self) -> Grid:
        """The finished grid. Raises jixiao.document.GridError where two cells claim one position."""
        return grid(self._cells, rows=self.height, cols=self.cols, widths=self.widths)
