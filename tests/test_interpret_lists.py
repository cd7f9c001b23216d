"""Tables that list projects: levels side by side in the heads, unit and projects in one column."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jixiao.convert import read
from jixiao.model import Reading, Sheet

TITLE = "某县2024年部门预算项目绩效目标表\n单位：万元\n"
HEADS = (
    "单位编码（项目编码）\t单位（项目名称）\t项目金额\t\t绩效目标\t成本指标\t\t产出指标\t\t满意度指标\t\n"
    "\t\t资金总额\t财政拨款\t\t三级指标\t指标值\t三级指标\t指标值\t三级指标\t指标值\n"
)
BODY = (
    "101\t某局\t30\t27\t\t\t\t\t\t\t\n"
    "4100000000000001\t甲项目\t10\t9\t完成培训。\t培训成本\t≤300元/人\t培训人数\t≥10人\t学员满意度\t≥90%\n"
    "\t\t\t\t\t\t\t完成及时率\t100%\t\t\n"
    "4100000000000002\t乙项目\t20\t18\t修好道路。\t修路成本\t≤5万元\t修路里程\t5公里\t村民满意度\t≥85%\n"
)
TREE = (
    "2024年部门项目支出绩效目标表\n"
    "单位名称、项目名称\t项目年度绩效目标\t一级指标\t二级指标\t三级指标\t指标性质\t指标值\t度量单位\n"
    "1\t2\t3\t4\t5\t6\t7\t8\n"
    "某县水务局\t\t\t\t\t\t\t\n"
    "  甲项目\t保障供水。\t\t\t\t\t\t\n"
    "\t\t产出指标\t\t\t\t\t\n\t\t\t数量指标\t\t\t\t\n\t\t\t\t维修工程\t>=\t26\t处\n"
    "  乙项目\t巡查河道。\t\t\t\t\t\t\n"
    "\t\t效益指标\t\t\t\t\t\n\t\t\t社会效益指标\t\t\t\t\n\t\t\t\t供水保证率\t>=\t95\t%\n"
)


def reading(text: str) -> Reading:
    return read(text.encode())


def rows(sheet: Sheet) -> list[tuple[str | None, str | None, str | None]]:
    """Level 1, name and value of each indicator."""
    return [
        (i.level1.term if i.level1 else None, i.level3, i.value.text if i.value else None)
        for i in sheet.indicators
    ]


def codes(sheet: Sheet) -> list[str]:
    return [f.code for f in sheet.findings]


def test_levels_side_by_side_are_rows_of_a_sheet_for_each_project() -> None:
    found = reading(TITLE + HEADS + BODY)
    first, second = found.sheets
    assert rows(first) == [
        ("成本指标", "培训成本", "≤300元/人"),
        ("产出指标", "培训人数", "≥10人"),
        ("产出指标", "完成及时率", "100%"),
        ("满意度指标", "学员满意度", "≥90%"),
    ]
    assert [i.level1.text if i.level1 else None for i in first.indicators] == [
        "成本指标",
        "产出指标",
        None,
        "满意度指标",
    ]
    assert rows(second) == [
        ("成本指标", "修路成本", "≤5万元"),
        ("产出指标", "修路里程", "5公里"),
        ("满意度指标", "村民满意度", "≥85%"),
    ]
    assert [(s.project and s.project.text, s.agency and s.agency.text) for s in found.sheets] == [
        ("甲项目", "某局"),
        ("乙项目", "某局"),
    ]
    assert [s.goals[0].text for s in found.sheets] == ["完成培训。", "修好道路。"]
    assert [codes(s) for s in found.sheets] == [[], []]
    assert found.unplaced == ()


def test_the_sums_of_each_project_are_its_own_and_those_of_the_unit_are_no_ones() -> None:
    first, second = reading(TITLE + HEADS + BODY).sheets
    assert first.funds and second.funds
    sums = [[line.amounts["budget"].number for line in s.lines] for s in (first.funds, second.funds)]
    assert sums == [["10", "9"], ["20", "18"]]
    assert [f.text for f in first.fields if f.label is None and f.text in ("30", "27")] == ["30", "27"]
    assert all(f.text not in ("30", "27") for f in second.fields)


def test_only_heads_that_are_printed_are_columns() -> None:
    sheet = reading(TITLE + HEADS + BODY).sheets[0]
    assert [(c.role, c.text) for c in sheet.columns] == [("level3", "三级指标"), ("value", "指标值")]


def test_each_indicator_stands_where_its_name_does() -> None:
    places = [i.place.row for i in reading(TITLE + HEADS + BODY).sheets[0].indicators if i.place]
    assert [b - a for a, b in pairwise(places)] == [0, 1, -1]


def test_a_name_without_a_value_and_a_value_without_a_name_are_said() -> None:
    sheet = reading(TITLE + HEADS + BODY.replace("学员满意度\t≥90%", "学员满意度\t")).sheets[0]
    assert rows(sheet)[-1] == ("满意度指标", "学员满意度", None)
    assert [(f.code, f.indicator) for f in sheet.findings] == [("value-missing", 3)]
    sheet = reading(TITLE + HEADS + BODY.replace("完成及时率\t100%", "\t100%")).sheets[0]
    assert rows(sheet)[2] == ("产出指标", None, "100%")
    assert ("name-missing", 2) in [(f.code, f.indicator) for f in sheet.findings]


@pytest.mark.parametrize("again", [HEADS, "\t".join(map(str, range(1, 12))) + "\n"])
def test_heads_printed_again_and_numbers_of_columns_are_no_rows(again: str) -> None:
    one, two, three, four = BODY.splitlines(keepends=True)
    before = reading(TITLE + HEADS + BODY).sheets
    after = reading(
        TITLE + HEADS + (again if again != HEADS else "") + one + two + three + again + four
    ).sheets
    assert [rows(s) for s in after] == [rows(s) for s in before]


@pytest.mark.parametrize("between", [TITLE, "单位：万元\n"])
def test_a_list_goes_on_over_pages_that_print_its_heads_again(between: str) -> None:
    one, two, three, four = BODY.splitlines(keepends=True)
    before = reading(TITLE + HEADS + BODY).sheets
    after = reading(TITLE + HEADS + one + two + between + HEADS + three + four).sheets
    assert [rows(s) for s in after] == [rows(s) for s in before]
    assert [s.agency for s in after] == [s.agency for s in before]


def test_two_lists_stand_below_each_other() -> None:
    other = TITLE.replace("部门预算", "专项资金") + HEADS + BODY.replace("某局", "某处")
    found = reading(TITLE + HEADS + BODY + other).sheets
    assert [s.agency and s.agency.text for s in found] == ["某局", "某局", "某处", "某处"]
    assert len({s.title for s in found}) == 2


def test_second_levels_and_weights_stand_under_some_levels_and_remarks_behind_them() -> None:
    text = (
        TITLE + "项目名称\t资金总额\t产出指标\t\t\t\t满意度指标\t\t备注\n"
        "\t\t二级指标\t三级指标\t指标值\t权重\t三级指标\t指标值\t\n"
        "甲项目\t10\t数量指标\t培训人数\t≥10人\t20\t学员满意度\t≥90%\t延续\n"
        "\t\t时效指标\t完成及时率\t100%\t10\t\t\t\n"
    )
    (sheet,) = reading(text).sheets
    assert [(i.level2.term if i.level2 else None, i.level3, i.weight) for i in sheet.indicators] == [
        ("数量指标", "培训人数", "20"),
        ("时效指标", "完成及时率", "10"),
        (None, "学员满意度", None),
    ]
    assert [(f.label, f.text) for f in sheet.fields if f.text == "延续"] == [("备注", "延续")]
    assert codes(sheet) == []


def test_second_levels_side_by_side_tell_their_first_levels() -> None:
    text = (
        TITLE + "项目名称\t数量指标\t\t社会效益指标\t\n\t三级指标\t指标值\t三级指标\t指标值\n"
        "甲项目\t培训人数\t≥10人\t知晓率\t≥80%\n"
    )
    (sheet,) = reading(text).sheets
    assert [(i.level1.term, i.level2.term) for i in sheet.indicators if i.level1 and i.level2] == [
        ("产出指标", "数量指标"),
        ("效益指标", "社会效益指标"),
    ]
    assert codes(sheet) == ["level1-inferred", "level1-inferred"]


def test_one_project_prints_its_levels_side_by_side_under_its_header() -> None:
    text = (
        "项目支出绩效目标表\n（2024年度）\n项目名称\t某项目\n主管部门\t某局\n年度目标\t完成培训。\n绩效指标\t\t\t\n"
        "产出指标\t\t效益指标\t\n三级指标\t指标值\t三级指标\t指标值\n"
        "培训人数\t≥10人\t业务能力\t提升\n合格率\t≥98%\t\t\n"
    )
    (sheet,) = reading(text).sheets
    assert [c.role for c in sheet.columns] == ["side", "level3", "value"]
    assert [r[0] for r in rows(sheet)] == ["产出指标", "产出指标", "效益指标"]
    assert (sheet.project and sheet.project.text, sheet.goals[0].text) == ("某项目", "完成培训。")


def test_heads_of_three_rows_with_merged_cells() -> None:
    text = (
        "<p>某县2024年部门预算项目绩效目标表</p><table>"
        "<tr><td rowspan=3>项目名称</td><td colspan=2>项目金额</td><td colspan=4>绩效指标</td></tr>"
        "<tr><td rowspan=2>资金总额</td><td rowspan=2>财政拨款</td><td colspan=2>产出指标</td>"
        "<td colspan=2>效益指标</td></tr>"
        "<tr><td>三级指标</td><td>指标值</td><td>三级指标</td><td>指标值</td></tr>"
        "<tr><td rowspan=2>甲项目</td><td rowspan=2>10</td><td rowspan=2>9</td>"
        "<td>培训人数</td><td>≥10人</td><td>业务能力</td><td>提升</td></tr>"
        "<tr><td>合格率</td><td>≥98%</td><td></td><td></td></tr></table>"
    )
    (sheet,) = reading(f"<html><body>{text}</body></html>").sheets
    assert rows(sheet) == [
        ("产出指标", "培训人数", "≥10人"),
        ("产出指标", "合格率", "≥98%"),
        ("效益指标", "业务能力", "提升"),
    ]
    assert sheet.project and sheet.project.text == "甲项目"
    assert sheet.funds and [line.amounts["budget"].number for line in sheet.funds.lines] == ["10", "9"]
    assert codes(sheet) == []


NAMES = st.sampled_from(["培训人数", "完成及时率", "修路里程", "验收合格率", "受益户数"])
VALUES = st.sampled_from(["≥10人", "100%", "5公里", "≥98%", "≤3万元"])


@given(st.lists(st.lists(st.tuples(NAMES, VALUES), min_size=1, max_size=4), min_size=3, max_size=3))
def test_every_pair_is_an_indicator_of_the_level_it_stands_under(levels: list[list[tuple[str, str]]]) -> None:
    lines = []
    for k in range(max(map(len, levels))):
        cells = [c for level in levels for c in (level[k] if k < len(level) else ("", ""))]
        lines.append("\t".join(["", "甲项目" if k == 0 else "", "", "", "", *cells]))
    (sheet,) = reading(TITLE + HEADS + "\n".join(lines) + "\n").sheets
    words = ("成本指标", "产出指标", "满意度指标")
    assert rows(sheet) == [(w, *pair) for w, level in zip(words, levels, strict=True) for pair in level]


def test_a_column_of_units_and_their_projects_makes_a_sheet_of_each_project() -> None:
    found = reading(TREE)
    assert [(s.project and s.project.text, s.agency and s.agency.text) for s in found.sheets] == [
        ("甲项目", "某县水务局"),
        ("乙项目", "某县水务局"),
    ]
    assert [s.goals[0].text for s in found.sheets] == ["保障供水。", "巡查河道。"]
    assert [rows(s) for s in found.sheets] == [
        [("产出指标", "维修工程", ">=26处")],
        [("效益指标", "供水保证率", ">=95%")],
    ]
    assert [codes(s) for s in found.sheets] == [[], []]


def test_of_units_right_under_each_other_the_last_is_the_projects_and_none_is_lost() -> None:
    text = TREE.replace("某县水务局\t", "某县\t\t\t\t\t\t\t\n某县水务局\t", 1)
    first, second = reading(text).sheets
    assert [s.agency and s.agency.text for s in (first, second)] == ["某县水务局", "某县水务局"]
    assert "某县" in [f.text for f in first.fields]


@pytest.mark.parametrize("text", [TITLE + HEADS, TITLE + HEADS + BODY[: BODY.index("4100")]])
def test_a_list_without_projects_is_a_form_that_nobody_filled_in(text: str) -> None:
    found = reading(text)
    (sheet,) = found.sheets
    assert (sheet.kind, sheet.project, sheet.indicators) == ("template", None, ())
    assert (sheet.agency and sheet.agency.text) == ("某局" if "某局" in text else None)
    assert codes(sheet) == []
    assert (found.unplaced, sheet.unplaced) == ((), ("成本指标", "产出指标", "满意度指标"))


def test_a_level_without_indicators_is_kept_with_its_project() -> None:
    first, second = reading(TITLE + HEADS + BODY.replace("修路成本\t≤5万元", "\t")).sheets
    assert (first.unplaced, second.unplaced) == ((), ("成本指标",))
    assert [r[0] for r in rows(second)] == ["产出指标", "满意度指标"]


def test_a_level_that_nobody_knows_is_said_of_the_indicators_under_it() -> None:
    (sheet, _) = reading(TITLE + HEADS.replace("满意度指标", "其他要求") + BODY).sheets
    assert sheet.indicators[-1].level3 == "学员满意度"
    assert ("其他要求", 3) in [(f.text, f.indicator) for f in sheet.findings if f.severity == "warning"]


def test_projects_of_one_name_are_told_by_their_codes() -> None:
    first, second = reading(TITLE + HEADS + BODY.replace("乙项目", "甲项目")).sheets
    assert [len(s.indicators) for s in (first, second)] == [4, 3]


def test_a_tree_without_projects_is_a_form_that_nobody_filled_in() -> None:
    (sheet,) = reading(TREE[: TREE.index("  甲项目")]).sheets
    assert [c.role for c in sheet.columns if c.role.startswith("level")] == ["level1", "level2", "level3"]
    assert (sheet.kind, sheet.agency and sheet.agency.text) == ("template", "某县水务局")
