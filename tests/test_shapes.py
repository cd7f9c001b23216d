"""Shapes of text, forms with variations, and what is read from them: never less than was read before."""

from collections import Counter
from functools import lru_cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jixiao.document import Document, Line
from jixiao.interpret import interpret
from jixiao.limits import Limits
from jixiao.model import Indicator, Reading, Value
from jixiao.testkit import OPERATIONS, as_text, damage_document, make_reading
from jixiao.testkit.expect import exactly, expected, without_blanks
from jixiao.testkit.judge import Judgement, header_right, judge, lost
from jixiao.testkit.shapes import SHAPES, Shape
from jixiao.testkit.variety import Form, make_form, plain_form
from jixiao.text import key
from jixiao_readers.text import TextReader

forms = st.randoms(use_true_random=False).map(lambda r: make_form(r, 1 + r.randrange(2), r.randrange(8)))
some = settings(max_examples=25, deadline=None)


def cells(document: Document) -> list[str]:
    blocks = [b for s in document.sections for b in s.blocks]
    return [t for b in blocks for t in ([b.text] if isinstance(b, Line) else [c.text for c in b.cells]) if t]


def read(text: str) -> Reading:
    return interpret(TextReader().read(text.encode(), Limits()))


# -- the kit itself


@some
@given(forms)
def test_every_shape_keeps_every_text(form: Form) -> None:
    for name, shape in SHAPES.items():
        shown = shape.form(form)
        if shape.write is None:
            continue
        text = key(shape.write(shown.document)).replace("|", "")
        for cell in cells(shown.document):
            assert key(cell).replace("|", "") in text, name


@some
@given(forms)
def test_a_shape_that_cuts_says_so_in_the_truth(form: Form) -> None:
    for shape in SHAPES.values():
        shown = shape.form(form)
        texts = {key(t) for t in cells(shown.document)}
        for sheet in shown.printed.sheets:
            assert all(i.level3 is None or key(i.level3) in texts for i in sheet.indicators)


@some
@given(forms)
def test_an_undamaged_document_has_one_right_reading(form: Form) -> None:
    if any(sum(c.role == "side" for c in s.columns) > 1 for s in form.truth.sheets):
        return
    wants = [[exactly(i)] for s in form.truth.sheets for i in s.indicators]
    assert expected(form, form.document) == wants


@some
@given(forms)
def test_the_truth_is_judged_right(form: Form) -> None:
    wants = [[exactly(i)] for s in form.truth.sheets for i in s.indicators]
    judged = judge(wants, form.truth)
    assert judged.count("right") == len(wants)
    assert not judged.extra
    assert all(right == total for right, total in header_right(form.truth, form.truth).values())


def test_what_differs_is_silent_until_a_finding_or_leftover_text_tells() -> None:
    want = [[exactly(Indicator(level3="巡查次数", value=Value(text="12次")))]]
    bare = Indicator(level3="巡查次数")
    sheet = make_reading(Random(1), 1).sheets[0]
    silent = Reading(sheets=(sheet.__class__(indicators=(bare,)),))
    assert judge(want, silent).silent == 1
    told = Reading(sheets=(sheet.__class__(indicators=(bare,), unplaced=("12次",)),))
    assert judge(want, told).count("flagged") == 1
    assert judge([], silent).silent == 1


def test_text_that_is_nowhere_is_lost() -> None:
    reading = Reading(unplaced=("巡查河道次数",))
    assert lost(["巡查河道次数", "每月一次", "巡查 河道"], reading) == ["每月一次"]


def test_a_text_that_two_cells_could_hide_stands_among_what_found_no_home() -> None:
    """Whatever a shape does to the cells, every character of the source is in the reading."""
    for form in made():
        for name, shape in SHAPES.items():
            shown = shape.form(form)
            if shape.write is not None:
                assert not lost(cells(shown.document), read(shape.write(shown.document))), name


# -- what is read: measured with these seeds; raise the floors when more is read, never lower them

