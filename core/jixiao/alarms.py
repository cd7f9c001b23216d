"""A function called again and again while a block runs, whatever the program is doing meanwhile."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


def can_ring() -> bool:
    """Whether there can be an alarm here: only in the main thread, and only on POSIX."""
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()


@contextmanager
def alarm(call: Callable[..., None], number: int, timer: int, first: float, again: float) -> Iterator[None]:
    """`call` runs `first` seconds after the start, and every `again` seconds.

    `number` is the signal by which it comes, `timer` the clock of setitimer that belongs to it. What had
    them before has them afterwards. Requires `can_ring()`.
    """
    before = signal.signal(number, call)
    signal.siginterrupt(number, False)
    timed = signal.setitimer(timer, first, again)
    try:
        yield
    finally:
        signal.setitimer(timer, *timed)
        signal.signal(number, before)
