"""What has been done with each input, in a database beside the outputs: OUT/.jixiao/ledger.db (SQLite).

A row says what an input was, what was asked of it and what became of it, so that the next run does only
what has changed. One process writes; others may read meanwhile. Rows are committed in groups: a run that is
killed forgets what it did in the last moment, and does that again.
"""

import os
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import msgspec

from jixiao.batch.names import Named
from jixiao.batch.outcome import Found, Kind
from jixiao.errors import BadUsage, JixiaoError
from jixiao.messages import gettext as _
from jixiao.model import Reading, Struct
from jixiao.storage import identity, real

if TYPE_CHECKING:
    import sqlite3

FOLDER, NAME = ".jixiao", "ledger.db"
VERSION = 1
COMMIT_EVERY = 0.25
"""Seconds between commits."""
SURROUNDINGS = {3, 5, 6, 8, 10, 13, 14}
"""SQLite's codes for what is no fault of the ledger: PERM BUSY LOCKED READONLY IOERR FULL CANTOPEN."""


class BadLedger(JixiaoError):
    """The system does not let the ledger be used: nothing more can be done in its folder."""


class Output(Struct):
    """A file that was written: its path below the output folder, its size in bytes.

    `looked`, in seconds since 1970, is when its content was last seen to be its own, and `mtime`, in
    nanoseconds, when it had been changed then (jixiao.storage.changed): in a run after the one that wrote it.
    """

    path: str
    sha256: str
    size: int
    mtime: int | None = None
    looked: float = 0.0


class Record(Struct, kw_only=True):
    """One input as the ledger knows it.

    `source` is its path below the inputs, `location` where it was found, `target` the name of its output
    below the output folder, another for each input. `outcome` is that of the last run, `ended` what it came
    to when it was last worked on: they differ where it is skipped-unchanged. `plugins` are versions by
    "group/name"; `options` is a fingerprint of all that was asked and could have changed the outputs;
    `corrections` is the SHA-256 of the corrections beside the source. `finished` is in seconds since 1970,
    `mtime` in nanoseconds (jixiao.storage.changed).
    """

    target: str
    source: str
    location: str
    outcome: Kind
    ended: Kind
    finished: float
    seconds: float = 0.0
    code: str | None = None
    said: str | None = None
    size: int | None = None
    mtime: int | None = None
    sha256: str | None = None
    corrections: str | None = None
    to: str
    profile: str | None = None
    reader: str | None = None
    reader_version: str | None = None
    plugins: dict[str, str]
    options: str
    outputs: tuple[Output, ...] = ()
    findings: Found = ()


COLUMNS = tuple(field.name for field in msgspec.structs.fields(Record))
PACKED = ("plugins", "outputs", "findings")
"""Columns that hold JSON."""
_COLUMNS = ", ".join(f'"{name}"' for name in COLUMNS)
_PUT = f"INSERT OR REPLACE INTO inputs VALUES ({', '.join('?' * (len(COLUMNS) + 2))})"

_WRITTEN = """
SELECT target FROM given WHERE folder = ? UNION SELECT target FROM inputs WHERE folder = ? AND outputs != '[]'
"""
SCHEMA = f"""
CREATE TABLE IF NOT EXISTS inputs (
    {_COLUMNS}, folder NOT NULL, run NOT NULL, PRIMARY KEY (target)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_folder ON inputs (folder);
CREATE TABLE IF NOT EXISTS readings (target PRIMARY KEY, reading BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS clips (target PRIMARY KEY, clips BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS given (target PRIMARY KEY, folder NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS runs (run INTEGER PRIMARY KEY, began REAL NOT NULL, ended REAL);
"""


