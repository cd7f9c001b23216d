"""Many documents: what a rerun does and leaves alone, names that last, outputs that stay inside."""

import ast
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import Any

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from jixiao import convert
from jixiao.batch.failures import FAILURES
from jixiao.batch.inputs import plan
from jixiao.batch.job import Order
from jixiao.batch.ledger import Ledger
from jixiao.batch.names import LONGEST, Named, distinct, key, named, safe
from jixiao.batch.outcome import Outcome
from jixiao.batch.run import means, run
from jixiao.digest import sha256
from jixiao.errors import BadUsage
from jixiao.limits import Limits, limits, meanings
from jixiao.model import Finding, Reading, Sheet
from jixiao.plugins import EXECUTORS, registry

ROOT = Path(__file__).resolve().parent.parent
TITLE = "项目支出绩效目标表（虚构）"


def sheet(title: str = TITLE, *codes: str) -> bytes:
    findings = tuple(Finding(code=c, severity="error", message="Look.") for c in codes)
    return convert.write(Reading(sheets=(Sheet(title=title, findings=findings),)), "json")


def converted(
    folder: Path, *, to: str = "xml", jobs: int = 1, inputs: tuple[str, ...] = (), **order: object
) -> dict[str, str]:
    """The outcomes by source of `in` converted to `out`."""
    told: dict[str, str] = {}

    def tell(outcome: Outcome) -> None:
        told[Path(outcome.source).relative_to(folder).as_posix()] = outcome.kind

    planned = plan(inputs or (str(folder / "in"),), str(folder / "out"), to)
    asked = Order(to=to, **order)
    run(planned, asked, tell, means=means(asked, planned, jobs))
    return told


def outputs(folder: Path) -> dict[str, bytes]:
    out = folder / "out"
    return {
        p.relative_to(out).as_posix(): p.read_bytes()
        for p in out.rglob("*")
        if p.is_file() and ".jixiao" not in p.parts
    }


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    for name, content in {
        "a.json": sheet(),
        "b/a.json": sheet("b"),
        "b/c/x.json": sheet("x", "value-missing"),
        "b/bad.json": b"{",
    }.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(content)
    return tmp_path


FIRST = {
    "in/a.json": "converted",
    "in/b/a.json": "converted",
    "in/b/c/x.json": "needs-review",
    "in/b/bad.json": "failed",
}
AGAIN = {name: "failed" if kind == "failed" else "skipped-unchanged" for name, kind in FIRST.items()}


def test_every_input_has_one_outcome_and_a_rerun_does_nothing(archive: Path) -> None:
    assert converted(archive) == FIRST
    before = {p: p.stat().st_mtime_ns for p in (archive / "out").rglob("*.xml")}
    assert converted(archive) == AGAIN
    assert {p: p.stat().st_mtime_ns for p in (archive / "out").rglob("*.xml")} == before
    with Ledger.open(archive / "out") as ledger:
        records = {r.source: r for r in ledger.records()}
        assert {f"in/{s}": r.outcome for s, r in records.items()} == AGAIN
        assert {f"in/{s}": r.ended for s, r in records.items()} == FIRST
        assert records["b/bad.json"].code and records["b/bad.json"].outputs == ()
        reading = ledger.reading("a.xml")
        assert reading is not None and reading.sheets[0].title == TITLE
        assert records["a.json"].plugins["writer.xml"] and records["a.json"].reader is None


