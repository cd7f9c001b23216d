"""The tables of docs/performance.md."""

import datetime
import os
import platform
import re
import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import ours
from cold import Run

SHEETS = 6
INDICATORS = 66
PLACE = r"(<!-- {name} -->\n).*?(<!-- end -->)"


@dataclass
class Warm:
    """A subject on a document: the seconds of one conversion in each round, none where it could not."""

    kind: str
    name: str
    seconds: list[float] = field(default_factory=list)
    kept: int | None = None


def machine() -> str:
    cpu = re.findall(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text("utf-8"), re.M)
    today = f"{datetime.datetime.now(datetime.UTC):%d %B %Y}"
    python = f"{platform.python_implementation()} {platform.python_version()}"
    name = cpu[0] if cpu else platform.processor()
    return f"{today}: {name}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}, {python}."


def warm(rows: Iterable[Warm]) -> str:
    rows = list(rows)
    floors = {row.kind: statistics.median(row.seconds) for row in rows if row.name == "floor"}
    own = {row.kind: statistics.median(row.seconds) for row in rows if row.name == "jixiao"}
    lines = []
    for row in rows:
        if not row.seconds:
            lines.append((row.kind, row.name, "not installed, or cannot read it", "", "", "", ""))
            continue
        middle = statistics.median(row.seconds)
        kept = "" if row.kept is None else f"{row.kept} of {INDICATORS}"
        lines.append((
            row.kind, row.name, spread(row.seconds), f"{1 / middle:,.0f}", f"{middle / floors[row.kind]:.1f}",
            "" if row.name in ("floor", "jixiao") else f"{middle / own[row.kind]:.2f}", kept,
        ))  # fmt: skip
    heads = ("", "", "ms a document", "documents/s", "× floor", "jixiao is faster, ×", "indicators kept")
    return grid(heads, lines)


def stages(kinds: dict[str, Iterator[tuple[str, Callable[[], object]]]], rounds: int) -> str:
    """A column a kind, a row a stage."""
    columns = {kind: {n: spread(ours.seconds(f, rounds)) for n, f in steps} for kind, steps in kinds.items()}
    names = dict.fromkeys(name for column in columns.values() for name in column)
    lines = [(name, *(column.get(name, "") for column in columns.values())) for name in names]
    return grid(("ms a document", *columns), lines)


def writing(steps: Iterator[tuple[str, Callable[[], object]]], rounds: int) -> str:
    lines = [(name, spread([s / SHEETS for s in ours.seconds(step, rounds)])) for name, step in steps]
    return grid(("", "ms a sheet"), lines)


def cold(runs: dict[str, list[Run]]) -> str:
    walls = {name: [run.wall for run in each] for name, each in runs.items()}
    base = statistics.median(next(iter(walls.values())))
    lines = [
        (
            name,
            spread(wall),
            f"{statistics.median(wall) / base:.1f}",
            f"{max(r.peak for r in runs[name]):.0f}",
        )
        for name, wall in walls.items()
    ]
    return grid(("", "ms", "× `python -c pass`", "MiB at the peak"), lines)


def scale(sheets: dict[int, float], many: Run, texts: float, pdfs: tuple[float, float]) -> str:
    lines = [
        (f"XLSX of {n:,} sheets, read and written as XML", f"{1e3 * s:.2f} ms a sheet")
        for n, s in sheets.items()
    ]
    lines += [
        ("XLSX of 10,000 sheets to XML, one process", f"{many.wall:.1f} s, {many.peak:.0f} MiB at the peak"),
        ("OCR text to XML", f"{texts:,.0f} sheets a second and core"),
        ("PDFs, two jobs against one", f"{pdfs[0]:.1f} s and {pdfs[1]:.1f} s: × {pdfs[0] / pdfs[1]:.2f}"),
    ]
    return grid(("", ""), lines)


def spread(seconds: Sequence[float]) -> str:
    """Median and range in milliseconds."""
    low, middle, high = (1e3 * f(seconds) for f in (min, statistics.median, max))
    digits = 2 if middle < 10 else 1 if middle < 100 else 0
    return f"{middle:.{digits}f} ({low:.{digits}f}–{high:.{digits}f})"


def grid(heads: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    rows = [heads, ["---"] + ["---:"] * (len(heads) - 1), *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def replace(path: Path, parts: dict[str, str]) -> None:
    """Put each part where the document has its name. Raises ValueError for one that has no place."""
    text = path.read_text("utf-8")
    for name, part in parts.items():
        text, times = re.subn(
            PLACE.format(name=name), lambda m, p=part: f"{m[1]}{p}\n{m[2]}", text, flags=re.S
        )
        if times != 1:
            raise ValueError(f"{path} has no place for {name}")
    path.write_text(text, "utf-8")
