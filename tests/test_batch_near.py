"""One small document that can do no harm is converted by the command itself; any other in another process."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from hostile import HOSTILE
from jixiao import convert
from jixiao.batch.inputs import plan
from jixiao.batch.job import Order
from jixiao.batch.outcome import Outcome
from jixiao.batch.run import means, run
from jixiao.hookspecs import Lost, Means
from jixiao.model import Reading
from jixiao.testkit import make_reading
from jixiao_executors.local import LocalExecutor

FAULTS = Path(__file__).parent / "plugins" / "faults"
TELL = """
import json, sys
from jixiao.__main__ import command
command(sys.argv[1:])
print(json.dumps("jixiao_executors._process" in sys.modules), file=sys.stderr)
"""
READING = Reading(sheets=make_reading(Random(5)).sheets[:1])
SMALL = {name: make() for name, make in HOSTILE.items() if name.endswith((".txt", ".json", ".xml"))}


def watched(folder: Path, name: str, *more: str, **environ: str) -> bool:
    """Whether a process was started to convert the file."""
    command = [sys.executable, "-c", TELL, "convert", name, "--to", "xml", "--output", "-", "--quiet", *more]
    env = os.environ | environ
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, timeout=60, check=False)
    return bool(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize("to", ["json", "xml", "docx", "html"])
def test_only_what_can_do_no_harm_is_converted_by_the_command(to: str, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(convert.write(READING, to))
    assert watched(tmp_path, "a") == (to in ("docx", "html"))


def test_not_beside_others_code_nor_what_is_large_or_may_have_little_memory(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("项目支出绩效目标表\n")
    (tmp_path / "b.txt").write_text("项目支出绩效目标表\n" * 2000)
    assert not watched(tmp_path, "a.txt")
    assert watched(tmp_path, "a.txt", PYTHONPATH=str(FAULTS))
    assert watched(tmp_path, "b.txt")
    assert watched(tmp_path, "a.txt", "--limit", "memory=200M")


def test_what_comes_through_a_pipe_is_read_once(tmp_path: Path) -> None:
    content = convert.write(READING, "json")
    os.mkfifo(tmp_path / "a.json")
    writes = threading.Thread(target=(tmp_path / "a.json").write_bytes, args=(content,))
    writes.start()
    command = [sys.executable, "-m", "jixiao", "convert", "a.json", "--to", "json", "--output", "-"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=60, check=False)
    writes.join()
    assert convert.read(done.stdout).sheets == READING.sheets


def ended(path: Path, order: Order) -> Outcome:
    told: list[Outcome] = []
    planned = plan([str(path)], str(path.with_suffix(".out")), "json")
    run(planned, order, told.append, means=means(order, planned))
    return told[0]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # an alarm in a collection
@pytest.mark.parametrize("name", SMALL)
def test_it_ends_as_in_a_process_of_its_own(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, order = tmp_path / name, Order(to="json", force=True)
    path.write_bytes(SMALL[name][: 20 << 10])
    here = ended(path, order)
    monkeypatch.setattr("jixiao.batch.near.SECONDS", 1e-5)  # broken off, and converted again
    assert ended(path, order) == here


def linger(pid: str) -> None:
    Path(pid).write_text(str(os.getpid()))
    time.sleep(600)


def swell(pid: str) -> None:
    Path(pid).write_text(str(os.getpid()))
    held = bytearray(b"x") * (600 << 20)
    time.sleep(600 + len(held) % 2)


def runs(process: Path) -> bool:
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.slow
@pytest.mark.parametrize("linux", [True, False])
@pytest.mark.parametrize(("work", "code"), [(linger, "limit-seconds"), (swell, "limit-memory")])
def test_limits_are_held_while_the_next_task_is_looked_for(
    work: Callable[[str], None], code: str, linux: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a run meets very many inputs that have not changed; also where nothing is forked."""
    monkeypatch.setattr("jixiao_executors._process.LINUX", linux)
    pid = tmp_path / "pid"

    def tasks() -> Iterator[str]:
        yield str(pid)
        until = time.monotonic() + 60
        while not (pid.exists() and pid.read_text()) and time.monotonic() < until:
            time.sleep(0.01)
        while runs(Path("/proc") / pid.read_text()) and time.monotonic() < until:
            time.sleep(0.01)
        assert time.monotonic() < until

    seconds = 2.0 if work is linger else 300.0
    ((_task, made),) = LocalExecutor().run(work, tasks(), Means(seconds=seconds, memory=500 << 20))
    assert isinstance(made, Lost) and made.code == code
