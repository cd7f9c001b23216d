"""In a browser, the two sides of the desk: what is marked where, shown close up, reached by keyboard."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from clerk import FIXTURES
from desk import SIX, batch
from test_review_browser import Server, browser, tab

__all__ = ["browser"]

pytestmark = [pytest.mark.slow, pytest.mark.needs("chromium")]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    started = Server(batch(tmp_path, FIXTURES / "scan" / "fax.tiff", SIX))
    yield started
    started.kill()


def test_a_doubtful_cell_is_shown_close_up_and_marked_where_it_stands(server: Server, browser: Any) -> None:
    with tab(browser, server, viewport={"width": 1280, "height": 900}) as page:
        page.goto(server.home)
        page.locator("a.item", has_text="hard to read").first.click()
        finding = page.locator("#items > li[data-code=doubtful-character]")
        finding.locator(".pick").click()
        image = finding.locator("img.clip")
        image.wait_for()
        page.wait_for_function("one => one.complete && one.naturalWidth > 50", arg=image.element_handle())
        assert "read as" in image.get_attribute("alt")
        mark = page.locator("#source .source-mark")
        mark.wait_for()
        page.wait_for_function(
            "() => [...document.querySelectorAll('#source img')].some((i) => i.naturalWidth)"
        )
        box = page.evaluate("one => JSON.parse(one.dataset.place).box", finding.element_handle())
        (here, sheet) = mark.bounding_box(), page.locator(".source-page[data-page='2']").bounding_box()
        width = float(page.locator(".source-page[data-page='2']").get_attribute("data-width"))
        assert abs((here["x"] - sheet["x"]) / sheet["width"] * width - box[0]) < 5
        outer = page.locator("#source").bounding_box()
        assert outer["y"] <= here["y"] and here["y"] + here["height"] <= outer["y"] + outer["height"]


def test_the_cells_of_the_source_are_reached_and_chosen_by_keyboard(server: Server, browser: Any) -> None:
    with tab(browser, server, viewport={"width": 1280, "height": 900}) as page:
        page.goto(f"{server.home}/sheet/2/0")
        page.wait_for_selector("#source .source-here")
        lines = page.locator("#source [data-row]")
        lines.filter(has_text="各项工作符合质量考核要求").first.click()
        page.wait_for_selector("[id='indicators-1-level3'].here")
        wanted = lines.filter(has_text="业务完成及时性").first
        assert page.locator("#source [tabindex='0']").count() == 1
        page.locator("#source [tabindex='0']").focus()
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        for _step in range(8):
            if wanted.evaluate("one => one === document.activeElement"):
                break
            page.keyboard.press("ArrowRight")
        assert wanted.evaluate("one => one === document.activeElement")
        page.keyboard.press("Enter")
        page.wait_for_selector("[id='indicators-2-level3'].here")
        outer, here = page.locator("#source").bounding_box(), wanted.bounding_box()
        assert outer["y"] <= here["y"] <= outer["y"] + outer["height"]
