"""The peers, each in an environment of its own under build/peers, made once; and talking to a worker."""

import html
import json
import re
import subprocess
import sys
import unicodedata
import venv
from pathlib import Path
from typing import Any, NamedTuple

from ours import ROOT

FOLDER = ROOT / "build" / "peers"
WORKER = Path(__file__).with_name("worker.py")
INSTALLED = {
    "kreuzberg": ("kreuzberg",),
    "pandoc": ("pypandoc_binary",),
    "markitdown": ("markitdown[docx,xlsx,pdf]",),
    "docling": ("docling",),
}
PATIENCE = 900  # seconds for an installation; docling draws in torch
ANSWER = 120  # seconds
ROWS = re.compile(r"</tr>|</PM_PERF_INDICATOR>")
CELLS = re.compile(r"</t[dh]>|</[A-Z_0-9]+>|\||\t")
TAGS = re.compile(r"<[^>]*>")


def python_of(peer: str, *, install: bool) -> Path | None:
    """The interpreter that has the peer; None where it could not be installed, or is not and shall not be."""
    folder = FOLDER / peer
    python, done = folder / "bin" / "python", folder / "installed"
    if done.exists():
        return python
    if not install:
        return None
    venv.create(folder, clear=True, with_pip=True)
    command = [
        str(python),
        "-m",
        "pip",
        "--quiet",
        "--disable-pip-version-check",
        "install",
        *INSTALLED[peer],
    ]
    try:
        made = subprocess.run(command, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return None
    if made.returncode:
        return None
    done.touch()
    return python


class Answer(NamedTuple):
    seconds: float
    text: str


class Worker:
    """A subject at work. Raises OSError where it ends before it answers."""

    def __init__(self, subject: str, python: Path | None = None) -> None:
        command = [str(python or sys.executable), str(WORKER), subject]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )

    def convert(self, path: Path, times: int = 1) -> Answer:
        assert self._process.stdin and self._process.stdout
        print(json.dumps({"path": str(path), "times": times}), file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        if not line:
            raise OSError("the worker ended")
        return Answer(**json.loads(line))

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


def kept(text: str, truth: dict[str, Any]) -> int:
    """How many indicators stand in the output with name and value, as printed, in two cells of one row.

    Width, white space and the escapes of Markdown and HTML are no matter; a lost value has no cell to be in.
    """
    rows = ROWS.split(text) if ROWS.search(text) else text.splitlines()
    cells = [{_bare(TAGS.sub("", cell)) for cell in CELLS.split(row)} for row in rows]
    wanted = [
        {_bare(i["level3"]), _bare(i["value"] or "")} - {""} for s in truth["sheets"] for i in s["indicators"]
    ]
    return sum(any(one <= row for row in cells) for one in wanted)


def _bare(text: str) -> str:
    folded = unicodedata.normalize("NFKC", html.unescape(text))  # for comparison only
    return "".join(folded.replace("\\", "").split())
