"""What needs a person, worst first: an index in memory of the ledger and the files beside the sources.

It answers for ten thousand sheets in milliseconds, since no reading is held. A source that was looked at or
corrected is put in anew.
"""

import sqlite3
from collections import OrderedDict
from collections.abc import Iterator
from itertools import chain, islice
from threading import RLock, Thread
from time import monotonic
from typing import Any, NamedTuple

from jixiao.batch.ledger import Ledger
from jixiao.batch.report.worklist import sheet_name
from jixiao.errors import BadInput, JixiaoError
from jixiao.messages import gettext as _
from jixiao.model import Finding
from jixiao.review import signoff
from jixiao.review.desk import KEPT, Desk
from jixiao.review.filling import OF_INPUT, Beside, agency, items, rows
from jixiao.review.known import Known, Look

PAGE = 50
"""Items on a page of the queue."""
AT_A_TIME = 250
"""Inputs that are put in at a time: a page waits for no more."""
PATIENCE = 0.4
"""Seconds from the beginning on in which a batch of usual size is whole: the first page waits so long."""
GROUPS = {"finding": "items.code", "file": "inputs.source", "agency": "sheets.agency"}
SCHEMA = """
CREATE TABLE inputs (id INTEGER PRIMARY KEY, target TEXT UNIQUE, source TEXT, code TEXT, said TEXT);
CREATE TABLE sheets (input, number, name, agency, state, who, at, PRIMARY KEY (input, number)) WITHOUT ROWID;
CREATE TABLE items (input, number, rank, code, severity, indicator, text, before, after, message);
CREATE INDEX items_input ON items (input, number);
CREATE INDEX items_rank ON items (rank, input, number);
CREATE INDEX items_code ON items (code);
"""


class Item(NamedTuple):
    """A finding that needs a person; `failed` where the input could not be read at all."""

    input: int
    number: int
    source: str
    sheet: str
    agency: str
    finding: Finding
    failed: bool


class Row(NamedTuple):
    """A sheet: `state` of its sign-off, who and when; `left` findings that are open."""

    input: int
    number: int
    source: str
    sheet: str
    agency: str
    state: str
    who: str
    at: str
    left: int


class Counts(NamedTuple):
    """What remains."""

    items: int
    sheets: int
    signed: int
    failed: int


class _Shown(NamedTuple):
    """What is put in of a sheet: its look, its sign-off and, with the first, what is said of the file."""

    look: Look
    signature: tuple[signoff.State, signoff.Signature] | None
    document: tuple[Finding, ...]


