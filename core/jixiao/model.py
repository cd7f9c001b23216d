"""The sheet model: what a budget-performance sheet says, whatever file it came in.

This is the canonical JSON, version 1, in its order of keys. Every class is immutable. `text` is always
what the source prints with white space folded; the parsed parts stand beside it. Absent is None, never a
guess. Numbers are strings of the exact decimal, codes are strings.
"""

from typing import Literal, dataclass_transform

import msgspec

FORMAT = "jixiao"
VERSION = 1

Severity = Literal["info", "warning", "error"]
Kind = Literal["target", "approval", "application", "self-evaluation", "monitoring", "department", "template"]
Scope = Literal["annual", "long-term"]


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class Struct(msgspec.Struct, frozen=True, kw_only=True):
    """Base of every model class: immutable, built by keyword."""


class Place(Struct):
    """Where in the source: page, table and its row, each from 1; box (x0, top, x1, bottom) in points."""

    page: int | None = None
    table: int | None = None
    row: int | None = None
    box: tuple[float, float, float, float] | None = None


class Finding(Struct):
    """Something a person may want to know. `indicator` is an index into the same sheet's indicators."""

    code: str
    severity: Severity
    message: str
    indicator: int | None = None
    text: str | None = None
    before: str | None = None
    after: str | None = None
    place: Place | None = None


class Party(Struct):
    """A project, department or agency: as printed, and split into name and code."""

    text: str | None = None
    name: str | None = None
    code: str | None = None


class Field(Struct):
    """A header pair as printed. `label` is None for text that stands without one, such as (2022年度)."""

    label: str | None = None
    text: str | None = None


class Amount(Struct):
    """An amount of money as printed; `number` is its exact decimal in the unit printed with it."""

    text: str | None = None
    number: str | None = None


class FundLine(Struct):
    """One line of the funds block. Kind `heads` is the row that names the amount columns."""

    kind: str
    label: str | None = None
    amounts: dict[str, Amount] = {}


class Funds(Struct):
    label: str | None = None
    unit: str | None = None
    lines: tuple[FundLine, ...] = ()


class Goal(Struct):
    scope: Scope = "annual"
    label: str | None = None
    text: str | None = None
    actual: str | None = None


class Column(Struct):
    """A head of the indicator table; role `side` is the label that runs down its left side."""

    role: str
    text: str | None = None


class Term(Struct):
    """A level: `term` the standard name (None: unknown), `text` as printed (None: covered by a merge)."""

    term: str | None = None
    text: str | None = None


class Value(Struct):
    """A target or actual value: "≤30万元" is operator ≤, number 30, unit 万元."""

    text: str | None = None
    operator: str | None = None
    number: str | None = None
    unit: str | None = None


class Indicator(Struct):
    level1: Term | None = None
    level2: Term | None = None
    level3: str | None = None
    value: Value | None = None
    value_long: Value | None = None
    values: dict[str, Value] | None = None
    actual: Value | None = None
    weight: str | None = None
    score: str | None = None
    standard: str | None = None
    explanation: str | None = None
    remark: str | None = None
    place: Place | None = None
    confidence: float = 1.0


class Sheet(Struct):
    kind: Kind = "target"
    title: str | None = None
    fiscal_year: int | None = None
    project: Party | None = None
    department: Party | None = None
    agency: Party | None = None
    attribute: str | None = None
    period: str | None = None
    fields: tuple[Field, ...] = ()
    funds: Funds | None = None
    goals: tuple[Goal, ...] = ()
    columns: tuple[Column, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    findings: tuple[Finding, ...] = ()
    unplaced: tuple[str, ...] = ()


class Source(Struct):
    name: str | None = None
    sha256: str | None = None
    media_type: str | None = None
    reader: str | None = None
    reader_version: str | None = None


class Reading(Struct):
    """All that was read out of one source."""

    format: str = FORMAT
    version: int = VERSION
    source: Source | None = None
    findings: tuple[Finding, ...] = ()
    unplaced: tuple[str, ...] = ()
    sheets: tuple[Sheet, ...] = ()

    def every_finding(self) -> tuple[Finding, ...]:
        return self.findings + tuple(f for sheet in self.sheets for f in sheet.findings)


def fold(text: str) -> str:
    """White space folded, the one change the model makes to a source's text.

    >>> fold(" 社会效益\\n指标 ")
    '社会效益 指标'
    """
    return " ".join(text.split())


def content(sheet: Sheet) -> Sheet:
    """The sheet without where and how surely it was read: two sheets that say the same have equal content."""
    bare = tuple(msgspec.structs.replace(i, place=None, confidence=1.0) for i in sheet.indicators)
    return msgspec.structs.replace(sheet, indicators=bare, findings=())
