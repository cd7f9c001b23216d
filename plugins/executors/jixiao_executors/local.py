"""As many documents at a time as are asked for, each in a process that is watched, ended and replaced.

The processes never wait long for this one: tasks are prepared and results handed on several at a time,
between giving each that is idle its next task. So this one also uses less of the processor.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, ClassVar

from jixiao.hookspecs import Executor, Means, hookimpl

TOGETHER = 8
"""Tasks that are prepared, and results that are handed on, at a time."""
AT_MOST = 0.1
"""Seconds that a result is kept for others to come."""
Pair = tuple[Any, Any]


class LocalExecutor:
    NAME: ClassVar[str] = "local"
    API_VERSION: ClassVar[int] = 1

    def run(self, work: Callable[[Any], Any], tasks: Iterable[Any], means: Means) -> Iterator[Pair]:
        from jixiao_executors._worker import Worker

        coming, ready, done = iter(tasks), deque[Any](), list[Pair]()
        idle = [Worker(work, means) for _ in range(means.jobs)]
        busy: list[Worker] = []
        handed_on = time.monotonic()
        try:
            while True:
                if len(ready) < len(idle):
                    ready.extend(islice(coming, len(idle) - len(ready)))
                while idle and ready:
                    worker = idle.pop()
                    busy.append(worker)
                    worker.give(ready.popleft())
                if not busy or len(done) >= TOGETHER or time.monotonic() - handed_on > AT_MOST:
                    yield from done
                    done.clear()
                    handed_on = time.monotonic()
                if not busy:
                    return
                if not ready:
                    ready.extend(islice(coming, TOGETHER))
                done += _settled(busy, idle)
        finally:
            for worker in (*busy, *idle):
                worker.stop()


def _settled(busy: list[Any], idle: list[Any]) -> list[Pair]:
    """What has come of the tasks meanwhile; who did them is idle again."""
    from multiprocessing.connection import wait

    from jixiao_executors._worker import LOOK_EVERY

    ready = wait([worker.pipe for worker in busy], timeout=LOOK_EVERY)
    done = []
    for worker in list(busy):
        result = worker.answer() if worker.pipe in ready else worker.overrun()
        if result is not None:
            busy.remove(worker)
            idle.append(worker)
            done.append((worker.task, result))
    return done


@hookimpl
def jixiao_executor() -> type[Executor]:
    return LocalExecutor
