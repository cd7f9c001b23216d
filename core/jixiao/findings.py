"""Every finding that can be made, in one table: its code, how serious it is, what it says.

A message is one sentence what and one what to do. `{text}`, `{before}` and `{after}` are filled from the
finding. What is certain carries no finding of `warning` or more.
"""

from typing import NamedTuple

from jixiao.messages import gettext
from jixiao.model import Finding, Place, Severity


def N_(message: str) -> str:
    """Marks a message for the catalogue; it is translated when it is used."""
    return message


class Rule(NamedTuple):
    severity: Severity
    message: str


FINDINGS: dict[str, Rule] = {
    # said by readers
    "hidden-left-out": Rule("info", N_("Hidden part {text} was left out. Show it in the source if it belongs to the sheet.")),
    "control-character": Rule("info", N_("Characters that no text may hold were dropped near {text}. Check the spot in the source.")),
    "html-fragment": Rule("info", N_("HTML tags in the text were taken as mark-up: {text}.")),
    "tracked-change": Rule("info", N_("Tracked changes were read as accepted. Check them if they are not meant to be.")),
    "broken-font": Rule("warning", N_("The file's font does not say which characters it shows near {text}. Convert a scan of the page instead.")),
    "page-without-text": Rule("warning", N_("Page {text} is a picture without text. Read it with the OCR extra: pip install jixiao[ocr].")),
    "stale-formula": Rule("warning", N_("Formula {text} has no stored result. Open the workbook, let it calculate, save, and convert again.")),
    # said by interpret
    "no-sheet": Rule("error", N_("No budget-performance sheet was found. Check that this is the right file.")),
}


def finding(
    code: str,
    *,
    indicator: int | None = None,
    text: str | None = None,
    before: str | None = None,
    after: str | None = None,
    place: Place | None = None,
) -> Finding:
    """A finding of a code in FINDINGS, its message in the user's language. Raises KeyError for another code."""
    rule = FINDINGS[code]
    said = gettext(rule.message).format(text=text or "", before=before or "", after=after or "")
    return Finding(
        code=code, severity=rule.severity, message=said, indicator=indicator,
        text=text, before=before, after=after, place=place,
    )  # fmt: skip
