"""report.html: one page that needs nothing but itself, written as it is made.

Every input has its line in it. The details of an input stand in a block of their own, which is only parsed
when somebody looks; they are kept for those that need a person first, as far as MOST_DETAIL goes, and the
page says of how many it has none. No script, style or request from elsewhere: the page's own policy forbids
them, and names its script and style by their hashes.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, BinaryIO

import msgspec
from markupsafe import Markup

from jixiao import __version__
from jixiao.batch.clips import CODES, unpacked
from jixiao.batch.ledger import Ledger, Record
from jixiao.batch.outcome import KINDS
from jixiao.batch.report.charts import code_chart, outcome_chart
from jixiao.batch.report.totals import MEANINGS, NAMES, Totals, code_name, codes
from jixiao.batch.report.worklist import path, printed, sheet_name
from jixiao.corrections import get
from jixiao.findings import said
from jixiao.messages import gettext as _
from jixiao.messages import language
from jixiao.model import Finding, Indicator, Place, Reading, Sheet

FOLDER = Path(__file__).parent
MOST_DETAIL = 24 * 1024 * 1024
"""Bytes of details in one page: what a browser opens in a moment."""
MOST_PICTURES = 8 * 1024 * 1024
"""Bytes of the pictures beside them."""
CHUNK = 1_000
"""Inputs in one block."""
MOST_NAMES = 3
"""Sheets of an input that its line names."""


def write_page(
    ledger: Ledger, totals: Totals, needy: Iterable[str], out: BinaryIO, *, every: bool = False
) -> None:
    """`needy` are the targets in the order in which their details are kept; `every` as in write_report."""
    from jinja2 import Environment, FileSystemLoader

    css, js = ((FOLDER / name).read_text("utf-8").strip() for name in ("page.css", "page.js"))
    env = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, keep_trailing_newline=True)
    with TemporaryFile("w+", encoding="utf-8", newline="\n") as kept:
        details = _Details(ledger, needy, kept)
        page = env.get_template("page.html.j2").generate(
            _=_, lang="zh-CN" if language().startswith("zh") else "en", version=__version__,
            css=Markup(css), js=Markup(js), css_hash=_hash(css), js_hash=_hash(js),
            when=datetime.fromtimestamp(totals.finished).astimezone().strftime("%Y-%m-%d %H:%M"),
            total_said=_("{count} inputs").format(count=totals.inputs),
            outcomes=list(_outcomes(totals)),
            codes=[{"code": code, "short": code_name(code)} for code in totals.ranked()],
            outcome_chart=outcome_chart(totals), code_chart=code_chart(totals),
            config=_json(_config(totals)), rows=_rows(ledger, totals, details, every),
            details=details.blocks(), note=details.note(totals.inputs),
        )  # fmt: skip
        for text in page:
            out.write(text.encode("utf-8", "backslashreplace"))


def _outcomes(totals: Totals) -> Iterator[dict[str, Any]]:
    """The tiles: with how many more came to the same in an earlier run."""
    for kind, count in totals.by_outcome():
        yield {"kind": kind, "shown": count, "more": totals.unchanged[kind],
               "name": _(NAMES[kind]), "means": _(MEANINGS[kind])}  # fmt: skip


class _Details:
    """Which inputs have their details in the page: as many as there is room for, held on the disk."""

    def __init__(self, ledger: Ledger, needy: Iterable[str], kept: IO[str]) -> None:
        self.ledger, self._kept = ledger, kept
        self.numbers: dict[str, int] = {}
        room, left = MOST_DETAIL, MOST_PICTURES
        for target in needy:
            seen = unpacked(self.ledger.clips(target)) if left > 0 else {}
            block, pictures = self._block(target, seen), _json(list(seen.values()))
            room -= len(block.encode("utf-8", "replace"))
            left -= len(pictures)
            if room < 0:
                break
            kept.write(f"{block}\n{pictures}\n")
            self.numbers[target] = len(self.numbers)

    def blocks(self) -> Iterator[tuple[int, Markup, Markup]]:
        """The number of each input, its details, and its pictures."""
        self._kept.seek(0)
        lines = (Markup(line.rstrip("\n")) for line in self._kept)
        return ((number, block, next(lines)) for number, block in enumerate(lines))

    def note(self, inputs: int) -> str | None:
        if len(self.numbers) == inputs:
            return None
        return _(
            "This page has the details of the {count} inputs that need them most, out of {total}; the search "
            "looks into these, and into the names of all. report.jsonl has the findings of all."
        ).format(count=len(self.numbers), total=inputs)

    def _block(self, target: str, seen: dict[Place, str]) -> str:
        record, reading = self.ledger.record(target), self.ledger.reading(target)
        assert record is not None
        return _json(_detail(record, reading, list(seen)))


def _rows(ledger: Ledger, totals: Totals, details: _Details, every: bool) -> Iterator[Markup]:
    places = {code: k for k, code in enumerate(totals.ranked())}
    records = ledger.records(every=every)
    while group := list(islice(records, CHUNK)):
        yield _json([_line(ledger, record, places, details.numbers) for record in group])


def _line(ledger: Ledger, record: Record, places: dict[str, int], numbers: dict[str, int]) -> list[Any]:
    count = [sum(f.severity == severity for _n, f in record.findings) for severity in ("error", "warning")]
    reading = ledger.reading(record.target)
    names = [sheet_name(s) for s in reading.sheets] if reading else []
    more = [f"+{len(names) - MOST_NAMES}"] if len(names) > MOST_NAMES else []
    return [
        numbers.get(record.target, -1), record.source, KINDS.index(record.outcome), *count,
        [places[code] for code in codes(record)], " · ".join([*names[:MOST_NAMES], *more]),
        KINDS.index(record.ended),
    ]  # fmt: skip


def _detail(record: Record, reading: Reading | None, seen: list[Place]) -> dict[str, Any]:
    """`seen` are the places of the pictures."""
    of_sheets: dict[int | None, list[Finding]] = {}
    for number, finding in record.findings:
        of_sheets.setdefault(number, []).append(finding)
    sheets = reading.sheets if reading else ()
    return {
        "said": record.said,
        "findings": [_finding(f, seen) for f in of_sheets.get(None, [])],
        "sheets": [_sheet(sheet, of_sheets.get(k, []), seen) for k, sheet in enumerate(sheets, 1)],
    }


def _sheet(sheet: Sheet, findings: list[Finding], seen: list[Place]) -> dict[str, Any]:
    return {
        "name": " · ".join(dict.fromkeys(filter(None, (sheet_name(sheet), sheet.title)))),
        "rows": [_indicator(i) for i in sheet.indicators],
        "findings": [_finding(f, seen) for f in findings],
    }


def _indicator(indicator: Indicator) -> list[str]:
    """Its path, its values as read, what the source prints, where."""
    values = [get(indicator, "value"), get(indicator, "value_long")]
    values += [f"{name} {get(indicator, f'values.{name}') or ''}" for name in indicator.values or {}]
    read = "; ".join(v for v in values if v)
    return [path(indicator), read or "—", printed(indicator), _where(indicator.place)]


def _finding(finding: Finding, seen: list[Place]) -> list[Any]:
    """At the end, where there is one, the number of its picture and what was read there."""
    told = [finding.severity, finding.code, said(finding), finding.indicator]
    shown = finding.code in CODES and finding.place in seen
    return [*told, seen.index(finding.place), finding.text] if shown and finding.place else told


def _where(place: Place | None) -> str:
    if place is None:
        return ""
    parts = [
        _("page {number}").format(number=place.page) if place.page else "",
        _("table {number}").format(number=place.table) if place.table else "",
        _("row {number}").format(number=place.row) if place.row else "",
    ]
    return _(", ").join(filter(None, parts))


def _config(totals: Totals) -> dict[str, Any]:
    words = {
        "count": _("{shown} of {total} inputs"),
        "page": _("Page {page} of {pages}"),
        "elsewhere": _("The details of this input are not in this page; report.jsonl has its findings."),
        "nothing": _("Nothing to say."),
        "clip": _("The cell in the source; it was read as “{text}”"),
    }
    return {
        "outcomes": KINDS,
        "codes": totals.ranked(),
        "names": [code_name(code) for code in totals.ranked()],
        "heads": [_("No."), _("Indicator"), _("Target value"), _("Source text"), _("Where"), _("Findings")],
        "words": words | {kind: _(name) for kind, name in NAMES.items()},
    }


def _json(value: Any) -> Markup:
    """JSON that ends no script element."""
    text = msgspec.json.encode(value).decode()
    return Markup(text.replace("<", "\\u003c"))


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
