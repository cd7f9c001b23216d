"""The document as one stream of tokens: the texts in reading order, with what position says about them."""

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from jixiao.document import Cell, Line, Section
from jixiao.model import Place, fold


class Token(NamedTuple):
    """A text and its position. `text` is folded, "" for a cell that is there and empty.

    `row` numbers the physical rows of the section (a line is a row); `col` is the grid column, -1 for a
    line. `ruled` tells whether the source distinguishes covered from empty; `glued` that the source printed
    it without a separator to its neighbour.
    """

    text: str
    row: int
    col: int = -1
    colspan: int = 1
    rowspan: int = 1
    ruled: bool = False
    place: Place | None = None
    confidence: float = 1.0
    glued: bool = False

    @property
    def blank(self) -> bool:
        return not self.text


class _Row(NamedTuple):
    tokens: tuple[Token, ...]
    grid: bool


class Row(_Row):
    """A physical row: its cells left to right, the empty ones included."""

    @cached_property
    def full(self) -> list[Token]:
        return [t for t in self.tokens if t.text]


def rows_of(section: Section) -> Iterator[Row]:
    """The physical rows of a section in reading order."""
    number = 0
    for block in section.blocks:
        if isinstance(block, Line):
            yield Row((Token(fold(block.text), number, place=block.place),), grid=False)
            number += 1
        else:
            for cells in block.by_row():
                yield Row(tuple([_token(cell, number, block.spans) for cell in cells]), grid=True)
                number += 1


def _token(cell: Cell, row: int, ruled: bool) -> Token:
    return Token(
        fold(cell.text), row, cell.col, cell.colspan, cell.rowspan, ruled, cell.place, cell.confidence
    )
