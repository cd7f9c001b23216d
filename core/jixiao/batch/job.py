"""One document converted, in whichever process: a task in, what came of it out.

At most an output is begun here, under a temporary name: flushing it to the disk takes as long as converting.
"""

import importlib
import io
import os
import time
from collections import Counter
from pathlib import Path

import msgspec

from jixiao import output
from jixiao.batch.clips import CODES, clips
from jixiao.batch.ledger import packed
from jixiao.batch.outcome import Found
from jixiao.convert import Blame, printable, read, unreadable, written
from jixiao.corrections import revision, seen, stored
from jixiao.digest import sha256
from jixiao.errors import JixiaoError, over_limit
from jixiao.findings import finding
from jixiao.installed import Settings, use
from jixiao.limits import Limits
from jixiao.model import Reading, Struct
from jixiao.passes import before_write
from jixiao.storage import StoreErrors, changed, is_remote, place
from jixiao.wish import Wish

PRINTED_WITHOUT_SHEET = (
    "json"  # contract: an input without a sheet has failed; as JSON it is shown all the same
)


class Order(Struct, kw_only=True):
    """What is wanted of every job; `reader` None lets the content tell.

    `plugins` are the settings in force and `language` that of messages, wherever the job is done.
    """

    to: str
    reader: str | None = None
    force: bool = False
    limits: Limits = Limits()
    debug: bool = False
    wish: Wish = Wish()
    plugins: Settings = Settings()
    language: str = "en"


class Task(Struct, kw_only=True):
    """One input. Where its content is the `known` one (SHA-256), there is nothing to do.

    `content` and `fixes`, the corrections beside it, come with it where no other process sees the file.
    `begun` is the temporary name under which the output is written; None: it is handed back.
    """

    number: int
    source: str
    wish: Wish
    known: str | None = None
    content: bytes | None = None
    fixes: bytes | None = None
    begun: str | None = None


class Made(Struct, kw_only=True):
    """What came of a task. `digest` (SHA-256) and `length` are the output's, None and 0 where there is none.

    `data` is the output itself, None where it was begun; `reading` and `clips` are packed.
    `corrections` is the hash of those that were made, `mtime` in nanoseconds; `code`, `said`, `trace` and
    `findings` as in jixiao.batch.outcome.Outcome.
    """

    unchanged: bool = False
    sha256: str | None = None
    corrections: str | None = None
    size: int | None = None
    mtime: int | None = None
    code: str | None = None
    said: str | None = None
    trace: str | None = None
    findings: Found = ()
    reader: str | None = None
    reader_version: str | None = None
    data: bytes | None = None
    digest: str | None = None
    length: int = 0
    reading: bytes | None = None
    clips: bytes | None = None
    seconds: float = 0.0


def warm() -> None:
    """Import what each job needs, so that processes forked from this one have it."""
    for module in ("jixiao.interpret", "jixiao.layout"):
        importlib.import_module(module)


def work(order: Order, task: Task) -> Made:
    """Convert one input. Errors are in what it gives; what is no Exception passes through."""
    began = time.perf_counter()
    use(order.plugins)
    os.environ["JIXIAO_LANG"] = order.language
    made = _Making()
    try:
        with Blame("jixiao"):
            made.convert(order, task)
            made.begin(task.begun)
    except JixiaoError as error:
        made.tell(code=error.code, said=printable(str(error)), trace=_trace(error) if order.debug else None)
    return msgspec.structs.replace(made.made, seconds=round(time.perf_counter() - began, 4))


def handed_over(order: Order, task: Task) -> bytes:
    """What came of a task for another process: plain data, whatever a plugin has put in its findings."""
    made = work(order, task)
    try:
        with Blame("jixiao"):
            data = msgspec.msgpack.encode(made)
            taken_over(data)
    except JixiaoError as error:
        return msgspec.msgpack.encode(Made(code=error.code, said=printable(str(error)), sha256=made.sha256))
    return data


def taken_over(data: bytes) -> Made:
    return msgspec.msgpack.decode(data, type=Made)


