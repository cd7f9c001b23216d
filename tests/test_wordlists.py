"""Words that plugins add: they mean what is said, and never take another's place."""

import copy
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jixiao.vocabulary import Vocabulary, vocabulary
from jixiao.wordlists import merge


@pytest.fixture
def data() -> Iterator[dict[str, Any]]:
    before = json.dumps(vocabulary().data)
    yield copy.deepcopy(vocabulary().data)
    assert json.dumps(vocabulary().data) == before


def test_words_terms_and_regimes_are_added(data: dict[str, Any]) -> None:
    own = {
        "levels1": {"产出指标": ["产出方面（虚构）"], "虚构指标": []},
        "levels2": {"虚构数量指标": ["虚构数量"]},
        "regimes": {"虚构": {"虚构指标": ["虚构数量指标"]}},
        "labels": {"project": ["虚构项目之名"]},
        "units": ["虚构单位"],
        "titles": [["approval", ["虚构审定"]]],
        "confusions": {"项曰": "项目"},
    }
    assert list(merge(data, own)) == []
    made = Vocabulary(data)
    assert made.level1["产出方面(虚构)"] == "产出指标" and made.level1["虚构指标"] == "虚构指标"
    assert made.level2["虚构数量"] == "虚构数量指标" and made.owners["虚构数量指标"] == ("虚构指标",)
    label = made.label("虚构项目之名：")
    assert label is not None and label.name == "project"
    assert "虚构单位" in data["units"] and made.fields["项曰名称"] == "project"
    assert ("approval", "虚构审定") in [(kind, words[-1]) for kind, words in data["titles"]]


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({"levels1": {"成本指标": ["产出指标"]}}, "产出指标"),
        ({"labels": {"agency": ["项目名称"]}}, "项目名称"),
        ({"funds": {"other": ["项目名称"]}}, "project"),
        ({"confusions": {"口标": "指标"}}, "口标"),
        ({"no such": {}}, "no such"),
        ({"labels": ["项目"]}, "shape"),
        ({"labels": {"colour": ["颜色"]}}, "colour"),
        ({"units": {"元": 1}}, "shape"),
        ({"titles": [["poem", ["诗"]]]}, "poem"),
    ],
)
def test_what_cannot_be_added_is_told_and_changes_nothing(
    own: dict[str, Any], said: str, data: dict[str, Any]
) -> None:
    [fault] = merge(data, own)
    assert said in fault
    assert data == vocabulary().data


def test_a_plugin_brings_words_unless_it_is_left_out(tmp_path: Path) -> None:
    package, about = tmp_path / "county_words", tmp_path / "county-1.dist-info"
    package.mkdir()
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: county\nVersion: 1\n")
    (about / "entry_points.txt").write_text("[jixiao.vocabulary]\ncounty = county_words\n")
    (package / "__init__.py").write_text("raise SystemExit('data is not run')")
    own = {"labels": {"project": ["虚构项目之名", "预算单位"]}}
    (package / "vocabulary.json").write_text(json.dumps(own), "utf-8")
    script = (
        "import sys; from jixiao.installed import settings, use; use(settings(sys.argv[1:]))\n"
        "from jixiao.vocabulary import vocabulary as v; print(v().label('虚构项目之名') is not None)"
    )
    for left_out, known in ([], "True"), (["county"], "False"), (["vocabulary.county"], "False"):
        done = subprocess.run(
            [sys.executable, "-c", script, *left_out], capture_output=True, text=True, timeout=60,
            env={"PYTHONPATH": str(tmp_path), "PYTHONIOENCODING": "utf-8"}, check=True,
        )  # fmt: skip
        assert done.stdout.strip() == known
        assert ("vocabulary.county (county 1): “预算单位”" in done.stderr) is (known == "True")
