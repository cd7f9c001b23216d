"""A profile made ready for many sheets: where each column finds its text, and what surely fits into it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from jixiao.profiles.paths import IDS, Get, getter, reader

if TYPE_CHECKING:
    from collections.abc import Callable

    from jixiao.codes import Entry
    from jixiao.profiles.model import Column, Profile, Record

LONGEST = 4
"""Bytes of a character in GB18030, at the most."""


class Field:
    """A column as one record has it; `name` is its own, `key` the one under which the profile has it.

    `read` and `printed` take the sheet, goal or indicator; `parent` is the column before it in the record
    whose code must be the parent of its own.
    """

    def __init__(self, key: str, column: Column, before: Iterable[str] = ()) -> None:
        self.key, self.name, self.column = key, key.rpartition(".")[2], column
        self.label = f"{self.name} {column.caption}"
        self.read = reader(None if column.path in IDS else column.path, column.map)
        self.printed = getter(column.printed)
        self.of_sheet, self.of_row = column.of_sheet, column.path == "id.row"
        self.codes, self.value = column.codes, column.value
        self.required, self.above = column.required, column.above
        self.given: Callable[[Entry], str] = attrgetter(column.gives)
        self.parent = next((one for one in before if one == column.parent), None)
        self.match = re.compile(column.shape).fullmatch if column.shape else None
        self.room = min(column.width, column.most_bytes // LONGEST)

    def fits(self, text: str | None) -> bool:
        """Whether the system surely takes it, told without counting bytes or looking for characters."""
        if not text:
            return not self.required
        return (
            len(text) <= self.room
            and text.isprintable()
            and (self.match is None or self.match(text) is not None)
        )


class Records(NamedTuple):
    """The records of one table; `path` reads what tells one from another, `pairs` are two columns of which
    the first is expected with the second."""

    name: str
    record: Record
    path: tuple[Get, ...]
    fields: tuple[Field, ...]
    own: tuple[Field, ...]
    pairs: tuple[tuple[Field, str], ...]


class Loss(NamedTuple):
    """A path for which the profile has no place, and the finding that says so."""

    path: str
    root: str
    code: str
    get: Get


class Plan:
    """`shared` are the columns of which all records of a sheet have the same, by the profile's names."""

    def __init__(self, profile: Profile) -> None:
        self.shared = {key: Field(key, column) for key, column in profile.columns.items()}
        self.identity = tuple(tuple(self.shared[key] for key in one.split("|")) for one in profile.identity)
        self.records = tuple(self._records(profile, name) for name in profile.records)
        self.losses = tuple(
            Loss(path, path.partition(".")[0], _said(profile, path), getter(path)) for path in profile.losses
        )

    def _records(self, profile: Profile, name: str) -> Records:
        record = profile.records[name]
        made = []
        for place, one in enumerate(record.columns):
            key = profile.key(name, one)
            column = profile.columns[key]
            made.append(self.shared[key] if column.of_sheet else Field(key, column, record.columns[:place]))
        pairs = tuple((field, field.column.expected_with) for field in made)
        return Records(
            name, record, tuple(map(getter, record.path)), tuple(made),
            tuple(field for field in made if not field.of_sheet),
            tuple((field, other) for field, other in pairs if other),
        )  # fmt: skip


def _said(profile: Profile, path: str) -> str:
    return "value-left-out" if path in profile.grave else "text-left-out"
