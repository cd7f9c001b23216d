"""Code tables: the codes that a finance system wants where sheets print names.

A table is a CSV (UTF-8 or GB18030) or a workbook with the columns kind, code, name, alias, parent. Names are
compared without white space and width, and in no other way: what is merely near is never taken.
"""

import errno
import io
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from jixiao.document import Document
from jixiao.errors import BadInput
from jixiao.head import Head
from jixiao.limits import Limits
from jixiao.messages import gettext as _
from jixiao.model import Struct
from jixiao.plugins import registry
from jixiao.text import key

COLUMNS = ("kind", "code", "name", "alias", "parent")
NEEDED = COLUMNS[:3]
COMMENT = "#"
FORMULA = re.compile(r"=.+", re.S)
STALE = ("stale-formula", "doubtful-formula")
ABOVE = {
    "level2": ("level1",),
    "level3": ("level2",),
    "department": ("department", "division"),
    "agency": ("agency", "department", "division"),
    "project": ("project", "agency", "department", "division"),
}
"""The kinds that a parent's code may be of, the nearest first; any other kind has parents of its own kind."""
NEAR, MOST_NEAR = 0.6, 3


class Entry(Struct):
    """A row of a table: `alias` parted by | in the file, `parent` a code, `place` file and row for people."""

    kind: str
    code: str
    name: str
    alias: tuple[str, ...] = ()
    parent: str | None = None
    place: str = ""


