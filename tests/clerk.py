"""Compares what was read with what a careful clerk reads (the fixtures' *.truth.json).

Texts are compared without white space, width and closing punctuation. A row is *told* when a finding of
severity warning or error points at it.
"""

import json
import unicodedata
from pathlib import Path
from typing import Any, NamedTuple

from jixiao.convert import read
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


def standing(path: Path) -> dict[str, int]:
    """How much of a document with a truth beside it is read right: its sheets, rows and fields of the header.

    `silent` counts rows read wrongly that carry no finding; a level may be the standard term or as printed.
    """
    made, want = read(path.read_bytes(), path.name), truth(path.with_suffix(".truth.json"))["sheets"]
    counts = {"sheets": len(made.sheets), "rows": 0, "silent": 0, "header": 0}
    for sheet, other in zip(made.sheets, want, strict=False):
        said = told(sheet)
        asked = [_bare_levels(wanted(i)) for i in other["indicators"]]
        for k, row in enumerate(sheet.indicators):
            right = any(one in asked for one in (_bare_levels(got(row)), _bare_levels(_printed(row))))
            counts["rows"] += right
            counts["silent"] += not right and k not in said
        found = header(sheet)
        names = {name: bare(text) for name, text in other.items() if name in found}
        names |= {f"funds.{kind}": bare(text) for kind, text in (other.get("funds") or {}).items()}
        counts["header"] += sum(found.get(name, "") == text for name, text in names.items())
    return counts


def _printed(row: Indicator) -> Row:
    levels = {
        name: bare(term.text) for name in ("level1", "level2") if (term := getattr(row, name)) and term.text
    }
    return got(row)._replace(**levels)


def _bare_levels(row: Row) -> Row:
    """Levels without 指标, which forms print or leave out."""
    return row._replace(level1=row.level1.removesuffix("指标"), level2=row.level2.removesuffix("指标"))
