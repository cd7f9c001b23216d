"""The rows of the indicator table, and what each cell was read as."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from jixiao.interpret.align import SKIPPED, Placed, Slot, align
from jixiao.interpret.evidence import evidence, role_scores
from jixiao.interpret.heads import Heads
from jixiao.interpret.tokens import Row, Token
from jixiao.model import Column, Scope
from jixiao.text import key
from jixiao.values import parse
from jixiao.vocabulary import vocabulary


class Record(NamedTuple):
    """One indicator's cells by slot.

    `placed` are its full cells as they were aligned; `strays` stand in another column than their own;
    `blanks` are the levels whose cell is there and empty although the table merges such cells; `doubt` is
    the cell whose reading is the least sure.
    """

    cells: dict[int, list[Token]]
    by_role: dict[str, list[Token]]
    placed: tuple[Placed, ...]
    blanks: frozenset[str]
    slots: Sequence[Slot]
    strays: list[Token]
    doubt: Placed | None

    def each(self) -> Iterator[tuple[str, Token]]:
        """Every cell with its role."""
        return ((self.slots[k].role, t) for k, tokens in self.cells.items() for t in tokens)

    def tokens(self, role: str) -> list[Token]:
        return self.by_role.get(role, [])

    def text(self, role: str) -> str | None:
        if not (tokens := self.by_role.get(role)):
            return None
        return tokens[0].text if len(tokens) == 1 else " ".join(t.text for t in tokens)


class Table(NamedTuple):
    """`skipped`: the texts read into no column, each with the number of the record it stands in or before."""

    columns: tuple[Column, ...]
    records: tuple[Record, ...]
    skipped: tuple[tuple[Token, int], ...]
    slots: Sequence[Slot]
    scope: Scope


def begins_table(row: Row) -> bool:
    """Whether the row can begin an indicator table without heads.

    It prints a level in full, or two levels, or a level first and a value last.
    """
    full = row.full
    levels = [t for t in full[:3] for e in (evidence(t.text),) if e.level1 or e.level2]
    if len(levels) > 1 or any(key(t.text).endswith("指标") for t in levels):
        return True
    return len(full) > 2 and full[:1] == levels and parse(full[-1].text).shape in ("number", "range", "date")


def could_be_body(row: Row) -> bool:
    """Whether a ruled row could be an indicator's, its levels lost: a name, and a value behind it."""
    full = row.full
    if len(full) != 2 or not full[0].ruled or any(vocabulary().label(t.text) for t in full):
        return False
    return evidence(full[0].text).as_name > 0 and parse(full[1].text).shape in ("number", "range", "words")


def read_table(heads: Heads, rows: Sequence[Row]) -> Table:
    """Aligns the rows under the heads."""
    known = any(r.grid for r in rows) or any(len(r.full) > 1 for r in rows)
    tokens = _with_units([t for r in rows for t in r.tokens if t.text or not known], heads)
    placed = align(tokens, heads.slots, rows_known=known, moved=_moved_up(rows, heads.slots))
    heads = _signs_told_by_cells(heads, placed)
    skipped = tuple(_skipped(placed))
    columns = heads.columns
    aside = {k for k, slot in enumerate(heads.slots) if slot.role == "side"}
    sides = [p.token.text for p in placed if p.slot in aside and p.token.text]
    if sides and not any(c.role == "side" for c in columns):
        columns = (Column(role="side", text=sides[0]), *columns)
    records = _records(placed, heads.slots, _blank_levels(rows, placed, heads.slots))
    return Table(columns, tuple(records), skipped, heads.slots, heads.scope)


def _signs_told_by_cells(heads: Heads, placed: Sequence[Placed]) -> Heads:
    """The heads, with the sign's column that which holds signs: where one form heads what says the kind
    (正向, 定量) 指标性质 and the sign 指标方向, another does the reverse."""
    signs = [k for k, slot in enumerate(heads.slots) if slot.role == "sign"]
    others = [k for k, slot in enumerate(heads.slots) if slot.role == "other"]
    if len(signs) != 1 or not others or _holds_signs(signs[0], placed):
        return heads
    found = next((k for k in others if _holds_signs(k, placed)), None)
    if found is None:
        return heads
    roles = {heads.slots[signs[0]].text: "other", heads.slots[found].text: "sign"}
    return heads._replace(
        slots=tuple(s._replace(role=roles.get(s.text, s.role)) for s in heads.slots),
        columns=tuple(Column(role=roles.get(c.text, c.role), text=c.text) for c in heads.columns),
    )


def _holds_signs(slot: int, placed: Sequence[Placed]) -> bool:
    """Whether most texts in the slot are signs."""
    texts = [p.token.text for p in placed if p.slot == slot and p.token.text]
    return 2 * sum(parse(text).shape == "operator" for text in texts) > len(texts)


