"""The heads of the indicator table: one row of them, two with heads under heads, or one head a line."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import msgspec

from jixiao.interpret import scores as S
from jixiao.interpret.align import Slot
from jixiao.interpret.evidence import VALUES, evidence
from jixiao.interpret.tokens import Row, Token
from jixiao.model import Column, Scope
from jixiao.text import key, label_key
from jixiao.values import parse
from jixiao.vocabulary import vocabulary

_LEVELS = frozenset({"level1", "level2", "level3"})
_LEAST_HEADS = 2
_LEAST_RUN = 3
_MOST_RECIPIENTS = 12
_MOST_ROWS, _MOST_COLUMNS = 3, 200  # recipients are at most the counties of a province
_LONGEST_HEAD = 16
_BLOCKS = 2
_BLOCK = ("level2", "level3", "sign", "value", "unit")
_SAYING = VALUES - {"other_period"}
_YEAR = re.compile(r"((?:19|20)\d\d)(?:年度?)?(.*)")
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

    @property
    def names(self) -> tuple[str | None, str]:
        """The head above and the head itself; printed as one (指标值 甲县) too."""
        if self.parent:
            return self.parent.text, self.token.text
        above, _, own = self.token.text.rpartition(" ")
        return (above, own) if above and head_role(self.token.text) is None else (None, self.token.text)


@lru_cache(maxsize=65536)
def head_role(text: str) -> str | None:
    """The role of a column head; the scope in brackets behind it ((长期), (年度)) counts."""
    word, v = label_key(text), vocabulary()
    if role := v.heads.get(word):
        return role
    for scope, marks in v.data["scopes"].items():
        for mark in marks:
            if word.endswith(mark) and (role := v.heads.get(word.removesuffix(mark))):
                return {"long-term": f"{role}_long", "other": "other_period"}.get(scope, role)
    return v.head(text)


def _scoped(above: str, text: str) -> str | None:
    """The role of a head that names the scope of the one above it (指标值 over 长期)."""
    marks = {key(mark) for marks in vocabulary().data["scopes"].values() for mark in marks}
    return head_role(f"{above}({text})") if f"({key(text)})" in marks else None


def recipient(text: str) -> str | None:
    """Whose values a column holds, told by its head (指标值 甲县 -> 甲县); None for any other head.

    >>> recipient("指标值 甲县"), recipient("指标值")
    ('甲县', None)
    """
    parent, blank, name = text.partition(" ")
    return name if blank and head_role(parent) in VALUES and head_role(text) is None else None


@lru_cache(maxsize=65536)
def is_side(text: str) -> bool:
    return vocabulary().side(text) is not None


def _is_side_of(row: Sequence[Token]) -> bool:
    """Whether the first cell is a side label: a goal's (长期目标) is one where heads of levels follow."""
    return is_side(row[0].text) or (
        len(row) > _LEAST_RUN and head_role(row[1].text) == "level1" and _goal(row[0].text) is not None
    )


def _goal(text: str) -> str | None:
    """Which goal the text is a label of (annual, long-term); None for any other text."""
    label = vocabulary().label(text)
    return label.name if label and label.group == "goals" and label.name in ("annual", "long-term") else None


def find_heads(rows: Sequence[Row], at: int, side: Token | None) -> Heads | None:
    """The heads that begin in row `at`, the columns' numbers (1, 2, 3) below them with them, or None.

    `side` is a side label that stood alone above them.
    """
    found = _find(rows, at, side)
    if found and at + found.rows < len(rows) and counts(rows[at + found.rows]):
        return found._replace(rows=found.rows + 1)
    return found


def counts(row: Row) -> bool:
    """Whether the row numbers the columns."""
    texts = [key(t.text) for t in row.full]
    return len(texts) > _LEAST_RUN and texts == [str(k) for k in range(1, len(texts) + 1)]


def _find(rows: Sequence[Row], at: int, side: Token | None) -> Heads | None:
    row = rows[at].full
    if not 0 < len(row) <= _MOST_COLUMNS or not (
        head_role(row[0].text) or _is_side_of(row) or _beside_heads(rows[at])
    ):
        return None
    if len(row) > 1:
        if deep := _deep(rows, at, side) or _stacked(rows, at, side):
            return deep
        known = [t for t in row if head_role(t.text)]
        enough = len(known) >= _LEAST_HEADS and any(head_role(t.text) in _LEVELS for t in known)
        if not enough or (2 * len(known) < len(row) and not rows[at].grid):
            return None
        under = _under(row, rows[at + 1].full if at + 1 < len(rows) and rows[at].grid else [])
        return _with_unheaded(_heads(_flat(row, under), 2 if under else 1, side), rows, at)
    run, end = _run(rows, at)
    roles = [head_role(t.text) for t in run]
    if len([r for r in roles if r]) < _LEAST_RUN or not _LEVELS & set(roles):
        return None
    return _heads([_Head(t) for t in run], end - at, side)


