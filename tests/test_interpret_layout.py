"""interpret and layout are inverses; damage is mended or carries a finding, and harms its own rows only."""

import os
from collections import Counter, defaultdict

import msgspec
from hypothesis import given, settings
from jixiao.document import Document, Grid, Section
from jixiao.interpret import interpret
from jixiao.layout import layout
from jixiao.model import Finding, Indicator, Reading, Sheet, Value, content
from jixiao.testkit import Damaged, as_text, damaged, readings, sheets
from jixiao.testkit.damage import flattened

# The same examples every time, so that a run speaks of the change; JIXIAO_SEARCH=1 looks for new ones.
some = settings(max_examples=40, deadline=None, derandomize="JIXIAO_SEARCH" not in os.environ)

Row = tuple[str | None, str | None, str | None, str | None, str | None]


def doubts(sheet: Sheet) -> list[Finding]:
    return [f for f in sheet.findings if f.severity != "info"]


@some
@given(sheets())
def test_what_was_drawn_reads_the_same(sheet: Sheet) -> None:
    read = interpret(layout(Reading(sheets=(sheet,))))
    assert [content(s) for s in read.sheets] == [content(sheet)]
    assert read.unplaced == ()


@some
@given(sheets())
def test_a_clean_form_raises_no_doubt(sheet: Sheet) -> None:
    read = interpret(layout(Reading(sheets=(sheet,))))
    missing = {k for k, i in enumerate(sheet.indicators) if i.value is None and i.value_long is None}
    for made in read.sheets:
        # a cell that nearly all rows fill and this one leaves empty may be a lost one: that is said
        said = [f for f in doubts(made) if f.code != "row-short" and not may_have_moved_up(made, f)]
        # a made-up rate far above 100 % is one that the reader takes for a sign misread as a digit
        assert {f.code for f in said} <= {"value-missing", "ocr-misread"}
        assert {f.indicator for f in said if f.code == "value-missing"} == missing


def may_have_moved_up(sheet: Sheet, finding: Finding) -> bool:
    """Whether the finding says that a value may be of a column behind it, and the row leaves that one empty
    or one further behind, so that the cells between moved up as well."""
    one = sheet.indicators[finding.indicator or 0]
    heads = [(c.role, c.text or c.role) for c in sheet.columns] or [(role, role) for role in BEHIND]
    behind = [(role, text) for role, text in heads if role in BEHIND]
    last = max((k for k, (role, _) in enumerate(behind) if getattr(one, role) is None), default=-1)
    return finding.code == "doubtful-reading" and finding.before in {text for _, text in behind[: last + 1]}


BEHIND = ("weight", "score", "standard", "explanation", "remark")


@some
@given(readings())
def test_several_sheets_stay_apart(reading: Reading) -> None:
    read = interpret(layout(reading))
    assert [content(s) for s in read.sheets] == [content(s) for s in reading.sheets]


@some
@given(sheets())
def test_without_spans_the_indicators_read_the_same_or_carry_a_finding(sheet: Sheet) -> None:
    read = Read(interpret(without_spans(layout(Reading(sheets=(sheet,))))))
    for indicator in sheet.indicators:
        assert read.right(indicator) or read.named(indicator)


def without_spans(document: Document) -> Document:
    """The document as plain text shows its tables."""
    return Document(
        sections=tuple(
            Section(name=s.name, blocks=tuple(flattened(b) if isinstance(b, Grid) else b for b in s.blocks))
            for s in document.sections
        )
    )


@some
@given(readings())
def test_drawing_what_was_read_draws_the_same(reading: Reading) -> None:
    document = layout(reading)
    assert layout(interpret(document)) == document


# -- damage


def row(indicator: Indicator) -> Row:
    """What must be right of an indicator whatever happened to its row."""
    one, two = indicator.level1, indicator.level2
    return one.term if one else None, two.term if two else None, indicator.level3, *_said(indicator)


def _said(indicator: Indicator) -> tuple[str | None, str | None]:
    return _text(indicator.value), _text(indicator.value_long)


def _text(value: Value | None) -> str | None:
    return value.text if value else None


