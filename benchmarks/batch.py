"""Many documents: what a run of a mixed archive ends with, and what it costs.

    python benchmarks/batch.py --files 2000              # the recorded run, and every figure: 5 minutes
    python benchmarks/batch.py --quick                   # a tenth of the files: a minute
    python benchmarks/batch.py --only run --keep DIR     # the archive, its outputs and its reports stay there

The archive is made up: sheets of jixiao.testkit in every format, damaged ones, PDFs of fixtures/, files that
are no sheets, and those of tests/hostile.py. The run is interrupted twice (once by Ctrl-C, once killed).
"""

import argparse
import os
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from hostile import write as write_hostile  # noqa: E402
from jixiao import convert  # noqa: E402
from jixiao.batch.inputs import plan  # noqa: E402
from jixiao.batch.job import Order  # noqa: E402
from jixiao.batch.ledger import Ledger  # noqa: E402
from jixiao.batch.run import means, run  # noqa: E402
from jixiao.testkit import OPERATIONS, as_text, damage_document, make_reading  # noqa: E402

FORMATS = ("docx", "xlsx", "html", "json", "xml", "txt")
PDFS = ("two-chromium.pdf", "two-libreoffice.pdf", "bare-libreoffice.pdf", "sixty-libreoffice.pdf")
PAGE = 4096
ONLY = ("run", "cores", "small", "cluster", "memory", "ledger", "first")


def archive(folder: Path, files: int, seed: int) -> None:
    """`files` made-up files in folders of 50, and the hostile ones."""
    rng = Random(seed)
    for number in range(files):
        place = folder / f"{number // 50:03}"
        place.mkdir(parents=True, exist_ok=True)
        name, content = one(rng, number)
        (place / name).write_bytes(content)
    write_hostile(folder / "hostile")


def one(rng: Random, number: int) -> tuple[str, bytes]:
    """Of 20: 12 sheets, 3 damaged, 3 PDFs, 1 broken off, 1 no sheet at all."""
    kind, stem = number % 20, f"{number:05}绩效目标表"
    if kind in (12, 13, 14):
        return f"{stem}.pdf", (ROOT / "fixtures/pdf" / PDFS[number % len(PDFS)]).read_bytes()
    if kind == 15:
        return f"{stem}.txt", "会议通知\n\n请按时参加。\n".encode()
    reading = make_reading(rng)
    form = FORMATS[number % len(FORMATS)]
    if kind in (16, 17, 18) or form == "txt":
        from jixiao.layout import layout

        document = layout(reading)
        names = [rng.choice(sorted(OPERATIONS))] if kind > 15 else []
        return f"{stem}.txt", as_text(damage_document(reading, document, names, rng).document).encode()
    content = convert.write(reading, form)
    return f"{stem}.{form}", content[: len(content) // 2] if kind == 19 else content


def recorded(folder: Path, files: int, seed: int, after: float = 4) -> Iterator[str]:
    """The run that is interrupted twice, after so many seconds each, and what it ends with."""
    archive(folder / "in", files, seed)
    command = [sys.executable, "-m", "jixiao", "convert", "in", "--to", "xml", "--output", "out", "--quiet"]
    command += ["--limit", "seconds=60", "--limit", "memory=800M"]
    for sign in (signal.SIGINT, signal.SIGKILL):
        started = subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL)
        while not (folder / "out" / ".jixiao" / "ledger.db").exists() and started.poll() is None:
            time.sleep(0.02)
        time.sleep(after)
        started.send_signal(sign)
        began = time.monotonic()
        started.wait()
        took = time.monotonic() - began
        how = f"ended within {took:.2f} s with status {started.returncode}"
        yield f"{sign.name} after {after:g} s: {how}, {done(folder)} done in it"
    began = time.monotonic()
    subprocess.run(command, cwd=folder, stderr=subprocess.DEVNULL, check=False)
    yield f"third run: {time.monotonic() - began:.1f} s"
    with Ledger.open(folder / "out") as ledger:
        records = list(ledger.records())
    yield f"{len(records)} inputs: " + ", ".join(
        f"{n} {k}" for k, n in Counter(r.ended for r in records).most_common()
    )
    yield "failed: " + ", ".join(
        f"{n} {c}" for c, n in Counter(r.code for r in records if r.code).most_common()
    )
    began = time.monotonic()
    subprocess.run(command, cwd=folder, stderr=subprocess.DEVNULL, check=False)
    yield f"a run in which nothing has changed: {time.monotonic() - began:.1f} s"


def done(folder: Path) -> int:
    with Ledger.open(folder / "out") as ledger:
        return sum(1 for _ in ledger.records())


class Cost(NamedTuple):
    """Seconds: by the clock, and of the processor in this process and in those it started."""

    clock: float
    here: float
    there: float


