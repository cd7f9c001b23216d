"""Rows that a person adds or takes out: indicators, goals, lines of funds, header pairs, heads of columns."""

from collections.abc import Callable, Iterator
from typing import Any, get_args

import msgspec

from jixiao.corrections import fields
from jixiao.corrections.concern import TEXTS
from jixiao.corrections.model import TOP, Part, Spot
from jixiao.model import Column, Field, Finding, FundLine, Goal, Indicator, Scope, Sheet, Struct, Term, fold
from jixiao.vocabulary import vocabulary

NAMED: dict[Part, str] = {
    "indicators": "level3", "goals": "label", "lines": "label", "fields": "label", "columns": "role",
}  # fmt: skip
"""The field by which the items of a part are called: a new one begins with it."""
LEVELS = ("level1", "level2")
ROLES = (*TEXTS, "recipient")
"""What a column that is added can be of; `recipient` is one of several, each with values of its own."""


def above(sheet: Sheet, at: Spot) -> int | None:
    """The index of the item below which a new one goes, -1 for none; None where it is not found."""
    if at.item.index == TOP and at.item.name is None:
        return TOP
    return fields.find(at.item, fields.items(sheet, at.part))


def added(sheet: Sheet, part: Part, after: int, name: str | None) -> Sheet:
    """The sheet with a new item below that of index `after`. Raises ValueError for a wrong name."""
    name = fold(name or "")
    if not name:
        raise ValueError("a row is added with its name")
    held, at = fields.items(sheet, part), after + 1
    new = _NEW[part](name, held[after] if after >= 0 else None)
    made = fields.with_items(sheet, part, (*held[:at], new, *held[at:]))
    if part != "indicators":
        return made
    return _renumbered(made, lambda index: index + (index >= at))


def removed(sheet: Sheet, part: Part, index: int) -> Sheet:
    """The sheet without that item. What a merged cell in it said of the rows below is printed there."""
    held = fields.items(sheet, part)
    made = fields.with_items(sheet, part, (*held[:index], *held[index + 1 :]))
    if part != "indicators":
        return made
    made = _handed_down(made, index, held[index])
    return _renumbered(made, lambda k: None if k == index else k - (k > index))


def texts(item: Struct) -> str:
    """All that an item says, as one text to compare."""
    return " | ".join(_texts(item))


def lost(sheet: Sheet, part: Part, index: int) -> str:
    """All that goes with an item: its texts as printed, and those that findings about it hold."""
    item = fields.items(sheet, part)[index]
    found = [*_texts(item), *_printed(item)]
    if part == "indicators":
        for said in sheet.findings:
            if said.indicator == index:
                found += [text for text in (said.text, said.before) if text]
    return " | ".join(dict.fromkeys(found))


def _texts(item: Any) -> Iterator[str]:
    """The texts of its fields, inner ones too."""
    for field in type(item).__struct_fields__:
        try:
            held = getattr(item, field)
            texts = [fields.get(item, f"{field}.{k}") for k in held] if isinstance(held, dict) else None
            yield from (t for t in (texts if texts is not None else [fields.get(item, field)]) if t)
        except KeyError:  # it says how the item was read
            continue


def _printed(item: Any) -> list[str]:
    """Levels as printed, where that is another text than the level's name."""
    terms = [getattr(item, level, None) for level in LEVELS]
    return [t.text for t in terms if t and t.text]


def _indicator(name: str, over: Indicator | None) -> Indicator:
    """Under the levels of the one above, whose merged cells grow."""
    return Indicator(
        level1=_covered(over.level1) if over else None,
        level2=_covered(over.level2) if over else None,
        level3=name,
    )


def _covered(term: Term | None) -> Term | None:
    return Term(term=term.term) if term and term.term else term


def _goal(name: str, _over: object) -> Goal:
    """Called by its label or, without one, by its scope."""
    if name in get_args(Scope):
        return Goal(scope=msgspec.convert(name, Scope))
    meaning = vocabulary().label(name)
    long = meaning is not None and (meaning.group, meaning.name) == ("goals", "long-term")
    return Goal(label=name, scope="long-term" if long else "annual")


def _line(name: str, _over: object) -> FundLine:
    """Called by its label or, without one, by its kind: `heads` names the columns of amounts."""
    if name == "heads":
        return FundLine(kind=name)
    meaning = vocabulary().label(name)
    known = meaning is not None and meaning.group == "funds" and meaning.name != "block"
    return FundLine(label=name, kind=meaning.name if meaning and known else "other")


def _column(role: str, _over: object) -> Column:
    if role not in ROLES:
        raise ValueError(role)
    heads = vocabulary().data["heads"].get(role, ())
    return Column(role=role, text=next(iter(heads), None))


_NEW: dict[Part, Callable[[str, Any], Any]] = {
    "indicators": _indicator,
    "goals": _goal,
    "lines": _line,
    "fields": lambda name, _over: Field(label=name),
    "columns": _column,
}


def _handed_down(sheet: Sheet, at: int, gone: Indicator) -> Sheet:
    """Level by level what the row that is gone has printed, in the row that it covered."""
    if at >= len(sheet.indicators):
        return sheet
    below = sheet.indicators[at]
    heirs = {
        level: getattr(gone, level)
        for level in LEVELS
        if (mine := getattr(gone, level)) and mine.text and (term := getattr(below, level))
        and term.text is None and term.term == mine.term
    }  # fmt: skip
    kept = msgspec.structs.replace(below, **heirs)
    return fields.with_item(sheet, "indicators", at, kept) if heirs else sheet


def _renumbered(sheet: Sheet, number: Callable[[int], int | None]) -> Sheet:
    """The findings at the rows that they are about; those of a row that is gone go with it."""
    moved: list[Finding] = []
    for said in sheet.findings:
        index = None if said.indicator is None else number(said.indicator)
        if said.indicator is None or index is not None:
            moved.append(said if index == said.indicator else msgspec.structs.replace(said, indicator=index))
    return msgspec.structs.replace(sheet, findings=tuple(moved))
