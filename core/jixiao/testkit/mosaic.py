"""Made-up grids: any spans, any texts, always complete."""

from random import Random

from jixiao.document import Cell, Grid, grid
from jixiao.testkit import words
from jixiao.testkit.values import chance, number

TEXTS = (
    "",
    "",
    "项目名称",
    "a < b & \"c\" > 'd'",
    "两行\n文字",
    "=1+1",
    "00120",
    "１００％",
    "㎡ ≥≤",
    "𠮷野",
    "x" * 40,
)


def make_grid(rng: Random, most_rows: int = 8, most_cols: int = 8) -> Grid:
    """A complete grid of at most that size; cells span as far as there is room."""
    rows, cols = 1 + rng.randrange(most_rows), 1 + rng.randrange(most_cols)
    taken: set[tuple[int, int]] = set()
    cells = []
    for row in range(rows):
        for col in range(cols):
            if (row, col) in taken:
                continue
            down, right = _room(rng, taken, row, col, rows, cols)
            taken.update((r, c) for r in range(row, row + down) for c in range(col, col + right))
            cells.append(Cell(text=_text(rng), row=row, col=col, rowspan=down, colspan=right))
    return grid(cells, rows, cols)


def _room(
    rng: Random, taken: set[tuple[int, int]], row: int, col: int, rows: int, cols: int
) -> tuple[int, int]:
    if not chance(rng, 30):
        return 1, 1
    right = 1
    while right < 1 + rng.randrange(cols) and col + right < cols and (row, col + right) not in taken:
        right += 1
    return 1 + rng.randrange(rows - row), right


def _text(rng: Random) -> str:
    return rng.choice((*TEXTS, rng.choice(words.PHRASES), number(rng)))
