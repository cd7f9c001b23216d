"""What a cell makes of the readings of a table that are still alive: worked out once, then remembered.

Rows of a table are like one another, and so are sheets of one form: most cells meet readings that stood as
far apart when a cell of this kind, in this column, came before. So a front keeps how far each reading is
behind the best, not its score, and what each kind of cell makes of it. Scores are whole hundredths: sums of
them are exact in any order, and what is equal compares so.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from jixiao.interpret import scores as S
from jixiao.interpret.evidence import VALUES, Evidence, scores_in
from jixiao.vocabulary import vocabulary

SKIPPED = -1
MOST = 512
"""Steps of a form that are remembered, about 2 kB each; beyond them all are forgotten."""
FAR = 32
"""Columns aside from which on it is the same how many."""
WAYS = 32
"""Slots, the likeliest, that a cell is tried in."""


class Slot(NamedTuple):
    """A column of the indicator table: its role, its head as printed, the grid columns it may stand in.

    `price` is paid for every cell in it: a column that no head names is less likely.
    """

    role: str
    text: str | None = None
    cols: frozenset[int] = frozenset()
    price: float = 0.0


# These are made and compared most of all, so they are plain tuples.
Levels = tuple[str | None, str | None]
"""The first and second level in force."""
State = tuple[int, Levels, int, bool, bool, int]
"""slot last filled, levels, named, valued, empty, aside.

