"""A command line in its plain form, taken apart without typer, to which all else is left.

Plain are `--name VALUE`, `--name=VALUE`, `-n VALUE`, flags, and words, each taken as typer takes it. Of all
else (help, a mistake, `-nVALUE`, a pattern that no shell has expanded) nothing is said here.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

TEXT, TEXTS, NUMBER = (str, str | None), (list[str], list[str] | None), (int, int | None)


class Slot(NamedTuple):
    """Where a value goes, and of what type it is; `flag` is that of an option that takes none."""

    name: str
    kind: Any
    said: dict[str, Any]
    flag: bool | None = None


class _Unusual(Exception):
    """This is for typer to read."""


def arguments(command: Callable[..., None], words: Sequence[str]) -> dict[str, Any] | None:
    """The arguments with which typer would call the command; None where typer itself must be asked."""
    given: dict[str, Any] = {}
    if sys.platform == "win32":
        return None
    try:
        for slot, text in _parted(_slots(command), iter(words)):
            if slot.flag is not None:
                given[slot.name] = slot.flag
            elif slot.kind in TEXTS:
                given.setdefault(slot.name, []).append(text)
            else:
                given[slot.name] = _value(slot, text)
    except _Unusual:
        return None
    optional: Any = command.__defaults__ or ()
    names = command.__code__.co_varnames[: command.__code__.co_argcount - len(optional)]
    return given if given.keys() >= set(names) else None


def _slots(command: Callable[..., None]) -> dict[str, Slot]:
    """By each name of an option; the argument has none."""
    found: dict[str, Slot] = {}
    for name, hint in command.__annotations__.items():
        for declared in getattr(hint, "__metadata__", ()):
            slot = Slot(name, hint.__origin__, declared.said)
            for option in declared.names or ("",):
                yes, pair, no = option.partition("/")
                found[yes] = slot._replace(flag=True) if slot.kind in (bool, bool | None) else slot
                if pair:
                    found[no] = slot._replace(flag=False)
    return found


def _parted(slots: dict[str, Slot], words: Iterator[str]) -> Iterator[tuple[Slot, str]]:
    """Each value with where it goes. Raises _Unusual."""
    for word in words:
        if word == "--":
            yield from ((_slot(slots, ""), rest) for rest in words)
        elif not word.startswith("-") or word == "-":
            yield _slot(slots, ""), word
        else:
            name, sign, value = word.partition("=") if word.startswith("--") else (word, "", "")
            slot = _slot(slots, name)
            if slot.flag is None and not sign:
                value = _next(words)
            elif slot.flag is not None and sign:
                raise _Unusual
            yield slot, value


def _slot(slots: dict[str, Slot], name: str) -> Slot:
    if name not in slots:
        raise _Unusual
    return slots[name]


def _next(words: Iterator[str]) -> str:
    for word in words:
        return word
    raise _Unusual


def _value(slot: Slot, text: str) -> str | int:
    if slot.kind in TEXT:
        return text
    if slot.kind in NUMBER and text.isascii() and text.isdigit() and int(text) >= slot.said.get("min", 0):
        return int(text)
    raise _Unusual
