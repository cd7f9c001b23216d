"""testkit: made-up sheets are whole and consistent, grids complete, damage does what it says and no more."""

import subprocess
import sys
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jixiao import testkit
from jixiao.document import Cell, Document, Grid, Line, Section, grid
from jixiao.layout import layout
from jixiao.model import Reading, Sheet
from jixiao.testkit import (
    OPERATIONS,
    Damaged,
    as_text,
    damage_document,
    damaged,
    grids,
    make_grid,
    make_reading,
    make_sheet,
    sheets,
)
from jixiao.testkit.damage import flattened
from jixiao.testkit.values import is_taken
from jixiao.values import parse, value
from jixiao.vocabulary import vocabulary

some = settings(max_examples=60, deadline=None)


# -- sheets


@some
@given(sheets())
def test_values_are_what_the_grammar_reads(sheet: Sheet) -> None:
    for i in sheet.indicators:
        for made in (i.value, i.value_long, i.actual):
            assert made is None or value(made.text) == made
        assert i.level3 is not None
        assert not is_taken(i.level3)
        assert parse(i.level3).number is None


@some
@given(sheets())
def test_levels_belong_together_and_are_printed_where_they_begin(sheet: Sheet) -> None:
    above1 = above2 = None
    regimes = vocabulary().regimes.values()
    for i in sheet.indicators:
        assert i.level1 is not None
        assert i.level1.text or i.level1.term == above1
        assert any(i.level1.term in regime for regime in regimes)
        if i.level2:
            assert i.level2.text or (i.level2.term == above2 and i.level1.text is None)
            assert any(i.level2.term in regime.get(i.level1.term or "", ()) for regime in regimes)
        above1, above2 = i.level1.term, i.level2.term if i.level2 else None


@some
@given(sheets())
def test_named_parts_are_said_by_a_field(sheet: Sheet) -> None:
    texts = [f.text for f in sheet.fields]
    for party in (sheet.project, sheet.department, sheet.agency):
        assert party is None or party.text in texts
    assert sheet.attribute is None or sheet.attribute in texts
    assert sheet.period is None or sheet.period in texts
    said = [sheet.title, *(f.text for f in sheet.fields if f.label is None)]
    assert sheet.fiscal_year is None or any(str(sheet.fiscal_year) in text for text in said if text)


@some
@given(sheets())
def test_the_title_says_the_kind(sheet: Sheet) -> None:
    words = next(
        kind for kind, words in vocabulary().data["titles"] if any(w in (sheet.title or "") for w in words)
    )
    assert sheet.kind in (words, "template")


def test_seeded_sheets_are_the_same_each_time_and_cover_the_field() -> None:
    made = [make_sheet(Random(seed)) for seed in range(300)]
    assert made == [make_sheet(Random(seed)) for seed in range(300)]
    assert {s.kind for s in made} == {kind for kind, _ in vocabulary().data["titles"]} | {"template"}
    assert max(len(s.indicators) for s in made) > 40
    assert min(len(s.indicators) for s in made) == 0
    firsts = {i.level1.term for s in made for i in s.indicators if i.level1}
    assert firsts == {one for regime in vocabulary().regimes.values() for one in regime}
    roles = {c.role for s in made for c in s.columns}
    assert roles == {
        "side", "level1", "level2", "level3", "sign", "value", "unit", "value_long", "actual",
        "weight", "score", "standard", "explanation", "remark",
    }  # fmt: skip
    assert max(len(g.text or "") for s in made for g in s.goals) > 150


def test_the_number_of_indicators_can_be_asked_for() -> None:
    assert [len(make_sheet(Random(1), n).indicators) for n in (0, 1, 60, 500)] == [0, 1, 60, 500]


def test_hypothesis_is_only_imported_when_a_strategy_is_used() -> None:
    code = (
        "import sys, jixiao.testkit as t; assert 'hypothesis' not in sys.modules;"
        "t.sheets; assert 'hypothesis' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    with pytest.raises(AttributeError):
        _ = testkit.nothing


# -- grids


@some
@given(grids())
def test_grids_are_complete(made: Grid) -> None:
    assert grid(made.cells, made.rows, made.cols) == made
    assert sum(c.rowspan * c.colspan for c in made.cells) == made.rows * made.cols


def test_seeded_grids_have_spans_both_ways() -> None:
    cells = [c for seed in range(40) for c in make_grid(Random(seed)).cells]
    assert any(c.rowspan > 1 and c.colspan > 1 for c in cells)
    assert make_grid(Random(5)) == make_grid(Random(5))


# -- damage


def texts(document: Document) -> list[list[str]]:
    """Every row of every grid, flattened."""
    return [[c.text for c in row] for g in document.grids() for row in flattened(g).by_row()]


def rows_of(reading: Reading, document: Document) -> dict[tuple[int, int], list[str]]:
    """The row of each indicator."""
    drawn = [
        k for k, s in enumerate(reading.sheets) if s.fields or s.funds or s.goals or s.columns or s.indicators
    ]
    found = {}
    for k, g in zip(drawn, document.grids(), strict=True):
        count = len(reading.sheets[k].indicators)
        for i, row in enumerate(flattened(g).by_row()[g.rows - count :]):
            found[k, i] = [c.text for c in row]
    return found


@some
@given(damaged())
def test_damaged_grids_stay_complete(case: Damaged) -> None:
    for made in case.document.grids():
        assert sum(c.rowspan * c.colspan for c in made.cells) == made.rows * made.cols
        assert grid(made.cells, made.rows, made.cols, widths=made.widths, spans=made.spans) == made


@some
@given(damaged())
def test_rows_that_were_not_touched_are_as_they_were(case: Damaged) -> None:
    before, after = rows_of(case.reading, layout(case.reading)), rows_of(case.reading, case.document)
    assert before.keys() == after.keys()
    assert {k for k in before if before[k] != after[k]} <= case.touched <= before.keys()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(sorted(OPERATIONS)))
