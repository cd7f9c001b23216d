"""A process that does one task at a time, watched by the one that started it.

Each has a pipe of its own and shares no lock with others, so that none can be held up by another's death,
whenever that comes.
"""

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from jixiao.hookspecs import Lost, Means

RECYCLE = 500
"""Tasks after which a process makes room for a new one: what libraries leak stays small."""
LOOK_EVERY = 0.05
"""Seconds between two looks at the clock and the memory."""
LINUX = sys.platform == "linux"
PR_SET_PDEATHSIG = 1  # prctl(2)
PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


class Worker:
    """Does tasks in a process of its own, which is started when it is needed and again when it was lost."""

    def __init__(self, work: Callable[[Any], Any], means: Means) -> None:
        self.work, self.means = work, means
        self._process: Any = None
        self._done = 0
        self._until = 0.0
        self.pipe: Any = None
        self.task: Any = None

    def give(self, task: Any) -> None:
        """Begin a task; the worker has none."""
        if self._process is None or self._done >= RECYCLE:
            self.stop()
            self._start()
        try:
            self.pipe.send(task)
        except OSError:  # it died while it had nothing to do, which is no fault of the task
            self.stop()
            self._start()
            self.pipe.send(task)
        self.task, self._done = task, self._done + 1
        self._until = time.monotonic() + self.means.seconds

    def answer(self) -> Any:
        """What the work gave, once the pipe is ready; Lost where the process died."""
        try:
            return self.pipe.recv()
        except (EOFError, OSError):
            self._process.join(1)
            return Lost(code="worker-died", status=self.stop())

    def do(self, task: Any) -> Any:
        """Give a task, and wait for what comes of it."""
        self.give(task)
        while not self.pipe.poll(LOOK_EVERY):
            if lost := self.overrun():
                return lost
        return self.answer()

    def overrun(self) -> Lost | None:
        """Ends a task that has gone beyond a limit."""
        code = None
        if time.monotonic() > self._until:
            code = "limit-seconds"
        elif held(self._process.pid) > self.means.memory:
            code = "limit-memory"
        return Lost(code=code, status=self.stop()) if code else None

    def stop(self) -> int | None:
        """End the process. Its exit status, below 0 the signal that ended it."""
        if self._process is None:
            return None
        self._process.kill()
        self._process.join()
        status: int | None = self._process.exitcode
        self.pipe.close()
        self._process = None
        return status

    def _start(self) -> None:
        # A fork takes 5 ms where a new interpreter takes 200, but is safe from a single thread only.
        fork = LINUX and threading.active_count() == 1
        context: Any = multiprocessing.get_context("fork" if fork else "spawn")
        self.pipe, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self.work, os.getpid()), daemon=True)
        process.start()
        self._process = process  # not before: Ctrl-C may come at any moment
        theirs.close()
        self._done = 0


def _serve(pipe: Connection, work: Callable[[Any], Any], parent: int) -> None:
    _begin(parent)
    while True:
        try:
            task = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send(work(task))
        except (KeyboardInterrupt, SystemExit):  # a plugin's own: nobody else can send one here
            os._exit(1)


def _begin(parent: int) -> None:
    """Ends with its parent, leaves Ctrl-C to it, and prints nowhere but to the standard error.

    Elsewhere than on Linux it ends when it asks for its next task and finds the parent gone.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if LINUX:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        with suppress(
            OSError
        ):  # where the whole machine has no memory left, the document is lost, not the run
            Path("/proc/self/oom_score_adj").write_text("1000")
        if os.getppid() != parent:  # it was gone before it could be asked for
            os._exit(1)
    try:
        os.dup2(2, 1)
    except OSError:  # there is no standard error
        for stream in (1, 2):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream)


def held(pid: int) -> int:
    """Bytes of memory that a process holds; 0 where it is gone, or the system does not tell (not Linux)."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0
