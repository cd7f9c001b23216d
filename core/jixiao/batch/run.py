"""Doing the jobs: whatever one input does, the others are converted, and the ledger knows of each."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from jixiao import output
from jixiao.batch.asked import Asked
from jixiao.batch.failures import FAILURES, Failure
from jixiao.batch.inputs import Job, Plan
from jixiao.batch.job import Made, Order, Task, handed_over, taken_over, warm
from jixiao.batch.ledger import Ledger, Output, Record
from jixiao.batch.near import done_here
from jixiao.batch.outcome import Outcome
from jixiao.convert import Blame, printable
from jixiao.corrections import revision, stored
from jixiao.digest import sha256
from jixiao.errors import BadInput, JixiaoError
from jixiao.hookspecs import Executor, Lost, Means
from jixiao.messages import gettext as _
from jixiao.output import BadOutput
from jixiao.plugins import EXECUTORS, registry
from jixiao.storage import changed, identity, is_remote, location, only_here
from jixiao.wish import Wish, for_input

Tell = Callable[[Outcome], None]
RACY = 2.0
"""Seconds: a file changed so shortly before it was looked at may change again within one time stamp."""


def run(plan: Plan, order: Order, tell: Tell, *, executor: str = "local", means: Means) -> None:
    """Do all jobs of a plan and tell each outcome, as soon as it is there.

    With an output folder, what was done before is not done again (jixiao.batch.ledger). Raises BadUsage where
    the folder is in use, PluginError where the executor is missing or breaks. KeyboardInterrupt goes through.
    """
    if plan.home is None:
        _Run(plan, order, tell, None).go(executor, means)
        return
    warm()
    with Ledger.open(plan.home) as ledger, ledger.alone():
        if ledger.interrupted() and plan.folder is not None:
            output.sweep(plan.folder)
        ledger.begin()
        _Run(plan, order, tell, ledger).go(executor, means)
        ledger.end()


def means(order: Order, plan: Plan, jobs: int | None = None, address: str | None = None) -> Means:
    """With what to work: one process more than there are cores, where not said otherwise."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    # While one waits for the disk to have its output, the others compute.
    many = 1 if plan.folder is None else jobs or cores + 1
    return Means(jobs=many, seconds=order.limits.seconds, memory=order.limits.memory, address=address)


class _Given(NamedTuple):
    """A task that was given out, and when."""

    job: Job
    task: Task
    record: Record | None
    since: float


