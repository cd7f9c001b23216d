"""From a network of rulings to cells: the finest grid of its lines, then what no line parts is one cell."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from jixiao.errors import over_limit
from jixiao.geometry.rulings import Network, Ruling

OVERHANG = 8.0
"""Lines that end together this far beyond the last crossing one bound cells whose outer rule is missing."""
COVER = 0.7
"""A line parts two positions if it runs along this share of their common side."""

Span = tuple[int, int, int, int]
"""row, col, rowspan, colspan"""


class Lattice(NamedTuple):
    """Where a table's lines are, and its cells as spans over them; they cover every position once.

    `open_top`, `open_bottom`: that side has no rule, as where a page break cuts a row.
    """

    xs: list[float]
    ys: list[float]
    spans: list[Span]
    open_top: bool
    open_bottom: bool

    @property
    def box(self) -> tuple[float, float, float, float]:
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def owners(self) -> list[list[int]]:
        """For each position the index of the span that covers it."""
        owner = [[0] * (len(self.xs) - 1) for _ in self.ys[1:]]
        for n, (row, col, rowspan, colspan) in enumerate(self.spans):
            for line in owner[row : row + rowspan]:
                line[col : col + colspan] = [n] * colspan
        return owner


def lattice(network: Network, most: int) -> Lattice | None:
    """The cells a network draws; None where it draws no table (a frame around one thing, a tick box).

    Raises BadInput `limit-cells` for more than `most` positions.
    """
    across, down = network
    xs = _places(down, across)
    ys = _places(across, down)
    if len(xs) * len(ys) > most:
        raise over_limit("cells", len(xs) * len(ys), most)
    if len(xs) < 2 or len(ys) < 2:
        return None
    beside, below = _sides(xs, ys, down), _sides(ys, xs, across)
    needed = _needed(xs, beside), _needed(ys, below)
    if needed != (xs, ys):
        xs, ys = needed
        beside, below = _sides(xs, ys, down), _sides(ys, xs, across)
    if len(xs) * len(ys) == 4:
        return None
    width = len(xs) - 1
    return Lattice(
        xs, ys, _spans(beside, below, len(ys) - 1, width),
        open_top=sum(below[0]) < width / 2, open_bottom=sum(below[-1]) < width / 2,
    )  # fmt: skip


def _places(lines: Sequence[Ruling], crossing: Sequence[Ruling]) -> list[float]:
    """Where lines stand, and where at least two crossing ones end together beyond the outermost."""
    places = sorted({r.at for r in lines})
    first = sorted(r.start for r in crossing if r.start < places[0] - OVERHANG)
    last = sorted((r.end for r in crossing if r.end > places[-1] + OVERHANG), reverse=True)
    before = [first[0]] if len(first) > 1 and first[1] - first[0] < OVERHANG else []
    after = [last[0]] if len(last) > 1 and last[0] - last[1] < OVERHANG else []
    return before + places + after


def _sides(places: list[float], others: list[float], lines: Sequence[Ruling]) -> list[list[bool]]:
    """[n][m]: whether a line at places[n] parts the two positions between others[m] and others[m+1]."""
    parts = [[False] * (len(others) - 1) for _ in places]
    number = {place: n for n, place in enumerate(places)}
    for _, at, start, end in lines:
        if at not in number:
            continue
        row = parts[number[at]]
        first, last = bisect_left(others, start), bisect_right(others, end) - 1
        row[first:last] = [True] * (last - first)
        for m in {first - 1, last}.intersection(range(len(row))):
            a, b = others[m], others[m + 1]
            row[m] |= min(end, b) - max(start, a) >= COVER * (b - a)
    return parts


def _needed(places: list[float], sides: Sequence[Sequence[bool]]) -> list[float]:
    """Without the inner places where no line parts anything."""
    last = len(places) - 1
    return [p for n, p in enumerate(places) if n in (0, last) or any(sides[n])]


def _spans(beside: list[list[bool]], below: list[list[bool]], rows: int, cols: int) -> list[Span]:
    """The cells, row by row: each grows right, then down, until a line; so they are always rectangles."""
    taken = [[False] * cols for _ in range(rows)]
    parted = list(zip(*beside, strict=True))
    spans = []
    for row in range(rows):
        for col in range(cols):
            if taken[row][col]:
                continue
            right = col + 1
            while right < cols and not parted[row][right] and not taken[row][right]:
                right += 1
            end = row + 1
            while end < rows and not (
                True in below[end][col:right]
                or True in taken[end][col:right]
                or True in parted[end][col + 1 : right]
            ):
                end += 1
            for line in taken[row:end]:
                line[col:right] = [True] * (right - col)
            spans.append((row, col, end - row, right - col))
    return spans
