"""Records -> sheets: what a file of a profile says, read back into the model.

The document is one that jixiao.upload marks: from the profile's XML, or its workbook after people have worked
on it. Records of one sheet are known by the sheet's identifier and by what all its records share.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from jixiao.document import Document, Grid, Section
from jixiao.errors import BadInput
from jixiao.findings import finding
from jixiao.messages import gettext as _
from jixiao.model import Finding, Reading, Sheet, Value
from jixiao.profiles.load import known
from jixiao.profiles.model import Column, Loaded
from jixiao.profiles.paths import put, without
from jixiao.upload import CODES, NOTES, REQUIRED
from jixiao.values import value

ID = "id.sheet"
Row = dict[str, str]


def reading(document: Document, loaded: Loaded) -> Reading:
    """The sheets of the records. What belongs to no column of the profile is in `unplaced`.

    Raises BadInput `profile-text` where a text is none that the model holds there.
    """
    unplaced: list[str] = []
    sheets: dict[tuple[str, ...], dict[str, Any]] = {}
    for section in document.sections:
        record = _record(loaded, section)
        if record is None:
            if section.name not in (NOTES, CODES):
                unplaced += _texts(section)
            continue
        for row in _rows(loaded, record, section, unplaced):
            _add(loaded, record, row, sheets)
    made = tuple(_sheet(one, loaded.profile.kinds[0]) for one in sheets.values())
    said = finding("profile-read", text=loaded.profile.mark)
    return Reading(findings=(said, *document.findings), unplaced=tuple(unplaced), sheets=made)


def _record(loaded: Loaded, section: Section) -> str | None:
    """The record whose name or caption a section has."""
    for name, record in loaded.profile.records.items():
        if section.name in (name, record.caption):
            return name
    return None


def _texts(section: Section) -> Iterator[str]:
    for block in section.blocks:
        cells = [c.text for c in block.cells] if isinstance(block, Grid) else [block.text]
        yield from filter(None, cells)


def _rows(loaded: Loaded, record: str, section: Section, unplaced: list[str]) -> Iterator[Row]:
    """Each record's texts by the names of its columns."""
    columns = loaded.records[record]
    names = {c.caption: name for name, c in columns.items()} | {name: name for name in columns}
    for block in section.blocks:
        if not isinstance(block, Grid):
            unplaced.append(block.text)
            continue
        heads: dict[int, str] = {}
        rows: dict[int, Row] = {}
        for cell in block.cells:
            if not cell.text:
                continue
            name = names.get(cell.text.lstrip(REQUIRED).strip()) if cell.row == 0 else heads.get(cell.col)
            if name is None:
                unplaced.append(cell.text)
            elif cell.row == 0:
                heads[cell.col] = name
            else:
                rows.setdefault(cell.row, {})[name] = cell.text
        yield from rows.values()


def _add(loaded: Loaded, record: str, row: Row, sheets: dict[tuple[str, ...], dict[str, Any]]) -> None:
    """Put a record into its sheet, made where it is the first."""
    columns = loaded.records[record]
    shared = [row.get(name, "") for name in loaded.common]
    identifier = next((row.get(name, "") for name, c in columns.items() if c.path == ID), "")
    at = (identifier, *shared)
    if not identifier:  # a row that a person has added
        at = next((known for known in sheets if list(known[1:]) == shared), at)
    sheet = sheets.setdefault(at, {})
    each = loaded.profile.records[record].each
    item: dict[str, Any] = sheet if each == "sheet" else {}
    for name, column in columns.items():
        if column.path in (None, ID, "id.row") or name not in row or column.codes:
            continue
        put(sheet if column.root == "sheet" else item, column.path or "", _meaning(column, row[name]))
    for name, column in columns.items():
        if column.printed and name in row:
            put(sheet if column.root == "sheet" else item, column.printed, row[name])
    if each != "sheet":
        sheet.setdefault(f"{each}s", []).append(item)


def _meaning(column: Column, text: str) -> str:
    return next((name for name, written in column.map.items() if written == text), text)


def _sheet(parts: dict[str, Any], kind: str) -> Sheet:
    try:
        sheet = msgspec.convert({"kind": kind, **parts}, Sheet, strict=False)
    except msgspec.ValidationError as error:
        raise BadInput(
            "profile-text",
            _("A text in the file is none that a sheet can hold there: {why}.").format(why=error),
            _("Correct it in the file, or convert the original again."),
        ) from error
    findings: list[Finding] = []
    indicators = []
    for index, one in enumerate(sheet.indicators):
        if one.value and (said := _differ(one.value, index)):
            findings.append(said)
        indicators.append(msgspec.structs.replace(one, actual=_parsed(one.actual)))
    return msgspec.structs.replace(sheet, indicators=tuple(indicators), findings=tuple(findings))


def _parsed(actual: Value | None) -> Value | None:
    return value(actual.text) if actual and actual.number is None else actual


def _differ(one: Value, index: int) -> Finding | None:
    """A value whose parts stand beside it, where a person has changed one and not the other.

    The digits are compared, not the words: a unit column may say more than the text's grammar knows.
    """
    text = re.sub(r"(?<=\d),(?=\d{3})", "", one.text or "")
    if one.text is None or (one.number is not None and one.number.lstrip("+") not in text) or (
        one.unit is not None and one.unit not in text
    ):  # fmt: skip
        parts = " ".join(filter(None, (one.operator, one.number, one.unit)))
        return finding("parts-differ", indicator=index, text=one.text, before=one.text or "", after=parts)
    return None


def comparable(one: Reading, other: Reading, *, profile: str | None = None) -> tuple[Reading, Reading]:
    """The two less what a profile has no place for that either of them was read by."""
    marks = {f.text for reading in (one, other) for f in reading.findings if f.code == "profile-read"}
    losses = [path for mark in sorted(filter(None, marks)) for path in known(mark, profile).profile.losses]
    if not losses:
        return one, other
    bare = (
        msgspec.structs.replace(r, sheets=tuple(without(s, losses) for s in r.sheets)) for r in (one, other)
    )
    first, second = bare
    return first, second
