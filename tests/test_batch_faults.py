"""Whatever a document does to the process that converts it, it costs that document alone."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from jixiao import convert
from jixiao.batch.ledger import Ledger
from jixiao.hookspecs import Means
from jixiao.model import Reading, Sheet
from jixiao_executors._process import start
from jixiao_executors.local import LocalExecutor

PLUGIN = Path(__file__).parent / "plugins" / "faults"
SHEET = convert.write(Reading(sheets=(Sheet(title="项目支出绩效目标表（虚构）"),)), "json")
CODES = {
    "kill": "worker-died",
    "segfault": "worker-died",
    "leave": "worker-died",
    "interrupt": "worker-died",
    "hang": "limit-seconds",
    "hang-in-c": "limit-seconds",
    "swell": "limit-memory",
    "bytes": "plugin-fault",
    "recurse": "plugin-fault",
    "exit": "plugin-fault",
    "chatter": "no-sheet",
    "leave-a-child": "no-sheet",
    "die-with-a-child": "worker-died",
    "swell-in-a-child": "limit-memory",
    "interrupt-the-group": "no-sheet",
    "write-to-pipes": "worker-died",
    "wander": "output-failed",
    "poison": "no-sheet",
    "heir": "no-sheet",
    "mute": "plugin-fault",
    "odd": "plugin-fault",
}
"""How each ends; what stands after it in the same process ends as ever."""
COMMAND = [sys.executable, "-m", "jixiao", "convert", "--to", "json"]
TIGHT = ("--limit", "seconds=2", "--limit", "memory=300M")


def environ() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(PLUGIN), "JIXIAO_LANG": "en", "PYTHONFAULTHANDLER": ""}


def mask() -> int:
    now = os.umask(0)
    os.umask(now)
    return now


def jixiao(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    command = [*COMMAND, *arguments]
    return subprocess.run(command, cwd=folder, env=environ(), capture_output=True, timeout=120, check=False)


def ended(folder: Path) -> dict[str, tuple[str, str | None]]:
    with Ledger.open(folder) as ledger:
        return {r.source: (r.outcome, r.code) for r in ledger.records()}


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "3"])
def test_every_fault_costs_its_document_alone(tmp_path: Path, jobs: str) -> None:
    (tmp_path / "in").mkdir()
    for number, fault in enumerate(CODES):
        (tmp_path / "in" / f"{number}-{fault}.fault").write_text(f"FAULT {fault}")
        (tmp_path / "in" / f"{number}-sheet.json").write_bytes(SHEET)
    done = jixiao(tmp_path, "in", "--output", "out", "--jobs", jobs, *TIGHT)
    assert (done.returncode, done.stdout) == (1, b""), done.stderr.decode()
    assert b"Traceback" not in done.stderr and b"printed by a plugin" in done.stderr
    told = ended(tmp_path / "out")
    for number, (fault, code) in enumerate(CODES.items()):
        assert told[f"{number}-{fault}.fault"] == ("failed", code), fault
        assert told[f"{number}-sheet.json"] == ("converted", None), fault
        made = tmp_path / "out" / f"{number}-sheet.json"
        assert made.read_bytes() == SHEET and made.stat().st_mode & 0o777 == 0o666 & ~mask()
    assert b"written by a library" in done.stderr


@pytest.mark.parametrize("fault", ["kill", "bytes", "chatter", "interrupt"])
def test_one_document_alone_is_bounded_too(tmp_path: Path, fault: str) -> None:
    (tmp_path / "a.fault").write_text(f"FAULT {fault}")
    done = jixiao(tmp_path, "a.fault", "--output", "-")
    assert done.returncode == 1 and b"Traceback" not in done.stderr
    assert (done.stdout == b"") == (fault != "chatter") and b"by a" not in done.stdout


@pytest.mark.slow
def test_a_second_run_tries_again_only_what_may_end_otherwise(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for fault in ("hang", "kill"):
        (tmp_path / "in" / f"{fault}.fault").write_text(f"FAULT {fault}")
    time.sleep(2.1)  # else they may have been others when they were read
    finished = []
    for _ in range(2):
        done = jixiao(tmp_path, "in", "--output", "out", "--limit", "seconds=1")
        assert done.returncode == 1 and b"2 failed" in done.stderr
        with Ledger.open(tmp_path / "out") as ledger:
            finished.append({r.source: r.finished for r in ledger.records()})
    assert finished[0]["hang.fault"] == finished[1]["hang.fault"]
    assert finished[0]["kill.fault"] < finished[1]["kill.fault"]
    (tmp_path / "in" / "hang.fault").write_text("FAULT chatter")
    jixiao(tmp_path, "in", "--output", "out", "--limit", "seconds=1")
    assert ended(tmp_path / "out")["hang.fault"] == ("failed", "no-sheet")


@pytest.mark.parametrize("now", ["FAULT kill", "FAULT hang"])
def test_what_takes_its_process_with_it_leaves_no_output_of_what_it_was(tmp_path: Path, now: str) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a", "b"):
        (tmp_path / "in" / f"{name}.json").write_bytes(SHEET)
    jixiao(tmp_path, "in", "--output", "out")
    (tmp_path / "in" / "a.json").write_text(now)
    jixiao(tmp_path, "in", "--output", "out", "--limit", "seconds=0.5")
    assert not (tmp_path / "out" / "a.json").exists() and (tmp_path / "out" / "b.json").exists()


def test_a_run_goes_on_where_the_system_forgets_processes_that_end(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.json").write_bytes(SHEET)
    (tmp_path / "in" / "b.fault").write_text("FAULT kill")
    forgetful = "import os, signal, sys\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
    forgetful += "os.execv(sys.argv[1], sys.argv[1:])"
    command = [sys.executable, "-c", forgetful, *COMMAND, "in", "--output", "out"]
    done = subprocess.run(command, cwd=tmp_path, env=environ(), capture_output=True, timeout=60, check=False)
    assert done.returncode == 1 and b"1 converted" in done.stderr and b"status -9" in done.stderr


def test_more_processes_than_the_system_has_files_for_are_not_started(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number in range(60):
        (tmp_path / "in" / f"{number}.json").write_bytes(SHEET)
    few = ["sh", "-c", 'ulimit -n 48; exec "$@"', "sh", *COMMAND, "in", "--output", "out", "--jobs", "40"]
    done = subprocess.run(few, cwd=tmp_path, env=environ(), capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_where_no_process_can_be_started_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def at_times(serve: Any) -> Any:
        tried.append(serve)
        if len(tried) in (2, 3):
            raise BlockingIOError(11, "Resource temporarily unavailable")
        return start(serve)

    monkeypatch.setattr("jixiao_executors._worker.start", at_times)
    made = list(LocalExecutor().run(len, ["a", "bb", "ccc"], Means(jobs=2)))
    assert sorted(made) == [("a", 1), ("bb", 2), ("ccc", 3)] and len(tried) > 3


def test_ctrl_c_while_a_process_is_started_is_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_serve: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("jixiao_executors._worker.start", interrupted)
    with pytest.raises(KeyboardInterrupt):
        list(LocalExecutor().run(str, ["a task"], Means()))


@pytest.mark.slow
def test_ctrl_c_stops_within_a_second_and_the_next_run_goes_on(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.json").write_bytes(SHEET)
    (tmp_path / "in" / "b.fault").write_text("FAULT hang-in-c")
    (tmp_path / "in" / "c.json").write_bytes(SHEET)
    command = [*COMMAND, "in", "--output", "out", "--jobs", "1"]
    started = subprocess.Popen(command, cwd=tmp_path, env=environ(), stderr=subprocess.PIPE)
    while not (tmp_path / "out" / "a.json").exists():
        assert started.poll() is None
        time.sleep(0.02)
    time.sleep(0.3)
    started.send_signal(signal.SIGINT)
    began = time.monotonic()
    _out, said = started.communicate(timeout=60)
    took = time.monotonic() - began
    assert started.returncode == 130 and b"Interrupted" in said and b"Traceback" not in said
    assert took < 1
    assert b"jixiao report out" in said and not (tmp_path / "out" / "report.html").exists()
    report = [sys.executable, "-m", "jixiao", "report", "out"]
    assert subprocess.run(report, cwd=tmp_path, env=environ(), timeout=60, check=False).returncode == 0
    assert len((tmp_path / "out" / "report.jsonl").read_text("utf-8").splitlines()) == 1
    assert subprocess.run([*report[:-1], "in"], cwd=tmp_path, timeout=60, check=False).returncode == 2
    (tmp_path / "in" / "b.fault").write_bytes(SHEET)
    done = jixiao(tmp_path, "in", "--output", "out")
    assert done.returncode == 0 and b"1 unchanged" in done.stderr
