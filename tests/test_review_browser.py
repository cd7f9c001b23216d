"""The review desk in a browser, as a clerk uses it: with the keyboard, and with a server that dies."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from clerk import FIXTURES
from desk import CODES, LOST, SIX, WHO, batch
from jixiao.convert import read, read_file
from jixiao.profiles import load as load_profile
from playwright.sync_api import expect, sync_playwright

pytestmark = [pytest.mark.slow, pytest.mark.needs("chromium")]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PAGES = ("/", "/sheet/1/1", "/sheet/2/0", "/signed", "/report", "/drop")
NAME = "#who"


class Server:
    """`jixiao review` in a process of its own."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.start()

    def start(self) -> None:
        command = ["review", str(self.out), "--no-browser", "--profile", "pm-perf", "--codes", CODES]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jixiao", *command], stdout=subprocess.PIPE, encoding="utf-8",
            env=os.environ | {"JIXIAO_LANG": "en"},
        )  # fmt: skip
        assert self.process.stdout
        self.address = self.process.stdout.readline().strip()
        self.home = self.address.partition("/open")[0]

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)
        assert self.process.stdout
        self.process.stdout.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    found = shutil.which("chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


Tab = Callable[..., Any]


@contextmanager
def tab(browser: Any, server: Server, locale: str = "en-GB", **more: Any) -> Iterator[Any]:
    """A page at the desk that fails the test for any error in it, and any request to elsewhere."""
    context = browser.new_context(locale=locale, **more)
    page = context.new_page()
    told: list[str] = []
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    page.on("request", lambda r: None if r.url.startswith("http://127.0.0.1:") else told.append(r.url))
    page.goto(server.address)
    yield page
    context.close()
    assert [one for one in told if "Failed to load resource" not in one] == []


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """The desk of the six sheets, and of two as PDF."""
    started = Server(batch(tmp_path, SIX, FIXTURES / "pdf" / "two-chromium.pdf"))
    yield started
    started.kill()


def answered(page: Any, act: Callable[[], Any]) -> None:
    """Do something that is sent to the desk, and wait until the page shows the answer."""
    with page.expect_response(lambda r: r.request.method == "POST") as sent:
        act()
    assert sent.value.status == 200, sent.value.text()
    expect(page.locator(".work")).to_have_attribute("data-base", sent.value.json()["base"])


def fill(page: Any, name: str, value: str) -> None:
    """Fill in the finding that is current, by keyboard alone."""
    assert name in page.locator("#items > .current").inner_text()
    page.keyboard.press("e")
    page.keyboard.type(value)
    answered(page, lambda: page.keyboard.press("Enter"))


def test_six_sheets_from_the_queue_to_the_upload(server: Server, browser: Any, tmp_path: Path) -> None:
    from lxml import etree

    lost = list(LOST.items())
    with tab(browser, server) as page:
        page.fill(NAME, WHO)
        page.locator(NAME).blur()
        for name, value in lost[:2]:
            page.goto(server.home)
            page.locator("a.item", has_text=f"no value for {name}").press("Enter")
            page.wait_for_selector("#items > .current")
            fill(page, name, value)
        page.goto(f"{server.home}/sheet/1/1")
        row = page.locator("tr[data-row='0'] [data-field=level3]")
        row.click()
        page.keyboard.press("l")
        answered(page, lambda: page.locator("#levels [data-level2=质量指标]").first.press("Enter"))
        server.kill()
        page.keyboard.press("u")
        expect(page.locator("#say")).to_contain_text("does not answer")
    server.start()
    with tab(browser, server) as page:
        page.fill(NAME, WHO)
        page.locator(NAME).blur()
        for name, value in lost[:2]:
            page.goto(server.home)
            assert page.locator("a.item", has_text=f"no value for {name}").count() == 0
            assert value in page.goto(f"{server.home}/sheet/1/{1 if value == '≤2次' else 3}").text()
        page.goto(f"{server.home}/sheet/1/1")
        assert "质量指标" in page.locator(".history").text_content()
        answered(page, lambda: page.keyboard.press("u"))
        for name, value in lost[2:]:
            page.goto(server.home)
            page.locator("a.item", has_text=f"no value for {name}").press("Enter")
            page.wait_for_selector("#items > .current")
            fill(page, name, value)
        for number in range(6):
            page.goto(f"{server.home}/sheet/1/{number}")
            answered(page, lambda: page.keyboard.press("s"))
            assert WHO in page.locator(".stamp").inner_text()
        page.goto(f"{server.home}/signed")
        with page.expect_download() as got:
            page.click("form .primary")
        packed = Path(got.value.path()).read_bytes()
    with zipfile.ZipFile(io.BytesIO(packed)) as files:
        (name,) = files.namelist()
        made = files.read(name)
    etree.XMLSchema(etree.fromstring(load_profile("pm-perf").xsd)).assertValid(etree.fromstring(made))
    again = read(made)
    texts = {(i.level3, i.value.text) for s in again.sheets for i in s.indicators if i.value}
    assert len(again.sheets) == 6 and LOST.items() <= texts
    fixed = read_file(tmp_path / "in" / "sheets.txt")
    assert not [f for f in fixed.every_finding() if f.code == "value-missing"]


def test_two_at_one_sheet_and_what_was_written_stays(server: Server, browser: Any) -> None:
    with tab(browser, server) as first, tab(browser, server) as second:
        for page in (first, second):
            page.goto(f"{server.home}/sheet/1/1")
            page.wait_for_selector("#items > .current")
        fill(first, "网络故障发生次数", "≤2次")
        second.keyboard.press("e")
        second.keyboard.type("≤3次")
        second.keyboard.press("Enter")
        expect(second.locator("#say")).to_contain_text("Somebody else")
        expect(second.locator("#say")).to_contain_text("≤2次")
        assert second.locator("textarea").input_value() == "≤3次"
        answered(second, lambda: second.keyboard.press("Enter"))
        first.reload()
        assert "≤3次" in first.locator("[id='indicators-1-value']").inner_text()


def test_a_cell_is_moved_by_key_and_by_hand_and_back(server: Server, browser: Any) -> None:
    with tab(browser, server, viewport={"width": 1400, "height": 1700}) as page:
        page.goto(f"{server.home}/sheet/1/1")
        name, value = (page.locator(f"[id='indicators-0-{field}']") for field in ("level3", "value"))
        before = name.inner_text(), value.inner_text()
        name.click()
        answered(page, lambda: page.keyboard.press("Alt+ArrowRight"))
        assert (value.inner_text(), name.inner_text()) == before
        answered(page, lambda: page.keyboard.press("u"))
        assert (name.inner_text(), value.inner_text()) == before
        answered(page, lambda: name.drag_to(value))
        assert (value.inner_text(), name.inner_text()) == before
        answered(page, lambda: page.keyboard.press("u"))
        name.click()
        page.keyboard.press("m")
        page.keyboard.press("ArrowRight")
        answered(page, lambda: page.keyboard.press("m"))
        assert (value.inner_text(), name.inner_text()) == before
        answered(page, lambda: page.keyboard.press("u"))
        other, own = (page.locator(f"[id='indicators-{row}-level2']") for row in (1, 0))
        assert own.inner_text() != other.inner_text()
        answered(page, lambda: name.drag_to(other))
        assert own.inner_text() == other.inner_text() and name.inner_text() == before[0]


def test_either_side_shows_what_is_chosen_on_the_other(server: Server, browser: Any) -> None:
    with tab(browser, server) as page:
        page.goto(f"{server.home}/sheet/1/1")
        page.wait_for_selector("#source .source-here")
        page.locator("[id='indicators-4-level3']").click()
        text = page.locator("[id='indicators-4-level3']").inner_text()
        here = page.locator("#source .source-here", has_text=text)
        here.first.wait_for()
        page.locator("[id='indicators-0-level3']").click()
        page.locator("#source td", has_text=text).first.click()
        page.wait_for_selector("[id='indicators-4-level3'].here")
        page.goto(f"{server.home}/sheet/2/0")
        page.wait_for_selector("#source img")
        page.locator("[id='indicators-0-level3']").click()
        page.wait_for_selector("#source .source-mark")
        page.locator("#source img").first.wait_for()


def test_files_are_dropped_and_taken(server: Server, browser: Any, tmp_path: Path) -> None:
    with tab(browser, server) as page:
        page.goto(f"{server.home}/drop")
        page.select_option("#to", "json")
        page.set_input_files("#files", [str(SIX), str(FIXTURES / "pdf" / "locked.pdf")])
        expect(page.locator("#results > li")).to_have_count(2)
        assert "password" in page.locator("#results").inner_text()
        with page.expect_download() as got:
            page.click("#results a")
        assert len(json.loads(Path(got.value.path()).read_bytes())["sheets"]) == 6
        with page.expect_download() as got:
            page.click("#all")
        assert zipfile.ZipFile(got.value.path()).namelist() == ["sheets.json"]


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_everybody_can_use_it(server: Server, browser: Any, locale: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    with tab(browser, server, locale, viewport={"width": 1280, "height": 900}) as page:
        assert page.locator("html").get_attribute("lang") == ("zh-CN" if locale == "zh-CN" else "en")
        for address in PAGES if locale == "en-GB" else PAGES[:2]:
            page.goto(server.home + address)
            if "sheet" in address:
                page.wait_for_selector("#source :is(td, img)")
            found = Axe().run(page, options=RULES).response["violations"]
            told = [
                (one["id"], [n["html"][:160] for n in one["nodes"][:3]], one["nodes"][0]["failureSummary"])
                for one in found
            ]
            assert told == [], address
    with tab(browser, server, locale, viewport={"width": 640, "height": 450}) as page:
        for address in PAGES:  # 1280 by 900 at 200 %
            page.goto(server.home + address)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), address
