"""A process of its own, and a pipe each way: a fork of this one, or where that is not safe a new interpreter.

Each has pipes of its own and shares no lock with others, so that none can be held up by another's death,
whenever that comes.
"""

import gc
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

LINUX = sys.platform == "linux"
PR_SET_PDEATHSIG = 1  # prctl(2)
HEADER = 8
"""Bytes of a message's length before it."""
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
    """Bytes of memory that a process holds; 0 where it is gone, or nobody tells (no Linux, no psutil)."""
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
        return self._read(int.from_bytes(self._read(HEADER), "big"))

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
        ours, theirs = _pair()
        flush()
        parent = os.getpid()
        gc.freeze()  # else its first collection copies every page that it looks at
        self.pid = os.fork()
        if not self.pid:
            _child(serve, ours, theirs, parent)
        gc.unfreeze()
        self.pipe: Pipe = ours
        theirs.close()

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def end(self) -> int | None:
        self.kill()
        _pid, status = os.waitpid(self.pid, 0)
        self.pipe.close()
        return os.waitstatus_to_exitcode(status)


def _child(serve: Serve, ours: Files, theirs: Files, parent: int) -> None:
    """The fork's own course: it never comes back to what the parent was doing."""
    try:
        ours.close()
        _begin(parent)
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
        self._process.kill()

    def end(self) -> int | None:
        self.kill()
        self._process.join()
        self.pipe.close()
        return self._process.exitcode


def _spawned(serve: Serve, pipe: Pipe, parent: int) -> None:
    _begin(parent)
    serve(pipe)


def _begin(parent: int) -> None:
    """Ends with its parent, leaves Ctrl-C to it, and prints nowhere but to the standard error.

    Elsewhere than on Linux it ends when it asks for its next task and finds the parent gone.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HELD_UP)
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
            with suppress(OSError, ValueError):
                stream.flush()
