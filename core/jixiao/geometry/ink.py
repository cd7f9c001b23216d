"""Lines of text as ink on a grid of positions, for text whose columns are made of blanks.

Some programs count a position a character (`pdftotext -layout`), others two for an East Asian wide one.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple
from unicodedata import east_asian_width

WIDE = 2
"""A gap of so many positions parts two cells; one blank may stand in a text."""
_WORDS = re.compile(r"\S+")


class Word(NamedTuple):
    """Characters without a blank between them, from position x0 to before x1."""

    x0: int
    x1: int
    text: str

    @property
    def core(self) -> tuple[int, int]:
        """What of it stands in its column for sure: programs round places to whole positions."""
        return (self.x0 + 1, self.x1 - 1) if self.x1 - self.x0 > 2 else (self.x0, self.x0 + 1)


class Ink(NamedTuple):
    """A line: its number, its words, the positions their cores take (a bit each), and whether a blank line
    stands above it on its page."""

    number: int
    words: tuple[Word, ...]
    taken: int
    apart: bool

    @property
    def middle(self) -> float:
        return (self.words[0].x0 + self.words[-1].x1) / 2


def shown(text: str) -> int:
    """The width of a text in columns of a terminal."""
    return sum(2 if east_asian_width(char) in "WFA" else 1 for char in text)


def inked(page: Sequence[tuple[int, str]], wide: int) -> list[Ink]:
    """The lines of a page (number, text) that hold any text; a wide character takes `wide` positions."""
    found: list[Ink] = []
    apart = False
    for number, text in page:
        words = _words(text, wide)
        if words:
            found.append(Ink(number, words, _taken(words), apart and bool(found)))
        apart = not words
    return found


def _words(text: str, wide: int) -> tuple[Word, ...]:
    at = [0]
    for char in text:
        at.append(at[-1] + (wide if east_asian_width(char) in "WFA" else 1))
    return tuple(Word(at[m.start()], at[m.end()], m[0]) for m in _WORDS.finditer(text))


def _taken(words: Sequence[Word]) -> int:
    taken = 0
    for a, b in (word.core for word in words):
        taken |= (1 << b) - (1 << a)
    return taken