class Ledger:
    """The ledger of one output folder. What it hands out is of the last run, unless it says otherwise."""

    def __init__(self, connection: "sqlite3.Connection", place: Path) -> None:
        self._db, self._place = connection, place
        self._committed = time.monotonic()
        self._run: int | None = None
        self._file = identity(place / NAME)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The ledger of an output folder, made where there is none.

        Raises BadUsage where the folder or the ledger cannot be used, BadLedger where the system does not
        let it: so do all methods.
        """
        import sqlite3  # costs start-up time, and one conversion has no ledger

        place = _place(folder)
        with _told(place):
            connection = sqlite3.connect(place / NAME, isolation_level=None, timeout=30)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.executescript(SCHEMA)
            _require_version(connection)
        return cls(connection, place)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        try:
            self.commit()
        finally:
            self._db.close()

    # -- reading: what the report is made of

    def records(self, *, every: bool = False) -> Iterator[Record]:
        """By target, those of the last run; `every`: also of inputs that the last run did not meet."""
        where = "" if every else f"WHERE run = {self._last_run()}"
        with _told(self._place):
            yield from map(
                _record, self._db.execute(f"SELECT {_COLUMNS} FROM inputs {where} ORDER BY target")
            )

    def record(self, target: str) -> Record | None:
        with _told(self._place):
            found = self._of(target, _COLUMNS, "inputs")
            return None if found is None else _record(found)

    def finished(self, target: str) -> float | None:
        """When the input of that target was done, to see at little cost whether it was done anew."""
        found = self._of(target, "finished", "inputs")
        return None if found is None else float(found[0])

    def reading(self, target: str) -> Reading | None:
        """What the input of that target says, as it was last read; None where it could not be read."""
        found = self.packed(target)
        with _told(self._place):
            return None if found is None else unpacked(found)

    def packed(self, target: str) -> bytes | None:
        """That reading as `packed` gave it."""
        found = self._of(target, "reading", "readings")
        return None if found is None else bytes(found[0])

    def clips(self, target: str) -> bytes | None:
        """The pictures of what is doubtful in the input of that target (jixiao.batch.clips)."""
        found = self._of(target, "clips", "clips")
        return None if found is None else bytes(found[0])

    def names(self, folder: str, to: str) -> list[Named]:
        """The targets in a folder ("" is the output folder itself) for a format, of whatever run."""
        return [
            Named(*row)
            for row in self._all(
                'SELECT target, location, source FROM inputs WHERE folder = ? AND "to" = ?', (folder, to)
            )
        ]

    def interrupted(self) -> bool:
        """Whether the last run came to no end."""
        return self._all("SELECT ended FROM runs ORDER BY run DESC LIMIT 1") == [(None,)]

    # -- writing: the one run

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One run at a time in an output folder (not on Windows, which has no such locks).

        The lock ends with the process, however that ends. Raises BadUsage where another run has it.
        """
        try:
            import fcntl
        except ImportError:
            yield
            return
        try:
            lock = os.open(self._place / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
        except OSError as error:
            raise _no_folder(self._place, error) from error
        try:
            try:
                fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise BadUsage(
                    "folder-in-use",
                    _("Another run is writing to {path}.").format(path=self._place.parent),
                    _("Wait for its end, or name another folder with --output."),
                ) from error
            yield
        finally:
            os.close(lock)

    def begin(self) -> None:
        """A new run; what it meets is marked as its own."""
        self._all("INSERT INTO runs (began) VALUES (?)", (time.time(),))
        self._run = self._last_run()

    def give(self, targets: Iterable[str]) -> None:
        """Say of outputs that this run may write them, before it does: none is then taken for an input."""
        for target in targets:
            self._write("INSERT OR REPLACE INTO given VALUES (?, ?)", (target, _folder(target)))
        self.commit()

    def end(self) -> None:
        self._all("DELETE FROM given")
        self.commit()
        self._all("UPDATE runs SET ended = ? WHERE run = ?", (time.time(), self._last_run()))
        if identity(self._place / NAME) != self._file:
            raise BadLedger(
                "ledger-gone",
                _("{path} was taken away while it was written to.").format(path=self._place.parent),
                _("Run the same command again: what is missing is then converted."),
            )

    def put(
        self, record: Record, reading: bytes | None = None, clips: bytes | None = None, *, new: bool = False
    ) -> None:
        """Keep a record in place of the earlier one of its target (`new`: there is none); `reading` as
        `packed` gives it."""
        self._write(_PUT, (*_row(record), _folder(record.target), self._of_run()))
        for table, data in (("readings", reading), ("clips", clips)):
            if data is None and new:
                continue
            if data is None:
                self._write(f"DELETE FROM {table} WHERE target = ?", (record.target,))
            else:
                self._write(f"INSERT OR REPLACE INTO {table} VALUES (?, ?)", (record.target, data))

    def see(self, record: Record) -> None:
        """The same record again, in this run; its reading stays."""
        self._write(_PUT, (*_row(record), _folder(record.target), self._of_run()))

    def commit(self) -> None:
        if self._db.in_transaction:
            self._all("COMMIT")
        self._committed = time.monotonic()

    def _write(self, statement: str, values: Iterable[Any]) -> None:
        with _told(self._place):
            if not self._db.in_transaction:
                self._db.execute("BEGIN IMMEDIATE")
            self._db.execute(statement, tuple(values))
        if time.monotonic() - self._committed > COMMIT_EVERY:
            self.commit()

    def _of_run(self) -> int:
        return self._last_run() if self._run is None else self._run

    def _last_run(self) -> int:
        return int(self._all("SELECT coalesce(max(run), 0) FROM runs")[0][0])

    def _of(self, target: str, columns: str, table: str) -> tuple[Any, ...] | None:
        found = self._all(f"SELECT {columns} FROM {table} WHERE target = ?", (target,))
        return found[0] if found else None

    def _all(self, statement: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        with _told(self._place):
            return self._db.execute(statement, values).fetchall()


def written(out: Path, folder: Path) -> frozenset[str]:
    """The names in a folder of the output folder `out` that its ledger says are outputs, of all formats."""
    place = out / FOLDER
    if not (place / NAME).is_file():
        return frozenset()
    import sqlite3

    below = Path(real(folder)).relative_to(real(out)).as_posix()
    with (
        _told(place),
        closing(sqlite3.connect((place / NAME).absolute().as_uri() + "?mode=ro", uri=True)) as db,
    ):
        rows = db.execute(_WRITTEN, ("" if below == "." else below,) * 2).fetchall()
    return frozenset(target.rpartition("/")[2] for (target,) in rows)


def packed(reading: Reading) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(reading), 6)


def unpacked(data: bytes) -> Reading:
    return msgspec.msgpack.decode(zlib.decompress(data), type=Reading)


def _require_version(connection: "sqlite3.Connection") -> None:
    """Mark a new ledger; raise sqlite3.DatabaseError for one of a later release."""
    import sqlite3

    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise sqlite3.DatabaseError(f"version {version} > {VERSION}")
    if version != VERSION:  # writing it anew each time would cost a flush to the disk
        connection.execute(f"PRAGMA user_version = {VERSION}")


def _place(folder: Path) -> Path:
    """Where the ledger stands, a folder of this output folder's own. Raises BadUsage."""
    place = folder / FOLDER
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _no_folder(folder, error) from error
    if place.is_symlink() or (place / NAME).is_symlink():
        raise BadUsage(
            "output-outside",
            _("The ledger {path} would stand outside the output folder.").format(path=place / NAME),
            _("Remove the link in the output folder that leads out of it."),
        )
    return place


def _no_folder(folder: Path, error: OSError) -> BadUsage:
    return BadUsage(
        "output-folder",
        _("The folder {path} cannot be written to: {reason}.").format(
            path=folder, reason=error.strerror or error
        ),
        _("Name a folder with --output that you may write in, and that no file has the name of."),
    )


@contextmanager
def _told(place: Path) -> Iterator[None]:
    """What the database says in the block goes wrong, in words for people: BadLedger."""
    import sqlite3

    try:
        yield
    except (sqlite3.Error, msgspec.MsgspecError, zlib.error) as error:
        what = _("The ledger {path} cannot be used: {why}.").format(path=place / NAME, why=error)
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in SURROUNDINGS:
            do = _("See that the disk has room and that you alone write there; then run the same again.")
            raise BadLedger("bad-ledger", what, do) from error
        do = _("Move it away; the next run with --force then converts everything anew.")
        raise BadUsage("bad-ledger", what, do) from error


def _row(record: Record) -> Iterator[Any]:
    for name in COLUMNS:
        value = getattr(record, name)
        yield msgspec.json.encode(value).decode() if name in PACKED else value


def _record(row: tuple[Any, ...]) -> Record:
    values = dict(zip(COLUMNS, row, strict=True))
    for name in PACKED:
        values[name] = msgspec.json.decode(values[name])
    return msgspec.convert(values, Record)


def _folder(target: str) -> str:
    return target.rpartition("/")[0]
