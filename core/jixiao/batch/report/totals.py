"""What is counted over all inputs of a run, in one pass."""

import re
from collections import Counter
from collections.abc import Iterator

from jixiao.batch.failures import FAILURES, LIMIT
from jixiao.batch.ledger import Record
from jixiao.batch.outcome import KINDS, Kind
from jixiao.findings import FINDINGS, N_
from jixiao.messages import gettext as _
from jixiao.model import Severity

NAMES: dict[Kind, str] = {
    "converted": N_("Converted"),
    "converted-with-findings": N_("Converted, with findings"),
    "needs-review": N_("Needs a person"),
    "failed": N_("Failed"),
    "skipped-unchanged": N_("Unchanged, skipped"),
}
MEANINGS: dict[Kind, str] = {
    "converted": N_("Nothing was doubtful."),
    "converted-with-findings": N_("Written, and something in it should be looked at."),
    "needs-review": N_("There are errors that only a person can settle."),
    "failed": N_("The input could not be read or written."),
    "skipped-unchanged": N_("Nothing had changed since the last run."),
}
RANKS: dict[Severity, int] = {"error": 0, "warning": 1, "info": 2}


class Totals:
    """Counts inputs by outcome, and by finding: an input counts once for each code."""

    def __init__(self) -> None:
        self.outcomes: Counter[Kind] = Counter()
        self.codes: Counter[str] = Counter()
        self.severity: dict[str, Severity] = {}
        self.unchanged: Counter[Kind] = Counter()
        """The skipped ones, by what they came to when they were converted."""
        self.inputs = 0
        self.finished = 0.0

    def add(self, record: Record) -> None:
        self.inputs += 1
        self.finished = max(self.finished, record.finished)
        self.outcomes[record.outcome] += 1
        if record.outcome != record.ended:
            self.unchanged[record.ended] += 1
        if record.code:
            self.severity[record.code] = "error"
        for _sheet, finding in record.findings:
            before = self.severity.get(finding.code, "info")
            self.severity[finding.code] = min(before, finding.severity, key=RANKS.__getitem__)
        self.codes.update(codes(record))

    def ranked(self) -> list[str]:
        """The codes, grave ones first, then by how many inputs have them."""
        return sorted(self.codes, key=lambda c: (RANKS[self.severity[c]], -self.codes[c], c))

    def by_outcome(self) -> Iterator[tuple[Kind, int]]:
        return ((kind, self.outcomes[kind]) for kind in KINDS)


def codes(record: Record) -> list[str]:
    """The codes of an input, each once: of its findings, and why it failed."""
    found = [f.code for _sheet, f in record.findings]
    return list(dict.fromkeys(([record.code] if record.code else []) + found))


def code_name(code: str) -> str:
    """A finding's code in words: its message without what it is about; that of a file that was not read."""
    if (rule := FINDINGS.get(code)) is not None:
        first = re.split(r"(?<=[.;。；])\s*", _(rule.message))[0]
        return re.sub(r"[“(（]*\{\w+\}[”)）]*", "…", first).rstrip(".;。；")
    if code not in FAILURES:
        return code
    return _(FAILURES[code].meaning).format(name=code.removeprefix(LIMIT)).rstrip(".。")
