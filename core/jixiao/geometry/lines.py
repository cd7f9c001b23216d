"""Characters with boxes to lines of text: top to bottom, left to right, spaces from gaps.

The text is what the characters say; only white space is added, and a character drawn twice on one spot
(imitated bold type) counts once.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from operator import sub
from typing import NamedTuple

SPACE = 0.2
"""A gap wider than this part of the type size is a space."""
LOOSE = 0.3
"""Up to this part of the type size all gaps of a line may be widened to fill it."""
WIDE = 3.0
"""A gap wider than this many type sizes parts what stands beside each other, shown as a tab."""
AUTOSPACE = 0.1
"""Word processors part ideographs from letters and figures by up to a quarter: so much more makes a space."""
SAME = 0.1
"""The same character again within this part of the type size is the same one, drawn twice."""


class Char(NamedTuple):
    """A character and its box in points (origin top left); `size` the height of its type."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float


def lines(chars: Iterable[Char]) -> list[list[Char]]:
    """Characters by line, each line from left to right; raised and lowered ones stay with theirs."""
    found: list[list[Char]] = []
    middles = size = 0.0
    for char in sorted(chars, key=_middle):
        middle = (char.top + char.bottom) / 2
        if char.size > size:
            size = char.size
        if found and middle <= middles / len(found[-1]) + 0.5 * size:
            found[-1].append(char)
            middles += middle
        else:
            found.append([char])
            middles, size = middle, char.size
    for line in found:
        line.sort(key=_left)
    return found


def _middle(char: Char) -> float:
    return char.top + char.bottom


def _left(char: Char) -> float:
    return char.x0


def line_text(line: Sequence[Char], wide: str = " ") -> str:
    """The text of one line from left to right; `wide` stands for a gap of several characters."""
    shown = _once(line)
    size = max([c.size for c in shown])
    neighbours = list(pairwise(shown))
    if not any(b.x0 - a.x1 > SPACE * size for a, b in neighbours):
        return "".join([c.text for c in shown]).strip()
    gaps = [gap(a, b, size) for a, b in neighbours]
    usual = max(
        min(sorted(gaps)[len(gaps) // 2], LOOSE * size), 0.0
    )  # justified lines are set loosely throughout
    parts = [shown[0].text]
    for char, room in zip(shown[1:], gaps, strict=True):
        if room - usual > SPACE * size:
            parts.append(wide if room > WIDE * size else " ")
        parts.append(char.text)
    return "".join(parts).strip()


def _once(line: Sequence[Char]) -> list[Char]:
    shown = list(line[:1])
    for char in line[1:]:
        last = shown[-1]
        if char.text != last.text or char.x0 - last.x0 >= SAME * last.size or char.text.isspace():
            shown.append(char)
    return shown


def gap(a: Char, b: Char, size: float) -> float:
    """The room between two characters; none beside white space, which is there already.

    Ideographs are as wide as high, though a font may give the box of the ink alone: 一 or 目.
    """
    if a.text.isspace() or b.text.isspace():
        return 0.0
    chinese = _is_ideograph(a.text), _is_ideograph(b.text)
    if all(chinese):
        return min((b.x0 + b.x1 - a.x0 - a.x1) / 2 - size, b.x0 - a.x1)
    return b.x0 - a.x1 - (AUTOSPACE * size if any(chinese) else 0.0)


def _is_ideograph(text: str) -> bool:
    return "\u2e80" <= text < "\u3000" or "\u3400" <= text < "\ua000"


def columns_of(chars: Sequence[Char]) -> list[list[Char]]:
    """The columns of text set downwards, in the order given; [] where the text is set across.

    The order in which a file draws the characters tells: downwards if most steps lead down to the next one.
    """
    down = across = 0
    for a, b in pairwise(chars):
        same_column = abs((b.x0 + b.x1) - (a.x0 + a.x1)) < a.size
        down += same_column and 0 < b.top - a.top < 1.5 * a.size
        across += abs(b.top - a.top) < 0.5 * a.size
    if down <= 2 * across or down + across < 3:
        return []
    columns: list[list[Char]] = []
    for char in chars:
        if columns and abs((char.x0 + char.x1) - (columns[-1][-1].x0 + columns[-1][-1].x1)) < char.size:
            columns[-1].append(char)
        else:
            columns.append([char])
    return columns


def cell_text(chars: Sequence[Char]) -> str:
    """The text of one cell, its lines (or its columns, where it is set downwards) parted by newlines."""
    if (text := _in_a_row(chars)) is not None:
        return text
    if (columns := columns_of(chars)) and len(columns) > 1:
        return "\n".join("".join(c.text for c in column).strip() for column in columns)
    return "\n".join(filter(None, (line_text(line) for line in lines(chars))))


def _in_a_row(chars: Sequence[Char]) -> str | None:
    """The text of one line whose characters are drawn from left to right without gaps, as most cells' are."""
    texts, x0, top, x1, bottom, sizes = zip(*chars, strict=True)
    size, near = max(sizes), min(sizes) / 2
    if max(top) - min(top) >= near or max(bottom) - min(bottom) >= near:
        return None
    right = x0[1:]
    if right and (max(map(sub, right, x1)) > SPACE * size or min(map(sub, right, x0)) < SAME * size):
        return None
    return "".join(texts).strip()


def box_of(chars: Sequence[Char]) -> tuple[float, float, float, float]:
    """The box around characters."""
    _, x0, top, x1, bottom, _ = chars[0]
    for _, a, b, c, d, _ in chars:
        if a < x0:
            x0 = a
        if b < top:
            top = b
        if c > x1:
            x1 = c
        if d > bottom:
            bottom = d
    return x0, top, x1, bottom
