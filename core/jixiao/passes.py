"""What filters and checks do to a document on its way: they are watched, and leave a finding."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, TypeVar

import msgspec

from jixiao.document import Document, Grid, Line
from jixiao.errors import PluginError
from jixiao.findings import finding
from jixiao.hookspecs import Check, Filter
from jixiao.model import Finding, Reading, Sheet
from jixiao.plugins import Guest, Plugin, registry

MOST_FINDINGS = 10_000
"""Of one check in one sheet."""
CONFIRMED = "confirmed"
Passing = TypeVar("Passing", Document, Reading)


def after_read(document: Document) -> Document:
    """The document as the filters leave it. Raises PluginError, as do all here."""
    return _filtered(document, lambda one, passing: one.after_read(passing))


def after_interpret(reading: Reading) -> Reading:
    """The reading as the filters leave it."""
    return _filtered(reading, lambda one, passing: one.after_interpret(passing))


def checked(reading: Reading) -> Reading:
    """The reading, corrections made, with what the checks find."""
    if not (checks := list(registry().checks())):
        return reading
    sheets = tuple(_checked(sheet, checks) for sheet in reading.sheets)
    return msgspec.structs.replace(reading, sheets=sheets)


def unchecked(reading: Reading) -> Reading:
    """The reading as it was before `checked`, so that it can be corrected and checked again."""
    if not (checks := list(registry().checks())):
        return reading
    return msgspec.structs.replace(reading, sheets=tuple(_unchecked(s, checks) for s in reading.sheets))


def before_write(reading: Reading, to: str) -> Reading:
    """The reading as the filters leave it for the writer `to`."""
    return _filtered(reading, lambda one, passing: one.before_write(passing, to))


def _filtered(passing: Passing, step: Callable[[Filter, Passing], Passing]) -> Passing:
    made: Passing
    for plugin, one in registry().filters():
        before = msgspec.json.encode(passing)
        with Guest(plugin):
            made = step(one, passing)
            if type(made) is not type(passing):
                raise TypeError(f"returned {type(made).__name__}, not {type(passing).__name__}")
            require_valid(made)
            if msgspec.json.encode(passing) != before:
                raise TypeError("changed its argument in place")
            if made != passing:
                if _findings(passing) - _findings(made):
                    raise ValueError("took findings away")
                said = finding("changed-by-filter", text=str(plugin))
                made = msgspec.structs.replace(made, findings=(*made.findings, said))
        passing = made
    return passing


def require_valid(made: Document | Reading) -> None:
    """Raises ValueError or TypeError where a part is of a wrong type."""
    if isinstance(made, Reading):
        _convert(made)
        return
    for section in made.sections:
        msgspec.convert(section.name, str | None)
        for block in section.blocks:
            if not isinstance(block, Line | Grid):
                raise TypeError(f"a block is {type(block).__name__}, not Line or Grid")
            _convert(block)
    for said in made.findings:
        _convert(said)


def _convert(made: msgspec.Struct) -> None:
    """Raises ValueError where it is not as its class says: nothing checks that when it is made."""
    msgspec.convert(msgspec.to_builtins(made), type(made))


def _findings(passing: Document | Reading) -> Counter[Finding]:
    every = passing.every_finding() if isinstance(passing, Reading) else passing.findings
    return Counter(every)


def _checked(sheet: Sheet, checks: list[tuple[Plugin, Check]]) -> Sheet:
    before = msgspec.json.encode(sheet)
    found: list[Finding] = []
    made: list[Finding]
    for plugin, check in checks:
        try:
            with Guest(plugin):
                made = list(_found(check, sheet))
                if msgspec.json.encode(sheet) != before:
                    raise TypeError("changed the sheet")
                found += made
        except PluginError as error:
            found.append(finding("check-failed", text=str(error.__cause__), before=str(plugin)))
            sheet = msgspec.json.decode(before, type=Sheet)
    found = _unanswered(sheet, found)
    return msgspec.structs.replace(sheet, findings=(*sheet.findings, *found)) if found else sheet


def _unanswered(sheet: Sheet, found: list[Finding]) -> list[Finding]:
    """What no person has found right."""
    if all(one.code != CONFIRMED for one in sheet.findings):
        return found
    from jixiao.corrections import is_confirmed  # costs start-up time

    return [one for one in found if not is_confirmed(sheet, one)]


def _unchecked(sheet: Sheet, checks: list[tuple[Plugin, Check]]) -> Sheet:
    """Without what the checks find, where that stands at the end; messages may be in another language."""
    again = _checked(sheet, checks).findings[len(sheet.findings) :]
    kept = len(sheet.findings) - len(again)
    same = kept >= 0 and [*map(_bare, sheet.findings[kept:])] == [*map(_bare, again)]
    return msgspec.structs.replace(sheet, findings=sheet.findings[:kept]) if again and same else sheet


def _bare(said: Finding) -> Finding:
    return msgspec.structs.replace(said, message="")


def _found(check: Check, sheet: Sheet) -> Iterator[Finding]:
    made: list[Any] = list(islice(check.check(sheet), MOST_FINDINGS))
    for one in made:
        if not isinstance(one, Finding):
            raise TypeError(f"returned {type(one).__name__}, not Finding")
        _convert(one)
        if one.indicator is not None and not 0 <= one.indicator < len(sheet.indicators):
            raise IndexError(f"there is no indicator {one.indicator}")
    yield from made
