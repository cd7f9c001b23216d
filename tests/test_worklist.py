"""The worklist filled in and given back: the values that the sources lost are there the next time."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pytest
from clerk import FIXTURES
from hypothesis import given, settings
from hypothesis import strategies as st
from jixiao import convert, corrections
from jixiao.batch.applying import apply_worklist, read_worklist
from jixiao.batch.ledger import Ledger, Record, packed
from jixiao.batch.outcome import Outcome
from jixiao.batch.report.write import write_report
from jixiao.convert import read_file
from jixiao.errors import BadUsage
from jixiao.model import Finding, Indicator, Reading, Sheet, content
from jixiao.plugins import registry
from jixiao.testkit import damaged
from jixiao.testkit.damage import Damaged
from test_upload_cli import Run, jixiao

__all__ = ["jixiao"]

SIX = FIXTURES / "six" / "sheets.txt"
CODES = str(FIXTURES / "codes" / "six.csv")
WHO = "王某（虚构）"
NUMBER, FIELD, READ, MESSAGE, CORRECT, RIGHT, BY = 0, 4, 6, 8, 9, 10, 11
LOUD = ("warning", "error")
LOST = {
    "网络故障发生次数": "≤2次",
    "维护社会稳定": "有效维护",
    "符合法律相关规定": "100%",
    "信访工作及时性": "及时",
}
Fill = Callable[[list[Any]], None]


def run_over(sources: dict[str, Path], out: Path) -> None:
    """What a batch leaves in its output folder, of these inputs."""
    with Ledger.open(out) as ledger:
        ledger.begin()
        for name, source in sources.items():
            reading = read_file(source)
            assert reading.source is not None
            found = tuple(numbered(reading))
            done = Outcome(source=str(source), target=f"{name}.json", findings=found)
            record = Record(
                target=f"{name}.json", source=name, location=str(source), outcome=done.kind, ended=done.ended,
                finished=time.time(), sha256=reading.source.sha256, reader=reading.source.reader, to="json",
                plugins={}, options="", findings=found,
            )  # fmt: skip
            ledger.put(record, packed(reading))
        write_report(ledger, out)
        ledger.end()


def numbered(reading: Reading) -> Iterator[tuple[int | None, Finding]]:
    yield from ((None, f) for f in reading.findings)
    for number, sheet in enumerate(reading.sheets, 1):
        yield from ((number, f) for f in sheet.findings)


def fill_in(path: Path, fill: Fill) -> Path:
    """Give each row's cells to `fill`, and save the workbook as a spreadsheet program would."""
    book = openpyxl.load_workbook(path)
    for row in list(book.worksheets[0].iter_rows())[2:]:
        fill(list(row))
    filled = path.with_name("filled.xlsx")
    book.save(filled)
    return filled


def apply(path: Path) -> tuple[int, int, list[str]]:
    done = list(apply_worklist(read_worklist(path), who="whoever"))
    return (
        sum(d.made for d in done),
        sum(d.known for d in done),
        [why for d in done for _number, why in d.refused],
    )


def loud(reading: Reading) -> list[Finding]:
    return [f for f in reading.every_finding() if f.severity in LOUD]


def lost_values(row: list[Any]) -> None:
    name = next((n for n in LOST if n in row[3].value and "no value" in row[MESSAGE].value), None)
    if name:
        row[CORRECT].value, row[BY].value = LOST[name], WHO


def all_right(row: list[Any]) -> None:
    lost_values(row)
    if row[CORRECT].value is None:
        row[RIGHT].value = "√"


@pytest.fixture
def six(tmp_path: Path) -> Path:
    source = tmp_path / "in" / "six.txt"
    source.parent.mkdir()
    source.write_bytes(SIX.read_bytes())
    run_over({"six.txt": source}, tmp_path / "out")
    return source


def test_the_lost_values_are_there_the_next_time(six: Path, tmp_path: Path) -> None:
    was = read_file(six)
    assert apply(fill_in(tmp_path / "out" / "worklist.xlsx", lost_values)) == (4, 0, [])
    now = read_file(six)
    assert lost(was, was) == dict.fromkeys(LOST) and lost(was, now) == LOST
    assert [f for f in loud(was) if f.code != "value-missing"] == loud(now)
    assert [content(s) for s in emptied(was, now)] == [content(s) for s in was.sheets]
    fixes = json.loads(corrections.beside(six).read_bytes())["corrections"]
    assert {c["who"] for c in fixes} == {WHO} and all(c["when"][:4].isdecimal() for c in fixes)
    assert {(c["changes"][0].get("before"), c["changes"][0]["after"]) for c in fixes} == {
        (None, text) for text in LOST.values()
    }


