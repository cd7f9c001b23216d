"""The heads of the indicator table: one row of them, two with heads under heads, or one head a line."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from jixiao.interpret import scores as S
from jixiao.interpret.align import Slot
from jixiao.interpret.evidence import VALUES, evidence
from jixiao.interpret.tokens import Row, Token
from jixiao.model import Column, Scope
from jixiao.text import label_key
from jixiao.values import parse
from jixiao.vocabulary import vocabulary

_LEVELS = frozenset({"level1", "level2", "level3"})
_LEAST_HEADS = 2
_LEAST_RUN = 3
_MOST_RECIPIENTS = 12
USUAL = ("side", "level1", "level2", "level3", "sign", "value", "unit", "weight")


class Heads(NamedTuple):
    """A table's heads: columns as printed, slots for the alignment, and how many rows they took."""

    columns: tuple[Column, ...]
    slots: tuple[Slot, ...]
    rows: int
    scope: Scope


class _Head(NamedTuple):
    """A head cell, and the head above it where it is one of several under that."""

    token: Token
    parent: Token | None = None

    @property
    def text(self) -> str:
        return f"{self.parent.text} {self.token.text}" if self.parent else self.token.text


@lru_cache(maxsize=65536)
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


def recipient(text: str) -> str | None:
    """Whose values a column holds, told by its head (指标值 甲县 -> 甲县); None for any other head.

    >>> recipient("指标值 甲县"), recipient("指标值")
    ('甲县', None)
    """
    parent, blank, name = text.partition(" ")
    return name if blank and head_role(parent) in VALUES and head_role(text) is None else None


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
        if not enough or (2 * len(known) < len(row) and not rows[at].grid):
            return None
        under = _under(row, rows[at + 1].full if at + 1 < len(rows) and rows[at].grid else [])
        return _heads(_flat(row, under), 2 if under else 1, side)
    run, end = _run(rows, at)
    roles = [head_role(t.text) for t in run]
    if len([r for r in roles if r]) < _LEAST_RUN or not _LEVELS & set(roles):
        return None
    return _heads([_Head(t) for t in run], end - at, side)


def _run(rows: Sequence[Row], at: int) -> tuple[list[Token], int]:
    """Heads printed one a row: the rows from `at` that hold nothing but a head.

    Where none of them names the values, what stands between them and the first level are the recipients'.
    """
    run: list[Token] = []
    end = at
    while end < len(rows) and _goes_on(rows[end], run):
        run += rows[end].full
        end += 1
    if not VALUES & {head_role(t.text) for t in run}:
        more = end
        while more < min(len(rows), end + _MOST_RECIPIENTS) and (not rows[more].full or _unknown(rows[more])):
            more += 1
        found = [r.full[0] for r in rows[end:more] if r.full]
        level = more < len(rows) and rows[more].full and evidence(rows[more].full[0].text).level1
        if level and found:
            return [*run, *found], more
    return run, end


def _goes_on(row: Row, run: Sequence[Token]) -> bool:
    full = row.full
    return len(full) < 2 and all(head_role(t.text) or (not run and is_side(t.text)) for t in full)


def _unknown(row: Row) -> bool:
    """A row with one text that could be a recipient's name."""
    return len(row.full) == 1 and _could_be_head(row.full[0])


def _under(heads: Sequence[Token], row: Sequence[Token]) -> dict[Token, list[Token]]:
    """The cells of the next row that are heads under these: several below one, none below the levels."""
    first = min((t.col for t in heads if head_role(t.text) == "level3"), default=-1)
    if len(row) < 2 or first < 0 or any(t.col <= first or not _could_be_head(t) for t in row):
        return {}
    starts = [t.col for t in heads]
    under: dict[Token, list[Token]] = {}
    for token in row:
        parent = heads[max(k for k, col in enumerate(starts) if col <= token.col)]
        under.setdefault(parent, []).append(token)
    return under if all(len(ts) > 1 for ts in under.values()) else {}


def _could_be_head(token: Token) -> bool:
    e = evidence(token.text)
    short = len(token.text) <= 16 and parse(token.text).shape in ("text", "words")
    return short and e.level1 is None and e.level2 is None


def _flat(row: Sequence[Token], under: dict[Token, list[Token]]) -> list[_Head]:
    return [h for t in row for h in ([_Head(u, t) for u in under[t]] if t in under else [_Head(t)])]


def _heads(heads: Sequence[_Head], rows: int, side: Token | None) -> Heads:
    columns, slots = [], []
    first = heads[0].token
    if side is None and is_side(first.text) and not head_role(first.text):
        side, heads = first, heads[1:]
    slots.append(_slot("side", side))
    if side is not None:
        columns.append(Column(role="side", text=side.text))
    roles = _roles(heads)
    for head, role in zip(heads, roles, strict=True):
        columns.append(Column(role=role, text=head.text))
        slots.append(_slot(role, head.token))
    return Heads(tuple(columns), tuple(slots), rows, scope_of(side.text if side else None))


def _roles(heads: Sequence[_Head]) -> list[str]:
    """Each head's role; where no head names the values, those behind the names are the recipients'."""
    roles = [_role(head) for head in heads]
    if not VALUES & set(roles) and "level3" in roles:
        name = roles.index("level3")
        roles = ["recipient" if role == "other" and k > name else role for k, role in enumerate(roles)]
    return roles


def _role(head: _Head) -> str:
    text = head.token.text
    if head.parent is None:
        role = head_role(text) or ("recipient" if recipient(text) else None)
        return role or ("side" if is_side(text) else "other")
    scoped = head_role(f"{head.parent.text}({text})")
    return scoped or head_role(text) or ("recipient" if head_role(head.parent.text) in VALUES else "other")


def _slot(role: str, token: Token | None) -> Slot:
    if token is None:
        return Slot(role)
    text = recipient(token.text) or token.text
    cols = frozenset(range(token.col, token.col + token.colspan)) if token.col >= 0 else frozenset[int]()
    return Slot(role, text, cols)


def scope_of(side: str | None) -> Scope:
    """Whether the side label (长期绩效指标) makes the table's values long-term ones."""
    return "long-term" if side and vocabulary().sides.get(label_key(side)) == "long-term" else "annual"


def default_heads() -> Heads:
    """For a table without any heads: the usual columns, standing anywhere."""
    prices = {"sign": S.UNNAMED, "unit": S.UNNAMED, "weight": S.UNNAMED}
    return Heads((), tuple(Slot(role, price=prices.get(role, 0.0)) for role in USUAL), 0, "annual")
