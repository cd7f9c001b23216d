"""Labels that stand for several rows, in a table printed as text.

A label stands in the middle of its rows (or beside their first), the labels of a column cover all rows from
top to bottom, and those of the column before end where some of theirs do. The cheapest way to give all labels
of a column their rows is taken; rows that another label might have for hardly more are doubtful.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from jixiao.geometry.stacks import APART, EDGE, Mode, Rows, Text, goes_on, off_middle, widths

PADDING = 0.5
"""The room between two rows, in lines."""
FAR = 4.0
"""A label is nearer to the middle of its rows than so many lines."""
SURE = 1.0
"""Ways for a label that differ by less are both possible."""
LINES = 5
"""Lines of one label."""
STEP = 2.2
"""Lines of a label are nearer than so many lines."""
ACROSS = 1.0
"""What it costs that a label ends where none of the column behind does."""
BLANK, CUT_OFF = 1.5, 0.4
"""What a row without a label costs; and at a page break, where its label may stand on the other page."""
LEFT_OUT, MOST_LEFT_OUT = 3.5, 3
"""What a line costs at the top or bottom that is no label, and how many may stand there."""


class Cut(NamedTuple):
    """Whether a page break may cut the table's first and last rows off from their labels."""

    top: bool = False
    bottom: bool = False


class Label(NamedTuple):
    """The lines of a label and its rows, from `first` to before `last`."""

    texts: list[Text]
    first: int
    last: int


class Labels(NamedTuple):
    """The labels of a column; the rows whose label is doubtful; what all cost."""

    found: list[Label]
    doubtful: set[int]
    cost: float

    @property
    def edges(self) -> set[int]:
        return {edge for label in self.found for edge in (label.first, label.last)}


class _Heights(NamedTuple):
    """Where rows begin and end, in lines from the top, and where the lines of labels stand."""

    edges: list[float]
    labels: list[float]


Spot = tuple[int, int]
"""So many lines of labels and so many rows are done."""


def labels(
    lines: Sequence[Text],
    found: Rows,
    column: int,
    columns: int,
    mode: Mode,
    inner: set[int] | None,
    cut: Cut,
) -> Labels | None:
    """The labels of a column; `inner` are the edges of those in the column behind. None for no way."""
    own = [line for line in lines if column in line.cells]
    heights = _heights(lines, found, column)
    moves = dict(_moves(own, heights, widths(lines, columns)[column], column, mode, inner, cut))
    end = len(own), len(found.spans)
    before, back = _forward(moves, end)
    if end not in before:
        return None
    behind = _backward(moves, end)
    chosen: list[Label] = []
    doubtful = _doubtful(moves, before, behind, end[1])
    spot = end
    while spot != (0, 0):
        last, spot = spot, back[spot]
        if spot[0] != last[0] and spot[1] != last[1]:
            chosen.append(Label(own[spot[0] : last[0]], spot[1], last[1]))
        elif spot[0] != last[0]:
            doubtful.add(0 if spot[1] == 0 else end[1] - 1)
    return Labels(chosen[::-1], doubtful, before[end])


def _forward(
    moves: dict[Spot, list[tuple[Spot, float]]], end: Spot
) -> tuple[dict[Spot, float], dict[Spot, Spot]]:
    """What each spot costs from the beginning, and the one before it on the cheapest way."""
    costs, back = {(0, 0): 0.0}, {}
    for spot in _order(end):
        for goal, cost in moves.get(spot, ()) if spot in costs else ():
            if costs[spot] + cost < costs.get(goal, float("inf")):
                costs[goal], back[goal] = costs[spot] + cost, spot
    return costs, back


def _backward(moves: dict[Spot, list[tuple[Spot, float]]], end: Spot) -> dict[Spot, float]:
    """What each spot costs up to the end."""
    costs = {end: 0.0}
    for spot in reversed(_order(end)):
        for goal, cost in moves.get(spot, ()):
            if goal in costs:
                costs[spot] = min(costs.get(spot, float("inf")), costs[goal] + cost)
    return costs


def _order(end: Spot) -> list[Spot]:
    return [(i, r) for r in range(end[1] + 1) for i in range(end[0] + 1)]


def _doubtful(
    moves: dict[Spot, list[tuple[Spot, float]]],
    before: dict[Spot, float],
    behind: dict[Spot, float],
    count: int,
) -> set[int]:
    """The rows that two labels may have for nearly the same cost."""
    best: list[dict[Spot, float]] = [{} for _ in range(count)]
    for spot, goals in moves.items():
        for goal, cost in goals if spot in before else ():
            if goal not in behind:
                continue
            whole, label = before[spot] + cost + behind[goal], (spot[0], goal[0])
            for row in range(spot[1], goal[1]):
                best[row][label] = min(best[row].get(label, float("inf")), whole)
    costs = [sorted(found.values()) for found in best]
    return {row for row, found in enumerate(costs) if len(found) > 1 and found[1] - found[0] < SURE}