`named`: 0 no name yet, 1 a name, 2 the name of a rate; `empty` while the indicator holds no cell; `aside`:
how many columns beside its own place the last cell stood.
"""
Shape = tuple[int, int, int, bool, bool, int]
"""A state that has the number of its levels instead of them: most cells are the same under any."""
Seen = tuple[Evidence | None, int, bool]
"""All that counts of a cell: what its text says (None for an empty one), its column, whether a row begins."""
Edge = tuple[int, int, int, int, bool]
"""A step: the numbers of the states before and after it, gain, slot (or SKIPPED), whether it opens."""
Option = tuple[int, int, int, int]
"""A slot that a cell could stand in, its score there, how far beside it the cell stands, and its price."""
Move = tuple[int, int, bool, bool, float, int]
"""The best step from a state: state after it, slot, opens, home, margin, runner-up (see align.Placed)."""
START: Shape = (-1, 0, 0, False, True, 0)
NO_LEVELS: tuple[Levels, ...] = ((None, None),)
NEVER = float("-inf")


def exact(score: float) -> int:
    """The score in hundredths."""
    return round(100 * score)


BEAM, MOST_MORE = exact(S.BEAM), exact(S.MOST_MORE)
SKIP, INSIDE_BREAK, NO_BREAK = exact(S.SKIP), exact(S.INSIDE_BREAK), exact(S.NO_BREAK)
NO_LEVEL2, UNIT_AGREES = exact(S.NO_LEVEL2), exact(S.UNIT_AGREES)


@lru_cache(maxsize=4096)
def _said(e: Evidence, roles: tuple[str, ...]) -> tuple[int, ...]:
    """What the text says for each of the roles."""
    return tuple(map(exact, scores_in(e, roles)))


class Front:
    """The readings still alive, the best first, each with its distance to it (0 or less).

    `ends`: what each is worth where the table ends here. `steps`: by the cell; by the cell and the levels
    where it could be a level itself.
    """

    __slots__ = ("behind", "ends", "shapes", "steps")

    def __init__(self, shapes: tuple[Shape, ...], behind: tuple[int, ...], ends: tuple[float, ...]) -> None:
        self.shapes, self.behind, self.ends = shapes, behind, ends
        self.steps: dict[Seen | tuple[Seen, tuple[Levels, ...]], Step] = {}


class Step:
    """What a cell makes of a front: the edges worth following, and the front they lead to.

    `levels`: those that are in force there, where the cell could be a level; else `kept` are the numbers of
    those that still are, None where all are.
    """

    __slots__ = ("after", "backs", "before", "edges", "kept", "levels", "seen")

    def __init__(self, seen: Seen, before: Front, after: Front, edges: Sequence[Edge]) -> None:
        self.seen, self.before, self.after, self.edges = seen, before, after, edges
        self.levels: tuple[Levels, ...] | None = None
        self.kept: tuple[int, ...] | None = None
        self.backs: dict[tuple[float, ...], Back] = {}


class Back(NamedTuple):
    """A step seen from the end: what each state before it is worth from there on, and the best move from it.

    From a state that no way leads on from it is worth NEVER, and there is no move.
    """

    rest: tuple[float, ...]
    moves: dict[int, Move]


class Fronts:
    """The fronts that tables of one form go through, each made when it is first reached."""

    def __init__(
        self, slots: Sequence[Slot], *, rows_known: bool, moved: bool, printed: bool, ruled: bool
    ) -> None:
        self.slots, self.rows_known, self.moved = slots, rows_known, moved
        self.roles = tuple(s.role for s in slots)
        self.parts = tuple("value" if role in VALUES else role for role in self.roles)
        self.owners = vocabulary().owners
        self.has_level2 = "level2" in self.roles
        placed = any(s.cols for s in slots)
        self.jump = exact(S.JUMP) if printed else 0
        no_value = S.NO_VALUE_RULED if ruled else S.NO_VALUE_PLACED if placed else S.NO_VALUE
        self.closing = {  # what an indicator's end says, by whether it has a name and a value
            (True, True): 0,
            (True, False): exact(no_value),
            (False, True): exact(S.NO_NAME),
            (False, False): exact(S.BARE_LEVEL),
        }
        self.likely = exact(S.LIKELY if placed else S.BEAM)
        far = (S.STEP_ASIDE_RULED, S.STEP_ASIDE_FAR_RULED) if ruled else (S.STEP_ASIDE, S.STEP_ASIDE_FAR)
        self.aside = (0, *map(exact, far))
        self.for_blank = [
            (k, exact(0.1), 0, 0) for k, role in enumerate(self.roles) if role not in ("level3", "side")
        ]
        self.name = next((k for k, s in enumerate(slots) if s.role == "level3"), 0)
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self.known = 0
        self.columns: dict[int, list[tuple[int, int, int]]] = {}
        self.options: dict[tuple[Evidence | None, int], list[Option]] = {}
        self._fronts: dict[tuple[tuple[Shape, ...], tuple[int, ...]], Front] = {}
        self.start = self._front((START,), (0,))

    def _front(self, shapes: tuple[Shape, ...], behind: tuple[int, ...]) -> Front:
        if (front := self._fronts.get((shapes, behind))) is None:
            ends = tuple(
                0 if empty else self.closing[named > 0, valued]
                for _last, _levels, named, valued, empty, _aside in shapes
            )
            front = self._fronts[shapes, behind] = Front(shapes, behind, ends)
        return front

    def step(self, front: Front, seen: Seen, levels: tuple[Levels, ...]) -> Step:
        """What the cell makes of the front; only the states within BEAM of the best are kept."""
        edges, reached = self._edges(front, seen, levels)
        best = [-(10**9)] * len(reached)
        for start, end, gain, _slot, _opens in edges:
            if (score := front.behind[start] + gain) > best[end]:
                best[end] = score
        most = max(best)
        alive = [n for n, score in enumerate(best) if score > most - BEAM]
        alive.sort(key=best.__getitem__, reverse=True)
        place = {n: k for k, n in enumerate(alive)}
        number: dict[Levels, int] = {}
        shapes: list[Shape] = []
        for n in alive:
            last, under, named, valued, empty, beside = reached[n]
            shapes.append((last, number.setdefault(under, len(number)), named, valued, empty, beside))
        after = self._front(tuple(shapes), tuple([best[n] - most for n in alive]))
        followed = [
            (start, place[end], gain, slot, opens) for start, end, gain, slot, opens in edges if end in place
        ]
        step = Step(seen, front, after, followed)
        if self._could_be_level(seen):
            step.levels = tuple(number)
            front.steps[seen, levels] = step
        else:
            if tuple(number) != levels:
                step.kept = tuple(map(levels.index, number))
            front.steps[seen] = step
        self.known += 1
        return step

    def _could_be_level(self, seen: Seen) -> bool:
        e, col, _broke = seen
        return e is not None and any(
            self.parts[slot] in ("level1", "level2") for slot, *_ in self._options(e, col)
        )

    def _edges(self, front: Front, seen: Seen, levels: tuple[Levels, ...]) -> tuple[list[Edge], list[State]]:
        """Every way worth following to go on with the cell from the readings still alive, the best first,
        and the states that these lead to."""
        e, col, broke = seen
        options = self._options(e, col)
        inside = INSIDE_BREAK if broke else 0
        between = NO_BREAK if self.rows_known and not broke else 0
        jump, moved = self.jump, self.moved
        skip = SKIP if e else jump
        edges: list[Edge] = []
        reached: dict[State, int] = {}
        floor = NEVER
        for number, (shape, so_far) in enumerate(zip(front.shapes, front.behind, strict=True)):
            last, which, named, valued, empty, beside = shape
            under = levels[which]
            state: State = (last, under, named, valued, empty, beside)
            if so_far + skip > floor:
                edges.append((number, reached.setdefault(state, len(reached)), skip, SKIPPED, False))
            going_on = so_far if empty else so_far + inside
            opens, free, beside = e is not None and not empty, empty and moved, 0 if broke else beside
            if opens:
                opening = so_far + self.closing[named > 0, valued] + between
                fresh: State = (-1, under, 0, False, True, 0)
            for slot, score, off, price in options:
                if slot > last:
                    passed = jump * max(0, slot - 1 - max(last, self.name)) if jump else 0
                    if off != beside and not free:
                        passed += self.aside[min(2, abs(off - beside))]
                    total = going_on + score + passed
                    if total + MOST_MORE > floor:
                        after, more = self._fill(state, slot, e, off)
                        total += more
                        end = reached.setdefault(after, len(reached))
                        edges.append((number, end, total - so_far, slot, empty))
                        if total - BEAM > floor:
                            floor = total - BEAM
                if opens and opening + score + MOST_MORE > floor:
                    after, more = self._fill(fresh, slot, e, off)
                    total = opening + score + (0 if moved else price) + more
                    end = reached.setdefault(after, len(reached))
                    edges.append((number, end, total - so_far, slot, True))
                    if total - BEAM > floor:
                        floor = total - BEAM
        return edges, list(reached)

    def _options(self, e: Evidence | None, col: int) -> list[Option]:
        """The slots the cell could stand in, with their scores and how far beside them it stands."""
        if e is None:
            return self.for_blank
        if (known := self.options.get((e, col))) is not None:
            return known
        said, column = _said(e, self.roles), self._column(col)
        ranks = [score + here + price for score, (here, _off, price) in zip(said, column, strict=True)]
        least = max(ranks) - self.likely
        known = self.options[e, col] = [
            (slot, rank - price, off, price)
            for slot, (rank, (_here, off, price)) in enumerate(zip(ranks, column, strict=True))
            if rank > least
        ]
        if len(known) > WAYS:
            known.sort(key=lambda option: (-option[1] - option[3], abs(option[2])))
            del known[WAYS:]
            known.sort()
        return known

    def _column(self, col: int) -> list[tuple[int, int, int]]:
        """For each slot what a cell in this column costs, how far beside it stands, and the step's price."""
        if (known := self.columns.get(col)) is None:
            offs = [aside(col, slot) for slot in self.slots]
            known = self.columns[col] = [
                (exact(slot.price + (S.ASIDE if off else 0.0)), off, self.aside[min(2, abs(off))])
                for off, slot in zip(offs, self.slots, strict=True)
            ]
        return known

    def _fill(self, state: State, slot: int, e: Evidence | None, off: int) -> tuple[State, int]:
        """The state with the slot filled, and what the row and the levels say about it."""
        last, levels, named, valued, empty, beside = state
        if e is None:
            return (slot, levels, named, valued, empty, beside), 0
        part, gain = self.parts[slot], 0
        if part == "level1":
            levels = e.level1 or "?", None
        elif part == "level2":
            gain = exact(self._pair(levels[0], e, levels[1]))
            levels = levels[0], e.level2 or "?"
        elif part == "level3":
            bare = last >= 0 and self.parts[last] == "level1"
            gain = NO_LEVEL2 if bare and self.has_level2 else 0
            named = 2 if e.rate else 1
        elif part == "value":
            gain = UNIT_AGREES if named == 2 and e.percent else 0
            valued = True
        return (slot, levels, named, valued, False, off), gain

    def _pair(self, level1: str | None, e: Evidence, before: str | None) -> float:
        """What the second level says about the first in force."""
        if e.level2 is None or level1 in (None, "?"):
            return S.NESTED_ALONE if e.nested else 0.0
        known = level1 in self.owners.get(e.level2, ()) or level1 == e.level2
        repeats = S.LEVEL_REPEATS if e.level2 == before else 0.0
        return repeats + (S.PAIR_KNOWN if known else S.NESTED_ALONE if e.nested else S.PAIR_UNKNOWN)

    def back(self, step: Step, after: tuple[float, ...]) -> Back:
        """The step seen from the end: `after` is what each state after it is worth from there on."""
        best: list[float] = [NEVER] * len(step.before.shapes)
        chosen: dict[int, Edge] = {}
        for edge in step.edges:
            start, end, gain, _slot, _opens = edge
            if (score := gain + after[end]) > best[start]:
                best[start], chosen[start] = score, edge
        total = max(behind + score for behind, score in zip(step.before.behind, best, strict=True))
        moves = {start: self._move(step, after, total, edge) for start, edge in chosen.items()}
        most = max(best)
        found = step.backs[after] = Back(tuple(score - most for score in best), moves)
        return found

    def _move(self, step: Step, after: tuple[float, ...], total: float, edge: Edge) -> Move:
        """The edge with its margin: how far behind `total`, the best, another reading of the cell is."""
        here, there, _gain, into, opened = edge
        _last, _levels, named, _valued, _empty, beside = step.before.shapes[here]
        nearest: float = BEAM
        runner = into
        for start, end, gain, slot, opens in step.edges:
            if slot != into or (opens != opened and named):
                distance = total - step.before.behind[start] - gain - after[end]
                if distance < nearest:
                    nearest, runner = distance, slot
        _e, col, _broke = step.seen
        off = 0 if into == SKIPPED else self._column(col)[into][1]
        home = off == 0 or (self.moved and (opened or off == beside))
        return there, into, opened, home, max(nearest, 0) / 100, runner


def aside(col: int, slot: Slot) -> int:
    """How many columns right (negative: left) of the slot's own `col` is, FAR at most; 0 if nobody knows."""
    if col < 0 or not slot.cols or col in slot.cols:
        return 0
    return max(-FAR, min(FAR, min((col - c for c in slot.cols), key=abs)))
