"""A command line in its plain form means without typer what it means to typer."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jixiao.cli import plain
from jixiao.cli.app import App
from jixiao.cli.convert import convert

WORDS = st.sampled_from([
    "a.docx", "b", "", "-", "--", "--to", "xml", "--to=json", "--to=", "-o", "out", "--output", "--strict",
    "--force", "-q", "-qf", "-oout", "--jobs", "2", "--jobs=3", "--jobs=0", "--jobs=x", "--jobs=²", "-1", "²",
    "--limit", "size=1M", "--limit=pages=2", "-O", "reader.pdf.ocr=fast", "--report", "--no-report",
    "--report=1", "--strict=1", "--profile", "pm-perf", "--set", "A=1", "--set=B==2", "--codes", "c.csv",
    "--unknown", "--help", "--fro", "--from", "*.docx",
])  # fmt: skip


def by_typer(words: list[str]) -> dict[str, Any] | None:
    """What typer makes of them; None for help and mistakes."""
    app = App(add_completion=False)
    app.command()(convert)
    command = typer.main.get_command(app)
    try:
        context = command.make_context("convert", list(words))
    except (typer._click.ClickException, typer._click.exceptions.Exit):
        return None
    made = {name: list(v) if isinstance(v, tuple) else v for name, v in context.params.items()}
    return {name: None if value == [] else value for name, value in made.items()}


@settings(max_examples=300, deadline=None)
@given(words=st.lists(WORDS, max_size=8), tail=st.sampled_from([[], ["a.docx", "--to", "xml"]]))
@example(words=[], tail=[])
def test_what_is_plain_is_what_typer_makes_of_it(words: list[str], tail: list[str]) -> None:
    given = plain.arguments(convert, [*words, *tail])
    if given is not None:
        names = convert.__code__.co_varnames[2 : convert.__code__.co_argcount]
        defaults = dict(zip(names, convert.__defaults__ or (), strict=True))
        assert defaults | given == by_typer([*words, *tail])


@pytest.mark.parametrize(
    "words",
    [
        "a.docx --to xml",
        "-q --to=xml a b -o out --limit pages=2 --limit size=1k -- -c",
        "a --to xml --no-report",
    ],
)
def test_a_usual_line_is_plain(words: str) -> None:
    assert plain.arguments(convert, words.split()) is not None


@pytest.mark.parametrize("words", ["--help", "a", "a --to", "a --to xml --jobs 0", "a --to xml --nothing"])
def test_a_mistake_is_told_by_typer(words: str, tmp_path: Path) -> None:
    assert plain.arguments(convert, words.split()) is None
    done = subprocess.run(
        [sys.executable, "-m", "jixiao", "convert", *words.split()],
        cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == (0 if words == "--help" else 2)
    assert "Usage: jixiao convert" in done.stdout or "Error: " in done.stderr
