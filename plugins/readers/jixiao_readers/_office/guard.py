"""Runs LibreOffice for as long as its owner lives: python guard.py FOLDER COMMAND...

The owner holds this program's standard input. When it closes, because the owner is done or was killed, the
whole group of processes ends and the folder goes.
"""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress


def main(folder: str, command: list[str]) -> None:
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    sys.stdin.buffer.read()
    process.kill()
    if os.name == "posix":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.killpg(0, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(1)
    shutil.rmtree(folder, ignore_errors=True)
    if os.name == "posix":
        os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
