"""Outputs appear whole or not at all, and never in place of what was not offered."""

import errno
import os
from pathlib import Path

import pytest
from jixiao import output
from jixiao.output import BadOutput


def refused(path: Path, *, force: bool = False, parents: bool = False) -> str:
    with pytest.raises(BadOutput) as caught:
        output.write(path, b"new", force=force, parents=parents)
    return caught.value.code


def test_writes_the_whole_and_leaves_nothing_beside(tmp_path: Path) -> None:
    output.write(tmp_path / "表.xml", b"whole")
    assert [p.name for p in tmp_path.iterdir()] == ["表.xml"]
    assert (tmp_path / "表.xml").read_bytes() == b"whole"


def test_a_file_that_is_there_is_replaced_by_force_only(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(b"old")
    assert refused(path) == "output-exists" and path.read_bytes() == b"old"
    output.write(path, b"new", force=True)
    assert path.read_bytes() == b"new" and len(list(tmp_path.iterdir())) == 1


def test_a_file_that_comes_meanwhile_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xml"
    monkeypatch.setattr(os, "fsync", lambda _fd: path.write_bytes(b"another's"))
    assert refused(path) == "output-exists"
    assert path.read_bytes() == b"another's" and len(list(tmp_path.iterdir())) == 1


def test_where_there_are_no_hard_links_it_is_renamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_paths: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", no_links)
    output.write(tmp_path / "a.xml", b"whole")
    assert (tmp_path / "a.xml").read_bytes() == b"whole" and len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("fault", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_a_fault_while_writing_leaves_all_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    def full(_fd: int) -> None:
        raise fault

    path = tmp_path / "a.xml"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises((BadOutput, KeyboardInterrupt)):
        output.write(path, b"new", force=True)
    assert path.read_bytes() == b"old" and len(list(tmp_path.iterdir())) == 1


def test_folders_are_made_where_asked_only(tmp_path: Path) -> None:
    path = tmp_path / "甲" / "乙" / "a.xml"
    assert refused(path) == "output-failed" and not path.parent.exists()
    output.write(path, b"new", parents=True)
    assert path.read_bytes() == b"new"


def test_a_folder_or_a_path_through_a_file_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, force=True) == "output-is-folder"
    (tmp_path / "file").write_bytes(b"")
    assert refused(tmp_path / "file" / "a.xml", parents=True) in ("output-failed", "output-exists")
    assert refused(tmp_path / ("x" * 300)) == "output-failed"


def test_a_device_is_written_to_and_not_replaced() -> None:
    output.write(Path(os.devnull), b"gone", force=True)
    assert not Path(os.devnull).is_file()
