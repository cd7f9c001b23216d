"""As many documents at a time as are asked for, each in a process that is watched, ended and replaced."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar

from jixiao.hookspecs import Executor, Means, hookimpl


class LocalExecutor:
    NAME: ClassVar[str] = "local"
    API_VERSION: ClassVar[int] = 1

    def run(
        self, work: Callable[[Any], Any], tasks: Iterable[Any], means: Means
    ) -> Iterator[tuple[Any, Any]]:
        from jixiao_executors._worker import Worker

        coming = iter(tasks)
        idle = [Worker(work, means) for _ in range(means.jobs)]
        busy: list[Worker] = []
        done: list[tuple[Any, Any]] = []
        try:
            while True:
                while idle and (task := next(coming, None)) is not None:
                    worker = idle.pop()
                    busy.append(worker)
                    worker.give(task)
                yield from done  # taken while the workers are at the next ones
                if not busy:
                    return
                done = _settled(busy, idle)
        finally:
            for worker in (*busy, *idle):
                worker.stop()


def _settled(busy: list[Any], idle: list[Any]) -> list[tuple[Any, Any]]:
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
