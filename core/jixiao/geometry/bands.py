"""Where the columns of a table without rules stand, and which column a text belongs to."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from jixiao.geometry.flow import Block, block_of
from jixiao.geometry.lines import SPACE, gap

FULL = 0.6
"""Rows with this share of the most texts a row has say where the columns stand."""
CROSSED = 0.2
"""Up to this share of them may run over the room between two columns, as merged cells do, and as many as
have texts parted there, as rows of other columns do."""

Band = tuple[float, float]


def bands(rows: Sequence[Sequence[Block]]) -> list[Band]:
    """The columns' extents: the fewest that part all texts which stand beside each other in full rows."""
    most = max((len(row) for row in rows), default=0)
    full = [row for row in rows if len(row) >= max(2.0, FULL * most)]
    pieces = sorted(p for row in full for block in trimmed(row) for p in _pieces(block))
    rooms = _rooms(sorted((_room(a, b) for row in full for a, b in pairwise(row)), key=lambda r: r[1]))
    few = CROSSED * len(full)
    cuts = [cut for room, parted in rooms if (cut := _cut_in(room, pieces, max(few, parted - 1))) is not None]
    return _extents(cuts, [block for row in full for block in trimmed(row)])


def trimmed(row: Sequence[Block]) -> list[Block]:
    """The texts of a row, those that reach over the next one's beginning ended there."""
    ends = [*(b.x0 - 0.5 for b in row[1:]), float("inf")]
    return [
        b._replace(x1=min(b.x1, end)) if b.x0 < end < b.x1 else b for b, end in zip(row, ends, strict=True)
    ]


def _room(a: Block, b: Block) -> Band:
    """What parts two texts; one that its cell cuts off may reach over it."""
    return min(a.x1, b.x0 - 0.5), b.x0


def _rooms(gaps: Sequence[Band]) -> Iterator[tuple[Band, int]]:
    """What gaps (by their ends) have in common: the fewest stretches of which each gap holds one; and how
    many gaps hold it."""
    room, count = (0.0, 0.0), 0
    for start, end in gaps:
        if count and start < room[1]:
            room, count = (max(start, room[0]), room[1]), count + 1
        else:
            if count:
                yield room, count
            room, count = (start, end), 1
    if count:
        yield room, count


def _cut_in(room: Band, pieces: Sequence[Band], crossed: float) -> float | None:
    """Where in the room the fewest texts stand; None where too many stand everywhere."""
    over = [p for p in pieces if p[0] < room[1] and p[1] > room[0]]
    ends = sorted({*room, *(x for p in over for x in p if room[0] < x < room[1])})
    best = min(
        ((sum(p[0] < x < p[1] for p in over), a - b, x) for a, b in pairwise(ends) for x in ((a + b) / 2,)),
        default=None,
    )
    return best[2] if best and best[0] <= crossed else None


def _pieces(block: Block) -> Iterator[Band]:
    """The extents of the stretches without any gap of a text's lines."""
    for line in block.lines:
        start, end = line[0].x0, line[0].x1
        for last, char in pairwise(line):
            if gap(last, char, char.size) > SPACE * char.size:
                yield start, end
                start = char.x0
            end = max(end, char.x1)
        yield start, min(end, block.x1)


def _extents(cuts: Sequence[float], blocks: Sequence[Block]) -> list[Band]:
    """The extent of each column's texts between the cuts, those that run over a cut left out."""
    found: dict[int, Band] = {}
    for block in blocks:
        column = bisect_right(cuts, block.x0)
        if column == bisect_right(cuts, block.x1):
            a, b = found.get(column, (block.x0, block.x1))
            found[column] = min(a, block.x0), max(b, block.x1)
    return [found[n] for n in sorted(found)]


def placed(row: Sequence[Block], columns: Sequence[Band]) -> list[tuple[int, list[Block]]]:
    """The texts of a row by column, from left to right, each in one of its own where there are enough."""
    cells = [[piece] for block in row for piece in cut(block, columns)]
    while len(cells) > len(columns):
        n = min(range(1, len(cells)), key=lambda n: cells[n][0].x0 - cells[n - 1][-1].x1)
        cells[n - 1 : n + 1] = [cells[n - 1] + cells[n]]
    found: list[int] = []
    for cell in cells:
        nearest = column_of(columns, cell[0].x0, cell[-1].x1)
        found.append(max(nearest, found[-1] + 1 if found else 0))
    for n in range(len(found)):  # what was pushed over the last column pushes the others back
        found[n] = min(found[n], len(columns) - len(found) + n)
    return list(zip(found, cells, strict=True))


def cut(block: Block, columns: Sequence[Band]) -> list[Block]:
    """A line of text over several columns, cut at the smaller gaps that lie between them.

    A text of several lines is one cell's.
    """
    if len(block.lines) > 1:
        return [block]
    between = [(a[1], b[0]) for a, b in pairwise(columns)]
    pieces = [block.lines[0][:1]]
    for last, char in pairwise(block.lines[0]):
        middle = (last.x1 + char.x0) / 2
        if gap(last, char, char.size) > SPACE * char.size and any(a < middle < b for a, b in between):
            pieces.append([])
        pieces[-1].append(char)
    return [block_of([p])._replace(late=block.late, cut=block.cut) for p in pieces]


def column_of(columns: Sequence[Band], start: float, end: float) -> int:
    """The first column a text stands in, else the nearest."""
    return min(range(len(columns)), key=lambda n: (max(columns[n][0] - end, start - columns[n][1], 0.0), n))