def _moves(
    own: Sequence[Text],
    heights: _Heights,
    wide: int,
    column: int,
    mode: Mode,
    inner: set[int] | None,
    cut: Cut,
) -> Iterator[tuple[Spot, list[tuple[Spot, float]]]]:
    """For each spot where one can go from it: to the end of a label, over a row without one, over a line."""
    count, end = len(heights.edges) - 1, len(own)
    for i in range(end + 1):
        joins = list(_joined(own, i, heights, wide, column))
        for r in range(count + 1):
            goals: list[tuple[Spot, float]] = []
            for j, join in joins:
                for e, off in _reaches(heights, i, j, r, mode, cut):
                    across = ACROSS * (inner is not None and not {r, e} <= inner)
                    goals.append(((j, e), EDGE + join + off + across))
            if r < count:
                loose = (cut.top and i == 0) or (cut.bottom and i == end)
                goals.append(((i, r + 1), CUT_OFF if loose else BLANK))
            if (r == 0 and i < min(MOST_LEFT_OUT, end)) or (r == count and end - MOST_LEFT_OUT <= i < end):
                goals.append(((i + 1, r), LEFT_OUT))
            yield (i, r), goals


def _joined(
    own: Sequence[Text], i: int, heights: _Heights, wide: int, column: int
) -> Iterator[tuple[int, float]]:
    """The ends of a label that begins in line `i`, and what it costs that its lines are of one."""
    cost = 0.0
    for j in range(i + 1, min(len(own), i + LINES) + 1):
        if j > i + 1:
            cost += goes_on(own[j - 2].cells[column], own[j - 1].cells[column], wide)
            cost += APART * own[j - 1].apart + 2.0 * (heights.labels[j - 1] - heights.labels[j - 2] > STEP)
        yield j, cost


def _reaches(heights: _Heights, i: int, j: int, r: int, mode: Mode, cut: Cut) -> Iterator[tuple[int, float]]:
    """The rows behind the last that a label of lines i to j may have from row `r` on, and what that costs."""
    edges, middle = heights.edges, sum(heights.labels[i:j]) / (j - i)
    for e in range(r + 1, len(edges)):
        if mode == "top":
            off = abs(heights.labels[i] - edges[r] - (PADDING + 1) / 2)
            if off > FAR:
                return
        else:
            off = (edges[r] + edges[e]) / 2 - middle
            if off > FAR and not (cut.top and r == 0):
                return
            if off < -FAR and not (cut.bottom and e == len(edges) - 1):
                continue
            # the label of rows that go on over a page break stands in the middle of all of them
            off = min(off, CUT_OFF) if cut.top and r == 0 else off
            off = max(off, -CUT_OFF) if cut.bottom and e == len(edges) - 1 else off
            off = abs(off)
        yield e, off_middle(off)


def _heights(lines: Sequence[Text], found: Rows, column: int) -> _Heights:
    edges, at = [0.0], {}
    for a, b in found.spans:
        own = found.lines[a:b]
        high = max(sum(c in line.cells for line in own) for c in {c for line in own for c in line.cells})
        for x, line in enumerate(own):
            at[line.number] = edges[-1] + PADDING / 2 + (x + 0.5) * high / (b - a)
        edges.append(edges[-1] + high + PADDING)
    heights = [_height(lines, n, at, edges[-1]) for n, line in enumerate(lines) if column in line.cells]
    return _Heights(edges, heights)


def _height(lines: Sequence[Text], n: int, at: dict[int, float], bottom: float) -> float:
    """Where a line stands: one of labels alone between its neighbours, nearer to one not apart from it."""
    if lines[n].number in at:
        return at[lines[n].number]
    first = last = n
    while first and lines[first - 1].number not in at:
        first -= 1
    while last + 1 < len(lines) and lines[last + 1].number not in at:
        last += 1
    above = at[lines[first - 1].number] if first else 0.0
    below = at[lines[last + 1].number] if last + 1 < len(lines) else bottom
    share = (n - first + 1) / (last - first + 2)
    if first == last:
        gap = last + 1 < len(lines) and lines[last + 1].apart
        share += 0.0 if gap == lines[n].apart else -0.2 if gap else 0.2
    return above + (below - above) * (0.75 if n == 0 else share)
