"""An output folder or a ledger that cannot be used is said in words; the next run goes on."""

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from jixiao.batch.inputs import plan
from jixiao.batch.job import Order
from jixiao.batch.ledger import BadLedger
from jixiao.batch.outcome import Outcome
from jixiao.batch.run import means, run
from jixiao.errors import BadUsage
from test_batch import converted, outputs, sheet

COMMAND = [sys.executable, "-m", "jixiao", "convert", "in", "--to", "xml", "--output", "out", "--quiet"]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    for number in range(12):
        (tmp_path / "in" / f"{number}.json").write_bytes(sheet(f"{number}" * 3000))
    return tmp_path


def linked(folder: Path, name: str, to: str) -> None:
    (folder / "out" / name).parent.mkdir(parents=True)
    (folder / "out" / name).symlink_to(folder / to)


UNUSABLE: dict[str, Callable[[Path], object]] = {
    "a file": lambda f: (f / "out").write_bytes(b"precious"),
    "a link to nowhere": lambda f: (f / "out").symlink_to("nowhere"),
    "its folder is a file": lambda f: ((f / "out").mkdir(), (f / "out/.jixiao").write_bytes(b"precious")),
    "its folder is elsewhere": lambda f: linked(f, ".jixiao", "in"),
    "the ledger is elsewhere": lambda f: linked(f, ".jixiao/ledger.db", "nowhere"),
    "the lock is elsewhere": lambda f: linked(f, ".jixiao/lock", "in/0.json"),
}


@pytest.mark.parametrize("what", UNUSABLE)
def test_an_output_folder_that_cannot_be_used_is_said_and_nothing_is_written(
    archive: Path, what: str
) -> None:
    UNUSABLE[what](archive)
    before = {p: p.read_bytes() for p in (archive / "in").iterdir()}
    with pytest.raises(BadUsage, match="out"):
        converted(archive)
    assert {p: p.read_bytes() for p in (archive / "in").iterdir()} == before
    assert not (archive / "nowhere").exists()


def test_a_ledger_whose_rows_are_damaged_is_named(archive: Path) -> None:
    converted(archive)
    database = sqlite3.connect(archive / "out/.jixiao/ledger.db")
    with database:
        database.execute("UPDATE inputs SET findings = 'x'")
    database.close()
    with pytest.raises(BadUsage, match=r"ledger\.db"):
        converted(archive)


def test_an_output_folder_that_is_taken_away_meanwhile_is_told(archive: Path) -> None:
    def tell(_outcome: Outcome) -> None:
        shutil.rmtree(archive / "out", ignore_errors=True)

    planned, asked = plan((str(archive / "in"),), str(archive / "out"), "xml"), Order(to="xml")
    with pytest.raises(BadLedger, match="taken away"):
        run(planned, asked, tell, means=means(asked, planned, 1))
    assert set(converted(archive).values()) == {"converted"} and len(outputs(archive)) == 12


@pytest.mark.slow
@pytest.mark.parametrize("most", [4096, 20_000, 40_000, 60_000, 75_000])
def test_what_a_full_disk_refused_the_next_run_does(archive: Path, most: int) -> None:
    """A file of at most so many bytes stands for a disk that is full."""

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    env = os.environ | {"JIXIAO_LANG": "en"}
    done = subprocess.run(
        COMMAND, cwd=archive, env=env, preexec_fn=full, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 1 and b"Traceback" not in done.stderr and b"--force" not in done.stderr
    assert all(data.endswith(b"</reading>\n") for name, data in outputs(archive).items() if ".xml" in name)
    converted(archive)
    there = {name: data for name, data in outputs(archive).items() if name.endswith(".xml")}
    shutil.rmtree(archive / "out")
    converted(archive)
    assert outputs(archive) == there
