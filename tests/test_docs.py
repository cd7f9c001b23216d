"""What the documents say is so: every command runs, every example gives what it shows, no table is stale."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from jixiao.interpret import scores
from jixiao.values import parse

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
CODE = re.compile(r"`([^`]+)`")
SECONDS = 120

page = pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())


def blocks(path: Path, language: str) -> list[str]:
    return [body for kind, body in BLOCK.findall(path.read_text("utf-8")) if kind == language]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project in a folder of its own, its .venv the one that runs the tests."""
    target = tmp_path / "jixiao"
    left_out = shutil.ignore_patterns(".*", "out", "build", "dist", "__pycache__")
    shutil.copytree(ROOT, target, ignore=left_out)
    (target / ".venv").symlink_to(sys.prefix)
    return target


def run(command: list[str], folder: Path, **environ: str) -> "subprocess.CompletedProcess[str]":
    scripts = str(Path(sys.executable).parent)
    env = {
        k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "JIXIAO", "PYTEST", "MAKE"))
    }
    env |= {"PATH": scripts + os.pathsep + env.get("PATH", ""), "PYTHONIOENCODING": "utf-8"} | environ
    return subprocess.run(
        command, cwd=folder, env=env, capture_output=True, encoding="utf-8", timeout=SECONDS, check=False
    )


def installing(site: Path) -> dict[str, str]:
    """What lets pip install into a folder of the test, with what builds it here and without a network."""
    return {
        "PIP_TARGET": str(site), "PYTHONPATH": str(site), "PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INDEX": "1",
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.needs("make")
@page
def test_every_command_runs(page: Path, copy: Path) -> None:
    """Recipes of make are looked at, not run: the demo has a test of its own in tests/test_setup.py."""
    for block in blocks(page, "sh"):
        made = [line for line in block.splitlines() if line.startswith("make")]
        script = block if not made else "\n".join(line.replace("make", "make -n", 1) for line in made)
        assert not made or made == block.splitlines(), "commands of make stand in a block of their own"
        done = run(["sh", "-eu", "-c", script], copy, **installing(copy / "site"))
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr


@page
def test_every_piece_of_python_runs(page: Path, copy: Path) -> None:
    for block in blocks(page, "python"):
        done = run([sys.executable, "-W", "error", "-c", block], copy)
        assert done.returncode == 0, f"{block}\n{done.stderr}"


@page
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize(("name", "language"), [("README.md", "en"), ("README.zh-CN.md", "zh_CN")])
def test_what_is_shown_is_what_is_said(name: str, language: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "jixiao", "convert", "fixtures/six/sheets.txt", "--to", "json", "-o"]
    said = run([*command, str(tmp_path / "sheets.json")], ROOT, JIXIAO_LANG=language).stderr
    shown = [line for text in blocks(ROOT / name, "text") for line in text.splitlines()]
    assert shown
    for line in shown:
        assert line in said.splitlines()


def test_both_readmes_give_the_same_commands() -> None:
    english, chinese = ROOT / "README.md", ROOT / "README.zh-CN.md"
    assert blocks(english, "sh") == blocks(chinese, "sh")
    outlines = [re.findall("^#+ ", path.read_text("utf-8"), re.M) for path in (english, chinese)]
    assert outlines[0] == outlines[1]


def test_the_tables_are_those_of_the_code() -> None:
    done = run([sys.executable, "scripts/tables.py", "--check"], ROOT)
    assert done.returncode == 0, f"{done.stderr}Run: make docs"


def values() -> list[tuple[str, ...]]:
    rows = (ROOT / "docs" / "values.md").read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows if row.startswith("| `")]
    return [(row[0].strip("`"), *row[1:]) for row in cells]


@pytest.mark.parametrize(("text", "shape", "operator", "number", "unit"), values())
def test_values_are_parsed_as_the_page_says(
    text: str, shape: str, operator: str, number: str, unit: str
) -> None:
    assert parse(text) == (shape, operator or None, number or None, unit or None)


def test_the_tree_is_the_one_that_is_there() -> None:
    tree = next(t for t in blocks(ROOT / "docs" / "architecture.md", "text") if t.startswith("core/"))
    named = set(re.findall(r"^  (\w[\w.]*?)/?(?:\s|$)", tree.split("\nplugins/")[0], re.M))
    there = {path.name for path in (ROOT / "core" / "jixiao").glob("*.py")} | {
        path.parent.name for path in (ROOT / "core" / "jixiao").glob("*/__init__.py")
    }
    assert named == there - {"__init__.py", "__main__.py"} | {"vocabulary.py"}
    assert all((ROOT / name).is_dir() for name in re.findall(r"^([\w/]+)/ ", tree, re.M))


def test_the_scores_say_what_the_page_says() -> None:
    assert (scores.LEVEL_FULL, scores.STEP_ASIDE_FAR) == (6.0, -3.0)
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    assert all(
        hasattr(scores, name)
        for name in CODE.findall(text)
        if name.isupper() and name not in ("LAYERS", "LOSSES")
    )


@page
def test_no_page_is_empty(page: Path) -> None:
    assert len(page.read_text("utf-8")) > 400
