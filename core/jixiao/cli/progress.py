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
    from rich.progress import Progress

    from jixiao.batch.inputs import Plan
    from jixiao.batch.outcome import Outcome
    from jixiao.batch.run import Tell

DRAW_EVERY, COUNT_FOR = 0.2, 0.02
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
def shown(told: Told, *, quiet: bool, plan: Plan | None = None) -> Iterator[Tell]:
    """What to call with each outcome. The inputs of a plan are counted a little at a time."""
    if quiet or sys.stderr is None or not sys.stderr.isatty():

        def plain(outcome: Outcome) -> None:
            told.add(outcome)
            if not quiet or outcome.code is not None:
                say.outcome(outcome)

        yield plain
        return
    with _bar() as progress:
        bar = _Bar(told, progress, plan)
        try:
            yield bar.tell
        finally:
            bar.draw()


class _Bar:
    """Draws the bar and what is to be said above it, a few times a second at most."""

    def __init__(self, told: Told, progress: Progress, plan: Plan | None) -> None:
        self.told, self.progress = told, progress
        self.task = progress.add_task("", total=None, counts="")
        self.counting: Iterator[int] = iter(()) if plan is None else plan.count()
        self.found, self.total = 0, None if plan is None else -1
        self.lines: list[Outcome] = []
        self.drawn = 0.0

    def tell(self, outcome: Outcome) -> None:
        self.told.add(outcome)
        if outcome.said is not None or outcome.count("warning") or outcome.count("error"):
            self.lines.append(outcome)
        if time.monotonic() - self.drawn > DRAW_EVERY:
            self.draw()

    def draw(self) -> None:
        if self.lines:
            self.progress.update(self.task, visible=False, refresh=True)
            for outcome in self.lines:
                say.outcome(outcome)
            self.lines.clear()
        self.progress.update(
            self.task, visible=True, completed=self.told.kinds.total(), total=self._total(),
            counts=counts(self.told), refresh=True,
        )  # fmt: skip
        self.drawn = time.monotonic()

    def _total(self) -> int | None:
        """How many inputs there are, once all have been counted."""
        if self.total == -1:
            until = time.monotonic() + COUNT_FOR
            for found in self.counting:
                self.found = found
                if time.monotonic() > until:
                    return None
            self.total = self.found
        return self.total


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


@contextmanager
def _bar() -> Iterator[Progress]:
    """Without a thread of its own: processes are forked from this one. The counts have their own line."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
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
    )

    class Lines(Progress):
        def get_renderables(self) -> Iterator[Any]:
            yield self.make_tasks_table(self.tasks)
            yield from (Text(task.fields["counts"]) for task in self.tasks if task.visible)

    with Lines(
        *columns, console=Console(stderr=True), auto_refresh=False, transient=True, redirect_stdout=False,
        redirect_stderr=False,
    ) as progress:  # fmt: skip
        yield progress
