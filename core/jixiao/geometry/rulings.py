"""Drawn lines: from rectangles and strokes to few straight rulings, and which of them hang together.

Lengths are points, the origin is the page's top left corner.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from jixiao.errors import over_limit

THIN = 3.5
"""A filled box at most this thick is a line, a thicker one is a background."""
SNAP = 5.0
"""Parallel lines this near are one (double lines; the same line drawn once a cell): no text fits between."""
GAP = 3.0
"""A gap this wide in a line, or before a crossing one, is none."""
BESIDE = 6.0
"""A vertical line that begins and ends this near to where a network does bounds a column of it: no rule of a
cell that goes on over both page breaks touches it."""
SHORTEST = 5.0
"""What stays shorter than this after joining is a mark, not a line."""


class Ruling(NamedTuple):
    """A straight line along the page: `at` is the y of a horizontal and the x of a vertical one."""

    horizontal: bool
    at: float
    start: float
    end: float


class Network(NamedTuple):
    """Rulings that touch one another."""

    horizontal: list[Ruling]
    vertical: list[Ruling]


def box_rulings(x0: float, top: float, x1: float, bottom: float, stroked: bool = True) -> list[Ruling]:
    """The lines a rectangle draws: one if it is thin, four if it is stroked, none if it is only filled."""
    width, height = x1 - x0, bottom - top
    flat, slim = height <= THIN, width <= THIN
    across = Ruling(True, (top + bottom) / 2, x0, x1)
    down = Ruling(False, (x0 + x1) / 2, top, bottom)
    if flat and slim:
        return [across, down]  # one dot of a dotted line, or the joint of a corner
    if flat:
        return [across]
    if slim:
        return [down]
    if not stroked:
        return []
    return [
        Ruling(True, top, x0, x1), Ruling(True, bottom, x0, x1),
        Ruling(False, x0, top, bottom), Ruling(False, x1, top, bottom),
    ]  # fmt: skip


def line_rulings(x0: float, y0: float, x1: float, y1: float) -> list[Ruling]:
    """The ruling a straight stroke draws; none where it is slanted."""
    if abs(y1 - y0) <= 1.0:
        return [Ruling(True, (y0 + y1) / 2, min(x0, x1), max(x0, x1))]
    if abs(x1 - x0) <= 1.0:
        return [Ruling(False, (x0 + x1) / 2, min(y0, y1), max(y0, y1))]
    return []


def merge(rulings: Iterable[Ruling]) -> list[Ruling]:
    """The same lines with collinear pieces joined, near parallels made one, and stray marks left out."""
    pieces = list(rulings)
    return [*_merge([r for r in pieces if r.horizontal]), *_merge([r for r in pieces if not r.horizontal])]


def _merge(pieces: list[Ruling]) -> list[Ruling]:
    pieces.sort(key=lambda r: r.at)
    merged: list[Ruling] = []
    begin = 0
    while begin < len(pieces):
        end = begin + 1
        while end < len(pieces) and pieces[end].at - pieces[begin].at <= SNAP:
            end += 1
        merged += _joined(pieces[begin:end])
        begin = end
    return merged


def _joined(pieces: list[Ruling]) -> list[Ruling]:
    """Pieces of nearly one line: joined where they touch, all set on their mean weighted by length."""
    if len(pieces) == 1:
        return pieces if pieces[0].end - pieces[0].start >= SHORTEST else []
    weight = sum(r.end - r.start + 0.01 for r in pieces)
    at = sum(r.at * (r.end - r.start + 0.01) for r in pieces) / weight
    pieces.sort(key=lambda r: r.start)
    runs: list[list[float]] = []
    for _, _, start, end in pieces:
        short = min(2 * (end - start), 2 * GAP)  # dashes: the gap may be as wide as two of them
        if runs and start - runs[-1][1] <= max(GAP, short):
            runs[-1][1] = max(runs[-1][1], end)
        else:
            runs.append([start, end])
    return [Ruling(pieces[0].horizontal, at, a, b) for a, b in runs if b - a >= SHORTEST]


def networks(rulings: Sequence[Ruling], most: int) -> list[Network]:
    """Rulings by what touches what. Those that touch none are left out (underlines, separators).

    Raises BadInput `limit-cells` where the lines could cross more than `most` times.
    """
    across = [r for r in rulings if r.horizontal]
    down = sorted((r for r in rulings if not r.horizontal), key=lambda r: r.at)
    if len(across) * len(down) > 4 * most:
        raise over_limit("cells", len(across) * len(down), most)
    parent = list(range(len(across) + len(down)))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    places = [r.at for r in down]
    for n, h in enumerate(across):
        for m in range(bisect_left(places, h.start - GAP), bisect_right(places, h.end + GAP)):
            if down[m].start - GAP <= h.at <= down[m].end + GAP:
                parent[root(n)] = root(len(across) + m)
    found: dict[int, Network] = {}
    for n, ruling in enumerate([*across, *down]):
        network = found.setdefault(root(n), Network([], []))
        (network.horizontal if ruling.horizontal else network.vertical).append(ruling)
    tables = [n for n in found.values() if n.horizontal and n.vertical]
    for lone in (n.vertical[0] for n in found.values() if not n.horizontal):
        if beside := [n for n in tables if _runs_along(lone, n)]:
            min(beside, key=lambda n: abs(lone.at - n.vertical[0].at)).vertical.append(lone)
    return tables


def _runs_along(line: Ruling, network: Network) -> bool:
    top = min(*(r.at for r in network.horizontal), *(r.start for r in network.vertical))
    bottom = max(*(r.at for r in network.horizontal), *(r.end for r in network.vertical))
    return abs(line.start - top) <= BESIDE and abs(line.end - bottom) <= BESIDE
