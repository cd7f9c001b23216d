"""On the desk: rows more and less, labels, kinds and heads; what is said of a file or by a profile."""

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest
from clerk import FIXTURES
from desk import CODES, SIX, WHO, base, batch, change, opened, put
from jixiao import corrections
from jixiao.batch.applying import apply_worklist, read_worklist
from jixiao.batch.inputs import plan
from jixiao.batch.job import Order
from jixiao.batch.ledger import Ledger
from jixiao.batch.report.write import write_report
from jixiao.batch.run import means, run
from jixiao.convert import read_file
from jixiao.model import Sheet
from jixiao.wish import Wish
from starlette.testclient import TestClient
from test_review import act, loud_of, source
from test_worklist import RIGHT, fill_in

NEW = "虚构的新增指标完成数"
CUT = FIXTURES / "loose" / "six-merged.pdf"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return batch(tmp_path)


def add(client: TestClient, number: int, part: str, index: int, name: str, **puts: str) -> Any:
    held = [{"field": field, "after": text} for field, text in puts.items()]
    return act(client, number, "add", part=part, index=index, name=name, puts=held)


def names(sheet: Sheet) -> list[str | None]:
    return [one.level3 for one in sheet.indicators]


def left(client: TestClient) -> int:
    return int(client.get("/").text.partition('id="left">')[2].partition("<")[0])


def test_a_row_is_added_filled_undone_and_taken_out(out: Path) -> None:
    was = read_file(source(out)).sheets[0]
    with opened(out) as client:
        answer = add(client, 0, "indicators", 1, NEW, value="≥90%")
        assert answer.status_code == 200 and "added by hand" in answer.json()["html"]
        assert change(client, 0, put("remark", "新的", 2)).status_code == 200
        now = read_file(source(out)).sheets[0]
        assert names(now) == [*names(was)[:2], NEW, *names(was)[2:]]
        assert (corrections.get(now.indicators[2], "value"), now.indicators[2].remark) == ("≥90%", "新的")
        told = [f for f in now.findings if f.code == "row-added"]
        assert [f.indicator for f in told] == [2] and WHO in (told[0].text or "")
        refused = act(client, 0, "undo", entry=0)  # the remark counts on the row
        assert refused.status_code == 422 and "undo them first" in refused.json()["said"]
        assert act(client, 0, "remove", part="indicators", index=2).status_code == 200
        assert names(read_file(source(out)).sheets[0]) == names(was)
        for _entry in range(3):
            assert act(client, 0, "undo").status_code == 200
    assert read_file(source(out)).sheets[0] == was


def test_what_is_no_indicator_is_taken_out_with_what_was_said_of_it(out: Path) -> None:
    was = read_file(source(out)).sheets[1]
    with opened(out) as client:
        before = left(client)
        of_row = sum(f.indicator == 1 and f.severity != "info" for f in was.findings)
        assert of_row and act(client, 1, "remove", part="indicators", index=1).status_code == 200
        assert left(client) == before - of_row
        assert act(client, 1, "undo").status_code == 200 and left(client) == before
        for wrong in ({"part": "indicators", "index": 99}, {"part": "indicators", "index": -1}, {}):
            assert act(client, 1, "remove", **wrong).status_code == 422
        for wrong in ({"part": "indicators", "index": 99, "name": "x"}, {"part": "goals", "index": 0}):
            assert act(client, 1, "add", **wrong).status_code == 422
    assert read_file(source(out)).sheets[1] == was


def test_kinds_labels_and_heads_are_corrected_and_written(out: Path) -> None:
    with opened(out) as client:
        page = client.get("/sheet/1/0").text
        assert 'data-choices="kind"' in page and "self-evaluation" in page
        assert change(client, 0, put("kind", "approval", part=None)).status_code == 200
        assert change(client, 0, put("kind", "no such kind", part=None)).status_code == 422
        assert change(client, 0, put("text", "目标值", 4, "columns")).status_code == 200
        assert change(client, 0, put("label", "填报单位", 3, "fields")).status_code == 200
        assert change(client, 0, put("funds.label", "资金", part=None)).status_code == 200
        assert add(client, 0, "goals", 0, "中期目标", text="虚构的目标。").status_code == 200
        assert add(client, 0, "fields", -1, "填报人", text="王某（虚构）").status_code == 200
        assert add(client, 0, "lines", 2, "自有资金", **{"amounts.budget": "3"}).status_code == 200
    now = read_file(source(out)).sheets[0]
    assert (now.kind, now.columns[4].text, now.fields[4].label) == ("approval", "目标值", "填报单位")
    assert now.goals[1].scope == "long-term" and now.fields[0].text == "王某（虚构）"
    assert now.funds and now.funds.label == "资金"
    assert (now.funds.lines[3].kind, now.funds.lines[3].amounts["budget"].number) == ("own", "3")


def test_every_offer_of_the_form_is_taken(out: Path) -> None:
    """Columns of the table and of amounts that the source has none of: each is added, and undone."""
    with opened(out) as client:
        page = client.get("/sheet/1/0").text
        offers = [html.unescape(one) for one in re.findall(r'<option value="({.*?})">', page)]
        assert len(offers) > 12
        for wanted in map(json.loads, offers):
            answer = client.post("/sheet/1/0", json={"base": base(client), **wanted})
            assert answer.status_code == 200, answer.text
            assert act(client, 0, "undo").status_code == 200


