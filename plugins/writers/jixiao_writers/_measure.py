"""How much room text takes: column widths and wrapped lines.

The unit is the half character, for a Chinese character takes two.
"""

import re
from math import ceil

from jixiao.document import Cell, Grid

from jixiao_writers._text import HEADS, lines

WORD = re.compile("[!-~]+")
LONGEST_WORD = 14  # a longer one may be broken
LONGEST_LABEL = 8


def half_characters(line: str) -> int:
    """The width of one line. From U+2000 up, Chinese fonts draw nearly all characters full width."""
    return len(line) + sum(character > "\u1fff" for character in line)


def wrapped(text: str, width: float) -> int:
    """How many lines a text takes in a column `width` half characters wide, at least 1.

    A line may stay short by one half character, and by a punctuation mark that must not begin the next.
    """
    room = max(2.0, width - 1)
    return sum(max(1, ceil(half_characters(line) / room)) for line in lines(text))


def balanced(text: str, width: float) -> float:
    """The narrowest width that breaks the text into no more lines than `width` does, and these evenly."""
    sizes = [(size, ceil(size / max(2.0, width))) for size in map(half_characters, lines(text))]
    return min(width, max(2 * ceil(size / max(1, count) / 2) for size, count in sizes))


def columns(grid: Grid, total: float, half: float, padding: float) -> list[float]:
    """The widths of a grid's columns, `total` together; `half` is the width of a half character.

    They follow the grid's own widths; where it gives none that can be used, the texts. Where there is room
    for it, each column holds two Chinese characters, its longest number or word, a label of up to four
    Chinese characters, and the `padding`.
    """
    own = grid.widths
    usable = len(own) == grid.cols and min(own, default=0) >= 0 and 0 < sum(own) < float("inf")
    shares = list(own) if usable else _by_content(grid)
    floors = [need * half + padding for need in _least(grid)]
    floors = [floor * min(1.0, total / sum(floors)) for floor in floors]
    lifted = [max(floor, share / sum(shares) * total) for floor, share in zip(floors, shares, strict=True)]
    above = sum(lifted) - sum(floors)
    keep = (total - sum(floors)) / above if above else 1.0
    return [floor + (width - floor) * keep for floor, width in zip(floors, lifted, strict=True)]


def _least(grid: Grid) -> list[int]:
    need = [4] * grid.cols
    for cell in grid.cells:
        if cell.colspan == 1:
            word = max(map(len, WORD.findall(cell.text)), default=0)
            label = max(map(half_characters, lines(cell.text))) if cell.style in HEADS else 0
            need[cell.col] = max(need[cell.col], min(word, LONGEST_WORD), min(label, LONGEST_LABEL))
    return need


def _by_content(grid: Grid) -> list[float]:
    need = [4.0] * grid.cols
    for cell in grid.cells:
        if cell.colspan == 1:
            longest = max(map(half_characters, lines(cell.text)))
            need[cell.col] = max(need[cell.col], min(longest, 30.0))
    return need


def line_counts(grid: Grid, widths: list[float]) -> list[float]:
    """How many lines of text each row must hold; what a merged cell needs more is shared among its rows."""
    need = [1.0] * grid.rows
    for cell in sorted(grid.cells, key=lambda c: c.rowspan):
        rows = range(cell.row, cell.row + cell.rowspan)
        missing = wrapped(cell.text, width_of(cell, widths)) - sum(need[row] for row in rows)
        if missing > 0:
            for row in rows:
                need[row] += missing / cell.rowspan
    return need


def width_of(cell: Cell, widths: list[float]) -> float:
    """The width of the columns that the cell covers."""
    return sum(widths[cell.col : cell.col + cell.colspan])
