"""The fixtures of old, Chinese and OCR formats: each is told by content and says what the two sheets say."""

from pathlib import Path

import pytest
from clerk import FIXTURES, read_rows, rows, truth
from jixiao.convert import read

WANTED = rows(truth(FIXTURES / "six" / "sheets.truth.json"))
FILES = {
    "legacy/two.doc": "office", "legacy/two.wps": "office", "legacy/two.rtf": "office",
    "legacy/two.odt": "office", "legacy/two.ods": "office", "legacy/two.xls": "xls", "legacy/two.et": "xls",
    "ofd/two.ofd": "ofd", "legacy/page-under-false-name.xls": "html",
    "legacy/spreadsheetml-under-false-name.xls": "spreadsheetml",
    "legacy/mhtml-under-false-name.xls": "mhtml", "legacy/tabs-under-false-name.xls": "text",
    "legacy/page.hocr": "hocr", "legacy/page.alto.xml": "alto", "legacy/pp-structure.json": "ocr-json",
    "legacy/html-tables.md": "markdown", "legacy/pipe-table.md": "markdown",
}  # fmt: skip
WORDS_ALONE = ("legacy/rapidocr.json", "legacy/paddleocr.json")


def marks(name: str) -> list[pytest.MarkDecorator]:
    return [pytest.mark.slow, pytest.mark.needs("soffice")] if FILES[name] == "office" else []


@pytest.mark.parametrize("name", [pytest.param(name, marks=marks(name)) for name in FILES])
def test_each_says_what_the_sheets_say(name: str) -> None:
    reading = read((FIXTURES / name).read_bytes(), name)
    assert reading.source and reading.source.reader == FILES[name]
    found = read_rows(reading)
    assert found == WANTED[: len(found)]
    assert len(found) == (1 if FILES[name] in ("hocr", "alto", "ocr-json", "markdown") else 2)


@pytest.mark.parametrize("name", WORDS_ALONE)
def test_words_without_lines_lose_nothing(name: str) -> None:
    reading = read((FIXTURES / name).read_bytes(), name)
    assert reading.source and reading.source.reader == "ocr-json"
    assert [i.level3 for s in reading.sheets for i in s.indicators] == [row.level3 for row in WANTED[0]]


def test_no_fixture_is_left_out() -> None:
    made = {
        p.relative_to(FIXTURES).as_posix()
        for folder in ("legacy", "ofd")
        for p in Path(FIXTURES / folder).iterdir()
    }
    assert {name for name in made if not name.endswith((".py", ".md")) or name in FILES} == {
        *FILES,
        *WORDS_ALONE,
    }