Change = Callable[[Path], object]
CHANGES: dict[str, tuple[Change, set[str]]] = {
    "nothing but a time": (lambda f: os.utime(f / "in/a.json", ns=(1, 1)), set()),
    "an input": (lambda f: (f / "in/a.json").write_bytes(sheet("anew")), {"in/a.json"}),
    "an output deleted": (lambda f: (f / "out/b/a.xml").unlink(), {"in/b/a.json"}),
    "an output altered": (lambda f: (f / "out/a.xml").write_bytes(b"x"), {"in/a.json"}),
    "an output folder deleted": (lambda f: shutil.rmtree(f / "out/b"), {"in/b/a.json", "in/b/c/x.json"}),
    "an output altered in one character": (
        lambda f: (f / "out/a.xml").write_bytes(
            (f / "out/a.xml").read_bytes().replace("虚".encode(), "實".encode())
        ),
        {"in/a.json"},
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_rerun_does_what_has_changed_and_repairs_outputs(archive: Path, change: str) -> None:
    converted(archive)
    doing, again = CHANGES[change]
    doing(archive)
    assert {
        name for name, kind in converted(archive).items() if kind not in ("skipped-unchanged", "failed")
    } == again
    there = outputs(archive)
    shutil.rmtree(archive / "out")
    converted(archive)
    assert outputs(archive) == there


def test_a_time_that_was_set_back_hides_no_change(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As rsync and tar leave times; of inputs and outputs."""
    monkeypatch.setattr("jixiao.batch.run.RACY", 0.0)
    read: list[int] = []
    monkeypatch.setattr("jixiao.batch.run.sha256", lambda data: read.append(len(data)) or sha256(data))
    for name in ("in/a.json", "in/b/a.json"):
        os.utime(archive / name, ns=(10**18, 10**18))
    converted(archive)
    assert converted(archive) == AGAIN
    read.clear()
    assert converted(archive) == AGAIN and not read, "what was looked at once is not read again"
    for name in ("in/a.json", "out/b/a.xml"):
        path = archive / name
        was, data = (
            path.stat(),
            path.read_bytes().replace("虚".encode(), "實".encode()).replace(b">b<", b">c<"),
        )
        assert data != path.read_bytes()
        path.write_bytes(data)
        os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
    again = converted(archive)
    assert {name for name in again if again[name] == "converted"} == {"in/a.json", "in/b/a.json"}
    assert b">b<" in outputs(archive)["b/a.xml"] and "實" in outputs(archive)["a.xml"].decode()


def test_other_options_are_another_conversion_and_other_limits_are_not(archive: Path) -> None:
    converted(archive)
    assert converted(archive, limits=Limits(pages=7)) == AGAIN
    assert converted(archive, reader="json") == FIRST
    assert converted(archive, reader="json", force=True) == FIRST


def test_a_limit_that_was_raised_lets_an_input_be_tried_again(archive: Path) -> None:
    small = Limits(size=len(sheet()))
    assert converted(archive, limits=small)["in/b/c/x.json"] == "failed"
    assert converted(archive, limits=small)["in/b/c/x.json"] == "failed"
    assert converted(archive)["in/b/c/x.json"] == "needs-review"


def test_an_input_that_fails_now_leaves_no_output_that_says_otherwise(archive: Path) -> None:
    converted(archive)
    (archive / "in/a.json").write_bytes(b"{")
    assert converted(archive)["in/a.json"] == "failed" and not (archive / "out/a.xml").exists()
    (archive / "in/a.json").write_bytes(sheet("x" * 500_000))
    (archive / "in/b/c/x.json").write_bytes(sheet("x" * 500_000))
    assert converted(archive, limits=Limits(size=100_000))["in/b/c/x.json"] == "failed"
    assert not (archive / "out/b/c/x.xml").exists()
    (archive / "in/b/a.json").chmod(0)
    (archive / "in/b/a.json").unlink()
    (archive / "in/b/a.json").mkdir()
    converted(archive)
    assert (archive / "out/b/a.xml").exists()


def test_a_file_of_another_is_not_replaced_and_not_taken_for_ours(archive: Path) -> None:
    (archive / "out").mkdir()
    (archive / "out/a.xml").write_bytes(b"another's")
    for _ in range(2):
        assert converted(archive)["in/a.json"] == "failed"
        assert (archive / "out/a.xml").read_bytes() == b"another's"
    assert converted(archive, force=True)["in/a.json"] == "converted"
    assert converted(archive)["in/a.json"] == "skipped-unchanged"


def test_what_was_written_without_the_ledger_being_told_is_ours(archive: Path) -> None:
    converted(archive)
    for name in ("ledger.db", "ledger.db-wal", "ledger.db-shm"):
        (archive / "out/.jixiao" / name).unlink(missing_ok=True)
    assert converted(archive) == FIRST


def test_corrections_beside_a_source_are_a_change_and_no_input(archive: Path) -> None:
    converted(archive)
    (archive / "in/a.json.fixes.json").write_bytes(b"{")
    again = converted(archive)
    assert again["in/a.json"] == "failed" and len(again) == len(FIRST)
    (archive / "in/a.json.fixes.json").unlink()
    assert converted(archive)["in/a.json"] == "converted"


def test_the_archive_may_be_moved(archive: Path) -> None:
    converted(archive)
    (archive / "elsewhere").mkdir()
    (archive / "in").rename(archive / "elsewhere/in")
    again = converted(archive, inputs=(str(archive / "elsewhere/in"),))
    assert sorted(again.values()) == sorted(AGAIN.values())


def test_names_last_when_inputs_come_to_collide(archive: Path) -> None:
    converted(archive)
    (archive / "in/A.txt").write_bytes(sheet("another"))
    converted(archive)
    assert {"a.xml", "A.txt.xml"} <= outputs(archive).keys()
    assert b"another" in outputs(archive)["A.txt.xml"] and TITLE.encode() in outputs(archive)["a.xml"]
    (archive / "in/a.json").unlink()
    converted(archive)
    assert b"another" in outputs(archive)["A.txt.xml"]


def test_nothing_is_written_outside_the_output_folder(archive: Path) -> None:
    (archive / "out").mkdir()
    (archive / "other").mkdir()
    (archive / "out/b").symlink_to(archive / "other")
    told = converted(archive)
    assert told["in/b/a.json"] == "failed" and told["in/a.json"] == "converted"
    assert list((archive / "other").iterdir()) == []


def test_an_input_is_never_an_output(archive: Path) -> None:
    before = (archive / "in/a.json").read_bytes()
    order = Order(to="json", force=True)
    told: list[Outcome] = []
    planned = plan((str(archive / "in"),), str(archive / "in"), "json")
    run(planned, order, told.append, means=means(order, planned))
    assert {o.code for o in told if o.source.endswith("a.json")} == {"output-is-input"}
    assert (archive / "in/a.json").read_bytes() == before


def test_a_ledger_of_a_later_release_or_a_damaged_one_is_left_alone(archive: Path) -> None:
    with Ledger.open(archive / "out"):
        pass
    database = sqlite3.connect(archive / "out/.jixiao/ledger.db")
    database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(BadUsage, match="ledger"):
        converted(archive)
    for name in ("ledger.db-wal", "ledger.db-shm"):
        (archive / "out/.jixiao" / name).unlink(missing_ok=True)
    (archive / "out/.jixiao/ledger.db").write_bytes(b"no database" * 1000)
    with pytest.raises(BadUsage, match="ledger"):
        converted(archive)


in_any_way = given(
    jobs=st.integers(1, 3),
    order=st.permutations(["a.json", "b/a.json", "b/c/x.json", "b/bad.json", "b/a.txt", "A.JSON"]),
    stop=st.integers(0, 6),
)


@settings(max_examples=8, deadline=None, phases=(Phase.explicit, Phase.generate))
@in_any_way
def test_the_outcome_depends_on_no_number_order_or_resume_point(
    tmp_path_factory: pytest.TempPathFactory, jobs: int, order: list[str], stop: int
) -> None:
    the_same(tmp_path_factory, jobs, order, stop)


@pytest.mark.slow
@settings(max_examples=40, deadline=None, phases=(Phase.explicit, Phase.generate))
@in_any_way
def test_the_outcome_depends_on_none_of_many(
    tmp_path_factory: pytest.TempPathFactory, jobs: int, order: list[str], stop: int
) -> None:
    the_same(tmp_path_factory, jobs, order, stop)


def the_same(tmp_path_factory: pytest.TempPathFactory, jobs: int, order: list[str], stop: int) -> None:
    one, other = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("other")
    for folder, names in ((one, sorted(order)), (other, order)):
        for name in names:  # the order of making them is that in which many file systems list them
            path = folder / "in" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"{" if "bad" in name else sheet(name))
    seen = 0

    class Stop(BaseException):
        pass

    def tell(_outcome: Outcome) -> None:
        nonlocal seen
        seen += 1
        if seen == stop:
            raise Stop

    planned, asked = plan((str(other / "in"),), str(other / "out"), "xml"), Order(to="xml")
    try:
        run(planned, asked, tell, means=means(asked, planned, jobs))
    except Stop:
        assert seen == stop
    converted(other, jobs=jobs)
    converted(one)
    assert outputs(one) == outputs(other)
    with Ledger.open(one / "out") as first, Ledger.open(other / "out") as second:
        assert [(r.target, r.source, r.ended, r.sha256) for r in first.records()] == [
            (r.target, r.source, r.ended, r.sha256) for r in second.records()
        ]


texts = st.text(st.characters(codec=None), min_size=1, max_size=12) | st.sampled_from(
    [
        "CON",
        "aux.txt",
        "a ",
        "a.",
        "..",
        ".hidden",
        "x" * 300,
        "长" * 200,
        "a\x00b",
        "\udcd0",
        "a:b",
        "a\u202eb",
        "-",
        "~",
    ]
)


@given(st.lists(texts, max_size=6))
@settings(max_examples=150, deadline=None)
def test_names_are_safe_and_each_is_another(names: list[str]) -> None:
    made = distinct([PurePath(*[p for p in (n.replace("/", "_"),) if p]) for n in names if n != "."], "xml")
    assert len({key(name) for name in made}) == len(made)
    for name in made:
        assert ".." not in name.parts and not name.is_absolute()
        for part in name.parts:
            assert len(part.encode()) <= LONGEST + 4 and part == part.strip() and not part.endswith(".")
            assert not part.startswith(".") and not set(part) & set('<>:"|?*\\\x00')


@given(
    st.lists(
        st.sampled_from(["a.docx", "A.pdf", "a.pdf", "a.xml", "b.pdf", "a.docx.pdf"]), unique=True, min_size=1
    )
)
@settings(max_examples=60, deadline=None)
def test_a_name_given_once_stays_whatever_comes(names: list[str]) -> None:
    earlier: list[Named] = []
    given_out: dict[str, str] = {}
    for count in range(1, len(names) + 1):
        inputs = [(f"/in/{name}", PurePath(name)) for name in names[:count]]
        for (location, relative), target in zip(inputs, named(inputs, "xml", earlier), strict=True):
            assert given_out.setdefault(location, str(target)) == str(target)
            if location not in {one.location for one in earlier}:
                earlier.append(Named(str(target), location, str(relative)))
    assert len({key(PurePath(t)) for t in given_out.values()}) == len(given_out)


def test_safe_names_are_left_as_they_are() -> None:
    for name in ("绩效目标表", "a b", "x.y", "2022年(1)", "é"):
        assert safe(name, ".xml") == f"{name}.xml"


def test_limits_are_one_table_that_can_be_set(tmp_path: Path) -> None:
    assert meanings().keys() == set(Limits.__struct_fields__)
    (tmp_path / "jixiao.toml").write_text('[limits]\npages = 5\nsize = "2M"\n')
    (tmp_path / "below").mkdir()
    made = limits(["seconds=1.5", "xml-depth=9"], tmp_path / "below")
    assert (made.pages, made.size, made.seconds, made.xml_depth) == (5, 2 * 1024**2, 1.5, 9)
    for wrong in (
        "pages",
        "pages=",
        "pages=0",
        "pages=-1",
        "pages=x",
        "nothing=1",
        "pages=1.5",
        "seconds=nan",
    ):
        with pytest.raises(BadUsage):
            limits([wrong], tmp_path)
    (tmp_path / "jixiao.toml").write_text("limits = 1\n")
    with pytest.raises(BadUsage):
        limits([], tmp_path)


def test_the_first_of_many_inputs_is_there_before_all_are_found(tmp_path: Path) -> None:
    for number in range(50):
        (tmp_path / f"in/{number:02}").mkdir(parents=True)
        (tmp_path / f"in/{number:02}/a.json").write_bytes(b"")
    jobs = iter(plan((str(tmp_path / "in"),), str(tmp_path / "out"), "xml"))
    assert next(jobs).name == PurePath("00/a.xml")
    shutil.rmtree(tmp_path / "in/49")
    assert [job.source.name for job in jobs][-1] == "49"


def test_records_are_plain_for_other_programs(archive: Path) -> None:
    converted(archive)
    database = sqlite3.connect(archive / "out/.jixiao/ledger.db")
    rows = database.execute(
        "SELECT source, outcome, code, json_extract(outputs, '$[0].path') FROM inputs"
    ).fetchall()
    database.close()
    assert ("a.json", "converted", None, "a.xml") in rows and len(rows) == 4
    assert msgspec.json.encode(rows)


def test_plain_lines_and_quiet(archive: Path) -> None:
    command = [sys.executable, "-m", "jixiao", "convert", "in", "--to", "xml", "--output", "out"]
    env = os.environ | {"JIXIAO_LANG": "en"}
    done = subprocess.run(command, cwd=archive, env=env, capture_output=True, timeout=60, check=False)
    lines = done.stderr.decode().splitlines()
    assert done.returncode == 1 and done.stdout == b"" and b"\x1b" not in done.stderr
    assert "jixiao: 2 converted, 1 for review, 1 failed; 0 warnings, 2 errors." in lines
    quiet = subprocess.run(
        [*command, "--quiet"], cwd=archive, env=env, capture_output=True, timeout=60, check=False
    )
    assert b"3 unchanged" in quiet.stderr


def test_an_executor_is_chosen_by_name_or_by_the_project_file(archive: Path) -> None:
    import jixiao_executors.serial as serial
    from jixiao.cli.convert import carry_out
    from jixiao.installed import Settings, use

    seen: list[str] = []

    class Seen(serial.SerialExecutor):
        def run(self, work: Any, tasks: Any, means: Any) -> Any:
            seen.append(self.NAME)
            return super().run(work, tasks, means)

    def go(name: str | None, *first: str) -> None:
        use(Settings(first=first))
        registry()._made[registry().plugin(EXECUTORS, "serial")] = Seen()
        order = Order(to="xml", force=True)
        planned = plan((str(archive / "in"),), str(archive / "out"), "xml")
        carry_out(planned, order, lambda _outcome: None, 1, None, name)

    try:
        go(None)
        assert seen == []
        go("serial")
        go(None, "reader.text", "executor.serial")
        assert seen == ["serial"] * 2 and {"a.xml", "b/a.xml"} <= outputs(archive).keys()
        with pytest.raises(BadUsage, match="local, serial"):
            go("nothing")
    finally:
        use(Settings())
        registry()._made.pop(registry().plugin(EXECUTORS, "serial"), None)


@pytest.mark.filterwarnings("default")
def test_inputs_and_outputs_by_url(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fsspec.implementations.memory import MemoryFileSystem

    monkeypatch.chdir(archive)
    memory = MemoryFileSystem()
    memory.put(str(archive / "in"), "/there", recursive=True)
    inputs, out = ("memory://there/b", "file://" + str(archive / "in/a.json")), "memory://made/out"

    def go() -> dict[str, str]:
        planned, asked, told = plan(inputs, out, "xml"), Order(to="xml"), {}
        run(planned, asked, lambda o: told.update({o.source: o.kind}), means=means(asked, planned))
        return told

    first = go()
    assert sorted(first.values()) == ["converted", "converted", "failed", "needs-review"]
    made = {name: memory.cat(name) for name in memory.find("/made/out")}
    assert any(name.endswith("c/x.xml") for name in made) and len(made) == 3
    assert set(go().values()) == {"skipped-unchanged", "failed"}
    memory.rm(next(iter(made)))
    go()
    assert {name: memory.cat(name) for name in memory.find("/made/out")} == made
    assert list(archive.glob("jixiao-memory-made-out/.jixiao/ledger.db"))
    memory.rm("/made", recursive=True)
    memory.rm("/there", recursive=True)


def test_every_code_with_which_an_input_fails_is_documented() -> None:
    raised = set()
    for path in (*ROOT.glob("core/**/*.py"), *ROOT.glob("plugins/**/*.py")):
        if "review" in path.parts:  # what is refused at the desk fails no input
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in ("BadInput", "BadOutput", "PluginError", "Conflict"):
                    raised.add(node.args[0].value)
    not_of_a_run = {"nothing-to-explain", "no-page", "no-cluster"}
    assert raised - not_of_a_run <= FAILURES.keys()
    shown = (ROOT / "docs" / "batch.md").read_text("utf-8")
    assert all(f"`{code}`" in shown for code in FAILURES)


def test_two_runs_never_write_to_one_folder_at_a_time(archive: Path) -> None:
    converted(archive)
    code = "import sys; from pathlib import Path; from jixiao.batch.ledger import Ledger\n"
    code += "with Ledger.open(Path('out')) as one, one.alone(): print('held', flush=True); sys.stdin.read()"
    holder = subprocess.Popen(
        [sys.executable, "-c", code], cwd=archive, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None and holder.stdout.readline() == b"held\n"
    with pytest.raises(BadUsage, match="out"):
        converted(archive)
    holder.communicate()
    assert converted(archive) == AGAIN