def lost(was: Reading, now: Reading) -> dict[str | None, str | None]:
    """What `now` says where `was` lacks a value."""
    pairs = [
        (a, b)
        for s, t in zip(was.sheets, now.sheets, strict=True)
        for a, b in zip(s.indicators, t.indicators, strict=True)
    ]
    return {a.level3: b.value.text if b.value else None for a, b in pairs if a.value is None}


def emptied(was: Reading, now: Reading) -> Iterator[Sheet]:
    """The sheets of `now`, without the values that `was` lacks."""
    replace = msgspec.structs.replace
    for s, t in zip(was.sheets, now.sheets, strict=True):
        pairs = zip(s.indicators, t.indicators, strict=True)
        yield replace(t, indicators=tuple(b if a.value else replace(b, value=None) for a, b in pairs))


def test_a_worklist_can_be_given_back_again_and_again(six: Path, tmp_path: Path) -> None:
    filled = fill_in(tmp_path / "out" / "worklist.xlsx", all_right)
    made, known, refused = apply(filled)
    assert (made + known, refused) == (30, [])
    assert loud(read_file(six)) == []
    before = corrections.beside(six).read_bytes()
    assert apply(filled) == (0, 30, [])
    assert corrections.beside(six).read_bytes() == before


def test_rows_may_be_sorted_and_moved(six: Path, tmp_path: Path) -> None:
    filled = fill_in(tmp_path / "out" / "worklist.xlsx", lost_values)
    book = openpyxl.load_workbook(filled)
    sheet = book.worksheets[0]
    rows = [[c.value for c in row] for row in sheet.iter_rows(min_row=3)]
    for k, values in enumerate(sorted(rows, key=lambda r: r[3])):
        for col, value in enumerate(values):
            sheet.cell(3 + k, col + 1).value = value
    sheet.insert_cols(2)
    book.save(filled)
    assert apply(filled) == (4, 0, [])


def test_rows_torn_apart_are_not_taken(six: Path, tmp_path: Path) -> None:
    def shift(row: list[Any]) -> None:
        lost_values(row)
        if row[CORRECT].value:
            row[NUMBER].value = str(int(row[NUMBER].value) % 30 + 1)

    made, known, refused = apply(fill_in(tmp_path / "out" / "worklist.xlsx", shift))
    assert (made, known, len(refused)) == (0, 0, 4)
    assert not corrections.beside(six).exists()


def test_another_field_of_the_row_can_be_named(six: Path, tmp_path: Path) -> None:
    def rename(row: list[Any]) -> None:
        if row[READ].value == "网络传输速率":
            row[FIELD].value, row[CORRECT].value = "Target value", "≥200M"

    assert apply(fill_in(tmp_path / "out" / "worklist.xlsx", rename)) == (1, 0, [])
    now = read_file(six).sheets[1]
    assert corrections.get(now.indicators[2], "value") == "≥200M"
    assert not [f for f in now.findings if f.indicator == 2 and f.severity in LOUD]


def test_a_source_changed_meanwhile_is_left_alone(six: Path, tmp_path: Path) -> None:
    filled = fill_in(tmp_path / "out" / "worklist.xlsx", lost_values)
    six.write_bytes(six.read_bytes() + b"\n")
    made, _known, refused = apply(filled)
    assert made == 0 and len(refused) == 4 and "changed" in refused[0]
    six.unlink()
    assert len(apply(filled)[2]) == 4


def test_what_was_corrected_otherwise_meanwhile_is_left_alone(six: Path, tmp_path: Path) -> None:
    was = read_file(six)
    filled = fill_in(tmp_path / "out" / "worklist.xlsx", lost_values)
    apply(filled)

    def otherwise(row: list[Any]) -> None:
        if row[CORRECT].value:
            row[CORRECT].value = "≤9次"

    made, _known, refused = apply(fill_in(filled, otherwise))
    assert made == 0 and len(refused) == 4
    assert lost(was, read_file(six)) == LOST


@pytest.mark.parametrize("column", [CORRECT, RIGHT])
def test_a_row_that_says_two_things_or_nothing_clear_is_not_taken(
    column: int, six: Path, tmp_path: Path
) -> None:
    def unclear(row: list[Any]) -> None:
        if row[NUMBER].value == "1":
            row[RIGHT].value = "√" if column == CORRECT else "也许"
            row[CORRECT].value = "效益指标" if column == CORRECT else None

    assert [len(x) if isinstance(x, list) else x for x in apply(
        fill_in(tmp_path / "out" / "worklist.xlsx", unclear))] == [0, 0, 1]  # fmt: skip


