"""A folder looked at again and again: what has come and stopped growing is converted, as in any run."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from jixiao.batch.inputs import Job, Plan
from jixiao.batch.ledger import Ledger
from jixiao.storage import changed

Look = tuple[int, int | None]
"""Size and time of change of a file."""
UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".filepart", ".upload")
"""Ends of names that programs give to what is still to come, whether it grows just now or not."""


class Settled(Plan):
    """The jobs of a plan whose inputs look as they did at the look before.

    An input that was offered once, however it ended, is offered again when it has changed.
    """

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan.folder, plan.extension)
        self._files, self._roots = plan._files, plan._roots
        self._before: dict[Path, Look] = {}
        self._done: dict[Path, Look] = {}

    def jobs(self, ledger: Ledger | None = None, to: str | None = None) -> Iterator[Job]:
        seen: dict[Path, Look] = {}
        for job in super().jobs(ledger, to):
            look = _look(job)
            if look is None:
                continue
            seen[job.source] = look
            if self._before.get(job.source) == look != self._done.get(job.source):
                self._done[job.source] = look
                yield job
        self._before = seen

    def waits(self) -> bool:
        """Whether a run would find anything to do, or may find it at the next look."""
        return any(True for job in super().jobs() if _look(job) not in (None, self._done.get(job.source)))


def watch(
    plan: Plan,
    every: float,
    run: Callable[[Plan], None],
    rest: Callable[[], None],
    *,
    rounds: int | None = None,
) -> None:
    """Run what has settled, every so many seconds, until Ctrl-C or for so many rounds.

    `rest` is called when there is nothing to do after there was something.
    """
    settled, worked = Settled(plan), False
    while rounds is None or rounds > 0:
        if settled.waits():
            run(settled)
            worked = True
        elif worked:
            rest()
            worked = False
        rounds = None if rounds is None else rounds - 1
        time.sleep(every)
    if worked:
        rest()


def _look(job: Job) -> Look | None:
    """None where nothing can be read, or the name says that it is not all there: it may come."""
    if job.refusal or job.source.name.lower().endswith(UNFINISHED):
        return None
    try:
        now = job.source.stat()
    except OSError:
        return None
    return now.st_size, changed(now)
