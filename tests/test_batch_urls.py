"""Inputs and outputs by URL: a store that any process sees, and that only its protocol knows."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from jixiao import convert
from jixiao.batch.ledger import Ledger
from jixiao.model import Reading, Sheet

STORE = Path(__file__).parent / "plugins" / "shelf"
SHEET = convert.write(Reading(sheets=(Sheet(title="项目支出绩效目标表（虚构）"),)), "json")
CONTENTS = {"a.json": SHEET, "子/b.json": SHEET, "子/坏.json": b"{", "locked.json": SHEET}
ENDED = {
    "a.json": "converted",
    "子/b.json": "converted",
    "子/坏.json": "no-sheet",
    "locked.json": "unreadable",
}
AGAIN = {name: "skipped-unchanged" if end == "converted" else end for name, end in ENDED.items()}


def converted(folder: Path, out: str, **environ: str) -> dict[str, str]:
    command = [sys.executable, "-m", "jixiao", "convert", "shelf://in", "--to", "xml", "--output", out, "-q"]
    env = os.environ | {"PYTHONPATH": str(STORE), "SHELF": str(folder / "shelf")} | environ
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, timeout=120, check=False)
    assert done.returncode == 1 and b"Traceback" not in done.stderr, done.stderr.decode()
    home = "out" if out == "out" else "jixiao-shelf-out"
    with Ledger.open(folder / home) as ledger:
        return {r.source: r.code or r.outcome for r in ledger.records()}


def made(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*.*") if p.is_file()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in CONTENTS.items():
        path = tmp_path / "shelf" / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path


@pytest.mark.slow
def test_from_a_store_to_a_store(folder: Path) -> None:
    full = converted(folder, "shelf://out", FULL="1")
    assert full == {n: "output-failed" if end == "converted" else end for n, end in ENDED.items()}
    assert converted(folder, "shelf://out") == ENDED
    assert made(folder / "shelf" / "out") == {"a.xml", "子/b.xml"}, "and nothing that was begun"
    assert converted(folder, "shelf://out") == AGAIN
    (folder / "shelf" / "out" / "a.xml").write_bytes(b"altered")
    (folder / "shelf" / "out" / "子" / "b.xml").unlink()
    assert converted(folder, "shelf://out") == ENDED
    (folder / "shelf" / "in" / "a.json").write_bytes(SHEET + b" ")
    assert converted(folder, "shelf://out") == AGAIN | {"a.json": "converted"}


@pytest.mark.slow
def test_from_a_store_to_a_folder(folder: Path) -> None:
    assert converted(folder, "out") == ENDED and converted(folder, "out") == AGAIN
    assert (folder / "out" / "子" / "b.xml").is_file()
