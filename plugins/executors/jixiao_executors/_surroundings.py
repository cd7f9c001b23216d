"""What one task could change in its process for those after it: a process that was changed is replaced.

What is not looked at, such as a function of a library that a plugin has put another in place of, lasts until
the process is replaced for its age.
"""

import decimal
import gc
import os
import signal
import sys
import threading
from _locale import LC_ALL, setlocale  # the module locale draws in tables of names
from collections.abc import Callable
from pathlib import Path

try:
    import resource
except ImportError:  # Windows
    BOUNDS: tuple[int, ...] = ()
else:
    BOUNDS = tuple({getattr(resource, name) for name in dir(resource) if name.startswith("RLIMIT_")})
SIGNALS = sorted(signal.valid_signals())[:20]
FILES = 100
"""Open files that tasks may leave behind, all together."""


def surroundings() -> tuple[object, ...]:
    """Equal to an earlier one where what is looked at is as it was."""
    return tuple(one() for one in LOOKED_AT)


def restore(environment: dict[str, str]) -> None:
    """The variables of the environment as they were: libraries set some when they are imported."""
    if os.environ != environment:
        os.environ.clear()
        os.environ.update(environment)


def _folder() -> object:
    try:
        found = Path().stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _mask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _standard_files() -> list[object]:
    found: list[object] = [sys.stdin, sys.stdout, sys.stderr]
    for number in range(3):
        try:
            there = os.fstat(number)
        except OSError:
            continue
        found.append((number, there.st_dev, there.st_ino))
    return found


def _many_files() -> object:
    """Whether so many are open that the next number is far away."""
    try:
        free = os.dup(2)
    except OSError:
        return None
    os.close(free)
    return free // FILES


def _arithmetic() -> tuple[object, ...]:
    """Of exact decimals; its flags change with every sum."""
    now = decimal.getcontext()
    return now.prec, now.rounding, now.Emin, now.Emax, now.capitals, now.clamp, dict(now.traps)


LOOKED_AT: tuple[Callable[[], object], ...] = (
    _folder,
    _mask,
    _standard_files,
    _many_files,
    _arithmetic,
    lambda: setlocale(LC_ALL),
    lambda: [signal.getsignal(number) for number in SIGNALS],
    lambda: [resource.getrlimit(number) for number in BOUNDS],
    lambda: (sys.getrecursionlimit(), sys.get_int_max_str_digits(), gc.isenabled()),
    threading.active_count,
)
