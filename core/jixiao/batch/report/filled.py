"""A worklist that people have filled in, read back: which rows say what."""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from jixiao.batch.report.book import KEYS, TICK, shown
from jixiao.batch.report.worklist import Head, Key
from jixiao.document import Document, Grid, Section
from jixiao.errors import BadUsage
from jixiao.messages import gettext as _
from jixiao.model import Place, fold
from jixiao.text import key as folded

TICKS = frozenset(
    (TICK, "✓", "✔", "☑", "v", "y", "yes", "true", "ok", "是", "对", "正确", "无误", "读出无误", "1")
)
"""Not x: to many it says that something is wrong."""
VARIANT = "\ufe0f"
"""Asks for a picture of the character before it."""
NEEDED = {"number", "indicator", "correct"}


class Filled(NamedTuple):
    """A row with something in it: `correct` the text it should be, `right` whether it was ticked.

    `number` is the row's in the worklist. `field` None: the row names none. `fault` says why it cannot be
    taken.
    """

    number: str
    key: Key | None
    field: str | None
    correct: str | None
    right: bool
    by: str | None
    fault: str | None = None


class Worklist(NamedTuple):
    filled: list[Filled]
    left_out: tuple[str, ...]
    """What the workbook holds and does not show, such as a text under a merged cell."""


class _Line(NamedTuple):
    """The texts of a row: of a merged cell in each row that it covers; which columns are merged so; what the
    reader says of the row."""

    texts: list[str]
    merged: set[int]
    said: str | None


def filled(document: Document) -> Worklist:
    """The rows with something in them. Raises BadUsage `not-a-worklist`."""
    doubts = {f.place: f.message for f in document.findings if f.severity != "info" and f.place}
    head, keys = _keys(document, doubts)
    lines = [
        line for section in document.sections if section.name != KEYS for line in _lines(section, doubts)
    ]
    named = {
        folded(text): name for name, text in msgspec.structs.asdict(head).items() if isinstance(text, str)
    }
    found: list[Filled] = []
    columns: dict[str, int] = {}
    for line in lines:
        here = {named[folded(text)]: k for k, text in enumerate(line.texts) if folded(text) in named}
        if here.keys() >= NEEDED:
            columns = here
        elif columns and (one := _filled(line, columns, head, keys)):
            found.append(one)
    if not columns:
        raise _headless(head)
    left_out = tuple(f.text or "" for f in document.findings if f.code == "hidden-left-out")
    return Worklist(_agreed(found), left_out)


def not_a_worklist() -> BadUsage:
    return BadUsage(
        "not-a-worklist",
        _("The file is no worklist that jixiao wrote, or the page “{name}” in it was taken out.").format(
            name=KEYS
        ),
        _("Give the worklist.xlsx of a conversion, filled in and saved as XLSX."),
    )


def _headless(head: Head) -> BadUsage:
    names = ", ".join(f"“{text}”" for text in (head.number, head.indicator, head.correct))
    return BadUsage(
        "not-a-worklist",
        _("No row of the worklist has the heads {names}, by which its columns are told.").format(names=names),
        _("Write them above their columns again, as they were."),
    )


def _keys(document: Document, doubts: dict[Place, str]) -> tuple[Head, dict[str, Key]]:
    section = next((s for s in document.sections if s.name == KEYS), None)
    rows = [line.texts for line in _lines(section, doubts)] if section else []
    if not rows or len(rows[0]) < 2:
        raise not_a_worklist()
    try:
        head = msgspec.json.decode(rows[0][1], type=Head)
        return head, {r[0]: msgspec.json.decode(r[1], type=Key) for r in rows[1:] if len(r) > 1 and r[1]}
    except msgspec.DecodeError as error:
        raise not_a_worklist() from error


def _lines(section: Section, doubts: dict[Place, str]) -> Iterator[_Line]:
    for block in section.blocks:
        if not isinstance(block, Grid):
            yield _Line([block.text], set(), None)
            continue
        lines = [_Line([""] * block.cols, set(), None) for _ in range(block.rows)]
        for cell in block.cells:
            for row in range(cell.row, cell.row + cell.rowspan):
                lines[row].texts[cell.col] = cell.text
                if cell.rowspan > 1:
                    lines[row].merged.add(cell.col)
                if cell.place in doubts:
                    lines[row] = lines[row]._replace(said=doubts[cell.place])
        yield from lines


def _filled(line: _Line, columns: dict[str, int], head: Head, keys: dict[str, Key]) -> Filled | None:
    row = {name: fold(line.texts[k]) for name, k in columns.items() if k < len(line.texts)}
    number, correct, right = (row.get(name, "") for name in ("number", "correct", "right"))
    key, name = keys.get(number), row.get("field", "")
    beside = line.said or _beside(row, key)
    if not correct and not right and not (beside and key):
        return None
    field = head.fields.get(name) or (key.field if key and not name else None)
    if key and key.field and name and field is None and "(" in name:
        field = key.field  # a recipient's value: not among those to choose from
    fault = beside or _fault(row, key, field)
    if correct and columns["correct"] in line.merged and not fault:
        fault = _("its cell is merged with others: say it in each row")
    return Filled(
        number=number, key=key, field=field, correct=correct or None, right=bool(right),
        by=row.get("by") or None, fault=fault,
    )  # fmt: skip


def _beside(row: dict[str, str], key: Key | None) -> str | None:
    """Said where a person has written over what was read."""
    if key is None or key.read is None or "read" not in row or folded(row["indicator"]) != folded(key.shown):
        return None
    was = shown(key.read.get(key.field or "", ""))
    if folded(row["read"]) == folded(was):
        return None
    return _("what was read is overwritten there: write what is correct into its own column")


def _fault(row: dict[str, str], key: Key | None, field: str | None) -> str | None:
    correct, right = row.get("correct"), row.get("right", "").removesuffix(VARIANT)
    if key is None:
        return _("its number is not one of this worklist's")
    if folded(row["indicator"]) != folded(key.shown):
        return _("its cells are of different rows: it was sorted or changed in part")
    if correct and right:
        return _("it is both corrected and ticked as right")
    if right and right.casefold() not in TICKS:
        return _("“{text}” is no tick").format(text=right)
    if correct and key.at is None:
        return _("it is about no indicator: tick it if it is right, or correct it with jixiao review")
    if correct and field is None:
        return _("it does not say which field is corrected")
    return None


def _agreed(found: list[Filled]) -> list[Filled]:
    """With a fault where rows say different things of one field: nobody knows which is meant."""
    said: dict[object, dict[str, str]] = {}
    for one in found:
        if one.correct and not one.fault:
            said.setdefault(_about(one), {}).setdefault(one.correct, one.number)
    why = _("rows {numbers} say different things of it")
    return [
        one._replace(fault=why.format(numbers=", ".join(texts.values())))
        if one.correct and not one.fault and len(texts := said[_about(one)]) > 1
        else one
        for one in found
    ]


def _about(one: Filled) -> object:
    key = one.key
    return key and (key.location, key.sheet, key.at, one.field)
