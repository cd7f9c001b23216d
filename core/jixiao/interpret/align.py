"""The best-scoring consistent reading of all rows of an indicator table at once.

Dynamic programming over the cells: a state is the column last filled and the levels in force, a step puts
the next cell into a column of the same indicator, opens the next indicator with it, or leaves it out.
Scores come from what the cell says (evidence.py), where it stands, and what the levels allow (scores.py).
A second pass from the end gives for every cell the best reading in which it is something else; the
distance to it is the margin.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from jixiao.interpret import scores as S
from jixiao.interpret.evidence import VALUES, Evidence, evidence, role_scores
from jixiao.interpret.tokens import Token
from jixiao.vocabulary import vocabulary

SKIPPED = -1


class Slot(NamedTuple):
    """A column of the indicator table: its role, its head as printed, the grid columns it may stand in.

    `price` is paid for every cell in it: a column that no head names is less likely.
    """

    role: str
    text: str | None = None
    cols: frozenset[int] = frozenset()
    price: float = 0.0


# Of these there are thousands in a table, so they are plain tuples.
State = tuple[int, str | None, str | None, int, bool, bool, int]
"""slot last filled, level 1, level 2, named, valued, empty, aside.

`named`: 0 no name yet, 1 a name, 2 the name of a rate; `empty` while the indicator holds no cell; `aside`:
how many columns beside its own place the last cell stood.
"""
Edge = tuple[int, int, float, int, bool]
"""A step: the numbers of the states before and after it, gain, slot (or SKIPPED), whether it opens."""
Option = tuple[int, float, int, float]
"""A slot that a cell could stand in, its score there, how far beside it the cell stands, and its price."""
START: State = (-1, None, None, 0, False, True, 0)
NEVER = float("-inf")


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
    first = _Alignment(tokens, slots, rows_known, moved).run()
    learnt = list(slots) if moved else _learn(first, slots)
    return first if learnt == list(slots) else _Alignment(tokens, learnt, rows_known, moved).run()


def _learn(placed: Sequence[Placed], slots: Sequence[Slot]) -> list[Slot]:
    """The slots with the columns in which most of their cells stand: a sheet may be shifted as a whole."""
    seen: dict[int, Counter[int]] = defaultdict(Counter)
    for p in placed:
        if p.slot != SKIPPED and p.token.col >= 0:
            seen[p.slot][p.token.col] += 1
    learnt = []
    taken = frozenset[int]().union(*(s.cols for s in slots))
    for k, slot in enumerate(slots):
        if k in seen:
            col, times = seen[k].most_common(1)[0]
            if times > 1 and 2 * times >= seen[k].total() and col not in taken:
                slot = slot._replace(cols=slot.cols | {col})
        learnt.append(slot)
    return learnt


class _Alignment:
    def __init__(self, tokens: Sequence[Token], slots: Sequence[Slot], rows_known: bool, moved: bool) -> None:
        self.tokens, self.slots, self.rows_known, self.moved = tokens, slots, rows_known, moved
        self.roles = tuple(s.role for s in slots)
        self.parts = tuple("value" if role in VALUES else role for role in self.roles)
        self.owners = vocabulary().owners
        self.has_level2 = any(s.role == "level2" for s in slots)
        blanks = sum(not t.text for t in tokens)
        self.jump = S.JUMP if 10 * blanks > len(tokens) else 0.0
        ruled = any(t.ruled for t in tokens)
        placed = any(s.cols for s in slots)
        self.no_value = S.NO_VALUE_RULED if ruled else S.NO_VALUE_PLACED if placed else S.NO_VALUE
        self.likely = S.LIKELY if placed else S.BEAM
        self.steps = (
            (0.0, S.STEP_ASIDE_RULED, S.STEP_ASIDE_FAR_RULED)
            if ruled
            else (0.0, S.STEP_ASIDE, S.STEP_ASIDE_FAR)
        )
        self.for_blank = [
            (k, 0.1, 0, 0.0) for k, role in enumerate(self.roles) if role not in ("level3", "side")
        ]
        self.columns: dict[int, list[Option]] = {}
        self.name = next((k for k, s in enumerate(slots) if s.role == "level3"), 0)
        self.edges: list[list[Edge]] = []
        self.states: list[list[State]] = [[START]]
        self.scores: list[list[float]] = [[0.0]]

    def run(self) -> list[Placed]:
        for k, token in enumerate(self.tokens):
            self._follow(*self._steps(k, token))
        return self._trace(self._backward())

    def _follow(self, steps: Sequence[Edge], reached: Sequence[State]) -> None:
        """Keep the best of the states that are reached, in this order, and the steps that lead to them."""
        before, best = self.scores[-1], [NEVER] * len(reached)
        for start, end, gain, _slot, _opens in steps:
            if (score := before[start] + gain) > best[end]:
                best[end] = score
        floor = max(best) - S.BEAM
        alive = [n for n, score in enumerate(best) if score > floor]
        alive.sort(key=best.__getitem__, reverse=True)
        place = {n: k for k, n in enumerate(alive)}
        self.edges.append(
            [
                (start, place[end], gain, slot, opens)
                for start, end, gain, slot, opens in steps
                if end in place
            ]
        )
        self.states.append([reached[n] for n in alive])
        self.scores.append([best[n] for n in alive])

    def _steps(self, k: int, token: Token) -> tuple[list[Edge], list[State]]:
        """Every way worth following to go on with the token from the readings still alive, the best first,
        and the states that these lead to."""
        broke = self.rows_known and (k == 0 or token.row != self.tokens[k - 1].row)
        e = evidence(token.text) if token.text else None
        options = self._options(token, e)
        inside, between = (S.INSIDE_BREAK, 0.0) if broke else (0.0, S.NO_BREAK if self.rows_known else 0.0)
        jump, moved = self.jump, self.moved
        skip = S.SKIP if e else jump
        steps: list[Edge] = []
        reached: dict[State, int] = {}
        floor = NEVER
        for number, (state, so_far) in enumerate(zip(self.states[-1], self.scores[-1], strict=True)):
            last, level1, level2, _named, _valued, empty, beside = state
            if so_far + skip > floor:
                steps.append((number, reached.setdefault(state, len(reached)), skip, SKIPPED, False))
            going_on = so_far if empty else so_far + inside
            opens, free, beside = e is not None and not empty, empty and moved, 0 if broke else beside
            if opens:
                opening = so_far + self._close(state) + between
                fresh = (-1, level1, level2, 0, False, True, 0)
            for slot, score, off, step in options:
                if slot > last:
                    price = jump * max(0, slot - 1 - max(last, self.name)) if jump else 0.0
                    if off != beside and not free:
                        price += self.steps[min(2, abs(off - beside))]
                    total = going_on + score + price
                    if total + S.MOST_MORE > floor:
                        after, more = self._fill(state, slot, e, off)
                        total += more
                        end = reached.setdefault(after, len(reached))
                        steps.append((number, end, total - so_far, slot, empty))
                        if total - S.BEAM > floor:
                            floor = total - S.BEAM
                if opens and opening + score + S.MOST_MORE > floor:
                    after, more = self._fill(fresh, slot, e, off)
                    total = opening + score + (0.0 if moved else step) + more
                    end = reached.setdefault(after, len(reached))
                    steps.append((number, end, total - so_far, slot, True))
                    if total - S.BEAM > floor:
                        floor = total - S.BEAM
        return steps, list(reached)

    def _options(self, token: Token, e: Evidence | None) -> list[Option]:
        """The slots the token could stand in, with their scores and how far beside them it stands."""
        if e is None:
            return self.for_blank
        scores = role_scores(token.text, self.roles)
        column = self._column(token.col)
        ranks = [score + c[1] + c[3] for c, score in zip(column, scores, strict=True)]
        least = max(ranks) - self.likely
        return [
            (slot, scores[slot] + price, off, step)
            for (slot, price, off, step), rank in zip(column, ranks, strict=True)
            if rank > least
        ]

    def _column(self, col: int) -> list[Option]:
        """Every slot for a cell in this column; the score is what standing there costs."""
        if (known := self.columns.get(col)) is not None:
            return known
        found = []
        for k, slot in enumerate(self.slots):
            off = aside(col, slot)
            found.append((k, slot.price + (S.ASIDE if off else 0.0), off, self.steps[min(2, abs(off))]))
        self.columns[col] = found
        return found

    def _fill(self, state: State, slot: int, e: Evidence | None, off: int) -> tuple[State, float]:
        """The state with the slot filled, and what the row and the levels say about it."""
        last, level1, level2, named, valued, empty, beside = state
        if e is None:
            return (slot, level1, level2, named, valued, empty, beside), 0.0
        part, gain = self.parts[slot], 0.0
        if part == "level1":
            level1, level2 = e.level1 or "?", None
        elif part == "level2":
            gain = self._pair(level1, e, level2)
            level2 = e.level2 or "?"
        elif part == "level3":
            bare = last >= 0 and self.parts[last] == "level1"
            gain = S.NO_LEVEL2 if bare and self.has_level2 else 0.0
            named = 2 if e.rate else 1
        elif part == "value":
            gain = S.UNIT_AGREES if named == 2 and e.percent else 0.0
            valued = True
        return (slot, level1, level2, named, valued, False, off), gain

    def _pair(self, level1: str | None, e: Evidence, before: str | None) -> float:
        """What the second level says about the first in force."""
        if e.level2 is None or level1 in (None, "?"):
            return S.NESTED_ALONE if e.nested else 0.0
        known = level1 in self.owners.get(e.level2, ()) or level1 == e.level2
        repeats = S.LEVEL_REPEATS if e.level2 == before else 0.0
        return repeats + (S.PAIR_KNOWN if known else S.NESTED_ALONE if e.nested else S.PAIR_UNKNOWN)

    def _close(self, state: State) -> float:
        """What an indicator's end says: is it whole?"""
        _last, _level1, _level2, named, valued, _empty, _beside = state
        if named:
            return 0.0 if valued else self.no_value
        return S.NO_NAME if valued else S.BARE_LEVEL

    def _backward(self) -> list[list[float]]:
        """For each step and state, the best score from there to the end; NEVER where no way leads there."""
        rest = [[0.0 if state[5] else self._close(state) for state in self.states[-1]]]
        for edges, states in zip(reversed(self.edges), self.states[-2::-1], strict=True):
            after, best = rest[-1], [NEVER] * len(states)
            for start, end, gain, _slot, _opens in edges:
                if (score := gain + after[end]) > best[start]:
                    best[start] = score
            rest.append(best)
        return rest[::-1]

    def _trace(self, rest: list[list[float]]) -> list[Placed]:
        """The best path from the start, and at each step the best that reads the cell otherwise."""
        here, path = 0, []
        for k, edges in enumerate(self.edges):
            before, after = self.scores[k], rest[k + 1]
            most = NEVER
            for start, end, gain, slot, opens in edges:
                if start == here and gain + after[end] > most:
                    most, chosen = gain + after[end], (end, gain, slot, opens)
            there, gained, into, opened = chosen
            _last, _level1, _level2, named, _valued, _empty, beside = self.states[k][here]
            total = before[here] + gained + after[there]
            margin, runner = S.BEAM, into
            for start, end, gain, slot, opens in edges:
                if slot != into or (opens != opened and named):
                    distance = total - before[start] - gain - after[end]
                    if distance < margin:
                        margin, runner = distance, slot
            token = self.tokens[k]
            off = 0 if into == SKIPPED else self._column(token.col)[into][2]
            home = off == 0 or (self.moved and (opened or off == beside))
            path.append(Placed(token, into, opened, home, max(margin, 0.0), runner))
            here = there
        return path


def aside(col: int, slot: Slot) -> int:
    """How many columns right (negative: left) of the slot's own `col` is; 0 where nobody knows."""
    if col < 0 or not slot.cols or col in slot.cols:
        return 0
    return min((col - c for c in slot.cols), key=abs)