class _Run:
    """One run: gives out tasks for what has changed, and puts in place what comes of them."""

    def __init__(self, plan: Plan, order: Order, tell: Tell, ledger: Ledger | None) -> None:
        self.plan, self.order, self.tell, self.ledger = plan, order, tell, ledger
        self.asked = Asked(order)
        self.here = True
        self._near = False
        self._wishes: dict[Path, Wish] = {}
        local = plan.folder is not None and not is_remote(plan.folder)
        self._root = os.path.realpath(plan.folder) if plan.folder is not None and local else None
        self._inside: dict[Path, tuple[int, int]] = {}
        self.given: dict[int, _Given] = {}

    def go(self, executor: str, means: Means) -> None:
        chosen: Any = registry().made(EXECUTORS, executor)
        doing: Executor = chosen
        plugin = registry().plugin(EXECUTORS, executor)
        self.here = means.address is None
        self._near = executor == "local" and self.ledger is None
        try:
            results: Any = doing.run(partial(handed_over, self.order), self._tasks(), means)
            with Blame(plugin), closing(results) as pairs:
                for task, made in pairs:
                    given = self.given.pop(task.number)
                    came = _lost(made, given) if isinstance(made, Lost) else taken_over(made)
                    self._finish(given.job, given.task, given.record, came)
        finally:
            for given in self.given.values():
                _give_up(given.task)

    def _tasks(self) -> Iterator[Task]:
        """A task for each job that is to be done; what is known beforehand is told at once."""
        for number, job in enumerate(self.plan.jobs(self.ledger, self.order.to)):
            record = self.ledger.record(job.name.as_posix()) if self.ledger and job.name else None
            task = Task(number=number, source=self._named(job.source), wish=self.order.wish)
            try:
                with Blame("jixiao"):
                    self._refuse(job)
                    task = msgspec.structs.replace(task, wish=self._wish(job.source))
                    known = self._known(job, task, record)
                    if only_here(job.source):
                        content, fixes = job.source.read_bytes(), stored(job.source)
                        task = msgspec.structs.replace(task, content=content, fixes=fixes)
            except JixiaoError as error:
                self._finish(job, task, record, Made(code=error.code, said=printable(str(error))))
                continue
            if known is not None:
                record = known
                task = msgspec.structs.replace(task, known=known.sha256)
                if _same_stamp(job.source, known):
                    self._skip(job, known)
                    continue
            if self._near and (made := done_here(self.order, task)) is not None:
                self._finish(job, task, record, made)
                continue
            task = msgspec.structs.replace(task, begun=self._begun(job))
            self.given[number] = _Given(job, task, record, time.time())
            yield task

    def _named(self, source: Path) -> str:
        """By the name under which the process that converts sees it: on other machines in full."""
        return str(source if self.here or is_remote(source) else source.absolute())

    def _wish(self, source: Path) -> Wish:
        """What is wished for an input, found out once a folder."""
        if is_remote(source):
            return self.order.wish
        folder = source.parent
        if folder not in self._wishes:
            self._wishes = {folder: for_input(source, self.order.wish)}
        return self._wishes[folder]

    def _begun(self, job: Job) -> str | None:
        """Under which name the process that converts writes the output: none where it does not see it."""
        target = job.target
        if target is None or not self.here or is_remote(target):
            return None
        if self.ledger is None and not output.takes_file(target):
            return None
        return str(output.temporary(target))

    def _refuse(self, job: Job) -> None:
        """Raise what is known before the input is read."""
        if job.refusal is not None:
            raise job.refusal
        if job.target is None:
            return
        if self.plan.is_input(job.target):
            raise takes_input(job.target)
        self._require_inside(job.target)
        output.check(job.target, force=self.order.force or self.ledger is not None)

    def _require_inside(self, target: Path) -> None:
        """No link within the output folder leads an output out of it: a folder is looked at once."""
        folder = target.parent
        if self._root is None or (there := identity(folder)) == self._inside.get(folder, ()):
            return
        if os.path.commonpath((os.path.realpath(folder), self._root)) != self._root:
            raise BadOutput(
                "output-outside",
                _("The output {path} would stand outside the output folder.").format(path=target),
                _("Remove the link in the output folder that leads out of it."),
            )
        self._inside = {folder: there} if there else {}

    def _known(self, job: Job, task: Task, record: Record | None) -> Record | None:
        """The record, its outputs looked at, where the job needs nothing done as long as its content is the
        same: all else is as it was."""
        if record is None or self.order.force or record.to != self.order.to or may_end_otherwise(record.code):
            return None
        same = record.options == self.asked.options(task.wish, record.code)
        if not same or record.corrections != _corrections(job.source) or self.plan.folder is None:
            return None
        outputs = tuple(_intact(self.plan.folder / one.path, one) for one in record.outputs)
        intact = tuple(one for one in outputs if one is not None)
        if record.sha256 is None or len(intact) < len(outputs):
            return None
        return record if intact == record.outputs else msgspec.structs.replace(record, outputs=intact)

    def _skip(self, job: Job, record: Record) -> None:
        assert self.ledger is not None
        self.ledger.see(
            msgspec.structs.replace(
                record, outcome="failed" if record.code else "skipped-unchanged", **_where(job)
            )
        )
        self.tell(
            Outcome(
                source=str(job.source), target=str(job.target), code=record.code, said=record.said,
                findings=record.findings, skipped=True,
            )
        )  # fmt: skip

    def _finish(self, job: Job, task: Task, record: Record | None, made: Made) -> None:
        if made.unchanged and record is not None:
            self._skip(job, msgspec.structs.replace(record, mtime=made.mtime, finished=time.time()))
            return
        outputs: tuple[Output, ...] = ()
        try:
            if made.digest is not None:
                outputs = self._deliver(job, task, made, record)
            elif record is not None:
                outputs = self._kept(job, record, made, task)
        except BadOutput as error:
            made = msgspec.structs.replace(made, code=error.code, said=printable(str(error)))
        finally:
            _give_up(task)
        outcome = Outcome(
            source=str(job.source), target=None if job.target is None else str(job.target),
            code=made.code, said=made.said, trace=made.trace, findings=made.findings,
        )  # fmt: skip
        if self.ledger is not None:
            kept = self._record(job, task, made, outputs, outcome)
            self.ledger.put(kept, made.reading, made.clips, new=record is None)
        self.tell(outcome)

    def _deliver(self, job: Job, task: Task, made: Made, record: Record | None) -> tuple[Output, ...]:
        """Put the output in place. What is there already is ours, offered by --force, the same, or stays."""
        if job.target is None:
            output.write_stdout(made.data or b"")
            return ()
        force = self.order.force or (record is not None and bool(record.outputs))
        if self.ledger is None or not _holds(job.target, made):
            if task.begun is not None:
                output.finish(Path(task.begun), job.target, force=force)
            else:
                output.write(job.target, made.data or b"", force=force, parents=job.mirrored)
        if job.name is None or made.digest is None:
            return ()
        return (Output(path=job.name.as_posix(), sha256=made.digest, size=made.length),)

    def _kept(self, job: Job, record: Record, made: Made, task: Task) -> tuple[Output, ...]:
        """The outputs of an earlier run, where they still say what the input says; others are taken away."""
        same_input = made.sha256 == record.sha256
        if made.sha256 is None:
            spent = (made.code or "").startswith(("limit-", "worker-died"))
            same_input = not spent or _same_stamp(job.source, record)
        options = self.asked.options(task.wish, None)
        if same_input and record.options.startswith(options):
            return record.outputs
        assert self.plan.folder is not None
        for one in record.outputs:
            path = self.plan.folder / one.path
            if _intact(path, one) is not None:
                output.remove(path)
        return ()

    def _record(
        self, job: Job, task: Task, made: Made, outputs: tuple[Output, ...], outcome: Outcome
    ) -> Record:
        assert job.name is not None
        return Record(
            target=job.name.as_posix(), outcome=outcome.kind, ended=outcome.ended, finished=time.time(),
            seconds=made.seconds, code=made.code, said=made.said, size=made.size, mtime=made.mtime,
            sha256=made.sha256, corrections=made.corrections, to=self.order.to,
            profile=task.wish.profile, reader=made.reader, reader_version=made.reader_version,
            plugins=self.asked.plugins, options=self.asked.options(task.wish, made.code), outputs=outputs,
            findings=made.findings, **_where(job),
        )  # fmt: skip


