"""What lies on the desk: the batch's ledger, and each source as it reads now, corrections made.

Nothing is kept here that is not in a file: corrections and sign-offs are beside the sources, and written
before an answer is given. Readings are kept as long as they are in use, a bounded number of them.
"""

import hashlib
from collections import OrderedDict
from pathlib import Path
from threading import Lock

import msgspec

from jixiao import corrections
from jixiao.batch.job import Made, Order, Task, work
from jixiao.batch.ledger import Ledger, Record, unpacked
from jixiao.convert import read_bytes
from jixiao.corrections import Corrections, Origin
from jixiao.errors import BadInput
from jixiao.messages import gettext as _
from jixiao.messages import language
from jixiao.model import Reading
from jixiao.passes import unchecked
from jixiao.review.known import Known, again, known
from jixiao.review.signoff import load
from jixiao.review.workers import Workers
from jixiao.storage import changed as last_change
from jixiao.storage import place
from jixiao.wish import Wish, for_input

KEPT = 24
"""Sources whose readings are held at a time."""


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
        found = self.peek(target)  # may take its time: others go on
        with self._lock:
            self._kept.pop(target, None)
            if found is not None:
                self._kept[target] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found

    def peek(self, target: str) -> Known | None:
        """The same, without taking it on the desk: what somebody works at stays there."""
        with self._lock:
            held = self._kept.get(target)
        return self._fresh(held) if held else self._read(target)

    def keep(self, target: str, known: Known, entries: tuple[corrections.Correction, ...]) -> Known:
        """Save these corrections in place of those that were seen; the source as it is then.

        Raises Conflict, BadOutput.
        """
        origin = Origin(name=known.source.name, sha256=known.record.sha256 or "")
        made = Corrections(source=origin, corrections=entries)
        revision = corrections.save(known.source, made, known.seen.revision)
        now = again(known, corrections.Seen(made, revision), load(known.source))
        with self._lock:
            self._kept[target] = now
        return now

    def wish(self, record: Record) -> Wish:
        """The profile and settings of a source: of the command line, the nearest jixiao.toml, the batch."""
        wish = for_input(place(record.location), self.order.wish)
        return wish if wish.profile else msgspec.structs.replace(wish, profile=record.profile)

    def _fresh(self, held: Known) -> Known | None:
        """The same, where nothing beside the source has changed."""
        with Ledger.open(self.folder) as ledger:
            finished = ledger.finished(held.record.target)
        if finished != held.record.finished:
            return self._read(held.record.target)
        seen, signed = corrections.fresh(held.source, held.seen), load(held.source)
        if (seen.revision, signed) == (held.seen.revision, held.signed):
            return held
        return again(held, seen, signed)

    def _read(self, target: str) -> Known | None:
        with Ledger.open(self.folder) as ledger:
            record, reading = ledger.record(target), ledger.reading(target)
        if record is None or reading is None:
            return None
        source = place(record.location)
        stale = changed(source, record)
        if record.corrections is not None and not stale:
            reading = self._read_anew(source, record)
        seen, signed = corrections.load(source), load(source)
        return known(record, source, self.wish(record), unchecked(reading), seen, signed, stale=stale)

    def _read_anew(self, source: Path, record: Record) -> Reading:
        """What the source says without its corrections, which the ledger's reading holds."""
        content = read_bytes(source, self.order.limits)
        task = Task(number=0, source=str(source), wish=self.wish(record), content=content)
        order = msgspec.structs.replace(self.order, to="json", reader=record.reader, language=language())
        made: Made = self.workers.do(work, order, task, language=language())
        if made.reading is None:
            raise BadInput(made.code or "no-sheet", made.said or "", "")
        return unpacked(made.reading)


def changed(source: Path, record: Record) -> bool:
    """Whether the source is another than was read, or is gone."""
    try:
        found = source.stat()
        if (found.st_size, last_change(found)) == (record.size, record.mtime):
            return False
        return hashlib.sha256(source.read_bytes()).hexdigest() != record.sha256
    except OSError:
        return True


def gone() -> BadInput:
    return BadInput(
        "source-changed",
        _("The source is not the one that was converted, or is gone."),
        _("Convert it again, then correct it."),
    )
