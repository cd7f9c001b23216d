"""A process that does one task at a time, watched by the one that started it."""

import errno
import os
import pickle
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from jixiao.hookspecs import Lost, Means

from jixiao_executors._process import Pipe, Process, flush, held, held_up, hold_more, ready, start
from jixiao_executors._surroundings import restore, surroundings

RECYCLE = 500
"""Tasks after which a process makes room for a new one: what libraries leak stays small."""
AGAIN = object()
"""No answer: the task was begun again."""
SEAL = 4
"""Bytes before a message by which it is known to be one."""
LOOK_EVERY = 0.05
"""Seconds between two looks at the clock and the memory."""


class Worker:
    """Does tasks in a process of its own, which is started when it is needed and again when it was lost.

    A task is not lost for what those before it did to the process: it has another try in a new one.
    """

    def __init__(self, work: Callable[[Any], Any], means: Means, folder: str | None = None) -> None:
        """`folder` is that in which the process works, None for this one's."""
        self.task: Any = None
        self.busy = False
        self._seal = int.from_bytes(os.urandom(4), "big")
        self._serve, self._means = partial(_serve, work, means.memory // 2, self._seal, folder), means
        self._process: Process | None = None
        self._done = 0
        self._until = self._looked = 0.0
        self._spent = False
        self._ended_for: str | None = None

    def give(self, task: Any) -> None:
        """Begin a task; the worker has none."""
        if self._spent or self._ended_for or self._done >= RECYCLE:
            self.stop()
        self.task = task
        self._begin()

    def _begin(self) -> None:
        data = pickle.dumps(self.task, pickle.HIGHEST_PROTOCOL)
        try:
            self._send(data)
        except OSError:  # it died while it had nothing to do, which is no fault of the task
            self.stop()
            self._send(data)

    def _send(self, data: bytes) -> None:
        pipe = self._started()
        self._until = time.monotonic() + self._means.seconds
        self.busy, self._done = True, self._done + 1
        pipe.send_bytes(data)

    @property
    def pipe(self) -> Pipe:
        """From which the answer comes, as long as the worker is busy."""
        assert self._process is not None
        return self._process.pipe

    def answer(self) -> Any:
        """What the work gave, once it comes; Lost where the process died, AGAIN where it is tried again."""
        try:
            made, self._spent = pickle.loads(_unsealed(self.pipe.recv_bytes(), self._seal))
        except (EOFError, OSError):
            lost = Lost(code=self._ended_for or "worker-died", status=self.stop())
            if self._done == 1 or lost.code == "limit-seconds":
                return lost
            self._begin()
            return AGAIN
        self.busy = False
        return made

    def do(self, task: Any) -> Any:
        """Give a task, and wait for what comes of it."""
        with looking([self]):
            self.give(task)
            while (made := self.answer()) is AGAIN:
                pass
        return made

    def look(self) -> None:
        """End the process where its task has gone beyond a limit: what is answered then says so."""
        process, now = self._process, time.monotonic()
        if process is None or not self.busy or self._ended_for or now - self._looked < LOOK_EVERY / 2:
            return
        self._looked = now
        if hold_more(process.pid, self._means.memory):
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
            self._done, self._ended_for, self._spent = 0, None, False
            with held_up():
                self._process = start(self._serve)
        return self._process.pipe


def _serve(work: Callable[[Any], Any], much: int, seal: int, folder: str | None, pipe: Pipe) -> None:
    """Do tasks until there are no more; the process ends then.

    Each answer says whether the process is spent: something in it is no longer as it was, or it still holds
    `much` bytes of memory, which the next task may need.
    """
    if folder is not None:
        try:
            os.chdir(folder)
        except OSError:  # there is none here: what a name means there, none may mean by chance
            os.chdir(os.sep)
    environment, before = dict(os.environ), surroundings()
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
        restore(environment)
        spent = surroundings() != before or held(os.getpid()) > much
        pipe.send_bytes(_sealed(pickle.dumps((made, spent), pickle.HIGHEST_PROTOCOL), seal))


def _sealed(data: bytes, seal: int) -> bytes:
    return zlib.crc32(data, seal).to_bytes(SEAL, "big") + data


def _unsealed(message: bytes, seal: int) -> memoryview:
    """Raises OSError for what the process itself has not sent: plugins can write to any file that is open."""
    data = memoryview(message)[SEAL:]
    if zlib.crc32(data, seal).to_bytes(SEAL, "big") != message[:SEAL]:
        raise OSError(errno.EBADMSG, os.strerror(errno.EBADMSG))
    return data


@contextmanager
def looking(workers: Sequence[Worker]) -> Iterator[None]:
    """Every worker is looked at while the block runs, whatever this process is doing meanwhile.

    By a signal, which only the main thread of POSIX has; elsewhere by another thread.
    """
    import signal

    from jixiao.alarms import alarm, can_ring

    def look(*_signal: object) -> None:
        for worker in workers:
            worker.look()

    if not can_ring():
        with _beside(look):
            yield
        return
    with alarm(look, signal.SIGALRM, signal.ITIMER_REAL, LOOK_EVERY, LOOK_EVERY):
        yield


@contextmanager
def _beside(look: Callable[[], None]) -> Iterator[None]:
    over = threading.Event()

    def watch() -> None:
        while not over.wait(LOOK_EVERY):
            look()

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
    finally:
        over.set()
        watching.join()
