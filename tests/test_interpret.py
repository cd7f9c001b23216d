"""What sheets of many makes mean: small texts and tables, read through the public door."""

from random import Random

import pytest
from jixiao.convert import read
from jixiao.document import Document, Filler, Line, Section
from jixiao.interpret import align, interpret
from jixiao.model import Indicator, Reading, Sheet, Value

HEAD = "某县项目支出绩效目标表\n(2022年度)\n项目名称\t某项目\n主管部门\t某局\n"
COLUMNS = "一级指标\t二级指标\t三级指标\t指标值\n"


def sheet(text: str) -> Sheet:
    found = read(text.encode()).sheets
    assert len(found) == 1
    return found[0]


def codes(of: Sheet, indicator: int | None = None) -> set[str]:
    return {f.code for f in of.findings if f.severity != "info" and f.indicator == indicator}


def table(*rows: list[str | tuple[str, int, int]]) -> Document:
    """A titled document with one ruled table; a cell is its text or (text, rowspan, colspan)."""
    grid = Filler()
    for row in rows:
        grid.row()
        for cell in row:
            grid.cell(*((cell,) if isinstance(cell, str) else cell))
    return Document(sections=(Section(blocks=(Line(text="某县项目支出绩效目标表"), grid.grid())),))


def said(indicator: Indicator) -> tuple[str | None, ...]:
    levels = (indicator.level1, indicator.level2)
    value = indicator.value.text if indicator.value else None
    return (*(t.term if t else None for t in levels), indicator.level3, value)


def test_a_level_that_cannot_own_the_one_below_is_mended_and_said() -> None:
    one = sheet(HEAD + COLUMNS + "成本指标\t数量指标\t培训人数\t≥10人\n\t质量指标\t合格率\t95%\n")
    assert [said(i)[:2] for i in one.indicators] == [("产出指标", "数量指标"), ("产出指标", "质量指标")]
    assert one.indicators[0].level1 is not None
    assert one.indicators[0].level1.text == "成本指标"
    assert codes(one, 0) == codes(one, 1) == {"level1-mismatch"}


def test_cost_is_a_first_level_where_it_owns_costs() -> None:
    one = sheet(HEAD + COLUMNS + "成本指标\t经济成本指标\t运行费\t≤55万元\n")
    assert said(one.indicators[0]) == ("成本指标", "经济成本指标", "运行费", "≤55万元")
    assert codes(one, 0) == set()


def test_sign_number_and_unit_are_one_value() -> None:
    heads = "一级指标\t二级指标\t三级指标\t指标性质\t指标值\t度量单位\n"
    one = sheet(HEAD + heads + "产出指标\t数量指标\t覆盖率\t≥\t95\t%\n\t质量指标\t合规性\t定性\t优良\t\n")
    first, second = (i.value for i in one.indicators)
    assert first == Value(text="≥95%", operator="≥", number="95", unit="%")
    assert second == Value(text="优良")


def test_a_value_for_each_recipient() -> None:
    read_one = interpret(
        table(
            [
                ("绩效指标", 3, 1),
                ("一级指标", 2, 1),
                ("二级指标", 2, 1),
                ("三级指标", 2, 1),
                ("指标值", 1, 2),
            ],
            ["甲县", "乙县"],
            ["产出指标", "数量指标", "建设里程", "≥5公里", "≥6公里"],
        )
    )
    (indicator,) = read_one.sheets[0].indicators
    assert {k: v.text for k, v in (indicator.values or {}).items()} == {"甲县": "≥5公里", "乙县": "≥6公里"}


def test_an_empty_level_cell_among_merged_ones_is_said() -> None:
    one = interpret(
        table(
            ["一级指标", "二级指标", "三级指标", "指标值"],
            [("产出指标", 4, 1), ("数量指标", 2, 1), "培训人数", "≥10人"],
            ["培训次数", "≥2次"],
            ["", "合格率", "95%"],
            ["时效指标", "完成及时率", "100%"],
        )
    ).sheets[0]
    assert [codes(one, k) for k in range(4)] == [set(), set(), {"level-blank"}, set()]


def test_a_sign_misread_as_2_is_mended_only_where_the_number_is_impossible() -> None:
    one = sheet(HEAD + COLUMNS + "产出指标\t数量指标\t完成率\t292%\n\t\t增长率\t292%\n\t\t巡查次数\t2280次\n")
    values = [i.value for i in one.indicators]
    assert values[0] == Value(text="292%", operator="≥", number="92", unit="%")
    assert [v.number for v in values[1:] if v] == ["292", "2280"]
    assert [codes(one, k) for k in range(3)] == [{"ocr-misread"}, set(), set()]


