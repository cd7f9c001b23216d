"""Sheet -> records of a profile, with a finding for all that the finance system would refuse.

No text is ever cut or put right here: what does not fit is said, and is written as it is in a draft only.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from jixiao.codes import Codes, Entry
from jixiao.findings import finding
from jixiao.messages import gettext as _
from jixiao.model import Finding, Sheet
from jixiao.profiles.model import Column, Loaded, Record
from jixiao.profiles.paths import get, texts
from jixiao.text import key
from jixiao.upload import Row

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""What XML 1.0 cannot hold."""
LOST = "value-missing"
SHOWN = 60


class Miss(NamedTuple):
    """A name for which no code was found; `parent` is the code it would stand under."""

    kind: str
    name: str
    parent: str


class Filled(NamedTuple):
    """A sheet's records; `findings` are those of the sheet as the profile sees them, all of them."""

    rows: list[Row]
    findings: tuple[Finding, ...]
    missing: list[Miss]


class Filling:
    """Fills the records of one sheet after the other: `seen` counts sheets of the same identity."""

    def __init__(self, loaded: Loaded, codes: Codes, settings: Mapping[str, str]) -> None:
        self.loaded, self.codes, self.settings = loaded, codes, settings
        self.seen: Counter[str] = Counter()

    def sheet(self, sheet: Sheet) -> Filled:
        return _One(self, sheet).filled()


