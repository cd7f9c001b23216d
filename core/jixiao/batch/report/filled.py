"""A worklist that people have filled in, read back: which rows say what."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from jixiao.batch.report.book import KEYS, TICK
from jixiao.batch.report.worklist import Head, Key
from jixiao.document import Document, Grid, Section
from jixiao.errors import BadUsage
from jixiao.messages import gettext as _
from jixiao.model import fold
from jixiao.text import key as folded

TICKS = frozenset((TICK, "✓", "✔", "☑", "v", "y", "x", "yes", "ok", "是", "对", "1"))


class Filled(NamedTuple):
    """A row with something in it: `correct` the text it should be, `right` whether it was ticked.

    `field` None: the row names none. `fault` says why it cannot be taken.
    """

    number: int
    key: Key | None
    field: str | None
    correct: str | None
    right: bool
    by: str | None
    fault: str | None = None


class Worklist(NamedTuple):
    filled: list[Filled]
    hidden: tuple[str, ...]
    """What the workbook hides, such as rows that a filter leaves out."""


def filled(document: Document) -> Worklist:
    """The rows with something in them. Raises BadUsage `not-a-worklist`."""
    head, keys = _keys(document)
    rows = [row for section in document.sections if section.name != KEYS for row in _rows(section)]
    named = {
        folded(text): name for name, text in msgspec.structs.asdict(head).items() if isinstance(text, str)
    }
    found: list[Filled] = []
    columns: dict[str, int] = {}
    for row in rows:
        here = {named[folded(text)]: k for k, text in enumerate(row) if folded(text) in named}
        if here.keys() >= {"number", "correct", "right", "by", "field", "indicator"}:
            columns = here
        elif columns and (
            one := _filled({n: row[k] for n, k in columns.items() if k < len(row)}, head, keys)
        ):
            found.append(one)
    if not columns:
        raise not_a_worklist()
    hidden = tuple(f.text or "" for f in document.findings if f.code == "hidden-left-out")
    return Worklist(found, tuple(text for text in hidden if text != KEYS))


def not_a_worklist() -> BadUsage:
    return BadUsage(
        "not-a-worklist",
        _("The file is no worklist that jixiao wrote, or the page “{name}” in it was taken out.").format(
            name=KEYS
        ),
        _("Give the worklist.xlsx of a conversion, filled in and saved as XLSX."),
    )


def _keys(document: Document) -> tuple[Head, dict[str, Key]]:
    section = next((s for s in document.sections if s.name == KEYS), None)
    rows = list(_rows(section)) if section else []
    if not rows or len(rows[0]) < 2:
        raise not_a_worklist()
    try:
        head = msgspec.json.decode(rows[0][1], type=Head)
        return head, {r[0]: msgspec.json.decode(r[1], type=Key) for r in rows[1:] if len(r) > 1 and r[1]}
    except msgspec.DecodeError as error:
        raise not_a_worklist() from error


def _rows(section: Section) -> Iterator[Sequence[str]]:
    for block in section.blocks:
        if isinstance(block, Grid):
            for cells in block.by_row():
                texts = [""] * block.cols
                for cell in cells:
                    texts[cell.col] = cell.text
                yield texts
        else:
            yield [block.text]


def _filled(row: dict[str, str], head: Head, keys: dict[str, Key]) -> Filled | None:
    number, correct, right, by = (fold(row.get(n, "")) for n in ("number", "correct", "right", "by"))
    if not correct and not right:
        return None
    key = keys.get(number)
    name = fold(row.get("field", ""))
    field = head.fields.get(name) or (key.field if key and not name else None)
    if key and key.field and name and field is None and "(" in name:
        field = key.field  # a recipient's value: not among those to choose from
    return Filled(
        number=int(number) if number.isdecimal() else 0, key=key, field=field, correct=correct or None,
        right=bool(right), by=by or None, fault=_fault(row, key, name, field, correct, right),
    )  # fmt: skip


def _fault(
    row: dict[str, str], key: Key | None, name: str, field: str | None, correct: str, right: str
) -> str | None:
    if key is None:
        return _("its number is not one of this worklist's")
    if folded(row.get("indicator", "")) != folded(key.shown):
        return _("its cells are of different rows: it was sorted or changed in part")
    if correct and right:
        return _("it is both corrected and ticked as right")
    if right and right.casefold() not in TICKS:
        return _("“{text}” is no tick").format(text=right)
    if correct and (field is None or key.at is None):
        return _("it does not say which field is corrected") if key.at else _("it is about no indicator")
    return None
