"""A run that is killed loses nothing: what it had not finished, the next run does."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from jixiao import convert
from jixiao.batch.ledger import Ledger
from jixiao.model import Reading, Sheet

MOMENTS = 50
COMMAND = [
    sys.executable,
    "-m",
    "jixiao",
    "convert",
    "in",
    "--to",
    "xlsx",
    "--output",
    "out",
    "--quiet",
    "--jobs",
    "2",
]


def archive(folder: Path, files: int) -> None:
    for number in range(files):
        path = folder / "in" / f"{number % 7}" / f"{number}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        said = Reading(sheets=(Sheet(title=f"项目支出绩效目标表（虚构）{number}"),))
        path.write_bytes(convert.write(said, "json") if number % 11 else b"{")


def outputs(folder: Path) -> dict[str, bytes]:
    """Every file below the outputs, also what was left behind; the ledger and the reports apart."""
    out = folder / "out"
    return {
        p.relative_to(out).as_posix(): p.read_bytes()
        for p in out.rglob("*")
        if p.is_file() and ".jixiao" not in p.parts and not p.name.startswith(("report.", "worklist."))
    }


@pytest.mark.slow
def test_killed_at_any_moment_and_run_again_gives_what_an_undisturbed_run_gives(tmp_path: Path) -> None:
    files = 80
    undisturbed, killed = tmp_path / "undisturbed", tmp_path / "killed"
    for folder in (undisturbed, killed):
        archive(folder, files)
    began = time.monotonic()
    subprocess.run(COMMAND, cwd=undisturbed, capture_output=True, timeout=120, check=False)
    span = time.monotonic() - began
    chance, struck = random.Random(20), 0
    while struck < MOMENTS:
        started = subprocess.Popen(COMMAND, cwd=killed, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.3, 0.9) * span)
        in_time = started.poll() is None
        struck += in_time
        span *= 1.03 if in_time else 0.9
        started.send_signal(signal.SIGKILL)
        started.wait()
        if chance.random() < 0.5:  # let a part of the work be done again
            for path in list((killed / "out").rglob("*.xlsx"))[::2]:
                if not path.name.startswith("worklist"):
                    path.unlink()
    done = subprocess.run(COMMAND, cwd=killed, capture_output=True, timeout=120, check=False)
    assert done.returncode == 1
    assert outputs(killed) == outputs(undisturbed)
    with Ledger.open(killed / "out") as one, Ledger.open(undisturbed / "out") as other:
        told = [(r.source, r.ended, r.code, [o.sha256 for o in r.outputs]) for r in one.records()]
        assert told == [(r.source, r.ended, r.code, [o.sha256 for o in r.outputs]) for r in other.records()]
        assert len(told) == files


@pytest.mark.slow
def test_no_process_outlives_a_run_that_is_killed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.fault").write_text("FAULT hang")
    plugin = Path(__file__).parent / "plugins" / "faults"
    env = os.environ | {"PYTHONPATH": str(plugin)}
    started = subprocess.Popen(COMMAND, cwd=tmp_path, env=env, stderr=subprocess.DEVNULL)
    workers: list[Path] = []
    while not workers:
        time.sleep(0.05)
        workers = [p for p in Path("/proc").glob("[0-9]*") if parent(p) == started.pid]
    started.send_signal(signal.SIGKILL)
    started.wait()
    until = time.monotonic() + 10
    while any(p.exists() and state(p) != "Z" for p in workers) and time.monotonic() < until:
        time.sleep(0.02)
    assert not any(p.exists() and state(p) != "Z" for p in workers)


def stat(process: Path) -> list[str]:
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ["", "0"]


def parent(process: Path) -> int:
    return int(stat(process)[1])


def state(process: Path) -> str:
    return stat(process)[0]
