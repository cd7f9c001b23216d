"""Header, funds and goals of many makes: small texts, read through the public door."""

import pytest
from jixiao.convert import read
from jixiao.document import Document, Filler, Line, Section
from jixiao.interpret import interpret
from jixiao.model import Sheet

TOP = "某县项目支出绩效目标表\n(2022年度)\n项目名称\t某项目\n主管部门\t某局\n"
TABLE = "一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t培训人数\t≥10人\n\t质量指标\t合格率\t95%\n"


def sheet(middle: str, top: str = TOP) -> Sheet:
    found = read((top + middle + TABLE).encode()).sheets
    assert len(found) == 1
    assert [i.level3 for i in found[0].indicators] == ["培训人数", "合格率"]
    return found[0]


def codes(of: Sheet) -> set[str]:
    return {f.code for f in of.findings if f.severity != "info"}


def lines(of: Sheet) -> list[tuple[str, str | None]]:
    """Kind and budget of each line of the funds."""
    assert of.funds is not None
    budgets = [(line.kind, line.amounts.get("budget")) for line in of.funds.lines]
    return [(kind, amount.text if amount else None) for kind, amount in budgets if kind != "heads"]


@pytest.mark.parametrize("whole", ["实施期资金总额", "中期资金总额：", "项目总额", "项目总投资"])
@pytest.mark.parametrize("sums", [("100", "60", "40"), ("", "", "")])
def test_funds_of_the_whole_project_are_none_of_the_year(whole: str, sums: tuple[str, str, str]) -> None:
    rows = [(whole, "年度资金总额"), ("其中:财政拨款", "其中:财政拨款"), ("其他资金", "其他资金")]
    year = ("50", "45", "5")
    text = "".join(f"\t{a}\t{x}\t{b}\t{y}\n" for (a, b), x, y in zip(rows, sums, year, strict=True))
    one = sheet("项目资金(万元)" + text)
    kinds = ("total", "fiscal", "other")
    whole_lines = [(f"{k}-long", x or None) for k, x in zip(kinds, sums, strict=True)]
    assert lines(one) == [
        p for pair in zip(whole_lines, zip(kinds, year, strict=True), strict=True) for p in pair
    ]
    assert codes(one) == set()


def test_an_amount_of_the_year_within_that_of_the_project() -> None:
    one = sheet(
        "申报金额(万元)\t总金额\t90\t其中：本年度金额\t30\n\t财政资金\t80\t其中：本年度财政资金\t20\n"
    )
    assert lines(one) == [("total-long", "90"), ("total", "30"), ("fiscal-long", "80"), ("fiscal", "20")]


def test_a_sum_that_names_no_time_is_not_the_whole_of_a_greater_year() -> None:
    one = sheet("项目资金(万元)\t年度资金总额\t30\n\t资金合计\t30\n\t其中:财政拨款\t30\n")
    assert lines(one) == [("total", "30"), ("total", "30"), ("fiscal", "30")]


def test_a_goal_that_names_no_time_is_the_projects_beside_the_years() -> None:
    one = sheet("总体绩效目标\t三年治理四十二公里\n年度绩效目标\t治理十四公里\n")
    assert [(g.scope, g.text) for g in one.goals] == [
        ("long-term", "三年治理四十二公里"),
        ("annual", "治理十四公里"),
    ]


@pytest.mark.parametrize(
    ("cells", "period"),
    [
        ("起始年度\t2022\t终止年度\t2024\n", "2022-2024"),
        ("开始日期\t2026-01-01\n结束日期\t2026-12-31\n", "2026-01-01-2026-12-31"),
        ("项目起止时间\n20210301\n到\n20211231\n", "20210301-20211231"),
        ("开始日期\t2026-01-01\n结束日期\t\n", None),
        ("项目期限\t三年\n开始日期\t2026-01-01\n结束日期\t2026-12-31\n", "三年"),
    ],
)
def test_a_period_in_two_places_is_one(cells: str, period: str | None) -> None:
    one = sheet(cells)
    assert one.period == period
    assert {t for t in cells.split() if t[0] == "2"} <= {f.text for f in one.fields}


def test_a_ticked_choice_stands_without_its_number() -> None:
    assert sheet("项目属性\t1.持续性项目☑ 2.新增性项目□\n").attribute == "持续性项目"


