"""Small documents that the command converts itself, since that is faster: docs/batch.md has the figures.

Only what cannot do harm there: text, or a model of jixiao's own, read by what is built in. What takes long
all the same is broken off, and converted again where a process may be ended.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from jixiao.alarms import alarm, can_ring
from jixiao.batch.job import Made, Order, Task, work
from jixiao.convert import read_bytes
from jixiao.corrections import stored
from jixiao.errors import JixiaoError
from jixiao.head import Head
from jixiao.installed import CHECKS, FILTERS, READERS, WRITERS, wanted
from jixiao.limits import MiB
from jixiao.plugins import registry
from jixiao.storage import is_remote, place

KINDS = ("text", "markdown", "json", "xml")
"""Readers of which 32 KiB, made to do harm, took at most 0.3 s and 87 MiB, the start with it."""
SIZE = 32 * 1024
SECONDS = 1.0
"""Of the processor, which is all that they can take."""
AGAIN = 0.5
"""Seconds to the next alarm: what one raises while garbage is collected, or in a __del__, is lost."""
MEMORY = 256 * MiB
"""Where less is allowed, that is held from outside."""


class _TooLongError(BaseException):
    """No Exception: whatever a reader catches, it does not catch this."""


def done_here(order: Order, task: Task) -> Made | None:
    """What comes of a task that is faster done here, None where it is none or took too long."""
    try:
        with _in_time(min(SECONDS, order.limits.seconds)):
            content = _harmless(order, task)
            return None if content is None else work(order, content)
    except (JixiaoError, OSError, _TooLongError):  # said, if it is so, where the document is converted
        return None


def _harmless(order: Order, task: Task) -> Task | None:
    """The task with the very content that was looked at; None where it is to be done in another process."""
    path = place(task.source)
    if task.wish.profile is not None or order.limits.memory < MEMORY or _strangers(order):
        return None
    if is_remote(path) or not path.is_file():  # what comes through a pipe can be read only once
        return None
    content = read_bytes(path, msgspec.structs.replace(order.limits, size=min(SIZE, order.limits.size)))
    reader = order.reader or registry().reader_for(Head(content, path.name)).NAME
    return msgspec.structs.replace(task, content=content, fixes=stored(path)) if reader in KINDS else None


def _strangers(order: Order) -> bool:
    """Whether others' code would have a say."""
    groups = (READERS, WRITERS, CHECKS, FILTERS)
    return any(not one.builtin for group in groups for one in wanted(group, order.plugins).values())


@contextmanager
def _in_time(seconds: float) -> Iterator[None]:
    """Raises _TooLongError, also where there can be no alarm: elsewhere than in the main thread of POSIX."""
    if not can_ring():
        raise _TooLongError

    def over(*_signal: object) -> None:
        raise _TooLongError

    with alarm(over, signal.SIGPROF, signal.ITIMER_PROF, seconds, AGAIN):
        yield
