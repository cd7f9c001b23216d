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
ADDED = "row-added"


class Box(NamedTuple):
    """A cell that can be corrected. `rows` are the items of its part that it is of: several under a merged
    level, none for a head that is not printed.

    `doubt` is the severity of the worst finding about it, "" where there is none. A `label` is corrected
    where labels are shown; `choices` names the texts that it may have; `shown` is what it is called.
    """

    part: Part | None
    rows: tuple[int, ...]
    field: str
    text: str | None
    doubt: str = ""
    span: int = 1
    label: bool = False
    choices: str = ""
    shown: str | None = None

    @property
    def key(self) -> str:
        at = self.rows[0] if self.rows else ""
        return f"{self.part or 'sheet'}-{at}-{self.field}"

    @property
    def name(self) -> str:
        return self.shown or caption(self.field)


class Pair(NamedTuple):
    label: Box
    box: Box


class Line(NamedTuple):
    """`kind` is what the line is to the model: the kind of funds, or the goal's scope."""

    label: Box
    kind: Box
    boxes: tuple[Box, ...]


class IndicatorRow(NamedTuple):
    """`boxes` are those that begin in this row; `place` where it stands in the source."""

    number: int
    boxes: tuple[Box, ...]
    doubt: str
    place: object
    added: bool


class Form(NamedTuple):
    """`loose` are lines without a label; `others` the heads of columns that hold no field of their own."""

    kind: Box
    title: Box
    loose: tuple[Box, ...]
    pairs: tuple[tuple[Pair, ...], ...]
    amounts: tuple[str, ...]
    lines: tuple[Line, ...]
    goals: tuple[Line, ...]
    heads: tuple[tuple[str, Box], ...]
    others: tuple[tuple[str, Box], ...]
    rows: tuple[IndicatorRow, ...]
    funds: tuple[Box, ...]


def form(sheet: Sheet, loud: list[Finding]) -> Form:
    doubts = _Doubts(sheet, loud)
    fields = columns(sheet)
    amounts = tuple(
        dict.fromkeys(k for line in (sheet.funds.lines if sheet.funds else ()) for k in line.amounts)
    )
    heads = tuple((f, _head(sheet, f)) for f in fields)
    return Form(
        kind=_box(sheet, "kind", choices="kind"), title=_box(sheet, "title"), loose=tuple(_loose(sheet)),
        pairs=tuple(_pairs(sheet)), amounts=amounts, lines=tuple(_lines(sheet, amounts)),
        goals=tuple(_goals(sheet)), heads=heads, others=tuple(_others(sheet, heads)),
        rows=tuple(_rows(sheet, fields, doubts)),
        funds=tuple(_box(sheet, f"funds.{one}", label=True) for one in ("label", "unit")),
    )  # fmt: skip


def columns(sheet: Sheet) -> list[str]:
    """The fields of an indicator that the form shows: those printed, those that hold something, the usual."""
    printed = {c.role for c in sheet.columns}
    held = {f for i in sheet.indicators for f, text in corrections.fields_of(i) if text is not None}
    inner = [f"values.{c.text}" for c in sheet.columns if c.role == "recipient" and c.text]
    inner += [f for i in sheet.indicators for f, _t in corrections.fields_of(i) if "." in f]
    every = [f for one in ORDER for f in (dict.fromkeys(inner) if one == "values" else [one])]
    return [f for f in every if f in printed or f in held or f in inner or f in ALWAYS]


def _box(sheet: Sheet, field: str, *, label: bool = False, choices: str = "") -> Box:
    """A field of the sheet itself."""
    return Box(None, (), field, corrections.get(sheet, field), label=label, choices=choices)


def _loose(sheet: Sheet) -> Iterator[Box]:
    for k, one in enumerate(sheet.fields):
        if one.label is None:
            yield Box("fields", (k,), "text", one.text)


