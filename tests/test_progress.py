"""What a person sees on a terminal while many documents are converted."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from jixiao import convert
from jixiao.batch.inputs import plan
from jixiao.model import Finding, Reading, Sheet

CONTROL = re.compile(r"(\x1b\[[0-9;?]*[A-Za-z]|\r|\n)")
ENDINGS = (None, None, "warning", "error", "fail")


def archive(folder: Path, files: int) -> None:
    for number in range(files):
        severity = ENDINGS[number % len(ENDINGS)]
        said = tuple(
            Finding(
                code="value-missing", severity=one, message=f"Look at {number}, and then look again. " * 4
            )
            for one in ("warning", "error")
            if one == severity
        )
        sheet = Sheet(title=f"项目支出绩效目标表（虚构）{number}", findings=said)
        path = folder / "in" / f"{number % 7}" / f"{number}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"{" if severity == "fail" else convert.write(Reading(sheets=(sheet,)), "json"))


def on_terminal(folder: Path, *arguments: str, language: str = "en") -> str:
    """What the command writes to a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS", "TTY_COMPATIBLE", "CI")}
    started = subprocess.Popen(
        [sys.executable, "-m", "jixiao", *arguments], cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs,
        env=env | {"TERM": "xterm", "JIXIAO_LANG": language, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    os.close(theirs)
    parts = []
    while part := _read(ours):
        parts.append(part)
    started.wait()
    os.close(ours)
    return b"".join(parts).decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other side is closed
        return b""


def frames(written: str) -> list[list[str]]:
    """The lines of the screen after each step of what was written, as a terminal shows them."""
    lines, row, column, seen = [""], 0, 0, []
    for part in CONTROL.split(written):
        if part == "\n":
            row, column = row + 1, 0
            lines += [""] * (row + 1 - len(lines))
        elif part == "\r":
            column = 0
        elif part.endswith("K") and part.startswith("\x1b"):
            lines[row] = ""
        elif part.endswith("A") and part.startswith("\x1b"):
            row -= int(part[2:-1] or 1)
            assert row >= 0
        elif part and not part.startswith("\x1b"):
            lines[row] = lines[row][:column].ljust(column) + part + lines[row][column + len(part) :]
            column += len(part)
            seen.append(list(lines))
    return seen


@pytest.mark.slow
def test_a_terminal_shows_how_far_how_fast_how_long_and_how_many_ended_how(tmp_path: Path) -> None:
    archive(tmp_path, 300)
    written = on_terminal(tmp_path, "convert", "in", "--to", "docx", "--output", "out")
    steps = frames(written)
    bars = {line for step in steps for line in step if "━" in line}
    assert any(re.search(r"\d+/300 [\d.]+ a second \d:\d\d:\d\d", line) for line in bars), bars
    told = {line for step in steps for line in step if re.match(r"\d+ (converted|with findings)", line)}
    assert any("with findings" in t and "for review" in t and "failed" in t for t in told)
    last = [line for line in steps[-1] if line]
    assert not any("━" in line for line in last), "the bar is gone"
    for number in range(300):
        wanted = {None: 0, "fail": 1}.get(ENDINGS[number % 5], 1)
        assert sum(f"{number}.json: " in one and f"/{number}.json" in one for one in last) == wanted, number
    assert (
        "jixiao: 120 converted, 60 with findings, 60 for review, 60 failed; 60 warnings, 120 errors." in last
    )
    again = frames(on_terminal(tmp_path, "convert", "in", "--to", "docx", "--output", "out", language="zh"))
    assert any("60 个失败" in line and "240 个未变" in line for line in again[-1]), again[-1][-3:]


def test_the_inputs_are_counted_as_they_will_be_found(tmp_path: Path) -> None:
    archive(tmp_path, 30)
    (tmp_path / "in" / "3" / ".hidden").touch()
    (tmp_path / "in" / "out").mkdir()
    (tmp_path / "in" / "out" / "x.xml").touch()
    planned = plan([str(tmp_path / "in"), str(tmp_path / "in" / "3")], str(tmp_path / "in" / "out"), "xml")
    assert list(planned.count())[-1] == len(list(planned)) == 30
    assert list(plan([str(tmp_path / "in/0/0.json")], None, "xml").count()) == [1]
