"""Numbers as OFD writes them: lists, boxes, matrices, steps with repeats, paths. Lengths are millimetres."""

import math
import re
from collections.abc import Iterator

Box = tuple[float, float, float, float]
"""x, y, width, height"""
Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]

SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
MOST_STEPS = 100_000
_TOKEN = re.compile(r"[SMLQBAC]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_WANTED = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}


def numbers(text: str | None) -> list[float]:
    """The numbers of a list; what is none is passed over."""
    found = []
    for word in (text or "").replace(",", " ").split():
        try:
            value = float(word)
        except ValueError:
            continue
        if math.isfinite(value):
            found.append(value)
    return found


def number(text: str | None, default: float = 0.0) -> float:
    found = numbers(text)
    return found[0] if found else default


def box(text: str | None) -> Box | None:
    found = numbers(text)
    return (found[0], found[1], found[2], found[3]) if len(found) >= 4 else None


def matrix(text: str | None) -> Matrix:
    found = numbers(text)
    return (found[0], found[1], found[2], found[3], found[4], found[5]) if len(found) >= 6 else SAME


def steps(text: str | None) -> list[float]:
    """The steps between characters; `g n v` stands for n times v.

    >>> steps("g 3 2.5 4")
    [2.5, 2.5, 2.5, 4.0]
    """
    found: list[float] = []
    words = (text or "").split()
    at = 0
    while at < len(words) and len(found) < MOST_STEPS:
        if words[at] == "g":
            found += [number(" ".join(words[at + 2 : at + 3]))] * max(
                0, min(int(number(" ".join(words[at + 1 : at + 2]))), MOST_STEPS)
            )
            at += 3
        else:
            found += numbers(words[at])
            at += 1
    return found


def times(inner: Matrix, outer: Matrix) -> Matrix:
    """First `inner`, then `outer`."""
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def at(m: Matrix, x: float, y: float) -> Point:
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]


def lines(data: str | None) -> Iterator[list[Point]]:
    """The straight stretches of a path as points; a curve ends one, so that its points draw no lines."""
    points: list[Point] = []
    for letter, values in _commands(data or ""):
        if letter == "L":
            points.append((values[0], values[1]))
        elif letter == "C":
            if points and points[0] != points[-1]:
                points.append(points[0])
        else:
            if len(points) > 1:
                yield points
            points = [(values[-2], values[-1])]
    if len(points) > 1:
        yield points


def has_curves(data: str | None) -> bool:
    return any(letter in "QBA" for letter, _ in _commands(data or ""))


def _commands(data: str) -> Iterator[tuple[str, list[float]]]:
    """The commands that have all their numbers."""
    letter, values = "", list[float]()
    for token in (*_TOKEN.findall(data), ""):
        if token and token not in _WANTED:
            values.append(float(token))
            continue
        if letter and len(values) >= _WANTED[letter]:
            yield letter, values[: _WANTED[letter]]
        letter, values = token, []