def test_what_recognition_and_old_pages_make_of_labels() -> None:
    text = (
        "某县项目支出绩效目标表\n项口名称\t某项目\n年度總體目標\t完成任务\n"
        + COLUMNS
        + "產出指標\t數量指標\t人数\t≥1人\n"
    )
    one = sheet(text)
    assert one.project is not None
    assert one.project.text == "某项目"
    assert said(one.indicators[0]) == ("产出指标", "数量指标", "人数", "≥1人")
    assert one.goals[0].text == "完成任务"


def test_a_title_over_two_lines_is_one() -> None:
    one = sheet(
        "某县2022年度\n"
        + "项目支出绩效目标表\n项目名称\t某项目\n"
        + COLUMNS
        + "产出指标\t数量指标\t人数\t≥1人\n"
    )
    assert (one.title, one.fiscal_year) == ("某县2022年度项目支出绩效目标表", 2022)


@pytest.mark.parametrize("mark", ["— 1 —", "第1页 共2页", "- 1 -"])
def test_page_marks_stand_in_nobodys_way(mark: str) -> None:
    rows = ["产出指标\t数量指标\t培训人数\t≥10人", "\t质量指标\t合格率\t95%", "\t时效指标\t及时率\t100%"]
    one = sheet(HEAD + COLUMNS + rows[0] + f"\n{mark}\n某县项目支出绩效目标表\n" + "\n".join(rows[1:]))
    assert [said(i)[1] for i in one.indicators] == ["数量指标", "质量指标", "时效指标"]


def test_heads_again_on_the_next_page_are_no_rows() -> None:
    row = "产出指标\t数量指标\t培训人数\t≥10人\n"
    one = sheet(HEAD + COLUMNS + row + COLUMNS + "效益指标\t社会效益指标\t知晓率\t≥90%\n")
    assert [i.level3 for i in one.indicators] == ["培训人数", "知晓率"]
    assert len(one.columns) == 4


def test_a_table_told_column_by_column() -> None:
    columns = [
        ["一级指标", "产出指标", "", ""], ["二级指标", "数量指标", "质量指标", ""],
        ["三级指标", "巡查次数", "合格率", "优良率"], ["指标值", "≥12次", "≥95%", "≥90%"],
    ]  # fmt: skip
    text = "某县项目支出绩效目标表\n项目名称 |\n某项目 |\n" + "".join(
        f"{cell} |\n" for c in columns for cell in c
    )
    assert [said(i) for i in sheet(text).indicators] == [
        ("产出指标", "数量指标", "巡查次数", "≥12次"),
        ("产出指标", "质量指标", "合格率", "≥95%"),
        ("产出指标", "质量指标", "优良率", "≥90%"),
    ]


def test_totals_and_budget_execution_are_no_indicators() -> None:
    heads = "一级指标\t二级指标\t三级指标\t年度指标值\t分值\n"
    one = sheet(HEAD + heads + "预算执行率\t\t\t\t10\n产出指标\t数量指标\t人数\t≥1人\t90\n合计\t\t\t\t100\n")
    assert [i.level3 for i in one.indicators] == ["人数"]
    assert ("合计", "100") in [(f.label, f.text) for f in one.fields]


def test_of_several_departments_the_lowest() -> None:
    one = sheet(
        "某资金区域绩效目标表\n资金名称\t某资金\n中央主管部门\t某部\n省级主管部门\t某厅\n县级主管部门\t某局\n"
        + COLUMNS
        + "产出指标\t数量指标\t人数\t≥1人\n"
    )
    assert one.department is not None
    assert one.department.text == "某局"


def test_prose_that_names_levels_is_no_sheet() -> None:
    text = "现将目标设定如下:数量指标:种植17600株;质量指标:成活率85%;时效指标:及时完成。效益指标:产值80万元。"
    made: Reading = read(text.encode())
    assert made.sheets == ()
    assert [f.code for f in made.findings] == ["no-sheet"]
    assert made.unplaced == (text,)


