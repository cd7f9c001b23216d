"""The command line as other programs see it: exit statuses, streams, names."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path, PurePath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jixiao import __version__, convert
from jixiao.batch.inputs import plan
from jixiao.batch.names import distinct
from jixiao.cli import say
from jixiao.errors import BadUsage
from jixiao.findings import finding
from jixiao.model import Finding, Reading, Severity, Sheet

SHEET = convert.write(Reading(sheets=(Sheet(title="项目支出绩效目标表（虚构）"),)), "json")
EMPTY = convert.write(Reading(findings=(finding("no-sheet"),)), "json")
Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


def with_finding(severity: Severity) -> bytes:
    said = Finding(code="cell-shifted", severity=severity, message="Moved\nhere \x1b[2J.", indicator=0)
    return convert.write(Reading(sheets=(Sheet(findings=(said,)),)), "json")


@pytest.fixture
def jixiao(tmp_path: Path) -> Run:
    """Runs the command in tmp_path, in English unless told otherwise."""

    def run(*arguments: str | bytes, **environ: str) -> "subprocess.CompletedProcess[bytes]":
        env = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHON", "JIXIAO"))}
        command = [sys.executable, "-m", "jixiao", *arguments]
        done = subprocess.run(
            command, cwd=tmp_path, env=env | environ, capture_output=True, timeout=60, check=False
        )
        assert b"Traceback" not in done.stderr or "--debug" in arguments, done.stderr.decode()
        return done

    return run


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "a.json"
    path.write_bytes(SHEET)
    return path


FROM_JSON = ("--from", "json", "--to", "xml")


def test_version_and_help(jixiao: Run) -> None:
    assert jixiao("--version").stdout.split() == [b"jixiao", __version__.encode()]
    told = jixiao("convert", "--help", LANG="zh_CN.UTF-8", PYTHONIOENCODING="gbk")
    assert told.returncode == 0 and "要写出的格式".encode("gbk") in told.stdout


def test_start_draws_in_nothing_heavy() -> None:
    code = "import sys, jixiao.cli.commands; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert not {"rich", "lxml", "msgspec", "pluggy", "docx", "pdfplumber", "babel"} & set(
        loaded.stdout.split()
    )


def test_one_input_goes_to_the_current_folder(jixiao: Run, sheet: Path) -> None:
    done = jixiao("convert", "a.json", *FROM_JSON)
    assert (done.returncode, done.stdout) == (0, b"")
    assert convert.read((sheet.parent / "a.xml").read_bytes(), reader="xml") == convert.read(
        SHEET, reader="json"
    )


def test_the_standard_output_holds_the_document_alone(jixiao: Run, sheet: Path) -> None:
    done = jixiao("convert", "a.json", "--from", "json", "--to", "json", "--output", "-")
    assert (done.returncode, done.stdout) == (0, SHEET)
    assert list(sheet.parent.iterdir()) == [sheet]


def test_what_is_there_is_replaced_by_force_only(jixiao: Run, sheet: Path) -> None:
    (sheet.parent / "a.xml").write_bytes(b"old")
    done = jixiao("convert", "a.json", *FROM_JSON)
    assert done.returncode == 1 and b"--force" in done.stderr
    assert (sheet.parent / "a.xml").read_bytes() == b"old"
    assert jixiao("convert", "a.json", *FROM_JSON, "--force").returncode == 0


def test_an_input_is_never_replaced(jixiao: Run, sheet: Path) -> None:
    done = jixiao("convert", "a.json", "--from", "json", "--to", "json", "--force")
    assert done.returncode == 1 and sheet.read_bytes() == SHEET


@pytest.mark.parametrize(
    ("content", "options", "status"),
    [
        (SHEET, (), 0),
        (with_finding("info"), ("--strict",), 0),
        (with_finding("warning"), (), 0),
        (with_finding("warning"), ("--strict",), 3),
        (with_finding("error"), (), 3),
        (EMPTY, (), 1),
        (b"{}", (), 1),
        (b"", (), 1),
    ],
)
def test_exit_status(
    jixiao: Run, tmp_path: Path, content: bytes, options: tuple[str, ...], status: int
) -> None:
    (tmp_path / "a.json").write_bytes(content)
    done = jixiao("convert", "a.json", *FROM_JSON, *options)
    assert done.returncode == status, done.stderr.decode()
    assert (tmp_path / "a.xml").exists() == (status != 1)


def test_findings_are_told_a_line_each(jixiao: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(with_finding("warning"))
    lines = jixiao("convert", "a.json", *FROM_JSON).stderr.decode().splitlines()
    assert lines[0] == "jixiao: a.json: warning, sheet 1, indicator 1: Moved here \\x1b[2J."
    assert len(lines) == 2


def test_no_sheet_is_a_failure_shown_as_json_all_the_same(jixiao: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(EMPTY)
    done = jixiao("convert", "a.json", "--from", "json", "--to", "json", "--output", "-")
    assert (done.returncode, done.stdout) == (1, EMPTY)
    assert done.stderr.count(b"No budget-performance sheet") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("convert",),
        ("convert", "a.json"),
        ("convert", "a.json", "--to", "nothing"),
        ("convert", "a.json", "--to", "xml", "--from", "nothing"),
        ("convert", "a.json", "--to", "xml", "--jobs", "0"),
        ("convert", "a.json", "a.json", "--to", "xml", "--output", "-"),
        ("convert", ".", "--to", "xml", "--output", "-"),
        ("convert", "", "--to", "xml"),
        ("convert", "a.json", "--to", "xml", "--output", ""),
        ("convert", "--nothing"),
        ("nothing",),
        (),
    ],
)
def test_a_wrong_command_line(jixiao: Run, sheet: Path, arguments: tuple[str, ...]) -> None:
    assert jixiao(*arguments).returncode == 2
    assert list(sheet.parent.iterdir()) == [sheet]


@pytest.mark.parametrize("output", ["folder", "folder/missing/a.xml", "a.json/a.xml", "/dev/full"])
def test_an_output_that_cannot_be_written(jixiao: Run, sheet: Path, output: str) -> None:
    (sheet.parent / "folder").mkdir()
    done = jixiao("convert", "a.json", *FROM_JSON, "--output", output)
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 2


def test_a_full_disk_behind_the_standard_output(sheet: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "jixiao", "convert", str(sheet), *FROM_JSON, "--output", "-"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 2


def test_a_closed_standard_error_changes_nothing(sheet: Path) -> None:
    command = f"'{sys.executable}' -m jixiao convert '{sheet}' --from json --to json --output - 2>&-"
    done = subprocess.run(["sh", "-c", command], stdout=subprocess.PIPE, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, SHEET)


def test_a_missing_file_and_a_missing_match(jixiao: Run) -> None:
    for name in ("无此文件.json", "*.json", "无/*.json"):
        done = jixiao("convert", name, *FROM_JSON)
        assert done.returncode == 1 and len(done.stderr.splitlines()) == 2


def test_the_dashes_end_the_options(jixiao: Run, tmp_path: Path) -> None:
    (tmp_path / "--to.json").write_bytes(SHEET)
    assert jixiao("convert", *FROM_JSON, "--", "--to.json").returncode == 0
    assert (tmp_path / "--to.xml").exists()


@pytest.mark.parametrize(
    "environ", [{"PYTHONIOENCODING": "gbk"}, {"LC_ALL": "C"}, {"LC_ALL": "POSIX", "PYTHONUTF8": "0"}]
)
def test_any_console_and_any_name(jixiao: Run, tmp_path: Path, environ: dict[str, str]) -> None:
    folder = tmp_path / "表€①𠮷"
    folder.mkdir()
    names = ["绩效目标表.json", "长" * 66 + ".json", "x" * 200 + ".json", "₤𠮷é.json"]
    for name in names:
        (folder / name).write_bytes(SHEET)
    (folder / "坏😀.json").write_bytes(b"{")
    strange = os.fsencode(folder) + b"/\xb1\xed.json"
    Path(os.fsdecode(strange)).write_bytes(SHEET)
    done = jixiao("convert", os.fsencode(folder), *FROM_JSON, "--output", "out", "--no-report", **environ)
    assert done.returncode == 1, done.stderr
    assert len(done.stderr.splitlines()) == 2
    assert len(list((tmp_path / "out").glob("[!.]*"))) == 5
    done = jixiao(
        "convert", strange, *FROM_JSON, "--output", os.fsencode(tmp_path) + b"/\xb1\xed.xml", **environ
    )
    assert done.returncode == 0 and (tmp_path / os.fsdecode(b"\xb1\xed.xml")).exists()


def test_a_folder_is_mirrored_and_one_failure_stops_nobody(jixiao: Run, tmp_path: Path) -> None:
    for name, content in {
        "b/c/x.json": SHEET,
        "b/x.json": SHEET,
        "b/x.txt": SHEET,
        "b/0.json": b"{",
        "b/.h": b"",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    done = jixiao("convert", "b", *FROM_JSON, "--output", "b/out", "--jobs", "2", "--no-report")
    out = tmp_path / "b" / "out"
    written = {p.relative_to(out).as_posix() for p in out.rglob("[!.]*.xml")}
    assert (done.returncode, written) == (1, {"c/x.xml", "x.json.xml", "x.txt.xml"})
    assert done.stderr.splitlines()[-1] == b"jixiao: 3 converted, 1 failed; 0 warnings, 0 errors."
    assert (
        jixiao("convert", "b", *FROM_JSON, "--output", "b/out", "--force", "--no-report").stderr
        == done.stderr
    )


def test_a_pattern_goes_to_a_folder(jixiao: Run, tmp_path: Path) -> None:
    for name in ("in/1/a.json", "in/2/a.json", "in/2/b.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(SHEET)
    assert jixiao("convert", "in/**/*.json", *FROM_JSON, "--output", "out").returncode == 0
    assert sorted(p.as_posix() for p in (tmp_path / "out").rglob("*.xml")) == [
        f"{tmp_path.as_posix()}/out/{n}/a.xml" for n in (1, 2)
    ]


def test_a_fault_of_a_plugin_is_one_line_and_debug_shows_where(jixiao: Run, sheet: Path) -> None:
    package = sheet.parent / "broken"
    (package / "broken-1.dist-info").mkdir(parents=True)
    (package / "broken-1.dist-info" / "entry_points.txt").write_text(
        "[jixiao.readers]\nbroken = broken_reader\n"
    )
    (package / "broken-1.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: broken\nVersion: 1\n"
    )
    (package / "broken_reader.py").write_text(
        "from jixiao.hookspecs import hookimpl\n"
        "class Broken:\n"
        "    NAME, API_VERSION, MEDIA_TYPES, EXTENSIONS = 'broken', 1, ('x/y',), ()\n"
        "    def sniff(self, head): return False\n"
        "    def read(self, data, limits): return 1 / 0\n"
        "@hookimpl\n"
        "def jixiao_reader(): return Broken\n"
    )
    path = {"PYTHONPATH": str(package)}
    done = jixiao("convert", "a.json", "--from", "broken", "--to", "xml", **path)
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 2
    assert b"a.json: reader.broken (broken 1)" in done.stderr and b"ZeroDivisionError" in done.stderr
    told = jixiao("convert", "a.json", "--from", "broken", "--to", "xml", "--debug", **path)
    assert told.returncode == 1 and b"Traceback" in told.stderr


def test_an_interrupt_ends_with_130(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    command = [sys.executable, "-m", "jixiao", "convert", "pipe", *FROM_JSON]
    started = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE)
    with (tmp_path / "pipe").open("wb"):  # opens when the command reads it, which then waits for bytes
        started.send_signal(signal.SIGINT)
        _out, said = started.communicate(timeout=60)
    assert started.returncode == 130 and b"Traceback" not in said
    assert [p.name for p in tmp_path.iterdir()] == ["pipe"]


names = st.lists(
    st.sampled_from(
        ["a", "A", "é", "e\u0301", "a.docx", "A.DOCX", "a.docx.docx", "a.docx-2.pdf", "b/a.pdf", "a.pdf"]
    )
)


@given(names)
@settings(max_examples=200, deadline=None)
def test_two_inputs_never_share_an_output(texts: list[str]) -> None:
    import unicodedata

    made = distinct([PurePath(t) for t in texts], "docx")
    assert len({unicodedata.normalize("NFC", str(p)).casefold() for p in made}) == len(texts)
    assert [p.parent for p in made] == [PurePath(t).parent for t in texts]


def test_an_input_named_twice_is_converted_once(sheet: Path) -> None:
    jobs = plan([str(sheet), str(sheet.parent), str(sheet.parent / "*.json")], "out", "xml")
    assert [j.target for j in jobs] == [Path("out/a.xml")]


def test_a_trailing_separator_says_folder(sheet: Path) -> None:
    (job,) = plan([str(sheet)], f"out{os.sep}", "xml")
    assert job.target == Path("out/a.xml") and job.mirrored


def test_many_inputs_do_not_fit_the_standard_output(sheet: Path) -> None:
    with pytest.raises(BadUsage):
        plan([str(sheet.parent)], "-", "xml")


def test_one_line_stays_one_line() -> None:
    assert say.one_line("甲\r\n\u2028乙\x00\udcff €") == "甲 乙\\x00\\udcff €"