class _Making:
    """What is known of a document so far: a fault leaves what was found out before it."""

    def __init__(self) -> None:
        self.made = Made()

    def tell(self, **facts: object) -> None:
        self.made = msgspec.structs.replace(self.made, **facts)

    def convert(self, order: Order, task: Task) -> None:
        content = self._content(task, order.limits.size)
        if task.known is not None and task.known == self.made.sha256:
            self.tell(unchanged=True)
            return
        path, profile = place(task.source), task.wish.profile
        beside = stored(path) if task.content is None else task.fixes
        self.tell(corrections=revision(beside))
        reading = read(
            content, path.name, reader=order.reader, limits=order.limits, profile=profile,
            fixes=seen(beside, path.name).corrections,
        )  # fmt: skip
        found = _numbered(reading)
        self.tell(findings=found, reading=packed(reading))
        if any(f.code in CODES for _sheet, f in found):
            self.tell(clips=clips(content, path.name, found, order.limits, order.reader))
        if reading.source is not None:
            self.tell(reader=reading.source.reader, reader_version=reading.source.reader_version)
        if not reading.sheets:
            self.tell(code="no-sheet", said=finding("no-sheet").message)
        if reading.sheets and profile is not None and _holds_records(order.to):
            self._upload(reading, order.to, task.wish)
        elif reading.sheets or order.to == PRINTED_WITHOUT_SHEET:
            filtered = before_write(reading, order.to)
            self.tell(findings=(*self.made.findings, *_added(reading, filtered)))
            self.tell(data=written(filtered, order.to))

    def begin(self, name: str | None) -> None:
        data = self.made.data
        if data is None:
            return
        if name is not None:
            output.begin(Path(name), data)
            self.tell(data=None)
        self.tell(digest=sha256(data), length=len(data))

    def _content(self, task: Task, most: int) -> bytes:
        path, content, when = place(task.source), task.content, None
        size = 0
        if content is None:
            try:
                with StoreErrors(path), path.open("rb") as stream:
                    found = path.stat() if is_remote(path) else os.fstat(stream.fileno())
                    size, when = found.st_size, changed(found)
                    content = b"" if size > most else stream.read(most + 1)
            except OSError as error:
                raise unreadable(error) from error
        if (size := max(size, len(content))) > most:
            raise over_limit("size", size, most)
        self.tell(sha256=sha256(content), size=len(content), mtime=when)
        return content

    def _upload(self, reading: Reading, to: str, wish: Wish) -> None:
        """A profile's file, or why there is none; the findings as the profile sees them."""
        from jixiao.batch.upload import Uploader, withheld

        uploader, out = Uploader(wish), io.BytesIO()
        reading = before_write(reading, to)
        uploader.write(reading.sheets, to, out)
        self.tell(findings=(*((None, f) for f in reading.findings), *uploader.findings))
        if uploader.errors and not wish.draft:
            self.tell(said=withheld())
        else:
            self.tell(data=out.getvalue())


def _holds_records(to: str) -> bool:
    from jixiao.batch.upload import holds_records  # profiles cost start-up time

    return holds_records(to)


def _numbered(reading: Reading) -> Found:
    of_document: Found = tuple((None, f) for f in reading.findings)
    return (*of_document, *((n, f) for n, sheet in enumerate(reading.sheets, 1) for f in sheet.findings))


def _added(reading: Reading, filtered: Reading) -> Found:
    """What filters say as they pass a reading on; rows are named where they are those that were read."""
    if filtered is reading:
        return ()
    added = Counter(_numbered(filtered)) - Counter(_numbered(reading))
    rows = [tuple(row.level3 for row in sheet.indicators) for sheet in reading.sheets]
    same = [tuple(row.level3 for row in sheet.indicators) for sheet in filtered.sheets] == rows
    return tuple(
        (number if same else None, found if same else msgspec.structs.replace(found, indicator=None))
        for number, found in added.elements()
    )


def _trace(error: JixiaoError) -> str:
    import traceback

    return printable("".join(traceback.format_exception(error)))
