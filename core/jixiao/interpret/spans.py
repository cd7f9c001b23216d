"""The year and the whole project side by side: which of two labels of one kind speaks of which."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from msgspec.structs import replace

from jixiao.model import FundLine, Goal
from jixiao.text import label_key
from jixiao.vocabulary import vocabulary

LONG = "-long"
"""Behind the kind of a line of the funds: of the whole project, where the form also has one of the year."""


def span(label: str | None) -> str | None:
    """What a label says of the time it speaks of.

    >>> span("其中：本年度金额"), span("实施期资金总额："), span("财政拨款")
    ('annual', 'long-term', None)
    """
    word = label_key(label or "")
    spans: dict[str, list[str]] = vocabulary().data["spans"]
    return next((name for name, words in spans.items() if any(w in word for w in words)), None)


def by_span(lines: Sequence[FundLine]) -> list[FundLine]:
    """The lines, those of the whole project told from those of the year by their labels or, where a part
    stands once under each of the totals, by their order."""
    totals = [k for k, line in enumerate(lines) if line.kind == "total"]
    long = set(_long(totals, lines))
    for part in _parts(lines).values() if long else ():
        told = _long(part, lines)
        if not told and len(part) == len(totals):
            told = [k for k, total in zip(part, totals, strict=True) if total in long]
        long |= set(told)
    return [replace(line, kind=line.kind + LONG) if k in long else line for k, line in enumerate(lines)]


def _long(those: Sequence[int], lines: Sequence[FundLine]) -> list[int]:
    """Of lines of one kind those of the whole project, where the labels tell them from those of the year."""
    spans = {k: span(lines[k].label) for k in those}
    found = [k for k in those if spans[k] == "long-term"]
    year = next((lines[k] for k in those if spans[k] == "annual"), None)
    if not found and year is not None:
        found = [k for k in those if spans[k] is None and _more(lines[k], year)]
    return found if len(found) < len(those) else []


def _more(whole: FundLine, year: FundLine) -> bool:
    """Whether no amount of the one is known to be as small as that of the other."""
    numbers = [line.amounts["budget"].number if "budget" in line.amounts else None for line in (whole, year)]
    known = [Decimal(n) for n in numbers if n]
    return len(known) < len(numbers) or known[0] > known[1]


def _parts(lines: Sequence[FundLine]) -> dict[tuple[str, str], list[int]]:
    """The lines below the totals, put together by what they name, whatever time they speak of."""
    parts = defaultdict[tuple[str, str], list[int]](list)
    for k, line in enumerate(lines):
        if line.kind not in ("total", "heads"):
            parts[line.kind, _without_span(line.label)].append(k)
    return parts


def _without_span(label: str | None) -> str:
    word = label_key(label or "").removeprefix("其中").lstrip(":")
    for words in vocabulary().data["spans"].values():
        for said in words:
            word = word.replace(said, "")
    return word


def goals_by_span(goals: Sequence[Goal]) -> Iterator[Goal]:
    """The goals; beside one that names the year, one that names no time is the whole project's."""
    annual = [g for g in goals if g.scope == "annual" and g.text]
    said = any(span(g.label) == "annual" for g in annual)
    for goal in goals:
        whole = goal in annual and len(annual) > 1 and said and span(goal.label) is None
        yield replace(goal, scope="long-term") if whole else goal
