"""One LibreOffice that stays for many documents, under a profile of its own.

A LibreOffice with a document open goes on running. Another call with the same profile hands its work over to
it and returns when that is done: a tenth of the time of a start. Without one that runs, that call does the
work itself, so nothing depends on it. Whether it went well is told by the file that it leaves.
"""

import atexit
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from threading import Lock

from jixiao.errors import over_limit, truncated
from jixiao.limits import Limits

from jixiao_readers._office import guard
from jixiao_readers._office.find import soffice

SHARE = 0.8
"""The part of a document's seconds that LibreOffice may take."""
START = 30.0
"""Seconds in which it must have started, or it is not waited for."""
RENEW = 200
"""It starts anew after so many documents: what they leave in its memory goes."""
POLL = 0.02

KEPT = "kept.fodt"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"
BLANK = (
    f'<office:document xmlns:office="{_ODF}:office:1.0" office:version="1.2" '
    'office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text/></office:body>'
    "</office:document>"
)
SETTINGS: dict[str, dict[str, int | bool]] = {
    "Common/Security/Scripting": {"MacroSecurityLevel": 3, "DisableMacrosExecution": True,
                                  "BlockUntrustedRefererLinks": True},
    "Writer/Content/Update": {"Link": 0},
    "Calc/Content/Update": {"Link": 2},
    "Common/Misc": {"FirstRun": False},
}  # fmt: skip
"""No macro runs, nothing that a document links to is fetched."""


class Converter:
    """Converts one document at a time; starts LibreOffice when first needed and again when it is gone."""

    def __init__(self) -> None:
        self._lock, self._done = Lock(), 0
        self._folder: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def convert(self, data: bytes, kind: str, to: str, limits: Limits) -> bytes:
        """The document in the format `to`.

        Raises BadInput `damaged-file` or `limit-seconds`, PluginError `no-libreoffice`.
        """
        command, end = soffice(), time.monotonic() + SHARE * limits.seconds
        with self._lock:
            if self._done >= RENEW:
                self.stop()
            for _ in range(2):
                fresh = not self._runs()
                folder = self._started(command, end)
                made = self._converted(command, folder, (data, kind, to), end)
                if made is not None:
                    self._done += 1
                    return made
                if time.monotonic() >= end:
                    self.stop()
                    raise over_limit("seconds", round(limits.seconds, 1), limits.seconds)
                if fresh or self._runs():
                    break
                self.stop()  # it fell over an earlier document: this one is tried once more
        raise truncated(kind.upper())

    def stop(self) -> None:
        """Ends LibreOffice, whatever it does, and everything it started."""
        process, folder = self._process, self._folder
        self._process, self._folder, self._done = None, None, 0
        if process is None or process.stdin is None:
            return
        process.stdin.close()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            _kill(process)
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    def _runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _started(self, command: str, end: float) -> Path:
        """The folder of a LibreOffice that runs, or that is given up waiting for."""
        if self._folder is not None and self._runs():
            return self._folder
        self.stop()
        self._folder = folder = Path(mkdtemp(prefix="jixiao-office-"))
        _write_settings(folder)
        (folder / KEPT).write_text(BLANK, "utf-8")
        run = [
            sys.executable,
            "-I",
            str(guard.__file__),
            str(folder),
            *_call(command, folder),
            str(folder / KEPT),
        ]
        self._process = subprocess.Popen(
            run, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        opened, latest = folder / f".~lock.{KEPT}#", min(end, time.monotonic() + START)
        while not opened.exists() and self._runs() and time.monotonic() < latest:
            time.sleep(POLL)
        return folder

    def _converted(
        self, command: str, folder: Path, what: tuple[bytes, str, str], end: float
    ) -> bytes | None:
        """The file that LibreOffice leaves, None where it leaves none in time."""
        data, kind, to = what
        source, made = folder / f"document.{kind}", folder / "made" / f"document.{to}"
        source.write_bytes(data)
        made.unlink(missing_ok=True)
        run = [*_call(command, folder), "--convert-to", to, "--outdir", str(made.parent), str(source)]
        with _child(run) as process:
            try:
                process.wait(max(0.0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                return None
        source.unlink(missing_ok=True)
        return made.read_bytes() if made.exists() else None


@contextmanager
def _child(run: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends with the block, with all that it started."""
    process = subprocess.Popen(
        run, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    if os.name == "posix":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _call(command: str, folder: Path) -> list[str]:
    return [
        command, "--headless", "--norestore", "--nologo", "--nodefault", "--nofirststartwizard",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
    ]  # fmt: skip


def _write_settings(folder: Path) -> None:
    items = "".join(
        f'<item oor:path="/org.openoffice.Office.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{str(value).lower()}</value></prop></item>"
        for path, values in SETTINGS.items()
        for name, value in values.items()
    )
    user = folder / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        f'xmlns:xs="http://www.w3.org/2001/XMLSchema">{items}</oor:items>',
        "utf-8",
    )


@cache
def _of(pid: int) -> Converter:
    made = Converter()
    atexit.register(made.stop)
    return made


def converter() -> Converter:
    """The converter of this process; one that was forked has its own."""
    return _of(os.getpid())
