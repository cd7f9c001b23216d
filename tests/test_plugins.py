"""What plugins are found, in which order, what their faults do to others, and that old ones are served."""

import hashlib
import os
import pickle
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import pluggy
import pytest
from jixiao import convert
from jixiao.batch.ledger import Ledger
from jixiao.hookspecs import API_VERSION, hookimpl, hookspec
from jixiao.installed import READERS, WRITERS, Settings, installed, wanted
from jixiao.model import Reading
from jixiao.plugins import registry
from jixiao.points import points

VERSION1 = Path(__file__).parent / "plugins" / "version1"
TABLE = "一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t新建数量\t≥1座\n"
TEXT = "项目支出绩效目标表（虚构）\n项目名称\t桥（虚构）\n项目属性\t新增\n" + TABLE
TEXT1 = "VERSION1\nversion1项目绩效目标表（虚构）\n版本一项目之名;桥（虚构）\n" + TABLE.replace("\t", ";")
Run = Callable[..., "subprocess.CompletedProcess[str]"]

READER = """
from jixiao.document import Document, Line, Section
from jixiao.hookspecs import hookimpl

class Mine:
    NAME, API_VERSION, MEDIA_TYPES, EXTENSIONS = "mine", {version}, ("x/mine",), ("mine",)
    def sniff(self, head):
        {sniff}
    def read(self, data, limits):
        {read}

@hookimpl
def jixiao_reader():
    return Mine
"""
CHECK = """
import sys
from jixiao.hookspecs import hookimpl
from jixiao.model import Finding

class Mine:
    NAME, API_VERSION = "mine", 1
    def check(self, sheet):
        {check}

@hookimpl
def jixiao_check():
    return Mine
"""
FILTER = """
import msgspec
from jixiao.document import Document
from jixiao.hookspecs import Filter, hookimpl

class Mine(Filter):
    NAME, API_VERSION = "mine", 1
    def {method}
        {body}

@hookimpl
def jixiao_filter():
    return Mine
"""


def distribution(folder: Path, name: str, group: str, code: str, plugin: str = "mine") -> Path:
    """An installed distribution with one plugin, in a folder for PYTHONPATH."""
    about = folder / f"{name}-2.5.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 2.5\n")
    (about / "entry_points.txt").write_text(f"[jixiao.{group}]\n{plugin} = {name}_module\n")
    (folder / f"{name}_module.py").write_text(code, "utf-8")
    return folder


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return tmp_path / "site"


