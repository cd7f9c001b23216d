"""Which field a finding is about: what a person looks at, and whose correction answers it."""

from collections.abc import Iterator

from jixiao.corrections.fields import INNER, get
from jixiao.model import Finding, Indicator, Sheet
from jixiao.text import key
from jixiao.values import parse

TEXTS = (
    "level1", "level2", "level3", "value", "value_long", "actual",
    "weight", "score", "standard", "explanation", "remark",
)  # fmt: skip
"""The fields of an indicator that every form has room for; those of several recipients stand in `values`."""

ABOUT: dict[str, tuple[str, ...]] = {
    "value-missing": ("value", "value_long"),
    "name-missing": ("level3",),
    "level-missing": ("level2", "level1"),
    "level1-mismatch": ("level1",),
    "level1-inferred": ("level1",),
    "weight-parted": ("value",),
    "ocr-misread": ("value", "value_long"),
    "digits-misread": ("value", "value_long"),
}
"""Findings that name the indicator; of several fields the first that is as `EMPTY` says, else the first."""
EMPTY = {"value-missing", "level-missing"}

HOLDS: dict[str, str] = {
    "cell-shifted": "text",
    "doubtful-name": "text",
    "doubtful-reading": "text",
    "doubtful-row": "text",
    "level-blank": "after",
    "level-unknown": "text",
    "unnamed-column": "text",
}
"""Findings that name a text: the field is the one that holds it."""
MISSING = {"name-missing", "level-missing"}
NO_VALUE = ("remnant", "unit", "operator", "empty")
LACKING = "row-short"
"""It names the head of the column whose cell is not there."""


def concerned(sheet: Sheet, finding: Finding) -> str | None:
    """The field of the finding's indicator that it is about; None where that is the whole row or sheet."""
    if finding.indicator is None:
        return None
    indicator = sheet.indicators[finding.indicator]
    if finding.code == LACKING:
        return _column(sheet, finding.before)
    if fields := ABOUT.get(finding.code):
        empty = (f for f in fields if not get(indicator, f))
        scoped = ("value_long",) if finding.code == "value-missing" and indicator.value_long else ()
        return next((f for f in (*scoped, *empty) if finding.code in EMPTY), fields[0])
    part = HOLDS.get(finding.code)
    return _holder(indicator, getattr(finding, part)) if part else None


def answered(sheet: Sheet, finding: Finding, field: str) -> bool:
    """Whether what `field` now says leaves nothing of the finding; the sheet is as corrected."""
    if finding.indicator is None:
        return False
    if finding.code == "level-missing":
        field = concerned(sheet, finding) or field
    text = get(sheet.indicators[finding.indicator], field)
    if finding.code == "value-missing":
        return text is not None and parse(text).shape not in NO_VALUE
    return text is not None or finding.code not in MISSING


def fields_of(indicator: Indicator) -> Iterator[tuple[str, str | None]]:
    """Every field of an indicator that can be corrected, with its text."""
    for field in TEXTS:
        yield field, get(indicator, field)
    for name in indicator.values or {}:
        yield f"values{INNER}{name}", get(indicator, f"values{INNER}{name}")


def whole(indicator: Indicator) -> str:
    """All that is read in an indicator, as one text to compare."""
    return " | ".join(text or "" for _field, text in fields_of(indicator))


def _holder(indicator: Indicator, text: str | None) -> str | None:
    wanted = key(text or "")
    if not wanted:
        return None
    held = [(field, key(said)) for field, said in fields_of(indicator) if said]
    exact = [field for field, said in held if said == wanted]
    inside = [field for field, said in held if wanted in said]
    return exact[0] if exact else inside[0] if len(inside) == 1 else None


def _column(sheet: Sheet, head: str | None) -> str | None:
    roles = [c.role for c in sheet.columns if head and head in (c.text, c.role)]
    return roles[0] if roles and roles[0] in TEXTS else None
