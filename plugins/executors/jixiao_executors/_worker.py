"""A process that does one task at a time, watched by the one that started it."""

import pickle
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from jixiao.hookspecs import Lost, Means

from jixiao_executors._process import Pipe, Process, flush, held, held_up, ready, start

RECYCLE = 500
"""Tasks after which a process makes room for a new one: what libraries leak stays small."""
LOOK_EVERY = 0.05
"""Seconds between two looks at the clock and the memory."""


class Worker:
    """Does tasks in a process of its own, which is started when it is needed and again when it was lost."""

    def __init__(self, work: Callable[[Any], Any], means: Means) -> None:
        self.task: Any = None
        self.busy = False
        self._serve, self._means = partial(_serve, work), means
        self._process: Process | None = None
        self._done = 0
        self._until = self._looked = 0.0
        self._ended_for: str | None = None

    def give(self, task: Any) -> None:
        """Begin a task; the worker has none."""
        data = pickle.dumps(task, pickle.HIGHEST_PROTOCOL)
        if self._done >= RECYCLE or self._ended_for:
            self.stop()
        try:
            self._started().send_bytes(data)
        except OSError:  # it died while it had nothing to do, which is no fault of the task
            self.stop()
            self._started().send_bytes(data)
        self._until = time.monotonic() + self._means.seconds
        self.task, self.busy, self._done = task, True, self._done + 1

    @property
    def pipe(self) -> Pipe:
        """From which the answer comes, as long as the worker is busy."""
        assert self._process is not None
        return self._process.pipe

    def answer(self) -> Any:
        """What the work gave, once it comes; Lost where the process died."""
        try:
            return pickle.loads(self.pipe.recv_bytes())
        except (EOFError, OSError):
            code = self._ended_for or "worker-died"
            return Lost(code=code, status=self.stop())
        finally:
            self.busy = False

    def do(self, task: Any) -> Any:
        """Give a task, and wait for what comes of it."""
        self.give(task)
        while not ready([self.pipe], LOOK_EVERY):
            self.look()
        return self.answer()

    def look(self) -> None:
        """End the process where its task has gone beyond a limit: what is answered then says so."""
        process, now = self._process, time.monotonic()
        if process is None or not self.busy or self._ended_for or now - self._looked < LOOK_EVERY / 2:
            return
        self._looked = now
        if held(process.pid) > self._means.memory:
            self._ended_for = "limit-memory"
        elif now > self._until and not ready([process.pipe], 0):
            self._ended_for = "limit-seconds"
        if self._ended_for:
            process.kill()

    def stop(self) -> int | None:
        """End the process. Its exit status, below 0 the signal that ended it."""
        process, self._process, self.busy = self._process, None, False
        return None if process is None else process.end()

    def _started(self) -> Pipe:
        if self._process is None:
            self._done, self._ended_for = 0, None
            with held_up():
                self._process = start(self._serve)
        return self._process.pipe


def _serve(work: Callable[[Any], Any], pipe: Pipe) -> None:
    """Do tasks until there are no more; the process ends then."""
    while True:
        try:
            task = pickle.loads(pipe.recv_bytes())
        except EOFError:
            return
        try:
            made = work(task)
        except (KeyboardInterrupt, SystemExit):  # a plugin's own: nobody else can send one here
            return
        flush()
        pipe.send_bytes(pickle.dumps(made, pickle.HIGHEST_PROTOCOL))


@contextmanager
def looking(workers: Sequence[Worker]) -> Iterator[None]:
    """Every worker is looked at while the block runs, whatever this process is doing meanwhile.

    By a signal, which only the main thread of POSIX has: elsewhere who waits for the workers looks himself.
    """
    import signal

    from jixiao.alarms import alarm, can_ring

    def look(*_signal: object) -> None:
        for worker in workers:
            worker.look()

    if not can_ring():
        yield
        return
    with alarm(look, signal.SIGALRM, signal.ITIMER_REAL, LOOK_EVERY, LOOK_EVERY):
        yield