class _One:
    """The records of one sheet."""

    def __init__(self, filling: Filling, sheet: Sheet) -> None:
        self.loaded, self.profile = filling.loaded, filling.loaded.profile
        self.codes, self.settings, self.source = filling.codes, filling.settings, sheet
        self.said: list[Finding] = []
        self.missing: list[Miss] = []
        self.told: set[tuple[str, int | None]] = set()
        self.without_table: dict[str, str] = {}
        self.common: dict[str, str | None] = {}
        self.lost = {f.indicator for f in sheet.findings if f.code == LOST}
        self.identity = self._hash(self.profile.name, *map(self._first, self.profile.identity))
        filling.seen[self.identity] += 1
        self.ordinal = filling.seen[self.identity]
        self.id = self._hash(self.identity, str(self.ordinal))

    def filled(self) -> Filled:
        if self.source.kind not in self.profile.kinds:
            self._say("kind-differs", before=self.source.kind, after=", ".join(self.profile.kinds))
        if self.ordinal > 1:
            self._say("sheet-twice", text=_label(self.source, self.source))
        rows = [row for name in self.profile.records for row in self._records(name)]
        for name, field in self.without_table.items():
            self._say("no-code-table", text=self.profile.columns[name].codes, before=field)
        self._left_out({key(text) for row in rows for text in row.values.values()})
        return Filled(rows, (*self._raised(), *self.said), self.missing)

    def _raised(self) -> Iterator[Finding]:
        """The sheet's own findings; a value that is lost stops an upload."""
        for one in self.source.findings:
            lost = one.code == LOST and one.indicator is not None
            if lost and get(self.source.indicators[one.indicator or 0], "indicator.value") is None:
                one = msgspec.structs.replace(one, severity="error")
            yield one

    def _records(self, name: str) -> Iterator[Row]:
        record = self.profile.records[name]
        items: tuple[Any, ...] = {
            "sheet": (self.source,), "goal": self.source.goals, "indicator": self.source.indicators
        }[record.each]  # fmt: skip
        if len(items) < record.least:
            self._say(
                "record-missing", text=_label(self.source, self.source), before=f"{name} {record.caption}"
            )
        often: Counter[tuple[str, ...]] = Counter()
        for index, item in enumerate(items):
            path = tuple(str(get(item, p) or "") for p in record.path)
            often[path] += 1
            row_id = self._hash(self.id, record.each, *path, str(often[path]))
            yield Row(name, self._values(name, record, item, index, row_id))

    def _values(self, name: str, record: Record, item: Any, index: int, row_id: str) -> dict[str, str]:
        place = index if record.each == "indicator" else None
        made: dict[str, str | None] = {}
        columns = self.loaded.records[name]
        for one, column in columns.items():
            if column.of_sheet:
                made[one] = self._shared(self.profile.key(name, one))
            else:
                made[one] = row_id if column.path == "id.row" else self._text(one, column, item, made, place)
                self._check(one, column, made[one], place, item)
        for one, column in columns.items():
            if column.expected_with and made[column.expected_with] and not made[one]:
                self._say(
                    "field-expected", place, text=made[column.expected_with],
                    before=_field(one, column), after=column.expected_with,
                )  # fmt: skip
        return {n: text for n, text in made.items() if text}

    def _shared(self, name: str) -> str | None:
        """The text of a column that all records of the sheet share, found and checked once."""
        if name not in self.common:
            column = self.profile.columns[name]
            bare = name.rpartition(".")[2]
            text = self.id if column.path == "id.sheet" else self._text(bare, column, self.source, {}, None)
            self.common[name] = text
            self._check(bare, column, text, None, self.source)
        return self.common[name]

    def _first(self, names: str) -> str:
        """The first column of "ONE|OTHER" that has a text."""
        return next(filter(None, map(self._shared, names.split("|"))), "")

    def _text(
        self, name: str, column: Column, item: Any, made: Mapping[str, str | None], place: int | None
    ) -> str | None:
        """What the column holds, before it is checked."""
        said = get(item, column.path) if column.path else None
        text = None if said is None else column.map.get(str(said), str(said))
        if column.codes is not None:
            text = self._coded(name, column, item, text, made, place)
        own = self.settings.get(name)
        if text and own and text != own:
            self._say("set-differs", place, text=own, before=_field(name, column), after=text)
        return text or own or column.value

    def _coded(
        self, name: str, column: Column, item: Any, text: str | None, made: Mapping[str, str | None],
        place: int | None,
    ) -> str | None:  # fmt: skip
        """The code of a name: by its name, its alias, or as the sheet prints it."""
        kind, printed = column.codes or "", get(item, column.printed) if column.printed else None
        if column.above:
            return self._above(column, column.above)
        if not text:
            return str(printed) if printed else None
        parent = made.get(column.parent) if column.parent else None
        entry = self._entry(kind, text, parent, place, _field(name, column))
        if entry is not None:
            if printed and printed != entry.code:
                self._say("code-differs", place, text=text, before=str(printed), after=entry.code)
            return entry.code if column.gives == "code" else entry.name
        if printed:
            self._printed(kind, text, str(printed), place)
            return str(printed)
        self.told.add((name, place))
        if not self.settings.get(name) and not self.codes.named(kind, text):
            self._unknown(name, column, kind, text, parent, place)
        return None

    def _printed(self, kind: str, text: str, printed: str, place: int | None) -> None:
        """Say that a code is the sheet's own, or that the code tables have it for another name."""
        entry = self.codes.entries.get((kind, printed))
        if entry is None:
            self._say("code-printed", place, text=text, after=printed)
        else:
            self._say("code-of-another", place, text=text, before=printed, after=entry.name)

    def _entry(self, kind: str, text: str, parent: str | None, place: int | None, field: str) -> Entry | None:
        found = self.codes.named(kind, text)
        under = [e for e in found if parent is None or e.parent in (None, parent)]
        if len(under) == 1:
            return under[0]
        if under:
            self._say(
                "code-ambiguous", place, text=text, before=field, after=", ".join(e.code for e in under)
            )
        elif found:
            self._say("code-parent", place, text=text, before=field, after=parent)
        return None

    def _above(self, column: Column, below: str) -> str | None:
        """The code or name of this kind in the line of parents of another column's entry."""
        kind = self.profile.columns[below].codes or ""
        entry = self.codes.entries.get((kind, self._shared(below) or ""))
        for one in self.codes.line(entry) if entry else ():
            if one.kind == column.codes:
                return one.code if column.gives == "code" else one.name
        return None

    def _unknown(
        self, name: str, column: Column, kind: str, text: str, parent: str | None, place: int | None
    ) -> None:
        if not column.required and kind not in self.codes.kinds:
            self.without_table.setdefault(name, _field(name, column))
            return
        miss = Miss(kind, text, parent or "")
        if miss in self.missing:  # one finding a sheet and name: the code table is what is wrong
            return
        self.missing.append(miss)
        field, near = _field(name, column), ", ".join(self.codes.near(kind, text))
        if near:
            self._say("code-near", place, text=text, before=field, after=near, required=column.required)
        elif column.required:
            self._say("code-missing", place, text=text, before=field, after=kind)
        else:
            self._say("code-left-out", place, text=text, before=field, after=kind)

    def _check(self, name: str, column: Column, text: str | None, place: int | None, item: Any) -> None:
        """Say what the system would refuse of one text."""
        field = _field(name, column)
        if not text:
            lost = place in self.lost and (column.path or "").startswith("indicator.value")
            if column.required and (name, place) not in self.told and not lost:
                self._say("field-missing", place, text=_label(item, self.source), before=field, after=name)
            return
        if FORBIDDEN.search(text):
            self._say("field-character", place, text=FORBIDDEN.sub("�", text), before=field)
            return
        if over := _over(column, text):
            self._say("field-too-long", place, text=text, before=field, after=over)
        if column.shape and not re.fullmatch(column.shape, text):
            self._say("field-type", place, text=text, before=field, after=column.shape)

    def _left_out(self, written: set[str]) -> None:
        """Say what the sheet prints and the profile has no place for."""
        for path in self.profile.losses:
            code = "value-left-out" if path in self.profile.grave else "text-left-out"
            root = path.partition(".")[0]
            items = {"goal": self.source.goals, "indicator": self.source.indicators}.get(root, (self.source,))
            for index, item in enumerate(items):
                lost = [text for text in texts(get(item, path)) if key(text) not in written]
                if lost:
                    self._say(code, index if root == "indicator" else None, text="; ".join(lost), before=path)

    @staticmethod
    def _hash(*parts: str) -> str:
        return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]

    def _say(
        self, code: str, place: int | None = None, *, text: str | None = None, before: str | None = None,
        after: str | None = None, required: bool = True,
    ) -> None:  # fmt: skip
        one = finding(code, indicator=place, text=text, before=before, after=after)
        self.said.append(one if required else msgspec.structs.replace(one, severity="warning"))


def _over(column: Column, text: str) -> str | None:
    """How a text is wider than its column, None where it is not."""
    size = len(text.encode("gb18030"))
    if len(text) > column.width:
        return _("{count} characters, at most {most}").format(count=len(text), most=column.width)
    if size > column.most_bytes:
        return _("{count} bytes in GB18030, at most {most}").format(count=size, most=column.most_bytes)
    return None


def _field(name: str, column: Column) -> str:
    return f"{name} {column.caption}"


def _label(item: Any, sheet: Sheet) -> str:
    """What an item is called where a text of it is missing."""
    if item is sheet:
        return (sheet.project.name if sheet.project else None) or sheet.title or ""
    return getattr(item, "level3", None) or getattr(item, "label", None) or ""