def test_what_a_filter_or_a_person_hides_is_read(six: Path, tmp_path: Path) -> None:
    filled = fill_in(tmp_path / "out" / "worklist.xlsx", lost_values)
    book = openpyxl.load_workbook(filled)
    for row in range(3, 33):
        book.worksheets[0].row_dimensions[row].hidden = row != 5
    book.worksheets[0].column_dimensions["A"].hidden = True
    book["jixiao"].sheet_state = "hidden"
    book.save(filled)
    assert apply(filled) == (4, 0, [])


def test_the_sources_may_have_been_moved(six: Path, tmp_path: Path) -> None:
    filled = fill_in(tmp_path / "out" / "worklist.xlsx", lost_values)
    elsewhere = six.parent.rename(tmp_path / "elsewhere")
    assert sum(d.made for d in apply_worklist(read_worklist(filled), who=WHO)) == 0
    assert sum(d.made for d in apply_worklist(read_worklist(filled), who=WHO, inputs=elsewhere)) == 4
    assert corrections.load(elsewhere / six.name).corrections is not None


def test_another_workbook_is_no_worklist(tmp_path: Path) -> None:
    path = tmp_path / "other.xlsx"
    path.write_bytes(registry().writer("xlsx").write(_document()))
    with pytest.raises(BadUsage):
        read_worklist(path)


def _document() -> Any:
    from jixiao.layout import layout

    return layout(read_file(SIX))


def of_number(number: str, column: int, text: Any) -> Fill:
    def fill(row: list[Any]) -> None:
        if row[NUMBER].value == number:
            row[column].value = text

    return fill


def changed(path: Path, change: Callable[[Any], object]) -> Path:
    """The worksheet as a person leaves it."""
    book = openpyxl.load_workbook(path)
    change(book.worksheets[0])
    book.save(path)
    return path


@pytest.mark.parametrize("tick", [True, "无误", "✔\ufe0f", "V"])
def test_ticks_are_taken_however_they_are_made(tick: object, six: Path, tmp_path: Path) -> None:
    assert apply(fill_in(tmp_path / "out" / "worklist.xlsx", of_number("1", RIGHT, tick))) == (1, 0, [])


@pytest.mark.parametrize("cross", ["x", "×", "否", "错"])
def test_a_cross_is_no_tick(cross: str, six: Path, tmp_path: Path) -> None:
    made, known, refused = apply(fill_in(tmp_path / "out" / "worklist.xlsx", of_number("1", RIGHT, cross)))
    assert (made, known, len(refused)) == (0, 0, 1)


def test_a_cell_merged_over_rows_corrects_none_of_them(six: Path, tmp_path: Path) -> None:
    """It stands beside other fields too; a tick merged so is meant for all of its rows."""
    filled = fill_in(tmp_path / "out" / "worklist.xlsx", lost_values)
    changed(filled, lambda sheet: sheet.merge_cells("J5:J7"))
    made, _known, refused = apply(filled)
    assert made == 3 and len(refused) == 3 and all("merged" in why for why in refused)
    ticked = fill_in(tmp_path / "out" / "worklist.xlsx", of_number("4", RIGHT, "√"))
    assert apply(changed(ticked, lambda sheet: sheet.merge_cells("K6:K7"))) == (2, 0, [])


def test_a_formula_that_was_never_calculated_is_told(six: Path, tmp_path: Path) -> None:
    made, _known, refused = apply(
        fill_in(tmp_path / "out" / "worklist.xlsx", of_number("3", CORRECT, "=1+1"))
    )
    assert made == 0 and "Formula" in refused[0]


def test_of_two_that_say_different_things_neither_is_taken(six: Path, tmp_path: Path) -> None:
    def twice(sheet: Any) -> None:
        sheet.append([cell.value for cell in sheet[5]])
        sheet.cell(sheet.max_row, CORRECT + 1).value = "≤3次"

    filled = fill_in(tmp_path / "out" / "worklist.xlsx", of_number("3", CORRECT, "≤2次"))
    made, _known, refused = apply(changed(filled, twice))
    assert made == 0 and len(refused) == 2 and all("different" in why for why in refused)


