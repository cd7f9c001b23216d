"""What is counted over all inputs of a run, in one pass."""

from collections import Counter
from collections.abc import Iterator

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
        self._said: dict[str, str] = {}
        self.inputs = 0
        self.finished = 0.0

    def add(self, record: Record) -> None:
        self.inputs += 1
        self.finished = max(self.finished, record.finished)
        self.outcomes[record.outcome] += 1
        if record.code:
            self.severity[record.code] = "error"
            self._said.setdefault(record.code, record.said or "")
        for _sheet, finding in record.findings:
            before = self.severity.get(finding.code, "info")
            self.severity[finding.code] = min(before, finding.severity, key=RANKS.__getitem__)
        self.codes.update(codes(record))

    def ranked(self) -> list[str]:
        """The codes, grave ones first, then by how many inputs have them."""
        return sorted(self.codes, key=lambda c: (RANKS[self.severity[c]], -self.codes[c], c))

    def short(self, code: str) -> str:
        """What a code says: of a finding without what it says it of, of a failure as it was first said."""
        rule = FINDINGS.get(code)
        if rule is None:
            return _sentence(self._said.get(code, "")) or code
        return _sentence(_(rule.message).format(text="…", before="…", after="…"))

    def by_outcome(self) -> Iterator[tuple[Kind, int]]:
        return ((kind, self.outcomes[kind]) for kind in KINDS)


def codes(record: Record) -> list[str]:
    """The codes of an input, each once: of its findings, and why it failed."""
    found = [f.code for _sheet, f in record.findings]
    return list(dict.fromkeys(([record.code] if record.code else []) + found))


def _sentence(said: str) -> str:
    """The first of it."""
    for stop in ("。", ". "):
        said = said.partition(stop)[0]
    return said.rstrip(".")
