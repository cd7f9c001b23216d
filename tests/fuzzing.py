"""What fuzzing calls with each content, and what it begins with; a target raises where jixiao is at fault."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from unittest.mock import patch

from jixiao import convert
from jixiao.document import Cell, Document, Line, Section, grid
from jixiao.errors import JixiaoError
from jixiao.head import Head
from jixiao.interpret import interpret
from jixiao.limits import Limits
from jixiao.plugins import READERS, WRITERS, registry

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
LIMITS = Limits(cells=20_000, pages=20, unpacked=8 << 20, pixels=1 << 20)
MOST, LARGEST = 12, 60_000
"""Fixtures that a target begins with, and bytes of each."""
FAULTS = {"plugin-fault", "plugin-unusable"}


def targets() -> dict[str, Callable[[bytes], None]]:
    readers = {name: partial(reads, name) for name in registry().names(READERS)}
    return {"interpret": interprets, **readers}


def reads(name: str, content: bytes) -> None:
    """A reader either reads a content, or says why not. Pages of a PDF are not read by OCR, a second each."""
    try:
        with patch("jixiao_readers._pdf_scan.installed", lambda: False):
            convert.read(content, reader=name, limits=LIMITS)
    except JixiaoError as error:
        if error.code in FAULTS:
            raise


def interprets(content: bytes) -> None:
    """Any table is read somehow, and none of its text is lost. Cells are parted by |, rows by lines."""
    lines = content.decode("utf-8", "replace").splitlines()[:60]
    rows = [line.split("|")[:12] for line in lines if "|" in line]
    around = tuple(Line(text=line) for line in lines if "|" not in line)
    if not rows:
        return
    made = grid(
        Cell(text=text, row=at, col=col) for at, row in enumerate(rows) for col, text in enumerate(row)
    )
    interpret(Document(sections=(Section(blocks=(*around, made)),)))


def seeds(name: str) -> Iterator[bytes]:
    """Small contents that the target knows."""
    text = (FIXTURES / "six" / "sheets.txt").read_bytes()
    if name == "interpret":
        yield text.replace(b"\t", b"|")[:6000]
        rows = ("项目支出绩效目标表", "|一级指标|二级指标|三级指标|指标值|", "|产出指标|数量指标|次数|≥1次|")
        yield "\n".join(rows).encode()
        return
    if name in registry().names(WRITERS):
        yield convert.write(convert.read(text), name)
    if example := getattr(registry().reader(name), "example", None):
        yield example()
    yield from islice(_told_as(name), MOST)
    yield text[:4000]


def _told_as(name: str) -> Iterator[bytes]:
    """The fixtures that the reader says it reads, one of each folder first, small ones before larger."""
    files = sorted((p for p in FIXTURES.rglob("*") if p.is_file()), key=lambda p: (p.stat().st_size, p))
    nth: Counter[Path] = Counter()
    turns = []
    for path in files:
        if path.stat().st_size < LARGEST and registry().reader(name).sniff(Head(path.read_bytes())):
            turns.append((nth[path.parent], path))
            nth[path.parent] += 1
    yield from (path.read_bytes() for _, path in sorted(turns, key=lambda turn: turn[0]))