def test_labels_that_carry_a_number() -> None:
    one = sheet(
        "项目资金(万元)\t资金总额\t62\n\t1.财政拨款\t60\n\t2.其他资金\t2\n"
        "项目绩效总目标\t长期绩效目标1\t建成网络\n\t年度绩效目标1\t免费开放\n"
    )
    assert lines(one) == [("total", "62"), ("fiscal", "60"), ("other", "2")]
    assert [(g.scope, g.text) for g in one.goals] == [("long-term", "建成网络"), ("annual", "免费开放")]


def test_notes_below_the_table_are_no_funds() -> None:
    note = "填报说明:\n一、实施期资金总额:跨年度项目填写,一年期项目不填。\n"
    found = read((TOP + "项目资金(万元)\t年度资金总额\t20\n" + TABLE + note).encode()).sheets[0]
    assert lines(found) == [("total", "20")]


@pytest.mark.parametrize(
    ("labels", "kinds"),
    [
        (("其中：省级补助", "市县资金"), ["fiscal", "other"]),
        (("其中：中央补助", "省级资金", "市县资金"), ["fiscal", "local", "local"]),
        (("一般公共预算拨款：", "纳入财政专户管理的收入："), ["fiscal", "other"]),
        (("财政拨款", "财政专户管理资金", "其他资金"), ["fiscal", "account", "other"]),
        (("本级安排(万元)", "上级补助(万元)"), ["fiscal", "fiscal"]),
    ],
)
def test_whose_money_it_is(labels: tuple[str, ...], kinds: list[str]) -> None:
    one = sheet("项目资金(万元)\t资金总额\t60\n" + "".join(f"\t{label}\t2\n" for label in labels))
    assert [kind for kind, _ in lines(one)] == ["total", *kinds]


def test_amounts_in_a_sentence_stand_without_its_marks() -> None:
    one = sheet("资金总额：38万元（其中：财政拨款38万元；其他资金0万元）\n")
    assert lines(one) == [("total", "38万元"), ("fiscal", "38万元"), ("other", "0万元")]


def test_a_label_behind_another_ones_colon() -> None:
    one = sheet("预算情况\t部门预算总额(万元)\t24\n1、资金来源：（1）财政性资金\t23\n（2）其他资金\t1\n")
    assert lines(one) == [("total", "24"), ("fiscal", "23"), ("other", "1")]


def ruled(*rows: list[str | tuple[str, int, int]]) -> Sheet:
    """What is read of a form with one ruled table; a cell is its text or (text, rowspan, colspan)."""
    grid = Filler()
    for row in (*rows, *(list(line.split("\t")) for line in TABLE.splitlines())):
        grid.row()
        for cell in row:
            grid.cell(*((cell,) if isinstance(cell, str) else cell))
    lead = tuple(Line(text=text) for text in ("某县项目支出绩效目标表", "(2024年度)"))
    found = interpret(Document(sections=(Section(blocks=(*lead, grid.grid())),))).sheets
    assert len(found) == 1
    return found[0]


def test_of_columns_for_each_year_the_sheets_own_is_the_budget() -> None:
    one = ruled(
        ["资金来源(万元)", "2023年", "2024年", "2025年", "合计"],
        ["财政拨款", "1", "288", "2", "291"],
        ["其他资金", "3", "32", "4", "39"],
        ["合计", "4", "320", "6", "330"],
    )
    assert lines(one) == [("fiscal", "288"), ("other", "32"), ("total", "320")]
    assert one.funds is not None
    assert one.funds.lines[1].amounts["2023"].text == "1"


def test_heads_of_amounts_behind_the_head_of_the_labels() -> None:
    one = ruled(
        [("预算执行情况", 3, 1), "资金性质", "年初预算(万元)", "1-9月执行数(万元)", "执行率", "某栏"],
        ["合计", "152", "109", "72%", "8"],
        ["财政拨款", "150", "107", "71%", "9"],
    )
    assert lines(one) == [("total", "152"), ("fiscal", "150")]
    assert one.funds is not None
    assert one.funds.unit == "万元"
    assert [a.text for a in one.funds.lines[-1].amounts.values()] == ["150", "107", "71%", "9"]


