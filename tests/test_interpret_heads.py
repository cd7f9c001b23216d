"""Which column holds the target: heads of many makes, read through the public door."""

import pytest
from jixiao.convert import read
from jixiao.interpret import interpret
from jixiao.model import Indicator, Sheet
from test_interpret import said, table

TITLE = "某县项目支出绩效目标表\n(2024年度)\n项目名称\t某项目\n"
LEVELS = "一级指标\t二级指标\t三级指标\t"
ROW = "产出指标\t数量指标\t护岸长度\t"


def sheet(text: str) -> Sheet:
    (one,) = read((TITLE + text).encode()).sheets
    return one


def codes(of: Sheet) -> set[str]:
    return {f.code for f in of.findings if f.severity != "info"}


def value(of: Indicator) -> str | None:
    return of.value.text if of.value else None


def test_a_head_of_its_own_behind_the_names_holds_the_value_and_says_so() -> None:
    one = sheet(LEVELS + "指标内容要求\n" + ROW + "≥12米\n\t质量指标\t合格率\t95%\n")
    assert [value(i) for i in one.indicators] == ["≥12米", "95%"]
    assert codes(one) == set()
    other = sheet(LEVELS + "栏目甲\n" + ROW + "≥12米\n\t质量指标\t合格率\t95%\n")
    assert [value(i) for i in other.indicators] == ["≥12米", "95%"]
    assert codes(other) == {"unnamed-column"}


def test_beside_sign_and_unit_stands_the_value() -> None:
    one = sheet(LEVELS + "运算符号\t内容\t度量单位\n" + ROW + ">=\t12\t米\n\t质量指标\t外观\t定性\t优良\t\n")
    assert [value(i) for i in one.indicators] == [">=12米", "优良"]
    assert codes(one) == set()


def test_of_half_a_year_and_the_whole_the_whole_is_the_target() -> None:
    one = sheet(LEVELS + "指标单位\t半年（计划）值\t全年（计划）值\n" + ROW + "米\t5\t≥12\n")
    (made,) = one.indicators
    assert value(made) == "≥12米"
    assert made.remark == "5"


@pytest.mark.parametrize("heads", ["2023年\t2024年\t2025年", "2023年目标值\t2024年目标值\t2025年目标值"])
def test_of_several_years_the_sheets_own_is_the_target(heads: str) -> None:
    one = sheet(LEVELS + heads + "\n" + ROW + "10米\t≥12米\t14米\n")
    (made,) = one.indicators
    assert (value(made), made.remark, made.values) == ("≥12米", "10米 14米", None)


def test_years_without_the_sheets_own_are_kept_by_their_heads() -> None:
    one = sheet(LEVELS + "2021年\t2022年\n" + ROW + "10米\t≥12米\n")
    (made,) = one.indicators
    assert made.value is None
    assert {k: v.text for k, v in (made.values or {}).items()} == {"2021年": "10米", "2022年": "≥12米"}


def test_the_years_before_stand_beside_the_target_below_one_head() -> None:
    heads = LEVELS + "指标值\t\t\t备注\n\t\t\t前年\t上年\t预计当年实现\t\n"
    one = sheet(heads + ROW + "10米\t11米\t≥12米\t某事\n")
    (made,) = one.indicators
    assert value(made) == "≥12米"
    assert made.remark == "某事 10米 11米"


def test_recipients_share_the_unit() -> None:
    one = sheet(LEVELS + "计量单位\t甲市\t乙市\n" + ROW + "米\t≥12\t8\n")
    (made,) = one.indicators
    assert made.value is None
    assert {k: v.text for k, v in (made.values or {}).items()} == {"甲市": "≥12米", "乙市": "8米"}
    assert codes(one) == set()


def test_blocks_side_by_side_may_print_their_second_levels_too() -> None:
    heads = "一级指标\t二级指标\t三级指标\t指标值\t二级指标\t三级指标\t指标值\n"
    one = sheet(heads + "产出指标\t数量指标\t护岸长度\t≥36米\t数量指标\t护岸长度\t≥12米\n")
    (made,) = one.indicators
    assert made.level2 is not None
    assert (made.level2.text, value(made)) == ("数量指标", "≥12米")
    assert made.value_long is not None
    assert made.value_long.text == "≥36米"
    assert codes(one) == set()


def test_names_that_differ_between_the_blocks_are_said() -> None:
    heads = "一级指标\t二级指标\t三级指标\t指标值\t三级指标\t指标值\n"
    one = sheet(heads + "产出指标\t数量指标\t堤防长度\t≥36米\t护岸长度\t≥12米\n")
    assert codes(one) == {"doubtful-name"}


