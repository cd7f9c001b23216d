"""The options that a plugin declares, in words."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

import msgspec


class Option(NamedTuple):
    name: str
    type: str
    default: str
    meaning: str


def options(kind: type[msgspec.Struct] | None) -> Iterator[Option]:
    """Those of an OPTIONS struct; none for None."""
    if kind is None:
        return
    hints = get_type_hints(kind, include_extras=True)
    for field in msgspec.structs.fields(kind):
        bare, meaning = _parted(hints[field.name])
        default = "" if field.default is msgspec.NODEFAULT else str(field.default)
        yield Option(field.encode_name, _written(bare), default, meaning)


def _parted(hint: Any) -> tuple[Any, str]:
    """A type and the description that stands with it."""
    if get_origin(hint) is not Annotated:
        return hint, ""
    bare, *about = get_args(hint)
    said = (meta.description for meta in about if isinstance(meta, msgspec.Meta))
    return bare, next(filter(None, said), "")


def _written(hint: Any) -> str:
    """How a value of the type is written: one of a few words, or the name of the type."""
    if get_origin(hint) is Literal:
        return "|".join(map(str, get_args(hint)))
    return hint.__name__.upper() if isinstance(hint, type) else str(hint)
