"""Converts the six sheets of fixtures/six to out/ and says what to look at: python scripts/demo.py"""

import io
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import msgspec
from jixiao.errors import Exit
from jixiao.model import Reading

ROOT = Path(__file__).resolve().parent.parent
SOURCE = Path("fixtures/six/sheets.txt")
OUT = Path("out")
FORMATS = ("xml", "docx", "html", "xlsx", "json")
LOOK = {
    "docx": "the official form, for Word, WPS or LibreOffice",
    "html": "the same form for a browser; it prints as the form",
    "xlsx": "the same form as a workbook, ready to print",
    "xml": "the model as XML (core/jixiao/schemas/jixiao-1.xsd)",
    "json": "the model as JSON, with every finding",
}


def convert(to: str) -> tuple[Path, str, float]:
    """The file written, what was said, and the seconds it took. Ends the demo where it failed."""
    target = OUT / f"six.{to}"
    command = ["jixiao", "convert", str(SOURCE), "--to", to, "--output", str(target), "--force"]
    print("$", *command, flush=True)
    start = time.perf_counter()
    utf8 = os.environ | {"PYTHONIOENCODING": "utf-8"}
    run = [sys.executable, "-m", *command]
    done = subprocess.run(run, cwd=ROOT, env=utf8, capture_output=True, encoding="utf-8", check=False)
    seconds = time.perf_counter() - start
    if done.returncode not in (Exit.OK, Exit.PERSON_NEEDED):
        sys.exit(f"{done.stderr}The conversion failed with exit status {done.returncode}.")
    if done.returncode == Exit.PERSON_NEEDED:
        print("  exit status 3: written, but a person has to look at findings of severity error")
    return target, done.stderr, seconds


def summary(reading: Reading) -> str:
    codes = Counter(f.code for f in reading.every_finding() if f.severity != "info")
    indicators = sum(len(sheet.indicators) for sheet in reading.sheets)
    told = ", ".join(f"{count} × {code}" for code, count in codes.most_common())
    return f"{len(reading.sheets)} sheets, {indicators} indicators; findings: {told}"


def main() -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):  # what a console cannot show never ends the demo
        sys.stdout.reconfigure(errors="backslashreplace")
    (ROOT / OUT).mkdir(exist_ok=True)
    written = [convert(to) for to in FORMATS]
    said = written[-1][1]
    print(f"\n{SOURCE} is OCR text with shifted cells and lost values. What it got wrong, and where:\n")
    print(said.replace("jixiao: ", "  "))
    print(summary(msgspec.json.decode((ROOT / OUT / "six.json").read_bytes(), type=Reading)))
    print("A value that the source lost stays empty: nothing is guessed. See docs/findings.md.")
    print("\nLook at:")
    for target, _said, seconds in written:
        size = (ROOT / target).stat().st_size / 1024
        print(f"  {target!s:<14} {LOOK[target.suffix[1:]]} ({size:.0f} KiB, {seconds:.2f} s)")
    print("\nConvert your own:\n  .venv/bin/jixiao convert YOUR-FILE --to docx")


if __name__ == "__main__":
    main()
