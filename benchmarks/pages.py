"""How well sheets are read from pages without rules: what LibreOffice and Chromium print of them.

    python benchmarks/pages.py out/pages --sheets 10 --seed 1            # prints the files, then measures
    python benchmarks/pages.py out/pages --sheets 10 --seed 1 --worst 5  # with failures of each kind
    python benchmarks/pages.py out/pages --sheets 10 --seed 1 --text   # of their text by pdftotext

The six published sheets and made-up ones (jixiao.testkit) are written as DOCX, HTML and XLSX without borders,
and as workbooks that nobody has formatted (narrow columns, no wrapping), each printed to PDF. What is in the
folder already is not printed anew.
"""

import argparse
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from random import Random

import xlsxwriter
from _report import Report
from damage import cells
from jixiao.convert import read, write
from jixiao.document import Document, Line
from jixiao.testkit import make_reading
from jixiao.testkit.damage import flattened
from jixiao.testkit.expect import exactly
from jixiao.testkit.judge import judge, lost
from jixiao.testkit.shapes import each_grid
from jixiao.testkit.variety import Form, make_form, plain_form

ROOT = Path(__file__).parents[1]
SWITCHES = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--no-pdf-header-footer",
)  # fmt: skip
SIZES = (2, 4, 6, 9, 12, 20, 35)


def forms(seed: int, count: int) -> Iterator[tuple[str, Form]]:
    """The six sheets, then made-up ones: half plain, half with variations."""
    six = ROOT / "fixtures" / "six" / "sheets.txt"
    yield "six", plain_form(read(six.read_bytes(), six.name))
    rng = Random(seed)
    for k in range(count):
        form = make_form(rng, 1, rng.choice(SIZES)) if k % 2 else plain_form(make_reading(rng, 1))
        yield f"{seed}-{k}", form


def _replaced(archive: bytes, part: str, pattern: str, by: str) -> bytes:
    """The zip with what matches `pattern` in members named `part` replaced."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if re.fullmatch(part, name):
                data = re.sub(pattern, by, data.decode(), flags=re.DOTALL).encode()
            new.writestr(name, data)
    return out.getvalue()


def docx(form: Form) -> bytes:
    return _replaced(write(form.printed, "docx"), r"word/\w+\.xml", r"<w:tblBorders>.*?</w:tblBorders>", "")


def xlsx(form: Form) -> bytes:
    return _replaced(
        write(form.printed, "xlsx"), r"xl/styles\.xml", r"<(left|right|top|bottom) style=[^>]*>.*?</\1>", ""
    )


def html(form: Form) -> bytes:
    return re.sub(r"border: 1px solid #000", "border: none", write(form.printed, "html").decode()).encode()


def merged(form: Form) -> bytes:
    """A workbook as it comes when nobody formats it, its cells merged."""
    return _workbook(form.document)


def dumped(form: Form) -> bytes:
    """A workbook as a program dumps it: a text a cell, nothing merged."""
    return _workbook(each_grid(form.document, flattened))


def _workbook(document: Document) -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        plain = book.add_format({"num_format": "@"})
        for section in document.sections:
            page, row = book.add_worksheet(), 0
            for block in section.blocks:
                if isinstance(block, Line):
                    page.write_string(row, 0, block.text, plain)
                    row += 1
                    continue
                for c in block.cells:
                    if c.rowspan > 1 or c.colspan > 1:
                        last = row + c.row + c.rowspan - 1, c.col + c.colspan - 1
                        page.merge_range(row + c.row, c.col, *last, c.text, plain)
                    elif c.text:
                        page.write_string(row + c.row, c.col, c.text, plain)
                row += block.rows
    return out.getvalue()


PRODUCERS: dict[str, tuple[str, Callable[[Form], bytes]]] = {
    "docx": ("docx", docx),
    "xlsx": ("xlsx", xlsx),
    "html": ("html", html),
    "merged": ("xlsx", merged),
    "dumped": ("xlsx", dumped),
}
"""By the name of each kind of page: the extension of what is printed, and what makes it."""


def by_libreoffice(sources: list[Path], folder: Path) -> None:
    home = f"-env:UserInstallation={(folder / 'office').resolve().as_uri()}"
    run = ["soffice", "--headless", home, "--convert-to", "pdf", "--outdir", str(folder), *map(str, sources)]
    subprocess.run(run, check=True, capture_output=True, timeout=600)


def by_chromium(source: Path, folder: Path) -> None:
    target = folder / f"{source.stem}.pdf"
    home = f"--user-data-dir={(folder / 'chromium').resolve()}"
    run = ["chromium", *SWITCHES, home, f"--print-to-pdf={target}", source.resolve().as_uri()]
    subprocess.run(run, check=True, capture_output=True, timeout=120)


def printed(folder: Path, seed: int, count: int, only: list[str]) -> None:
    """Prints what is not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    office: list[Path] = []
    for name, form in forms(seed, count):
        for kind in only or PRODUCERS:
            extension, make = PRODUCERS[kind]
            source = folder / f"{name}-{kind}.{extension}"
            if source.with_suffix(".pdf").exists():
                continue
            source.write_bytes(make(form))
            if extension == "html":
                by_chromium(source, folder)
            else:
                office.append(source)
    if office:
        by_libreoffice(office, folder)


def as_text(pdf: Path) -> bytes:
    """What `pdftotext -layout` prints of the pages."""
    run = ["pdftotext", "-layout", str(pdf), "-"]
    return subprocess.run(run, check=True, capture_output=True, timeout=60).stdout


def measured(folder: Path, seed: int, count: int, only: list[str], source: Callable[[Path], bytes]) -> Report:
    report = Report()
    for name, form in forms(seed, count):
        wants = [[exactly(i)] for s in form.truth.sheets for i in s.indicators]
        for kind in only or PRODUCERS:
            reading = read(source(folder / f"{name}-{kind}.pdf"))
            judged, gone = judge(wants, reading), lost(cells(form.document), reading)
            tally = report.tally("shape", f"{kind}, {'six' if name == 'six' else 'made up'}")
            tally.add(judged, gone)
            tally.sheets(form.truth, reading)
            report.note(f"{name}-{kind}", judged, gone, order=0)
    return report


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("folder", type=Path)
    ap.add_argument("--sheets", type=int, default=10)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--worst", type=int, default=0, help="print so many failures of each kind")
    ap.add_argument("--only", nargs="*", choices=PRODUCERS, default=[])
    ap.add_argument("--text", action="store_true", help="read the text that pdftotext makes of the pages")
    a = ap.parse_args()
    printed(a.folder, a.seed, a.sheets, a.only)
    report = measured(a.folder, a.seed, a.sheets, a.only, as_text if a.text else Path.read_bytes)
    sys.stdout.write(report.shapes())
    if a.worst:
        sys.stdout.write(report.worst(a.worst))


if __name__ == "__main__":
    main()
