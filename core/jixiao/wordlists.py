"""Words that plugins add to the vocabulary: a province's own terms, synonyms and labels, as data.

A plugin's vocabulary.json has parts of the built-in one, in the same shapes, with nothing in them but what is
to be added. Words that mean something else already are left out, and told of.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from jixiao.installed import VOCABULARY, Plugin, in_force, tell, wanted
from jixiao.messages import gettext as _
from jixiao.text import label_key

FILE = "vocabulary.json"
OPEN = ("levels1", "levels2", "regimes")
"""Parts to which names may be added; those of the others are known to the program."""
TOGETHER = ("funds", "goals", "labels", "amounts")
"""Parts that are looked up together: a word can stand in one of them only."""
Words = dict[str, list[str]]


class Misfit(Exception):
    """What is added does not have the shape of the part it is added to."""


def added(data: dict[str, Any]) -> dict[str, Any]:
    """The built-in words with those of all plugins that are wanted; what cannot be added is told of."""
    for plugin in wanted(VOCABULARY, in_force()).values():
        for fault in add(data, plugin):
            tell(f"{plugin}: {fault}")
    return data


def add(data: dict[str, Any], plugin: Plugin) -> Iterator[str]:
    """Put a plugin's words into `data`; what cannot be added, a sentence each."""
    files = [folder / FILE for folder in plugin.folders()]
    if not files:
        yield _("Its package {name} is not there.").format(name=plugin.point.value)
    for path in files:
        try:
            own = read(path)
        except (OSError, msgspec.DecodeError) as error:
            yield _("Its {file} cannot be read ({why}).").format(file=FILE, why=error)
        else:
            yield from merge(data, own)


def read(path: Path) -> dict[str, Any]:
    """Raises OSError, and msgspec.DecodeError where the file is no JSON object."""
    return msgspec.json.decode(path.read_bytes(), type=dict[str, Any])


def merge(data: dict[str, Any], own: dict[str, Any]) -> Iterator[str]:
    """Put `own` into `data`; what cannot be added, a sentence each."""
    for part, words in own.items():
        if part not in data:
            yield _("There is no part {part} in the vocabulary.").format(part=part)
            continue
        try:
            yield from _part(data, part, words)
        except (msgspec.ValidationError, Misfit) as error:
            yield _("Its part {part} does not have the shape of the built-in one ({why}).").format(
                part=part, why=error
            )


def _part(data: dict[str, Any], part: str, words: Any) -> Iterator[str]:
    """By the part's shape: pairs, words, words of names, names of names, or one word for another."""
    base = data[part]
    if part == "titles":
        pairs = dict(msgspec.convert(words, list[tuple[str, list[str]]]))
        yield from _names(data, part, dict(base), pairs)
    elif isinstance(base, list):
        _extend(base, msgspec.convert(words, list[str]))
    elif part == "regimes":
        for regime, children in msgspec.convert(words, dict[str, Words]).items():
            yield from _names(data, part, base.setdefault(regime, {}), children)
    elif all(isinstance(value, list) for value in base.values()):
        yield from _names(data, part, base, msgspec.convert(words, Words))
    else:
        for wrong, right in msgspec.convert(words, dict[str, str]).items():
            if base.setdefault(wrong, right) != right:
                yield _taken(wrong, right, base[wrong])


def _names(data: dict[str, Any], part: str, base: Words, own: Words) -> Iterator[str]:
    for name, words in own.items():
        if name not in base and part not in OPEN:
            raise Misfit(_("it has no {name}").format(name=name))
        meanings = {} if part == "regimes" else _meanings(data, part)
        for word in words:
            meant = meanings.get(label_key(word), (part, name))
            if meant == (part, name):
                _extend(base.setdefault(name, []), [word])
            else:
                yield _taken(word, name, meant[1])
        base.setdefault(name, [])


def _meanings(data: dict[str, Any], part: str) -> dict[str, tuple[str, str]]:
    """What each word means already, where this part is looked up: the part and the name."""
    parts = TOGETHER if part in TOGETHER else (part,)
    return {
        label_key(word): (one, name)
        for one in reversed(parts)
        for name, words in _items(data[one])
        for word in (name, *words)
    }


def _items(part: Any) -> Iterable[tuple[str, list[str]]]:
    return part.items() if isinstance(part, dict) else part


def _taken(word: str, name: str, other: str) -> str:
    return _("“{word}” cannot mean {name}: it means {other} already.").format(
        word=word, name=name, other=other
    )


def _extend(base: list[str], words: list[str]) -> None:
    base.extend(word for word in words if word not in base)
