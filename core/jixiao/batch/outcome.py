"""What became of an input: one of five outcomes, with why and what a person should know."""

from typing import Literal

from jixiao.model import Finding, Severity, Struct

Kind = Literal["converted", "converted-with-findings", "needs-review", "failed", "skipped-unchanged"]
KINDS: tuple[Kind, ...] = (
    "converted",
    "converted-with-findings",
    "needs-review",
    "failed",
    "skipped-unchanged",
)
Found = tuple[tuple[int | None, Finding], ...]
"""Findings, each with its sheet's number from 1 (None: of the document)."""


class Outcome(Struct):
    """What became of one input. `code` and `said` tell why it failed, both None where it did not.

    A profile's file that is not written, since the system would refuse it, has `said` alone. `trace` is the
    traceback of a fault where the order asks for it. `skipped`: nothing had changed since it ended like this.
    """

    source: str
    target: str | None
    code: str | None = None
    said: str | None = None
    trace: str | None = None
    findings: Found = ()
    skipped: bool = False

    def count(self, severity: Severity) -> int:
        return sum(f.severity == severity for _sheet, f in self.findings)

    @property
    def kind(self) -> Kind:
        """What is told of this run; a failure stays one, however often nothing changes."""
        ended = self.ended
        return "skipped-unchanged" if self.skipped and ended != "failed" else ended

    @property
    def ended(self) -> Kind:
        """What it came to when it was last converted."""
        if self.code is not None:
            return "failed"
        if self.count("error") or self.said is not None:
            return "needs-review"
        return "converted-with-findings" if self.count("warning") else "converted"
