"""What counts as unchanged: whatever could have changed an output lets the input be converted again."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from clerk import FIXTURES
from jixiao import profiles
from test_plugins import CHECK, TEXT, distribution

pytestmark = pytest.mark.slow
Change = Callable[[Path], object]


def converted(folder: Path, *arguments: str) -> bool:
    """Whether a run converts the one input anew; where it does not, it says that nothing has changed."""
    command = [sys.executable, "-m", "jixiao", "convert", "in", "--output", "out", "--no-report", *arguments]
    env = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHON", "JIXIAO"))}
    done = subprocess.run(
        command, cwd=folder, env=env | {"PYTHONPATH": str(folder / "site")}, capture_output=True,
        encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 3), done.stderr
    assert "1 unchanged" in done.stderr or "1 for review" in done.stderr or "1 converted" in done.stderr
    return "1 unchanged" not in done.stderr


def wrote(name: str, text: str) -> Change:
    return lambda folder: (folder / name).write_text(text, "utf-8")


def replaced(name: str, old: str, new: str) -> Change:
    def change(folder: Path) -> None:
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new), "utf-8")

    return change


def renewed(folder: Path) -> None:
    """The next release of the plugin."""
    (folder / "site" / "mine-2.5.dist-info").rename(folder / "site" / "mine-2.6.dist-info")
    replaced("site/mine-2.6.dist-info/METADATA", "2.5", "2.6")(folder)


PLUGINS: dict[str, Change] = {
    "a template": replaced("t.j2", "<p>", "<b>"),
    "a plugin that comes": lambda f: distribution(
        f / "site", "mine", "checks", CHECK.format(check="yield from ()")
    ),
    "its version": renewed,
    "one that is left out": wrote("jixiao.toml", '[plugins]\ndisabled = ["check.mine"]\n'),
    "the order": wrote("jixiao.toml", '[plugins]\norder = ["reader.text"]\n'),
    "an option": wrote("jixiao.toml", '[plugins.options."reader.scan"]\nocr = "fast"\n'),
    "a value to set": wrote("in/jixiao.toml", '[set]\nPRO_CODE = "P1"\n'),
}
LEFT_OUT = ("--no-plugin", "check.totals")


def test_settings_versions_and_templates_of_plugins_count(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(TEXT, "utf-8")
    (tmp_path / "t.j2").write_text("<p>{{ title }}</p>")
    asked = ("--to", "html", "--option", "writer.html.template=t.j2")
    assert converted(tmp_path, "--to", "html") and not converted(tmp_path, "--to", "html")
    assert converted(tmp_path, *asked)
    for name, change in PLUGINS.items():
        change(tmp_path)
        assert converted(tmp_path, *asked), name
    assert converted(tmp_path, *asked, *LEFT_OUT) and not converted(tmp_path, *asked, *LEFT_OUT)
    assert converted(tmp_path, *asked) and not converted(tmp_path, *asked)


UPLOADS: dict[str, Change] = {
    "a code": replaced("six.csv", "999901000", "999902000"),
    "the profile": replaced("child/profile.toml", "虚构", "另一"),
    "its parent": replaced("parent/profile.toml", "jixiao's own name", "our own name"),
    "its schema": lambda f: shutil.copy(f / "parent" / "profile.xsd", f / "child" / "profile.xsd"),
}


def test_contents_of_profiles_and_code_tables_count(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(TEXT, "utf-8")
    (tmp_path / "child").mkdir()
    shutil.copytree(profiles.locate("pm-perf@2.0"), tmp_path / "parent")
    shutil.copy(FIXTURES / "codes" / "six.csv", tmp_path)
    child = 'name = "mine"\nversion = "1.0"\ntitle = "虚构"\nparent = "../parent"\n'
    (tmp_path / "child" / "profile.toml").write_text(child, "utf-8")
    asked = ("--to", "xml", "--profile", "child", "--codes", "six.csv", "--draft")
    assert converted(tmp_path, *asked) and not converted(tmp_path, *asked)
    for name, change in UPLOADS.items():
        change(tmp_path)
        assert converted(tmp_path, *asked), name
    assert not converted(tmp_path, *asked)
    assert converted(tmp_path, *asked, "--set", "PRO_CODE=P1")


def test_a_code_table_that_changes_while_a_folder_is_watched_counts(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    shutil.copy(FIXTURES / "codes" / "six.csv", tmp_path)
    watch = ["watch", "in", "--to", "xml", "--output", "out", "--every", "0.3"]
    watch += ["--profile", "pm-perf", "--codes", "six.csv", "--draft"]
    watching = subprocess.Popen(
        [sys.executable, "-m", "jixiao", *watch], cwd=tmp_path, stderr=subprocess.DEVNULL
    )
    try:
        arrive(tmp_path, "a")
        before = (tmp_path / "out" / "a.xml").read_text("utf-8")
        assert "999901000" in before
        replaced("six.csv", "999901000", "999902000")(tmp_path)
        arrive(tmp_path, "b")
        assert "999902000" in (tmp_path / "out" / "b.xml").read_text("utf-8")
    finally:
        watching.terminate()
        watching.wait()


def arrive(folder: Path, name: str) -> None:
    shutil.copy(FIXTURES / "six" / "sheets.txt", folder / "in" / f"{name}.txt")
    until = time.monotonic() + 60
    while not (folder / "out" / f"{name}.xml").exists():
        assert time.monotonic() < until
        time.sleep(0.05)