def may_end_otherwise(code: str | None) -> bool:
    return code is not None and FAILURES.get(code, Failure("")).again


def _give_up(task: Task) -> None:
    """What was begun and has no name yet goes."""
    if task.begun is not None:
        output.remove(Path(task.begun))


def takes_input(target: Path) -> BadOutput:
    return BadOutput(
        "output-is-input",
        _("The output {path} would take the place of an input.").format(path=target),
        _("Choose another name or folder with --output."),
    )


def _lost(lost: Lost, given: _Given) -> Made:
    """What is said of a document that took its process with it, and which content it was that did."""
    said = {
        "limit-seconds": _("The document took longer than it may; its conversion was ended."),
        "limit-memory": _("The document needs more memory than it may; its conversion was ended."),
    }.get(lost.code, _("The process that converted the document died (status {status}).")).format(
        status=lost.status
    )
    do = _("If the file is to be trusted, raise the limit with --limit; otherwise leave it out.")
    made = Made(code=lost.code, said=f"{said} {do}", corrections=_corrections(given.job.source))
    try:
        found = given.job.source.stat()
        when = changed(found)
        if not given.job.source.is_file() or not _settled(when, when, given.since):
            return made  # it may have been another when it was read
        digest = sha256(given.job.source.read_bytes())
    except OSError:
        return made
    return msgspec.structs.replace(made, sha256=digest, size=found.st_size, mtime=when)


def _where(job: Job) -> dict[str, str]:
    relative = job.relative or job.source
    return {"source": printable(relative.as_posix()), "location": printable(location(job.source))}


def _same_stamp(source: Path, record: Record) -> bool:
    """Whether the input looks as it did: size and time, told without reading it."""
    try:
        found = source.stat()
    except OSError:
        return False
    looked = record.finished - record.seconds
    return found.st_size == record.size and _settled(changed(found), record.mtime, looked)


def _settled(now: int | None, then: int | None, looked: float) -> bool:
    """Whether the time of a file's change says that it is as it was when it was looked at."""
    return now is not None and now == then and looked - now / 1e9 > RACY


def _intact(path: Path, was: Output) -> Output | None:
    """An output that is as it was written, None for another; it is read where its time does not say so."""
    try:
        found = path.stat()
        if found.st_size != was.size:
            return None
        now, looked = changed(found), time.time()
        if _settled(now, was.mtime, was.looked):
            return was
        if sha256(path.read_bytes()) != was.sha256:
            return None
    except OSError:
        return None
    return msgspec.structs.replace(was, mtime=now, looked=looked)


def _holds(path: Path, made: Made) -> bool:
    """Whether the file is there with just that content: it was written, and the ledger not told in time."""
    try:
        if path.stat().st_size != made.length:
            return False
        return sha256(path.read_bytes()) == made.digest
    except OSError:
        return False


def _corrections(source: Path) -> str | None:
    try:
        return revision(stored(source))
    except BadInput:
        return None