@pytest.fixture
def jixiao(tmp_path: Path, site: Path) -> Run:
    """Runs the command beside two inputs, in English, with what is in `site` installed."""
    work = tmp_path / "work"
    work.mkdir()
    (work / "a.txt").write_text(TEXT, "utf-8")
    (work / "b.txt").write_text(TEXT.replace("桥", "路"), "utf-8")

    def run(*arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHON", "JIXIAO"))}
        kept |= {"PYTHONPATH": str(site), "PYTHONIOENCODING": "utf-8"} | environ
        command = [sys.executable, "-m", "jixiao", *arguments]
        done = subprocess.run(
            command, cwd=work, env=kept, capture_output=True, encoding="utf-8", timeout=120, check=False
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done

    return run


BOTH = ("convert", "a.txt", "b.txt", "--to", "json", "-o", "out/", "--force")


def findings(folder: Path) -> set[str]:
    made = (folder / "work" / "out").glob("*.json")
    return {f.code for path in made for f in convert.read(path.read_bytes()).every_finding()}


@pytest.mark.parametrize("name", registry().names(READERS))
def test_a_reader_is_what_its_entry_point_calls_it(name: str) -> None:
    reader = registry().reader(name)
    assert (name, API_VERSION) == (reader.NAME, reader.API_VERSION)
    assert reader.MEDIA_TYPES and all("/" in media for media in reader.MEDIA_TYPES)
    assert reader.EXTENSIONS and all(e.isalnum() for e in reader.EXTENSIONS)


@pytest.mark.parametrize("name", registry().names(WRITERS))
def test_a_writer_is_what_its_entry_point_calls_it(name: str) -> None:
    writer = registry().writer(name)
    assert (name, API_VERSION) == (writer.NAME, writer.API_VERSION)
    assert "/" in writer.MEDIA_TYPE and writer.EXTENSION.isalnum()
    assert writer.MODEL in ("document", "reading")


# -- order


def test_the_order_is_what_is_said_and_text_comes_last() -> None:
    usual = list(wanted(READERS, Settings()))
    assert usual[-1] == "text" and usual.index("docx") < usual.index("json") < usual.index("html")
    assert list(wanted(READERS, Settings(first=("text", "reader.html"))))[:2] == ["text", "html"]
    assert list(wanted(READERS, Settings(disabled=("docx", "writer.xlsx")))) == [
        name for name in usual if name != "docx"
    ]
    assert "xlsx" not in wanted(WRITERS, Settings(disabled=("writer.xlsx",)))


def test_a_registry_survives_pickling() -> None:
    settings = Settings(disabled=("docx",), options={"writer.html": {"template": "x"}})
    made = pickle.loads(pickle.dumps(type(registry())(settings)))
    assert made.settings == settings and "docx" not in made.names(READERS)


def test_the_project_file_orders_leaves_out_and_sets(jixiao: Run, site: Path, tmp_path: Path) -> None:
    code = READER.format(
        version=1,
        sniff="return True",
        read="return Document(sections=(Section(blocks=(Line(text='mine'),)),))",
    )
    distribution(site, "mine", "readers", code)
    assert findings(tmp_path) == set()
    assert jixiao(*BOTH).returncode == 1, "the others come after the built-in ones, but before text"
    project = tmp_path / "work" / "jixiao.toml"
    project.write_text('[plugins]\ndisabled = ["reader.mine"]\n')
    assert jixiao(*BOTH).returncode == 0
    project.write_text('[plugins]\norder = ["reader.text"]\n')
    assert jixiao(*BOTH).returncode == 0
    project.write_text('[plugins.options."writer.html"]\ntemplate = "t.j2"\n')
    (tmp_path / "work" / "t.j2").write_text("<p>{{ title }}</p>")
    done = jixiao("convert", "a.txt", "--to", "html", "--from", "text", "-o", "-")
    assert done.stdout == "<p>项目支出绩效目标表（虚构）</p>"
    project.write_text("[plugins]\ndisable = []\n")
    done = jixiao(*BOTH)
    assert done.returncode == 2 and "jixiao.toml" in done.stderr


def test_plugins_are_switched_off(jixiao: Run, site: Path) -> None:
    distribution(site, "mine", "readers", "raise ZeroDivisionError")
    for arguments, environ in (
        ((*BOTH, "--no-plugin", "mine"), {}),
        ((*BOTH, "--no-plugin", "reader.mine"), {}),
        (BOTH, {"JIXIAO_PLUGINS": "off"}),
    ):
        done = jixiao(*arguments, **environ)
        assert done.returncode == 0 and "mine" not in done.stderr
    assert jixiao(*BOTH, "--no-plugin", "yours").returncode == 2


READING = ("convert a.txt --to json", "watch . --to json -o out", "review a.txt", "explain a.txt",
           "diff a.txt b.txt", "apply worklist.xlsx", "codes missing a.txt --profile pm-perf")  # fmt: skip


@pytest.mark.parametrize("command", READING)
def test_every_command_that_reads_takes_what_is_said_of_plugins(
    jixiao: Run, tmp_path: Path, command: str
) -> None:
    done = jixiao(*command.split(), "--no-plugin", "totals", "--option", "reader.poem.x=y")
    assert done.returncode == 2 and "reader.poem" in done.stderr
    (tmp_path / "work" / "jixiao.toml").write_text('[plugins]\norder = "text"\n')
    done = jixiao(*command.split())
    assert done.returncode == 2 and "jixiao.toml" in done.stderr


def test_profiles_of_a_plugin_that_is_left_out_are_not_there(jixiao: Run, tmp_path: Path) -> None:
    assert "pm-perf@2.0" in jixiao("profiles").stdout
    assert jixiao("profiles", "--no-plugin", "national").stdout == ""
    (tmp_path / "work" / "jixiao.toml").write_text('[plugins]\ndisabled = ["profile.national"]\n')
    assert jixiao("profiles", "check", "pm-perf").returncode == 2


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("writer.html.colour=red", "no option colour"),
        ("writer.docx.colour=red", "no option colour"),
        ("html.template=x", "KIND.NAME.KEY=VALUE"),
        ("writer.poem.x=y", "writer.poem"),
        ("writer.html.template=nowhere", "nowhere"),
    ],
)
def test_an_option_that_fits_nothing_ends_the_command(jixiao: Run, option: str, said: str) -> None:
    done = jixiao(*BOTH, "--option", option)
    assert done.returncode == 2 and said in done.stderr and len(done.stderr.splitlines()) == 1