def loud_lines(client: TestClient, severity: str) -> list[tuple[int, str]]:
    """Index and code of the findings of the first sheet that are of that severity."""
    page = client.get("/sheet/1/0").text.split('<li id="item-')[1:]
    told = [re.findall(r'data-code="([^"]+)"|class="(error|warning)"', one) for one in page]
    return [(k, found[0][0]) for k, found in enumerate(told) if found[1][1] == severity]


def test_what_a_profile_warns_of_is_accepted_and_what_it_refuses_is_not(tmp_path: Path) -> None:
    out = batch(tmp_path)
    given = Order(to="json", wish=Wish(profile="pm-perf", values=(("FISCAL_YEAR", "2023"),)))
    with opened(out, given=given) as client:
        client.get("/sheet/1/0")
        before = left(client)
        at, code = next(one for one in loud_lines(client, "warning") if one[1] == "set-differs")
        assert act(client, 0, "accept", finding=at, code=code).status_code == 200
        assert left(client) == before - 1 and "set-differs" not in loud_of(client, 0)
        assert WHO in client.get("/sheet/1/0").text
        assert act(client, 0, "undo").status_code == 200 and left(client) == before
        at, code = loud_lines(client, "error")[0]
        answer = act(client, 0, "accept", finding=at, code=code)
        assert answer.status_code == 422 and "refuses" in answer.json()["said"]
        at, code = next(one for one in loud_lines(client, "warning") if one[1] == "set-differs")
        assert act(client, 0, "accept", finding=at, code=code).status_code == 200
    with opened(out, given=given) as client:
        client.get("/sheet/1/0")
        assert left(client) == before - 1


@pytest.mark.parametrize("profile", ["pm-perf", None])
def test_the_queue_has_from_the_beginning_what_a_profile_refuses(tmp_path: Path, profile: str | None) -> None:
    """Whether the profile is named at the desk, or was named for a batch that wrote no file of it."""
    source = tmp_path / "in" / SIX.name
    source.parent.mkdir()
    source.write_bytes(SIX.read_bytes())
    asked = Order(to="json", wish=Wish(profile=None if profile else "pm-perf", codes=(CODES,)))
    planned = plan([str(source.parent)], str(tmp_path / "out"), "json")
    run(planned, asked, lambda _outcome: None, executor="serial", means=means(asked, planned, 1))
    given = Order(to="json", wish=Wish(profile=profile, codes=(CODES,)))
    with opened(tmp_path / "out", given=given) as client:
        for _again in range(100):
            if "unfinished" not in (page := client.get("/").text):
                break
        before = page.count('<td><span class="dot error"')
        client.get("/sheet/1/1")
        assert before == client.get("/").text.count('<td><span class="dot error"') == 4


def test_what_is_said_of_a_file_is_accepted_one_by_one(tmp_path: Path) -> None:
    out = batch(tmp_path, CUT)
    copy = tmp_path / "in" / CUT.name
    was = [f.text for f in read_file(copy).findings if f.code == "text-cut-off"]
    with opened(out) as client:
        client.get("/sheet/1/0")
        before = left(client)
        at, code = next(one for one in loud_lines(client, "warning") if one[1] == "text-cut-off")
        assert "Whole file" in client.get("/sheet/1/0").text
        assert act(client, 0, "accept", finding=at, code=code).status_code == 200
        assert left(client) == before - 1
        now = read_file(copy).findings
        assert len([f for f in now if f.code == "text-cut-off"]) == len(was) - 1
        assert [WHO in (f.text or "") for f in now if f.code == "confirmed"] == [True]
        assert act(client, 0, "undo").status_code == 200 and left(client) == before


def tick(row: list[Any]) -> None:
    row[RIGHT].value = "√"


def test_a_worklist_answers_for_files_and_profiles_too(tmp_path: Path) -> None:
    """Ticked rows of a file and of a profile are taken, once; what a system refuses is not."""
    source = tmp_path / "in" / CUT.name
    source.parent.mkdir()
    source.write_bytes(CUT.read_bytes())
    order = Order(to="xml", wish=Wish(profile="pm-perf", values=(("FISCAL_YEAR", "2023"),)))
    planned = plan([str(source.parent)], str(tmp_path / "out"), "xml")
    run(planned, order, lambda _outcome: None, executor="serial", means=means(order, planned, 1))
    with Ledger.open(tmp_path / "out") as ledger:
        write_report(ledger, tmp_path / "out")
    ticked = fill_in(tmp_path / "out" / "worklist.xlsx", tick)
    first, again = (list(apply_worklist(read_worklist(ticked), who=WHO)) for _twice in range(2))
    assert first[0].made and not again[0].made
    assert again[0].known == first[0].made + first[0].known
    assert len(first[0].refused) == len(again[0].refused) > 0
    assert all("refuses" in why for _number, why in first[0].refused)
    now = read_file(source)
    assert not [f for f in now.findings if f.code == "text-cut-off"]
    confirmed = [f.before or "" for f in now.sheets[0].findings if f.code == "confirmed"]
    assert [one for one in confirmed if one.startswith("set-differs")]
