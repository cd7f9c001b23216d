"""The review desk: what is corrected on it is there the next time, and nothing else has changed."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from clerk import FIXTURES
from desk import LOST, SIX, WHO, base, batch, change, opened, order, put
from hypothesis import given, settings
from jixiao import corrections
from jixiao.convert import read, read_file
from jixiao.model import Finding, Reading, content
from jixiao.passes import checked, unchecked
from jixiao.review import signoff
from jixiao.review.form import form
from jixiao.testkit import readings
from starlette.testclient import TestClient


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return batch(tmp_path)


def source(out: Path) -> Path:
    return out.parent / "in" / SIX.name


def lost_in(reading: Reading) -> dict[str, tuple[int, int]]:
    """Where the lost values belong: sheet and indicator by name."""
    return {
        sheet.indicators[f.indicator or 0].level3 or "": (n, f.indicator or 0)
        for n, sheet in enumerate(reading.sheets)
        for f in sheet.findings
        if f.code == "value-missing"
    }


def fill_all(client: TestClient, out: Path) -> None:
    for name, (n, k) in lost_in(read_file(source(out))).items():
        assert change(client, n, put("value", LOST[name], k)).status_code == 200


def sign(client: TestClient, number: int, **more: Any) -> Any:
    return client.post(f"/sheet/1/{number}/sign", json={"base": base(client, number), "who": WHO, **more})


def act(client: TestClient, number: int, do: str, **more: Any) -> Any:
    return client.post(f"/sheet/1/{number}", json={"do": do, "base": base(client, number), **more})


def loud(reading: Reading) -> list[Finding]:
    return [f for f in reading.every_finding() if f.severity in ("warning", "error")]


def test_a_correction_is_what_apply_would_have_written(out: Path) -> None:
    was = read_file(source(out))
    with opened(out) as client:
        fill_all(client, out)
    now = read_file(source(out))
    assert {
        now.sheets[n].indicators[k].level3: corrections.get(now.sheets[n].indicators[k], "value")
        for n, k in lost_in(was).values()
    } == LOST
    assert not lost_in(now) and len(loud(now)) == len(loud(was)) - len(LOST)
    kept = corrections.load(source(out)).corrections
    assert kept is not None and {one.who for one in kept.corrections} == {WHO}


def test_an_edit_is_checked_at_once_and_undone_without_a_trace(out: Path) -> None:
    was = source(out).read_bytes(), read_file(source(out))
    with opened(out) as client:
        before = client.get("/sheet/1/0").text
        money = [put("amounts.budget", text, line, "lines") for line, text in ((1, "50"), (2, "1"))]
        answer = change(client, 0, *money).json()
        assert "add up to" in answer["html"] and "add up to" not in before
        assert act(client, 0, "undo").status_code == 200
        assert act(client, 0, "undo").status_code == 422
        assert "add up to" not in client.get("/sheet/1/0").text
    assert (source(out).read_bytes(), read_file(source(out))) == was


def test_a_change_is_whole_or_not_at_all(out: Path) -> None:
    with opened(out) as client:
        for wrong in (put("nothing", "x", 0), put("value", "x", 999)):
            assert change(client, 0, put("weight", "10", 0), wrong).status_code == 422
        assert not corrections.beside(source(out)).exists()
        name, value = (
            corrections.get(read_file(source(out)).sheets[0].indicators[0], f) for f in ("level3", "value")
        )
        assert change(client, 0, put("level3", value, 0), put("value", name, 0)).status_code == 200
        moved = read_file(source(out)).sheets[0].indicators[0]
        assert (moved.level3, corrections.get(moved, "value")) == (value, name)
        assert act(client, 0, "undo").status_code == 200
        assert read_file(source(out)).sheets[0].indicators[0].level3 == name


def test_the_second_at_a_sheet_is_told_and_the_first_stays(out: Path) -> None:
    with opened(out) as client:
        seen = base(client, 1), base(client, 3)
        assert change(client, 1, put("value", "≤2次", 1), seen=seen[0]).status_code == 200
        late = change(client, 1, put("value", "≤9次", 1), seen=seen[0])
        assert late.status_code == 409 and "≤2次" in late.json()["said"] and WHO in late.json()["said"]
        assert change(client, 3, put("remark", "另一张表", 0), seen=seen[1]).status_code == 200
        late = client.post("/sheet/1/1/sign", json={"base": seen[0], "who": WHO})
        assert late.status_code == 409
    fixed = read_file(source(out))
    assert corrections.get(fixed.sheets[1].indicators[1], "value") == "≤2次"
    assert fixed.sheets[3].indicators[0].remark == "另一张表"


def test_what_is_accepted_is_asked_no_more(out: Path) -> None:
    with opened(out) as client:
        first = next(k for k, f in enumerate(loud_of(client)) if f == "cell-shifted")
        answer = act(client, 1, "accept", finding=first, code="cell-shifted")
        assert answer.status_code == 200 and len(loud_of(client)) == 5
        assert act(client, 1, "accept", finding=0, code="doubtful-row").status_code == 422
        assert act(client, 1, "accept", finding=99, code="cell-shifted").status_code == 422
    assert sum(f.code == "cell-shifted" for f in read_file(source(out)).sheets[1].findings) == 4


def loud_of(client: TestClient, number: int = 1) -> list[str]:
    page = client.get(f"/sheet/1/{number}").text
    return [part.partition('"')[0] for part in page.split('data-code="')[1:]]


def test_the_runner_up_is_taken(out: Path) -> None:
    was = read_file(source(out))
    number, found = next(
        (n, f) for n, s in enumerate(was.sheets) for f in s.findings if f.code == "level1-mismatch"
    )
    assert found.indicator is not None and found.before
    with opened(out) as client:
        at = loud_of(client, number).index("level1-mismatch")
        assert act(client, number, "other", finding=at, code="level1-mismatch").status_code == 200
    now = read_file(source(out)).sheets[number]
    assert corrections.get(now.indicators[found.indicator], "level1") == found.before
    assert not [f for f in now.findings if (f.code, f.indicator) == (found.code, found.indicator)]


def test_pages_are_shown_as_pictures(tmp_path: Path) -> None:
    with opened(batch(tmp_path, FIXTURES / "pdf" / "two-chromium.pdf")) as client:
        assert "<img" in client.get("/source/1").text
        found = client.get("/page/1/1")
        assert found.content.startswith(b"\x89PNG") and client.get("/page/1/99").status_code == 404


def test_a_sign_off_holds_until_the_sheet_says_something_else(out: Path) -> None:
    with opened(out) as client:
        assert sign(client, 0).status_code == 200
        assert change(client, 2, put("remark", "另一张", 0)).status_code == 200
        assert "stamp" in client.get("/sheet/1/0").text
        assert change(client, 0, put("remark", "新的", 0)).status_code == 200
        assert "says something else now" in client.get("/sheet/1/0").text
        assert client.get("/export?to=json", follow_redirects=False).status_code == 303
        assert act(client, 0, "undo").status_code == 200
        assert "stamp" in client.get("/sheet/1/0").text
        assert sign(client, 0, withdraw=True).status_code == 200
    assert signoff.load(source(out)).signatures == ()


def test_what_is_signed_goes_out_and_nothing_else(out: Path) -> None:
    with opened(out, given=order("pm-perf")) as client:
        assert sign(client, 1).status_code == 422  # a lost value is an error to the system
        nothing = client.get("/export?to=xml", follow_redirects=False)
        assert nothing.headers["location"].startswith("/signed?why=")
        fill_all(client, out)
        assert [sign(client, n).status_code for n in (0, 1, 4)] == [200, 200, 200]
        with zipfile.ZipFile(io.BytesIO(client.get("/export?to=json").content)) as files:
            assert files.namelist() == ["sheets.json"]
            made = read(files.read("sheets.json"))
        fixed = read_file(source(out))
        assert [content(s) for s in made.sheets] == [content(fixed.sheets[n]) for n in (0, 1, 4)]
        with zipfile.ZipFile(io.BytesIO(client.get("/export?to=xml&profile=pm-perf").content)) as files:
            assert len(read(files.read("pm-perf.xml")).sheets) == 3


def test_nothing_is_lost_when_the_desk_is_opened_anew(out: Path) -> None:
    with opened(out) as client:
        fill_all(client, out)
        sign(client, 0)
        left = client.get("/").text.partition('id="left">')[2].partition("<")[0]
    with opened(out) as client:
        assert client.get("/").text.partition('id="left">')[2].partition("<")[0] == left
        assert WHO in client.get("/signed").text and WHO in client.get("/report").text


def test_corrections_that_a_later_batch_has_made_can_still_be_undone(out: Path) -> None:
    with opened(out) as client:
        fill_all(client, out)
    batch(out.parent)  # the ledger's reading now has them in it
    with opened(out) as client:
        assert act(client, 1, "undo").status_code == 200
    assert list(lost_in(read_file(source(out)))) == ["网络故障发生次数"]


def test_a_source_that_has_changed_is_not_corrected(out: Path) -> None:
    source(out).write_text(SIX.read_text("utf-8").replace("100M", "200M"), "utf-8")
    with opened(out) as client:
        assert "not the one that was converted" in client.get("/sheet/1/1").text
        assert change(client, 1, put("value", "≤2次", 1)).status_code == 422
        assert sign(client, 0).status_code == 422
    assert not corrections.beside(source(out)).exists()


def test_the_queue_is_grouped_and_the_worst_is_first(tmp_path: Path) -> None:
    out = batch(tmp_path, SIX, FIXTURES / "pdf" / "locked.pdf")
    with opened(out) as client:
        items = client.get("/").text.split("<tbody>")[1]
        assert "password" in items[:600] and items.index("value for") < items.index(
            "stands in another column"
        )
        for by, group in (("finding", "value-missing"), ("file", "sheets.txt"), ("agency", "盐池县信访局")):
            page = client.get("/", params={"by": by, "group": group})
            assert page.status_code == 200 and "value for" in page.text
        assert client.get("/", params={"by": "nothing", "page": "x"}).status_code == 200


@pytest.mark.parametrize(("language", "word"), [("zh-CN,zh;q=0.9", "待办"), ("en", "Queue"), ("fr", "Queue")])
def test_it_speaks_the_language_of_the_browser_and_of_the_switch(out: Path, language: str, word: str) -> None:
    with opened(out) as client:
        client.headers["accept-language"] = language
        client.post("/me", json={"language": "zh_CN"})
        assert "待办" in client.get("/").text and 'lang="zh-CN"' in client.get("/").text
    with opened(out) as client:
        client.headers["accept-language"] = language
        assert "Queue" in client.get("/").text  # the switch stands on English
    from desk import TOKEN, desk

    with desk(out) as client:
        client.headers["accept-language"] = language
        client.get(f"/open?token={TOKEN}")
        assert word in client.get("/").text


def test_dropped_files_come_back_as_the_command_would_write_them(out: Path) -> None:
    with opened(out) as client:
        for _twice in range(2):
            answer = client.post("/drop?name=a.txt&to=json", content=SIX.read_bytes())
            assert answer.status_code == 200
        with zipfile.ZipFile(io.BytesIO(client.get("/results.zip").content)) as files:
            assert files.namelist() == ["a.json", "a-2.json"]
            assert len(json.loads(files.read("a.json"))["sheets"]) == 6
        for to, profile in (("exe", ""), ("json", "none-such")):
            assert client.post(f"/drop?name=a&to={to}&profile={profile}", content=b"x").status_code in (
                404,
                422,
            )


@settings(deadline=None, max_examples=40)
@given(readings())
def test_what_is_checked_can_be_unchecked(reading: Reading) -> None:
    assert unchecked(checked(reading)) == reading == unchecked(reading)


@settings(deadline=None, max_examples=60)
@given(readings())
def test_the_form_has_every_text_of_the_sheet(reading: Reading) -> None:
    for sheet in reading.sheets:
        drawn = form(sheet, [])
        texts = {(b.field, row): b.text for r in drawn.rows for b in r.boxes for row in b.rows}
        for row, indicator in enumerate(sheet.indicators):
            for field, text in corrections.fields_of(indicator):
                assert text is None or texts[field, row] == text
        covered = sum(len(b.rows) for r in drawn.rows for b in r.boxes)
        assert covered == len(drawn.heads) * len(sheet.indicators)
        assert {line.boxes[0].text for line in drawn.goals} == {goal.text for goal in sheet.goals}


def test_who_signs_takes_on_what_was_left(out: Path) -> None:
    with opened(out) as client:
        before = sign(client, 0).json()
        assert before["signed"] == 1
        assert client.get("/").text.count('href="/sheet/1/0#') == 0
        assert loud_of(client, 0)
        again = sign(client, 0, withdraw=True).json()
        assert (again["signed"], again["left"]) == (0, before["left"] + len(loud_of(client, 0)))
    assert signoff.load(source(out)).signatures == ()
