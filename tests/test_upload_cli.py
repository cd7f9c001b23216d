"""Profiles as a clerk meets them: the commands, their exit statuses, and what lies on the disk afterwards."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from clerk import FIXTURES
from jixiao.convert import read, read_file

SIX = str(FIXTURES / "six" / "sheets.txt")
CODES = str(FIXTURES / "codes" / "six.csv")
UPLOAD = ("convert", SIX, "--to", "xml", "--profile", "pm-perf", "--codes", CODES, "--output", "six.xml")
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def jixiao(tmp_path: Path) -> Run:
    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        env = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "JIXIAO"))}
        done = subprocess.run(
            [sys.executable, "-m", "jixiao", *arguments], cwd=tmp_path,
            env=env | {"PYTHONIOENCODING": "utf-8"}, capture_output=True, encoding="utf-8",
            timeout=60, check=False,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        return done

    return run


def test_errors_stop_the_file(jixiao: Run, tmp_path: Path) -> None:
    done = jixiao(*UPLOAD)
    assert (done.returncode, done.stdout) == (3, "")
    assert list(tmp_path.iterdir()) == []
    assert "Nothing was written" in done.stderr and done.stderr.count(": error, ") == 4


def test_a_draft_is_written_and_marked(jixiao: Run, tmp_path: Path) -> None:
    assert jixiao(*UPLOAD, "--draft").returncode == 3
    made = (tmp_path / "six.xml").read_bytes()
    assert b'draft="true"' in made and len(read(made).sheets) == 6
    assert jixiao("diff", SIX, "six.xml").returncode == 0


def test_a_changed_upload_is_seen(jixiao: Run, tmp_path: Path) -> None:
    jixiao(*UPLOAD, "--draft")
    path = tmp_path / "six.xml"
    path.write_text(path.read_text("utf-8").replace("系统故障次数", "系统事故次数"), "utf-8")
    done = jixiao("diff", SIX, "six.xml")
    assert done.returncode == 1 and [line[0] for line in done.stdout.splitlines()] == ["-", "+"]
    assert jixiao("diff", SIX, "none.xml").returncode == 2


def test_the_workbook_comes_back(jixiao: Run, tmp_path: Path) -> None:
    jixiao(
        "convert", SIX, "--to", "xlsx", "--profile", "pm-perf", "--codes", CODES, "-o", "six.xlsx", "--draft"
    )
    assert jixiao("diff", SIX, "six.xlsx").returncode == 0
    book = openpyxl.load_workbook(tmp_path / "six.xlsx")
    sheet = book["项目绩效指标"]
    captions = [cell.value for cell in sheet[1]]
    assert {"*三级绩效指标名称", "*指标值", "备注"} <= set(captions)
    assert {type(cell.value) for row in sheet.iter_rows(min_row=2) for cell in row} <= {str, type(None)}
    assert sheet.data_validations.dataValidation
    value = captions.index("*指标值") + 1
    sheet.cell(2, value).value, before = "90%", sheet.cell(2, value).value
    book.save(tmp_path / "six.xlsx")
    done = jixiao("diff", SIX, "six.xlsx")
    assert done.returncode == 1 and f"value {before} → 90%" in done.stdout


def test_the_project_file_above_the_input(jixiao: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_bytes(Path(SIX).read_bytes())
    (tmp_path / "codes.csv").write_bytes(Path(CODES).read_bytes())
    (tmp_path / "jixiao.toml").write_text(
        'profile = "pm-perf"\ncodes = ["codes.csv"]\nencoding = "GB18030"\n[set]\nVERSION = "7"\n', "utf-8"
    )
    assert jixiao("convert", "in/a.txt", "--to", "xml", "--draft").returncode == 3
    made = (tmp_path / "a.xml").read_bytes()
    assert b'encoding="GB18030"' in made and b"<VERSION>7<" in made and len(read(made).sheets) == 6
    (tmp_path / "jixiao.toml").write_text('colour = "red"\n', "utf-8")
    assert "jixiao.toml cannot be used" in jixiao("convert", "in/a.txt", "--to", "xml", "--force").stderr


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("--to", "docx", "--profile", "pm-perf"), 2, "cannot hold a profile's records"),
        (("--to", "xml", "--profile", "none"), 2, "There is no profile none"),
        (("--to", "xml", "--profile", "pm-perf", "--set", "COLOUR=red"), 2, "has no column COLOUR"),
        (("--to", "xml", "--profile", "pm-perf", "--set", "VERSION"), 2, "sets nothing"),
        (
            ("--to", "xml", "--profile", "pm-perf", "--encoding", "latin-1"),
            2,
            "encoding latin-1 is not offered",
        ),
        (
            ("--to", "xml", "--profile", "pm-perf", "--codes", "none.csv"),
            2,
            "code table none.csv cannot be used",
        ),
    ],
)
def test_what_is_wrong_is_said(jixiao: Run, arguments: tuple[str, ...], status: int, said: str) -> None:
    done = jixiao("convert", SIX, *arguments)
    assert (done.returncode, said in done.stderr) == (status, True), done.stderr


def test_profiles_are_listed_made_and_checked(jixiao: Run, tmp_path: Path) -> None:
    assert "pm-perf@2.0\tunverified" in jixiao("profiles").stdout
    assert jixiao("profiles", "new", "ours").returncode == 0
    assert jixiao("profiles", "new", "ours").returncode == 2
    assert jixiao("profiles", "check", "ours").returncode == 0
    assert "<xs:schema" in jixiao("profiles", "schema", "ours").stdout
    done = jixiao(*UPLOAD[:4], "--profile", "ours", "--codes", CODES, "--draft", "-o", "ours.xml")
    assert done.returncode == 3
    assert "not installed" in jixiao("diff", SIX, "ours.xml").stderr
    assert jixiao("diff", SIX, "ours.xml", "--profile", "ours").returncode == 0
    toml = tmp_path / "ours" / "profile.toml"
    toml.write_text(toml.read_text("utf-8") + "[columns]\nA = { caption = 'a', width = 0 }\n", "utf-8")
    done = jixiao("profiles", "check", "ours")
    assert done.returncode == 1 and "A has no width" in done.stderr


def test_missing_codes_are_a_table_to_fill_in(jixiao: Run, tmp_path: Path) -> None:
    done = jixiao("codes", "missing", SIX)
    assert done.returncode == 3
    lines = done.stdout.lstrip("\ufeff").splitlines()
    assert lines[0] == "kind,code,name,alias,parent" and "project,,业务运行费,," in lines
    (tmp_path / "codes.csv").write_text(done.stdout, "utf-8")
    assert jixiao("codes", "missing", SIX, "--codes", "codes.csv").stdout == done.stdout
    done = jixiao("codes", "missing", SIX, "--codes", CODES)
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 1)


def test_a_profile_changes_no_other_format(jixiao: Run, tmp_path: Path) -> None:
    (tmp_path / "jixiao.toml").write_text('profile = "pm-perf"\n', "utf-8")
    (tmp_path / "a.txt").write_bytes(Path(SIX).read_bytes())
    assert jixiao("convert", "a.txt", "--to", "json").returncode == 0
    assert len(read_file(tmp_path / "a.json").sheets) == 6


def test_many_inputs_are_one_file_or_none(jixiao: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a.txt", "b.txt"):
        (tmp_path / "in" / name).write_bytes(Path(SIX).read_bytes())
    command = ("convert", "in", *UPLOAD[2:-1], "all.xml", "--one-file")
    done = jixiao(*command)
    assert (done.returncode, (tmp_path / "all.xml").exists()) == (3, False)
    assert done.stderr.count(": error, sheet 2,") == 2 and "2 for review" in done.stderr
    done = jixiao(*command, "--draft")
    assert done.returncode == 3 and len(read_file(tmp_path / "all.xml").sheets) == 12
    (tmp_path / "in" / "c.txt").write_bytes(b"")
    (tmp_path / "all.xml").unlink()
    done = jixiao(*command, "--draft")
    assert (done.returncode, sorted(p.name for p in tmp_path.iterdir())) == (1, ["in"])
    assert jixiao("convert", "in", "--to", "xml", "--one-file").returncode == 2


def test_one_file_that_the_schema_refuses_says_so(jixiao: Run, tmp_path: Path) -> None:
    jixiao("profiles", "new", "ours")
    own = jixiao("profiles", "schema", "ours").stdout.replace('maxLength value="4"', 'maxLength value="3"')
    (tmp_path / "ours" / "profile.xsd").write_text(own, "utf-8")
    filled = jixiao("convert", SIX, "--to", "json", "-o", "-").stdout.replace(
        '"value": null', '"value": {"text": "1"}'
    )
    (tmp_path / "six.json").write_text(filled, "utf-8")
    upload = ("convert", "six.json", "--to", "xml", "--profile", "ours", "--codes", CODES, "-o", "six.xml")
    for more in ((), ("--one-file",)):
        done = jixiao(*upload, *more)
        assert done.returncode == 3 and "schema refuses the output" in done.stderr
        assert not (tmp_path / "six.xml").exists()
