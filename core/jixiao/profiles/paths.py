"""Short paths into the sheet model, such as `indicator.value.operator`: reading, setting, leaving out."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from operator import attrgetter
from typing import Any

import msgspec

from jixiao.model import Goal, Indicator, Sheet

ROOTS: dict[str, type[msgspec.Struct]] = {"sheet": Sheet, "goal": Goal, "indicator": Indicator}
WHOLE = {"sheet.goals", "sheet.indicators", "sheet.findings", "indicator.place", "indicator.confidence"}
"""What has paths of its own, or says how a sheet was read and not what it says."""
IDS = ("id.sheet", "id.row")
Get = Callable[[object], Any]


@cache
def leaves() -> dict[str, object]:
    """Every path at which a sheet says something, with the type of what stands there."""
    return {path: kind for root, struct in ROOTS.items() for path, kind in _leaves(root, struct)}


def _leaves(path: str, kind: type[msgspec.Struct]) -> Iterator[tuple[str, object]]:
    for field in msgspec.structs.fields(kind):
        inner = f"{path}.{field.encode_name}"
        if inner in WHOLE:
            continue
        struct = _struct(field.type)
        yield from _leaves(inner, struct) if struct else [(inner, field.type)]


def _struct(kind: Any) -> type[msgspec.Struct] | None:
    """The class of an optional part that is itself made of parts."""
    from typing import get_args

    options = [kind, *get_args(kind)]
    return next((o for o in options if isinstance(o, type) and issubclass(o, msgspec.Struct)), None)


def covers(path: str, leaf: str) -> bool:
    """Whether a path is that leaf or stands above it.

    >>> covers("indicator.value_long", "indicator.value_long.text")
    True
    """
    return leaf == path or leaf.startswith(f"{path}.")


@cache
def _steps(path: str) -> tuple[str, ...]:
    return tuple(path.split(".")[1:])


def get(item: object, path: str) -> Any:
    """What stands at the path in the sheet, goal or indicator it begins at; None for nothing."""
    return getter(path)(item)


@cache
def getter(path: str | None) -> Get:
    """`get` of one path, its steps parted once; that of no path finds nothing."""
    if path is None:
        return lambda item: None
    above, dot, last = path.rpartition(".")
    if not dot:
        return lambda item: item
    upper, step = getter(above), attrgetter(last)

    def inner(item: object) -> Any:
        found = upper(item)
        return None if found is None else step(found)

    return inner if "." in above else step


def reader(path: str | None, written: Mapping[str, str]) -> Callable[[object], str | None]:
    """What reads the path as text; `written` are texts that stand for others."""
    find = getter(path)
    if path is None or (leaves().get(path) == str | None and not written):
        return find

    def text(item: object) -> str | None:
        found = find(item)
        return None if found is None else written.get(str(found), str(found))

    return text


def put(into: dict[str, Any], path: str, text: str) -> None:
    """Set a text in nested dictionaries."""
    *above, last = _steps(path)
    for step in above:
        into = into.setdefault(step, {})
    into[last] = text


def texts(value: object) -> list[str]:
    """Every text in a part of the model."""
    if isinstance(value, str):
        return [value] if value else []
    if isinstance(value, int):
        return [str(value)]
    parts: Iterable[object] = ()
    if isinstance(value, msgspec.Struct):
        parts = msgspec.structs.astuple(value)
    elif isinstance(value, dict):
        parts = [*value, *value.values()]
    elif isinstance(value, list | tuple):
        parts = value
    return [text for part in parts if part is not None for text in texts(part)]


def without(sheet: Sheet, losses: Iterable[str]) -> Sheet:
    """The sheet less these paths; a part of which nothing is left is absent."""
    whole: dict[str, Any] = msgspec.to_builtins(sheet)
    for loss in losses:
        root, *steps = loss.split(".")
        for item in [whole] if root == "sheet" else whole[f"{root}s"]:
            _remove(item, steps)
    return msgspec.convert(_bare(whole), Sheet)


def _remove(item: Any, steps: list[str]) -> None:
    *above, last = steps
    for step in above:
        item = item.get(step) if isinstance(item, dict) else None
    if isinstance(item, dict):
        item.pop(last, None)


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        bare = {name: _bare(inner) for name, inner in value.items()}
        kept = {name: inner for name, inner in bare.items() if inner is not None}
        return kept or None
    return [_bare(inner) or {} for inner in value] if isinstance(value, list) else value
