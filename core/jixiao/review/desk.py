"""What lies on the desk: the batch's ledger, and each source as it reads now, corrections made.

Nothing is kept here that is not in a file: corrections and sign-offs are beside the sources, and written
before an answer is given. Readings are kept as long as they are in use, a bounded number of them.
"""

import hashlib
from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import msgspec

from jixiao import corrections
from jixiao.batch.job import Made, Order, Task, work
from jixiao.batch.ledger import Ledger, Record, unpacked
from jixiao.batch.upload import Uploader
from jixiao.convert import read_bytes
from jixiao.corrections import Corrections, Origin, Seen
from jixiao.errors import BadInput, JixiaoError
from jixiao.findings import finding
from jixiao.messages import gettext as _
from jixiao.messages import language
from jixiao.model import Finding, Reading, Sheet
from jixiao.passes import checked, unchecked
from jixiao.review.signoff import Signature, Signed, State, load, state
from jixiao.review.workers import Workers
from jixiao.storage import mtime, place
from jixiao.wish import Wish, for_input

KEPT = 24
"""Sources whose readings are held at a time."""
LOUD = ("error", "warning")


class Known(NamedTuple):
    """A source as it was last looked at; `base` is what was read, `reading` with its corrections and checks.

    `stale`: the source is another than the batch has read. `problems` are what a person should look at, by
    index of the sheet: its findings as the profile sees them.
    """

    record: Record
    source: Path
    base: Reading
    seen: Seen
    reading: Reading
    signed: Signed
    signatures: dict[int, tuple[State, Signature]]
    problems: dict[int, tuple[Finding, ...]]
    stale: bool = False

    def loud(self, number: int) -> list[Finding]:
        """What needs a person in a sheet, worst first; those of the document with its first sheet."""
        of_document = [f for f in self.reading.findings if f.severity in LOUD] if number == 0 else []
        found = [f for f in (*of_document, *self.problems.get(number, ())) if f.severity in LOUD]
        return sorted(found, key=weight)

    def entries(self, number: int) -> list[tuple[int, corrections.Correction]]:
        """The corrections of a sheet, each with its index in the file; of the document with the first."""
        every = self.seen.corrections.corrections if self.seen.corrections else ()
        return [(k, one) for k, one in enumerate(every) if self._is_of(one, number)]

    def _is_of(self, one: corrections.Correction, number: int) -> bool:
        if one.sheet is None:
            return number == 0
        return number in (
            corrections.find(one.sheet, sheets) for sheets in (self.reading.sheets, self.base.sheets)
        )

    def version(self, number: int) -> str:
        """Equal as long as nobody has corrected the sheet."""
        held = [self.record.sha256, *(one for _k, one in self.entries(number))]
        return hashlib.sha256(msgspec.json.encode(held)).hexdigest()[:24]


LOST = ("value-missing", "name-missing", "level-missing")


def weight(one: Finding) -> int:
    """The worst is the least: what stands in the way, what the source has lost, what is doubtful."""
    return 0 if one.severity == "error" else 1 if one.code in LOST else 2


