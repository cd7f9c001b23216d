"""What the indicator table is to hold: its columns, and the indicators under them."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from jixiao.model import Column, Indicator, Sheet, Term
from jixiao.text import label_key
from jixiao.vocabulary import vocabulary

ORDER = (
    "side", "number", "level1", "level2", "level3", "sign", "value", "unit", "value_long", "recipient",
    "actual", "weight", "score", "standard", "explanation", "remark",
)  # fmt: skip
_NAMED = ("level1", "level2", "level3")
_LEAST = ("level3", "value")
PLAIN = ("level1", "level2", "level3", "value")


class Table(NamedTuple):
    """What is to be drawn. `headed` says whether a row names the columns."""

    columns: tuple[Column, ...]
    headed: bool
    indicators: tuple[Indicator, ...]

    @property
    def rows(self) -> int:
        return self.headed + len(self.indicators)


def tables(sheet: Sheet) -> list[Table]:
    """The sheet's own columns, and one under a standard head for whatever they leave out.

    Usually one table; several where the columns begin anew (long-term indicators above annual ones, heads
    repeated on the next page). A sheet without heads whose indicators hold no more than levels, names and
    values is drawn without heads.
    """
    indicators = with_level_texts(sheet.indicators)
    blocks = _blocks(sheet.columns)
    shares = _shares(blocks, indicators)
    return [
        made
        for columns, share in zip(blocks, shares, strict=True)
        if (made := _table(columns, share)).columns
    ]


def _blocks(columns: Sequence[Column]) -> list[list[Column]]:
    blocks: list[list[Column]] = [[]]
    for column in columns:
        roles = {c.role for c in blocks[-1]}
        if (column.role == "side" and roles) or (column.role in _NAMED and column.role in roles):
            blocks.append([])
        blocks[-1].append(column)
    return blocks


def _shares(
    blocks: Sequence[Sequence[Column]], indicators: tuple[Indicator, ...]
) -> list[tuple[Indicator, ...]]:
    """The indicators of each block: a long-term one ends with the last long-term value."""
    shares, at = [], 0
    for block in blocks[:-1]:
        scoped = [k for k in range(at, len(indicators)) if indicators[k].value_long]
        if _is_long(block):
            end = scoped[-1] + 1 if scoped else at
        else:
            end = scoped[0] if scoped else len(indicators)
        shares.append(indicators[at:end])
        at = end
    return [*shares, indicators[at:]]


def _is_long(columns: Sequence[Column]) -> bool:
    """Whether the side label (长期绩效指标) makes the value column one of long-term values."""
    sides = vocabulary().sides
    return any(c.role == "side" and sides.get(label_key(c.text or "")) == "long-term" for c in columns)


def _table(own: Sequence[Column], indicators: tuple[Indicator, ...]) -> Table:
    if (
        _is_long(own)
        and not any(c.role == "value_long" for c in own)
        and not any(i.value for i in indicators)
    ):
        indicators = tuple(
            msgspec.structs.replace(i, value=i.value_long, value_long=None) for i in indicators
        )
    columns, held = list(own), list(_held(indicators))
    if indicators and not columns and not any(i.values for i in indicators):
        held = [c for c in held if c.role not in _LEAST]
        for role in _LEAST:
            _insert(held, Column(role=role))
    bare = not columns and all(c.role in PLAIN for c in held)
    for column in held:
        known = [c.text for c in columns if c.role == column.role]
        if not known or (column.role == "recipient" and column.text not in known):
            _insert(columns, column if bare or column.role == "recipient" else _with_head(column))
    return Table(tuple(columns), bool(columns) and not bare, indicators)


def with_level_texts(indicators: tuple[Indicator, ...]) -> tuple[Indicator, ...]:
    """A sheet built by hand may say terms and print none: here they are printed, once a run."""
    if any(t and t.text for i in indicators for t in (i.level1, i.level2)):
        return indicators
    found: list[Indicator] = []
    above = Indicator()
    for i in indicators:
        level1, level2 = _once(i.level1, above.level1), _once(i.level2, above.level2)
        if level1 and level1.text and i.level2:
            level2 = _once(i.level2, None)
        found.append(msgspec.structs.replace(i, level1=level1, level2=level2))
        above = i
    return tuple(found)


def _once(term: Term | None, above: Term | None) -> Term | None:
    return term if term is None or term == above else Term(term=term.term, text=term.term)


def _held(indicators: Sequence[Indicator]) -> Iterator[Column]:
    """The columns that the indicators need."""
    for role in ORDER:
        if role in ("level1", "level2"):
            needed = any((t := getattr(i, role)) and t.text for i in indicators)
        elif role == "recipient":
            names = dict.fromkeys(name for i in indicators for name in i.values or ())
            yield from (Column(role=role, text=name) for name in names)
            continue
        else:
            needed = any(getattr(i, role, None) is not None for i in indicators)
        if needed:
            yield Column(role=role)


def _with_head(column: Column) -> Column:
    return Column(role=column.role, text=vocabulary().data["heads"][column.role][0])


def _insert(columns: list[Column], column: Column) -> None:
    later = ORDER[ORDER.index(column.role) + 1 :]
    columns.insert(next((j for j, c in enumerate(columns) if c.role in later), len(columns)), column)
