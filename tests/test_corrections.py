"""Corrections: what was put right is there, nothing else has changed, and nothing is made silently."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest
from clerk import FIXTURES
from hypothesis import given, settings
from hypothesis import strategies as st
from jixiao import corrections
from jixiao.convert import explained, read, read_file
from jixiao.corrections import Change, Conflict, Correction, Corrections, Origin
from jixiao.errors import BadInput
from jixiao.findings import finding
from jixiao.interpret import interpret
from jixiao.layout import layout
from jixiao.model import Indicator, Reading, Sheet, Value, content
from jixiao.review.signoff import load, sign
from jixiao.testkit import readings

SIX = FIXTURES / "six" / "sheets.txt"
SHA = "0" * 64
WHO, WHEN = "王某（虚构）", "2026-03-01T09:00:00+08:00"
PLAIN = ("level3", "value", "weight", "score", "standard", "explanation", "remark", "actual", "value_long")
LEVELS = ("level1", "level2")
TEXTS = st.sampled_from(["≥95%", "30万元", "有效提高", "2022年12月底前", "=1+1", "培训人次", "10"])
PAIRS = st.sampled_from(
    [
        ("产出指标", "数量指标"),
        ("产出指标", "时效指标"),
        ("效益指标", "社会效益指标"),
        ("满意度指标", "服务对象满意度指标"),
    ]
)


def made(reading: Reading, *every: Correction) -> Reading:
    fixes = Corrections(source=Origin(sha256=SHA), corrections=every)
    assert corrections.decode(corrections.encode(fixes)) == fixes
    return corrections.apply(reading, corrections.decode(corrections.encode(fixes)), SHA)


def one(reading: Reading, number: int, *changes: Change) -> Correction:
    return corrections.correction(reading.sheets, number, changes, who=WHO, when=WHEN)


@st.composite
def spots(draw: st.DrawFn) -> tuple[Reading, int, int]:
    """A reading, the index of a sheet in it that has indicators, and the index of one of these."""
    reading = draw(readings().filter(lambda r: any(s.indicators for s in r.sheets)))
    number = draw(st.sampled_from([k for k, s in enumerate(reading.sheets) if s.indicators]))
    return reading, number, draw(st.integers(0, len(reading.sheets[number].indicators) - 1))


def change(reading: Reading, number: int, index: int, field: str, after: str | None) -> Change:
    return corrections.change(reading.sheets[number], field, after, part="indicators", index=index)


def without_indicator(sheet: Sheet, index: int) -> Sheet:
    rest = (*sheet.indicators[:index], *sheet.indicators[index + 1 :])
    return msgspec.structs.replace(sheet, indicators=rest, findings=())


@settings(deadline=None, max_examples=60)
@given(spots(), st.sampled_from(PLAIN), TEXTS | st.none())
def test_a_field_says_what_it_was_corrected_to_and_all_else_stays(
    spot: tuple[Reading, int, int], field: str, after: str | None
) -> None:
    reading, number, index = spot
    wanted = change(reading, number, index, field, after)
    result = made(reading, one(reading, number, wanted))
    was, now = reading.sheets[number], result.sheets[number]
    assert corrections.get(now.indicators[index], field) == after
    assert without_indicator(now, index) == without_indicator(was, index)
    same = msgspec.structs.replace(now.indicators[index], **{field: getattr(was.indicators[index], field)})
    assert same == was.indicators[index]
    assert result.sheets[:number] + result.sheets[number + 1 :] == (
        reading.sheets[:number] + reading.sheets[number + 1 :]
    )
    (said,) = [f for f in now.findings if f not in was.findings]
    assert (said.severity, said.indicator, said.before, said.after) == ("info", index, wanted.before, after)
    assert said.text is not None and WHO in said.text and WHEN in said.text


@settings(deadline=None, max_examples=80)
@given(spots(), PAIRS)
def test_a_row_moved_to_other_levels_is_drawn_there(
    spot: tuple[Reading, int, int], pair: tuple[str, str]
) -> None:
    """What a merged cell covered is printed anew, so that the form of the corrected sheet reads the same."""
    reading, number, index = spot
    sheet = reading.sheets[number]
    if any(i.level1 is None or i.level2 is None for i in sheet.indicators):
        return
    moves = [change(reading, number, index, level, term) for level, term in zip(LEVELS, pair, strict=True)]
    now = made(reading, one(reading, number, *moves)).sheets[number]
    for k, (a, b) in enumerate(zip(sheet.indicators, now.indicators, strict=True)):
        assert levels(b) == (pair if k == index else levels(a))
    drawn = interpret(layout(msgspec.structs.replace(reading, sheets=(now,)))).sheets[0]
    assert [levels(i) for i in drawn.indicators] == [levels(i) for i in now.indicators]
    assert content(drawn).indicators == content(now).indicators


def levels(indicator: Indicator) -> tuple[str | None, ...]:
    return tuple(corrections.get(indicator, level) for level in LEVELS)


@settings(deadline=None, max_examples=40)
@given(spots(), st.sampled_from(PLAIN), TEXTS)
def test_taking_a_correction_back_leaves_what_was(
    spot: tuple[Reading, int, int], field: str, after: str
) -> None:
    reading, number, index = spot
    first = one(reading, number, change(reading, number, index, field, after))
    once = made(reading, first)
    back = one(once, number, change(once, number, index, field, first.changes[0].before))
    assert [content(s) for s in made(reading, first, back).sheets] == [content(s) for s in reading.sheets]


@settings(deadline=None, max_examples=40)
@given(spots(), st.sampled_from(PLAIN), TEXTS)
def test_what_reads_otherwise_than_was_seen_is_left_and_told(
    spot: tuple[Reading, int, int], field: str, after: str
) -> None:
    reading, number, index = spot
    seen = msgspec.structs.replace(change(reading, number, index, field, after), before="从未有过")
    fits = change(reading, number, index, "remark", "另一处")
    result = made(reading, one(reading, number, fits, seen))
    assert [content(s) for s in result.sheets] == [content(s) for s in reading.sheets]
    (said,) = [f for f in result.sheets[number].findings if f not in reading.sheets[number].findings]
    assert (said.code, said.severity) == ("correction-not-made", "error")


@settings(deadline=None, max_examples=30)
@given(spots(), TEXTS)
def test_corrections_of_another_source_are_left_and_told(spot: tuple[Reading, int, int], after: str) -> None:
    reading, number, index = spot
    fixes = Corrections(
        source=Origin(sha256="1" * 64),
        corrections=(one(reading, number, change(reading, number, index, "value", after)),),
    )
    result = corrections.apply(reading, fixes, SHA)
    assert result.sheets == reading.sheets
    (said,) = [f for f in result.findings if f not in reading.findings]
    assert (said.code, said.severity, said.text) == ("corrections-stale", "error", "1")


@settings(deadline=None, max_examples=30)
@given(spots(), TEXTS)
def test_a_row_more_above_does_not_lead_a_correction_astray(
    spot: tuple[Reading, int, int], after: str
) -> None:
    """A later version may read a row more: the corrected one is found by its name and place."""
    reading, number, index = spot
    sheet = reading.sheets[number]
    wanted = one(reading, number, change(reading, number, index, "value", after))
    new = Indicator(level3="新读出的一行", value=Value(text="1"))
    more = msgspec.structs.replace(sheet, indicators=(new, *sheet.indicators), findings=())
    sheets = (*reading.sheets[:number], more, *reading.sheets[number + 1 :])
    result = made(msgspec.structs.replace(reading, sheets=sheets), wanted).sheets[number]
    changed = [k for k, (a, b) in enumerate(zip(more.indicators, result.indicators, strict=True)) if a != b]
    told = [f for f in result.findings if f.severity == "error"]
    assert changed in ([index + 1], []) and (
        changed or told or sheet.indicators[index].value == Value(text=after)
    )
    names = [i.level3 for i in sheet.indicators]
    if names.count(names[index]) == 1:
        assert corrections.get(result.indicators[index + 1], "value") == after


def test_header_funds_and_goals_can_be_corrected_and_are_drawn_so() -> None:
    reading = read_file(SIX)
    sheet = reading.sheets[0]
    line = next(k for k, one_ in enumerate(sheet.funds.lines if sheet.funds else ()) if one_.amounts)
    fixes = one(
        reading, 0,
        corrections.change(sheet, "project", "51000022R000000012345-虚构项目"),
        corrections.change(sheet, "fiscal_year", "2023"),
        corrections.change(sheet, "agency", "虚构办公室"),
        corrections.change(sheet, "amounts.budget", "99.5", part="lines", index=line),
        corrections.change(sheet, "text", "另一个目标。", part="goals", index=0),
    )  # fmt: skip
    now = made(reading, fixes).sheets[0]
    assert now.project is not None and (now.project.code, now.project.name) == (
        "51000022R000000012345", "虚构项目",
    )  # fmt: skip
    assert now.fiscal_year == 2023 and now.funds is not None
    assert now.funds.lines[line].amounts["budget"].number == "99.5"
    drawn = interpret(layout(msgspec.structs.replace(reading, sheets=(now,)))).sheets[0]
    assert content(drawn) == content(now)


@pytest.mark.parametrize(
    ("field", "after"), [("fiscal_year", "今年"), ("indicators", "x"), ("nothing", "x"), ("kind", "another")]
)
def test_a_field_or_text_that_the_model_has_no_room_for_is_told(field: str, after: str) -> None:
    reading = read_file(SIX)
    before = "2022" if field == "fiscal_year" else "target" if field == "kind" else None
    result = made(reading, one(reading, 0, Change(field=field, before=before, after=after)))
    assert content(result.sheets[0]) == content(reading.sheets[0])
    assert [f.code for f in result.sheets[0].findings if f.severity == "error"] == ["correction-not-made"]


def test_a_confirmed_reading_is_doubted_no_more_until_it_reads_otherwise() -> None:
    reading = read_file(SIX)
    sheet = reading.sheets[0]
    doubt = next(f for f in sheet.findings if f.code == "cell-shifted")
    changes, settled = corrections.confirm(sheet, doubt)
    fixes = corrections.correction(reading.sheets, 0, changes, settles=settled, who=WHO, when=WHEN)
    now = made(reading, fixes).sheets[0]
    assert content(now) == content(sheet) and doubt not in now.findings
    assert [f.code for f in now.findings if f.indicator == doubt.indicator] == ["confirmed"]
    assert doubt.indicator is not None
    other = made(reading, one(reading, 0, change(reading, 0, doubt.indicator, "level1", "产出指标")), fixes)
    assert any(f.code == "correction-not-made" for f in other.sheets[0].findings)


def test_a_row_that_was_confirmed_is_doubted_anew_where_it_reads_otherwise() -> None:
    reading = read_file(SIX)
    glued = finding("cells-glued", indicator=1, text="工作完成率")
    sheet = msgspec.structs.replace(reading.sheets[0], findings=(glued,))
    seen = msgspec.structs.replace(reading, sheets=(sheet, *reading.sheets[1:]))
    changes, settled = corrections.confirm(sheet, glued)
    fixes = corrections.correction(seen.sheets, 0, changes, settles=settled, who=WHO, when=WHEN)
    assert [f.code for f in made(seen, fixes).sheets[0].findings] == ["confirmed"]
    other = one(seen, 0, change(seen, 0, 1, "remark", "另一种读法"))
    codes = [f.code for f in made(seen, other, fixes).sheets[0].findings]
    assert codes == ["cells-glued", "filled-in", "correction-not-made"]


def test_they_are_made_wherever_the_file_is_read(tmp_path: Path) -> None:
    source, fixes = _filled_in(tmp_path)
    corrections.save(source, fixes, None)
    now = read_file(source)
    assert corrections.get(now.sheets[1].indicators[1], "value") == "≤2次"
    assert not any(f.code == "value-missing" and f.indicator == 1 for f in now.sheets[1].findings)
    seen = explained(source.read_bytes(), source.name, fixes=fixes)
    assert [one_.sheet.indicators for one_ in seen] == [s.indicators for s in now.sheets]
    assert read(source.read_bytes(), source.name).sheets[1].indicators[1].value is None


def test_a_name_as_long_as_file_systems_take_can_be_corrected_and_signed(tmp_path: Path) -> None:
    source, fixes = _filled_in(tmp_path)
    sources = [source.with_name("长" * 83 + name) for name in ("a.txt", "b.txt")]
    for one_ in sources:
        one_.write_bytes(source.read_bytes())
    assert [read_file(one).sheets[1].indicators[1].value for one in sources] == [None, None]
    corrections.save(sources[0], fixes, None)
    corrections.save(sources[0], fixes, corrections.load(sources[0]).revision)
    assert [read_file(one).sheets[1].indicators[1].value is None for one in sources] == [False, True]
    sign(sources[0], read_file(sources[0]).sheets, 0, "虚构甲", "2024-01-01T00:00:00Z", 0)
    assert [len(load(one).signatures) for one in sources] == [1, 0]
    names = [one.name for one in tmp_path.iterdir() if corrections.is_corrections(one.name)]
    assert len(names) == 2 and all(name.startswith("长" * 70) for name in names)


def test_a_changed_source_is_read_as_it_is(tmp_path: Path) -> None:
    source, fixes = _filled_in(tmp_path)
    corrections.save(source, fixes, None)
    source.write_bytes(source.read_bytes() + b"\n")
    now = read_file(source)
    assert now.sheets[1].indicators[1].value is None
    assert [f.code for f in now.findings if f.severity == "error"] == ["corrections-stale"]
    again = msgspec.structs.replace(
        fixes, source=Origin(sha256=hashlib.sha256(source.read_bytes()).hexdigest())
    )
    corrections.save(source, again, corrections.load(source).revision)
    assert not [f for f in read_file(source).findings if f.severity == "error"]
    assert len(list(tmp_path.glob("*.fixes.json"))) == 2


def test_what_somebody_else_saved_meanwhile_is_never_written_over(tmp_path: Path) -> None:
    source, fixes = _filled_in(tmp_path)

    def save(number: int) -> str | None:
        mine = msgspec.structs.replace(fixes, source=Origin(name=f"{number}", sha256=fixes.source.sha256))
        try:
            return corrections.save(source, mine, None)
        except Conflict:
            return None

    with ThreadPoolExecutor(8) as pool:
        won = [revision for revision in pool.map(save, range(8)) if revision]
    assert won == [corrections.load(source).revision]
    with pytest.raises(Conflict):
        corrections.save(source, fixes, None)
    assert corrections.save(source, fixes, won[0])


@pytest.mark.parametrize("data", [b"", b"{", b"{}", b'{"format":"jixiao","version":1}', b"\xff\xfe"])
def test_a_damaged_file_of_corrections_stops_its_input(data: bytes, tmp_path: Path) -> None:
    source, _fixes = _filled_in(tmp_path)
    corrections.beside(source).write_bytes(data)
    with pytest.raises(BadInput) as told:
        read_file(source)
    assert told.value.code == "damaged-corrections"


def test_a_file_of_corrections_is_no_sheet(tmp_path: Path) -> None:
    source, fixes = _filled_in(tmp_path)
    corrections.save(source, fixes, None)
    with pytest.raises(BadInput) as told:
        read_file(corrections.beside(source))
    assert told.value.code == "not-a-sheet"


def _filled_in(folder: Path) -> tuple[Path, Corrections]:
    """The six sheets, and the value that the second lacks."""
    source = folder / "six.txt"
    source.write_bytes(SIX.read_bytes())
    reading = read_file(source)
    assert reading.source is not None and reading.source.sha256 is not None
    origin = Origin(name=source.name, sha256=reading.source.sha256)
    return source, Corrections(
        source=origin, corrections=(one(reading, 1, change(reading, 1, 1, "value", "≤2次")),)
    )


def test_every_name_of_the_package_is_where_it_says() -> None:
    assert sorted(name for names in corrections.PARTS.values() for name in names.split()) == sorted(
        corrections.__all__
    )
    assert all(getattr(corrections, name) is not None for name in corrections.__all__)