def test_heads_of_two_rows_without_merged_cells() -> None:
    heads = (
        "绩效指标\t\t\t年度指标值\t\t\t实际完成值\t分值\t得分\n"
        + LEVELS
        + "指标性质\t指标值\t度量单位\t\t\t\n"
    )
    one = sheet(heads + ROW + "≥\t12\t米\t13\t50\t48\n")
    (made,) = one.indicators
    assert made.actual is not None
    assert (value(made), made.actual.text, made.weight, made.score) == ("≥12米", "13", "50", "48")
    assert codes(one) == set()


def test_a_head_broken_inside_its_bracket_is_one() -> None:
    one = sheet(
        "一级指标 二级指标 三级指标 指标值（包含数字及文字描\n述）\n产出指标 数量指标 护岸长度 ≥12 米\n"
    )
    assert [(i.level3, value(i)) for i in one.indicators] == [("护岸长度", "≥12 米")]


def test_the_first_level_may_have_a_head_of_its_own() -> None:
    one = sheet("指标类别\t二级指标\t三级指标\t绩效指标值\t批复意见\n" + ROW + "≥12米\t同意\n")
    (made,) = one.indicators
    assert made.level1 is not None
    assert (made.level1.term, value(made), made.remark) == ("产出指标", "≥12米", "同意")
    assert codes(one) == set()


def test_the_execution_of_the_budget_with_a_target_is_an_indicator() -> None:
    one = sheet(LEVELS + "指标值\n" + ROW + "≥12米\n预算执行率\t≥95%\n\t时效指标\t完成及时性\t及时\n")
    assert [i.level3 for i in one.indicators] == ["护岸长度", "预算执行率", "完成及时性"]


def test_a_row_without_a_number_needs_no_unit() -> None:
    rows = "≥\t12\t米\n\t\t块石量\t≥\t3\t吨\n\t质量指标\t合格率\t≥\t95\t%\n\t\t外观\t\t优良\t\n"
    one = sheet(LEVELS + "指标性质\t指标值\t度量单位\n" + ROW + rows)
    assert codes(one) == set()


def test_a_blank_form_with_notes_has_no_indicators_and_no_project() -> None:
    form = "一级指标\n二级指标\n三级指标\n指标值\n产出指标\n数量指标\n指标1：\n \n指标2：\n \n"
    notes = "填报说明：\n1.项目名称：按批复的名称填写。\n2.年度资金总额：单位为万元。\n"
    (one,) = read(("某县项目支出绩效目标表\n项目名称\n \n" + form + notes).encode()).sheets
    assert one.indicators == ()
    assert one.project is None
    assert one.funds is None
    assert "1.项目名称：按批复的名称填写。" in one.unplaced


def test_a_level_over_two_rows_that_is_a_head_elsewhere_is_no_head() -> None:
    (one,) = interpret(
        table(
            ["一级指标", "二级指标", "三级指标", "指标值"],
            [("满意度指标", 2, 1), ("具体指标", 2, 1), "群众满意度", "≥90%"],
            ["企业满意度", "≥95%"],
        )
    ).sheets
    assert [said(i)[2:] for i in one.indicators] == [("群众满意度", "≥90%"), ("企业满意度", "≥95%")]


def test_values_told_behind_the_table_are_put_to_as_many_names_and_said() -> None:
    lines = "一级指标\n二级指标\n三级指标\n产出指标\n数量指标\n护岸长度\n块石量\n质量指标\n合格率\n"
    late = "注：以批复数为准。\n指标值\n≥12米\n≥3 吨\n95%\n"
    one = sheet(lines + late)
    assert [(i.level3, value(i)) for i in one.indicators] == [
        ("护岸长度", "≥12米"),
        ("块石量", "≥3 吨"),
        ("合格率", "95%"),
    ]
    assert "cells-glued" in codes(one)
    fewer = sheet(lines + late.replace("95%\n", ""))
    assert {value(i) for i in fewer.indicators} == {None}
    assert "value-missing" in codes(fewer)


def test_a_weight_before_the_names_tells_rows_of_one_cell_a_line_under_unknown_levels() -> None:
    heads = "一级指标\n二级指标\n分值\n指标内容\n指标值\n评分细则\n"
    first = "投入指标\n资金到位率\n5\n到位资金之比\n100%\n每少10个百分点扣1分\n"
    second = "预算支出进度\n15\n支出进度\n≥90%\n每少1个百分点扣1分\n"
    third = "产出指标\n数量指标\n20\n更新设备台套数\n26台套\n按比例得分\n"
    one = sheet(heads + first + second + third)
    assert [(i.level3, value(i), i.weight) for i in one.indicators] == [
        ("到位资金之比", "100%", "5"),
        ("支出进度", "≥90%", "15"),
        ("更新设备台套数", "26台套", "20"),
    ]
    assert all(f.severity != "info" for f in one.findings if f.indicator in (0, 1))
    assert {0, 1} <= {f.indicator for f in one.findings}
