"""What a profile says: the columns a finance system wants, where each comes from, and what it allows.

These classes are the shape of profile.toml; docs/profiles.md explains each key.
"""

from functools import cached_property
from pathlib import Path
from typing import Literal

import msgspec

from jixiao.model import Struct
from jixiao.profiles.plan import Plan

Each = Literal["sheet", "goal", "indicator"]
DEFAULT_ENCODING = "UTF-8"


class Part(Struct, forbid_unknown_fields=True):
    """Base of what profile.toml holds: an unknown key is a fault."""


class Fact(Part, frozen=True, kw_only=True):
    """Where something about the system is known from, and whether anybody has seen it confirmed."""

    source: str
    verified: bool = False


class Envelope(Part, frozen=True, kw_only=True):
    root: str = "root"
    header: str = "header"
    data: str = "data"
    namespace: str
    edit_type: str = "1"
    edit_types: tuple[str, ...] = ("1", "2", "3")


class CodeTables(Part, frozen=True, kw_only=True):
    """`kinds`: the kinds of code the profile asks for, with their captions; `files` beside profile.toml."""

    kinds: dict[str, str] = msgspec.field(default_factory=dict)
    files: tuple[str, ...] = ()


class Column(Part, frozen=True, kw_only=True):
    """One column. Its text is that of `path`, else `value`, else what the user sets for it.

    With `codes` the text is looked up in that kind of code table and `gives` says what is written;
    `printed` is the path of a code that the sheet itself prints, `parent` the column whose code must be
    the parent, `above` the column in whose line of parents the entry stands. `width` is in characters,
    `bytes` in GB18030 (as many, where it is not said); `digits` are all digits and those after the point.
    """

    caption: str
    width: int
    bytes: int | None = None
    path: str | None = msgspec.field(default=None, name="from")
    value: str | None = None
    map: dict[str, str] = msgspec.field(default_factory=dict)
    codes: str | None = None
    gives: Literal["code", "name"] = "code"
    printed: str | None = None
    parent: str | None = None
    above: str | None = None
    pattern: str | None = None
    digits: tuple[int, int] | None = None
    required: bool = False
    expected_with: str | None = None
    fact: str | None = None

    @property
    def most_bytes(self) -> int:
        return self.width if self.bytes is None else self.bytes

    @property
    def shape(self) -> str | None:
        """The pattern its text must have, in the syntax that XSD and Python share."""
        if self.digits is None:
            return self.pattern
        whole, after = self.digits[0] - self.digits[1], self.digits[1]
        return rf"-?[0-9]{{1,{whole}}}" + (rf"(\.[0-9]{{1,{after}}})?" if after else "")

    @property
    def root(self) -> str:
        """What its text belongs to: sheet, goal, indicator, id."""
        return (self.path or "sheet").partition(".")[0]

    @property
    def of_sheet(self) -> bool:
        """Whether every record of a sheet has the same."""
        return self.root == "sheet" or self.path == "id.sheet"


class Record(Part, frozen=True, kw_only=True):
    """A record each sheet, goal or indicator; `path` tells one from another, `least` is the fewest."""

    caption: str
    each: Each
    columns: tuple[str, ...]
    path: tuple[str, ...] = ()
    least: int = 0


class Profile(Part, frozen=True, kw_only=True):
    """A whole profile, its parents' parts in it."""

    name: str
    version: str
    title: str
    parent: str | None = None
    kinds: tuple[str, ...]
    encoding: str = DEFAULT_ENCODING
    fact: str
    facts: dict[str, Fact]
    envelope: Envelope
    header: tuple[str, ...] = ()
    identity: tuple[str, ...]
    codes: CodeTables = CodeTables()
    columns: dict[str, Column]
    records: dict[str, Record]
    losses: tuple[str, ...] = ()
    grave: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        return f"{self.name}@{self.version}"

    def column(self, record: str, name: str) -> Column | None:
        """The column as this record has it: `RECORD.NAME` where the profile tells it apart."""
        return self.columns.get(self.key(record, name))

    def key(self, record: str, name: str) -> str:
        """Under which name `columns` has it."""
        own = f"{record}.{name}"
        return own if own in self.columns else name

    def of(self, record: str) -> dict[str, Column]:
        """The columns of a record, in their order."""
        found = ((name, self.column(record, name)) for name in self.records[record].columns)
        return {name: column for name, column in found if column is not None}

    def fact_of(self, column: Column) -> Fact:
        return self.facts[column.fact or self.fact]


class Loaded:
    """A profile with what stands beside it: code tables, a schema of its own, stylesheets out and back.

    `xsd` is the schema of its own or the one made from it.
    """

    def __init__(
        self, profile: Profile, xsd: bytes, tables: tuple[Path, ...], *, own_schema: bool = False,
        out: bytes | None = None, back: bytes | None = None,
    ) -> None:  # fmt: skip
        self.profile, self.xsd, self.tables = profile, xsd, tables
        self.own_schema, self.out, self.back = own_schema, out, back

    @cached_property
    def records(self) -> dict[str, dict[str, Column]]:
        """The columns of each record."""
        return {name: self.profile.of(name) for name in self.profile.records}

    @cached_property
    def plan(self) -> Plan:
        """The profile made ready to fill records."""
        return Plan(self.profile)

    @cached_property
    def common(self) -> tuple[str, ...]:
        """The columns that say something of the sheet in every record."""
        shared = [
            {name for name, c in columns.items() if c.root == "sheet" and c.path}
            for columns in self.records.values()
        ]
        return tuple(sorted(set.intersection(*shared))) if shared else ()
