"""How well scanned sheets are read: made-up sheets, printed in three fonts, scanned and spoilt in seven ways.

    python benchmarks/scans.py --sheets 1 --seed unseen [--mode fast] [--write docs/scans.md] [--loud]

`--sheets` is how many for each of 63: font, resolution and damage. The reader was made with the seeds
`tuning`, `tuning-b`, `held-back` and `fresh`; any other is held back from it. The printed pages are kept, so
that a second run prints none.
"""

import argparse
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from random import Random
from typing import NamedTuple

import cv2
from _paper import DAMAGES, DOTS, FONTS, Gray, damaged, form, printed, scanned
from _report import share
from jixiao.interpret import interpret
from jixiao.limits import Limits
from jixiao.testkit.expect import exactly
from jixiao.testkit.judge import Judgement, header_right, judge
from jixiao.testkit.variety import Form
from jixiao_readers.pdf import PdfReader
from jixiao_readers.scan import ScanOptions, ScanReader

INDICATORS = (4, 6, 8, 10, 12)
DIGITAL = "PDF with text"
BEGIN, END = "<!-- measured -->", "<!-- end -->"
HEADS = (
    "pages", "indicators", "exact", "wrong, flagged", "silently wrong", "exact, yet flagged", "header",
    "CPU s a page (median / most)",
)  # fmt: skip


class Case(NamedTuple):
    name: str
    font: str
    damage: str
    dots: int
    form: Form


class Tally:
    def __init__(self) -> None:
        self.rows = self.right = self.flagged = self.silent = self.alarms = self.pages = 0
        self.header = [0, 0]
        self.seconds: list[float] = []

    def add(self, judged: Judgement, header: tuple[int, int], pages: int, seconds: float) -> None:
        self.rows += len(judged.rows)
        self.right += judged.count("right")
        self.flagged += judged.count("flagged")
        self.silent += judged.silent
        self.alarms += sum(r.verdict == "right" and r.alarm for r in judged.rows)
        self.header[0] += header[0]
        self.header[1] += header[1]
        self.pages += pages
        self.seconds += [seconds / pages] * pages

    def line(self, name: str) -> str:
        ordered = sorted(self.seconds)
        middle, most = ordered[len(ordered) // 2], ordered[-1]
        cells = [name, str(self.pages), str(self.rows)]
        cells += [share(n, self.rows) for n in (self.right, self.flagged, self.silent, self.alarms)]
        cells += [f"{100 * self.header[0] / self.header[1]:.1f}%", f"{middle:.1f} / {most:.1f}"]
        return "| " + " | ".join(cells) + " |"


def cases(sheets: int, seed: str) -> Iterator[Case]:
    """So many sheets in each font, scanned at each resolution and spoilt in each way; no sheet twice."""
    for n, font, dots, damage in product(range(sheets), FONTS, DOTS, DAMAGES):
        name = f"{seed} {n} {font} {dots} {damage}"
        yield Case(name, font, damage, dots, form(name, Random(name).choice(INDICATORS)))


def spoilt(case: Case, pages: list[Gray]) -> bytes:
    """The scan as a file."""
    spoilt = [damaged(p, case.damage, case.dots, f"{case.name} {case.dots} {n}") for n, p in enumerate(pages)]
    plain = [
        cv2.IMWRITE_TIFF_COMPRESSION,
        1,
        cv2.IMWRITE_TIFF_XDPI,
        case.dots,
        cv2.IMWRITE_TIFF_YDPI,
        case.dots,
    ]
    _, data = cv2.imencodemulti(".tiff", spoilt, plain)
    return bytes(data)


class Bench:
    def __init__(self, mode: str, loud: bool) -> None:
        self.loud = loud
        self.reader = ScanReader(ScanOptions(ocr=mode))
        self.mode = mode
        self.tallies: dict[str, dict[str, Tally]] = defaultdict(lambda: defaultdict(Tally))
        self.failures: list[tuple[str, str]] = []

    def run(self, case: Case) -> None:
        pdf = printed(case.form, case.font)
        pages = scanned(pdf, case.dots)
        data = spoilt(case, pages)
        begin = time.process_time()
        document = self.reader.read(data, Limits())
        seconds = time.process_time() - begin
        self._judge(case, document, len(pages), seconds, self._groups(case))
        if case.damage == "clean":
            begin = time.process_time()
            document = PdfReader().read(pdf, Limits())
            self._judge(case, document, len(pages), time.process_time() - begin, [("all", DIGITAL)])

    def _groups(self, case: Case) -> list[tuple[str, str]]:
        groups = [("damage and resolution", f"{case.damage}, {case.dots}"), ("font", case.font)]
        if case.damage == "clean":
            groups.append(("all", "clean, 150–300"))
        elif case.dots >= 200:
            groups.append(("all", "spoilt, 200 and 300"))
        else:
            groups.append(("all", "spoilt, 150"))
        return [*groups, ("all", "all scans")]

    def _judge(self, case: Case, document, pages: int, seconds: float, groups) -> None:
        reading = interpret(document)
        judged = judge([[exactly(i)] for s in case.form.truth.sheets for i in s.indicators], reading)
        counts = header_right(case.form.truth, reading).values()
        header = sum(right for right, _ in counts), sum(total for _, total in counts)
        for group, name in groups:
            self.tallies[group][name].add(judged, header, pages, seconds)
        where = case.name + (", PDF" if groups[0][1] == DIGITAL else "")
        for row in judged.rows:
            if row.verdict != "right":
                want = {n: "|".join(map(str, row.want[n])) for n in row.faults if n in row.want}
                got = {} if row.read is None else {n: _part(row.read, n) for n in row.faults}
                self._note(row.verdict, f"[{where}] {row.faults} want {want} read {got}")
        for indicator, alarm in judged.extra:
            self._note("extra" if alarm else "extra, silent", f"[{where}] {indicator.level3}")

    def _note(self, kind: str, text: str) -> None:
        self.failures.append((kind, text))
        if self.loud:
            print(kind, text, file=sys.stderr, flush=True)

    def tables(self) -> str:
        out = []
        for group in ("all", "damage and resolution", "font"):
            heads = [group, *HEADS]
            out += ["| " + " | ".join(heads) + " |", "|---" + "|--:" * (len(heads) - 1) + "|"]
            out += [t.line(name) for name, t in self.tallies[group].items()] + [""]
        return "\n".join(out)


def _part(indicator, name):
    from jixiao.testkit.expect import part

    return part(indicator, name)


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--sheets", type=int, default=1)
    ap.add_argument("--seed", default="unseen")
    ap.add_argument("--mode", choices=("fast", "accurate"), default="accurate")
    ap.add_argument("--only", help="damages, comma-separated")
    ap.add_argument("--dots", type=int)
    ap.add_argument("--write", type=Path)
    ap.add_argument("--loud", action="store_true", help="print each failure as it comes")
    a = ap.parse_args()
    bench = Bench(a.mode, a.loud)
    only = a.only.split(",") if a.only else list(DAMAGES)
    for case in cases(a.sheets, a.seed):
        if case.damage in only and a.dots in (None, case.dots):
            bench.run(case)
    tables = bench.tables()
    print(tables)
    if a.write:
        head, rest = a.write.read_text("utf-8").split(BEGIN, 1)
        how = f"--sheets {a.sheets} --seed {a.seed} --mode {a.mode}"
        said = f"\n`python benchmarks/scans.py {how}`\n\n{tables}\n"
        a.write.write_text(head + BEGIN + said + END + rest.split(END, 1)[1], "utf-8")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"memory at most {memory} MB", file=sys.stderr)


if __name__ == "__main__":
    main()