class Read:
    """The indicators of a reading by name, and which of them carry a finding."""

    def __init__(self, reading: Reading) -> None:
        self.rows: dict[str | None, list[Row]] = defaultdict(list)
        self.doubted: set[str | None] = set()
        self.any = any(doubts(s) for s in reading.sheets) or any(
            f.severity != "info" for f in reading.findings
        )
        for sheet in reading.sheets:
            for i in sheet.indicators:
                self.rows[i.level3].append(row(i))
            self.doubted |= {
                sheet.indicators[f.indicator].level3 for f in doubts(sheet) if f.indicator is not None
            }

    def right(self, indicator: Indicator) -> bool:
        return row(indicator) in self.rows[indicator.level3]

    def named(self, indicator: Indicator, times: int = 1) -> bool:
        """Whether the row carries a finding; where its name is gone, whether the sheets carry any.

        `times`: how many rows were to have the name.
        """
        there = len(self.rows[indicator.level3]) >= times
        return indicator.level3 in self.doubted if there else self.any


PLAIN = {"side", "level1", "level2", "level3", "value"}


def leaves_a_trace(case: Damaged, sheet: Sheet) -> bool:
    """Whether anything is left by which a reader could notice.

    Where a unit or an actual value stands beside the value, a lost cell can leave a row that is just as
    good; where spans are lost or no level cell was merged, a lost level looks like one not repeated.
    """
    lossy = {"drop-cell", "shift-right"} & set(case.operations)
    if lossy and {c.role for c in sheet.columns} - PLAIN:
        return False
    if "blank-level" not in case.operations:
        return True
    drawn = (s for s in case.reading.sheets if s.columns or s.fields or s.funds or s.goals or s.indicators)
    sizes = [len(s.indicators) for s in drawn]
    return all(_merges(g, size) for g, size in zip(case.document.grids(), sizes, strict=True))


def is_there(case: Damaged, indicator: Indicator) -> bool:
    """Whether the row's name or value still stands in the document: shifting pushes cells off the table."""
    text = as_text(case.document)
    parts = (indicator.level3, *_said(indicator))
    return any(part in text for part in parts if part)


def _merges(grid: Grid, indicators: int) -> bool:
    """Whether the table merges level cells, and shows it; the indicators are its last rows."""
    body = range(grid.rows - indicators, grid.rows)
    return grid.spans and any(c.rowspan > 1 and c.style == "label" and c.row in body for c in grid.cells)


@some
@given(damaged())
def test_rows_that_no_damage_touched_are_read_right(case: Damaged) -> None:
    read = Read(interpret(case.document))
    for s, sheet in enumerate(case.reading.sheets):
        for k, indicator in enumerate(sheet.indicators):
            if (s, k) not in case.touched:
                assert read.right(indicator), (case.operations, indicator)


@some
@given(damaged())
def test_damaged_rows_are_read_right_or_carry_a_finding(case: Damaged) -> None:
    read = Read(interpret(case.document))
    names = Counter(i.level3 for sheet in case.reading.sheets for i in sheet.indicators)
    for s, k in case.touched:
        indicator = case.reading.sheets[s].indicators[k]
        if leaves_a_trace(case, case.reading.sheets[s]) and is_there(case, indicator):
            assert read.right(indicator) or read.named(indicator, names[indicator.level3]), case.operations


@some
@given(damaged())
def test_nothing_is_lost(case: Damaged) -> None:
    """Every text of the damaged document stands in the sheets, in unplaced, or in a finding."""
    said = "".join("".join(_all_text(interpret(case.document))).split())
    for text in as_text(case.document).split():
        assert text in said, (case.operations, text)


def _all_text(node: object) -> list[str]:
    """Every string that a reading holds."""
    if isinstance(node, str):
        return [node]
    if isinstance(node, dict):
        return [text for value in node.values() for text in _all_text(value)]
    if isinstance(node, tuple):
        return [text for value in node for text in _all_text(value)]
    return _all_text(msgspec.structs.asdict(node)) if isinstance(node, msgspec.Struct) else []
