"""Which cell a character belongs to: the one that holds its middle, unless its word runs over a rule."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import groupby
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
    homes, doubtful = _homes(chars, tables)
    done = 0
    over: list[str] = []
    for n in doubtful:
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
            over.append("".join(c.text for c in chars[begin:done]))
    inside: list[Inside] = [{} for _ in tables]
    outside: list[Char] = []
    begin = 0
    for home, same in groupby(homes):
        end = begin + len(list(same))
        members = outside if home is None else inside[home[0]].setdefault(home[1], [])
        members += chars[begin:end]
        begin = end
    return Placed(inside, outside, over)


Home = tuple[int, int]
"""Index of the table and of the span in it."""


def _homes(chars: Sequence[Char], tables: Sequence[Lattice]) -> tuple[list[Home | None], list[int]]:
    """The home of each character; and the numbers of those that begin in another than the one before, or
    reach over its sides. Most stand between the same rules as the one before."""
    owners = [t.owners() for t in tables]
    homes: list[Home | None] = []
    doubtful: list[int] = []
    left = right = top = bottom = first = last = 0.0
    home: Home | None = None
    for n, (_, x0, y0, x1, y1, _) in enumerate(chars):
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        if home is None or not (left <= x < right and top <= y < bottom):
            home = None
            for m, (xs, ys, spans, *_rest) in enumerate(tables):
                if xs[0] < x < xs[-1] and ys[0] < y < ys[-1]:
                    row, col = bisect_right(ys, y), bisect_right(xs, x)
                    home = m, owners[m][row - 1][col - 1]
                    left, right, top, bottom = xs[col - 1], xs[col], ys[row - 1], ys[row]
                    _, start, _, width = spans[home[1]]
                    first, last = xs[start], xs[start + width]
                    doubtful.append(n)
                    break
        elif x0 < first or x1 > last:
            doubtful.append(n)
        homes.append(home)
    return homes, doubtful


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
