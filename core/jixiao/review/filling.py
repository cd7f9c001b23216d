"""The queue's rows as the ledger tells them: of a reading only the names of its sheets are looked at."""

import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from jixiao import corrections
from jixiao.batch.ledger import Record
from jixiao.batch.report.worklist import sheet_name
from jixiao.batch.upload import holds_records
from jixiao.errors import JixiaoError
from jixiao.model import Finding, Party, Sheet, Struct
from jixiao.review.known import LOUD, weight
from jixiao.storage import place

OF_INPUT = -1
"""The number of what is said of an input as a whole."""
Row = tuple[object, ...]


class Rows(NamedTuple):
    """What goes into the tables of the queue."""

    inputs: list[Row]
    sheets: list[Row]
    items: list[Row]


def rows(number: int, record: Record, packed: bytes | None) -> Rows:
    """Those of one input."""
    made = Rows([(number, record.target, record.source, record.code, record.said)], [], [])
    if record.code is not None:
        said = Finding(code=record.code, severity="error", message=record.said or "")
        made.items.extend(items(number, OF_INPUT, [said]))
    sheets = _slim(packed)
    for k, sheet in enumerate(sheets):
        made.sheets.append((number, k, sheet_name(sheet), agency(sheet), "open", "", ""))
    if sheets:
        for sheet_number, one in record.findings:
            made.items.extend(items(number, (sheet_number or 1) - 1, [one]))
    return made


def items(number: int, k: int, found: Iterable[Finding]) -> Iterator[Row]:
    """What needs a person among findings of a sheet."""
    for f in found:
        if f.severity in LOUD:
            yield number, k, weight(f), f.code, f.severity, f.indicator, f.text, f.before, f.after, f.message


def agency(sheet: Sheet) -> str:
    """Who spends the money, else the department above."""
    for party in (sheet.agency, sheet.department):
        if name := party and (party.name or party.text):
            return name
    return ""


class Beside:
    """Whether corrections or sign-offs stand beside sources: a folder is listed once for all in it."""

    def __init__(self) -> None:
        self._names: dict[str, frozenset[str]] = {}
        self._holds: dict[str, bool] = {}

    def differs(self, record: Record, profile: str | None) -> bool:
        """Whether the ledger does not say how the source reads now, or what is asked of it: what a profile
        refuses is in it where a file of that profile was to be written."""
        if record.sha256 is None or record.code is not None:
            return False
        wanted = profile or record.profile
        told = record.profile if record.profile and self._holds_records(record.to) else None
        if wanted != told or self._is_there(record.location, corrections.SIGNED):
            return True
        stored = self._is_there(record.location, corrections.ENDING)
        return stored != (record.corrections is not None) or (
            stored and corrections.revision(corrections.stored(place(record.location))) != record.corrections
        )

    def _holds_records(self, to: str) -> bool:
        if to not in self._holds:
            try:
                self._holds[to] = holds_records(to)
            except JixiaoError:  # the writer of that time is not there any more
                self._holds[to] = False
        return self._holds[to]

    def _is_there(self, location: str, ending: str) -> bool:
        if "://" in location:
            return corrections.beside(place(location), ending).exists()
        folder, name = os.path.split(corrections.beside(Path(location), ending))
        if folder not in self._names:
            try:
                self._names[folder] = frozenset(one.name for one in os.scandir(folder or "."))
            except OSError:  # it is told when somebody opens the sheet
                self._names[folder] = frozenset()
        return name in self._names[folder]


class _SlimSheet(Struct):
    title: str | None = None
    project: Party | None = None
    agency: Party | None = None
    department: Party | None = None


class _Slim(Struct):
    """Of a reading only what names its sheets: the rest is skipped, which takes a fraction of the time."""

    sheets: tuple[_SlimSheet, ...] = ()


_DECODER = msgspec.msgpack.Decoder(_Slim)


def _slim(packed: bytes | None) -> tuple[Sheet, ...]:
    if packed is None:
        return ()
    found = _DECODER.decode(zlib.decompress(packed))
    return tuple(
        Sheet(title=s.title, project=s.project, agency=s.agency, department=s.department)
        for s in found.sheets
    )
