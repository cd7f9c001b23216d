"""Rows of a table printed as text, whose cells go over several lines.

A line says what stands beside each other, not where a row ends. The lines of a row are told by how those of
its columns stand to each other: their middles (or their first lines) are level, a text goes on below only
where its line left no room for more, and most columns have a text in each row. The cheapest way to part all
lines at once is taken; an edge that costs hardly more or less than none is doubtful.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from jixiao.geometry.ink import shown

Mode = Literal["middle", "top"]

TALL = 14
"""Lines of one row."""
EDGE = 0.1
"""What a row costs."""
GOES_ON, BROKEN = 0.3, 2.5
"""What a line more of a cell costs; and where the line above had room for its beginning."""
APART = 3.0
"""What a blank line inside a row costs."""
OFF = 0.2
"""What a line costs by which a cell stands off the middle; above half a line, that and a whole."""
MARGIN = 0.75
"""Two ways that differ by less are both possible."""
USUAL = 0.8
"""A row without the first column's text, where so many have it, may be part of another."""
HOPELESS = 40.0
ROUNDS = 2
NARROW = 0.12
"""Proportional type sets a narrow character up to so much wider than half an ideograph."""

_FIRST = re.compile(r"[!-~]+|.[，。；：、）》”,.;:)%]*")


class Text(NamedTuple):
    """A line: its number, its texts by column, and whether a blank line stands above it."""

    number: int
    cells: Mapping[int, str]
    apart: bool


class Rows(NamedTuple):
    """Rows, as the first line and the one behind the last of each; those that are doubtful; what all cost."""

    lines: Sequence[Text]
    spans: list[tuple[int, int]]
    doubtful: set[int]
    cost: float

    def texts(self, row: int, column: int) -> list[Text]:
        a, b = self.spans[row]
        return [line for line in self.lines[a:b] if column in line.cells]


def off_middle(lines: float) -> float:
    return OFF * lines + max(0.0, lines - 0.5)


def widths(lines: Sequence[Text], columns: int) -> list[int]:
    """The widest line of each column."""
    return [
        max((shown(line.cells[c]) for line in lines if c in line.cells), default=0) for c in range(columns)
    ]


def goes_on(above: str, below: str, width: int) -> float:
    """What it costs to take a line for the rest of the one above, in a column so wide."""
    first = _FIRST.match(below)
    narrow = sum(char < "\u2000" for char in above)
    full = shown(above) + (shown(first[0]) if first else 0) > width - 0.5 - NARROW * narrow
    return GOES_ON if full else BROKEN


def rows(lines: Sequence[Text], first: int, columns: int, mode: Mode) -> Rows | None:
    """The rows of the columns from `first` on, one text a row; None where no line has a text there."""
    own = [line for line in lines if any(c >= first for c in line.cells)]
    if not own:
        return None
    wide = widths(lines, columns)
    counts = sorted(sum(c in line.cells for line in own) for c in range(first, columns))
    usual = counts[len(counts) // 2] or 1
    share = {c: min(1.0, sum(c in line.cells for line in own) / usual) for c in range(first, columns)}
    for _ in range(ROUNDS):
        found, over = _cheapest(own, share, wide, mode)
        share = {
            c: sum(bool(found.texts(n, c)) for n in range(len(found.spans))) / len(found.spans) for c in share
        }
    return found._replace(doubtful=_doubtful(found, over, share, first))


def _doubtful(found: Rows, edges: set[int], share: Mapping[int, float], first: int) -> set[int]:
    """The rows at a doubtful edge or around one, and those beside a row that lacks its first column."""
    rows = {n for n, (a, b) in enumerate(found.spans) if not edges.isdisjoint(range(a, b + 1))}
    if share[first] > USUAL:
        lacking = [n for n in range(len(found.spans)) if not found.texts(n, first)]
        rows |= {m for n in lacking for m in (n - 1, n, n + 1)}
    return rows


def _cheapest(
    lines: Sequence[Text], share: Mapping[int, float], wide: Sequence[int], mode: Mode
) -> tuple[Rows, set[int]]:
    """The cheapest rows, and the edges (by the line below) that might as well be none or be one."""
    n = len(lines)
    costs: dict[tuple[int, int], float] = {}
    before, back = [0.0] + [float("inf")] * n, [0] * (n + 1)
    for a in range(n):
        for b in range(a + 1, min(n, a + TALL) + 1):
            cost = costs[a, b] = _cost(lines[a:b], share, wide, mode)
            if before[a] + cost < before[b]:
                before[b], back[b] = before[a] + cost, a
            if cost > HOPELESS:
                break
    behind = [float("inf")] * n + [0.0]
    inside = [float("inf")] * (n + 1)
    for (a, b), cost in sorted(costs.items(), reverse=True):
        behind[a] = min(behind[a], cost + behind[b])
    for (a, b), cost in costs.items():
        for x in range(a + 1, b):
            inside[x] = min(inside[x], before[a] + cost + behind[b])
    spans: list[tuple[int, int]] = []
    at = n
    while at:
        spans.append((back[at], at))
        at = back[at]
    edges = {x for x in range(1, n) if abs(before[x] + behind[x] - inside[x]) < MARGIN}
    return Rows(lines, spans[::-1], set(), before[n]), edges


def _cost(lines: Sequence[Text], share: Mapping[int, float], wide: Sequence[int], mode: Mode) -> float:
    """What it costs to take these lines for one row."""
    cost = EDGE + APART * sum(line.apart for line in lines[1:])
    middle = (len(lines) - 1) / 2
    for column, filled in share.items():
        at = [x for x, line in enumerate(lines) if column in line.cells]
        if not at:
            cost += filled**2
            continue
        cost += off_middle(abs(sum(at) / len(at) - middle)) if mode == "middle" else at[0]
        for p, q in pairwise(at):
            cost += goes_on(lines[p].cells[column], lines[q].cells[column], wide[column])
    return cost