def _with_units(tokens: list[Token], heads: Heads) -> list[Token]:
    """The cells; in lines under heads without one for it, a unit behind a blank is put to its number."""
    if not heads.columns or any(s.role == "unit" for s in heads.slots):
        return tokens
    joined: list[Token] = []
    for token in tokens:
        last = joined[-1] if joined else None
        if last and token.col < 0 and last.row == token.row and _is_number(last) and _is_unit(token):
            joined[-1] = last._replace(text=f"{last.text} {token.text}")
        else:
            joined.append(token)
    return joined


def _is_number(token: Token) -> bool:
    said = parse(token.text)
    return said.shape == "number" and said.unit is None


def _is_unit(token: Token) -> bool:
    return parse(token.text).shape == "unit"


def _moved_up(rows: Sequence[Row], slots: Sequence[Slot]) -> bool:
    """Whether the rows moved to the left where covered cells were: each stands aside as a whole."""
    starts = [r.full[0] for r in rows if r.grid and r.full]
    if not starts or any(t.ruled or t.col > 0 for t in starts):
        return False
    roles = tuple(s.role for s in slots if 0 in s.cols)
    late = sum(max(role_scores(t.text, roles), default=0.0) < 0 for t in starts)
    return 3 * late > len(starts)


def _skipped(placed: Sequence[Placed]) -> Iterator[tuple[Token, int]]:
    record, row = -1, -1
    for p in placed:
        if p.slot == SKIPPED:
            if p.token.text:
                yield p.token, max(record + (p.token.row != row and p.token.col >= 0), 0)
            continue
        record += p.opens or record < 0
        row = p.token.row


def _role(placed: Placed, slots: Sequence[Slot]) -> str | None:
    return None if placed.slot == SKIPPED else slots[placed.slot].role


def _blank_levels(
    rows: Sequence[Row], placed: Sequence[Placed], slots: Sequence[Slot]
) -> dict[int, frozenset[str]]:
    """Physical row -> the levels whose cell is empty there and not covered by a merged one.

    Not where a table merges no level cells: leaving them empty is then its way of not repeating, unless it
    prints most of them again in each row.
    """
    levels = [_where_it_stands(k, placed, s) for k, s in enumerate(slots) if s.role in ("level1", "level2")]
    cols = frozenset[int]().union(*(s.cols for s in levels))
    empty = [t for r in rows for t in r.tokens if not t.text and t.col in cols]
    if not empty:
        return {}
    merges = any(p.token.rowspan > 1 and _role(p, slots) in ("level1", "level2") for p in placed)
    merges = merges or any(t.rowspan > 1 and not t.text and t.col in cols for r in rows for t in r.tokens)
    blanks: dict[int, frozenset[str]] = {}
    again = {s.role for s in levels if _repeats(s.role, placed, slots) > sum(t.col in s.cols for t in empty)}
    for token in empty:
        told = merges and token.ruled
        roles = frozenset(s.role for s in levels if token.col in s.cols and (told or s.role in again))
        for row in range(token.row, token.row + token.rowspan):
            blanks[row] = blanks.get(row, frozenset()) | roles
    return blanks


def _where_it_stands(number: int, placed: Sequence[Placed], slot: Slot) -> Slot:
    """The slot with the columns its cells are in, where no head tells them."""
    if slot.cols:
        return slot
    return slot._replace(cols=frozenset(p.token.col for p in placed if p.slot == number and p.token.col >= 0))


def _repeats(role: str, placed: Sequence[Placed], slots: Sequence[Slot]) -> int:
    """How often the level of the row above is printed once more."""
    texts = [key(p.token.text) for p in placed if _role(p, slots) == role and p.token.text]
    return sum(one == two for one, two in pairwise(texts))


_margin = attrgetter("margin")


def _records(
    placed: Sequence[Placed], slots: Sequence[Slot], blanks: dict[int, frozenset[str]]
) -> list[Record]:
    groups: list[list[Placed]] = []
    for p in placed:
        if p.slot == SKIPPED:
            continue
        if p.opens or not groups:
            groups.append([])
        groups[-1].append(p)
    return [_record(group, slots, blanks.get(group[0].token.row, frozenset())) for group in groups]


def _record(group: Sequence[Placed], slots: Sequence[Slot], blanks: frozenset[str]) -> Record:
    cells: dict[int, list[Token]] = {}
    by_role: dict[str, list[Token]] = {}
    strays: list[Token] = []
    full = tuple([p for p in group if p.token.text])
    for p in full:
        role = slots[p.slot].role
        if role != "side":
            cells.setdefault(p.slot, []).append(p.token)
            by_role.setdefault(role, []).append(p.token)
        if not p.home:
            strays.append(p.token)
    return Record(cells, by_role, full, blanks, slots, strays, min(full, key=_margin, default=None))