def cost(
    inputs: Path, out: Path, jobs: int | None, address: str | None = None, executor: str | None = None
) -> Cost:
    shutil.rmtree(out, ignore_errors=True)
    planned, asked = plan([str(inputs)], str(out), "xml"), Order(to="xml")
    before, began = spent(), time.perf_counter()
    chosen = executor or ("cluster" if address else "local")
    run(planned, asked, lambda _: None, executor=chosen, means=means(asked, planned, jobs, address))
    return Cost(time.perf_counter() - began, *(a - b for a, b in zip(spent(), before, strict=True)))


def spent() -> tuple[float, float]:
    """Seconds of the processor, by this process and by its children that have ended."""
    every = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    here, there = (one.ru_utime + one.ru_stime for one in every)
    return here, there


def timed(inputs: Path, out: Path, jobs: int, address: str | None = None) -> float:
    return cost(inputs, out, jobs, address).clock


def middle(costs: list[Cost]) -> Cost:
    return Cost(*(statistics.median(part) for part in zip(*costs, strict=True)))


def cores(folder: Path, files: int, seed: int) -> Iterator[str]:
    """PDFs by one worker, by two and by as many as the command chooses, in turn."""
    (folder / "pdf").mkdir()
    for number in range(files):
        shutil.copy(ROOT / "fixtures/pdf" / PDFS[number % 2], folder / "pdf" / f"{number}.pdf")
    timed(folder / "pdf", folder / "warm", 2)
    ways = {"one worker": 1, "two": 2, "as chosen": None}
    turns = [
        {way: cost(folder / "pdf", folder / "out", jobs) for way, jobs in ways.items()} for _ in range(5)
    ]
    one, *more = (middle([turn[way] for turn in turns]) for way in ways)
    yield f"{files} PDFs: {files / one.clock:.0f} a second by one worker"
    for way, many in zip(list(ways)[1:], more, strict=True):
        ratios = sorted(turn["one worker"].clock / turn[way].clock for turn in turns)
        yield (
            f"{way}: {files / many.clock:.0f} a second, {ratios[2]:.2f} times as fast as one "
            f"(median of 5 turns, {ratios[0]:.2f} to {ratios[-1]:.2f}); processor a PDF "
            f"{1e3 * many.there / files:.2f} ms in workers, {1e3 * many.here / files:.2f} in the command "
            f"(one: {1e3 * one.there / files:.2f} and {1e3 * one.here / files:.2f}); attainable on two cores "
            f"by these: {2 * one.there / (many.there + many.here):.2f}; load {os.getloadavg()[0]:.1f}"
        )


def small(folder: Path, files: int, seed: int) -> Iterator[str]:
    """Small inputs in the process of the command, as the command chooses, and in one that is watched."""
    rng = Random(seed)
    made = {form: convert.write(make_reading(rng), form) for form in ("docx", "xlsx", "html", "json", "xml")}
    ways = {"alone": ("--executor", "serial"), "chosen": (), "watched": ("--limit", "memory=200M")}
    for form, content in made.items():
        (folder / f"one.{form}").write_bytes(content)
        turns = [
            {way: _command(folder / f"one.{form}", more) for way, more in ways.items()} for _ in range(9)
        ]
        alone = middle([turn["alone"] for turn in turns])
        more = {
            way: 1e3 * statistics.median(turn[way].there - turn["alone"].there for turn in turns)
            for way in ways
        }
        yield (
            f"one {form.upper()} of {len(content) >> 10} KiB: {1e3 * alone.there:.0f} ms of the processor in "
            f"the command, {more['watched']:.1f} more in a watched process; as chosen {more['chosen']:.1f}"
        )
    (folder / "many").mkdir()
    for number in range(files):
        (folder / "many" / f"{number}.docx").write_bytes(made["docx"])
    turns = [
        [cost(folder / "many", folder / "out", 1, executor=executor) for executor in ("serial", "local")]
        for _ in range(3)
    ]
    alone, watched = (middle([turn[k] for turn in turns]) for k in (0, 1))
    yield (
        f"{files} of that DOCX: {1e3 * alone.here / files:.2f} ms of the processor each in the command, "
        f"{1e3 * (watched.here + watched.there) / files:.2f} with one watched worker "
        f"(by the clock {1e3 * alone.clock / files:.2f} and {1e3 * watched.clock / files:.2f})"
    )