class Queue:
    def __init__(self, desk: Desk) -> None:
        self.desk, self._lock = desk, RLock()
        self._db = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._db.executescript(SCHEMA)
        self._shown: OrderedDict[int, tuple[_Shown, ...]] = OrderedDict()
        self._filling = Thread(target=self._fill, daemon=True, name="jixiao-queue")
        self._began, self._whole = monotonic(), False
        self._filling.start()

    def settle(self) -> None:
        """Wait a moment, if it has only just begun to be filled."""
        self._filling.join(max(0.0, self._began + PATIENCE - monotonic()))

    @property
    def is_whole(self) -> bool:
        """Whether every input of the batch is in: of a large one the first are shown at once."""
        return self._whole

    def wait(self) -> None:
        """Until it is whole: what goes out must lack nothing. Raises BadInput where it never will be."""
        self._filling.join()
        if not self._whole:
            raise BadInput(
                "unreadable",
                _("The batch could not be looked through to its end."),
                _("Close the desk, convert the batch again, and open the desk anew."),
            )

    def refresh(self, known: Known) -> None:
        """Put a source in as it is now."""
        with self._lock, self._db:
            number = self.id(known.record.target)
            if number is not None:
                self._db.execute("BEGIN")
                self._put(number, known)
                self._db.execute("COMMIT")

    def id(self, target: str) -> int | None:
        found = self._one("SELECT id FROM inputs WHERE target = ?", target)
        return None if found is None else int(found[0])

    def target(self, number: int) -> str | None:
        found = self._one("SELECT target FROM inputs WHERE id = ?", number)
        return None if found is None else str(found[0])

    def counts(self) -> Counts:
        found = self._one(
            "SELECT (SELECT count(*) FROM items WHERE number >= 0), (SELECT count(*) FROM sheets),"
            " (SELECT count(*) FROM sheets WHERE state = 'signed'),"
            " (SELECT count(*) FROM inputs WHERE code IS NOT NULL)"
        )
        assert found is not None
        return Counts(*found)

    def groups(self, by: str) -> list[tuple[str, int, str]]:
        """The groups with how much remains in each and the worst severity, the worst and largest first."""
        column = GROUPS[by]
        return self._all(
            f"SELECT coalesce({column}, ''), count(*) AS n, min(severity) {_FROM}"
            " GROUP BY 1 ORDER BY min(rank), n DESC, 1"
        )

    def items(self, by: str | None = None, group: str | None = None, page: int = 0) -> list[Item]:
        where, given = "", []
        if by is not None and group is not None:
            where, given = f"WHERE coalesce({GROUPS[by]}, '') = ?", [group]
        rows = self._all(
            f"SELECT {_ITEM} {_FROM} {where} ORDER BY rank, items.input, items.number, items.rowid"
            " LIMIT ? OFFSET ?", *given, PAGE, page * PAGE,
        )  # fmt: skip
        return [_item(row) for row in rows]

    def after(self, number: int, sheet: int) -> tuple[int, int] | None:
        """The next sheet with something left: in the order of the sheets, beginning anew at the end."""
        later = "SELECT input, number FROM items WHERE number >= 0 AND {} ORDER BY input, number LIMIT 1"
        found = self._one(later.format("(input, number) > (?, ?)"), number, sheet) or self._one(
            later.format("(input, number) < (?, ?)"), number, sheet
        )
        return None if found is None else (int(found[0]), int(found[1]))

    def beside(self, number: int, sheet: int, step: int) -> tuple[int, int] | None:
        """The sheet before (-1) or after (1), whether or not something is left."""
        sign, order = (">", "ASC") if step > 0 else ("<", "DESC")
        found = self._one(
            f"SELECT input, number FROM sheets WHERE (input, number) {sign} (?, ?)"
            f" ORDER BY input {order}, number {order} LIMIT 1", number, sheet,
        )  # fmt: skip
        return None if found is None else (int(found[0]), int(found[1]))

    def sheets(self, state: str | None = None, agency: str | None = None) -> Iterator[Row]:
        given = [text for text in (state, agency) if text is not None]
        where = " AND ".join(
            clause for clause, text in (("state = ?", state), ("agency = ?", agency)) if text is not None
        )
        rows = self._all(
            "SELECT input, number, source, name, agency, state, who, at, (SELECT count(*) FROM items"
            " WHERE items.input = sheets.input AND items.number = sheets.number) FROM sheets"
            f" JOIN inputs ON inputs.id = sheets.input {'WHERE ' + where if where else ''}"
            " ORDER BY input, number", *given,
        )  # fmt: skip
        yield from (Row(*row) for row in rows)

    def failed(self) -> list[tuple[str, str]]:
        """The inputs that could not be read, and why."""
        return self._all("SELECT source, coalesce(said, code) FROM inputs WHERE code IS NOT NULL ORDER BY id")

    def _fill(self) -> None:
        later, beside, profile = [], Beside(), self.desk.order.wish.profile
        with Ledger.open(self.desk.folder) as ledger:
            records = enumerate(ledger.records(), 1)
            while some := list(islice(records, AT_A_TIME)):
                made = [rows(number, record, ledger.packed(record.target)) for number, record in some]
                with self._lock:
                    self._db.execute("BEGIN")
                    for name, width in (("inputs", 5), ("sheets", 7), ("items", 10)):
                        held = chain.from_iterable(getattr(one, name) for one in made)
                        self._db.executemany(f"INSERT INTO {name} VALUES ({','.join('?' * width)})", held)
                    self._db.execute("COMMIT")
                later += [record.target for _number, record in some if beside.differs(record, profile)]
        for target in later:
            self._look_again(target)
        self._whole = True

    def _look_again(self, target: str) -> None:
        try:
            if known := self.desk.peek(target):
                self.refresh(known)
        except JixiaoError:  # it is told when somebody opens the sheet
            return

    def _put(self, number: int, known: Known) -> None:
        """Those of its sheets that are not shown as they are now."""
        shown = self._shown.pop(number, ())
        now = tuple(_shown(known, k) for k in range(len(known.looks)))
        if len(shown) != len(now):
            self._db.execute("DELETE FROM items WHERE input = ? AND number >= 0", (number,))
            self._db.execute("DELETE FROM sheets WHERE input = ?", (number,))
            shown = ()
        for k, one in enumerate(now):
            if not shown or shown[k].look is not one.look or shown[k][1:] != one[1:]:
                self._put_sheet(number, k, known)
        self._shown[number] = now
        while len(self._shown) > KEPT:
            self._shown.popitem(last=False)

    def _put_sheet(self, number: int, k: int, known: Known) -> None:
        self._db.execute("DELETE FROM items WHERE input = ? AND number = ?", (number, k))
        self._db.execute("DELETE FROM sheets WHERE input = ? AND number = ?", (number, k))
        sheet = known.looks[k].sheet
        state, one = known.signatures.get(k, ("open", None))
        told = (state, one.who if one else "", one.when if one else "")
        row = (number, k, sheet_name(sheet), agency(sheet), *told)
        self._db.execute("INSERT INTO sheets VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        if state != "signed":  # who signs takes on what was left
            left = items(number, k, known.loud(k))
            self._db.executemany("INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", left)

    def _one(self, query: str, *given: Any) -> tuple[Any, ...] | None:
        with self._lock:
            found: tuple[Any, ...] | None = self._db.execute(query, given).fetchone()
            return found

    def _all(self, query: str, *given: Any) -> list[Any]:
        with self._lock:
            return self._db.execute(query, given).fetchall()


_FROM = (
    "FROM items JOIN inputs ON inputs.id = items.input"
    " LEFT JOIN sheets ON sheets.input = items.input AND sheets.number = items.number"
)
_ITEM = (
    "items.input, items.number, inputs.source, sheets.name, sheets.agency, items.code, severity, message,"
    " indicator, text, before, after"
)


def _item(row: tuple[Any, ...]) -> Item:
    number, k, source, name, of, code, severity, message, indicator, text, before, after = row
    found = Finding(
        code=code,
        severity=severity,
        message=message,
        indicator=indicator,
        text=text,
        before=before,
        after=after,
    )
    return Item(number, k, source, name or "", of or "", found, k == OF_INPUT)


def _shown(known: Known, k: int) -> _Shown:
    return _Shown(known.looks[k], known.signatures.get(k), known.reading.findings if k == 0 else ())
