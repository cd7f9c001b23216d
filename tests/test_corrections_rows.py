"""Rows that a person adds or takes out, labels, kinds, and what is said of a document as a whole."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jixiao import corrections
from jixiao.convert import read_file
from jixiao.corrections import TOP, Change, Correction, Part
from jixiao.findings import finding
from jixiao.interpret import interpret
from jixiao.layout import layout
from jixiao.model import Indicator, Reading, Sheet, content
from test_corrections import SIX, TEXTS, WHEN, WHO, levels, made, one, spots

NEW = "虚构的新增指标完成数"
PARTS: tuple[Part, ...] = ("indicators", "goals", "lines", "fields", "columns")


def drawn(reading: Reading, sheet: Sheet) -> Sheet:
    """The sheet as its form reads."""
    return interpret(layout(msgspec.structs.replace(reading, sheets=(sheet,)))).sheets[0]


def told(was: Sheet, now: Sheet) -> list[str]:
    return [f.code for f in now.findings if f.severity == "info" and f not in was.findings]


def with_row(reading: Reading, number: int, below: int, value: str) -> Correction:
    """A new indicator with a value, as the desk makes it."""
    sheet = reading.sheets[number]
    add = corrections.added(sheet, "indicators", below, NEW)
    after = made(reading, one(reading, number, add)).sheets[number]
    fill = corrections.change(after, "value", value, part="indicators", index=below + 1)
    return one(reading, number, add, fill)


@settings(deadline=None, max_examples=60)
@given(spots(), TEXTS)
def test_an_added_row_is_there_says_by_whom_and_moves_no_other(
    spot: tuple[Reading, int, int], value: str
) -> None:
    reading, number, index = spot
    was = reading.sheets[number]
    fixes = with_row(reading, number, index, value)
    now = made(reading, fixes).sheets[number]
    rest = (*now.indicators[: index + 1], *now.indicators[index + 2 :])
    assert [content_of(i) for i in rest] == [content_of(i) for i in was.indicators]
    new = now.indicators[index + 1]
    assert (new.level3, corrections.get(new, "value"), new.place) == (NEW, value, None)
    assert levels(new) == levels(was.indicators[index])
    (said,) = [f for f in now.findings if f.code == "row-added"]
    assert said.indicator == index + 1 and said.after == NEW
    assert said.text is not None and WHO in said.text and WHEN in said.text
    about = [(f.code, was.indicators[f.indicator].level3) for f in was.findings if f.indicator is not None]
    assert about == [
        (f.code, now.indicators[f.indicator].level3)
        for f in now.findings[: len(was.findings)]
        if f.indicator is not None
    ]


def content_of(indicator: Indicator) -> list[tuple[str, str | None]]:
    return list(corrections.fields_of(indicator))


@settings(deadline=None, max_examples=60)
@given(spots(), TEXTS)
def test_a_row_more_or_less_is_drawn_so_that_it_reads_the_same(
    spot: tuple[Reading, int, int], value: str
) -> None:
    reading, number, index = spot
    sheet = reading.sheets[number]
    if any(i.level1 is None or i.level2 is None for i in sheet.indicators) or sheet.indicators[0].values:
        return
    more = made(reading, with_row(reading, number, index, value)).sheets[number]
    again = drawn(reading, more)
    assert [(i.level3, *levels(i)) for i in again.indicators] == [
        (i.level3, *levels(i)) for i in more.indicators
    ]
    less = made(reading, one(reading, number, corrections.removed(sheet, "indicators", index))).sheets[number]
    if less.indicators:
        again = drawn(reading, less)
        assert [content_of(i) for i in again.indicators] == [content_of(i) for i in less.indicators]


@settings(deadline=None, max_examples=60)
@given(spots())
def test_a_row_taken_out_is_gone_and_all_its_text_is_told(spot: tuple[Reading, int, int]) -> None:
    reading, number, index = spot
    was = reading.sheets[number]
    now = made(reading, one(reading, number, corrections.removed(was, "indicators", index))).sheets[number]
    assert [content_of(i) for i in now.indicators] == [
        content_of(i) for k, i in enumerate(was.indicators) if k != index
    ]
    (said,) = [f for f in now.findings if f.code == "row-removed"]
    texts = [text for _field, text in content_of(was.indicators[index]) if text]
    assert said.before is not None and all(text in said.before for text in texts)
    lost = [t for f in was.findings if f.indicator == index for t in (f.text, f.before) if t]
    assert all(text in said.before for text in lost)
    assert all(f.indicator is None or f.indicator < len(now.indicators) for f in now.findings)


@settings(deadline=None, max_examples=40)
@given(spots(), TEXTS)
def test_a_row_that_reads_otherwise_now_is_not_taken_out(spot: tuple[Reading, int, int], text: str) -> None:
    reading, number, index = spot
    out = corrections.removed(reading.sheets[number], "indicators", index)
    first = one(
        reading,
        number,
        corrections.change(reading.sheets[number], "remark", text + "改", part="indicators", index=index),
    )
    now = made(reading, first, one(reading, number, out)).sheets[number]
    assert len(now.indicators) == len(reading.sheets[number].indicators)
    assert [f.code for f in now.findings if f.severity == "error"] == ["correction-not-made"]


def test_a_row_is_not_added_where_its_neighbour_is_gone() -> None:
    reading = read_file(SIX)
    add = corrections.added(reading.sheets[0], "indicators", 2, NEW)
    out = one(reading, 0, corrections.removed(reading.sheets[0], "indicators", 2))
    now = made(reading, out, one(reading, 0, add)).sheets[0]
    assert NEW not in [i.level3 for i in now.indicators]
    assert [f.code for f in now.findings if f.severity == "error"] == ["correction-not-made"]


@pytest.mark.parametrize("part", PARTS)
def test_every_list_of_a_sheet_grows_and_shrinks(part: Part) -> None:
    reading = read_file(SIX)
    sheet = reading.sheets[0]
    name = "weight" if part == "columns" else "虚构标签"
    held = corrections.items(sheet, part)
    for below in (TOP, len(held) - 1):
        grown = made(reading, one(reading, 0, corrections.added(sheet, part, below, name)))
        now = corrections.items(grown.sheets[0], part)
        assert len(now) == len(held) + 1 and (*now[: below + 1], *now[below + 2 :]) == held
        assert told(sheet, grown.sheets[0]) == ["row-added"]
        back = one(grown, 0, corrections.removed(grown.sheets[0], part, below + 1))
        shrunk = made(grown, back).sheets[0]
        assert content(shrunk) == content(sheet) and "row-removed" in told(sheet, shrunk)
    for wrong in ("", None, *(("nothing",) if part == "columns" else ())):
        add = msgspec.structs.replace(corrections.added(sheet, part, TOP, "x"), after=wrong)
        refused = made(reading, one(reading, 0, add)).sheets[0]
        assert content(refused) == content(sheet)
        assert [f.code for f in refused.findings if f.severity == "error"] == ["correction-not-made"]


def every_text(item: Any) -> list[tuple[str, str]]:
    """Every field that holds a text, by what corrections call it."""
    found = []
    for field in type(item).__struct_fields__:
        held = getattr(item, field)
        if isinstance(held, dict):
            found += [(f"{field}.{k}", k) for k in held]
        elif field == "values":
            found.append(("values.某户", "某户"))
        elif field not in ("place", "confidence"):
            found.append((field, field))
    return found


def test_every_field_of_the_model_can_be_corrected() -> None:
    """Each of the sheet and its items, but where and how surely it was read."""
    reading = read_file(SIX)
    fit = {"kind": "approval", "fiscal_year": "2031", "scope": "long-term", "role": "remark"}
    sheet = reading.sheets[0]
    for field in sheet.__struct_fields__:
        if field in ("funds", "findings", "unplaced", *PARTS):
            continue
        wanted = corrections.change(sheet, field, fit.get(field, "新的文字"))
        now = made(reading, one(reading, 0, wanted)).sheets[0]
        assert corrections.get(now, field) == wanted.after, field
    for field in ("funds.label", "funds.unit"):
        now = made(reading, one(reading, 0, corrections.change(sheet, field, "新的文字"))).sheets[0]
        assert corrections.get(now, field) == "新的文字"
    for part in PARTS:
        for field, last in every_text(corrections.items(sheet, part)[0]):
            wanted = corrections.change(sheet, field, fit.get(last, "新的文字"), part=part, index=0)
            now = made(reading, one(reading, 0, wanted)).sheets[0]
            assert corrections.get(corrections.items(now, part)[0], field) == wanted.after, (part, field)


def test_kind_labels_and_heads_are_drawn_as_corrected() -> None:
    reading = read_file(SIX)
    sheet = reading.sheets[0]
    head = next(k for k, c in enumerate(sheet.columns) if c.role == "value")
    label = next(k for k, f in enumerate(sheet.fields) if f.label and "实施单位" in f.label)
    fixes = one(
        reading, 0,
        corrections.change(sheet, "text", "目标值", part="columns", index=head),
        corrections.change(sheet, "label", "填报单位", part="fields", index=label),
        corrections.change(sheet, "funds.label", "资金情况（万元）"),
    )  # fmt: skip
    now = made(reading, fixes).sheets[0]
    assert content(drawn(reading, now)) == content(now)
    assert now.columns[head].text == "目标值" and now.fields[label].label == "填报单位"
    kind = made(reading, one(reading, 0, corrections.change(sheet, "kind", "approval"))).sheets[0]
    assert kind.kind == "approval" and told(sheet, kind) == ["corrected"]


def test_another_unit_of_money_is_printed_wherever_the_form_says_it() -> None:
    """An amount that a person calls 元 is never drawn as 万元."""
    reading = read_file(SIX)
    sheet = reading.sheets[0]
    assert sheet.funds and sheet.funds.unit == "万元"
    now = made(reading, one(reading, 0, corrections.change(sheet, "funds.unit", "元"))).sheets[0]
    assert content(drawn(reading, now)) == content(now)
    assert now.funds and (now.funds.unit, now.funds.lines[0].amounts) == ("元", sheet.funds.lines[0].amounts)
    label = corrections.change(sheet, "funds.label", "项目资金（元）")
    now = made(reading, one(reading, 0, label)).sheets[0]
    assert content(drawn(reading, now)) == content(now) and now.funds and now.funds.unit == "元"


@pytest.mark.parametrize(
    ("part", "name", "field", "text"),
    [
        ("goals", "中期目标", "text", "虚构的目标。"),
        ("lines", "自有资金", "amounts.budget", "3"),
        ("fields", "填报人", "text", "王某（虚构）"),
        ("columns", "weight", "text", "权重"),
    ],
)
def test_what_is_added_beside_the_indicators_is_drawn(part: Part, name: str, field: str, text: str) -> None:
    reading = read_file(SIX)
    sheet = reading.sheets[0]
    last = len(corrections.items(sheet, part)) - 1
    add = corrections.added(sheet, part, last, name)
    grown = made(reading, one(reading, 0, add)).sheets[0]
    fill = corrections.change(grown, field, text, part=part, index=last + 1)
    now = made(reading, one(reading, 0, add, fill)).sheets[0]
    assert content(drawn(reading, now)) == content(now) != content(sheet)


def test_a_header_pair_under_another_label_is_that_part_of_the_sheet() -> None:
    reading = read_file(SIX)
    sheet = reading.sheets[0]
    at = next(k for k, f in enumerate(sheet.fields) if f.label and "实施单位" in f.label)
    text = sheet.fields[at].text
    taken = made(
        reading, one(reading, 0, corrections.change(sheet, "label", "项目属性", part="fields", index=at))
    )
    now = taken.sheets[0]
    assert now.agency is None and now.fields[at].text == text
    back = one(taken, 0, corrections.change(now, "label", "项目实施单位", part="fields", index=at))
    assert corrections.get(made(taken, back).sheets[0], "agency") == text


def test_what_is_said_of_the_document_is_found_right_and_asked_no_more() -> None:
    said = finding("no-table", text="另一页")
    reading = msgspec.structs.replace(read_file(SIX), findings=(said,))
    fixes = corrections.correction(
        reading.sheets, None, (), settles=(corrections.settled(None, said),), who=WHO, when=WHEN
    )
    now = made(reading, fixes)
    assert [f.code for f in now.findings] == ["confirmed"] and now.sheets == reading.sheets
    assert now.findings[0].text is not None and WHO in now.findings[0].text


def test_what_a_profile_warns_of_is_found_right_and_what_it_refuses_is_not() -> None:
    reading = read_file(SIX)
    sheet = reading.sheets[0]
    doubt = finding("code-left-out", indicator=1, text="某名称")
    fixes = corrections.correction(
        reading.sheets, 0, (), settles=(corrections.settled(sheet, doubt),), who=WHO, when=WHEN
    )
    now = made(reading, fixes).sheets[0]
    assert corrections.is_confirmed(now, doubt) and not corrections.is_confirmed(sheet, doubt)
    for other in (
        finding("code-left-out", indicator=1, text="另一名称"),
        finding("code-left-out", indicator=2, text="某名称"),
        finding("code-missing", indicator=1, text="某名称"),
    ):
        assert not corrections.is_confirmed(now, other)


Many = Callable[[st.DataObject], None]


@settings(deadline=None, max_examples=30)
@given(spots(), st.data())
def test_taking_rows_back_one_after_the_other_leaves_what_was(
    spot: tuple[Reading, int, int], data: st.DataObject
) -> None:
    reading, number, _index = spot
    entries: list[Correction] = []
    for step in range(data.draw(st.integers(1, 4))):
        sheet = made(reading, *entries).sheets[number]
        count = len(sheet.indicators)
        change: Change
        if count and data.draw(st.booleans()):
            change = corrections.removed(sheet, "indicators", data.draw(st.integers(0, count - 1)))
        else:
            change = corrections.added(
                sheet, "indicators", data.draw(st.integers(-1, count - 1)), f"{NEW}{step}"
            )
        entries.append(one(reading, number, change))
    assert not [f for f in made(reading, *entries).sheets[number].findings if f.code == "correction-not-made"]
    assert made(reading, *entries) == made(reading, *entries)
    while entries:
        entries.pop()
        sheet = made(reading, *entries).sheets[number]
    assert sheet == reading.sheets[number]


def test_files_of_corrections_of_before_are_read_as_they_were(tmp_path: Path) -> None:
    source = tmp_path / "six.txt"
    source.write_bytes(SIX.read_bytes())
    reading = read_file(source)
    assert reading.source and reading.source.sha256
    row = {"name": "网络故障发生次数", "place": {"row": 37}, "index": 1}
    old = {
        "format": "jixiao-corrections", "version": 1, "source": {"sha256": reading.source.sha256},
        "corrections": [{
            "sheet": {"name": "农村网络使用费", "index": 1}, "who": WHO, "when": WHEN,
            "changes": [{
                "at": {"part": "indicators", "item": row},
                "field": "value", "after": "≤2次",
            }],
        }],
    }  # fmt: skip
    corrections.beside(source).write_bytes(msgspec.json.encode(old))
    assert corrections.get(read_file(source).sheets[1].indicators[1], "value") == "≤2次"
