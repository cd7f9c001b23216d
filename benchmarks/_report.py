"""Counts and tables of the damage benchmark."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

from jixiao.model import Indicator, Reading
from jixiao.testkit.expect import PARTS, part
from jixiao.testkit.judge import Judged, Judgement, header_right

COLUMNS = ("rows", "right", "wrong, flagged", "silently wrong", "right, yet flagged", "texts lost")
BUCKETS = (0.0, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995)


def wilson(hits: int, total: int) -> tuple[float, float]:
    """The 95% interval of a share by Wilson."""
    if not total:
        return 0.0, 1.0
    z, p = 1.96, hits / total
    middle = p + z * z / (2 * total)
    half = z * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total))
    return max(0.0, (middle - half) / (1 + z * z / total)), min(1.0, (middle + half) / (1 + z * z / total))


def share(hits: int, total: int) -> str:
    """97.12% (96.4–97.7)"""
    if not total:
        return "–"
    low, high = wilson(hits, total)
    return f"{100 * hits / total:.2f}% ({100 * low:.2f}–{100 * high:.2f})"


class Tally:
    """Rows of one line of a table."""

    def __init__(self) -> None:
        self.verdicts: Counter[str] = Counter()
        self.rows = self.alarms = self.lost = self.readings = 0
        self.split = 0
        self.header: Counter[str] = Counter()
        self.header_total = 0
        self.sure: Counter[float] = Counter()
        self.sure_right: Counter[float] = Counter()

    def add(self, judged: Judgement, gone: Sequence[str]) -> None:
        self.readings += 1
        self.rows += len(judged.rows)
        self.verdicts.update(row.verdict for row in judged.rows)
        self.verdicts["extra"] += len(judged.extra)
        self.verdicts["silent extra"] += sum(not alarm for _, alarm in judged.extra)
        self.alarms += sum(row.verdict == "right" and row.alarm for row in judged.rows)
        self.lost += len(gone)
        for row in judged.rows:
            if row.read is not None:
                self._sure(row.read, row.verdict == "right")
        for read, _ in judged.extra:
            self._sure(read, False)

    def _sure(self, read: Indicator, right: bool) -> None:
        bucket = max(b for b in BUCKETS if b <= read.confidence)
        self.sure[bucket] += 1
        self.sure_right[bucket] += right

    def sheets(self, truth: Reading, reading: Reading) -> None:
        self.split += len(truth.sheets) == len(reading.sheets)
        for name, (right, total) in header_right(truth, reading).items():
            self.header[name] += right
            self.header_total += total

    @property
    def silent(self) -> int:
        return self.verdicts["silent"] + self.verdicts["silent extra"]


class Report:
    def __init__(self) -> None:
        self.groups: dict[str, dict[str, Tally]] = defaultdict(dict)
        self.failures: dict[str, list[tuple[int, str]]] = defaultdict(list)

    def tally(self, group: str, name: str) -> Tally:
        return self.groups[group].setdefault(name, Tally())

    def note(self, where: str, judged: Judgement, gone: Sequence[str], order: int) -> None:
        """Keeps the failures, by what went wrong; those of the least `order` are shown first."""
        for row in judged.rows:
            if row.verdict != "right":
                kind = f"{row.verdict}: {'+'.join(row.faults)}"
                self.failures[kind].append((order, _told(where, row)))
        for read, alarm in judged.extra:
            kind = "extra" if alarm else "extra, silent"
            self.failures[kind].append((order, f"[{where}] {_shown(read)}"))
        self.failures["text lost"] += ((order, f"[{where}] {cell[:80]}") for cell in gone)

    def worst(self, most: int) -> str:
        """The failures, silent kinds first, then by how often."""
        kinds = sorted(self.failures.items(), key=lambda item: ("silent" not in item[0], -len(item[1])))
        out = []
        for kind, found in kinds:
            out.append(f"\n## {kind}: {len(found)}")
            out += [f"- {text}" for _, text in sorted(found)[:most]]
        return "\n".join(out) + "\n"

    def tables(self) -> str:
        tables = (self._damage("damage"), self._damage("operation"), self.shapes(), self._calibration())
        return "\n".join(tables)

    def _damage(self, group: str) -> str:
        lines = _table("read as", *COLUMNS)
        lines += (_row(name, *_verdicts(t), str(t.lost)) for name, t in self.groups[group].items())
        return "\n".join(lines) + "\n"

    def shapes(self) -> str:
        lines = _table("shape", *COLUMNS, "header", "sheets split")
        for name, t in self.groups["shape"].items():
            header = f"{100 * sum(t.header.values()) / max(1, t.header_total):.1f}%"
            lines.append(_row(name, *_verdicts(t), str(t.lost), header, f"{t.split}/{t.readings}"))
        return "\n".join(lines) + "\n"

    def _calibration(self) -> str:
        sums: dict[str, tuple[Counter[float], Counter[float]]] = {}
        for group, name in (("damage", "ruled"), ("damage", "text"), ("shape", "")):
            chosen = [t for n, t in self.groups[group].items() if n.startswith(name)]
            sure = sum((t.sure for t in chosen), Counter[float]())
            right = sum((t.sure_right for t in chosen), Counter[float]())
            sums[f"{group} {name}".strip()] = (sure, right)
        lines = ["| confidence | " + " | ".join(sums) + " |", "|---|" + "--:|" * len(sums)]
        for low, high in zip(BUCKETS, (*BUCKETS[1:], 1.0), strict=True):
            found = [f"{sure[low]}: {share(right[low], sure[low])}" for sure, right in sums.values()]
            lines.append(f"| {low}–{high} | " + " | ".join(found) + " |")
        at = [f"{_above(s)}: {share(_above(r), _above(s))}" for s, r in sums.values()]
        lines.append("| **0.95 and more** | " + " | ".join(at) + " |")
        return "\n".join(lines) + "\n"

    def damage_page(self, sheets: int, seed: int) -> str:
        damage, operation = self._damage("damage"), self._damage("operation")
        return DAMAGE.format(
            sheets=sheets, seed=seed, damage=damage, operation=operation, shapes=self.shapes()
        )

    def confidence_page(self, sheets: int, seed: int) -> str:
        return CONFIDENCE.format(sheets=sheets, seed=seed, table=self._calibration())


def _table(*heads: str) -> list[str]:
    return [_row(*heads), "|---" + "|--:" * (len(heads) - 1) + "|"]


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def _verdicts(t: Tally) -> list[str]:
    counts = (t.verdicts["right"], t.verdicts["flagged"], t.silent, t.alarms)
    return [str(t.rows), *(share(n, t.rows) for n in counts)]


def _above(counts: Counter[float]) -> int:
    return sum(n for low, n in counts.items() if low >= 0.95)


def _shown(read: Indicator | None) -> str:
    if read is None:
        return "nothing"
    parts = " / ".join(f"{n}={t}" for n in PARTS if (t := part(read, n)))
    return f"{parts} ({read.confidence})"


def _told(where: str, row: Judged) -> str:
    want = " / ".join(f"{n}={'|'.join(map(str, row.want[n]))}" for n in PARTS if any(row.want[n]))
    return f"[{where}] want {want}\n    read {_shown(row.read)}"


DAMAGE = """# Sheets read from damaged tables and from text

