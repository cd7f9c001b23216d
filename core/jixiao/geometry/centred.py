"""Labels set in the middle of the rows they stand for, in tables without rules.

A word processor or browser sets the text of a merged cell at half its height. Where no rule shows how far the
cell reaches, the middles alone tell: the first label's rows begin where the row above ended, its middle says
where they end, and the next label's begin below. That is believed only where it comes out even with the
table's last row; and only in tables in which some label stands between two rows, as none set at the top does.
"""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

NEAR = 0.2
"""A label this part of the usual distance of rows from a row's middle stands in that row."""


MOST = 400
"""Rows beyond which a page is none that people read, and is not worked out."""


class Label(NamedTuple):
    """A text of one column, by the height of its middle."""

    middle: float
    column: int


def between(labels: Sequence[Label], rows: Sequence[float]) -> list[Label]:
    """The labels that stand between two rows (middles from top to bottom)."""
    near = NEAR * _pitch(rows)
    return [label for label in labels if min(abs(label.middle - y) for y in rows) > near]


def first_rows(labels: Sequence[Label], rows: Sequence[float]) -> list[tuple[int, int] | None]:
    """For each label of one column, from top to bottom, its first and last row; None where that is not sure.

    What stands above the labels that come out even with the last row is unsure.
    """
    for start in range(len(labels) if len(rows) <= MOST else 0):
        if found := _even(labels[start:], rows):
            return [None] * start + found
    return [None] * len(labels)


def _even(labels: Sequence[Label], rows: Sequence[float]) -> list[tuple[int, int] | None] | None:
    """The rows of labels of which the first stands in a row of its own and the last reaches the last row."""
    near = NEAR * _pitch(rows)
    first = _nearest(labels[0].middle, rows)
    if abs(rows[first] - labels[0].middle) > near:
        return None
    found: list[tuple[int, int] | None] = [(first, first)]
    end = first
    for label in labels[1:]:
        begin = end + 1
        if begin >= len(rows):
            return None
        wanted = 2 * label.middle - rows[begin]
        end = _nearest(wanted, rows)
        if end < begin or abs(rows[end] - wanted) > 2 * near:
            return None
        found.append((begin, end))
    return found if end == len(rows) - 1 else None


def _nearest(y: float, rows: Sequence[float]) -> int:
    return min(range(len(rows)), key=lambda n: abs(rows[n] - y))


def _pitch(rows: Sequence[float]) -> float:
    return median([b - a for a, b in pairwise(rows)] or [0.0])
