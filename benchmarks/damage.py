"""How well sheets are read from damaged tables and from text of every shape.

    python benchmarks/damage.py --sheets 200 --seed 1 [--write docs/damage.md] [--worst 5]

Every figure comes from made-up sheets (jixiao.testkit); the same seed gives the same sheets. `--write` puts
the tables into the file and the calibration of the confidence into confidence.md beside it.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import msgspec
from _report import Report
from jixiao.document import Document, Line
from jixiao.interpret import interpret
from jixiao.limits import Limits
from jixiao.model import Reading
from jixiao.testkit import OPERATIONS, as_text, damage_document, make_reading
from jixiao.testkit.expect import exactly, expected, without_blanks
from jixiao.testkit.judge import judge, lost
from jixiao.testkit.shapes import FOOTERS, NAVIGATION, SHAPES, each_grid
from jixiao.testkit.variety import Form, make_form, plain_form
from jixiao_readers.text import TextReader

MOST_OPERATIONS = 6
SMALL = 12
"""Indicators up to which a sheet of the text shapes has: the shapes differ in kind, not in size."""


def read_text(text: str) -> Reading:
    return interpret(TextReader().read(text.encode(), Limits()))


def forms(seed: int, count: int) -> Iterator[Form]:
    """Half plain, half with variations; one to three sheets each."""
    rng = Random(seed)
    for k in range(count):
        if k % 2:
            yield plain_form(make_reading(rng))
        else:
            yield make_form(rng, 1 + rng.randrange(3))


def damages(report: Report, seed: int, count: int) -> None:
    """Every form with k = 0…6 operations, as ruled table and as tab-separated text."""
    for number, form in enumerate(forms(seed, count)):
        if any(sum(c.role == "side" for c in s.columns) > 1 for s in form.truth.sheets):
            continue  # the operations know one table a sheet
        for k in range(MOST_OPERATIONS + 1):
            rng = Random(f"{seed} {number} {k}")
            names = [rng.choice(sorted(OPERATIONS)) for _ in range(k)]
            damaged = damage_document(form.truth, form.document, names, rng)
            _tables(report, form, damaged.document, damaged.operations, k)


def _tables(report: Report, form: Form, document: Document, operations: tuple[str, ...], k: int) -> None:
    text = as_text(document)
    readings = {"ruled": (document, interpret(document)), "text": (document, read_text(text))}
    for how, (shown, reading) in readings.items():
        flat = shown if how == "ruled" else _unruled(shown)
        judged = judge(expected(form, flat), reading)
        gone = lost(cells(document), reading)
        report.tally("damage", f"{how} {k}").add(judged, gone)
        if k == 1 and operations:
            report.tally("operation", f"{how} {operations[0]}").add(judged, gone)
        label = f"{how}, " + " + ".join(operations)
        report.note(label, judged, gone, order=k)


def _unruled(document: Document) -> Document:
    """The document as text shows it, its tables no longer claiming to know spans."""
    return each_grid(document, lambda g: msgspec.structs.replace(g, spans=False))


def cells(document: Document) -> list[str]:
    blocks = [b for s in document.sections for b in s.blocks]
    return [t for b in blocks for t in ([b.text] if isinstance(b, Line) else [c.text for c in b.cells]) if t]


def shapes(report: Report, seed: int, count: int) -> None:
    """Every form in every shape of text."""
    rng = Random(seed + 1)
    for _ in range(count):
        form = make_form(rng, 1 if rng.randrange(2) else 2, rng.choice((2, 4, 6, 9, SMALL)))
        for name, shape in SHAPES.items():
            shown = shape.form(form)
            text = shape.write(shown.document) if shape.write else None
            reading = interpret(shown.document) if text is None else read_text(text)
            wants = [[exactly(i)] for s in shown.truth.sheets for i in s.indicators]
            wants = wants if shape.blanks else without_blanks(shown)
            judged = judge(wants, reading)
            around = [line for line in (*NAVIGATION, *FOOTERS) if text and line in text]
            gone = lost(cells(shown.document) + around, reading)
            tally = report.tally("shape", name)
            tally.add(judged, gone)
            tally.sheets(shown.truth, reading)
            report.note(name, judged, gone, order=0)


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--sheets", type=int, default=200)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--write", type=Path)
    ap.add_argument("--worst", type=int, default=0, help="print so many failures of each kind")
    ap.add_argument("--only", choices=("damage", "shapes"))
    a = ap.parse_args()
    report = Report()
    if a.only != "shapes":
        damages(report, a.seed, a.sheets)
    if a.only != "damage":
        shapes(report, a.seed, max(1, a.sheets // 4))
    if a.write:
        a.write.write_text(report.damage_page(a.sheets, a.seed), encoding="utf-8")
        beside = a.write.with_name("confidence.md")
        beside.write_text(report.confidence_page(a.sheets, a.seed), encoding="utf-8")
    sys.stdout.write(report.tables())
    if a.worst:
        sys.stdout.write(report.worst(a.worst))


if __name__ == "__main__":
    main()
