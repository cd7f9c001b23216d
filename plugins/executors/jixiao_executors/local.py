"""As many documents at a time as are asked for, each in a process that is watched, ended and replaced.

The processes never wait long for this one: tasks are prepared and results handed on several at a time,
between giving each that is idle its next task. So this one also uses less of the processor.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar

from jixiao.hookspecs import Executor, Means, hookimpl

if TYPE_CHECKING:
    from jixiao_executors._worker import Worker

TOGETHER = 8
"""Tasks that are prepared, and results that are handed on, at a time."""
AT_MOST = 0.1
"""Seconds that a result is kept for others to come."""
OTHER_FILES = 32
"""That the command may have open beside the pipes of its processes."""
Pair = tuple[Any, Any]


class LocalExecutor:
    NAME: ClassVar[str] = "local"
    API_VERSION: ClassVar[int] = 1

    def run(self, work: Callable[[Any], Any], tasks: Iterable[Any], means: Means) -> Iterator[Pair]:
        coming, done = iter(tasks), list[Pair]()
        prepared = deque[Any](islice(coming, 1))
        if not prepared:
            return
        from jixiao_executors._worker import Worker, looking

        workers = [Worker(work, means) for _ in range(_affordable(means.jobs))]
        handed_on = time.monotonic()
        try:
            with looking(workers):
                while True:
                    _give(workers, prepared, coming)
                    if not any(worker.busy for worker in workers):
                        yield from done
                        return
                    if len(done) >= TOGETHER or time.monotonic() - handed_on > AT_MOST:
                        yield from done
                        done.clear()
                        handed_on = time.monotonic()
                    if not prepared:
                        prepared.extend(islice(coming, TOGETHER))
                    done += _answered(workers)
        finally:
            for worker in workers:
                worker.stop()


def _affordable(jobs: int) -> int:
    """As many processes as are wanted, as far as files may be open for them: two for each."""
    try:
        from resource import RLIMIT_NOFILE, getrlimit
    except ImportError:  # Windows
        return jobs
    most, _hard = getrlimit(RLIMIT_NOFILE)
    return jobs if most < 0 else max(1, min(jobs, (most - OTHER_FILES) // 2))


def _give(workers: Sequence["Worker"], prepared: deque[Any], coming: Iterator[Any]) -> None:
    """A task to each that has none."""
    for worker in workers:
        if worker.busy:
            continue
        if not prepared:
            prepared.extend(islice(coming, 1))
        if not prepared:
            return
        try:
            worker.give(prepared[0])
        except OSError:  # the system lets no more processes be started just now
            worker.stop()
            if any(other.busy for other in workers):
                return
            raise
        prepared.popleft()


def _answered(workers: Sequence["Worker"]) -> Iterator[Pair]:
    """What has come of the tasks meanwhile, or comes soon."""
    from jixiao_executors._process import ready
    from jixiao_executors._worker import AGAIN, LOOK_EVERY

    busy = [worker for worker in workers if worker.busy]
    come = ready([worker.pipe for worker in busy], LOOK_EVERY)
    for worker in busy:
        if worker.pipe.fileno() in come:
            if (made := worker.answer()) is not AGAIN:
                yield worker.task, made
        else:
            worker.look()


@hookimpl
def jixiao_executor() -> type[Executor]:
    return LocalExecutor
