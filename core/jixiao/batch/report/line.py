"""A line of report.jsonl: what became of one input. Its JSON Schema is checked in beside the model's."""

from collections import Counter
from typing import Any, Literal

import msgspec

from jixiao.batch.ledger import Record
from jixiao.batch.outcome import Kind
from jixiao.model import Finding, Severity, Struct

FORMAT: Literal["jixiao-report"] = "jixiao-report"
VERSION: Literal[1] = 1
NAME = f"report-{VERSION}"
"""The schema's name."""


class Written(Struct):
    """An output: its path below the output folder, its hash, its size in bytes."""

    path: str
    sha256: str
    size: int


class Told(Struct):
    """A finding and the number from 1 of the sheet that it is of, null for the document."""

    sheet: int | None
    finding: Finding


class Line(Struct, kw_only=True):
    """What became of one input.

    `source` is its path below the inputs, `target` that of its output below the output folder. `outcome` is
    of this run, `ended` what it came to when it was last converted: they differ for skipped-unchanged.
    `corrections` is the hash of the corrections beside it; `counts` are its findings by severity.
    """

    format: Literal["jixiao-report"] = FORMAT
    version: Literal[1] = VERSION
    source: str
    target: str
    outcome: Kind
    ended: Kind
    code: str | None
    said: str | None
    sha256: str | None
    size: int | None
    corrections: str | None
    reader: str | None
    to: str
    profile: str | None
    seconds: float
    counts: dict[Severity, int]
    outputs: tuple[Written, ...]
    findings: tuple[Told, ...]


def line(record: Record) -> Line:
    severities: Counter[Severity] = Counter(f.severity for _sheet, f in record.findings)
    return Line(
        source=record.source, target=record.target, outcome=record.outcome, ended=record.ended,
        code=record.code, said=record.said, sha256=record.sha256, size=record.size,
        corrections=record.corrections, reader=record.reader, to=record.to, profile=record.profile,
        seconds=record.seconds,
        counts={"error": severities["error"], "warning": severities["warning"], "info": severities["info"]},
        outputs=tuple(Written(path=o.path, sha256=o.sha256, size=o.size) for o in record.outputs),
        findings=tuple(Told(sheet=sheet, finding=f) for sheet, f in record.findings),
    )  # fmt: skip


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a line; no key beyond these, all of them there."""
    schema = msgspec.json.schema(Line)
    for definition in schema["$defs"].values():
        definition["additionalProperties"] = False
    root = schema["$defs"][Line.__name__]
    root["properties"] |= {"format": {"const": FORMAT}, "version": {"const": VERSION}}
    root["required"] = [field.encode_name for field in msgspec.structs.fields(Line)]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:jixiao:report:{VERSION}",
        **schema,
    }