def test_what_is_written_over_what_was_read_is_told(six: Path, tmp_path: Path) -> None:
    made, _known, refused = apply(fill_in(tmp_path / "out" / "worklist.xlsx", of_number("3", READ, "≤2次")))
    assert made == 0 and "overwritten" in refused[0]


def test_an_empty_worklist_says_so(jixiao: Run, six: Path, tmp_path: Path) -> None:
    done = jixiao("apply", str(tmp_path / "out" / "worklist.xlsx"))
    assert done.returncode == 0 and "No row of it is filled in" in done.stderr


def test_columns_that_nobody_needs_may_be_taken_out(six: Path, tmp_path: Path) -> None:
    filled = fill_in(tmp_path / "out" / "worklist.xlsx", lost_values)
    assert apply(changed(filled, lambda sheet: (sheet.delete_cols(11, 2), sheet.delete_cols(5)))) == (
        4,
        0,
        [],
    )


def test_a_worklist_without_its_heads_says_which(six: Path, tmp_path: Path) -> None:
    filled = changed(tmp_path / "out" / "worklist.xlsx", lambda sheet: sheet.delete_cols(4))
    with pytest.raises(BadUsage, match="“Indicator”"):
        read_worklist(filled)


@pytest.mark.needs("soffice")
@pytest.mark.slow
@pytest.mark.parametrize("ending", ["xls", "xlsx", "ods"])
def test_a_worklist_may_be_saved_in_other_formats(ending: str, six: Path, tmp_path: Path) -> None:
    filled = fill_in(tmp_path / "out" / "worklist.xlsx", lost_values)
    profile, saved = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", str(tmp_path / "saved")
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", ending, "--outdir", saved, filled],
        check=True, timeout=100, capture_output=True,
    )  # fmt: skip
    assert apply(tmp_path / "saved" / f"filled.{ending}") == (4, 0, [])


def test_another_field_corrected_meanwhile_is_left_alone(six: Path, tmp_path: Path) -> None:
    """A row whose field was chosen by the person writes over no newer correction."""

    def rename(text: str) -> Fill:
        def fill(row: list[Any]) -> None:
            if row[NUMBER].value == "3":
                row[FIELD].value, row[CORRECT].value = "Remark", text

        return fill

    first = fill_in(tmp_path / "out" / "worklist.xlsx", rename("第一稿（虚构）"))
    assert apply(first) == (1, 0, [])
    second = fill_in(first, rename("第二稿（虚构）"))
    made, _known, refused = apply(second)
    assert made == 0 and "第一稿（虚构）" in refused[0]
    now = read_file(six).sheets[1]
    assert corrections.get(now.indicators[1], "remark") == "第一稿（虚构）"
    lacking = [f for f in now.findings if f.code == "value-missing" and f.indicator == 1]
    assert lacking, "the value is missing still"


def test_a_tick_against_a_newer_correction_is_refused(six: Path, tmp_path: Path) -> None:
    """That nothing stands there is no longer right; both in one worklist are, as often as it is given."""
    worklist = tmp_path / "out" / "worklist.xlsx"
    assert apply(fill_in(worklist, of_number("3", CORRECT, "≤2次"))) == (1, 0, [])
    made, known, refused = apply(fill_in(worklist, of_number("3", RIGHT, "√")))
    assert (made, known) == (0, 0) and "≤2次" in refused[0]

    def both(row: list[Any]) -> None:
        of_number("11", RIGHT, "√")(row)
        of_number("12", CORRECT, "上访者的合法权益")(row)

    filled = fill_in(worklist, both)
    assert apply(filled) == (2, 0, [])
    assert apply(filled) == (0, 2, [])


def test_a_row_renamed_is_found_by_the_next_row_and_the_next_time(six: Path, tmp_path: Path) -> None:
    def fill(row: list[Any]) -> None:
        if row[NUMBER].value == "22":
            row[CORRECT].value = "信访工作是否及时"
        if row[NUMBER].value == "23":
            row[CORRECT].value = "及时"

    filled = fill_in(tmp_path / "out" / "worklist.xlsx", fill)
    assert apply(filled) == (2, 0, [])
    now = read_file(six)
    assert ["信访工作是否及时", "及时"] in [
        [i.level3, i.value and i.value.text] for s in now.sheets for i in s.indicators
    ]
    assert apply(filled) == (0, 2, [])


