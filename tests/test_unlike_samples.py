"""Layouts unlike the published samples, read as a careful clerk reads them."""

import json
from pathlib import Path

import pytest
from clerk import FIXTURES, header, read_rows, rows, standing, told, truth, wanted_header
from jixiao.convert import read
from jixiao.model import Reading

FOLDER = FIXTURES / "layouts"
FORMS = sorted(FOLDER.glob("*.form"))
DOUBTED = {"investment_and_influence": 1, "monitoring_reasons": 1}
"""Right rows that carry a finding all the same: a level outside the vocabulary, a tick in another column."""
AMISS = {"department_free_levels": 1, "long_term_beside_annual": 1}
"""Header fields not as the clerk has them: sums by origin of the money, two blocks of sums side by side."""


def document(form: Path) -> Path:
    return next(p for p in FOLDER.glob(f"{form.stem}.*") if p.suffix not in (".form", ".json"))


def reading(form: Path) -> Reading:
    path = document(form)
    return read(path.read_bytes(), path.name)


@pytest.mark.parametrize("form", FORMS, ids=lambda p: p.stem)
def test_every_row_is_exact(form: Path) -> None:
    made, want = reading(form), rows(truth(form.with_suffix(".truth.json")))
    assert [[_plain(row) for row in sheet] for sheet in read_rows(made)] == [
        [_plain(row) for row in sheet] for sheet in want
    ]
    assert sum(len(told(sheet)) for sheet in made.sheets) <= DOUBTED.get(form.stem, 0)


def _plain(row: tuple[str, ...]) -> tuple[str, ...]:
    """Levels without 指标, which forms print or leave out."""
    return tuple(text.removesuffix("指标") if k < 2 else text for k, text in enumerate(row))


@pytest.mark.parametrize("form", FORMS, ids=lambda p: p.stem)
def test_the_header_is_read(form: Path) -> None:
    amiss = 0
    for sheet, want in zip(
        reading(form).sheets, truth(form.with_suffix(".truth.json"))["sheets"], strict=True
    ):
        got = header(sheet)
        amiss += sum(got.get(name, "") != text for name, text in wanted_header(want).items())
        assert sheet.kind == want["kind"]
    assert amiss <= AMISS.get(form.stem, 0)


STANDING = json.loads((FIXTURES / "unlike" / "standing.json").read_text("utf-8"))


@pytest.mark.parametrize("name", STANDING)
def test_as_much_is_read_right_as_ever(name: str) -> None:
    now, before = standing(FIXTURES / "unlike" / f"{name}.txt"), STANDING[name]
    assert now["sheets"] == before["sheets"]
    assert now["silent"] <= before["silent"]
    assert (now["rows"], now["header"]) >= (before["rows"], before["header"])