def _pairs(sheet: Sheet) -> Iterator[tuple[Pair, ...]]:
    shown: set[int] = set()
    for row in HEADS:
        yield tuple(_part(sheet, field, shown) for field in row)
    for k, one in enumerate(sheet.fields):
        if one.label is not None and k not in shown:
            label = Box("fields", (k,), "label", one.label, label=True)
            yield (Pair(label, Box("fields", (k,), "text", one.text)),)


def _part(sheet: Sheet, field: str, shown: set[int]) -> Pair:
    """A part of the header under the label that the sheet prints; `shown` gets that pair's index."""
    text = corrections.get(sheet, field)
    name = "year" if field == "fiscal_year" else field
    for k, one in enumerate(sheet.fields):
        meaning = vocabulary().label(one.label) if one.label else None
        if meaning is not None and meaning.name == name and k not in shown and _says(one.text, text):
            shown.add(k)
            return Pair(Box("fields", (k,), "label", one.label, label=True), _box(sheet, field))
    return Pair(Box("fields", (), "label", caption(field), label=True), _box(sheet, field))


def _says(printed: str | None, text: str | None) -> bool:
    """Whether a printed text is where another comes from; of a row of tick boxes that is only a piece."""
    return text in printed if text and printed else not text and not printed


def _lines(sheet: Sheet, amounts: tuple[str, ...]) -> Iterator[Line]:
    for k, line in enumerate(sheet.funds.lines if sheet.funds else ()):
        held = (Box("lines", (k,), f"amounts.{a}", corrections.get(line, f"amounts.{a}")) for a in amounts)
        label = Box("lines", (k,), "label", line.label, label=True)
        yield Line(label, Box("lines", (k,), "kind", line.kind, label=True, choices="funds"), tuple(held))


def _goals(sheet: Sheet) -> Iterator[Line]:
    with_actual = any(goal.actual for goal in sheet.goals)
    for k, goal in enumerate(sheet.goals):
        actual = Box("goals", (k,), "actual", goal.actual, label=not with_actual)
        label = Box("goals", (k,), "label", goal.label, label=True)
        scope = Box("goals", (k,), "scope", goal.scope, label=True, choices="scope")
        yield Line(label, scope, (Box("goals", (k,), "text", goal.text), actual))


def _head(sheet: Sheet, field: str) -> Box:
    """The printed head of a field, the first with a text; one that is not printed is of no row."""
    role, _dot, inner = field.partition(".")
    role = "recipient" if inner else role
    found = [k for k, c in enumerate(sheet.columns) if c.role == role and inner in ("", c.text)]
    at = next((k for k in found if sheet.columns[k].text), found[0] if found else None)
    if at is None:
        return Box("columns", (), f"text.{field}", None, label=True, shown=inner or caption(field))
    return Box("columns", (at,), "text", sheet.columns[at].text, label=True)


def _others(sheet: Sheet, heads: tuple[tuple[str, Box], ...]) -> Iterator[tuple[str, Box]]:
    shown = {row for _field, box in heads for row in box.rows}
    for k, one in enumerate(sheet.columns):
        if k not in shown:
            yield one.role, Box("columns", (k,), "text", one.text, label=True)


def _rows(sheet: Sheet, fields: list[str], doubts: "_Doubts") -> Iterator[IndicatorRow]:
    spans = {field: _spans(sheet.indicators, field) for field in LEVELS}
    added = {f.indicator for f in sheet.findings if f.code == ADDED}
    for k, indicator in enumerate(sheet.indicators):
        boxes = []
        for field in fields:
            rows = spans[field].get(k) if field in LEVELS else (k,)
            if rows:
                text = _get(indicator, field)
                worst = min((doubts.of(r, field) for r in rows), key=RANKS.index)
                boxes.append(Box("indicators", rows, field, text, worst, len(rows)))
        yield IndicatorRow(k, tuple(boxes), doubts.of(k, None), indicator.place, k in added)


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
