"""A process of its own, and a pipe each way: a fork of this one, or where that is not safe a new interpreter.

Each has pipes of its own and shares no lock with others, so that none can be held up by another's death,
whenever that comes.
"""

import errno
import gc
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Protocol

LINUX = sys.platform == "linux"
PR_SET_PDEATHSIG = 1  # prctl(2)
HEADER = 8
"""Bytes of a message's length before it."""
MOST = 1 << 40
"""Bytes that no message has: what announces more was written by somebody else."""
HELD_UP = {getattr(signal, name) for name in ("SIGINT", "SIGALRM") if hasattr(signal, name)}
PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
Serve = Callable[["Pipe"], None]


class Pipe(Protocol):
    """What goes to the other process, and what comes from it: bytes, one message at a time."""

    def send_bytes(self, data: bytes) -> None:
        """Raises OSError where the other end is gone."""
        ...

    def recv_bytes(self) -> bytes:
        """Raises EOFError or OSError where the other end is gone."""
        ...

    def fileno(self) -> int: ...

    def close(self) -> None: ...


class Process(Protocol):
    """A process that was started, until it is ended."""

    pid: int
    pipe: Pipe

    def kill(self) -> None: ...

    def end(self) -> int | None:
        """End it now. Its exit status, below 0 the signal that ended it."""
        ...


@contextmanager
def held_up() -> Iterator[None]:
    """Ctrl-C waits for the end of the block: a process that was started is always known to somebody."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, HELD_UP)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def held(pid: int) -> int:
    """Bytes of memory that a process holds; 0 where it is gone, or nobody tells (no /proc, no psutil)."""
    try:
        if LINUX:
            return int(Path(f"/proc/{pid}/statm").read_bytes().split()[1]) * PAGE
        import psutil
    except (OSError, IndexError, ImportError):
        return 0
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def hold_more(pid: int, most: int) -> bool:
    """Whether a process, on Linux together with those that it started, holds more bytes of memory."""
    all_held, waiting = 0, [str(pid)]
    while waiting and all_held <= most:  # each counts what it shares with others too
        one = waiting.pop()
        all_held += held(int(one))
        with suppress(OSError):
            for thread in Path("/proc", one, "task").iterdir():
                waiting += (thread / "children").read_text().split()
    return all_held > most


def start(serve: Serve) -> Process:
    """A process that does `serve` with its end of the pipe. A fork is safe from a single thread only."""
    return Forked(serve) if LINUX and threading.active_count() == 1 else Spawned(serve)


def ready(pipes: Sequence[Any], seconds: float) -> set[int]:
    """The numbers of the pipes from which something comes within the time, or that are at their end."""
    if not hasattr(select, "poll"):
        from multiprocessing.connection import wait

        come: Any = wait(pipes, timeout=seconds)
        return {pipe.fileno() for pipe in come}
    poll = select.poll()
    for pipe in pipes:
        poll.register(pipe, select.POLLIN)
    return {number for number, _event in poll.poll(seconds * 1000)}


class Files:
    """A pipe each way, of the system's own: what multiprocessing has costs a start 10 ms of imports."""

    def __init__(self, coming: int, going: int) -> None:
        self._coming, self._going = coming, going

    def send_bytes(self, data: bytes) -> None:
        left = memoryview(len(data).to_bytes(HEADER, "big") + data)
        while left:
            left = left[os.write(self._going, left) :]

    def recv_bytes(self) -> bytes:
        size = int.from_bytes(self._read(HEADER), "big")
        if size > MOST:
            raise OSError(errno.EBADMSG, os.strerror(errno.EBADMSG))
        return self._read(size)

    def _read(self, size: int) -> bytes:
        parts: list[bytes] = []
        while size:
            part = os.read(self._coming, min(size, 1 << 20))
            if not part:
                raise EOFError
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def fileno(self) -> int:
        return self._coming

    def close(self) -> None:
        os.close(self._coming)
        os.close(self._going)


class Forked:
    """Has all that is imported here, and starts within 2 ms."""

    def __init__(self, serve: Serve) -> None:
        if signal.getsignal(signal.SIGCHLD) == signal.SIG_IGN:  # the system would not say how one ended
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        ours, theirs = _pair()
        flush()
        parent = os.getpid()
        gc.freeze()  # else its first collection copies every page that it looks at
        self.pid = os.fork()
        if not self.pid:
            _child(serve, ours, theirs, parent)
        _of_its_own_group(self.pid)
        gc.unfreeze()
        self.pipe: Pipe = ours
        theirs.close()

    def kill(self) -> None:
        _kill_group(self.pid)

    def end(self) -> int | None:
        self.kill()
        _pid, status = os.waitpid(self.pid, 0)
        self.pipe.close()
        return os.waitstatus_to_exitcode(status)


def _child(serve: Serve, ours: Files, theirs: Files, parent: int) -> None:
    """The fork's own course: it never comes back to what the parent was doing."""
    try:
        ours.close()
        _begin(parent, theirs)
        serve(theirs)
    finally:
        os._exit(1)


class Spawned:
    """A new interpreter, which imports what it needs: 0.2 s."""

    def __init__(self, serve: Serve) -> None:
        import multiprocessing

        context = multiprocessing.get_context("spawn")
        pipe, theirs = context.Pipe()
        self.pipe: Pipe = pipe
        self._process = context.Process(target=_spawned, args=(serve, theirs, os.getpid()), daemon=True)
        self._process.start()
        theirs.close()
        assert self._process.pid is not None
        self.pid = self._process.pid

    def kill(self) -> None:
        _kill_group(self.pid)
        self._process.kill()

    def end(self) -> int | None:
        self.kill()
        self._process.join()
        self.pipe.close()
        return self._process.exitcode


def _spawned(serve: Serve, pipe: Pipe, parent: int) -> None:
    _begin(parent, pipe)
    serve(pipe)


def _begin(parent: int, pipe: Pipe) -> None:
    """Ends with its parent, leaves Ctrl-C to it, and prints nowhere but to the standard error.

    What it forks has no part in the pipe: else its own end could not be seen there. Elsewhere than on Linux
    it ends when it asks for its next task and finds the parent gone.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HELD_UP)
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # in a group of its own it may print all the same
        _of_its_own_group(0)
        os.register_at_fork(after_in_child=partial(_let_go, pipe))
    if LINUX:
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        with suppress(
            OSError
        ):  # where the whole machine has no memory left, the document is lost, not the run
            Path("/proc/self/oom_score_adj").write_text("1000")
        if os.getppid() != parent:  # it was gone before it could be asked for
            os._exit(1)
    _redirect()


def _of_its_own_group(pid: int) -> None:
    """So that a process ends with all that it started, and no signal to a group of its own reaches others."""
    with suppress(OSError):
        os.setpgid(pid, pid)


def _kill_group(pid: int) -> None:
    if not hasattr(os, "killpg"):
        return
    for kill in (os.killpg, os.kill):  # the second where it has no group yet
        with suppress(ProcessLookupError):
            kill(pid, signal.SIGKILL)


def _let_go(pipe: Pipe) -> None:
    with suppress(OSError):
        pipe.close()


def _redirect() -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    try:
        os.dup2(2, 1)
    except OSError:  # there is no standard error
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)


def _pair() -> tuple[Files, Files]:
    (one, two), (three, four) = os.pipe(), os.pipe()
    return Files(one, four), Files(three, two)


def flush() -> None:
    """What was printed is printed: a fork would print it again, and one that is killed never."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with suppress(AttributeError, OSError, ValueError):  # a plugin may have closed or replaced it
                stream.flush()
