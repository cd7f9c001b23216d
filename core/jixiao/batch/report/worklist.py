"""The worklist: a row for each finding that needs a person, and what a filled-in row means."""

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from jixiao import corrections
from jixiao.batch.ledger import Record
from jixiao.corrections import Anchor, Spot, caption
from jixiao.findings import FINDINGS, said
from jixiao.model import Finding, Indicator, Place, Reading, Severity, Sheet, Struct

NO_XML = re.compile("[\ufffe\uffff]")
"""What JSON may hold and a workbook may not."""
LOUD = ("warning", "error")
RULES = {code: rule.severity for code, rule in FINDINGS.items()}
FORMAT: Literal["jixiao-worklist"] = "jixiao-worklist"
VERSION: Literal[1] = 1


class Key(Struct, kw_only=True):
    """What a row is about, for programs: what it takes to find it again, and to see that it is as it was.

    `location` is where the source was found, `source` its path below the inputs; `shown` is what the row
    shows of its indicator, so that rows torn apart by sorting are noticed. `field` None: the whole row.
    `read` is what was read in the fields of the indicator, those that hold something. `refused`: the profile
    has made an error of it. `code`, `text`, `of` and `place` are the finding's, `of` its `before`.
    """

    location: str
    source: str
    sha256: str
    reader: str | None = None
    profile: str | None = None
    sheet: Anchor | None = None
    at: Spot | None = None
    field: str | None = None
    read: dict[str, str] | None = None
    code: str
    text: str | None = None
    of: str | None = None
    place: Place | None = None
    shown: str
    refused: bool = False


class Row(Struct, kw_only=True):
    """A row for people: texts, and the key of it."""

    severity: Severity
    file: str
    sheet: str
    indicator: str
    field: str
    source: str
    read: str
    other: str
    message: str
    key: Key


class Head(Struct, kw_only=True):
    """How the columns that are read back are called in this worklist, and its fields by their captions."""

    format: Literal["jixiao-worklist"] = FORMAT
    version: Literal[1] = VERSION
    number: str
    indicator: str
    field: str
    correct: str
    right: str
    by: str
    read: str | None = None
    fields: dict[str, str]


def rows(record: Record, reading: Reading | None) -> Iterator[Row]:
    """The rows of one input in the order of its findings: those of a profile too, which no reading has."""
    for number, finding in record.findings:
        if finding.severity in LOUD and finding.code != record.code:
            if reading is None or number is None:
                yield _bare(record, finding)
            else:
                yield _row(record, reading, number, finding)


def _row(record: Record, reading: Reading, number: int, finding: Finding) -> Row:
    sheet = reading.sheets[number - 1]
    field = corrections.concerned(sheet, finding)
    indicator = None if finding.indicator is None else sheet.indicators[finding.indicator]
    held = {f: text for f, text in corrections.fields_of(indicator) if text} if indicator else {}
    shown = path(indicator) if indicator else ""
    at = None if finding.indicator is None else corrections.spot(sheet, "indicators", finding.indicator)
    key = Key(
        location=record.location, source=record.source, sha256=record.sha256 or "", reader=record.reader,
        profile=record.profile, sheet=corrections.anchor(reading.sheets, number - 1), at=at, field=field,
        read=held or None, code=finding.code, text=finding.text, of=finding.before, place=finding.place,
        shown=shown, refused=finding.severity == "error" and RULES.get(finding.code) == "warning",
    )  # fmt: skip
    return Row(
        severity=finding.severity, file=record.source, sheet=f"{number}. {sheet_name(sheet)}".rstrip(". "),
        indicator=shown, field=caption(field) if field else "",
        source=printed(indicator) if indicator else finding.text or "", read=held.get(field or "", ""),
        other=other(finding), message=said(finding), key=key,
    )  # fmt: skip


def _bare(record: Record, finding: Finding) -> Row:
    """A finding about the document."""
    key = Key(
        location=record.location, source=record.source, sha256=record.sha256 or "", reader=record.reader,
        profile=record.profile, code=finding.code, text=finding.text, of=finding.before,
        place=finding.place, shown="",
    )  # fmt: skip
    return Row(severity=finding.severity, file=record.source, sheet="", indicator="", field="", read="",
               source=finding.text or "", other="", message=said(finding), key=key)  # fmt: skip


def path(indicator: Indicator) -> str:
    """Its levels and name, one below the other."""
    levels = (t.term or t.text if t else None for t in (indicator.level1, indicator.level2))
    return "/".join(part or "—" for part in (*levels, indicator.level3))


def printed(indicator: Indicator) -> str:
    """What the source prints in the row: what a merged cell above says is not repeated."""
    terms = (t.text if t else None for t in (indicator.level1, indicator.level2))
    texts = [*terms, *(text for field, text in corrections.fields_of(indicator) if field not in LEVELS)]
    return " | ".join(text for text in texts if text)


LEVELS = ("level1", "level2")


def other(finding: Finding) -> str:
    """The runner-up: what the text could be instead, or what is printed where something else was taken."""
    return finding.before or "" if finding.code in RUNNERS_UP else ""


RUNNERS_UP = ("doubtful-reading", "level1-mismatch", "ocr-misread", "weight-parted")


def sheet_name(sheet: Sheet) -> str:
    """Its project, else its title."""
    project = sheet.project
    return (project.name or project.text if project else None) or sheet.title or ""


def encode(key: Key | Head) -> str:
    """A key as one text, keys without content left out."""
    held = {k: v for k, v in msgspec.to_builtins(key).items() if v is not None}
    text = msgspec.json.encode(held).decode()
    return NO_XML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