Made by `python benchmarks/damage.py --sheets {sheets} --seed {seed} --write docs/damage.md`. Sheets,
operations and shapes are made up (`jixiao.testkit`): half the sheets plain, half with variations of the
provinces.

A row is an indicator. **Right**: first and second level, name, value, long-term value, actual value, weight,
score and values by recipient all as printed (white space and width folded). **Wrong, flagged**: something
differs, and a finding of warning or more names the row, or its text stands among what found no home.
**Silently wrong**: neither; indicators read that the source does not hold count here too, so that the three
shares can exceed 100% together. **Texts lost**: cells of which some character stands nowhere in the output.
Shares with 95% intervals (Wilson; rows of one sheet fail together, so the true intervals are wider).

## Damage: k operations a document

The document is drawn, k operations are done to it (`jixiao.testkit.OPERATIONS`), then it is read as a ruled
table and as tab-separated text. What an operation takes away cannot be asked for: `jixiao.testkit.expect`
says which readings of a row are right when some of its text is gone.

{damage}
## One operation each

{operation}
## Shapes of text

Undamaged sheets, each written in every shape of `jixiao.testkit.shapes.SHAPES`. **Header**: title, kind,
year, project, department, agency, attribute, period, total and fiscal funds, annual goal. Where the shape
itself destroys the borders between cells, wrong rows are to be expected; silent ones are not.

{shapes}"""

CONFIDENCE = """# What the confidence of a reading is worth

Made by `python benchmarks/damage.py --sheets {sheets} --seed {seed} --write docs/damage.md`. For each
indicator read from damaged tables (k = 0…6 operations) and from text of every shape: how often an indicator
of that confidence is right (see damage.md for what right means). Number of indicators, then the share that
is right with its 95% interval (Wilson).

{table}"""