DAMAGE = {0: (100.0, 0.0), 1: (99.7, 0.0), 3: (91.7, 1.0)}
FLOORS: dict[str, tuple[float, float]] = {
    "grid": (100.0, 0.0),
    "tabs": (100.0, 0.0),
    "tabs, levels on every row": (100.0, 0.0),
    "tabs, side labels cut": (100.0, 0.0),
    "tabs, side labels vertical": (100.0, 0.0),
    "tabs, ragged right": (100.0, 0.0),
    "tabs, ragged": (98.8, 0.0),
    "tabs, full width": (100.0, 0.0),
    "tabs, Windows": (100.0, 0.0),
    "tabs, furniture around": (100.0, 0.0),
    "tabs, page breaks": (100.0, 0.0),
    "tabs, header cut": (100.0, 0.0),
    "tabs, from the middle": (84.9, 0.0),
    "pipes": (100.0, 0.0),
    "markdown": (100.0, 0.0),
    "cell a line": (94.4, 0.0),
    "cell a line, header cut": (94.4, 0.0),
    "cell a line, from the middle": (80.8, 0.0),
    "cell a line, page breaks": (94.4, 0.0),
    "cell a line, pipes": (96.6, 0.0),
    "cell a line, pipes, side labels cut": (96.6, 0.0),
    "cell a line, pipes, furniture": (96.6, 0.0),
    "cell a line, pipes at row starts": (100.0, 0.0),
    "cell a paragraph": (96.6, 0.0),
    "cell a paragraph, labels wrapped": (96.6, 0.0),
    "single blanks": (100.0, 0.0),
    "single blanks, levels on every row": (100.0, 0.0),
    "several blanks": (100.0, 0.0),
    "aligned by blanks": (100.0, 0.0),
    "ideographic blanks": (100.0, 0.0),
    "one line": (94.4, 0.0),
    "one line, header cut": (94.4, 0.0),
    "glued rows": (54.4, 0.0),
    "glued": (44.4, 0.0),
    "column by column": (97.7, 0.0),
}
"""For each shape the least share of rows right, and the most silently wrong, in percent."""


@lru_cache(maxsize=1)
def made() -> list[Form]:
    rng = Random(11)
    return [make_form(rng, 1 + k % 2, (2, 5, 8)[k % 3]) for k in range(12)]


def shares(counts: Counter[str]) -> tuple[float, float]:
    return 100 * counts["right"] / counts["rows"], 100 * counts["silent"] / counts["rows"]


def counted(judged: Judgement) -> Counter[str]:
    return Counter(rows=len(judged.rows), right=judged.count("right"), silent=judged.silent)


def shape_read(shape: Shape) -> Counter[str]:
    counts: Counter[str] = Counter()
    for form in made():
        shown = shape.form(form)
        reading = read(shape.write(shown.document)) if shape.write else interpret(shown.document)
        wants = [[exactly(i)] for s in shown.truth.sheets for i in s.indicators]
        counts += counted(judge(wants if shape.blanks else without_blanks(shown), reading))
    return counts


def damage_read(k: int) -> Counter[str]:
    counts: Counter[str] = Counter()
    for number in range(30):
        rng = Random(f"{k} {number}")
        form = plain_form(make_reading(rng))
        names = [rng.choice(sorted(OPERATIONS)) for _ in range(k)]
        document = damage_document(form.truth, form.document, names, rng).document
        reading = interpret(document)
        assert not lost(cells(document), reading)
        counts += counted(judge(expected(form, document), reading))
        read(as_text(document))
    return counts


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_is_read_as_well_as_before(name: str) -> None:
    right, silent = shares(shape_read(SHAPES[name]))
    least, most = FLOORS[name]
    assert right >= least
    assert silent <= most


@pytest.mark.parametrize("k", DAMAGE)
def test_damage_is_read_as_well_as_before(k: int) -> None:
    right, silent = shares(damage_read(k))
    least, most = DAMAGE[k]
    assert right >= least
    assert silent <= most
