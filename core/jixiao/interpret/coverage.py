"""The net under everything: texts of the source that stand nowhere in what was read (promise 1)."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import cache
from itertools import chain, pairwise

from jixiao.interpret.tokens import Row
from jixiao.model import Sheet, Struct
from jixiao.text import key

_GAP = "\u241f"
_NEAR = 10_000  # characters of what was read that are looked through first
_NOT_PRINTED = frozenset(
    ("code", "severity", "message", "term", "role", "kind", "scope", "place", "confidence", "indicator")
)
"""Keys of the model that hold no text of the source's own."""


def missing(rows: Iterable[Row], sheets: Iterable[Sheet], unplaced: Iterable[str]) -> list[str]:
    """The texts of the rows, or the parts of them, that the sheets and `unplaced` do not hold.

    Texts are compared in comparison form. One that does not stand in one piece counts character by character:
    each must stand somewhere beside the neighbour it has in the source.
    """
    said = [key(t) for t in chain(_texts(sheets, []), unplaced)]
    whole, hay = frozenset(said), ""
    beside: set[str] = set()
    at, gone = 0, list[str]()
    for text in (t.text for row in rows for t in row.full):
        word = key(text)
        if word in whole:
            continue
        hay = hay or _GAP.join(said)
        # what was read keeps the order mostly; to look through all of it for each text would be quadratic
        found = max(hay.find(word, at, at + _NEAR), hay.find(word, 0, _NEAR) if at else -1)
        if found >= 0:
            at = found
            continue
        beside = beside or {a + b for a, b in pairwise(_GAP.join(("", hay, "")))}
        lost = list(_parts(text, beside, whole))
        if lost and word not in hay:
            gone += lost
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


def _texts(parts: Iterable[object], found: list[str]) -> list[str]:
    """`found`, with the texts in the parts and under them put behind it."""
    for part in parts:
        if part is None:
            continue
        if isinstance(part, str):
            found.append(part)
        elif isinstance(part, Struct):
            _texts([getattr(part, name) for name in _keys(type(part))], found)
        elif isinstance(part, dict):
            _texts(part.values(), found)
        elif isinstance(part, tuple):
            _texts(part, found)
    return found


@cache
def _keys(kind: type[Struct]) -> tuple[str, ...]:
    """The keys of a class of the model under which texts of the source may stand."""
    return tuple(name for name in kind.__struct_fields__ if name not in _NOT_PRINTED)
