"""The review desk of a large batch: how soon its first page is there, how long an edit takes, what it holds.

    python benchmarks/review.py --sheets 10000 --edits 1000

The batch is made up: files of one sheet each, every third of them damaged, and a ledger as a run leaves it.
`jixiao review` is then started as a person starts it, and asked over HTTP by one client.
"""

import argparse
import hashlib
import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import msgspec
from jixiao.batch.ledger import Ledger, Record, packed
from jixiao.convert import read
from jixiao.layout import layout
from jixiao.storage import changed
from jixiao.testkit import OPERATIONS, as_text, damage_document, make_reading

DISTINCT = 300
"""Sheets that differ; the others are copies of them."""
EDITED = 60
"""Sheets that are edited in turn: more than the desk holds at a time."""
WARM = 50
"""Edits before memory is looked at for the first time."""


def contents(seed: int) -> Iterator[bytes]:
    rng = Random(seed)
    for number in range(DISTINCT):
        reading = make_reading(rng)
        names = [rng.choice(sorted(OPERATIONS))] if number % 3 == 0 else []
        yield as_text(damage_document(reading, layout(reading), names, rng).document).encode()


def batch(folder: Path, sheets: int, seed: int, per_file: int = 1) -> None:
    """Sources and a ledger as a run leaves them."""
    read_ = [(data, read(data)) for data in contents(seed)]
    kept = [(data, r, packed(r)) for data, r in read_ if r.sheets and r.sheets[0].indicators]
    if per_file > 1:
        many = tuple(r.sheets[0] for _data, r, _packed in islice(cycle(kept), per_file))
        together = msgspec.structs.replace(kept[0][1], sheets=many)
        kept = [(kept[0][0], together, packed(together))]
    (folder / "in").mkdir()
    with Ledger.open(folder / "out") as ledger:
        ledger.begin()
        for number in range(sheets // per_file):
            data, reading, blob = kept[number % len(kept)]
            path = folder / "in" / f"{number:05}.txt"
            path.write_bytes(data)
            found = tuple((n, f) for n, s in enumerate(reading.sheets, 1) for f in s.findings)
            ended = "needs-review" if found else "converted"
            record = Record(
                target=f"{path.stem}.json", source=path.name, location=str(path), outcome=ended, ended=ended,
                finished=time.time(), size=len(data), mtime=changed(path.stat()),
                sha256=hashlib.sha256(data).hexdigest(), to="json", reader="text", plugins={}, options="",
                findings=found,
            )  # fmt: skip
            ledger.put(record, blob)
        ledger.end()


class Desk:
    """`jixiao review` in a process of its own, and one client of it."""

    def __init__(self, out: Path) -> None:
        began = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jixiao", "review", str(out), "--no-browser"],
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        assert self.process.stdout
        address = urlsplit(self.process.stdout.readline().strip())
        self.started = time.perf_counter() - began
        self.host = address.netloc
        self._client = http.client.HTTPConnection(address.netloc)
        self._cookie = ""
        self.opening = f"{address.path}?{address.query}"

    def ask(self, path: str, body: object = None) -> tuple[int, http.client.HTTPMessage, str, float]:
        """Status, headers, text, and the seconds that it took."""
        headers = {"cookie": self._cookie, "accept-language": "en"}
        if body is not None:
            headers |= {"origin": f"http://{self.host}", "content-type": "application/json"}
        began = time.perf_counter()
        sent = None if body is None else json.dumps(body)
        self._client.request("GET" if body is None else "POST", path, sent, headers)
        answer = self._client.getresponse()
        text = answer.read().decode()
        took = time.perf_counter() - began
        if cookie := answer.headers.get("set-cookie"):
            self._cookie = cookie.partition(";")[0]
        return answer.status, answer.headers, text, took

    def cpu(self) -> float:
        """Seconds of processor time of the server so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """MiB of the server, its workers not counted."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+)", status)
        assert found
        return int(found[1]) / 1024

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(10)


def measured(out: Path, edits: int, per_file: int = 1) -> Iterator[str]:
    began = time.perf_counter()
    desk = Desk(out)
    try:
        status, _headers, _text, took = desk.ask(desk.opening)
        first = desk.ask("/")
        assert (status, first[0]) == (303, 200), (status, first[0])
        yield f"`jixiao review OUT` to its address: {desk.started:.2f} s"
        took += first[3]
        yield f"first page: {1000 * took:.0f} ms; from the command on {desk.started + took:.2f} s,"
        yield f"  of which {desk.cpu():.2f} s of processor time"
        while "unfinished" in desk.ask("/")[2]:
            time.sleep(0.02)
        yield f"  all of it on the page after {time.perf_counter() - began:.2f} s"
        pages = [desk.ask(f"/?page={n % 20}")[3] for n in range(50)]
        yield f"a page of the queue: {spread(pages)}"
        yield f"a sheet with its form: {spread([desk.ask(address(n, per_file))[3] for n in range(100)])}"
        yield from _edited(desk, edits, per_file)
    finally:
        desk.end()


def address(sheet: int, per_file: int) -> str:
    return f"/sheet/{1 + sheet // per_file}/{sheet % per_file}"


def _edited(desk: Desk, edits: int, per_file: int) -> Iterator[str]:
    bases: dict[int, str] = {}
    took: list[float] = []
    held: list[float] = []
    before = desk.cpu()
    for number in range(edits):
        sheet = number % EDITED
        if sheet not in bases:
            text = desk.ask(address(sheet, per_file))[2]
            bases[sheet] = text.partition('data-base="')[2].partition('"')[0]
        put = {"field": "value", "after": f"≥{number + 1}%", "index": 0, "part": "indicators"}
        body = {"do": "change", "base": bases[sheet], "puts": [put]}
        status, _headers, text, seconds = desk.ask(address(sheet, per_file), body)
        answer = json.loads(text)
        if status != 200:
            raise SystemExit(f"edit {number}: {status} {answer.get('said')}")
        bases[sheet] = answer["base"]
        took.append(seconds)
        if number + 1 >= WARM and (number + 1) % max((edits - WARM) // 10, 1) == 0:
            held.append(desk.memory())
    yield f"an edit, saved and answered: {spread(took)}; the last hundred {spread(took[-100:])}"
    yield f"  processor time {1000 * (desk.cpu() - before) / edits:.1f} ms each, with their sheets opened"
    yield f"memory of the server from {WARM} edits on: {', '.join(f'{one:.1f}' for one in held)} MiB"


def spread(seconds: list[float]) -> str:
    order = sorted(seconds)
    few = (statistics.median(order), order[min(int(0.95 * len(order)), len(order) - 1)], order[-1])
    return "median {:.0f} ms, 95% {:.0f} ms, worst {:.0f} ms".format(*(1000 * one for one in few))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sheets", type=int, default=10_000)
    parser.add_argument("--edits", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--per-file", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        batch(Path(name), given.sheets, given.seed, given.per_file)
        print(f"{given.sheets} sheets, {given.per_file} a file")
        for line in measured(Path(name) / "out", given.edits, given.per_file):
            print(line, flush=True)


if __name__ == "__main__":
    main()
