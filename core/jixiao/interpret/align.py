"""The best-scoring consistent reading of all rows of an indicator table at once.

Dynamic programming over the cells: a state is the column last filled and the levels in force, a step puts
the next cell into a column of the same indicator, opens the next indicator with it, or leaves it out.
Scores come from what the cell says (evidence.py), where it stands, and what the levels allow (scores.py).
A second pass from the end gives for every cell the best reading in which it is something else; the
distance to it is the margin.
"""

from collections import Counter
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


class State(NamedTuple):
    """`named`: 0 no name yet, 1 a name, 2 the name of a rate; `empty` while the indicator holds no cell.

    `aside`: how many columns beside its own place the last cell stood.
    """

    slot: int
    level1: str | None
    level2: str | None
    named: int
    valued: bool
    empty: bool
    aside: int = 0


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


class _Edge(NamedTuple):
    before: State
    after: State
    gain: float
    slot: int
    opens: bool


START = State(-1, None, None, 0, False, True)


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
    seen: dict[int, Counter[int]] = {}
    for p in placed:
        if p.slot != SKIPPED and p.token.col >= 0:
            seen.setdefault(p.slot, Counter())[p.token.col] += 1
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
        columns = {c for s in slots for c in s.cols}
        self.for_blank = [(k, 0.1, 0) for k, role in enumerate(self.roles) if role not in ("level3", "side")]
        self.columns: dict[int, list[tuple[int, float, int, float]]] = {c: self._column(c) for c in columns}
        self.name = next((k for k, s in enumerate(slots) if s.role == "level3"), 0)
        self.edges: list[list[_Edge]] = []
        self.forward: list[dict[State, float]] = [{START: 0.0}]

    def run(self) -> list[Placed]:
        for k, token in enumerate(self.tokens):
            self.edges.append(self._step(k, token))
            best: dict[State, float] = {}
            before = self.forward[-1]
            for edge in self.edges[-1]:
                score = before[edge.before] + edge.gain
                if score > best.get(edge.after, -1e9):
                    best[edge.after] = score
            top = max(best.values())
            self.forward.append({s: v for s, v in best.items() if v > top - S.BEAM})
        return self._trace(self._backward())

    def _step(self, k: int, token: Token) -> list[_Edge]:
        """Every way worth following to go on with the token from the readings still alive, the best first."""
        broke = self.rows_known and (k == 0 or token.row != self.tokens[k - 1].row)
        e = evidence(token.text) if token.text else None
        options = self._options(token, e)
        inside, between = (S.INSIDE_BREAK, 0.0) if broke else (0.0, S.NO_BREAK if self.rows_known else 0.0)
        skip = S.SKIP if e else self.jump
        edges: list[_Edge] = []
        floor = -1e9
        for state, so_far in sorted(self.forward[-1].items(), key=_by_score):
            if so_far + skip > floor:
                edges.append(_Edge(state, state, skip, SKIPPED, False))
            going_on = so_far + (0.0 if state.empty else inside)
            opening = so_far + self._close(state) + between
            fresh = State(-1, state.level1, state.level2, 0, False, True)
            for slot, score, off in options:
                if slot > state.slot:
                    total = going_on + score + self._stepped(state, slot, off, broke)
                    if total + S.MOST_MORE > floor:
                        after, more = self._fill(state, slot, e, off)
                        edges.append(_Edge(state, after, total + more - so_far, slot, state.empty))
                        floor = max(floor, total + more - S.BEAM)
                total = opening + score
                if e and not state.empty and total + S.MOST_MORE > floor:
                    total += 0.0 if self.moved else self.steps[min(2, abs(off))]
                    after, more = self._fill(fresh, slot, e, off)
                    edges.append(_Edge(state, after, total + more - so_far, slot, True))
                    floor = max(floor, total + more - S.BEAM)
        return edges

    def _stepped(self, state: State, slot: int, off: int, broke: bool) -> float:
        """The price of going on in the slot: stepping aside, passing columns over."""
        price = self.jump * max(0, slot - 1 - max(state.slot, self.name)) if self.jump else 0.0
        if state.empty and self.moved:
            return price
        step = off if broke else off - state.aside
        return price + (self.steps[min(2, abs(step))] if step else 0.0)

    def _options(self, token: Token, e: Evidence | None) -> list[tuple[int, float, int]]:
        """The slots the token could stand in, with their scores and how far beside them it stands."""
        if e is None:
            return self.for_blank
        if token.col not in self.columns:
            self.columns[token.col] = self._column(token.col)  # a column without a head
        scored, top = [], -1e9
        for (k, price, off, step), score in zip(
            self.columns[token.col], role_scores(token.text, self.roles), strict=True
        ):
            rank = score + price + step
            top = max(top, rank)
            scored.append((rank, (k, score + price, off)))
        return [option for rank, option in scored if rank > top - self.likely]

    def _column(self, col: int) -> list[tuple[int, float, int, float]]:
        """For each slot: what standing in this column costs there, how far beside it is, and the step."""
        found = []
        for k, slot in enumerate(self.slots):
            off = aside(col, slot)
            found.append((k, slot.price + (S.ASIDE if off else 0.0), off, self.steps[min(2, abs(off))]))
        return found

    def _fill(self, state: State, slot: int, e: Evidence | None, off: int) -> tuple[State, float]:
        """The state with the slot filled, and what the row and the levels say about it."""
        role = self.slots[slot].role
        _, level1, level2, named, valued, _, _ = state
        if e is None:
            return state._replace(slot=slot), 0.0
        gain = 0.0
        if role == "level1":
            level1, level2 = e.level1 or "?", None
        elif role == "level2":
            gain = self._pair(level1, e, level2)
            level2 = e.level2 or "?"
        elif role == "level3":
            bare = state.slot >= 0 and self.roles[state.slot] == "level1"
            gain = S.NO_LEVEL2 if bare and self.has_level2 else 0.0
            named = 2 if e.rate else 1
        elif role in VALUES:
            gain = S.UNIT_AGREES if named == 2 and e.percent else 0.0
            valued = True
        return State(slot, level1, level2, named, valued, False, off), gain

    def _pair(self, level1: str | None, e: Evidence, before: str | None) -> float:
        """What the second level says about the first in force."""
        if e.level2 is None or level1 in (None, "?"):
            return S.NESTED_ALONE if e.nested else 0.0
        known = level1 in self.owners.get(e.level2, ()) or level1 == e.level2
        repeats = S.LEVEL_REPEATS if e.level2 == before else 0.0
        return repeats + (S.PAIR_KNOWN if known else S.NESTED_ALONE if e.nested else S.PAIR_UNKNOWN)

    def _close(self, state: State) -> float:
        """What an indicator's end says: is it whole?"""
        if state.named:
            return 0.0 if state.valued else self.no_value
        return S.NO_NAME if state.valued else S.BARE_LEVEL

    def _backward(self) -> list[dict[State, float]]:
        """For each step, the best score from a state to the end."""
        rest: list[dict[State, float]] = [{s: 0.0 if s.empty else self._close(s) for s in self.forward[-1]}]
        for k in range(len(self.edges) - 1, -1, -1):
            after, best = rest[-1], dict[State, float]()
            for edge in self.edges[k]:
                if edge.after in after:
                    best[edge.before] = max(best.get(edge.before, -1e9), edge.gain + after[edge.after])
            rest.append(best)
        return rest[::-1]

    def _trace(self, rest: list[dict[State, float]]) -> list[Placed]:
        """The best path from the start, and at each step the best that reads the cell otherwise."""
        state, path = START, []
        for k, edges in enumerate(self.edges):
            before, after = self.forward[k], rest[k + 1]
            alive = [e for e in edges if e.after in after]
            best = max((e for e in alive if e.before == state), key=lambda e: e.gain + after[e.after])
            total = before[best.before] + best.gain + after[best.after]
            margin, runner = S.BEAM, best.slot
            for e in alive:
                if e.slot != best.slot or (e.opens != best.opens and best.before.named):
                    distance = total - before[e.before] - e.gain - after[e.after]
                    if distance < margin:
                        margin, runner = distance, e.slot
            token = self.tokens[k]
            off = 0 if best.slot == SKIPPED else aside(token.col, self.slots[best.slot])
            home = off == 0 or (self.moved and (best.opens or off == best.before.aside))
            path.append(Placed(token, best.slot, best.opens, home, max(margin, 0.0), runner))
            state = best.after
        return path


def _by_score(item: tuple[State, float]) -> float:
    return -item[1]


def aside(col: int, slot: Slot) -> int:
    """How many columns right (negative: left) of the slot's own `col` is; 0 where nobody knows."""
    if col < 0 or not slot.cols or col in slot.cols:
        return 0
    return min((col - c for c in slot.cols), key=abs)