class Codes:
    """The entries of all tables. Raises BadInput `code-table` where they contradict each other."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.entries: dict[tuple[str, str], Entry] = {}
        self._names: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        self._aliases: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        for entry in entries:
            self._add(entry)
        self._of: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries.values():
            self._of[entry.kind].append(entry)
        self.kinds = frozenset(self._of)
        for entry in self.entries.values():
            list(self.line(entry))

    def _add(self, entry: Entry) -> None:
        known = self.entries.get((entry.kind, entry.code))
        if known is not None:
            if (known.name, known.parent) != (entry.name, entry.parent):
                raise fault(entry.place, _("code {code} stands for both {one} and {other}").format(
                    code=entry.code, one=known.name, other=entry.name))  # fmt: skip
            return
        for other in self._names[entry.kind, key(entry.name)]:
            if other.parent == entry.parent:
                raise fault(entry.place, _("{name} has two codes, {one} and {other}").format(
                    name=entry.name, one=other.code, other=entry.code))  # fmt: skip
        self.entries[entry.kind, entry.code] = entry
        self._names[entry.kind, key(entry.name)].append(entry)
        for alias in entry.alias:
            self._aliases[entry.kind, key(alias)].append(entry)

    def named(self, kind: str, name: str) -> list[Entry]:
        """The entries of that name, else of that alias."""
        if kind not in self.kinds:
            return []
        at = (kind, key(name))
        return self._names.get(at) or self._aliases.get(at) or []

    def near(self, kind: str, name: str) -> list[str]:
        """Names that a person may have meant, the nearest first."""
        from difflib import get_close_matches  # costs start-up time

        return get_close_matches(key(name), self.names(kind), MOST_NEAR, NEAR)

    def names(self, kind: str) -> list[str]:
        """Every name of a kind, in the order of the tables."""
        return [entry.name for entry in self.of(kind)]

    def of(self, kind: str) -> list[Entry]:
        """Every entry of a kind, in the order of the tables."""
        return self._of.get(kind, [])

    def line(self, entry: Entry) -> Iterator[Entry]:
        """The entry, its parent, and so on upwards. Raises BadInput `code-table` for a circle."""
        passed: list[Entry] = []
        above: Entry | None = entry
        while above is not None:
            if above in passed:
                way = " → ".join(e.code for e in [*passed, above])
                raise fault(entry.place, _("the parents go in a circle: {way}").format(way=way))
            passed.append(above)
            yield above
            above = self._parent(above)

    def _parent(self, entry: Entry) -> Entry | None:
        if entry.parent is None:
            return None
        kinds = ABOVE.get(entry.kind, (entry.kind,))
        found = [e for kind in kinds if (e := self.entries.get((kind, entry.parent))) is not None]
        return next((e for e in found if e is not entry), found[0] if found else None)


def load(files: Iterable[Path]) -> Codes:
    """The tables of all files together. Raises BadInput `code-table`, `unreadable`, or as the reader does."""
    return Codes(entry for path in files for entry in entries(path))


@lru_cache(maxsize=64)
def entries(path: Path) -> tuple[Entry, ...]:
    """The rows of one table, read once in a process. Raises as `load`."""
    try:
        if path.exists() and not path.is_file():  # a pipe or device may have no end
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        data = path.read_bytes()
    except OSError as error:
        raise fault(path.name, _("it cannot be read ({reason})").format(reason=error.strerror)) from error
    rows = [(n, row) for n, row in _rows(path, data) if any(row) and not row[0].startswith(COMMENT)]
    if not rows:
        raise fault(path.name, _("it holds no rows"))
    heads = [cell.strip().lower() for cell in rows[0][1]]
    if lacking := [name for name in NEEDED if name not in heads]:
        raise fault(path.name, _("its first row names no column {names}").format(names=", ".join(lacking)))
    at = {name: heads.index(name) for name in COLUMNS if name in heads}
    made = (_entry(f"{path.name}:{n}", {c: _cell(row, k) for c, k in at.items()}) for n, row in rows[1:])
    return tuple(entry for entry in made if entry.code)


def _cell(row: Sequence[str], column: int) -> str:
    return row[column].strip() if column < len(row) else ""


def _entry(place: str, row: dict[str, str]) -> Entry:
    """Raises BadInput for a row that is none; a code that nobody has filled in yet is empty."""
    for name, text in row.items():
        if FORMULA.match(text):
            raise fault(place, _("the cell of {column} holds a formula ({text})").format(
                column=name, text=text))  # fmt: skip
    if not row["kind"] or not row["name"]:
        raise fault(place, _("the row has no kind or no name"))
    alias = tuple(a.strip() for a in row.get("alias", "").split("|") if a.strip())
    return Entry(
        kind=row["kind"], code=row["code"], name=row["name"], alias=alias, parent=row.get("parent") or None,
        place=place,
    )  # fmt: skip


def _rows(path: Path, data: bytes) -> list[tuple[int, list[str]]]:
    workbook = registry().reader("xlsx")
    if workbook.sniff(Head(data, path.name)):
        document = workbook.read(data, Limits())
        assert isinstance(document, Document)
        return _sheet_rows(path, document)
    import csv  # costs start-up time

    text = _text(path, data)
    try:
        return list(enumerate(csv.reader(io.StringIO(text), strict=True), 1))
    except csv.Error as error:
        raise fault(path.name, str(error)) from error


def _sheet_rows(path: Path, document: Document) -> list[tuple[int, list[str]]]:
    for said in document.findings:
        if said.code in STALE:
            raise fault(path.name, _("the cell {cell} holds a formula without a sure result").format(
                cell=said.text))  # fmt: skip
    rows: list[tuple[int, list[str]]] = []
    for table in document.grids():
        texts = [[""] * table.cols for _row in range(table.rows)]
        for cell in table.cells:
            texts[cell.row][cell.col] = cell.text
        rows += enumerate(texts, 1)
        break
    return rows


def _text(path: Path, data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise fault(path.name, _("it is text in neither UTF-8 nor GB18030"))


def fault(place: str, what: str) -> BadInput:
    """A code table that cannot be used; `what` is a clause."""
    return BadInput(
        "code-table",
        _("The code table {place} cannot be used: {what}.").format(place=place, what=what),
        _("Correct it there, and convert again."),
    )
