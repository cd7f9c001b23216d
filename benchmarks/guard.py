"""Instruction counts of fixed inputs against those recorded: fails where one has grown by a tenth.

    python benchmarks/guard.py            # compares
    python benchmarks/guard.py --record   # writes benchmarks/instructions.json for this Python

Counts come from valgrind, so a busy machine changes nothing. Each is divided by that of a yardstick, a fixed
program in plain Python: how an interpreter was built matters less then.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RECORDED = Path(__file__).with_name("instructions.json")
GROWTH = 1.10
PYTHON = f"{sys.implementation.name} {sys.version_info.major}.{sys.version_info.minor}"
COUNT = re.compile(r"I\s+refs:\s+([\d,]+)")
FEW, MANY = 2, 7
SIX = ROOT / "fixtures" / "six" / "sheets.txt"
DOCUMENTS = {
    "docx": ROOT / "fixtures" / "speed" / "six.docx",
    "xlsx": ROOT / "fixtures" / "speed" / "six.xlsx",
    "pdf": ROOT / "fixtures" / "pdf" / "six-libreoffice.pdf",
    "text": SIX,
}
WRITERS = ("docx", "xlsx", "html", "xml")
YARDSTICK = """
words = [str(n * n % 9973) for n in range(3000)]
for _ in range(8):
    counts = {}
    for word in words:
        counts[word] = counts.get(word, 0) + len(word)
    sorted(counts.items(), key=lambda item: (-item[1], item[0]))
"""
READ = """
import sys
from pathlib import Path
from jixiao.convert import read_file, write
for _ in range(int(sys.argv[1])):
    write(read_file(Path(sys.argv[2])), "xml")
"""
WRITE = """
import sys
from pathlib import Path
from jixiao.convert import read_file, write
reading = read_file(Path(sys.argv[2]))
for _ in range(int(sys.argv[1])):
    write(reading, sys.argv[3])
"""


def count(*arguments: str) -> int:
    """Instructions of this interpreter run with the arguments. Raises SystemExit where there is no count."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            ["valgrind", "--tool=cachegrind", "--cache-sim=no", f"--cachegrind-out-file={folder}/out",
             sys.executable, *arguments],
            env={**environment, "PYTHONHASHSEED": "0", "JIXIAO_LANG": "en"},
            cwd=folder, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
    found = COUNT.search(done.stderr)
    if found is None or done.returncode not in (0, 3):  # 3: a person is needed
        raise SystemExit(f"valgrind gave no count for {' '.join(arguments)}:\n{done.stderr[-2000:]}")
    return int(found[1].replace(",", ""))


def each(code: str, *arguments: str) -> float:
    """Instructions of one turn of the code's loop, when everything has been loaded."""
    few, many = (count("-c", code, str(times), *arguments) for times in (FEW, MANY))
    return (many - few) / (MANY - FEW)


def measured() -> dict[str, float]:
    """Each case in yardsticks."""
    subprocess.run([sys.executable, "-m", "jixiao", "--help"], stdout=subprocess.DEVNULL, check=True)
    unit = count("-c", YARDSTICK) - count("-c", "pass")
    # of the command, the process that watches: what the one that works has counted is lost when it is ended
    command = ("-m", "jixiao", "convert", str(SIX), "--to", "xml", "--output", "out.xml")
    found: dict[str, float] = {
        "start: jixiao --help": count("-m", "jixiao", "--help"),
        "start: jixiao convert": count(*command),
    }
    for name, path in DOCUMENTS.items():
        found[f"start: {name} to XML"] = count("-c", READ, "1", str(path))
        found[f"one more: {name} to XML"] = each(READ, str(path))
    for name in WRITERS:
        found[f"one more: {name} written"] = each(WRITE, str(SIX), name)
    return {name: round(value / unit, 3) for name, value in found.items()}


def compare(now: dict[str, float], then: dict[str, float]) -> list[str]:
    """What has grown too much, or is not recorded; prints a line for each case."""
    faults = []
    for name, value in now.items():
        before = then.get(name)
        ratio = value / before if before else float("inf")
        print(f"{name:28} {value:9.3f}  recorded {before or 0:9.3f}  × {ratio:.3f}")
        if ratio > GROWTH:
            faults.append(name)
    return faults


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--record", action="store_true")
    asked = parser.parse_args(arguments)
    recorded = json.loads(RECORDED.read_text("utf-8")) if RECORDED.exists() else {}
    if not asked.record and PYTHON not in recorded:
        print(f"Nothing is recorded for {PYTHON}: nothing compared. Record it with --record.")
        return 0
    now = measured()
    if asked.record:
        recorded[PYTHON] = now
        RECORDED.write_text(json.dumps(recorded, indent=1, sort_keys=True) + "\n", "utf-8")
        return 0
    if faults := compare(now, recorded[PYTHON]):
        print(f"Grown by more than {GROWTH - 1:.0%}: {', '.join(faults)}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
