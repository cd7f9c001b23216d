"""Whole processes: how long from nothing to an output, and how much memory at the most."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import NamedTuple

LAUNCHER = """
import json, os, sys, time
out = os.open(os.devnull, os.O_RDWR)
start = time.perf_counter()
child = os.posix_spawnp(
    sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, out, n) for n in (0, 1, 2)]
)
_pid, status, used = os.wait4(child, 0)
wall = time.perf_counter() - start
cpu, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
print(json.dumps([wall, cpu, peak, os.waitstatus_to_exitcode(status)]))
"""
"""Starts the command from a small process: the peak of a child begins with its parent's size."""


class Run(NamedTuple):
    """Seconds on the wall and of processors, MiB at the peak."""

    wall: float
    cpu: float
    peak: float
    status: int


def run(command: Sequence[str]) -> Run:
    """One run of a command; its exit status is no matter here (3 says that a person is needed)."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", LAUNCHER, *command],
        env=environment, capture_output=True, check=True,
    )  # fmt: skip
    return Run(*json.loads(done.stdout))


def in_turn(commands: dict[str, Sequence[str]], rounds: int) -> dict[str, list[Run]]:
    """The runs of each command, taken in turn; one of each beforehand does not count."""
    for command in commands.values():
        run(command)
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            runs[name].append(run(command))
    return runs
