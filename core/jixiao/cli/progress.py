"""How far a run is: a bar on a terminal, nothing in a pipe; the lines of jixiao.cli.say go above it."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from jixiao.cli import say
from jixiao.errors import Exit
from jixiao.messages import gettext as _

if TYPE_CHECKING:
    from jixiao.batch.outcome import Outcome

DRAW_EVERY = 0.2
"""Seconds."""


class Told:
    """What has been told of a run: the counts that its summary and exit status are made of."""

    def __init__(self, *, strict: bool = False) -> None:
        self.kinds: Counter[str] = Counter()
        self.warnings = self.errors = 0
        self.strict = strict
        self.person = False

    def add(self, outcome: Outcome) -> None:
        self.kinds[outcome.kind] += 1
        warnings, errors = outcome.count("warning"), outcome.count("error")
        self.warnings += warnings
        self.errors += errors
        self.person |= bool(errors or (self.strict and warnings))

    def sum_up(self) -> None:
        say.summary(counts(self), self.warnings, self.errors)

    def status(self) -> Exit:
        """The contract's exit status: failed inputs outrank findings."""
        if self.kinds["failed"]:
            return Exit.FAILED
        return Exit.PERSON_NEEDED if self.person else Exit.OK


@contextmanager
def shown(told: Told, *, quiet: bool) -> Iterator[Any]:
    """What to call with each outcome. The bar knows how many there are once they have all been found."""
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield lambda outcome, _total=None: _tell(told, outcome, quiet=quiet)
        return
    with _bar() as (progress, task):
        drawn = 0.0

        def tell(outcome: Outcome, total: int | None = None) -> None:
            nonlocal drawn
            with_lines = outcome.said is not None or outcome.count("warning") or outcome.count("error")
            if with_lines:
                progress.update(task, visible=False, refresh=True)
            _tell(told, outcome, quiet=False)
            done = told.kinds.total()
            progress.update(task, visible=True, completed=done, total=total, counts=counts(told))
            if with_lines or time.monotonic() - drawn > DRAW_EVERY:
                drawn = time.monotonic()
                progress.refresh()

        yield tell


def counts(told: Told) -> str:
    """How many ended how: those outcomes that there are."""
    words = {
        "converted": _("converted"),
        "converted-with-findings": _("with findings"),
        "needs-review": _("for review"),
        "failed": _("failed"),
        "skipped-unchanged": _("unchanged"),
    }
    return _(", ").join(f"{told.kinds[kind]} {word}" for kind, word in words.items() if told.kinds[kind])


def _tell(told: Told, outcome: Outcome, *, quiet: bool) -> None:
    told.add(outcome)
    if not quiet or outcome.code is not None:
        say.outcome(outcome)


@contextmanager
def _bar() -> Iterator[tuple[Any, Any]]:
    """Without a thread of its own: processes are forked from this one."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Any) -> Text:
            speed = task.finished_speed or task.speed
            return Text(_("{rate} a second").format(rate=f"{speed:.1f}") if speed else "")

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[counts]}"),
    )
    with Progress(*columns, console=Console(stderr=True), auto_refresh=False, transient=True) as progress:
        yield progress, progress.add_task("", total=None, counts="")
