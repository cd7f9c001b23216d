"""The net under everything: texts of the source that stand nowhere in what was read (promise 1)."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from itertools import chain, pairwise, repeat
from typing import Any

import msgspec

from jixiao.interpret.tokens import Row
from jixiao.model import Sheet
from jixiao.text import key

_GAP = "\u241f"
_NOT_PRINTED = frozenset({"code", "severity", "message", "term", "role", "kind", "scope"})
"""Keys of the model whose text is not the source's own."""
_HOLDS = frozenset({str, dict, list, tuple})


def missing(rows: Iterable[Row], sheets: Iterable[Sheet], unplaced: Iterable[str]) -> list[str]:
    """The texts of the rows, or the parts of them, that the sheets and `unplaced` do not hold.

    Texts are compared in comparison form. One that does not stand in one piece counts character by character:
    each must stand somewhere beside the neighbour it has in the source.
    """
    said = [key(t) for t in chain(_texts(msgspec.to_builtins(tuple(sheets)), []), unplaced)]
    whole, hay = frozenset(said), ""
    beside: set[str] = set()
    at, gone = 0, list[str]()
    for text in (t.text for row in rows for t in row.full):
        word = key(text)
        if word in whole:
            continue
        hay = hay or _GAP.join(said)
        found = max(hay.find(word, at), hay.find(word) if at else -1)  # what was read keeps the order mostly
        if found >= 0:
            at = found
            continue
        beside = beside or {a + b for a, b in pairwise(_GAP.join(("", hay, "")))}
        gone += _parts(text, beside, whole)
    return gone


def _parts(text: str, beside: AbstractSet[str], whole: AbstractSet[str]) -> Iterator[str]:
    """The stretches of the text that are nowhere, widened by a character on either side to be found again."""
    shown = [c for c in text if key(c)]
    keys = [key(c) for c in shown]
    pairs = [False, *(a + b in beside for a, b in pairwise(keys)), False]
    lost = [
        not (before or after or char in whole)
        for char, before, after in zip(keys, pairs[:-1], pairs[1:], strict=True)
    ]
    start = None
    for k, gone in enumerate([*lost, False]):
        if gone and start is None:
            start = k
        elif not gone and start is not None:
            yield "".join(shown[max(0, start - 1) : k + 1])
            start = None


def _texts(node: Iterable[Any], found: list[str], names: Iterable[str] = repeat("")) -> list[str]:
    """`found`, with the texts in the node and under it put behind it; `names` are those of its items."""
    for name, value in zip(names, node, strict=False):
        kind = type(value)
        if kind not in _HOLDS or name in _NOT_PRINTED:
            continue
        if kind is str:
            found.append(value)
        elif kind is dict:
            _texts(value.values(), found, value)
        else:
            _texts(value, found)
    return found
