"""Compares what was read with what a careful clerk reads (the fixtures' *.truth.json).

Texts are compared without white space, width and closing punctuation. A row is *told* when a finding of
severity warning or error points at it.
"""

import json
import unicodedata
from pathlib import Path
from typing import Any, NamedTuple

from jixiao.model import Indicator, Reading, Sheet, Value

FIXTURES = Path(__file__).parents[1] / "fixtures"
Truth = dict[str, Any]


def truth(path: Path) -> Truth:
    read: Truth = json.loads(path.read_text(encoding="utf-8"))
    return read


def bare(text: object) -> str:
    folded = unicodedata.normalize("NFKC", "" if text is None else str(text)).replace("≧", "≥")
    return "".join(folded.split()).rstrip("。;,.:")


class Row(NamedTuple):
    """An indicator as a clerk would say it."""

    level1: str
    level2: str
    level3: str
    value: str
    value_long: str
    actual: str
    weight: str
    score: str


def wanted(row: Truth) -> Row:
    return Row(*(bare(row.get(name)) for name in Row._fields))


def got(row: Indicator) -> Row:
    return Row(
        bare(row.level1 and row.level1.term),
        bare(row.level2 and row.level2.term),
        bare(row.level3),
        *(_text(v) for v in (row.value, row.value_long, row.actual)),
        bare(row.weight),
        bare(row.score),
    )


def _text(value: Value | None) -> str:
    """A template's leftover unit or sign counts as no value."""
    return bare(value.text) if value and not (value.number is None and value.text in _REMNANTS) else ""


_REMNANTS = ("公里", "万亩", "万人", "≧ %")


def told(sheet: Sheet) -> set[int]:
    return {f.indicator for f in sheet.findings if f.severity != "info" and f.indicator is not None}


def rows(truth: Truth) -> list[list[Row]]:
    return [[wanted(i) for i in sheet["indicators"]] for sheet in truth["sheets"]]


def read_rows(reading: Reading) -> list[list[Row]]:
    return [[got(i) for i in sheet.indicators] for sheet in reading.sheets]


def header(sheet: Sheet) -> dict[str, str]:
    """The header fields by the truth's names."""
    amounts = {line.kind: line.amounts for line in reversed(sheet.funds.lines if sheet.funds else ())}
    return {
        "title": bare(sheet.title),
        "year": bare(sheet.fiscal_year),
        "project": bare(sheet.project and sheet.project.text),
        "department": bare(sheet.department and sheet.department.text),
        "agency": bare(sheet.agency and sheet.agency.text),
        "attribute": bare(sheet.attribute),
        "period": bare(sheet.period),
        "goal": bare(next((g.text for g in sheet.goals if g.scope == "annual"), None)),
        **{f"funds.{kind}": bare(a["budget"].text if "budget" in a else None) for kind, a in amounts.items()},
    }


def wanted_header(sheet: Truth) -> dict[str, str]:
    names = ("title", "year", "project", "department", "agency", "attribute", "period", "goal")
    funds = {f"funds.{kind}": bare(text) for kind, text in sheet["funds"].items()}
    return {**{n: bare(sheet.get(n)) for n in names}, **funds}
