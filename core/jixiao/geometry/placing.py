"""Which cell a character belongs to: the one that holds its middle, unless its word runs over a rule."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from jixiao.geometry.lattice import Lattice
from jixiao.geometry.lines import Char

OVER = 0.25
"""A character this part of its size beyond a rule stands over it, as none of a cell's own does."""
TOUCH = 0.2
"""Characters nearer than this part of their size are of one run; two cells' are further apart."""

Inside = dict[int, list[Char]]


class Placed(NamedTuple):
    """For each table the characters by span, in the order given; the rest; the texts that ran over a rule."""

    inside: list[Inside]
    outside: list[Char]
    over: list[str]


def place(chars: Sequence[Char], tables: Sequence[Lattice]) -> Placed:
    """Every character goes to one place. A run over a rule goes whole to the cell it was written in."""
    homes, seams = _homes(chars, tables)
    edges = {0, *seams, len(chars)}
    done = 0
    over: list[str] = []
    for n in seams:
        home = homes[n]
        if home is None or n < done:
            continue
        last = homes[n - 1] if n else None
        joins = last is not None and last != home and _follows(chars[n - 1], chars[n], TOUCH / 2)
        if not joins and not _stands_over(chars[n], tables[home[0]], home[1]):
            continue
        begin, done = _run(chars, n)
        if written := _written_in(chars[begin:done], homes[begin:done], tables[home[0]]):
            homes[begin:done] = [written] * (done - begin)
            edges |= {begin, done}
            over.append("".join(c.text for c in chars[begin:done]))
    inside: list[Inside] = [{} for _ in tables]
    outside: list[Char] = []
    for begin, end in pairwise(sorted(edges)):
        home = homes[begin]
        members = outside if home is None else inside[home[0]].setdefault(home[1], [])
        members += chars[begin:end]
    return Placed(inside, outside, over)


Home = tuple[int, int]
"""Index of the table and of the span in it."""


def _homes(chars: Sequence[Char], tables: Sequence[Lattice]) -> tuple[list[Home | None], list[int]]:
    """The home of each character; and the numbers of those that begin in another than the one before, or
    reach over its sides."""
    owners = [t.owners() for t in tables]
    homes: list[Home | None] = []
    seams: list[int] = []
    left = right = top = bottom = 0.0
    home: Home | None = None
    for n, (_, x0, y0, x1, y1, _) in enumerate(chars):
        if not (left <= x0 and x1 < right and top <= y0 and y1 < bottom):
            seams.append(n)
            home, left, right, top, bottom = _home((x0 + x1) / 2, (y0 + y1) / 2, tables, owners)
        homes.append(home)
    return homes, seams


def _home(
    x: float, y: float, tables: Sequence[Lattice], owners: Sequence[list[list[int]]]
) -> tuple[Home | None, float, float, float, float]:
    """The home of what has its middle there, and its sides: left, right, upper and lower."""
    for n, (xs, ys, spans, *_rest) in enumerate(tables):
        if xs[0] < x < xs[-1] and ys[0] < y < ys[-1]:
            span = owners[n][bisect_right(ys, y) - 1][bisect_right(xs, x) - 1]
            row, col, rowspan, colspan = spans[span]
            return (n, span), xs[col], xs[col + colspan], ys[row], ys[row + rowspan]
    return None, 0.0, 0.0, 0.0, 0.0


def _stands_over(char: Char, table: Lattice, span: int) -> bool:
    _, col, _, colspan = table.spans[span]
    room = OVER * char.size
    return char.x0 < table.xs[col] - room or char.x1 > table.xs[col + colspan] + room


def _run(chars: Sequence[Char], n: int) -> tuple[int, int]:
    """First and last-plus-one of the characters that follow one another without a gap around chars[n]."""
    begin, end = n, n + 1
    while begin and _follows(chars[begin - 1], chars[begin], TOUCH):
        begin -= 1
    while end < len(chars) and _follows(chars[end - 1], chars[end], TOUCH):
        end += 1
    return begin, end


def _follows(a: Char, b: Char, near: float) -> bool:
    return abs(b.x0 - a.x1) < near * b.size and abs(b.bottom - a.bottom) < TOUCH * b.size


def _written_in(run: Sequence[Char], homes: Sequence[Home | None], table: Lattice) -> Home | None:
    """The cell at whose left side the run begins, else the one that holds the run's middle."""
    known = [h for h in homes if h is not None]
    first = known[0]
    left = table.xs[table.spans[first[1]][1]]
    if len({h[0] for h in known}) > 1 or len(set(known)) < 2:
        return None
    return first if homes[0] and run[0].x0 - left < run[0].size else known[len(known) // 2]
