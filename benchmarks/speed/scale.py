"""What grows: sheets in a document, documents in a run, PDFs on two cores."""

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import ours
from cold import Run, run
from jixiao import convert
from jixiao.document import Document, Section
from jixiao.layout import layout
from jixiao.plugins import registry

SHEETS = (1, 10, 100, 1000)
MANY = 10_000
TEXT = ours.ROOT / "fixtures" / "six" / "sheets.txt"
JIXIAO = (sys.executable, "-m", "jixiao", "convert")


def book(sheets: int) -> bytes:
    """An XLSX with the first of the six sheets so many times, at most ten to a worksheet."""
    reading = convert.read_file(TEXT)
    one = msgspec.structs.replace(reading, sheets=reading.sheets[:1])
    blocks = layout(one).sections[0].blocks
    each = [min(10, sheets - k) for k in range(0, sheets, 10)]
    sections = tuple(Section(name=f"{k}", blocks=blocks * n) for k, n in enumerate(each))
    made: bytes = registry().writer("xlsx").write(Document(sections=sections))
    return made


def per_sheet() -> Iterator[tuple[int, float]]:
    """Sheets in an XLSX, seconds for each of them, from bytes to XML in the same process."""
    for sheets in SHEETS:
        data = book(sheets)
        taken = ours.seconds(lambda data=data: convert.write(convert.read(data), "xml"), max(1, 30 // sheets))
        yield sheets, min(taken) / sheets


def many_sheets(sheets: int = MANY) -> Run:
    """A document of many sheets, converted by the command."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "many.xlsx"
        source.write_bytes(book(sheets))
        return run([*JIXIAO, str(source), "--to", "xml", "--output", str(source.with_suffix(".xml"))])


def texts_per_second(seconds: float = 3.0) -> float:
    """Sheets of OCR text read and written as XML in a second on one core."""
    data, done, start = TEXT.read_bytes(), 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        reading = convert.read(data)
        convert.write(reading, "xml")
        done += len(reading.sheets)
    return done / (time.perf_counter() - start)


def parallel(pdf: Path, documents: int = 60) -> tuple[float, float]:
    """Seconds for so many PDFs with one job and with two."""
    with tempfile.TemporaryDirectory() as folder:
        for k in range(documents):
            (Path(folder) / f"{k}.pdf").write_bytes(pdf.read_bytes() + b"\n%" + str(k).encode())
        taken = []
        for jobs in ("1", "2"):
            out = Path(folder) / f"out{jobs}"
            command = [*JIXIAO, f"{folder}/*.pdf", "--to", "xml", "--output", str(out), "--jobs", jobs]
            taken.append(run(command).wall)
    return taken[0], taken[1]