class Desk:
    """The sources of one output folder; `order` has what the user says now, over what was asked then."""

    def __init__(self, folder: Path, order: Order, workers: Workers) -> None:
        self.folder, self.order, self.workers = folder, order, workers
        self._kept: OrderedDict[str, Known] = OrderedDict()
        self._lock = Lock()

    def records(self) -> list[Record]:
        with Ledger.open(self.folder) as ledger:
            return list(ledger.records())

    def known(self, target: str) -> Known | None:
        """The source as it is now; None where there is none of that target, or it could not be read."""
        with self._lock:
            held = self._kept.get(target)
        found = self._fresh(held) if held else self._read(target)  # may take its time: others go on
        with self._lock:
            self._kept.pop(target, None)
            if found is not None:
                self._kept[target] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found

    def keep(self, target: str, known: Known, entries: tuple[corrections.Correction, ...]) -> str:
        """Save these corrections in place of those that were seen. Raises Conflict, BadOutput."""
        origin = Origin(name=known.source.name, sha256=known.record.sha256 or "")
        made = Corrections(source=origin, corrections=entries)
        return corrections.save(known.source, made, known.seen.revision)

    def wish(self, record: Record) -> Wish:
        """The profile and settings of a source: of the command line, the nearest jixiao.toml, the batch."""
        wish = for_input(place(record.location), self.order.wish)
        return wish if wish.profile else msgspec.structs.replace(wish, profile=record.profile)

    def tried(self, known: Known, entries: tuple[corrections.Correction, ...]) -> Reading:
        """What the source would read with these corrections."""
        origin = Origin(name=known.source.name, sha256=known.record.sha256 or "")
        made = Corrections(source=origin, corrections=entries)
        return checked(corrections.apply(known.base, made, origin.sha256))

    def _fresh(self, held: Known) -> Known | None:
        """The same, where nothing beside the source has changed."""
        record = self._record(held.record.target)
        if record is None or record.finished != held.record.finished:
            return self._read(held.record.target)
        seen, signed = corrections.load(held.source), load(held.source)
        if (seen.revision, signed) == (held.seen.revision, held.signed):
            return held
        return self._made(record, held.source, held.base, seen, signed, held.stale)

    def _record(self, target: str) -> Record | None:
        with Ledger.open(self.folder) as ledger:
            return ledger.record(target)

    def _read(self, target: str) -> Known | None:
        with Ledger.open(self.folder) as ledger:
            record, reading = ledger.record(target), ledger.reading(target)
        if record is None or reading is None:
            return None
        source = place(record.location)
        stale = changed(source, record)
        if record.corrections is not None and not stale:
            reading = self._read_anew(source, record)
        return self._made(record, source, unchecked(reading), corrections.load(source), load(source), stale)

    def _read_anew(self, source: Path, record: Record) -> Reading:
        """What the source says without its corrections, which the ledger's reading holds."""
        content = read_bytes(source, self.order.limits)
        task = Task(number=0, source=str(source), wish=self.wish(record), content=content)
        order = msgspec.structs.replace(self.order, to="json", reader=record.reader, language=language())
        made: Made = self.workers.do(work, order, task, language=language())
        if made.reading is None:
            raise BadInput(made.code or "no-sheet", made.said or "", "")
        return unpacked(made.reading)

    def _made(
        self, record: Record, source: Path, base: Reading, seen: Seen, signed: Signed, stale: bool
    ) -> Known:
        reading = base
        if seen.corrections is not None:
            reading = corrections.apply(base, seen.corrections, record.sha256 or "")
        reading = checked(reading)
        return Known(
            record, source, base, seen, reading, signed, state(signed, reading.sheets, stale=stale),
            self._problems(record, reading), stale,
        )  # fmt: skip

    def _problems(self, record: Record, reading: Reading) -> dict[int, tuple[Finding, ...]]:
        wish = self.wish(record)
        return {k: problems(sheet, wish) for k, sheet in enumerate(reading.sheets)}


def problems(sheet: Sheet, wish: Wish) -> tuple[Finding, ...]:
    """The sheet's findings; with a profile, as the profile sees them, and its own."""
    if wish.profile is None:
        return sheet.findings
    try:
        uploader = Uploader(wish)
    except JixiaoError as error:
        return (*sheet.findings, Finding(code=error.code, severity="error", message=str(error)))
    for _row in uploader.rows([sheet]):
        pass
    return tuple(f for _number, f in uploader.findings)


def changed(source: Path, record: Record) -> bool:
    """Whether the source is another than was read, or is gone."""
    try:
        if (source.stat().st_size, mtime(source)) == (record.size, record.mtime):
            return False
        return hashlib.sha256(source.read_bytes()).hexdigest() != record.sha256
    except OSError:
        return True


def said(one: Finding) -> str:
    """The finding's message in the language of who looks at it now."""
    from jixiao.findings import FINDINGS

    if one.code not in FINDINGS:
        return one.message
    return finding(one.code, text=one.text, before=one.before, after=one.after).message


def gone() -> BadInput:
    return BadInput(
        "source-changed",
        _("The source is not the one that was converted, or is gone."),
        _("Convert it again, then correct it."),
    )
