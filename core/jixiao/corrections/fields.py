"""The fields that can be corrected: their texts, and the model's parts made anew of a text."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar, get_args, get_origin

import msgspec

from jixiao.corrections.model import Anchor, Part, Spot
from jixiao.interpret.evidence import evidence
from jixiao.interpret.fields import party
from jixiao.model import (
    Amount,
    Column,
    Field,
    FundLine,
    Funds,
    Goal,
    Indicator,
    Party,
    Place,
    Sheet,
    Struct,
    Term,
    Value,
    fold,
)
from jixiao.text import key, label_key
from jixiao.values import parse, value

Item = TypeVar("Item", bound=Struct)
INNER = "."


def get(item: Struct, field: str) -> str | None:
    """The text at a field; None for nothing there. Raises KeyError for a field that the model has not.

    >>> one = Indicator(value=Value(text="≤2次"), level1=Term(term="产出指标"))
    >>> get(one, "value"), get(one, "level1")
    ('≤2次', '产出指标')
    """
    outer, _, inner = field.partition(INNER)
    kind = _kind(item, outer)
    found = getattr(item, outer)
    if not inner:
        return _text(found)
    if dict in _origins(kind):
        return _text((found or {}).get(inner))
    return get(_funds(kind, field, found), inner)


def put(item: Item, field: str, text: str | None) -> Item:
    """The item with another text at a field. Raises KeyError, or ValueError where the text does not fit."""
    outer, _, inner = field.partition(INNER)
    kind = _kind(item, outer)
    if not inner:
        return msgspec.structs.replace(item, **{outer: _made(outer, kind, text)})
    found = getattr(item, outer)
    if dict in _origins(kind):
        made = _made(inner, _value_kind(kind), text)
        held = {**(found or {}), inner: made}
        kept = {name: one for name, one in held.items() if one is not None}
        return msgspec.structs.replace(item, **{outer: kept or (None if found is None else {})})
    return msgspec.structs.replace(item, **{outer: put(_funds(kind, field, found), inner, text)})


def items(sheet: Sheet, part: Part) -> tuple[Any, ...]:
    if part == "lines":
        return sheet.funds.lines if sheet.funds else ()
    found: tuple[Any, ...] = getattr(sheet, part)
    return found


def with_items(sheet: Sheet, part: Part, made: tuple[Any, ...]) -> Sheet:
    if part == "lines":
        funds = msgspec.structs.replace(sheet.funds or Funds(), lines=made)
        return msgspec.structs.replace(sheet, funds=funds)
    return msgspec.structs.replace(sheet, **{part: made})


def with_item(sheet: Sheet, part: Part, index: int, item: Struct) -> Sheet:
    held = items(sheet, part)
    return with_items(sheet, part, (*held[:index], item, *held[index + 1 :]))


def anchor(held: tuple[Any, ...], index: int) -> Anchor:
    """The anchor of one of these items."""
    return Anchor(name=_name(held[index]), place=_place(held[index]), index=index)


def spot(sheet: Sheet, part: Part, index: int) -> Spot:
    return Spot(part=part, item=anchor(items(sheet, part), index))


def index(held: Sequence[Any]) -> dict[str, list[int]]:
    """The indices of the items by their names: for many that are to be found among the same."""
    found: dict[str, list[int]] = {}
    for k, item in enumerate(held):
        found.setdefault(key(_name(item) or ""), []).append(k)
    return found


def find(at: Anchor, held: Sequence[Any], named: dict[str, list[int]] | None = None) -> int | None:
    """The index of the one item that is meant; None where there is none, or no telling which.

    The index alone is never enough: another version may read a row more above. `named` is `index(held)`.
    """
    same = (index(held) if named is None else named).get(key(at.name or ""), [])
    if len(same) > 1 or at.name is None:
        same = [k for k in same if _place(held[k]) == at.place]
    if len(same) > 1:
        same = [k for k in same if k == at.index]
    return same[0] if len(same) == 1 else None


def renamed(was: Struct, now: Struct) -> bool:
    """Whether an item is found under another name now."""
    return _name(was) != _name(now)


def _name(item: Struct) -> str | None:
    match item:
        case Sheet(project=project, title=title):
            return (project.text or project.name if project else None) or title
        case Indicator(level3=name):
            return name
        case Goal(label=label, scope=scope):
            return label or scope
        case FundLine(label=label, kind=kind):
            return label or kind
        case Field(label=label):
            return label
        case Column(role=role):
            return role
    raise TypeError(type(item))


def _place(item: Struct) -> Place | None:
    """Without its box: that is measured, and may be measured better."""
    place: Place | None = getattr(item, "place", None)
    return place and msgspec.structs.replace(place, box=None)


def _text(part: Any) -> str | None:
    match part:
        case None:
            return None
        case Value():
            return part.text or "".join(p for p in (part.operator, part.number, part.unit) if p) or None
        case Term():
            return part.term or part.text
        case Party():
            return part.text or "-".join(t for t in (part.code, part.name) if t) or None
        case Amount():
            return part.text or part.number
        case str() | int():
            return str(part)
    raise KeyError(type(part).__name__)


def _funds(kind: Any, field: str, found: Funds | None) -> Funds:
    """The one part of a sheet with fields of its own. Raises KeyError for any other."""
    if Funds not in _bases(kind):
        raise KeyError(field)
    return found or Funds()


def _term(level: str, text: str) -> Term:
    told = evidence(text)
    known = told.level1 if level == "level1" else told.level2
    return Term(term=known or label_key(text), text=text)


_MAKERS: dict[type, Callable[[str, str], Any]] = {
    Value: lambda _field, text: value(text),
    Term: _term,
    Party: lambda _field, text: party(text),
    Amount: lambda _field, text: Amount(text=text, number=parse(text).number),
}


def _made(field: str, kind: Any, text: str | None) -> Any:
    text = fold(text or "") or None
    for known in _bases(kind):
        if known in _MAKERS:
            empty = Amount() if known is Amount else None
            return empty if text is None else _MAKERS[known](field, text)
    if any(t in (dict, tuple) for t in _origins(kind)) or Struct in _bases(kind):
        raise KeyError(field)
    return msgspec.convert(text, kind, strict=False)


def _kind(item: Struct, field: str) -> Any:
    """The annotation of a field. Raises KeyError."""
    return _kinds(type(item))[field]


@cache
def _kinds(kind: type[Struct]) -> dict[str, Any]:
    return {f.encode_name: f.type for f in msgspec.structs.fields(kind) if f.encode_name not in _READING}


_READING = ("place", "confidence", "findings", "unplaced")
"""What says how a sheet was read, and not what it says."""


def _options(kind: Any) -> tuple[Any, ...]:
    """The alternatives of an annotation."""
    return (
        tuple(o for o in get_args(kind) if o is not type(None)) if type(None) in get_args(kind) else (kind,)
    )


def _origins(kind: Any) -> list[Any]:
    return [get_origin(o) for o in _options(kind)]


def _bases(kind: Any) -> list[type]:
    return [b for o in _options(kind) if isinstance(o, type) for b in o.__mro__]


def _value_kind(kind: Any) -> Any:
    return next(get_args(o)[1] for o in _options(kind) if get_origin(o) is dict)