def test_what_a_check_says_can_be_found_right(jixiao: Run, tmp_path: Path) -> None:
    """It is said after the corrections are made, and not again where a person has answered it."""
    weights = [Indicator(level3=f"指标{k}（虚构）", weight=f"{k}") for k in (1, 2)]
    source = tmp_path / "in" / "sheet.xlsx"
    source.parent.mkdir()
    made = Reading(sheets=(Sheet(title="项目支出绩效自评表（虚构）", indicators=tuple(weights)),))
    source.write_bytes(convert.write(made, "xlsx"))
    order = ("convert", "in", "--to", "json", "--output", "out")
    assert jixiao(*order).returncode == 0
    assert "weights-sum" in {f.code for f in loud(read_file(source))}

    def right(row: list[Any]) -> None:
        row[RIGHT].value = "√"

    filled = fill_in(tmp_path / "out" / "worklist.xlsx", right)
    assert jixiao("apply", str(filled)).returncode == 0
    once = corrections.beside(source).read_bytes()
    assert loud(read_file(source)) == []
    assert jixiao("apply", str(filled)).returncode == 0
    assert corrections.beside(source).read_bytes() == once
    assert jixiao(*order).returncode == 0
    sheet = openpyxl.load_workbook(tmp_path / "out" / "worklist.xlsx").worksheets[0]
    assert sheet.max_row == 2, "nothing is left to do"


@settings(deadline=None, max_examples=12)
@given(damaged(), st.sampled_from(["≥95%", "=1+1", "30万元", "<r>1</r>", "有效提高"]))
def test_whatever_is_filled_in_is_read_and_all_else_stays(
    tmp_path_factory: pytest.TempPathFactory, done: Damaged, text: str
) -> None:
    folder = tmp_path_factory.mktemp("worklist")
    source = folder / "source.html"
    source.write_bytes(registry().writer("html").write(done.document))
    run_over({"source.html": source}, folder / "out")
    was = read_file(source)

    def fill(row: list[Any]) -> None:
        if row[FIELD].value == "Target value" and row[READ].value is None:
            row[CORRECT].value, row[CORRECT].data_type = text, "s"

    filled = fill_in(folder / "out" / "worklist.xlsx", fill)
    made, known, refused = apply(filled)
    now = read_file(source)
    assert refused == []
    assert apply(filled)[0] == 0 and read_file(source) == now
    different = [
        (a, b)
        for s, t in zip(was.sheets, now.sheets, strict=True)
        for a, b in zip(s.indicators, t.indicators, strict=True)
        if a != b
    ]
    assert len(different) == made
    for a, b in different:
        filled_in = [f for f in ("value", "value_long") if getattr(a, f) != getattr(b, f)]
        assert len(filled_in) == 1 and corrections.get(b, filled_in[0]) == text
    gone = [f for f in loud(was) if f not in loud(now)]
    assert {f.code for f in gone} <= {"value-missing", "row-short"} and len(gone) >= made - known
    assert [f for f in loud(now) if f not in loud(was)] == []


def test_the_whole_way_to_a_file_that_the_finance_system_takes(jixiao: Run, tmp_path: Path) -> None:
    """Convert, look, fill in, apply, convert again: what was refused is written, and its schema takes it."""
    source = tmp_path / "in" / "six.txt"
    source.parent.mkdir()
    source.write_bytes(SIX.read_bytes())
    order = ("convert", "in", "--to", "xml", "--profile", "pm-perf", "--codes", CODES, "--output", "out")
    assert jixiao(*order).returncode == 3
    assert not (tmp_path / "out" / "six.xml").exists()

    def right(row: list[Any]) -> None:
        row[RIGHT].value = "√" if "no value" in row[MESSAGE].value else None

    done = jixiao("apply", str(fill_in(tmp_path / "out" / "worklist.xlsx", right)))
    assert done.returncode == 1 and done.stderr.count("a finance system refuses it") == 4
    filled = fill_in(tmp_path / "out" / "worklist.xlsx", lost_values)
    done = jixiao("apply", str(filled))
    assert done.returncode == 0 and "4 corrections of 1 files saved" in done.stderr
    again = jixiao(*order)
    assert again.returncode == 0, again.stderr
    made = tmp_path / "out" / "six.xml"
    schema = tmp_path / "pm-perf.xsd"
    schema.write_bytes(jixiao("profiles", "schema", "pm-perf").stdout.encode())
    subprocess.run(["xmllint", "--noout", "--schema", str(schema), str(made)], check=True, timeout=60)
    assert lost(read_file(SIX), read_file(made)) == LOST
    assert {p.name for p in source.parent.iterdir()} == {"six.txt", "six.txt.fixes.json"}
