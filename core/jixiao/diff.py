"""What two readings say differently, indicator by indicator."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from jixiao.model import Goal, Indicator, Party, Reading, Sheet, Value
from jixiao.text import key

What = Literal["added", "removed", "changed", "reordered"]
FIELDS = ("value", "value_long", "actual", "weight", "score", "standard", "explanation", "remark")

PARTS = ("operator", "number", "unit")


class Difference(NamedTuple):
    """`sheet` from 1; `where` names the sheet, goal or indicator, `field` what of it has changed."""

    what: What
    sheet: int
    where: str
    field: str | None = None
    before: str | None = None
    after: str | None = None


def differences(one: Reading, other: Reading) -> list[Difference]:
    """From `one` to `other`, sheet by sheet. Texts are compared without white space and width."""
    return [
        d for number, (a, b) in enumerate(_pairs(one.sheets, other.sheets), 1) for d in _sheet(number, a, b)
    ]


def _pairs(one: Sequence[Sheet], other: Sequence[Sheet]) -> Iterator[tuple[Sheet | None, Sheet | None]]:
    """Sheets that belong together: of the same project, department and year, in their order."""
    waiting: dict[tuple[str, ...], list[Sheet]] = defaultdict(list)
    for sheet in other:
        waiting[_identity(sheet)].append(sheet)
    for sheet in one:
        same = waiting[_identity(sheet)]
        yield sheet, same.pop(0) if same else None
    for rest in waiting.values():
        yield from ((None, sheet) for sheet in rest)


def _identity(sheet: Sheet) -> tuple[str, ...]:
    return (
        _party(sheet.project),
        _party(sheet.department) if not sheet.project else "",
        str(sheet.fiscal_year),
    )


def _party(party: Party | None) -> str:
    return key(party.name or party.text or "") if party else ""


def _sheet(number: int, one: Sheet | None, other: Sheet | None) -> Iterator[Difference]:
    if one is None or other is None:
        sheet = one or other
        assert sheet is not None
        yield Difference("removed" if one else "added", number, _title(sheet))
        return
    for name in ("department", "agency"):
        before, after = (_party(getattr(s, name)) for s in (one, other))
        if before != after:
            yield Difference("changed", number, _title(one), name, before or None, after or None)
    yield from _goals(number, one.goals, other.goals)
    yield from _indicators(number, one.indicators, other.indicators)


def _title(sheet: Sheet) -> str:
    return (sheet.project.name or sheet.project.text if sheet.project else None) or sheet.title or "—"


def _goals(number: int, one: Sequence[Goal], other: Sequence[Goal]) -> Iterator[Difference]:
    before, after = (
        dict(zip(_numbered([g.scope for g in goals]), goals, strict=True)) for goals in (one, other)
    )
    for at in {**before, **after}:
        a, b = before.get(at), after.get(at)
        for field in ("text", "actual"):
            was, now = (getattr(g, field) if g else None for g in (a, b))
            if key(was or "") != key(now or ""):
                yield Difference("changed", number, at[0], field, was, now)


def _numbered(names: Sequence[str]) -> list[tuple[str, int]]:
    often: Counter[str] = Counter()
    made = []
    for name in names:
        often[name] += 1
        made.append((name, often[name]))
    return made


def _indicators(number: int, one: Sequence[Indicator], other: Sequence[Indicator]) -> Iterator[Difference]:
    before = dict(zip(_numbered([path(i) for i in one]), one, strict=True))
    after = dict(zip(_numbered([path(i) for i in other]), other, strict=True))
    for at, indicator in before.items():
        if at not in after:
            yield Difference("removed", number, at[0], before=_shown(indicator.value))
        else:
            yield from _fields(number, at[0], indicator, after[at])
    for at, indicator in after.items():
        if at not in before:
            yield Difference("added", number, at[0], after=_shown(indicator.value))
    both = [at for at in after if at in before]
    places = {at: k for k, at in enumerate(at for at in before if at in after)}
    kept = _longest_rising([places[at] for at in both])
    for place, at in enumerate(both):
        if places[at] not in kept:
            yield Difference("reordered", number, at[0], None, str(places[at] + 1), str(place + 1))


def _fields(number: int, where: str, one: Indicator, other: Indicator) -> Iterator[Difference]:
    pairs = {field: (getattr(one, field), getattr(other, field)) for field in FIELDS}
    for name in {**(one.values or {}), **(other.values or {})}:
        pairs[name] = ((one.values or {}).get(name), (other.values or {}).get(name))
    for field, (before, after) in pairs.items():
        was, now = _shown(before), _shown(after)
        if key(was or "") != key(now or ""):
            yield Difference("changed", number, where, field, was, now)
        elif isinstance(before, Value) and isinstance(after, Value):
            for part in PARTS:  # the text is the same, and what was made of it is not
                was, now = getattr(before, part), getattr(after, part)
                if was != now:
                    yield Difference("changed", number, where, f"{field}.{part}", was, now)


def path(indicator: Indicator) -> str:
    """Its levels and name, as it is told from others."""
    levels = (t.term or t.text if t else None for t in (indicator.level1, indicator.level2))
    return " / ".join(key(part) for part in (*levels, indicator.level3) if part)


def _shown(value: Value | str | None) -> str | None:
    return value.text if isinstance(value, Value) else value


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """The most numbers that stand in rising order: what has not been moved."""
    best: list[tuple[int, ...]] = []
    for n in numbers:
        before = max((way for way in best if way[-1] < n), key=len, default=())
        best.append((*before, n))
    longest: tuple[int, ...] = max(best, key=len, default=())
    return set(longest)
