"""A reader that does what no reader should: a file says `FAULT` and which one."""

import contextlib
import ctypes
import decimal
import os
import resource
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import ClassVar

import msgspec
from jixiao.document import Document
from jixiao.findings import finding
from jixiao.head import Head
from jixiao.hookspecs import Reader, hookimpl
from jixiao.limits import Limits
from jixiao.model import Reading


def swell() -> None:
    held = []
    while True:
        held.append(bytearray(b"x") * (8 << 20))
        time.sleep(0.001)


def sleep_within_c() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, set(range(1, 31)))
    ctypes.PyDLL(None).sleep(600)  # with the interpreter's lock: no thread and no signal handler runs


def chatter() -> None:
    print("printed by a plugin")
    os.write(1, b"written by a library\n")
    sys.stdout.flush()


def raise_bytes() -> None:
    raise ValueError(b"\xb1\xed".decode("utf-8", "surrogateescape"))


def recurse() -> None:
    recurse()


def interrupt() -> None:
    raise KeyboardInterrupt


def leave_a_child() -> None:
    if not os.fork():
        time.sleep(600)
        os._exit(0)


def die_with_a_child() -> None:
    leave_a_child()
    os._exit(3)


def swell_in_a_child() -> None:
    code = "b = bytearray(b'x') * (500 << 20); import time; time.sleep(600)"
    subprocess.run([sys.executable, "-c", code], check=False)


def write_to_pipes() -> None:
    for number in range(3, 64):
        with contextlib.suppress(OSError):
            if stat.S_ISFIFO(os.fstat(number).st_mode):
                os.write(number, b"\0\0\0\0\0\0\0\5no answer")


def wander() -> None:
    os.chdir("/")
    os.umask(0o777)
    os.environ.clear()
    sys.setrecursionlimit(100)
    decimal.getcontext().prec = 2
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))
    os.close(2)
    threading.Thread(target=time.sleep, args=(600,)).start()


POISONED: list[bool] = []


def poison() -> None:
    POISONED.append(True)


def heir() -> None:
    """Dies of what an earlier document left in the process."""
    if POISONED:
        os._exit(4)


class MuteError(Exception):
    def __str__(self) -> str:
        raise self


def mute() -> None:
    raise MuteError


FAULTS: dict[str, Callable[[], object]] = {
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "segfault": lambda: ctypes.string_at(0),
    "hang": lambda: time.sleep(600),
    "hang-in-c": sleep_within_c,
    "swell": swell,
    "chatter": chatter,
    "bytes": raise_bytes,
    "recurse": recurse,
    "interrupt": interrupt,
    "leave": lambda: os._exit(0),
    "exit": lambda: sys.exit(3),
    "leave-a-child": leave_a_child,
    "die-with-a-child": die_with_a_child,
    "swell-in-a-child": swell_in_a_child,
    "interrupt-the-group": lambda: os.killpg(0, signal.SIGINT),
    "write-to-pipes": write_to_pipes,
    "wander": wander,
    "poison": poison,
    "heir": heir,
    "mute": mute,
    "odd": lambda: Reading(findings=(msgspec.structs.replace(finding("no-sheet"), severity="odd"),)),
}


class FaultsReader:
    NAME: ClassVar[str] = "faults"
    API_VERSION: ClassVar[int] = 1
    MEDIA_TYPES: ClassVar[tuple[str, ...]] = ("text/x-fault",)
    EXTENSIONS: ClassVar[tuple[str, ...]] = ("fault",)

    def sniff(self, head: Head) -> bool:
        return head.start.startswith(b"FAULT ")

    def read(self, data: bytes, limits: Limits) -> Document | Reading:
        made = FAULTS[data.split()[1].decode()]()
        return made if isinstance(made, Reading) else Document(sections=())


@hookimpl
def jixiao_reader() -> type[Reader]:
    return FaultsReader
