"""The same jobs on many machines, by dask.distributed (extra `cluster`): `--cluster tcp://scheduler:8786`.

Documents are sent in chunks, since each message costs milliseconds. What a machine that is lost was doing is
done again by another. On each machine a document has a watched process, as it has on one.
"""

import logging
import pickle
import threading
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

from jixiao.errors import PluginError
from jixiao.hookspecs import Executor, Lost, Means, hookimpl
from jixiao.installed import tell
from jixiao.messages import gettext as _

CHUNK = 20
AHEAD = 2
"""Chunks that are given out for each thread of the cluster before the first of them is done."""
Work = Callable[[Any], Any]
_of_thread = threading.local()


class ClusterExecutor:
    NAME: ClassVar[str] = "cluster"
    API_VERSION: ClassVar[int] = 1

    def run(self, work: Work, tasks: Iterable[Any], means: Means) -> Iterator[tuple[Any, Any]]:
        """Raises PluginError `no-cluster` where nobody says which."""
        if means.address is None:
            raise PluginError(
                "no-cluster",
                _("The executor cluster was given no address of a scheduler."),
                _("Give it: --cluster tcp://scheduler:8786."),
            )
        with _connected(means.address) as client:
            if not client.nthreads():
                tell(_("The cluster {address} has no machine at work yet.").format(address=means.address))
            yield from _pairs(client, work, iter(tasks), means)


def _connected(address: str) -> Any:
    """Raises PluginError `no-cluster` where there is no scheduler."""
    from distributed import Client
    from distributed.comm.addressing import get_address_host_port

    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # what it says is said here in words
    connect: Any = Client
    try:
        get_address_host_port(address)  # a client of what is no address would still be waited for at the end
        return connect(address, set_as_default=False)
    except (OSError, ValueError) as error:
        raise PluginError(
            "no-cluster",
            _("The scheduler {address} cannot be reached: {why}.").format(address=address, why=error),
            _("Check that it runs, and its address, such as tcp://scheduler:8786."),
        ) from error


def _lost() -> PluginError:
    return PluginError(
        "no-cluster",
        _("The connection to the scheduler was lost."),
        _("Run the same command again when it is back: what is done is kept."),
    )


def _pairs(client: Any, work: Work, tasks: Iterator[Any], means: Means) -> Iterator[tuple[Any, Any]]:
    """Gives out chunks as earlier ones are done; one that keeps losing machines is tried task by task."""
    from distributed import as_completed
    from distributed.client import FutureCancelledError
    from distributed.scheduler import KilledWorker

    waiting: Any = as_completed
    chunks: dict[Any, list[Any]] = {}
    folder = str(Path.cwd())
    done: Any = waiting(loop=client.loop)

    def give(chunk: list[Any]) -> None:
        if chunk:
            future = client.submit(_chunk, work, chunk, means, folder, pure=False)
            chunks[future.key] = chunk
            done.add(future)

    for _chunk_ahead in range(AHEAD * max(1, sum(client.nthreads().values()))):
        give(list(islice(tasks, CHUNK)))
    for future in done:
        chunk = chunks.pop(future.key)
        try:
            yield from zip(chunk, future.result(), strict=True)
        except FutureCancelledError as error:
            raise _lost() from error
        except KilledWorker:
            if len(chunk) == 1:
                yield chunk[0], Lost(code="worker-died")
            for task in chunk if len(chunk) > 1 else ():
                give([task])
        give(list(islice(tasks, CHUNK)))


def _chunk(work: Work, tasks: list[Any], means: Means, folder: str) -> list[Any]:
    """What comes of each task; runs in a thread of a machine of the cluster, which keeps its process.

    `folder` is that of the command, from which names are told.
    """
    from multiprocessing import current_process

    from jixiao_executors._worker import Worker

    current_process().daemon = False  # else it may start none; ours ends with this one all the same
    asked = pickle.dumps((work, means, folder))
    if getattr(_of_thread, "asked", None) != asked:
        if (before := getattr(_of_thread, "worker", None)) is not None:
            before.stop()
        _of_thread.asked, _of_thread.worker = asked, Worker(work, means, folder)
    return [_of_thread.worker.do(task) for task in tasks]


@hookimpl
def jixiao_executor() -> type[Executor]:
    return ClusterExecutor