def test_a_blank_form_is_a_template() -> None:
    one = sheet(
        "某县项目支出绩效目标表\n项目名称\t\n主管部门\t\n"
        + COLUMNS
        + "产出指标\t数量指标\t\t\n\t质量指标\t\t\n"
    )
    assert one.kind == "template"
    assert one.indicators == ()


def test_the_next_filled_cell_is_a_labels_text_whatever_stands_empty_between() -> None:
    one = interpret(
        table(
            ["项目名称", "", "某项目", "", ""],
            ["主管部门", "", "某局", "实施单位", "某所"],
            ["项目属性", "", "", "项目期", "2022"],
            ["一级指标", "二级指标", "三级指标", "", "指标值"],
            ["产出指标", "数量指标", "人数", "", "≥1人"],
        )
    ).sheets[0]
    assert [(f.label, f.text) for f in one.fields] == [
        ("项目名称", "某项目"),
        ("主管部门", "某局"),
        ("实施单位", "某所"),
        ("项目属性", None),
        ("项目期", "2022"),
    ]


def test_forms_side_by_side_are_two_sheets() -> None:
    heads: list[str | tuple[str, int, int]] = ["一级指标", "二级指标", "三级指标", "指标值"]
    grid = Filler()
    rows: list[list[str | tuple[str, int, int]]] = [
        [("甲项目支出绩效目标表", 1, 4), ("乙项目支出绩效目标表", 1, 4)],
        ["项目名称", ("甲", 1, 3), "项目名称", ("乙", 1, 3)],
        heads * 2,
        ["产出指标", "数量指标", "甲数量", "1个", "产出指标", "数量指标", "乙数量", "3个"],
    ]
    for row in rows:
        grid.row()
        for cell in row:
            grid.cell(*((cell,) if isinstance(cell, str) else cell))
    read_both = interpret(Document(sections=(Section(blocks=(grid.grid(),)),)))
    assert [[said(i)[2:] for i in s.indicators] for s in read_both.sheets] == [
        [("甲数量", "1个")],
        [("乙数量", "3个")],
    ]
    assert [s.project.text for s in read_both.sheets if s.project] == ["甲", "乙"]


def test_two_agencies_in_one_header_are_said() -> None:
    one = sheet(
        "某县项目支出绩效目标表\n填报单位:甲县办公室\n实施单位\t乙局\n"
        + COLUMNS
        + "产出指标\t数量指标\t人数\t≥1人\n"
    )
    assert "several-named" in codes(one)


@pytest.mark.parametrize("note", ["第1页共2页内容以批复为准", "填表说明:本表由单位填写", "联系电话"])
def test_a_note_over_the_whole_width_below_the_table_is_no_indicator(note: str) -> None:
    heads: list[str | tuple[str, int, int]] = ["一级指标", "二级指标", "三级指标", "指标值"]
    rows: list[list[str | tuple[str, int, int]]] = [
        heads,
        ["产出指标", "数量指标", "护岸长度", "≥12米"],
        [(note, 1, 4)],
    ]
    (one,) = interpret(table(*rows)).sheets
    assert [said(i)[2:] for i in one.indicators] == [("护岸长度", "≥12米")]
    assert note in (*one.unplaced, *(f.label for f in one.fields))


def test_a_line_below_the_table_fills_nothing_that_is_open_above() -> None:
    head = "某县项目支出绩效目标表\n项目名称\t桥\n项目资金(万元)\t资金总额:\t76\n\t单位资金\t\n"
    note = "本级财政统一安排,由项目单位组织实施,接受监督"
    one = sheet(head + COLUMNS + f"产出指标\t数量指标\t新建数量\t≥1座\n{note}\n")
    assert one.funds is not None
    assert [a.text for line in one.funds.lines for a in line.amounts.values()] == ["76", None]
    assert note in one.unplaced


def test_an_amount_in_words_is_said() -> None:
    head = "某县项目支出绩效目标表\n项目名称\t桥\n项目资金(万元)\t资金总额:\t由各单位自行安排解决\n"
    one = sheet(head + COLUMNS + "产出指标\t数量指标\t新建数量\t≥1座\n")
    assert "doubtful-amount" in codes(one)


