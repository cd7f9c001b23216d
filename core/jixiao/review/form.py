"""A sheet as the official form on the page: which text is in which cell, and what it corrects."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from jixiao import corrections
from jixiao.corrections import Part, caption
from jixiao.corrections.concern import TEXTS
from jixiao.model import Finding, Indicator, Sheet
from jixiao.vocabulary import vocabulary

HEADS = (("project",), ("department", "agency"), ("attribute", "period"), ("fiscal_year",))
"""What stands above the funds, row by row as the official form has it."""
HEAD = tuple(field for row in HEADS for field in row)
LEVELS = ("level1", "level2")
ALWAYS = (*LEVELS, "level3", "value")
ORDER = (
    *LEVELS,
    "level3",
    "value",
    "value_long",
    "values",
    "actual",
    "weight",
    "score",
    "standard",
    "explanation",
    "remark",
)


class Box(NamedTuple):
    """A cell that can be corrected. `rows` are the indicators that it is of: several under a merged level.

    `doubt` is the severity of the worst finding about it, "" where there is none; `inherited`: not printed.
    """

    part: Part | None
    rows: tuple[int, ...]
    field: str
    text: str | None
    doubt: str = ""
    span: int = 1

    @property
    def key(self) -> str:
        at = self.rows[0] if self.rows else ""
        return f"{self.part or 'sheet'}-{at}-{self.field}"

    @property
    def name(self) -> str:
        return caption(self.field)


class Pair(NamedTuple):
    label: str
    box: Box


class Line(NamedTuple):
    label: str
    boxes: tuple[Box, ...]


class IndicatorRow(NamedTuple):
    """`boxes` are those that begin in this row; `place` where it stands in the source."""

    number: int
    boxes: tuple[Box, ...]
    doubt: str
    place: object


class Form(NamedTuple):
    title: Box
    pairs: tuple[tuple[Pair, ...], ...]
    amounts: tuple[str, ...]
    lines: tuple[Line, ...]
    goals: tuple[Line, ...]
    heads: tuple[tuple[str, str], ...]
    rows: tuple[IndicatorRow, ...]
    funds: str


def form(sheet: Sheet, loud: list[Finding]) -> Form:
    doubts = _Doubts(sheet, loud)
    fields = columns(sheet)
    amounts = tuple(
        dict.fromkeys(k for line in (sheet.funds.lines if sheet.funds else ()) for k in line.amounts)
    )
    return Form(
        title=Box(None, (), "title", sheet.title), pairs=tuple(_pairs(sheet)), amounts=amounts,
        lines=tuple(_lines(sheet, amounts)), goals=tuple(_goals(sheet)),
        heads=tuple((f, _head(sheet, f)) for f in fields), rows=tuple(_rows(sheet, fields, doubts)),
        funds=_funds(sheet),
    )  # fmt: skip


def columns(sheet: Sheet) -> list[str]:
    """The fields of an indicator that the form shows: those printed, those that hold something, the usual."""
    printed = {c.role for c in sheet.columns}
    held = {f for i in sheet.indicators for f, text in corrections.fields_of(i) if text is not None}
    inner = list(dict.fromkeys(f for i in sheet.indicators for f, _t in corrections.fields_of(i) if "." in f))
    every = [f for one in ORDER for f in (inner if one == "values" else [one])]
    return [f for f in every if f in printed or f in held or f in ALWAYS]


def _pairs(sheet: Sheet) -> Iterator[tuple[Pair, ...]]:
    for row in HEADS:
        yield tuple(Pair(_label(sheet, f), Box(None, (), f, corrections.get(sheet, f))) for f in row)
    for k, one in enumerate(sheet.fields):
        meaning = vocabulary().label(one.label) if one.label else None
        if one.label and (meaning is None or meaning.name not in (*HEAD, "year")):
            yield (Pair(one.label, Box("fields", (k,), "text", one.text)),)


def _label(sheet: Sheet, part: str) -> str:
    """As the sheet itself prints it."""
    for one in sheet.fields:
        meaning = vocabulary().label(one.label) if one.label else None
        if one.label and meaning is not None and meaning.name == part:
            return one.label
    return caption(part)


def _lines(sheet: Sheet, amounts: tuple[str, ...]) -> Iterator[Line]:
    for k, line in enumerate(sheet.funds.lines if sheet.funds else ()):
        held = (Box("lines", (k,), f"amounts.{a}", corrections.get(line, f"amounts.{a}")) for a in amounts)
        yield Line(line.label or "", tuple(held))


def _funds(sheet: Sheet) -> str:
    label, unit = (sheet.funds.label or "", sheet.funds.unit or "") if sheet.funds else ("", "")
    return label if unit in label else f"{label} {unit}".strip()


def _goals(sheet: Sheet) -> Iterator[Line]:
    with_actual = any(goal.actual for goal in sheet.goals)
    for k, goal in enumerate(sheet.goals):
        held = [Box("goals", (k,), "text", goal.text)]
        if with_actual:
            held.append(Box("goals", (k,), "actual", goal.actual))
        yield Line(goal.label or "", tuple(held))


def _head(sheet: Sheet, field: str) -> str:
    if "." in field:
        return field.partition(".")[2]
    printed = next((c.text for c in sheet.columns if c.role == field and c.text), None)
    return printed or caption(field)


def _rows(sheet: Sheet, fields: list[str], doubts: "_Doubts") -> Iterator[IndicatorRow]:
    spans = {field: _spans(sheet.indicators, field) for field in LEVELS}
    for k, indicator in enumerate(sheet.indicators):
        boxes = []
        for field in fields:
            rows = spans[field].get(k) if field in LEVELS else (k,)
            if rows:
                text = _get(indicator, field)
                worst = min((doubts.of(r, field) for r in rows), key=RANKS.index)
                boxes.append(Box("indicators", rows, field, text, worst, len(rows)))
        yield IndicatorRow(k, tuple(boxes), doubts.of(k, None), indicator.place)


def _get(indicator: Indicator, field: str) -> str | None:
    return corrections.get(indicator, field)


def _spans(indicators: tuple[Indicator, ...], field: str) -> dict[int, tuple[int, ...]]:
    """By its first row the rows of each merged level: one text, and not printed anew within."""
    starts: list[int] = []
    for k, one in enumerate(indicators):
        term, above = getattr(one, field), indicators[k - 1] if k else None
        printed = term is not None and term.text is not None
        same = above is not None and _get(one, field) == _get(above, field) is not None
        under = field == "level1" or (above is not None and _get(one, "level1") == _get(above, "level1"))
        if not same or not under or printed:
            starts.append(k)
    edges = pairwise([*starts, len(indicators)])
    return {first: tuple(range(first, after)) for first, after in edges}


RANKS = ("error", "warning", "")


class _Doubts:
    """Which cells findings are about, and how bad."""

    def __init__(self, sheet: Sheet, loud: list[Finding]) -> None:
        self._worst: dict[tuple[int, str | None], str] = {}
        for one in loud:
            if one.indicator is not None and one.indicator < len(sheet.indicators):
                at = (one.indicator, field_of(sheet, one))
                self._worst[at] = min(self._worst.get(at, ""), one.severity, key=RANKS.index)

    def of(self, row: int, field: str | None) -> str:
        return self._worst.get((row, field), "")


def field_of(sheet: Sheet, one: Finding) -> str | None:
    """The field that a finding is about; one of a profile names it by the indicator alone."""
    field = corrections.concerned(sheet, one)
    return field if field in TEXTS or field is None or field.startswith("values.") else None


def cell_of(sheet: Sheet, one: Finding) -> str:
    """The key of the cell to look at, "" where that is the whole sheet."""
    if one.indicator is None or one.indicator >= len(sheet.indicators):
        return ""
    field = field_of(sheet, one) or "level3"
    if field in LEVELS:
        first = next(
            (rows[0] for rows in _spans(sheet.indicators, field).values() if one.indicator in rows),
            one.indicator,
        )
        return f"indicators-{first}-{field}"
    return f"indicators-{one.indicator}-{field}"