def test_the_same_seed_does_the_same_damage(seed: int, name: str) -> None:
    reading = make_reading(Random(seed))
    cases = [damage_document(reading, layout(reading), [name], Random(seed)) for _ in range(2)]
    assert cases[0] == cases[1]


def one(name: str, reading: Reading, seed: int = 0) -> Damaged:
    return damage_document(reading, layout(reading), [name], Random(seed))


PLAIN = Reading(sheets=(make_sheet(Random(3), 6), make_sheet(Random(4), 5)))


@pytest.mark.parametrize("name", ["shift-left", "shift-right", "drop-cell"])
def test_row_damage_changes_one_row(name: str) -> None:
    changed = 0
    for seed in range(30):
        case = one(name, PLAIN, seed)
        before, after = rows_of(PLAIN, layout(PLAIN)), rows_of(PLAIN, case.document)
        different = [k for k in before if before[k] != after[k]]
        assert len(different) == len(case.operations)
        assert set(different) <= case.touched
        changed += len(different)
        for k in different:
            lost = [t for t in before[k] if t and t not in after[k]]
            assert len(lost) == {"shift-left": 0, "drop-cell": 1}.get(name, len(lost))
    assert changed > 0


def test_a_lost_merge_keeps_every_text() -> None:
    for seed in range(30):
        case = one("drop-merge", PLAIN, seed)
        assert case.operations == ("drop-merge",)
        assert texts(case.document) == texts(layout(PLAIN))
        assert sum(len(g.cells) for g in case.document.grids()) > sum(
            len(g.cells) for g in layout(PLAIN).grids()
        )


def test_a_split_label_differs_by_white_space_only() -> None:
    for seed in range(30):
        before, after = texts(layout(PLAIN)), texts(one("split-label", PLAIN, seed).document)
        assert before != after
        assert [["".join(t.split()) for t in row] for row in before] == [
            ["".join(t.split()) for t in row] for row in after
        ]


def test_a_blank_level_touches_all_that_stand_under_it() -> None:
    for seed in range(30):
        case = one("blank-level", PLAIN, seed)
        before, after = rows_of(PLAIN, layout(PLAIN)), rows_of(PLAIN, case.document)
        [(sheet, row)] = [k for k in before if before[k] != after[k]]
        assert (sheet, row) == min(case.touched)
        indicators = PLAIN.sheets[sheet].indicators
        for _, k in sorted(case.touched)[1:]:
            above = indicators[k].level1
            assert above is not None
            assert above.text is None


def test_a_cut_title_loses_its_last_character() -> None:
    titles = [[b.text for s in d.sections for b in s.blocks if isinstance(b, Line) and b.style == "title"]
              for d in (layout(PLAIN), one("cut-title", PLAIN).document)]  # fmt: skip
    assert sum(len(t) for t in titles[0]) == sum(len(t) for t in titles[1]) + 1


def test_glued_sheets_are_one_section_with_the_same_blocks() -> None:
    case = one("glue-sheets", PLAIN)
    assert len(case.document.sections) == 1
    assert case.document.sections[0].blocks == tuple(b for s in layout(PLAIN).sections for b in s.blocks)
    assert one("glue-sheets", Reading(sheets=PLAIN.sheets[:1])).operations == ()


def test_nothing_to_damage_is_no_damage() -> None:
    for name in OPERATIONS:
        assert damage_document(Reading(), Document(), [name], Random(0)) == Damaged(
            Reading(), (), Document(), frozenset()
        )


def test_text_form_has_a_merged_cell_once() -> None:
    merged = grid([*make_grid(Random(0), 1, 1).cells], 1, 1)
    assert merged.rows == 1
    document = Document(sections=(Section(blocks=(Line(text="标题"), only_merged())),))
    assert as_text(document) == "标题\n\n甲\t乙\n\t丙 丁\n"


def only_merged() -> Grid:
    return grid(
        [
            Cell(text="甲", row=0, col=0, rowspan=2),
            Cell(text="乙", row=0, col=1),
            Cell(text="丙\n丁", row=1, col=1),
        ]
    )