def test_what_is_remembered_of_other_tables_changes_no_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = Random(1)
    words = [
        "产出指标",
        "效益指标",
        "数量指标",
        "社会效益指标",
        "满意度指标",
        "培训人数",
        "合格率",
        "≥10人",
        "95%",
        "每年汇总一次",
        "",
    ]
    head = [*COLUMNS.split(), "备注"]
    documents = [
        table(head, *([rng.choice(words) for _ in head] for _ in range(rng.randrange(1, 6))))
        for _ in range(60)
    ]
    remembered = [interpret(document) for document in [*documents, *documents[::-1]]]
    monkeypatch.setattr(align, "MOST", -1)  # nothing is remembered from one table to the next
    anew = [interpret(document) for document in documents]
    assert remembered == [*anew, *anew[::-1]]


@pytest.mark.parametrize("heads", ["指标性质\t指标方向", "指标方向\t指标性质"])
@pytest.mark.parametrize("cells", ["正向\t≥", "≥\t正向"])
def test_the_sign_is_in_the_column_that_holds_signs_whatever_it_is_called(heads: str, cells: str) -> None:
    rows = "".join(
        f"产出指标\t{two}指标\t{two}率\t{cells}\t{n}\t%\n" for two, n in (("数量", 90), ("质量", 95))
    )
    top = "项目支出绩效目标表\n项目名称\t某项目\n"
    text = f"{top}一级指标\t二级指标\t三级指标\t{heads}\t指标值\t计量单位\n{rows}"
    (found,) = read(text.encode()).sheets
    assert [i.value and i.value.text for i in found.indicators] == ["≥90%", "≥95%"]
    assert [i.remark for i in found.indicators] in (["正向"] * 2, [None] * 2)


def test_a_head_of_several_names_is_known_by_one() -> None:
    text = "项目支出绩效目标表\n项目名称\t某项目\n一级指标\t二级指标\t三级指标\t内容/目标值\t完成时限\n"
    (found,) = read(f"{text}产出指标\t数量指标\t培训人数\t≥10人\t12月\n".encode()).sheets
    assert found.indicators[0].value and found.indicators[0].value.text == "≥10人"
    assert found.indicators[0].remark == "12月"


def test_a_goals_label_beside_the_heads_is_that_of_the_table() -> None:
    """As in the application form of 财政支出项目 of 2015: 长期目标 over 年度目标, two years back beside."""
    text = (
        "项目支出绩效目标申报表\n项目名称\t某项目\n"
        "长期目标\t一级指标\t二级指标\t三级指标\t指标值\t指标值确定依据\n"
        "\t产出指标\t数量指标\t卫生室数量\t≥96个\t规划\n"
        "年度目标\t一级指标\t二级指标\t三级指标\t前年\t上年\t预期当年实现值\n"
        "\t产出指标\t数量指标\t改造卫生室数量\t18个\t20个\t22个\n"
    )
    (found,) = read(text.encode()).sheets
    said = [
        (i.level3, i.value and i.value.text, i.value_long and i.value_long.text) for i in found.indicators
    ]
    assert said == [("卫生室数量", None, "≥96个"), ("改造卫生室数量", "22个", None)]
    assert all(text in str(found) for text in ("18个", "20个"))


FORM = "项目支出绩效目标表\n项目名称\t某项目\n"


@pytest.mark.parametrize(
    ("heads", "cells", "value", "long"),
    [
        ("实施期指标值\t二级指标\t三级指标\t年度指标值", "≥30人\t数量指标\t人数\t≥10人", "≥10人", "≥30人"),
        ("年度指标值\t二级指标\t三级指标\t实施期指标值", "≥10人\t数量指标\t人数\t≥30人", "≥10人", "≥30人"),
    ],
)
def test_blocks_side_by_side_are_one_indicator(heads: str, cells: str, value: str, long: str) -> None:
    text = f"{FORM}一级指标\t二级指标\t三级指标\t{heads}\n产出指标\t数量指标\t人数\t{cells}\n"
    (found,) = read(text.encode()).sheets
    (one,) = found.indicators
    assert one.level2 and (one.level2.text, one.level3) == ("数量指标", "人数")
    assert one.value and one.value_long and (one.value.text, one.value_long.text) == (value, long)


def test_the_numbers_of_the_columns_are_no_indicator_and_what_explains_a_name_is_not_in_it() -> None:
    text = (
        f"{FORM}一级指标\t二级指标\t三级指标\t指标值\t指标内容\n1\t2\t3\t4\t5\n"
        "产出指标\t数量指标\t人数\t≥10人\t培训的人\n"
    )
    (found,) = read(text.encode()).sheets
    assert [(i.level3, i.explanation) for i in found.indicators] == [("人数", "培训的人")]
