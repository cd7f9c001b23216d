"""`jixiao plugins`: the list, the doctor, and what is made for an author works as it is made."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from jixiao.authoring.options import options
from jixiao.authoring.scaffold import GROUPS
from test_plugins import CHECK, READER, distribution

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
WITH_EXAMPLE = "return 1\n    example = bytes"
TABLE = "一级指标|二级指标|三级指标|指标值\n产出指标|数量指标|新建数量|≥1座\n"


def run(
    *arguments: str, folder: Path, path: Path | None = None, **environ: str
) -> "subprocess.CompletedProcess[str]":
    """A module of Python in a folder, with what is in `path` installed."""
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHON", "PYTEST", "JIXIAO"))
    }
    kept |= {"PYTHONPATH": str(path or ""), "PYTHONIOENCODING": "utf-8"} | environ
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=folder, env=kept, capture_output=True, encoding="utf-8",
        timeout=300, check=False,
    )  # fmt: skip


def install(source: Path, site: Path) -> None:
    """Without the network: what builds it is here."""
    done = run(
        "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--disable-pip-version-check",
        "--target", str(site), str(source), folder=source,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(GROUPS))
def test_what_is_made_passes_its_tests_and_the_doctor(kind: str, tmp_path: Path) -> None:
    assert run("jixiao", "plugins", "new", kind, "poem", folder=tmp_path).returncode == 0
    made, site = tmp_path / "jixiao-poem", tmp_path / "site"
    install(made, site)
    tests = run("pytest", "-q", "-p", "no:cacheprovider", "-W", "error", folder=made, path=site)
    assert tests.returncode == 0, tests.stdout
    seen = run("jixiao", "plugins", "doctor", f"{kind}.poem", folder=tmp_path, path=site)
    assert seen.returncode == 0 and f"{kind}.poem (jixiao-poem 0.1.0)" in seen.stdout, seen.stdout
    assert f"{kind}.poem\tjixiao-poem\t0.1.0" in run("jixiao", "plugins", folder=tmp_path, path=site).stdout
    if kind == "reader":
        (tmp_path / "a.poem").write_text("#poem\n绩效目标表（虚构）\n项目名称|桥（虚构）\n" + TABLE, "utf-8")
        done = run("jixiao", "convert", "a.poem", "--to", "json", "-o", "-", folder=tmp_path, path=site)
        assert done.returncode == 0 and "新建数量" in done.stdout
    if kind == "writer":
        (tmp_path / "a.txt").write_text(
            "绩效目标表（虚构）\n项目名称\t桥（虚构）\n" + TABLE.replace("|", "\t"), "utf-8"
        )
        done = run("jixiao", "convert", "a.txt", "--to", "poem", "-o", "-", folder=tmp_path, path=site)
        assert done.returncode == 0 and done.stdout.startswith("#poem\n绩效目标表")


@pytest.mark.slow
def test_the_examples_are_installed_tested_and_used(tmp_path: Path) -> None:
    site = tmp_path / "site"
    for name in ("tableocr", "webtable"):
        made = tmp_path / f"jixiao-{name}"
        shutil.copytree(EXAMPLES / made.name, made)
        install(made, site)
        tests = run("pytest", "-q", "-p", "no:cacheprovider", "-W", "error", folder=made, path=site)
        assert tests.returncode == 0, tests.stdout
    cells = [
        {"row_start": r, "row_end": r + 1, "col_start": c, "col_end": c + 1, "words": word}
        for r, line in enumerate(TABLE.splitlines())
        for c, word in enumerate(line.split("|"))
    ]
    answer = {"tables_result": [{"header": [{"words": "项目支出绩效目标表（虚构）"}], "body": cells}]}
    (tmp_path / "a.json").write_text(json.dumps(answer), "utf-8")
    options = ("--to", "webtable", "--option", "writer.webtable.only=csv", "-o", "-")
    done = run("jixiao", "convert", "a.json", *options, folder=tmp_path, path=site)
    assert done.returncode == 0, done.stderr
    assert "产出指标,数量指标,新建数量,,≥1座" in done.stdout.splitlines()
    seen = run("jixiao", "plugins", "doctor", folder=tmp_path, path=site)
    assert seen.returncode == 0 and "reader.tableocr (jixiao-tableocr 1.0.0)" in seen.stdout


@pytest.mark.parametrize(
    ("kind", "name"), [("poem", "mine"), ("reader", "Mine"), ("reader", "../mine"), ("reader", "there")]
)
def test_what_cannot_be_made_is_said(kind: str, name: str, tmp_path: Path) -> None:
    (tmp_path / "jixiao-there").mkdir()
    done = run("jixiao", "plugins", "new", kind, name, folder=tmp_path)
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["jixiao-there"]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import time; time.sleep(1000)", "longer than 2 seconds"),
        ("import os; os._exit(3)", "status 3"),
        ("raise ZeroDivisionError", "ZeroDivisionError"),
        (READER.format(version=99, sniff="return True", read="return 1"), "version 99"),
        (
            READER.format(version=1, sniff="return False", read="return 1\n    example = bytes"),
            "its own example",
        ),
        (READER.format(version=1, sniff="return True", read=WITH_EXAMPLE), "returned int"),
        ("print('noise')\n" + READER.format(version=1, sniff="return True", read="return 1"), "no example"),
    ],
)
def test_the_doctor_says_what_is_amiss(
    code: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = distribution(tmp_path / "site", "ill", "readers", code)
    (site / "ill-2.5.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: ill\nVersion: 2.5\nRequires-Dist: no-such-thing>=3\n"
        'Provides-Extra: more\nRequires-Dist: nor-this; extra == "more"\n'
    )
    script = (
        "import sys; from jixiao.authoring import doctor\n"
        "doctor.SECONDS = 2 if 'sleep' in sys.argv[1] else 60\n"
        "for seen in doctor.examine('reader.mine'): print(seen.faults, seen.notes)\n"
        "print(*doctor.lacking_extras([seen.plugin]))"
    )
    env = {"PYTHONPATH": str(site), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", script, code], env=env, capture_output=True, encoding="utf-8", timeout=100,
        check=True,
    )  # fmt: skip
    assert said in done.stdout and "no-such-thing>=3" in done.stdout and "licence" in done.stdout
    assert "('ill', 'more', ['nor-this'])" in done.stdout


@pytest.mark.slow
def test_the_doctor_finds_nothing_amiss_here_and_says_what_it_tried(tmp_path: Path) -> None:
    done = run("jixiao", "plugins", "doctor", folder=tmp_path)
    assert done.returncode == 0, done.stdout
    assert "loaded only" not in done.stdout
    for said in ("cells from its example", "they lack: source", "pm-perf@2.0", "3 tasks", "Apache-2.0"):
        assert said in done.stdout


def test_a_plugin_that_lacks_what_it_needs_is_no_fault(tmp_path: Path) -> None:
    raises = "from jixiao.errors import PluginError; raise PluginError('no-press', 'No press.', 'Buy one.')"
    code = READER.format(version=1, sniff="return True", read=f"{raises}\n    example = bytes")
    distribution(tmp_path / "site", "mine", "readers", code)
    done = run("jixiao", "plugins", "doctor", "reader.mine", folder=tmp_path, path=tmp_path / "site")
    assert done.returncode == 0 and "could not be tried: No press. Buy one." in done.stdout, done.stdout


def test_the_doctor_names_a_plugin_that_has_anothers_name(tmp_path: Path) -> None:
    code = READER.format(version=1, sniff="return True", read="return 1")
    distribution(tmp_path / "site", "copycat", "readers", code, plugin="text")
    done = run("jixiao", "plugins", "doctor", "reader.text", folder=tmp_path, path=tmp_path / "site")
    assert done.returncode == 1 and "reader.text (copycat 2.5)" in done.stdout
    assert "has the same name" in done.stdout and "1 with faults" in done.stderr


def test_fifty_plugins_are_listed_with_where_they_are_from(tmp_path: Path) -> None:
    for number in range(50):
        distribution(
            tmp_path / "site", f"many{number}", "checks", CHECK.format(check="return []"), f"c{number}"
        )
    done = run("jixiao", "plugins", folder=tmp_path, path=tmp_path / "site")
    assert [f"check.c{n}\tmany{n}\t2.5" in done.stdout.splitlines() for n in range(50)] == [True] * 50
    assert "check.totals\tjixiao" in done.stdout and "docx" in done.stdout


def test_options_are_shown_in_words(tmp_path: Path) -> None:
    version1 = Path(__file__).parent / "plugins" / "version1"
    done = run("jixiao", "plugins", "show", "reader.version1", folder=tmp_path, path=version1)
    assert "--option reader.version1.mark=STR\t;\tWhat stands between cells." in done.stdout
    assert run("jixiao", "plugins", "show", "reader.none", folder=tmp_path).returncode == 2
    assert list(options(None)) == []
