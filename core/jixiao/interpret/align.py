"""The best-scoring consistent reading of all rows of an indicator table at once.

Dynamic programming over the cells: a state is the column last filled and the levels in force, a step puts
the next cell into a column of the same indicator, opens the next indicator with it, or leaves it out.
Scores come from what the cell says (evidence.py), where it stands, and what the levels allow (scores.py).
A second pass from the end gives for every cell the best reading in which it is something else; the
distance to it is the margin. What a cell makes of the states before it is worked out in fronts.py.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from jixiao.interpret.evidence import evidence
from jixiao.interpret.fronts import MOST, NO_LEVELS, SKIPPED, Fronts, Slot
from jixiao.interpret.tokens import Token

__all__ = ["SKIPPED", "Placed", "Slot", "align"]


class Placed(NamedTuple):
    """A cell and the slot it was read into (SKIPPED for none); `opens` where an indicator begins with it.

    `home` tells whether it stands in a column of its slot, the sheet's own habit counted.
    """

    token: Token
    slot: int
    opens: bool
    home: bool
    margin: float
    runner_up: int


def align(
    tokens: Sequence[Token], slots: Sequence[Slot], *, rows_known: bool, moved: bool = False
) -> list[Placed]:
    """Puts every token into a slot. `rows_known`: a physical row holds one indicator (see INSIDE_BREAK).

    `moved`: each row may stand aside as a whole, at no price.
    """
    if not tokens:
        return []
    printed = 10 * sum(not t.text for t in tokens) > len(tokens)
    ruled = any(t.ruled for t in tokens)
    known = tuple(slots)
    first = _run(tokens, _fronts(known, rows_known, moved, printed, ruled))
    learnt = known if moved else _learn(first, known)
    return first if learnt == known else _run(tokens, _fronts(learnt, rows_known, moved, printed, ruled))


@lru_cache(maxsize=32)
def _fronts(slots: tuple[Slot, ...], rows_known: bool, moved: bool, printed: bool, ruled: bool) -> Fronts:
    """What was learnt of one form's rows holds for its next sheet too."""
    return Fronts(slots, rows_known=rows_known, moved=moved, printed=printed, ruled=ruled)


def _run(tokens: Sequence[Token], fronts: Fronts) -> list[Placed]:
    """Forth through all fronts, back from the end, and along the best path."""
    if fronts.known > MOST:
        fronts.forget()
    front, levels, steps, row = fronts.start, NO_LEVELS, [], -1
    for token in tokens:
        said = evidence(token.text) if token.text else None
        seen = (said, token.col, fronts.rows_known and token.row != row)
        known = front.steps
        step = known.get(seen) or known.get((seen, levels)) or fronts.step(front, seen, levels)
        steps.append(step)
        front, row = step.after, token.row
        if step.levels is not None:
            levels = step.levels
        elif step.kept is not None:
            levels = tuple([levels[k] for k in step.kept])
    rest, backs = front.ends, []
    for step in reversed(steps):
        back = step.backs.get(rest) or fronts.back(step, rest)
        backs.append(back)
        rest = back.rest
    here, path = 0, []
    for token, back in zip(tokens, reversed(backs), strict=True):
        here, slot, opens, home, margin, runner_up = back.moves[here]
        path.append(Placed(token, slot, opens, home, margin, runner_up))
    return path


def _learn(placed: Sequence[Placed], slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """The slots with the columns in which most of their cells stand: a sheet may be shifted as a whole."""
    taken = frozenset[int]().union(*(s.cols for s in slots))
    if all(p.token.col in taken or p.token.col < 0 for p in placed):
        return slots
    seen: dict[int, Counter[int]] = defaultdict(Counter)
    for p in placed:
        if p.slot != SKIPPED and p.token.col >= 0:
            seen[p.slot][p.token.col] += 1
    learnt = []
    for k, slot in enumerate(slots):
        if k in seen:
            col, times = seen[k].most_common(1)[0]
            if times > 1 and 2 * times >= seen[k].total() and col not in taken:
                slot = slot._replace(cols=slot.cols | {col})
        learnt.append(slot)
    return tuple(learnt)