def _with_unheaded(heads: Heads, rows: Sequence[Row], at: int) -> Heads:
    """The heads, with slots for the levels in columns before them that have an empty head."""
    known = {slot.role for slot in heads.slots}
    first = rows[at].full[0].col
    blank = {t.col for t in rows[at].tokens if not t.text and t.col < first} if rows[at].grid else set()
    if not blank or "level1" in known or at + heads.rows >= len(rows):
        return heads
    found: dict[str, Slot] = {}
    end = next((k for k in range(at + heads.rows, len(rows)) if not rows[k].grid), len(rows))
    for token in (t for row in rows[at + heads.rows : end] for t in row.full if t.col in blank):
        said = evidence(token.text)
        role = "level1" if said.level1 else "level2" if said.level2 else ""
        if role and role not in known:
            found.setdefault(role, _slot(role, token._replace(colspan=1))._replace(text=""))
    side, *others = heads.slots
    return heads._replace(slots=(side, *(found[role] for role in sorted(found)), *others))


def _beside_heads(row: Row) -> bool:
    """Whether only the first cell is no head: a label down the side, or a column that no vocabulary knows."""
    roles = [head_role(t.text) for t in row.full[1:]]
    if {"level2", "level3"} <= set(roles):  # the head of the first level may be one of its own (指标类别)
        return row.grid and len([role for role in roles if role]) >= _LEAST_RUN
    return len(roles) >= _LEAST_RUN and None not in roles and {"level1", "level3"} <= set(roles)


def _deep(rows: Sequence[Row], at: int, alone: Token | None) -> Heads | None:
    """Heads of two or three rows, told by cells that are merged over them."""
    depth = max((t.rowspan for t in rows[at].full if head_role(t.text)), default=1)
    if not 1 < depth <= _MOST_ROWS or at + depth > len(rows):
        return None
    cells = [(k, t) for k in range(depth) for t in rows[at + k].full]
    lowest = sorted((t for k, t in cells if k + t.rowspan >= depth), key=lambda t: t.col)
    if len(lowest) == len(rows[at].full) or not all(map(_could_be_heads, rows[at + 1 : at + depth])):
        return None
    sides = (
        t for k, t in enumerate(rows[at].full) if _is_side_of(rows[at].full[k:]) and not head_role(t.text)
    )
    side = alone or next(sides, None)
    above = [t for k, t in cells if t is not side and k + t.rowspan < depth]
    heads = [_Head(t, _above(t, above)) for t in lowest if t is not side]
    roles = {head_role(t.text) for _, t in cells} - {None}
    if not _LEVELS & {head_role(h.token.text) for h in heads} or len(roles) < _LEAST_HEADS:
        return None  # 具体指标 over two rows may be a level
    if side is not None and side is not alone and side.rowspan < depth:
        side = side._replace(col=-1)
    return _heads(heads, depth, side)


def _stacked(rows: Sequence[Row], at: int, alone: Token | None) -> Heads | None:
    """Heads of two rows where the source shows no merged cells: the levels stand in the lower, below the side
    label, and so do the heads below one that all of them share."""
    upper, lower = rows[at], rows[at + 1] if at + 1 < len(rows) else rows[at]
    if not (upper.grid and lower.grid) or lower is upper or len(upper.full) == len(upper.tokens):
        return None
    roles = {head_role(t.text) for t in upper.full}
    named = [head_role(t.text) for t in lower.full]
    if _LEVELS & roles or len(roles - {None}) < _LEAST_HEADS or not {"level1", "level3"} <= set(named):
        return None
    if not _could_be_heads(lower) and None in named:
        return None
    parents = [
        max((u for u in upper.full if u.col <= t.col), key=lambda u: u.col, default=None) for t in lower.full
    ]
    side = alone or next((u for u in upper.full if is_side(u.text) and not head_role(u.text)), None)
    low = [_Head(t, None if p is side else p) for t, p in zip(lower.full, parents, strict=True)]
    heads = [*low, *(_Head(u) for u in upper.full if u is not side and u not in parents)]
    if side is not None and side is not alone:
        side = side._replace(col=-1) if side in parents else side
    return _heads(sorted(heads, key=lambda h: h.token.col), 2, side)


def _could_be_heads(row: Row) -> bool:
    return all(len(t.text) <= _LONGEST_HEAD and not evidence(t.text).level1 for t in row.full)


def _above(token: Token, above: Sequence[Token]) -> Token | None:
    """The lowest of the heads above the token."""
    found = [t for t in above if t.row < token.row and t.col <= token.col < t.col + t.colspan]
    return max(found, key=lambda t: t.row, default=None)


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
    if side is None and _is_side_of([h.token for h in heads]) and not head_role(first.text):
        side, heads = first, heads[1:]
    slots.append(_slot("side", side))
    if side is not None:
        columns.append(Column(role="side", text=side.text))
    roles = _roles(heads)
    for head, role in zip(heads, roles, strict=True):
        columns.append(Column(role=role, text=head.text))
        price = S.UNNAMED if _is_guessed(head, role, roles) else 0.0
        slots.append(_slot(role, head.token)._replace(price=price))
    return Heads(tuple(columns), tuple(slots), rows, scope_of(side.text if side else None))


