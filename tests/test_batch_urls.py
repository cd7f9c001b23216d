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
CONTENTS = {"a.json": SHEET, "子/b.json": SHEET, "子/坏.json": b"{", "locked.json": SHEET, "torn.json": SHEET}
ENDED = {
    "a.json": "converted",
    "子/b.json": "converted",
    "子/坏.json": "no-sheet",
    "locked.json": "unreadable",
    "torn.json": "unreadable",
}
AGAIN = {name: "skipped-unchanged" if end == "converted" else end for name, end in ENDED.items()}


STORES = pytest.mark.parametrize("store", ["shelf", "s3"])
"""One that renames, and one that takes an object as a whole: its URL names a bucket first."""


def converted(folder: Path, store: str, out: str, **environ: str) -> dict[str, str]:
    command = [
        sys.executable,
        "-m",
        "jixiao",
        "convert",
        f"{store}://a/in",
        "--to",
        "xml",
        "--output",
        out,
        "-q",
    ]
    env = os.environ | {"PYTHONPATH": str(STORE), "SHELF": str(folder / "shelf")} | environ
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, timeout=120, check=False)
    assert done.returncode == 1 and b"Traceback" not in done.stderr, done.stderr.decode()
    home = "out" if out == "out" else f"jixiao-{store}-a-out"
    with Ledger.open(folder / home) as ledger:
        return {r.source: r.code or r.outcome for r in ledger.records()}


def made(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*.*") if p.is_file()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in CONTENTS.items():
        path = tmp_path / "shelf" / "a" / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path


@STORES
@pytest.mark.slow
def test_from_a_store_to_a_store(folder: Path, store: str) -> None:
    out, made_there = f"{store}://a/out", folder / "shelf" / "a" / "out"
    full = converted(folder, store, out, FULL="1")
    assert full == {n: "output-failed" if end == "converted" else end for n, end in ENDED.items()}
    assert converted(folder, store, out, SLOW="0.2") == ENDED
    assert made(made_there) == {"a.xml", "子/b.xml"}, "and nothing that was begun"
    assert converted(folder, store, out) == AGAIN
    (made_there / "a.xml").write_bytes(b"altered")
    (made_there / "子" / "b.xml").unlink()
    assert converted(folder, store, out) == ENDED
    (folder / "shelf" / "a" / "in" / "a.json").write_bytes(SHEET + b" ")
    assert converted(folder, store, out) == AGAIN | {"a.json": "converted"}


@STORES
@pytest.mark.slow
def test_from_a_store_to_a_folder(folder: Path, store: str) -> None:
    assert converted(folder, store, "out") == ENDED and converted(folder, store, "out") == AGAIN
    assert (folder / "out" / "子" / "b.xml").is_file()


@STORES
def test_a_store_that_does_not_answer_is_said(folder: Path, store: str) -> None:
    command = [sys.executable, "-m", "jixiao", "convert", f"{store}://a/in", "--to", "xml", "--output", "out"]
    env = os.environ | {"PYTHONPATH": str(STORE), "SHELF": str(folder / "shelf"), "AWAY": "1"}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, timeout=120, check=False)
    assert done.returncode == 2 and b"no answer" in done.stderr and b"Traceback" not in done.stderr
