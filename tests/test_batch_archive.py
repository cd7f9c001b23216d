"""What stands in an archive of years: names of other systems, links, pipes, and each has its outcome."""

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from unittest.mock import ANY

import pytest
from jixiao.batch.asked import forget
from jixiao.limits import Limits
from test_batch import converted, outputs, sheet


def written(folder: Path, *names: str | bytes) -> None:
    """A sheet of each name, which may be of bytes that are no text."""
    for name in names:
        path = folder / "in" / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(sheet(repr(name)))


def test_names_that_are_no_text_have_one_output_for_ever(tmp_path: Path) -> None:
    """As unzip leaves names of GB 18030 where the system's are UTF-8."""
    gb = "绩效.json".encode("gb18030")
    written(tmp_path, gb, b"b/" + gb, "b/plain.json", "\\udcbc\\udca8.json")
    assert set(converted(tmp_path).values()) == {"converted"}
    there = outputs(tmp_path)
    assert len(there) == 4
    for _ in range(2):
        assert set(converted(tmp_path).values()) == {"skipped-unchanged"}
    (tmp_path / "in").rename(tmp_path / "moved")
    assert set(converted(tmp_path, inputs=(str(tmp_path / "moved"),)).values()) == {"skipped-unchanged"}
    assert outputs(tmp_path) == there


def test_names_that_look_alike_where_they_are_shown_are_two(tmp_path: Path) -> None:
    """A byte that is no text is shown as an escape, which may be another file's very name."""
    written(tmp_path, b"\xbc.json", "\\udcbc.json")
    converted(tmp_path)
    there = outputs(tmp_path)
    assert len(there) == 2
    converted(tmp_path)
    converted(tmp_path)
    assert outputs(tmp_path) == there


def test_names_do_not_depend_on_the_order_in_which_inputs_are_given(tmp_path: Path) -> None:
    written(tmp_path, "one/a.json", "one/b.json", "two/a.json", "two/A.txt", "three/a.json", "a.json")
    several = [
        str(tmp_path / "in" / name) for name in ("one", "two/a.json", "two/A.txt", "three/*", "a.json")
    ]
    made = []
    for inputs in (several, several[::-1], [*several[2:], *several[:2]]):
        converted(tmp_path, inputs=tuple(inputs))
        made.append(outputs(tmp_path))
        shutil.rmtree(tmp_path / "out")
    assert made[0] == made[1] == made[2] and len(made[0]) == 6


def test_what_is_no_file_has_failed_and_costs_its_neighbours_nothing(tmp_path: Path) -> None:
    written(tmp_path, "a.json", "below/b.json")
    (tmp_path / "elsewhere").mkdir()
    for name, to in {"loop": "loop", "nowhere": "gone.json", "out": "../elsewhere", "in": "below"}.items():
        (tmp_path / "in" / name).symlink_to(to)
    (tmp_path / "in" / "link.json").symlink_to("a.json")
    os.mkfifo(tmp_path / "in" / "pipe")
    told = converted(tmp_path)
    failed = {name for name, kind in told.items() if kind == "failed"}
    assert failed == {"in/loop", "in/nowhere", "in/out", "in/pipe"}
    assert told.keys() - failed == {"in/a.json", "in/link.json", "in/below/b.json"}
    codes = sqlite3.connect(tmp_path / "out/.jixiao/ledger.db").execute("SELECT DISTINCT code FROM inputs")
    assert {code for (code,) in codes} == {None, "not-a-file"}


def test_what_was_converted_into_its_own_folder_is_no_input_of_the_next_run(tmp_path: Path) -> None:
    """As of `jixiao convert . --to xml`, twice, and then for another format."""
    written(tmp_path, "a.json", "b/a.json", "b/bad.json", "b/own.xml")
    (tmp_path / "in/b/bad.json").write_bytes(b"{")
    (tmp_path / "out").symlink_to("in")
    first = converted(tmp_path, inputs=(str(tmp_path / "in"),))
    assert sorted(first.values()) == ["converted"] * 2 + ["failed"] * 2
    there = outputs(tmp_path)
    again = converted(tmp_path, inputs=(str(tmp_path / "in"),))
    assert again.keys() == first.keys() and set(again.values()) == {"skipped-unchanged", "failed"}
    (tmp_path / "in/a.xml").unlink()
    assert converted(tmp_path, inputs=(str(tmp_path / "in"),))["in/a.json"] == "converted"
    assert outputs(tmp_path) == there
    assert converted(tmp_path, inputs=(str(tmp_path / "in"),), to="html").keys() == first.keys()
    (tmp_path / "in/b/new.xml").write_bytes(there["a.xml"])
    assert "in/b/new.xml" in converted(tmp_path, inputs=(str(tmp_path / "in"),))