# -- faults


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise ZeroDivisionError('at import')", "ZeroDivisionError: at import"),
        ("import no_such_module", "no_such_module"),
        ("import sys; sys.exit(3)", "SystemExit"),
        ("this is no Python", "SyntaxError"),
        ("x = 1", "does not implement jixiao_reader"),
        (READER.format(version=99, sniff="return True", read="return 1"), "version 99"),
        (READER.format(version=0, sniff="return True", read="return 1"), "oldest"),
        (READER.format(version=1, sniff="return 1 / 0", read="return 1"), "ZeroDivisionError"),
        (
            READER.format(version=1, sniff="return True", read="return 1").replace("def read", "def reed"),
            "read",
        ),
        (READER.format(version=1, sniff="return True", read="pass").replace('"mine"', '"other"'), "calls it"),
        (
            READER.format(version=1, sniff="return True", read="pass").replace("return Mine", "return 3"),
            "no class",
        ),
    ],
)
def test_a_broken_reader_is_named_in_one_line_and_all_else_goes_on(
    jixiao: Run, site: Path, code: str, said: str
) -> None:
    distribution(site, "brittle", "readers", code)
    done = jixiao(*BOTH)
    assert done.returncode == 0, done.stderr
    [line] = {line for line in done.stderr.splitlines() if "reader.mine" in line}
    assert line.startswith("jixiao: ") and "(brittle 2.5)" in line and said in line
    assert "2 converted" in done.stderr


def test_of_two_with_one_name_the_built_in_one_counts(jixiao: Run, site: Path) -> None:
    code = READER.format(version=1, sniff="return True", read="return 1")
    distribution(site, "copycat", "readers", code, plugin="text")
    done = jixiao(*BOTH)
    assert done.returncode == 0 and "reader.text (copycat 2.5)" in done.stderr
    assert "2 converted" in done.stderr


@pytest.mark.parametrize("read", ["return 1 / 0", "return [1]", "return None", "raise SystemExit(5)"])
def test_a_reader_that_breaks_on_a_document_breaks_no_other(
    jixiao: Run, site: Path, tmp_path: Path, read: str
) -> None:
    distribution(
        site, "brittle", "readers", READER.format(version=1, sniff="return b'MINE' in head.start", read=read)
    )
    (tmp_path / "work" / "c.mine").write_bytes(b"MINE")
    done = jixiao("convert", "a.txt", "c.mine", "b.txt", "--to", "json", "-o", "out/")
    assert done.returncode == 1 and "2 converted" in done.stderr and "1 failed" in done.stderr
    assert "c.mine: reader.mine (brittle 2.5) broke" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("read", "said"),
    [("import time; time.sleep(1000)", "longer than it may"), ("import os; os._exit(3)", "died (status 3)")],
)
def test_a_reader_that_sleeps_or_ends_its_process_breaks_no_other(
    jixiao: Run, site: Path, tmp_path: Path, read: str, said: str
) -> None:
    code = READER.format(version=1, sniff="return b'MINE' in head.start", read=read)
    distribution(site, "brittle", "readers", code)
    (tmp_path / "work" / "c.mine").write_bytes(b"MINE")
    done = jixiao("convert", "a.txt", "c.mine", "b.txt", "--to", "json", "-o", "out/", "--limit", "seconds=3")
    assert done.returncode == 1 and said in done.stderr
    assert len(outputs(tmp_path)) == 2


def test_what_a_plugin_prints_gets_into_no_output(jixiao: Run, site: Path) -> None:
    code = READER.format(version=1, sniff="print('sniffing'); return False", read="return 1")
    distribution(site, "noisy", "readers", f"print('importing')\n{code}")
    quiet = jixiao("convert", "a.txt", "--to", "json", "-o", "-", JIXIAO_PLUGINS="off")
    done = jixiao("convert", "a.txt", "--to", "json", "-o", "-")
    assert done.stdout == quiet.stdout and "sniffing" in done.stderr and "importing" in done.stderr


