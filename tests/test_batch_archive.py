"""What stands in an archive of years: names of other systems, links, pipes, and each has its outcome."""

import os
import sqlite3
from pathlib import Path

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
