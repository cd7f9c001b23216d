"""What is doubtful on a scan stands in the report as a picture of its cell."""

import base64
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from clerk import FIXTURES
from jixiao.batch import clips as clipping
from jixiao.batch.clips import clips, unpacked
from jixiao.batch.ledger import Ledger, Record, packed
from jixiao.batch.report import page
from jixiao.batch.report.write import write_report
from jixiao.findings import finding
from jixiao.limits import Limits
from jixiao.model import Finding, Indicator, Place, Reading, Sheet, Source
from test_report import browser, tab
from test_upload_cli import Run, jixiao

__all__ = ["browser", "jixiao", "tab"]

SCAN = FIXTURES / "scan" / "sheet.png"
PLACE = Place(page=1, box=(421.0, 310.0, 500.0, 329.0))
HOSTILE = '"><script>alert(1)</script>'


def doubt(place: Place, code: str = "doubtful-character") -> Finding:
    return finding(code, indicator=0, text=HOSTILE, place=place)


@cache
def made(*places: Place, source: Path = SCAN) -> bytes | None:
    return clips(source.read_bytes(), source.name, tuple((1, doubt(p)) for p in places), Limits(), None)


def test_a_doubtful_cell_is_a_small_picture() -> None:
    ((place, address),) = unpacked(made(PLACE, PLACE)).items()
    assert place == PLACE
    kind, _, data = address.partition(",")
    assert kind == "data:image/png;base64"
    assert base64.b64decode(data).startswith(b"\x89PNG") and len(data) < clipping.LARGEST


@pytest.mark.parametrize("source", [FIXTURES / "six" / "sheets.txt", FIXTURES / "legacy" / "page.alto.xml"])
def test_what_has_no_pages_has_no_pictures(source: Path) -> None:
    assert made(PLACE, source=source) is None


def test_other_findings_and_places_without_a_box_have_none() -> None:
    found = ((1, doubt(PLACE, "cell-shifted")), (1, doubt(Place(page=1))), (None, doubt(Place(row=3))))
    assert clips(SCAN.read_bytes(), "x", found, Limits(), None) is None


def test_pictures_of_one_input_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [Place(page=1, box=(300.0, 300.0 + n, 420.0, 320.0 + n)) for n in range(3)]
    monkeypatch.setattr(clipping, "MOST", 2)
    both = unpacked(made(*many))
    assert len(both) == clipping.MOST
    monkeypatch.setattr(clipping, "TOTAL", max(len(address) for address in both.values()))
    made.cache_clear()
    assert len(unpacked(made(*many))) == 1


def filled(ledger: Ledger, inputs: int) -> None:
    ledger.begin()
    for number in range(inputs):
        found = doubt(PLACE)
        sheet = Sheet(indicators=(Indicator(level3="完成率", place=PLACE),), findings=(found,))
        record = Record(
            target=f"{number}.json", source=f"{number}.png", location=f"/in/{number}.png",
            outcome="needs-review", ended="needs-review", finished=1_700_000_000.0, sha256="0" * 64,
            reader="scan", to="json", plugins={}, options="", findings=((1, found),),
        )  # fmt: skip
        ledger.put(record, packed(Reading(source=Source(sha256="0" * 64), sheets=(sheet,))), made(PLACE))
    ledger.end()


def test_the_page_has_pictures_as_far_as_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "MOST_PICTURES", 3 * len(unpacked(made(PLACE))[PLACE]) - 10)
    with Ledger.open(tmp_path) as ledger:
        filled(ledger, 5)
        write_report(ledger, tmp_path)
    text = (tmp_path / "report.html").read_text("utf-8")
    assert text.count("data:image/png") == 3
    detail = json.loads(re.findall(r'id="d\d">(.*?)</script>', text)[0])
    assert detail["sheets"][0]["findings"][0][4:] == [0, HOSTILE]
    assert [len(json.loads(p)) for p in re.findall(r'id="p\d">(.*?)</script>', text)] == [1, 1, 1]


def test_pictures_go_with_what_they_show(tmp_path: Path) -> None:
    with Ledger.open(tmp_path) as ledger:
        filled(ledger, 1)
        record = ledger.record("0.json")
        assert record is not None and ledger.clips("0.json")
        ledger.see(record)
        assert ledger.clips("0.json")
        ledger.put(record)
        assert ledger.clips("0.json") is None


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_a_person_sees_the_cell(tmp_path: Path, tab: Any) -> None:
    with Ledger.open(tmp_path) as ledger:
        filled(ledger, 1)
        write_report(ledger, tmp_path)
    tab.goto((tmp_path / "report.html").as_uri())
    image = tab.locator(".detail img.clip")
    assert image.evaluate("one => one.naturalWidth") > 100
    assert HOSTILE in image.get_attribute("alt")
    assert tab.locator("script[src]").count() == 0


@pytest.mark.slow
def test_from_a_scan_to_the_report(jixiao: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "fax.tiff").write_bytes((FIXTURES / "scan" / "fax.tiff").read_bytes())
    done = jixiao("convert", "in", "--to", "json", "--output", "out")
    assert done.returncode in (0, 3), done.stderr
    text = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "doubtful-character" in text and "data:image/png;base64," in text