def test_another_table_below_the_funds_is_no_amount() -> None:
    one = ruled(
        [("项目资金(万元)", 2, 1), "年度资金总额", "5"],
        ["其他资金", "1"],
        [("资金管理情况", 2, 1), "", "情况说明"],
        ["分配科学性", "按因素分配"],
    )
    assert lines(one) == [("total", "5"), ("other", "1")]
    assert {"资金管理情况", "分配科学性", "按因素分配"} <= {*one.unplaced, *(f.text for f in one.fields)}


def test_words_beside_a_label_of_money_are_heads_or_said() -> None:
    one = sheet("项目资金(万元)\t资金总额\t收入\t支出\n\t财政拨款\t按性质分\t30\n")
    assert lines(one) == [("fiscal", "30")]
    assert codes(one) == {"doubtful-amount"}


def test_a_label_of_money_that_no_vocabulary_knows() -> None:
    one = sheet("项目资金(万元)\n资金总额：\n60\n政府性基金预算拨款：\n某种未知的收入：\n30\n")
    assert lines(one) == [("total", "60"), ("special", None), ("unknown", "30")]


def test_what_follows_a_goal_is_none_of_it() -> None:
    one = sheet("年度绩效目标：\n完成地名图册编制，弘扬地名文化。\n绩效指标如下：\n")
    assert [(g.text, g.actual) for g in one.goals] == [("完成地名图册编制，弘扬地名文化。", None)]
    one = sheet("年度履职目标\t保障全县农村供水\n年度主要任务\t任务名称\t主要内容\n甲\t乙\n")
    assert [(g.text, g.actual) for g in one.goals] == [("保障全县农村供水", None)]


def test_a_goal_of_several_lines_is_one() -> None:
    one = sheet("年度目标\n目标1：守住耕地红线；\n目标2：登记提质增效。\n")
    assert [(g.text, g.actual) for g in one.goals] == [("目标1：守住耕地红线； 目标2：登记提质增效。", None)]


@pytest.mark.parametrize("text", ["目标1：\n目标2：\n……\n", "部门整体支出年度绩效\n指标\n", "分解目标\n"])
def test_a_number_or_a_label_is_no_goal(text: str) -> None:
    assert [g.text for g in sheet("年度目标\n" + text).goals] == [None]


def test_goal_and_actual_on_one_line_are_parted() -> None:
    one = sheet("年度总体目标 预期目标 实际完成情况\n完成维修养护。 已完成维修养护。\n")
    assert [(g.text, g.actual) for g in one.goals] == [("完成维修养护。", "已完成维修养护。")]


def test_dashes_among_the_amounts_of_a_line() -> None:
    heads = "项目资金(万元) 年初预算数 全年预算数(A) 全年执行数(B) 分值\n"
    one = sheet(heads + "年度资金总额: 210 210 208.6 10\n其中:本年财政拨款 210 210 208.6 -\n")
    assert lines(one) == [("total", "210"), ("fiscal", "210")]


@pytest.mark.parametrize("merged", [True, False])
def test_who_stands_beside_several_projects_is_each_ones(merged: bool) -> None:
    heads = "单位名称\t项目名称\t预算数\t一级指标\t二级指标\t三级指标\t指标值"
    rows = [
        "某县某局\t甲项目\t155\t产出指标\t数量指标\t盏数\t10盏",
        "\t\t\t\t质量指标\t亮灯率\t98%",
        "\t乙项目\t62\t产出指标\t数量指标\t长度\t46公里",
        "\t\t\t\t质量指标\t畅通率\t95%",
    ]
    text = "\n".join(["某县项目支出绩效目标表", "(2024年度)", heads, *rows, ""])
    if merged:
        cells = [line.split("\t") for line in (heads, *rows)]
        grid = Filler()
        for k, row in enumerate(cells):
            grid.row()
            for col, cell in enumerate(row):
                if col < 4 and not cell:
                    continue
                span = {0: 4, 1: 2, 2: 2, 3: 2}.get(col, 1) if k else 1
                grid.cell(cell, span, 1)
        blocks = (Line(text="某县项目支出绩效目标表"), grid.grid())
        found = interpret(Document(sections=(Section(blocks=blocks),))).sheets
    else:
        found = read(text.encode()).sheets
    assert [(s.project and s.project.text, s.agency and s.agency.text) for s in found] == [
        ("甲项目", "某县某局"),
        ("乙项目", "某县某局"),
    ]


