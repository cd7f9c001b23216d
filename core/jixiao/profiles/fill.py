"""Sheet -> records of a profile, with a finding for all that the finance system would refuse.

No text is ever cut or put right here: what does not fit is said, and is written as it is in a draft only.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from jixiao.codes import Codes, Entry
from jixiao.digest import sha256
from jixiao.findings import finding
from jixiao.messages import gettext as _
from jixiao.model import Finding, Sheet
from jixiao.profiles.model import Loaded
from jixiao.profiles.paths import get, texts
from jixiao.profiles.plan import Field, Records
from jixiao.text import key
from jixiao.upload import Row

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""What XML 1.0 cannot hold."""
LOST, CONFIRMED = "value-missing", "confirmed"
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
        self.entries: dict[tuple[Field, str, str | None], Entry] = {}

    def sheet(self, sheet: Sheet) -> Filled:
        return _One(self, sheet).filled()


class _One:
    """The records of one sheet."""

    def __init__(self, filling: Filling, sheet: Sheet) -> None:
        self.filling, self.profile, self.plan = filling, filling.loaded.profile, filling.loaded.plan
        self.codes, self.settings, self.source = filling.codes, filling.settings, sheet
        self.said: list[Finding] = []
        self.missing: list[Miss] = []
        self.told: set[tuple[str, int | None]] = set()
        self.without_table: dict[str, Field] = {}
        self.common: dict[str, str | None] = {}
        self.shared: dict[str, dict[str, str]] = {}
        self.lost = {f.indicator for f in sheet.findings if f.code == LOST}
        self.identity = self._hash(self.profile.name, *map(self._first, self.plan.identity))
        filling.seen[self.identity] += 1
        self.ordinal = filling.seen[self.identity]
        self.id = self._hash(self.identity, str(self.ordinal))

    def filled(self) -> Filled:
        if self.source.kind not in self.profile.kinds:
            self._say("kind-differs", before=self.source.kind, after=", ".join(self.profile.kinds))
        if self.ordinal > 1:
            self._say("sheet-twice", text=_label(self.source, self.source))
        rows = [row for records in self.plan.records for row in self._records(records)]
        for field in self.without_table.values():
            self._say("no-code-table", text=field.codes, before=field.label)
        self._left_out(set().union(*(row.values.values() for row in rows)))
        return Filled(rows, (*self._raised(), *self._unanswered()), self.missing)

    def _unanswered(self) -> list[Finding]:
        """What was said here and no person has found right; what a system refuses stays."""
        if all(one.code != CONFIRMED for one in self.source.findings):
            return self.said
        from jixiao.corrections import is_confirmed  # costs start-up time

        return [one for one in self.said if one.severity != "warning" or not is_confirmed(self.source, one)]

    def _raised(self) -> Iterator[Finding]:
        """The sheet's own findings; a value that is lost stops an upload."""
        for one in self.source.findings:
            lost = one.code == LOST and one.indicator is not None
            if lost and get(self.source.indicators[one.indicator or 0], "indicator.value") is None:
                one = msgspec.structs.replace(one, severity="error")
            yield one

    def _items(self, root: str) -> tuple[Any, ...]:
        """The goals, the indicators, or the sheet itself."""
        if root == "goal":
            return self.source.goals
        return self.source.indicators if root == "indicator" else (self.source,)

    def _records(self, records: Records) -> Iterator[Row]:
        name, record = records.name, records.record
        items = self._items(record.each)
        if len(items) < record.least:
            self._say(
                "record-missing", text=_label(self.source, self.source), before=f"{name} {record.caption}"
            )
        often: dict[tuple[str, ...], int] = {}
        for index, item in enumerate(items):
            path = tuple([str(read(item) or "") for read in records.path])
            often[path] = often.get(path, 0) + 1
            row_id = self._hash(self.id, record.each, *path, str(often[path]))
            place = index if record.each == "indicator" else None
            yield Row(name, self._values(records, item, place, row_id))

    def _values(self, records: Records, item: Any, place: int | None, row_id: str) -> dict[str, str]:
        shared = self.shared.get(records.name)
        made = {} if shared is None else shared.copy()
        for field in records.fields if shared is None else records.own:
            if field.of_sheet:
                text = self._shared(field)
            else:
                text = row_id if field.of_row else self._text(field, item, made, place)
                if not field.fits(text):
                    self._check(field, text, place, item)
            if text:
                made[field.name] = text
        if shared is None:
            own = {field.name for field in records.own}
            self.shared[records.name] = {name: text for name, text in made.items() if name not in own}
        for field, other in records.pairs:
            if other in made and field.name not in made:
                self._say("field-expected", place, text=made[other], before=field.label, after=other)
        return made

    def _shared(self, field: Field) -> str | None:
        """The text of a column that all records of the sheet share, found and checked once."""
        if field.key not in self.common:
            text = self.id if field.column.path == "id.sheet" else self._text(field, self.source, {}, None)
            self.common[field.key] = text
            self._check(field, text, None, self.source)
        return self.common[field.key]

    def _first(self, fields: tuple[Field, ...]) -> str:
        """The text of the first that has one."""
        return next(filter(None, map(self._shared, fields)), "")

    def _text(self, field: Field, item: Any, made: Mapping[str, str], place: int | None) -> str | None:
        """What the column holds, before it is checked."""
        text = field.read(item)
        if field.codes is not None:
            text = self._coded(field, field.codes, item, text, made, place)
        if self.settings and (own := self.settings.get(field.name)):
            if text and text != own:
                self._say("set-differs", place, text=own, before=field.label, after=text)
            return text or own
        return text or field.value

    def _coded(
        self, field: Field, kind: str, item: Any, text: str | None, made: Mapping[str, str],
        place: int | None,
    ) -> str | None:  # fmt: skip
        """The code of a name: by its name, its alias, or as the sheet prints it."""
        if field.above:
            return self._above(field, field.above)
        printed = field.printed(item)
        if not text:
            return str(printed) if printed else None
        parent = made.get(field.parent) if field.parent else None
        known = self.filling.entries.get((field, text, parent))
        entry = known or self._entry(field, kind, text, parent, place)
        if entry is not None:
            if printed and printed != entry.code:
                self._say("code-differs", place, text=text, before=str(printed), after=entry.code)
            return field.given(entry)
        if printed:
            self._printed(kind, text, str(printed), place)
            return str(printed)
        self.told.add((field.name, place))
        if not self.settings.get(field.name) and not self.codes.named(kind, text):
            self._unknown(field, kind, text, made, place)
        return None

    def _printed(self, kind: str, text: str, printed: str, place: int | None) -> None:
        """Say that a code is the sheet's own, or that the code tables have it for another name."""
        entry = self.codes.entries.get((kind, printed))
        if entry is None:
            self._say("code-printed", place, text=text, after=printed)
        else:
            self._say("code-of-another", place, text=text, before=printed, after=entry.name)

    def _entry(
        self, field: Field, kind: str, text: str, parent: str | None, place: int | None
    ) -> Entry | None:
        """The one of that name under the parent, kept for all sheets; None, which is said, for any other."""
        found = self.codes.named(kind, text)
        under = [e for e in found if parent is None or e.parent in (None, parent)]
        if len(under) == 1:
            self.filling.entries[field, text, parent] = under[0]
            return under[0]
        if under:
            self._say(
                "code-ambiguous", place, text=text, before=field.label, after=", ".join(e.code for e in under)
            )
        elif found:
            self._say("code-parent", place, text=text, before=field.label, after=parent)
        return None

    def _above(self, field: Field, below: str) -> str | None:
        """The code or name of this kind in the line of parents of another column's entry."""
        lower = self.plan.shared[below]
        entry = self.codes.entries.get((lower.codes or "", self._shared(lower) or ""))
        for one in self.codes.line(entry) if entry else ():
            if one.kind == field.codes:
                return field.given(one)
        return None

    def _unknown(
        self, field: Field, kind: str, text: str, made: Mapping[str, str], place: int | None
    ) -> None:
        required = field.required
        if not required and kind not in self.codes.kinds:
            self.without_table.setdefault(field.name, field)
            return
        miss = Miss(kind, text, (made.get(field.parent) if field.parent else None) or "")
        if miss in self.missing:  # one finding a sheet and name: the code table is what is wrong
            return
        self.missing.append(miss)
        near = ", ".join(self.codes.near(kind, text))
        if near:
            self._say("code-near", place, text=text, before=field.label, after=near, required=required)
        elif required:
            self._say("code-missing", place, text=text, before=field.label, after=kind)
        else:
            self._say("code-left-out", place, text=text, before=field.label, after=kind)

    def _check(self, field: Field, text: str | None, place: int | None, item: Any) -> None:
        """Say what the system would refuse of one text."""
        if field.fits(text):
            return
        if not text:
            self._lacking(field, place, item)
        elif FORBIDDEN.search(text):
            shown = FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
            self._say("field-character", place, text=shown, before=field.label)
        else:
            if over := _over(field, text):
                self._say("field-too-long", place, text=text, before=field.label, after=over)
            if field.match and not field.match(text):
                self._say("field-type", place, text=text, before=field.label, after=field.column.shape)

    def _lacking(self, field: Field, place: int | None, item: Any) -> None:
        """Say that a text is missing, unless it was said already: no code for it, or its value is lost."""
        lost = place in self.lost and (field.column.path or "").startswith("indicator.value")
        if not lost and (field.name, place) not in self.told:
            self._say(
                "field-missing", place, text=_label(item, self.source), before=field.label, after=field.name
            )

    def _left_out(self, written: set[str]) -> None:
        """Say what the sheet prints and the profile has no place for."""
        keys = set(map(key, written))
        for loss in self.plan.losses:
            for index, item in enumerate(self._items(loss.root)):
                value = loss.get(item)
                if value is None or (isinstance(value, str) and value in written):
                    continue
                lost = [text for text in texts(value) if text not in written and key(text) not in keys]
                if lost:
                    place = index if loss.root == "indicator" else None
                    self._say(loss.code, place, text="; ".join(lost), before=loss.path)

    @staticmethod
    def _hash(*parts: str) -> str:
        return sha256("\x1f".join(parts).encode("utf-8", "surrogatepass"))[:32]

    def _say(
        self, code: str, place: int | None = None, *, text: str | None = None, before: str | None = None,
        after: str | None = None, required: bool = True,
    ) -> None:  # fmt: skip
        one = finding(code, indicator=place, text=text, before=before, after=after)
        self.said.append(one if required else msgspec.structs.replace(one, severity="warning"))


def _over(field: Field, text: str) -> str | None:
    """How a text is wider than its column, None where it is not."""
    size, column = len(text.encode("gb18030")), field.column
    if len(text) > column.width:
        return _("{count} characters, at most {most}").format(count=len(text), most=column.width)
    if size > column.most_bytes:
        return _("{count} bytes in GB18030, at most {most}").format(count=size, most=column.most_bytes)
    return None


def _label(item: Any, sheet: Sheet) -> str:
    """What an item is called where a text of it is missing."""
    if item is sheet:
        return (sheet.project.name if sheet.project else None) or sheet.title or ""
    return getattr(item, "level3", None) or getattr(item, "label", None) or ""
