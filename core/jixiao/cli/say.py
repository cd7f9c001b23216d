"""What people are told: lines on the standard error, never on the standard output."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from jixiao.messages import gettext as _

if TYPE_CHECKING:  # the start is kept light: `--help` draws in no model
    from jixiao.batch.outcome import Outcome
    from jixiao.errors import JixiaoError
    from jixiao.model import Finding

LOUD = ("warning", "error")


def line(*parts: str) -> None:
    """One line, whatever the parts hold; a console that is gone changes nothing."""
    if sys.stderr is not None:
        with suppress(OSError):
            print("jixiao", *map(one_line, parts), sep=": ", file=sys.stderr, flush=True)


@contextmanager
def ending(kind: type[JixiaoError], status: int, *where: str) -> Iterator[None]:
    """What is raised of this kind is said, after `where`, and ends the command with the status."""
    try:
        yield
    except kind as error:
        line(*where, str(error))
        raise SystemExit(status) from error


def one_line(text: str) -> str:
    """White space folded, and what a terminal would obey or cannot show as an escape.

    >>> one_line("甲\\n乙\\x1b[2J")
    '甲 乙\\\\x1b[2J'
    """
    folded = " ".join(text.split())
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in folded)


def outcome(done: Outcome) -> None:
    """A line for each finding that a person should see, and one for the failure."""
    for sheet, finding in done.findings:
        if finding.severity in LOUD and finding.code != done.code:
            line(done.source, _where(sheet, finding), finding.message)
    if done.said is not None:
        line(done.source, done.said)
    if done.trace is not None and sys.stderr is not None:
        print(done.trace, end="", file=sys.stderr)


def summary(counts: str, warnings: int, errors: int) -> None:
    line(
        _("{counts}; {warnings} warnings, {errors} errors.").format(
            counts=counts or _("nothing to do"), warnings=warnings, errors=errors
        )
    )


def _where(sheet: int | None, finding: Finding) -> str:
    """How serious and where: "warning, sheet 1, indicator 4"."""
    parts = [_("error") if finding.severity == "error" else _("warning")]
    if sheet is not None:
        parts.append(_("sheet {number}").format(number=sheet))
    if finding.indicator is not None:
        parts.append(_("indicator {number}").format(number=finding.indicator + 1))
    return _(", ").join(parts)