@pytest.mark.parametrize("word", ["金额合计", "合计", "丙"])
def test_labels_of_money_beside_each_other_stand_over_their_amounts(word: str) -> None:
    one = ruled(
        [("年度主要任务", 5, 1), ("任务名称", 2, 1), ("预算金额(万元)", 1, 3)],
        ["总额", "财政拨款", "其他资金"],
        ["甲", "320", "300", "20"],
        ["乙", "280", "280", ""],
        [word, "600", "580", "20"],
    )
    budgets = ["600", "580", "20"] if word != "丙" else [None] * 3
    assert lines(one) == list(zip(("total", "fiscal", "other"), budgets, strict=True))
    assert {"甲", "320", "乙", word} <= set(one.unplaced)


def test_sums_that_differ_are_said() -> None:
    one = sheet("项目资金(万元)\t资金总额\t60\n\t预算总额\t50\n\t财政拨款\t50\n")
    said = [(f.after, f.text) for f in one.findings if f.code == "several-named"]
    assert lines(one)[0] == ("total", "60")
    assert said == [("60", "50")]
    assert codes(sheet("项目资金(万元)\t资金总额\t60\n\t预算总额\t60\n\t财政拨款\t60\n")) == set()


def test_a_part_too_great_for_the_years_sum_is_said() -> None:
    one = sheet("项目资金(万元)\t中期资金总额\t90\t年度资金总额\t30\n\t财政拨款\t90\n")
    assert codes(one) == {"funds-sum"}


def test_the_form_of_a_department_is_of_the_unit_it_names() -> None:
    top = "某县{}绩效目标表\n(2024年度)\n单位：某县某局\n"
    whole, project = (sheet("", top.format(word)) for word in ("部门整体支出", "项目支出"))
    assert whole.department == whole.agency == project.agency
    assert whole.department is not None
    assert whole.department.text == "某县某局"
    assert project.department is None


def test_two_goals_of_the_year_are_said() -> None:
    one = sheet("年度绩效目标\t免费开放\n年度工作目标\t办好活动\n")
    assert codes(one) == {"several-named"}


def test_income_and_outlay_beside_each_other() -> None:
    one = ruled(
        [("资金总额(万元)", 4, 1), ("收入", 1, 2), ("支出", 1, 2)],
        ["资金来源", "预算数", "支出明细", "预算数"],
        ["财政拨款", "300", "保洁", "220"],
        ["其他资金", "0", "维修", "80"],
    )
    assert lines(one) == [("fiscal", "300"), ("other", "0")]


def test_amounts_all_beside_their_heads() -> None:
    heads = "项目资金(万元)\t年初预算数\t全年执行数\t得分\n"
    one = sheet(heads + "年度资金总额\t\t3\t7\t5\t\n其中:财政拨款\t\t86\t\t2\t\n其他资金\t\t\t4\t\t\n")
    assert lines(one) == [("total", "3"), ("fiscal", "86"), ("other", None)]
    assert one.funds is not None
    assert one.funds.lines[-1].amounts["executed"].text == "4"


def test_amounts_that_may_stand_beside_their_heads_are_said() -> None:
    heads = "项目资金(万元)\t年初预算数\t全年执行数\t得分\n"
    one = sheet(heads + "年度资金总额\t\t3\t7\t\t1\t\n")
    assert codes(one) == {"doubtful-reading"}


def test_the_same_title_begins_a_sheet_where_labels_and_texts_share_a_line() -> None:
    form = (
        "项目支出绩效目标表\n（2023年度）\n项目名称 {0}\n主管部门 某局 实施单位 某中心\n"
        "绩效指标 一级指标 二级指标 三级指标 指标值\n产出指标 数量指标 {0}数量 ≥3个\n质量指标 合格率 95%\n\n"
    )
    found = read((form.format("路灯维护") + form.format("公厕管护")).encode()).sheets
    assert [s.project and s.project.text for s in found] == ["路灯维护", "公厕管护"]


def test_a_numbered_title_begins_a_sheet() -> None:
    form = "{0}、{1}绩效目标表\n项目编码\t123\t项目名称\t{1}\n" + TABLE + "\n"
    found = read((form.format(12, "防汛经费") + form.format(13, "机井建设")).encode()).sheets
    assert [s.project and s.project.text for s in found] == ["防汛经费", "机井建设"]
    assert [len(s.indicators) for s in found] == [2, 2]