@pytest.mark.parametrize(
    "check",
    [
        "return 1 / 0",
        "return [1]",
        "return None",
        "yield Finding(code='mine-x', severity='dreadful', message='x')",
        "yield Finding(code='mine-x', severity='info', message='x', indicator=7)",
        "import msgspec; msgspec.structs.force_setattr(sheet, 'title', 'mine'); return []",
        "sys.exit(3)",
    ],
)
def test_a_check_that_breaks_says_so_in_the_sheet_and_changes_nothing(
    jixiao: Run, site: Path, tmp_path: Path, check: str
) -> None:
    distribution(site, "brittle", "checks", CHECK.format(check=check))
    done = jixiao(*BOTH)
    assert done.returncode == 0 and len(outputs(tmp_path)) == 2
    assert "check.mine (brittle 2.5) broke" in done.stderr
    assert findings(tmp_path) == {"check-failed"}
    titles = {s.title for r in outputs(tmp_path) for s in r.sheets}
    assert titles == {"项目支出绩效目标表（虚构）"}


def test_a_check_adds_findings(jixiao: Run, site: Path, tmp_path: Path) -> None:
    check = "yield Finding(code='mine-x', severity='warning', message='Look here. Do it.')"
    distribution(site, "mine", "checks", CHECK.format(check=check))
    assert jixiao(*BOTH, "--strict").returncode == 3
    assert findings(tmp_path) == {"mine-x"}


def outputs(folder: Path) -> list[Reading]:
    return [convert.read(path.read_bytes()) for path in sorted((folder / "work" / "out").glob("*.json"))]


FILTERS = (
    (
        "after_read(self, document):",
        "section = document.sections[0]\n"
        "        title = msgspec.structs.replace(section.blocks[0], text='另一项目绩效目标表（虚构）')\n"
        "        section = msgspec.structs.replace(section, blocks=(title, *section.blocks[1:]))\n"
        "        return msgspec.structs.replace(document, sections=(section,))",
    ),
    (
        "after_interpret(self, reading):",
        "return msgspec.structs.replace(reading, sheets=tuple("
        "msgspec.structs.replace(s, title='另一项目绩效目标表（虚构）') for s in reading.sheets))",
    ),
    (
        "before_write(self, reading, to):",
        "return msgspec.structs.replace(reading, sheets=tuple("
        "msgspec.structs.replace(s, title='另一项目绩效目标表（虚构）') for s in reading.sheets))",
    ),
)


@pytest.mark.parametrize(("method", "body"), FILTERS)
def test_what_a_filter_changes_is_said(
    jixiao: Run, site: Path, tmp_path: Path, method: str, body: str
) -> None:
    distribution(site, "mine", "filters", FILTER.format(method=method, body=body))
    assert jixiao(*BOTH).returncode == 0
    assert findings(tmp_path) == {"changed-by-filter"}
    with Ledger.open(tmp_path / "work" / "out") as ledger:
        said = [[f.code for _sheet, f in record.findings] for record in ledger.records()]
    assert said == [["changed-by-filter"]] * 2, "the reports say it too"
    assert {s.title for r in outputs(tmp_path) for s in r.sheets} == {"另一项目绩效目标表（虚构）"}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return None", "NoneType"),
        ("return 1 / 0", "ZeroDivisionError"),
        ("msgspec.structs.force_setattr(reading.sheets[0], 'title', 'x'); return reading", "in place"),
        ("return msgspec.structs.replace(reading, sheets=(1,))", "ValidationError"),
    ],
)
def test_a_filter_that_breaks_fails_the_document(jixiao: Run, site: Path, body: str, said: str) -> None:
    distribution(
        site, "brittle", "filters", FILTER.format(method="after_interpret(self, reading):", body=body)
    )
    done = jixiao(*BOTH)
    assert done.returncode == 1 and "filter.mine (brittle 2.5) broke" in done.stderr and said in done.stderr
    assert "2 failed" in done.stderr


# -- versions


def test_a_plugin_of_version_1_is_kept_as_it_is() -> None:
    digest = hashlib.sha256()
    for path in sorted(VERSION1.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(VERSION1).as_posix().encode() + b"\0" + path.read_bytes())
    assert digest.hexdigest() == "08a608d98adc1b40cef6508eb8d03ec93965755f19e10b6beda6a2144a791c60", (
        "version1 is never changed: what breaks it breaks plugins"
    )


