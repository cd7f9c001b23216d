"""Writes the reports of a run."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from jixiao.batch.ledger import Ledger, Record
from jixiao.batch.report import book, page
from jixiao.batch.report.line import line
from jixiao.batch.report.place import LINES, PAGE, WORKLIST, Places
from jixiao.batch.report.totals import Totals
from jixiao.batch.report.worklist import Row, rows


def write_report(
    ledger: Ledger, folder: Path, *, force: bool = False, every: bool = False
) -> list[tuple[Path, Path]]:
    """Write all three about the ledger's last run, each whole, in place of those of an earlier one.

    `every`: about all inputs that it knows, whichever run met them.

    Gives the reports that were changed meanwhile, and where they are now. Raises BadOutput where one cannot
    be written, or a file that is no report has its name and not `force`. Of each input a word is held.
    """
    totals, needy, places = Totals(), _Needy(), Places(folder, force=force)
    with places.opened(LINES) as out:
        for record in ledger.records(every=every):
            out.write(msgspec.json.encode(line(record)) + b"\n")
            totals.add(record)
            needy.add(record)
    with places.opened(WORKLIST) as out:
        book.write_book(_worklist(ledger, every), _failed(ledger, every), out)
    with places.opened(PAGE) as out:
        page.write_page(ledger, totals, needy.ranked(), out, every=every)
    return places.moved


class _Needy:
    """The targets, those first that need a person most; in the order of the ledger otherwise."""

    def __init__(self) -> None:
        self._by_need: dict[int, list[str]] = {0: [], 1: [], 2: []}

    def add(self, record: Record) -> None:
        severities = {f.severity for _sheet, f in record.findings}
        need = 0 if record.code or "error" in severities else 1 if "warning" in severities else 2
        self._by_need[need].append(record.target)

    def ranked(self) -> Iterator[str]:
        for need in sorted(self._by_need):
            yield from self._by_need[need]


def _worklist(ledger: Ledger, every: bool) -> Iterator[Row]:
    for record in ledger.records(every=every):
        yield from rows(record, ledger.reading(record.target))


def _failed(ledger: Ledger, every: bool) -> Iterator[book.Failed]:
    for record in ledger.records(every=every):
        if record.code:
            yield book.Failed(record.source, record.code, record.said or "")