def _roles(heads: Sequence[_Head]) -> list[str]:
    """Each head's role; where no head names the values, a goal's (年度目标) does, and others are the
    recipients'. Beside a sign or a unit under the same head stands the value."""
    roles = [_role(head) for head in heads]
    for parent in {head.names[0] for head in heads} - {None}:
        under = [k for k, head in enumerate(heads) if head.names[0] == parent]
        unknown = [k for k in under if roles[k] == "recipient"]
        if {roles[k] for k in under} & {"sign", "unit", *VALUES - {"recipient"}}:
            only = len(unknown) == 1 and not any(roles[k] in VALUES for k in set(under) - set(unknown))
            for k in unknown:
                roles[k] = "value" if only else "other"
    roles = _side_by_side(roles)
    for k in [k for k, role in enumerate(roles) if role == "sign"][1:]:
        roles[k] = "other"  # which way is better, beside the sign itself
    if "level1" not in roles and "level2" in roles[1:]:
        first = roles.index("level2") - 1
        roles[first] = "level1" if roles[first] == "other" else roles[first]
    if not _SAYING & set(roles) and "level3" in roles:
        behind = [k for k, role in enumerate(roles) if role == "other" and k > roles.index("level3")]
        for k in behind:
            roles[k] = "value" if len(behind) == 1 else "recipient"
    if roles.count("value") > max(roles.count("level3"), 1):
        return ["recipient" if role == "value" else role for role in roles]
    return roles


def _side_by_side(roles: list[str]) -> list[str]:
    """The roles of two blocks side by side, as in 财预〔2015〕88号, that of the whole period named so
    or first; of two heads for names in one block the second is of what explains them (指标内容)."""
    values = [role for role in roles if role in ("value", "value_long")]
    if roles.count("level3") < _BLOCKS:
        return roles
    if len(values) != _BLOCKS:
        first = roles.index("level3")
        return [("explanation" if role == "level3" and k > first else role) for k, role in enumerate(roles)]
    later = values == ["value", "value_long"]
    found = list(roles)
    for role in _BLOCK:
        twins = [k for k, one in enumerate(roles) if one == role]
        if len(twins) == _BLOCKS:
            found[twins[later]] = f"{role}_long"
    return found


def _is_guessed(head: _Head, role: str, roles: Sequence[str]) -> bool:
    """Whether only its place makes the column one of values: its head does not say so (标准), nor does a
    sign or a unit beside it."""
    if role not in ("value", "recipient") or _role(head) != "other" or {"sign", "unit"} & set(roles):
        return False
    says = key(head.token.text).endswith(tuple(vocabulary().data["value_tails"]))
    return says if role == "recipient" else not says


def of_year(heads: Heads, year: int | None) -> Heads:
    """The heads of a table whose value columns are years: the sheet's own has the value.

    The others' values stand for other periods. Without the year, or its column, all are kept by their heads.
    """
    years = {s.text: _year(s.text or "") for s in heads.slots if s.role == "recipient"}
    if year is None or year not in years.values() or None in years.values():
        return heads
    roles = {text: "value" if y == year else "other_period" for text, y in years.items()}
    slots = [s._replace(role=roles[s.text], price=0.0) if s.role == "recipient" else s for s in heads.slots]
    columns = [
        msgspec.structs.replace(c, role=roles[recipient(c.text or "") or c.text])
        if c.role == "recipient"
        else c
        for c in heads.columns
    ]
    return heads._replace(columns=tuple(columns), slots=tuple(slots))


def _year(text: str) -> int | None:
    """The year whose values a column has (2023年, 2023年目标值); None where it says anything else."""
    found = _YEAR.fullmatch(key(text))
    return int(found[1]) if found and (not found[2] or head_role(found[2]) in VALUES) else None


def _role(head: _Head) -> str:
    above, text = head.names
    if above is None:
        return head_role(text) or ("side" if is_side(text) else "other")
    role = _scoped(above, text) or head_role(text)
    return role or ("recipient" if head_role(above) in VALUES else "other")


def _slot(role: str, token: Token | None) -> Slot:
    if token is None:
        return Slot(role)
    text = recipient(token.text) or token.text
    cols = frozenset(range(token.col, token.col + token.colspan)) if token.col >= 0 else frozenset[int]()
    return Slot(role, text, cols)


def scope_of(side: str | None) -> Scope:
    """Whether the side label (长期绩效指标) makes the table's values long-term ones."""
    return "long-term" if side and "long-term" in (vocabulary().side(side), _goal(side)) else "annual"


def default_heads() -> Heads:
    """For a table without any heads: the usual columns, standing anywhere."""
    prices = {"sign": S.UNNAMED, "unit": S.UNNAMED, "weight": S.UNNAMED}
    return Heads((), tuple(Slot(role, price=prices.get(role, 0.0)) for role in USUAL), 0, "annual")
