"""In a browser: rows, labels, kinds and heads corrected by keyboard and by hand; the report as it prints."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from clerk import FIXTURES
from desk import SIX, WHO, batch
from jixiao.convert import read_file
from playwright.sync_api import expect
from test_review_browser import NAME, RULES, Server, answered, browser, tab

__all__ = ["browser"]

pytestmark = [pytest.mark.slow, pytest.mark.needs("chromium")]
NEW = "虚构的新增指标完成数"
LANGUAGES = ["en-GB", "zh-CN"]
CUT = FIXTURES / "loose" / "six-merged.pdf"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    started = Server(batch(tmp_path, SIX))
    yield started
    started.kill()


def sheet(server: Server, number: int) -> Any:
    return read_file(server.out.parent / "in" / SIX.name).sheets[number]


def cell(page: Any, key: str) -> Any:
    return page.locator(f"[id='{key}']")


def add(page: Any, name: str, text: str) -> None:
    """A row below the cell that is chosen, by keyboard alone."""
    page.keyboard.press("+")
    expect(page.locator("#add")).to_be_visible()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(text)
    answered(page, lambda: page.keyboard.press("Enter"))


def test_rows_are_added_and_taken_out_by_keyboard_alone(server: Server, browser: Any) -> None:
    was = sheet(server, 0)
    with tab(browser, server) as page:
        page.goto(f"{server.home}/sheet/1/0")
        page.wait_for_selector("#items > .current")
        cell(page, "indicators-1-level3").focus()
        cell(page, "indicators-1-level3").click()
        add(page, NEW, "≥90%")
        assert cell(page, "indicators-2-level3").inner_text() == NEW
        assert "here" in cell(page, "indicators-2-level3").get_attribute("class")
        expect(page.locator("tr[data-row='2'] .added")).to_be_visible()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Alt+ArrowLeft")  # the new row's cells change places like any other's
        expect(cell(page, "indicators-2-level3")).to_have_text("≥90%")
        answered(page, lambda: page.keyboard.press("u"))
        expect(cell(page, "indicators-2-level3")).to_have_text(NEW)
        now = sheet(server, 0).indicators[2]
        assert (now.level3, now.value.text, now.level1.term) == (NEW, "≥90%", was.indicators[1].level1.term)
        cell(page, "indicators-2-level3").click()
        answered(page, lambda: page.keyboard.press("-"))
        assert [i.level3 for i in sheet(server, 0).indicators] == [i.level3 for i in was.indicators]
        answered(page, lambda: page.keyboard.press("u"))
        answered(page, lambda: page.keyboard.press("u"))
        assert sheet(server, 0) == was
        page.keyboard.press("+")
        page.keyboard.press("Escape")
        expect(page.locator("#add")).to_be_hidden()
        cell(page, "sheet--project").click()
        page.keyboard.press("-")
        expect(page.locator("#say")).not_to_be_empty()
    assert sheet(server, 0) == was


def test_labels_kinds_and_heads_are_corrected_by_keyboard_and_by_hand(server: Server, browser: Any) -> None:
    with tab(browser, server, viewport={"width": 1400, "height": 1700}) as page:
        page.goto(f"{server.home}/sheet/1/0")
        page.wait_for_selector("#items > .current")
        cell(page, "sheet--kind").click()
        page.keyboard.press("Enter")
        page.keyboard.press("ArrowDown")
        answered(page, lambda: page.keyboard.press("Enter"))
        assert sheet(server, 0).kind == "approval"
        expect(cell(page, "sheet--kind")).to_contain_text("approved")
        page.keyboard.press("f")
        expect(page.locator("#shape")).to_have_attribute("aria-pressed", "true")
        cell(page, "columns-4-text").dblclick()
        page.keyboard.type("目标值")
        answered(page, lambda: page.keyboard.press("Enter"))
        cell(page, "goals-0-scope").click()
        page.keyboard.press("e")
        answered(page, lambda: page.locator("option[value='long-term']").last.click())
        cell(page, "fields-3-label").click()
        page.keyboard.press("e")
        page.keyboard.type("填报单位")
        answered(page, lambda: page.keyboard.press("Enter"))
        for part, name, text in (("goals", "年度目标二", "虚构的目标。"), ("lines", "自有资金", "3")):
            page.locator(f"[data-add={part}]").click()
            page.keyboard.type(name)
            page.keyboard.press("Tab")
            page.keyboard.type(text)
            answered(page, lambda: page.keyboard.press("Enter"))
        offer = page.locator(".offers select").last
        offer.select_option(label="Weight")
        answered(page, lambda: page.locator("[data-offer]").last.click())
        answered_cell = cell(page, "indicators-0-weight")
        answered_cell.dblclick()
        page.keyboard.type("10")
        answered(page, lambda: page.keyboard.press("Enter"))
        page.reload()
        expect(page.locator("#shape")).to_have_attribute("aria-pressed", "true")
    now = sheet(server, 0)
    assert (now.columns[4].text, now.goals[0].scope, now.fields[3].label) == (
        "目标值",
        "long-term",
        "填报单位",
    )
    assert now.goals[1].text == "虚构的目标。" and now.funds.lines[3].amounts["budget"].text == "3"
    assert [c.role for c in now.columns][-1] == "weight" and now.indicators[0].weight == "10"


def test_an_amount_is_moved_by_hand_and_by_key(server: Server, browser: Any) -> None:
    with tab(browser, server, viewport={"width": 1400, "height": 1700}) as page:
        page.goto(f"{server.home}/sheet/1/0")
        page.wait_for_selector("#items > .current")
        there, empty = (cell(page, f"lines-{k}-amounts.budget") for k in (1, 2))
        text = there.inner_text()
        assert text and not empty.inner_text()
        answered(page, lambda: there.drag_to(empty))
        assert (there.inner_text(), empty.inner_text()) == ("", text)
        empty.click()
        answered(page, lambda: page.keyboard.press("Alt+ArrowUp"))
        assert (there.inner_text(), empty.inner_text()) == (text, "")


def test_two_who_add_rows_are_told_of_each_other(server: Server, browser: Any) -> None:
    with tab(browser, server) as first, tab(browser, server) as second:
        for page in (first, second):
            page.goto(f"{server.home}/sheet/1/0")
            page.wait_for_selector("#items > .current")
            cell(page, "indicators-0-level3").click()
        add(first, NEW, "1")
        second.keyboard.press("+")
        second.keyboard.type("另一行")
        second.keyboard.press("Enter")
        expect(second.locator("#say")).to_contain_text("Somebody else")
        expect(second.locator("#say")).to_contain_text(NEW)
        expect(cell(second, "indicators-1-level3")).to_have_text(NEW)
    assert [i.level3 for i in sheet(server, 0).indicators].count("另一行") == 0


@pytest.mark.parametrize("locale", LANGUAGES)
def test_everybody_can_use_labels_and_rows(server: Server, browser: Any, locale: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    def clean(page: Any, state: str) -> None:
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(one["id"], [n["html"][:160] for n in one["nodes"][:3]]) for one in found] == [], state

    with tab(browser, server, locale, viewport={"width": 1280, "height": 900}) as page:
        page.goto(f"{server.home}/sheet/1/1")
        page.wait_for_selector("#source td")
        cell(page, "indicators-0-level3").click()
        add(page, NEW, "1")
        clean(page, "a row by hand")
        page.keyboard.press("f")
        clean(page, "labels")
        cell(page, "sheet--kind").click()
        page.keyboard.press("e")
        clean(page, "a choice")
        page.keyboard.press("Escape")
        cell(page, "goals-0-text").click()
        page.keyboard.press("+")
        clean(page, "a row asked for")
        page.keyboard.press("Escape")
        page.set_viewport_size({"width": 640, "height": 450})  # 1280 by 900 at 200 %
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")


@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_report_prints_on_pages_with_heads_and_numbers(tmp_path: Path, browser: Any, locale: str) -> None:
    """A row for each sheet, the table's head on every page, the margins free but for the page's number."""
    (tmp_path / "in").mkdir()
    for number in range(9):
        (tmp_path / "in" / f"{number}.txt").write_bytes(SIX.read_bytes())
    server = Server(batch(tmp_path))
    try:
        with tab(browser, server, locale) as page:
            page.fill(NAME, WHO)
            page.locator(NAME).blur()
            page.goto(f"{server.home}/sheet/1/0")
            answered(page, lambda: page.keyboard.press("s"))
            page.goto(f"{server.home}/report")
            head = page.locator(".report th").first.inner_text()
            made = page.pdf(prefer_css_page_size=True)
    finally:
        server.kill()
    printed = pypdfium2.PdfDocument(made)
    texts = [one.get_textpage().get_text_range() for one in printed]
    assert len(texts) > 1 and all(f"{k} / {len(texts)}" in text for k, text in enumerate(texts, 1))
    assert all(head in text for text in texts if ".txt" in text)
    assert sum(text.count(".txt") for text in texts) == 60 and WHO in texts[0]
    for one in printed:
        width, height = one.get_size()
        assert (round(width), round(height)) == (595, 842)
        boxes = [found.get_bounds() for found in one.get_objects(filter=[1])]
        assert min(b[0] for b in boxes) > 30 and max(b[2] for b in boxes) < width - 30


def test_readings_are_accepted_and_runners_up_taken_by_key(tmp_path: Path, browser: Any) -> None:
    """Of a cell, of the file as a whole, and instead of what was read; each undone by key."""
    server = Server(batch(tmp_path, SIX, CUT))
    try:
        with tab(browser, server) as page:
            page.goto(f"{server.home}/sheet/2/0")
            left = int(page.locator("#left").inner_text())
            for address, code, key in (
                ("/sheet/2/0", "text-cut-off", "a"),
                ("/sheet/1/1", "cell-shifted", "a"),
                ("/sheet/1/4", "level1-mismatch", "1"),
            ):
                page.goto(server.home + address)
                told = page.locator(f"#items > li[data-code='{code}']")
                told.locator(".pick").first.click()
                before, left = told.count(), page.locator("#left").inner_text()
                answered(page, lambda key=key: page.keyboard.press(key))
                assert told.count() == before - 1 and page.locator(".history").count() == 1
                assert (page.locator("#left").inner_text() != left) or key == "1"
                answered(page, lambda: page.keyboard.press("u"))
                expect(page.locator("#left")).to_have_text(left)
                assert told.count() == before
    finally:
        server.kill()