def _command(path: Path, more: Sequence[str]) -> Cost:
    command = [sys.executable, "-m", "jixiao", "convert", str(path), "--to", "xml", "--output", "-", "-q"]
    before, began = spent(), time.perf_counter()
    subprocess.run([*command, *more], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return Cost(time.perf_counter() - began, *(a - b for a, b in zip(spent(), before, strict=True)))


def cluster(folder: Path, files: int, seed: int) -> Iterator[str]:
    """The same PDFs and DOCX by a dask cluster of two processes on this machine, and by two workers."""
    from distributed import LocalCluster

    content = convert.write(make_reading(Random(seed)), "docx")
    for name in ("pdf", "docx"):
        (folder / name).mkdir()
        for number in range(files):
            path = folder / name / f"{number}.{name}"
            path.write_bytes(
                content if name == "docx" else (ROOT / "fixtures/pdf" / PDFS[number % 2]).read_bytes()
            )
    with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as made:
        for name in ("pdf", "docx"):
            timed(folder / name, folder / "warm", 1, made.scheduler_address)
            many = timed(folder / name, folder / "many", 1, made.scheduler_address)
            here = timed(folder / name, folder / "here", 2)
            rates = f"{files / many:.0f} a second by the cluster, {files / here:.0f} by two workers here"
            yield f"{files} {name.upper()}: {rates}"


def memory(folder: Path, files: int, seed: int) -> Iterator[str]:
    """The most memory of parent and workers while many small documents are done, early and late."""
    content = convert.write(make_reading(Random(seed)), "docx")
    for number in range(files):
        place = folder / "small" / f"{number // 200}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number}.docx").write_bytes(content)
    command = [
        sys.executable,
        "-m",
        "jixiao",
        "convert",
        "small",
        "--to",
        "xml",
        "--output",
        "made",
        "--quiet",
        "--no-report",
    ]
    began = time.monotonic()
    started = subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL)
    seen: list[tuple[int, int]] = []
    while started.poll() is None:
        children = [p for p in processes() if parent(p) == started.pid]
        seen.append((held(started.pid), max(map(held, children), default=0)))
        time.sleep(0.1)
    took = time.monotonic() - began
    third = len(seen) // 3
    for name, at in (("parent", 0), ("workers", 1)):
        early, late = (
            max(one[at] for one in part) >> 20 for part in (seen[third : 2 * third], seen[2 * third :])
        )
        yield f"{files} DOCX in {took:.0f} s: {name} at most {early} MiB in the middle, {late} MiB at the end"


def overhead(folder: Path, files: int, seed: int) -> Iterator[str]:
    """The share of a run's time that the ledger takes."""
    content = convert.write(make_reading(Random(seed)), "docx")
    (folder / "some").mkdir()
    for number in range(files):
        (folder / "some" / f"{number}.docx").write_bytes(content)
    spent = 0.0

    def counted(call: Callable[..., object]) -> Callable[..., object]:
        def wrapped(*arguments: object, **named: object) -> object:
            nonlocal spent
            began = time.perf_counter()
            try:
                return call(*arguments, **named)
            finally:
                spent += time.perf_counter() - began

        return wrapped

    for name in ("put", "record", "names", "end"):
        setattr(Ledger, name, counted(getattr(Ledger, name)))
    took = timed(folder / "some", folder / "kept", 1)
    yield f"{files} DOCX by one worker: the ledger takes {100 * spent / took:.1f}% of {took:.1f} s"


def first(folder: Path, files: int, seed: int) -> Iterator[str]:
    """The time to the first result of very many inputs, in one folder and in many."""
    content = convert.write(make_reading(Random(seed)), "json")
    for name, per in (("one folder", files), ("folders of 1,000", 1000)):
        inputs = folder / name.replace(" ", "-")
        for number in range(files):
            place = inputs / f"{number // per:04}"
            if number % per == 0:
                place.mkdir(parents=True)
            (place / f"{number}.json").write_bytes(content)
        yield f"first of {files} inputs in {name}: after {_first(inputs, folder / 'first'):.2f} s"


def _first(inputs: Path, out: Path) -> float:
    command = [sys.executable, "-m", "jixiao", "convert", str(inputs), "--to", "xml", "--output", str(out)]
    began = time.monotonic()
    started = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    while not any(out.rglob("*.xml")):
        time.sleep(0.01)
    took = time.monotonic() - began
    started.send_signal(signal.SIGINT)
    started.wait()
    shutil.rmtree(out)
    return took


def processes() -> list[int]:
    return [int(p.name) for p in Path("/proc").glob("[0-9]*")]


def parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def held(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


@contextmanager
def somewhere(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--quick", action="store_true", help="a tenth of the files")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=ONLY)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--after", type=float, default=4, help="seconds after which the run is interrupted")
    wish = parser.parse_args()
    every: dict[str, tuple[Callable[[Path, int, int], Iterator[str]], float]] = {
        "run": (partial(recorded, after=wish.after), 1),
        "cores": (cores, 0.5),
        "small": (small, 0.25),
        "cluster": (cluster, 0.1),
        "memory": (memory, 5),
        "ledger": (overhead, 0.5),
        "first": (first, 50),
    }
    files = wish.files // 10 if wish.quick else wish.files
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before the start", flush=True)
    for name, (measure, times) in every.items():
        if wish.only in (None, name):
            with somewhere(wish.keep) as folder:
                for line in measure(folder, int(files * times), wish.seed):
                    print(line, flush=True)


if __name__ == "__main__":
    os.environ["JIXIAO_LANG"] = "en"
    main()
