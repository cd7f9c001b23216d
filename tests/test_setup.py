"""A fresh clone: what `make` does as the first command, and what is pinned.

`make test` as the first command would run this test within itself; its recipe is looked at instead.
"""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("run", "build", "test")
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.M)


def make(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    env = {
        k: v for k, v in os.environ.items() if not k.startswith(("VIRTUAL_ENV", "MAKE", "PYTEST", "MFLAGS"))
    }
    return subprocess.run(
        ["make", *arguments],
        cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", timeout=900,
        check=False,
    )  # fmt: skip


def pins(name: str) -> dict[str, str]:
    """Project -> version, all with hashes."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    found = {project.lower(): version for project, version, _hashes in PINNED.findall(text)}
    assert len(found) == len(re.findall(r"^\w", text, re.M)), "a requirement has no version or no hash"
    return found


@pytest.mark.slow
@pytest.mark.needs("git", "make")
def test_the_demo_is_the_first_command_on_a_fresh_clone(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True, timeout=120)
    done = make(clone, "demo", f"PYTHON={sys.executable}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "6 sheets, 66 indicators" in done.stdout
    written = {path.suffix: path.stat().st_size for path in (clone / "out").glob("six.*")}
    assert written.keys() == {".xml", ".docx", ".html", ".xlsx", ".json"} and all(written.values())
    again = make(clone, "--dry-run", "demo").stdout
    assert "scripts/demo.py" in again and "pip" not in again, "nothing is installed twice"
    tests = make(clone, "--dry-run", "test").stdout
    assert "-r requirements/test.txt" in tests and "-m pytest" in tests


@pytest.mark.needs("make")
@pytest.mark.parametrize(
    ("python", "said"),
    [("", "needs Python 3.11 or later"), ("{stub}", "install the package python3-venv")],
)
def test_what_is_missing_is_said_clearly(python: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text((ROOT / "Makefile").read_text("utf-8"), "utf-8")
    for name in ("pyproject.toml", *(f"requirements/{lock}.txt" for lock in LOCKS)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    stub = tmp_path / "python"
    stub.write_text("#!/bin/sh\nexit 1\n", "utf-8")
    stub.chmod(0o755)
    done = make(tmp_path, "demo", f"PYTHON={python.format(stub=stub)}")
    assert done.returncode != 0 and said in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_pins_have_hashes_and_agree() -> None:
    run, build, test = map(pins, LOCKS)
    assert run.items() <= test.items() and build.items() <= test.items()
    assert pins("fuzz").keys() == {"atheris"}


@pytest.mark.parametrize(
    ("extra", "lock"), [(None, "run"), *((e, "test") for e in ("test", "ocr", "cluster", "review"))]
)
def test_what_the_project_asks_for_is_pinned(extra: str | None, lock: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = project["optional-dependencies"][extra] if extra else project["dependencies"]
    here = [one for one in map(Requirement, asked) if one.marker is None or one.marker.evaluate()]
    assert {one.name.lower() for one in here} <= pins(lock).keys()


@pytest.mark.parametrize("lock", (*LOCKS, "fuzz"))
def test_pins_name_no_index(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text("utf-8")
    assert not re.search(r"://|--index|--find-links|--trusted-host|^/|\.org", text, re.M)


@pytest.mark.needs("make")
def test_help_names_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    phony = set(re.findall(r"^\.PHONY: (.*)$", makefile, re.M)[0].split())
    assert set(re.findall(r"make ([\w-]+)", make(ROOT, "--silent", "help").stdout)) == phony


def test_what_ci_runs() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    lines = script.read_text("utf-8").splitlines()
    assert lines[-2:] == ["make lint", "make test"] and "set -euo pipefail" in lines
