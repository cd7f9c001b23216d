"""What arrives in a watched folder is converted once it has stopped growing."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from jixiao import convert
from jixiao.batch.inputs import Plan, plan
from jixiao.batch.ledger import Ledger
from jixiao.batch.watch import Settled
from jixiao.model import Reading, Sheet

SHEET = convert.write(Reading(sheets=(Sheet(title="项目支出绩效目标表（虚构）"),)), "json")


def offered(jobs: Plan) -> list[str]:
    return [job.source.name for job in jobs]


def test_a_file_is_offered_when_it_has_stopped_growing_and_again_when_it_changes(tmp_path: Path) -> None:
    settled = Settled(plan([str(tmp_path)], str(tmp_path / "out"), "xml"))
    assert offered(settled) == [] and not settled.waits()
    path = tmp_path / "a.json"
    path.write_bytes(SHEET[:10])
    assert settled.waits() and offered(settled) == []
    path.write_bytes(SHEET)
    assert offered(settled) == []
    assert offered(settled) == ["a.json"]
    assert offered(settled) == [] and not settled.waits()
    os.utime(path, ns=(1, 1))
    assert offered(settled) == [] and offered(settled) == ["a.json"]


def test_what_took_the_place_of_another_with_its_size_and_time_is_offered(tmp_path: Path) -> None:
    settled = Settled(plan([str(tmp_path)], str(tmp_path / "out"), "xml"))
    for name in ("a.json", "b"):
        (tmp_path / name).write_bytes(SHEET)
        os.utime(tmp_path / name, ns=(1, 1))
    assert offered(settled) == [] and offered(settled) == ["a.json", "b"]
    time.sleep(0.05)
    (tmp_path / "b").rename(tmp_path / "a.json")
    assert offered(settled) == [] and offered(settled) == ["a.json"]


def test_what_its_name_says_is_still_to_come_is_offered_under_its_last_name(tmp_path: Path) -> None:
    settled = Settled(plan([str(tmp_path)], str(tmp_path / "out"), "xml"))
    for name in ("a.json.part", "b.TMP", "c.crdownload"):
        (tmp_path / name).write_bytes(SHEET[:20])
    assert offered(settled) == offered(settled) == [] and not settled.waits()
    (tmp_path / "a.json.part").rename(tmp_path / "a.json")
    assert offered(settled) == [] and offered(settled) == ["a.json"]


def test_what_arrives_while_another_run_has_the_folder_is_converted_afterwards(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "a.json").write_bytes(SHEET)
    command = [sys.executable, "-m", "jixiao", "watch", "inbox", "--to", "xml", "--output", "out"]
    with Ledger.open(tmp_path / "out") as ledger, ledger.alone():
        watching = subprocess.Popen(
            [*command, "--every", "0.2", "--rounds", "15"], cwd=tmp_path, stderr=subprocess.PIPE
        )
        assert watching.stderr is not None and b"out" in watching.stderr.readline()
    _out, said = watching.communicate(timeout=60)
    assert watching.returncode == 0 and (tmp_path / "out" / "a.xml").exists(), said


@pytest.mark.slow
def test_what_arrives_is_converted(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    command = [
        sys.executable,
        "-m",
        "jixiao",
        "watch",
        "inbox",
        "--to",
        "xml",
        "--output",
        "out",
        "--every",
        "0.3",
    ]
    watching = subprocess.Popen([*command, "--rounds", "30"], cwd=tmp_path, stderr=subprocess.PIPE)
    time.sleep(1)
    (tmp_path / "inbox" / "坏.json").write_bytes(b"{")
    with (tmp_path / "inbox" / "a.json").open("wb") as arriving:
        for part in (SHEET[:20], SHEET[20:]):
            arriving.write(part)
            arriving.flush()
            time.sleep(0.2)
    _out, said = watching.communicate(timeout=60)
    assert watching.returncode == 1 and b"Traceback" not in said
    assert [p.name for p in (tmp_path / "out").glob("*.xml")] == ["a.xml"]
    lines = (tmp_path / "out" / "report.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == 2, "of all that has come, whichever look found it"
