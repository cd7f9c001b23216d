"""One document after the other in this very process, which nothing watches: for a debugger.

A deadline and a limit of memory can only be held from outside: here there are none.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar

from jixiao.hookspecs import Executor, Means, hookimpl


class SerialExecutor:
    NAME: ClassVar[str] = "serial"
    API_VERSION: ClassVar[int] = 1

    def run(
        self, work: Callable[[Any], Any], tasks: Iterable[Any], means: Means
    ) -> Iterator[tuple[Any, Any]]:
        for task in tasks:
            yield task, work(task)


@hookimpl
def jixiao_executor() -> type[Executor]:
    return SerialExecutor
