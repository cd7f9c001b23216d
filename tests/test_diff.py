"""jixiao diff: what two files say differently."""

from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jixiao.diff import differences
from jixiao.model import Goal, Indicator, Party, Reading, Sheet, Term, Value
from jixiao.testkit import make_reading

LEVEL1, LEVEL2 = Term(term="产出指标"), Term(term="数量指标")


def row(name: str, value: str = "1") -> Indicator:
    return Indicator(level1=LEVEL1, level2=LEVEL2, level3=name, value=Value(text=value))


def reading(*rows: Indicator, goal: str = "甲") -> Reading:
    sheet = Sheet(fiscal_year=2022, project=Party(name="会议费"), goals=(Goal(text=goal),), indicators=rows)
    return Reading(sheets=(sheet,))


A, B, C = row("a"), row("b"), row("c")


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (reading(A, B, C), []),
        (reading(A, row("b", " １ "), C), []),
        (reading(A, C), [("removed", "b", None)]),
        (reading(A, B, row("x"), C), [("added", "x", None)]),
        (reading(A, row("b", "2"), C), [("changed", "b", "value")]),
        (reading(B, C, A), [("reordered", "a", None)]),
        (reading(A, B, C, goal="乙"), [("changed", "annual", "text")]),
        (reading(A, B, C, C), [("added", "c", None)]),
    ],
)
def test_each_kind_of_difference(other: Reading, said: list[tuple[str, str, str | None]]) -> None:
    found = differences(reading(A, B, C), other)
    assert [(d.what, d.where.rpartition("/")[2].strip(), d.field) for d in found] == said


def test_a_part_of_a_value_that_was_changed_beside_its_text() -> None:
    other = msgspec.structs.replace(A, value=Value(text="1", number="2"))
    (found,) = differences(
        reading(msgspec.structs.replace(A, value=Value(text="1", number="1"))), reading(other)
    )
    assert (found.field, found.before, found.after) == ("value.number", "1", "2")


def test_a_sheet_that_is_not_there() -> None:
    both = msgspec.structs.replace(reading(A), sheets=(*reading(A).sheets, Sheet(title="另表")))
    assert [d.what for d in differences(reading(A), both)] == ["added"]
    assert [d.what for d in differences(both, reading(A))] == ["removed"]


@settings(max_examples=30, deadline=None)
@given(rng=st.randoms(use_true_random=False))
def test_nothing_differs_from_itself_and_a_lost_row_is_seen(rng: Random) -> None:
    whole = make_reading(rng)
    assert differences(whole, whole) == []
    first = whole.sheets[0]
    less = msgspec.structs.replace(first, indicators=first.indicators[1:])
    seen = differences(whole, msgspec.structs.replace(whole, sheets=(less, *whole.sheets[1:])))
    assert bool(seen) == bool(first.indicators)
