"""Work on documents in the bounded processes of the batch, asked for by any thread of the server."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, NamedTuple, TypeVar, cast

from jixiao.errors import BadInput, JixiaoError
from jixiao.hookspecs import Executor, Lost, Means
from jixiao.installed import Settings, use
from jixiao.messages import gettext as _
from jixiao.plugins import EXECUTORS, Blame, registry

Given = TypeVar("Given")


class Errand(NamedTuple):
    """A function of a module, and what to give it; `number` tells it from others."""

    number: int
    function: Callable[..., Any]
    given: tuple[Any, ...]
    plugins: Settings
    language: str


class Refusal(NamedTuple):
    """A JixiaoError on its way back."""

    code: str
    what: str
    do: str


def run(errand: Errand) -> Any:
    """What the function gives, in the process that works."""
    use(errand.plugins)
    os.environ["JIXIAO_LANG"] = errand.language
    try:
        with Blame("jixiao"):
            return errand.function(*errand.given)
    except JixiaoError as error:
        return Refusal(error.code, error.what, error.do)


class Workers:
    """As many errands at a time as `means` says, each within its seconds and memory."""

    def __init__(self, means: Means, plugins: Settings) -> None:
        self.means, self.plugins = means, plugins
        self._waiting: SimpleQueue[Errand] = SimpleQueue()
        self._asked: dict[int, Future[Any]] = {}
        self._lock = Lock()
        self._number = 0
        self._thread: Thread | None = None

    def do(self, function: Callable[..., Given], *given: Any, language: str = "en") -> Given:
        """Wait for what it gives. Raises BadInput where the errand was refused or its process ended."""
        return cast(Given, self.begin(function, *given, language=language).result())

    def begin(self, function: Callable[..., Any], *given: Any, language: str = "en") -> "Future[Any]":
        asked: Future[Any] = Future()
        with self._lock:
            self._number += 1
            self._asked[self._number] = asked
            self._waiting.put(Errand(self._number, function, given, self.plugins, language))
            if self._thread is None:
                self._thread = Thread(target=self._serve, daemon=True, name="jixiao-workers")
                self._thread.start()
        return asked

    def _serve(self) -> None:
        while True:
            first = self._waiting.get()
            chosen: Any = registry().made(EXECUTORS, "local")
            doing: Executor = chosen
            for errand, result in doing.run(run, _Coming(first, self._waiting), self.means):
                self._settle(errand, result)

    def _settle(self, errand: Errand, result: Any) -> None:
        asked = self._asked.pop(errand.number)
        if isinstance(result, Lost):
            result = Refusal(
                result.code,
                _("The document took more time or memory than it may, or its process died."),
                _("If the file is to be trusted, raise the limit with --limit; otherwise leave it out."),
            )
        if isinstance(result, Refusal):
            asked.set_exception(BadInput(*result))
        else:
            asked.set_result(result)


class _Coming(Iterator[Errand]):
    """Errands as they come: at its end when none waits just now, and going on when one has come."""

    def __init__(self, first: Errand, waiting: "SimpleQueue[Errand]") -> None:
        self._first: Errand | None = first
        self._waiting = waiting

    def __next__(self) -> Errand:
        if self._first is not None:
            errand, self._first = self._first, None
            return errand
        try:
            return self._waiting.get_nowait()
        except Empty:
            raise StopIteration from None
