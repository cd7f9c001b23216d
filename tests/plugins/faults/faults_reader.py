"""A reader that does what no reader should: a file says `FAULT` and which one."""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import ClassVar

from jixiao.document import Document
from jixiao.head import Head
from jixiao.hookspecs import Reader, hookimpl
from jixiao.limits import Limits


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
}


class FaultsReader:
    NAME: ClassVar[str] = "faults"
    API_VERSION: ClassVar[int] = 1
    MEDIA_TYPES: ClassVar[tuple[str, ...]] = ("text/x-fault",)
    EXTENSIONS: ClassVar[tuple[str, ...]] = ("fault",)

    def sniff(self, head: Head) -> bool:
        return head.start.startswith(b"FAULT ")

    def read(self, data: bytes, limits: Limits) -> Document:
        FAULTS[data.split()[1].decode()]()
        return Document(sections=())


@hookimpl
def jixiao_reader() -> type[Reader]:
    return FaultsReader