def test_a_plugin_of_version_1_is_served(jixiao: Run, tmp_path: Path) -> None:
    path = {"PYTHONPATH": str(VERSION1)}
    work = tmp_path / "work"
    (work / "c.v1").write_text(TEXT1, "utf-8")
    done = jixiao("convert", "c.v1", "--to", "json", "-o", "out/", **path)
    assert done.returncode == 0, done.stderr
    [reading] = outputs(tmp_path)
    [sheet] = reading.sheets
    assert sheet.project is not None and sheet.project.name == "桥（虚构）"
    assert [f.code for f in sheet.findings] == ["version1-title"]
    assert reading.source is not None
    assert (reading.source.reader, reading.source.reader_version) == ("version1", "1.0")
    done = jixiao("convert", "a.txt", "--to", "version1", "-o", "-", **path)
    assert done.stdout.startswith("VERSION1\n项目支出绩效目标表（虚构）\n项目名称;桥（虚构）")
    option = ("--option", "reader.version1.mark=,")
    (work / "c.v1").write_text(TEXT1.replace(";", ","), "utf-8")
    assert jixiao("convert", "c.v1", "--to", "json", "-o", "out/", "--force", *option, **path).returncode == 0
    assert outputs(tmp_path) != [reading] and outputs(tmp_path)[0].sheets[0].project == sheet.project
    assert "version1@1.0" in jixiao("profiles", **path).stdout


# -- what is imported


def test_version_imports_no_plugin_and_a_conversion_only_those_it_needs(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")

    def imported(code: str) -> set[str]:
        """The modules that stand in memory after it."""
        code += "\nimport sys; print(*sys.modules)"
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=tmp_path, check=True
        )
        return set(done.stdout.splitlines()[-1].split())

    drawn = imported("from jixiao.__main__ import command; command(['--version'])")
    unwanted = re.compile(r"jixiao_|pluggy|lxml|jixiao\.(plugins|installed|interpret)|importlib\.metadata")
    assert list(filter(unwanted.match, drawn)) == []
    drawn = imported(
        "from pathlib import Path; from jixiao.convert import read_file, write\n"
        "write(read_file(Path('a.txt'), reader='text'), 'json')"
    )
    assert {n for n in drawn if n.startswith("jixiao_writers.")} == {"jixiao_writers.json"}
    assert {n for n in drawn if re.match(r"jixiao_readers\.[a-z]", n)} == {"jixiao_readers.text"}
    assert not any(n.startswith(("lxml", "docx")) for n in drawn)


def test_a_mark_is_that_of_pluggy() -> None:
    def jixiao_reader() -> None:
        pass

    ours = vars(hookimpl(jixiao_reader)).copy()
    assert ours == vars(pluggy.HookimplMarker("jixiao")(jixiao_reader))
    ours = vars(hookspec(jixiao_reader)).copy()
    assert ours == vars(pluggy.HookspecMarker("jixiao")(jixiao_reader))


def test_every_kind_of_plugin_of_the_project_comes_through_the_door() -> None:
    kinds = {p.kind for p in installed() if p.builtin}
    assert kinds >= {"reader", "writer", "check", "profile", "executor"}


def test_entry_points_are_those_that_the_library_tells(
    tmp_path: Path, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    distribution(site, "acme", "readers", "")
    shadowed = distribution(tmp_path / "later", "Acme", "writers", "")
    old = tmp_path / "later" / "old_way-1.egg-info"
    old.mkdir()
    (old / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: old.way\nVersion: 1.0\n\nName: no\n")
    (old / "entry_points.txt").write_text(
        "# none\n[other]\na = b\n[jixiao.checks]\n# no = one\nx = y.z : f [e]\n"
    )
    for place in (shadowed, site):
        monkeypatch.syspath_prepend(str(place))
    told = [p._replace(about=None) for p in points("jixiao")]
    every = entry_points()
    groups = [g for g in every.groups if g.startswith("jixiao.")]
    library = [
        (p.group, p.name, p.value, p.dist.name, p.dist.version)
        for g in groups
        for p in every.select(group=g)
        if p.dist
    ]
    assert sorted(tuple(p)[:5] for p in told) == sorted(library)
    assert {("acme", "2.5"), ("old.way", "1.0")} <= {(p.distribution, p.version) for p in told}
    assert not [p for p in told if p.distribution == "Acme"]


def test_entry_points_in_an_archive_are_found(
    tmp_path: Path, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    distribution(site, "acme", "readers", "")
    packed = shutil.make_archive(str(tmp_path / "packed"), "zip", site)
    monkeypatch.syspath_prepend(packed)
    assert any(p.distribution == "acme" and p.group == "jixiao.readers" for p in points("jixiao"))
