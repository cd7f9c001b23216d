"""The indicator table: its heads, its rows, and what each cell was read as."""

from collections.abc import Sequence
from typing import NamedTuple

from jixiao.interpret.align import SKIPPED, Placed, Slot, align
from jixiao.interpret.evidence import evidence
from jixiao.interpret.tokens import Row, Token
from jixiao.model import Column, Scope
from jixiao.text import key, label_key
from jixiao.vocabulary import vocabulary

_LEVELS = frozenset({"level1", "level2", "level3"})
_LEAST_HEADS = 2
_LEAST_RUN = 3


class Heads(NamedTuple):
    """A table's heads: columns as printed, slots for the alignment, and how many rows they took."""

    columns: tuple[Column, ...]
    slots: tuple[Slot, ...]
    rows: int
    scope: Scope


class Record(NamedTuple):
    """One indicator's cells by slot; `strays` stand in another column; `margin` is the least of its cells'."""

    cells: dict[int, list[Token]]
    strays: tuple[Token, ...]
    margin: float
    runner_up: tuple[Token, int] | None
    slots: Sequence[Slot]

    def tokens(self, role: str) -> list[Token]:
        return [t for k, ts in self.cells.items() if self.slots[k].role == role for t in ts]

    def text(self, role: str) -> str | None:
        return " ".join(t.text for t in self.tokens(role)) or None


class Table(NamedTuple):
    columns: tuple[Column, ...]
    records: tuple[Record, ...]
    skipped: tuple[Token, ...]
    slots: Sequence[Slot]
    scope: Scope


DEFAULT = ("side", "level1", "level2", "level3", "value", "weight")


def head_role(text: str) -> str | None:
    """The role of a column head; the scope in brackets behind it ((长期), (年度)) counts."""
    word, v = label_key(text), vocabulary()
    if role := v.heads.get(word):
        return role
    for scope, marks in v.data["scopes"].items():
        for mark in marks:
            if word.endswith(mark) and (role := v.heads.get(word.removesuffix(mark))):
                return f"{role}_long" if scope == "long-term" else role
    return None


def is_side(text: str) -> bool:
    return label_key(text) in vocabulary().sides


def find_heads(rows: Sequence[Row], at: int, side: Token | None) -> Heads | None:
    """The heads that begin in row `at`, or None. `side` is a side label that stood alone above them."""
    row = rows[at].full
    if not row or not (head_role(row[0].text) or is_side(row[0].text)):
        return None
    if len(row) > 1:
        known = [t for t in row if head_role(t.text)]
        enough = len(known) >= _LEAST_HEADS and any(head_role(t.text) in _LEVELS for t in known)
        return _heads(row, 1, side) if enough and 2 * len(known) >= len(row) else None
    run, end = _run(rows, at)
    roles = [head_role(t.text) for t in run]
    if len([r for r in roles if r]) < _LEAST_RUN or not _LEVELS & set(roles):
        return None
    return _heads(run, end - at, side)


def _run(rows: Sequence[Row], at: int) -> tuple[list[Token], int]:
    """Heads printed one a row: the rows from `at` that hold nothing but a head."""
    run: list[Token] = []
    end = at
    while end < len(rows):
        full = rows[end].full
        if len(full) > 1 or (full and not (head_role(full[0].text) or (not run and is_side(full[0].text)))):
            break
        run += full
        end += 1
    return run, end


def _heads(tokens: Sequence[Token], rows: int, side: Token | None) -> Heads:
    columns, slots = [], []
    if side is None and is_side(tokens[0].text) and not head_role(tokens[0].text):
        side, tokens = tokens[0], tokens[1:]
    slots.append(_slot("side", side))
    if side is not None:
        columns.append(Column(role="side", text=side.text))
    for token in tokens:
        role = head_role(token.text) or ("side" if is_side(token.text) else "other")
        columns.append(Column(role=role, text=token.text))
        slots.append(_slot(role, token))
    scope = scope_of(side.text if side else None)
    return Heads(tuple(columns), tuple(slots), rows, scope)


def _slot(role: str, token: Token | None) -> Slot:
    if token is None or token.col < 0:
        return Slot(role, token.text if token else None)
    return Slot(role, token.text, frozenset(range(token.col, token.col + token.colspan)))


def scope_of(side: str | None) -> Scope:
    return "long-term" if side and vocabulary().sides.get(label_key(side)) == "long-term" else "annual"


def default_heads() -> Heads:
    """For a table without any heads: the usual columns, standing anywhere."""
    return Heads((), tuple(Slot(role) for role in DEFAULT), 0, "annual")


def begins_table(row: Row) -> bool:
    """Whether the row can begin an indicator table without heads: a level term in full stands in it."""
    levels = [t for t in row.full[:3] for e in (evidence(t.text),) if e.level1 or e.level2]
    return len(levels) > 1 or any(key(t.text).endswith("指标") for t in levels)


def read_table(heads: Heads, rows: Sequence[Row]) -> Table:
    """Aligns the rows under the heads."""
    known = any(r.grid for r in rows) or any(len(r.full) > 1 for r in rows)
    tokens = [t for r in rows for t in r.tokens if t.text or not known]
    placed = align(tokens, heads.slots, rows_known=known)
    skipped = tuple(p.token for p in placed if p.slot == SKIPPED and p.token.text)
    columns = heads.columns
    sides = [p.token.text for p in placed if p.slot >= 0 and heads.slots[p.slot].role == "side" and p.token.text]
    if sides and not any(c.role == "side" for c in columns):
        columns = (Column(role="side", text=sides[0]), *columns)
    return Table(columns, tuple(_records(placed, heads.slots)), skipped, heads.slots, heads.scope)


def _records(placed: Sequence[Placed], slots: Sequence[Slot]) -> list[Record]:
    groups: list[list[Placed]] = []
    for p in placed:
        if p.slot == SKIPPED:
            continue
        if p.opens or not groups:
            groups.append([])
        groups[-1].append(p)
    return [_record(group, slots) for group in groups]


def _record(group: Sequence[Placed], slots: Sequence[Slot]) -> Record:
    cells: dict[int, list[Token]] = {}
    for p in group:
        if p.token.text and slots[p.slot].role != "side":
            cells.setdefault(p.slot, []).append(p.token)
    full = [p for p in group if p.token.text]
    least = min(full, key=lambda p: p.margin, default=None)
    if least is None:
        return Record(cells, (), 99.0, None, slots)
    strays = tuple(p.token for p in full if not p.home)
    return Record(cells, strays, least.margin, (least.token, least.runner_up), slots)