def test_a_run_into_its_own_folder_that_is_killed_takes_no_output_for_an_input(tmp_path: Path) -> None:
    written(tmp_path, *(f"{number}.json" for number in range(30)))
    (tmp_path / "out").symlink_to("in")
    killed = """
import os, sys
from pathlib import Path
import pytest
from jixiao.batch.asked import forget
from jixiao.limits import Limits
from test_batch import converted
from jixiao.batch import ledger
ledger.COMMIT_EVERY = 1e9
put = ledger.Ledger.put
def until_ten(*arguments, **named):
    put(*arguments, **named)
    if len(list(Path("in").glob("*.xml"))) >= 10:
        os._exit(9)
ledger.Ledger.put = until_ten
converted(Path(sys.argv[1]), jobs=2)
"""
    done = subprocess.run(
        [sys.executable, "-c", killed, str(tmp_path)], cwd=tmp_path, timeout=60, check=False,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent)},
    )  # fmt: skip
    assert done.returncode == 9 and len(list((tmp_path / "in").glob("*.xml"))) >= 9
    assert len(converted(tmp_path)) == 30
    assert len(outputs(tmp_path)) == 60


@pytest.mark.parametrize("name", ["a.json.fixes.json", ".jixiao/reports.json", "jixiao.toml"])
def test_what_has_no_end_beside_an_input_ends_no_run(tmp_path: Path, name: str) -> None:
    """A pipe or device in place of what the command itself looks at, which nothing watches."""
    written(tmp_path, "below/a.json", "b.json")
    beside = tmp_path / "in/below" / name
    beside.parent.mkdir(exist_ok=True)
    for made in (lambda: os.mkfifo(beside), lambda: beside.symlink_to("/dev/zero")):
        made()
        for _ in range(2):
            command = [
                sys.executable,
                "-m",
                "jixiao",
                "convert",
                "in",
                "--to",
                "xml",
                "--output",
                "out",
                "-q",
            ]
            env = os.environ | {"JIXIAO_LANG": "en"}
            done = subprocess.run(
                [*command, "--limit", "seconds=5"], cwd=tmp_path, env=env, capture_output=True, timeout=20,
                check=False, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30)),
            )  # fmt: skip
            assert b"Traceback" not in done.stderr and done.returncode == ("fixes" in name)
            assert (tmp_path / "out/b.xml").exists()
        beside.unlink()


def test_a_project_file_without_end_or_bottom_fails_its_inputs_alone(tmp_path: Path) -> None:
    written(tmp_path, "below/a.json", "b.json")
    for text in ("x = " + "[" * 100_000, "#" * 2_000_000 + "\nprofile = 1", "profile = \xff"):
        (tmp_path / "in/below/jixiao.toml").write_text(text, "latin-1")
        forget()
        assert converted(tmp_path) == {"in/below/a.json": "failed", "in/b.json": ANY}


def test_a_profile_without_bottom_that_a_project_file_names_fails_its_inputs_alone(tmp_path: Path) -> None:
    written(tmp_path, "below/a.json", "b.json")
    (tmp_path / "in/below/jixiao.toml").write_text('profile = ".mine"\n', "utf-8")
    (tmp_path / "in/below/.mine").mkdir()
    (tmp_path / "in/below/.mine/profile.toml").write_text("x = " + "[" * 100_000, "utf-8")
    for _ in range(2):
        forget()
        assert converted(tmp_path) == {"in/below/a.json": "failed", "in/b.json": ANY}


def test_code_tables_without_end_that_a_project_file_names_fail_its_inputs_alone(tmp_path: Path) -> None:
    written(tmp_path, "below/a.json", "b.json")
    os.mkfifo(tmp_path / "in/below/.pipe")
    for name in ("/dev/zero", ".pipe"):
        text = f'profile = "pm-perf"\ncodes = ["{name}"]\n'
        (tmp_path / "in/below/jixiao.toml").write_text(text, "utf-8")
        forget()
        for _ in range(2):
            told = converted(tmp_path, limits=Limits(seconds=10, memory=400 * 1024**2))
            assert told.pop("in/b.json") in ("converted", "skipped-unchanged")
            assert told == {"in/below/a.json": "failed"}
