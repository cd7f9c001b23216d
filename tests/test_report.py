"""What a run leaves for people: report.jsonl, report.html, worklist.xlsx; opened as people open them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pytest
from clerk import FIXTURES
from jixiao import schema
from jixiao.batch.ledger import Ledger, Record, packed
from jixiao.batch.outcome import KINDS, Outcome
from jixiao.batch.report import book, line, page
from jixiao.batch.report.write import write_report
from jixiao.corrections import schema as corrections
from jixiao.findings import finding
from jixiao.model import Indicator, Reading, Sheet, Source, Value
from test_upload_cli import Run, jixiao

__all__ = ["jixiao"]

SIX = FIXTURES / "six" / "sheets.txt"
LOCKED = FIXTURES / "pdf" / "locked.pdf"
NAMES = ("report.html", "report.jsonl", "worklist.xlsx")
HOSTILE = "</script><img src=x onerror=alert(1)>=1+1"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    (folder / "子").mkdir(parents=True)
    (folder / "六张表.txt").write_bytes(SIX.read_bytes())
    (folder / "子" / "report.txt").write_bytes(SIX.read_bytes())
    (folder / "report.txt").write_bytes(SIX.read_bytes())
    (folder / "locked.pdf").write_bytes(LOCKED.read_bytes())
    return folder


def convert(jixiao: Run, *more: str) -> str:
    done = jixiao("convert", "in", "--to", "html", "--output", "out", *more)
    assert done.returncode == 1, done.stderr
    return done.stderr


@pytest.mark.parametrize(
    ("name", "made"),
    [(corrections.NAME, corrections.json_schema()), (line.NAME, line.json_schema())],
)
def test_checked_in_schemas_are_those_of_the_code(name: str, made: dict[str, Any]) -> None:
    path = schema.FOLDER / f"{name}.json"
    assert path.read_text("utf-8") == schema.as_text(made), "run python scripts/schemas.py"
    lines = (schema.FOLDER / "versions.txt").read_text("utf-8").splitlines()
    assert dict(text.split() for text in lines)[name] == schema.fingerprint(made), "raise its VERSION"


def test_a_line_an_input_by_the_schema(jixiao: Run, archive: Path, tmp_path: Path) -> None:
    convert(jixiao)
    lines = (tmp_path / "out" / "report.jsonl").read_text("utf-8").splitlines()
    read = [msgspec.json.decode(text, type=line.Line) for text in lines]
    keys = json.loads((schema.FOLDER / f"{line.NAME}.json").read_text("utf-8"))["$defs"]["Line"]["required"]
    assert all(list(json.loads(text)) == keys for text in lines)
    assert {one.source: one.outcome for one in read} == {
        "六张表.txt": "converted-with-findings", "report.txt": "converted-with-findings",
        "子/report.txt": "converted-with-findings", "locked.pdf": "failed",
    }  # fmt: skip
    six = next(one for one in read if one.source == "六张表.txt")
    assert six.counts["warning"] == 30 == sum(t.finding.severity == "warning" for t in six.findings)
    assert [one.code for one in read if one.code] == ["encrypted"]


def test_no_output_takes_a_reports_name_and_no_report_is_an_input(
    jixiao: Run, archive: Path, tmp_path: Path
) -> None:
    convert(jixiao)
    out = tmp_path / "out"
    assert {p.name for p in out.iterdir()} == {
        *NAMES, ".jixiao", "report.txt.html", "六张表.html", "子",
    }  # fmt: skip
    assert (out / "子" / "report.html").exists()
    again = jixiao("convert", "out", "--to", "json", "--output", "second", "--quiet")
    assert again.returncode == 0 and "3 with findings" in again.stderr, again.stderr
    (out / "kept.txt").write_bytes(SIX.read_bytes())
    assert jixiao("convert", "out", "--to", "html", "--output", "out", "--quiet").returncode != 2
    lines = (out / "report.jsonl").read_text("utf-8").splitlines()
    assert not {json.loads(text)["source"] for text in lines} & set(NAMES)


def test_a_report_takes_the_place_of_an_earlier_one_alone(jixiao: Run, archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "report.html").write_text("mine", "utf-8")
    assert "report.html is there already" in convert(jixiao)
    assert (out / "report.html").read_text("utf-8") == "mine"
    (out / "report.html").unlink()
    convert(jixiao)
    filled = openpyxl.load_workbook(out / "worklist.xlsx")
    filled.worksheets[0]["J3"] = "≥95%"
    filled.save(out / "worklist.xlsx")
    assert "worklist-1.xlsx" in convert(jixiao)
    assert openpyxl.load_workbook(out / "worklist-1.xlsx").worksheets[0]["J3"].value == "≥95%"
    assert openpyxl.load_workbook(out / "worklist.xlsx").worksheets[0]["J3"].value is None


def test_reports_can_be_asked_for_and_left_out(jixiao: Run, archive: Path, tmp_path: Path) -> None:
    convert(jixiao, "--no-report")
    assert not any((tmp_path / "out" / name).exists() for name in NAMES)
    jixiao("convert", "in/report.txt", "in/locked.pdf", "--to", "json")
    assert not any((tmp_path / name).exists() for name in NAMES)
    jixiao("convert", "in/report.txt", "in/locked.pdf", "--to", "json", "--report")
    assert all((tmp_path / name).exists() for name in NAMES)


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        with Ledger.open(folder) as ledger:
            _fill(ledger, 3)
            write_report(ledger, folder)
        made.append({name: (folder / name).read_bytes() for name in NAMES})
    assert made[0] == made[1]


def test_texts_of_the_worklist_are_texts(tmp_path: Path) -> None:
    with Ledger.open(tmp_path) as ledger:
        _fill(ledger, 2)
        write_report(ledger, tmp_path)
    sheet = openpyxl.load_workbook(tmp_path / "worklist.xlsx").worksheets[0]
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert any(cell.value.startswith("=1+1") for cell in cells)
    assert {cell.data_type for cell in cells} == {"s"} and {c.number_format for c in cells} == {"@"}
    assert sheet.page_setup.orientation == "landscape" and sheet.print_title_rows == "$2:$2"
    assert sheet.freeze_panes is not None and sheet.auto_filter.ref is not None


def test_a_worklist_that_is_full_says_what_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "MOST_ROWS", 3)
    with Ledger.open(tmp_path) as ledger:
        _fill(ledger, 5)
        write_report(ledger, tmp_path)
    sheet = openpyxl.load_workbook(tmp_path / "worklist.xlsx").worksheets[0]
    assert sheet.max_row == 6 and str(sheet.cell(6, 2).value).startswith("2 more rows")


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_page_needs_nothing_else(language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIXIAO_LANG", language)
    with Ledger.open(tmp_path) as ledger:
        _fill(ledger, 3)
        write_report(ledger, tmp_path)
    text = (tmp_path / "report.html").read_text("utf-8")
    assert "default-src 'none'" in text and "unsafe" not in text
    assert not re.search(r"https?://|//[a-z]+\.|@import|url\(", text)
    assert not re.search(r"<[^>]+\son\w+=|\sstyle=", text.replace(HOSTILE, ""))
    assert "<img" not in text and text.count("<script") == text.count("</script>")
    assert ("转换报告" in text) == (language == "zh_CN")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=_chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        yield started
        started.close()


@pytest.fixture
def tab(browser: Any) -> Iterator[Any]:
    """A page of the browser that fails the test for any error or request in it."""
    opened = browser.new_page(viewport={"width": 1200, "height": 900})
    told: list[str] = []
    opened.on("console", lambda message: told.append(message.text))
    opened.on("pageerror", lambda error: told.append(str(error)))
    opened.on("request", lambda r: None if r.url.startswith("file:") else told.append(r.url))
    yield opened
    opened.close()
    assert told == []


def _chromium() -> str:
    import shutil

    found = shutil.which("chromium")
    assert found
    return found


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_a_person_finds_what_to_look_at(jixiao: Run, archive: Path, tmp_path: Path, tab: Any) -> None:
    from playwright.sync_api import expect

    convert(jixiao)
    tab.goto((tmp_path / "out" / "report.html").as_uri())
    rows, count = tab.locator("#inputs > tbody > tr"), tab.locator("#count")
    assert count.inner_text() == "4 of 4 inputs" and rows.count() == 4
    tab.click("[data-outcome=failed]")
    assert count.inner_text() == "1 of 4 inputs" and "locked.pdf" in rows.first.inner_text()
    tab.click(".open")
    assert "password" in tab.locator(".detail").inner_text()
    tab.click("[data-outcome=failed]")
    tab.locator("svg [data-code=value-missing]").click()
    assert count.inner_text() == "3 of 4 inputs"
    tab.get_by_text("六张表.txt").click()
    detail = tab.locator(".detail")
    assert "维护社会稳定" in detail.inner_text() and detail.locator("table").count() == 6
    everything = detail.locator("tbody tr").count()
    assert everything == 66
    tab.check("#only")
    tab.get_by_text("六张表.txt").click()
    assert 0 < tab.locator(".detail tbody tr").count() < everything
    tab.click("#clear")
    tab.fill("#search", "信访工作及时性")
    expect(count).to_have_text("3 of 4 inputs")
    tab.fill("#search", "没有这样的文字")
    expect(count).to_have_text("0 of 4 inputs")


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_what_an_earlier_run_found_is_found_after_a_run_without_changes(
    jixiao: Run, archive: Path, tmp_path: Path, tab: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By how it ended; in the words of who looks now; on a narrow screen too, and by the keyboard alone."""
    convert(jixiao)
    convert(jixiao)
    monkeypatch.setenv("JIXIAO_LANG", "zh_CN")
    with Ledger.open(tmp_path / "out") as ledger:
        write_report(ledger, tmp_path / "out")
    tab.set_viewport_size({"width": 390, "height": 800})
    tab.goto((tmp_path / "out" / "report.html").as_uri())
    assert "3" in tab.locator("[data-outcome=skipped-unchanged] b").inner_text()
    tile = tab.locator("[data-outcome=converted-with-findings]")
    assert "0" in tile.locator("b").inner_text() and "3" in tile.locator("small").inner_text()
    tile.focus()
    tab.keyboard.press("Enter")
    rows = tab.locator("#inputs > tbody > tr")
    assert rows.count() == 3 and "源文件中…没有指标值" in rows.first.inner_text() + tab.content()
    tab.locator(".open").first.focus()
    tab.keyboard.press("Space")
    assert "源文件中“维护社会稳定”没有指标值" in tab.locator(".detail").inner_text()
    assert "The source" not in tab.locator("body").inner_text()
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_hostile_texts_are_shown_and_never_run(tmp_path: Path, tab: Any) -> None:
    with Ledger.open(tmp_path) as ledger:
        _fill(ledger, 1)
        write_report(ledger, tmp_path)
    tab.goto((tmp_path / "report.html").as_uri())
    assert HOSTILE in tab.locator(".detail").inner_text()
    assert tab.locator("img").count() == 0


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_a_page_of_many_inputs_says_what_it_has_no_details_of(
    tmp_path: Path, tab: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "MOST_DETAIL", 50_000)
    with Ledger.open(tmp_path) as ledger:
        _fill(ledger, 2_500)
        write_report(ledger, tmp_path)
    assert (tmp_path / "report.html").stat().st_size < 1_000_000
    tab.goto((tmp_path / "report.html").as_uri())
    assert tab.locator("#count").inner_text() == "2500 of 2500 inputs"
    assert "details of the" in tab.locator(".note").inner_text()
    assert tab.locator("#inputs > tbody > tr").count() == 50
    tab.click("#next")
    tab.locator(".open").last.click()
    assert "not in this page" in tab.locator(".detail").inner_text()


def _fill(ledger: Ledger, inputs: int) -> None:
    """A ledger of so many made-up inputs, each with a text that would like to be more than a text."""
    ledger.begin()
    for number in range(inputs):
        doubt = finding("cell-shifted", indicator=0, text=HOSTILE, after="三级指标")
        row = Indicator(level3="=1+1" + HOSTILE, value=Value(text=HOSTILE))
        sheet = Sheet(title=HOSTILE, indicators=(row,), findings=(doubt,))
        name = f"{HOSTILE.replace('/', '∕')}{number:05}.txt"
        done = Outcome(source=name, target=name, findings=((1, doubt),))
        record = Record(
            target=name, source=name, location=f"/in/{name}", outcome=KINDS[number % 2 * 4], ended=done.ended,
            finished=1_700_000_000.0, sha256="0" * 64, reader="text", to="json", plugins={}, options="",
            findings=done.findings,
        )  # fmt: skip
        ledger.put(record, packed(Reading(source=Source(sha256="0" * 64), sheets=(sheet,))))
    ledger.end()
