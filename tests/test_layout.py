"""layout: every text of a sheet where the official form has it, every position covered once."""

from collections import Counter
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from jixiao.document import Cell, Document, Grid, Line
from jixiao.layout import layout
from jixiao.layout.table import value_parts
from jixiao.model import (
    Amount,
    Column,
    Field,
    FundLine,
    Funds,
    Goal,
    Indicator,
    Party,
    Reading,
    Sheet,
    Term,
    Value,
)  # fmt: skip
from jixiao.testkit import make_sheet, readings, sheets
from jixiao.testkit.damage import flattened
from jixiao.vocabulary import vocabulary

some = settings(max_examples=60, deadline=None)


def draw(sheet: Sheet) -> Document:
    return layout(Reading(sheets=(sheet,)))


def only_grid(sheet: Sheet) -> Grid:
    return next(draw(sheet).grids())


def rows(sheet: Sheet) -> list[list[str]]:
    """The texts of the sheet's grid, row by row, covered positions empty."""
    return [[cell.text for cell in row] for row in flattened(only_grid(sheet)).by_row()]


def full(sheet: Sheet) -> list[list[str]]:
    return [[text for text in row if text] for row in rows(sheet)]


def owners(grid: Grid) -> dict[tuple[int, int], Cell]:
    """Which cell covers each position; fails where two do."""
    found: dict[tuple[int, int], Cell] = {}
    for cell in grid.cells:
        for row in range(cell.row, cell.row + cell.rowspan):
            for col in range(cell.col, cell.col + cell.colspan):
                assert (row, col) not in found
                found[row, col] = cell
    return found


def has_grid(sheet: Sheet) -> bool:
    return any(True for _ in draw(sheet).grids())


# -- properties


@some
@given(sheets())
def test_each_position_is_covered_exactly_once(sheet: Sheet) -> None:
    for grid in draw(sheet).grids():
        assert len(owners(grid)) == grid.rows * grid.cols
        assert grid.cols == len(grid.widths) >= 5
        assert min(grid.widths) > 0
        assert list(grid.cells) == sorted(grid.cells, key=lambda c: (c.row, c.col))


@some
@given(sheets())
def test_header_texts_stand_in_the_document_once_each(sheet: Sheet) -> None:
    expected = [sheet.title, *(t for f in sheet.fields for t in (f.label, f.text)), *sheet.unplaced]
    if sheet.funds:
        lines = sheet.funds.lines
        expected += [sheet.funds.label, *(line.label for line in lines)]
        expected += [amount.text for line in lines for amount in line.amounts.values()]
    expected += [t for g in sheet.goals for t in (g.label, g.text, g.actual)]
    expected += [column.text for column in sheet.columns]
    drawn: Counter[str] = Counter()
    for block in draw(sheet).sections[0].blocks:
        if isinstance(block, Line):
            drawn[block.text] += 1
        else:
            first = block.rows - len(sheet.indicators)
            drawn.update(cell.text for cell in block.cells if cell.text and cell.row < first)
    assert drawn == Counter(text for text in expected if text)


@some
@given(sheets())
def test_a_row_says_its_indicator_in_the_order_of_the_columns(sheet: Sheet) -> None:
    kinds = vocabulary().data["qualitative_kinds"]
    if not sheet.indicators:
        return
    drawn = rows(sheet)[-len(sheet.indicators) :]
    roles = [c.role for c in sheet.columns] or ["level1", "level2", "level3", "value"]
    for indicator, row in zip(sheet.indicators, drawn, strict=True):
        said = [_said(indicator, role) for role in roles if role not in ("side", "sign", "unit")]
        assert "".join(t for t in row if t not in kinds) == "".join(t for t in said if t)


def _said(indicator: Indicator, role: str) -> str | None:
    held = getattr(indicator, role)
    return held.text if isinstance(held, Term | Value) else held


@some
@given(sheets())
def test_level_cells_run_down_over_the_indicators_that_inherit_them(sheet: Sheet) -> None:
    if not sheet.indicators:
        return
    grid = only_grid(sheet)
    cover, first = owners(grid), grid.rows - len(sheet.indicators)
    for role in ("level1", "level2"):
        printed = [getattr(i, role) for i in sheet.indicators]
        if not all(printed):
            continue
        col = _column(grid, first, sheet, role)
        force = None
        for row, term in enumerate(printed, first):
            force = term.text or force
            assert cover[row, col].text == force
            assert (cover[row, col].row == row) == (term.text is not None)


def _column(grid: Grid, first: int, sheet: Sheet, role: str) -> int:
    """Grid column where a role's cells begin: by the texts of the first row that prints the level."""
    text = getattr(sheet.indicators[0], role).text
    return next(c.col for c in grid.by_row()[first] if c.text == text and c.style == "label")


@some
@given(readings())
def test_a_section_for_each_sheet_named_by_its_title(reading: Reading) -> None:
    document = layout(reading)
    assert [section.name for section in document.sections] == [sheet.title for sheet in reading.sheets]
    assert layout(reading) == document


# -- the official form, row by row


def indicator(
    one: Term | None, two: Term | None, name: str, value: Value | None = None, **more: Any
) -> Indicator:
    return Indicator(level1=one, level2=two, level3=name, value=value, **more)


OUTPUT, MORE = Term(term="产出指标", text="产出指标"), Term(term="产出指标")
AMOUNT, QUALITY = Term(term="数量指标", text="数量指标"), Term(term="质量指标", text="质量指标")
ALL = Value(text="100%", number="100", unit="%")
HEADS = (
    Column(role="side", text="绩效指标"), Column(role="level1", text="一级指标"),
    Column(role="level2", text="二级指标"),
    Column(role="level3", text="三级指标"), Column(role="value", text="指标值"),
)  # fmt: skip


def test_the_form_of_a_county() -> None:
    sheet = Sheet(
        title="某县项目支出绩效目标表",
        fields=(
            Field(text="(2022年度)"), Field(label="项目名称", text="业务运行费"),
            Field(label="主管部门及代码", text="某县办公室"), Field(label="实施单位", text="某县办公室"),
            Field(label="项目属性", text="经常性项目"), Field(label="项目期"),
        ),
        fiscal_year=2022,
        funds=Funds(
            label="项目资金(万元)", unit="万元",
            lines=(
                FundLine(kind="total", label="年度资金总额:", amounts={"budget": Amount(text="55")}),
                FundLine(kind="other", label="其他资金", amounts={}),
            ),
        ),
        goals=(Goal(label="年度总体目标", text="保障工作。"),),
        columns=HEADS,
        indicators=(indicator(OUTPUT, AMOUNT, "完成率", ALL), indicator(MORE, QUALITY, "合格率", None)),
        unplaced=("填报完毕",),
    )  # fmt: skip
    blocks = draw(sheet).sections[0].blocks
    assert [(b.style, b.text) for b in blocks if isinstance(b, Line)] == [
        ("title", "某县项目支出绩效目标表"), ("subtitle", "(2022年度)"), ("note", "填报完毕"),
    ]  # fmt: skip
    assert rows(sheet) == [
        ["项目名称", "", "业务运行费", "", ""],
        ["主管部门及代码", "", "某县办公室", "实施单位", "某县办公室"],
        ["项目属性", "", "经常性项目", "项目期", ""],
        ["项目资金(万元)", "年度资金总额:", "", "55", ""],
        ["", "其他资金", "", "", ""],
        ["年度总体目标", "保障工作。", "", "", ""],
        ["绩效指标", "一级指标", "二级指标", "三级指标", "指标值"],
        ["", "产出指标", "数量指标", "完成率", "100%"],
        ["", "", "质量指标", "合格率", ""],
    ]
    spans = {c.text: (c.rowspan, c.colspan) for c in only_grid(sheet).cells if c.text}
    assert spans["绩效指标"] == (3, 1)
    assert spans["产出指标"] == (2, 1)
    assert spans["项目资金(万元)"] == (2, 1)
    assert spans["业务运行费"] == (1, 3)


def test_a_level_that_is_not_printed_is_an_empty_cell_of_its_own() -> None:
    unprinted = Term(term="产出指标")
    sheet = Sheet(
        columns=HEADS[1:],
        indicators=(
            indicator(unprinted, AMOUNT, "甲"), indicator(unprinted, Term(term="数量指标"), "乙"),
            indicator(Term(term="效益指标", text="效益指标"), None, "丙"), indicator(None, None, "丁"),
        ),
    )  # fmt: skip
    grid = only_grid(sheet)
    body = [[(c.text, c.rowspan) for c in row] for row in grid.by_row()[1:]]
    assert body[0][:2] == [("", 1), ("数量指标", 2)]
    assert body[1][0] == ("", 1)
    assert body[2][:2] == [("效益指标", 1), ("", 1)]
    assert body[3][:2] == [("", 1), ("", 1)]


def test_a_level_printed_on_every_row_is_drawn_on_every_row() -> None:
    sheet = Sheet(
        indicators=(indicator(OUTPUT, AMOUNT, "甲", ALL), indicator(OUTPUT, Term(term="数量指标"), "乙", ALL))
    )
    assert full(sheet) == [["产出指标", "数量指标", "甲", "100%"], ["产出指标", "乙", "100%"]]
    assert all(c.rowspan == 1 for c in only_grid(sheet).cells)


@pytest.mark.parametrize(
    ("value", "sign", "unit", "expected"),
    [
        (Value(text="≤30万元", operator="≤", number="30", unit="万元"), True, True, ("≤", "30", "万元")),
        (Value(text="≤30万元", operator="≤", number="30", unit="万元"), False, True, (None, "≤30", "万元")),
        (Value(text="≤30万元", operator="≤", number="30", unit="万元"), True, False, ("≤", "30万元", None)),
        (
            Value(text="≤30万元", operator="≤", number="30", unit="万元"),
            False,
            False,
            (None, "≤30万元", None),
        ),
        (Value(text="1,200元", number="1200", unit="元"), True, True, (None, "1,200元", None)),
        (Value(text="≥ 95%", operator="≥", number="95", unit="%"), True, True, (None, "≥ 95%", None)),
        (Value(text="0.30", number="0.30"), True, True, (None, "0.30", None)),
        (Value(text="有效提高"), True, True, ("定性", "有效提高", None)),
        (Value(text="有效提高"), False, True, (None, "有效提高", None)),
        (Value(text="≥**%"), True, True, (None, "≥**%", None)),
        (Value(operator="≥", number="95", unit="%"), False, False, (None, "≥95%", None)),
        (None, True, True, (None, None, None)),
    ],
)
def test_value_parts(value: Value | None, sign: bool, unit: bool, expected: tuple[str | None, ...]) -> None:
    assert value_parts(value, sign, unit) == expected


def test_goals_stand_under_their_heads() -> None:
    sheet = Sheet(
        fields=(Field(label="年度总体目标"), Field(label="全年实际完成情况")),
        goals=(Goal(label="年初设定目标", text="修路。", actual="修了。"),),
    )
    assert rows(sheet) == [
        ["年度总体目标", "年初设定目标", "", "全年实际完成情况", ""],
        ["", "修路。", "", "修了。", ""],
    ]


def test_two_goals_take_a_row_each() -> None:
    sheet = Sheet(
        goals=(Goal(scope="long-term", label="中期目标", text="甲"), Goal(label="年度目标", text="乙"))
    )
    assert full(sheet) == [["中期目标", "甲"], ["年度目标", "乙"]]


def test_amount_columns_follow_the_row_that_names_them() -> None:
    heads = {
        "budget": Amount(text="预算数"),
        "executed": Amount(text="执行数"),
        "rate": Amount(text="执行率"),
    }
    lines = (
        FundLine(
            kind="total",
            label="资金总额",
            amounts={"rate": Amount(text="90", number="90"), "budget": Amount(text="10")},
        ),
        FundLine(kind="heads", amounts=heads),
    )
    sheet = Sheet(funds=Funds(label="项目资金", lines=lines))
    assert rows(sheet) == [["项目资金", "资金总额", "10", "", "90"], ["", "", "预算数", "执行数", "执行率"]]


def test_long_term_and_annual_blocks_each_have_their_table() -> None:
    long, annual = Column(role="side", text="长期绩效指标"), Column(role="side", text="年度绩效指标")
    sheet = Sheet(
        columns=(long, *HEADS[1:], annual, *HEADS[1:]),
        indicators=(
            Indicator(level1=OUTPUT, level2=AMOUNT, level3="甲", value_long=ALL),
            indicator(OUTPUT, AMOUNT, "乙", ALL),
        ),
    )  # fmt: skip
    assert full(sheet) == [
        ["长期绩效指标", "一级指标", "二级指标", "三级指标", "指标值"],
        ["产出指标", "数量指标", "甲", "100%"],
        ["年度绩效指标", "一级指标", "二级指标", "三级指标", "指标值"],
        ["产出指标", "数量指标", "乙", "100%"],
    ]  # fmt: skip


# -- sheets built by hand: nothing that they say is left out


def test_named_parts_without_a_field_are_drawn_under_standard_labels() -> None:
    sheet = Sheet(
        title="某县绩效目标表", fiscal_year=2024, project=Party(name="修路", code="51"),
        agency=Party(text="某局"), department=Party(text="某局"), attribute="新增项目", period="1年",
        fields=(Field(label="县级主管部门", text="某局"),), funds=Funds(unit="元"),
        goals=(Goal(text="修好。"),),
    )  # fmt: skip
    lines = [b.text for b in draw(sheet).sections[0].blocks if isinstance(b, Line)]
    assert lines == ["某县绩效目标表", "(2024年度)"]
    assert full(sheet) == [
        ["县级主管部门", "某局"], ["项目名称", "51-修路"], ["实施单位", "某局", "项目属性", "新增项目"],
        ["项目期", "1年"], ["项目资金(元)"], ["年度总体目标", "修好。"],
    ]  # fmt: skip


def test_a_ticked_piece_of_a_field_is_not_drawn_twice() -> None:
    boxes = Field(label="项目属性", text="新增项目□ 延续项目√")
    assert full(Sheet(fields=(boxes,), attribute="延续项目")) == [["项目属性", "新增项目□ 延续项目√"]]


def test_a_second_label_of_funds_stands_below_the_block() -> None:
    funds = Funds(label="资金情况", lines=(FundLine(kind="total", label="资金总额"),))
    assert full(Sheet(fields=(Field(label="资金来源"),), funds=funds)) == [
        ["资金情况", "资金总额"],
        ["资金来源"],
    ]


def test_terms_that_nobody_printed_are_printed_once_a_run() -> None:
    sheet = Sheet(
        indicators=tuple(
            indicator(Term(term="产出指标"), Term(term=two), two, ALL)
            for two in ("数量指标", "数量指标", "质量指标")
        )
    )
    assert full(sheet) == [
        ["产出指标", "数量指标", "数量指标", "100%"], ["数量指标", "100%"], ["质量指标", "质量指标", "100%"],
    ]  # fmt: skip


def test_what_no_column_holds_gets_a_column_under_a_standard_head() -> None:
    sheet = Sheet(
        columns=HEADS[1:], indicators=(indicator(OUTPUT, AMOUNT, "甲", ALL, remark="按合同", actual=ALL),)
    )
    assert full(sheet) == [
        ["一级指标", "二级指标", "三级指标", "指标值", "实际完成值", "备注"],
        ["产出指标", "数量指标", "甲", "100%", "100%", "按合同"],
    ]  # fmt: skip


def test_values_of_recipients_stand_under_their_names() -> None:
    sheet = Sheet(
        indicators=(
            Indicator(level3="甲", values={"东县": ALL, "西县": Value(text="5")}),
            Indicator(level3="乙"),
        )
    )
    assert full(sheet) == [["三级指标", "东县", "西县"], ["甲", "100%", "5"], ["乙"]]


def test_text_outside_the_sheets_has_a_section_of_its_own() -> None:
    document = layout(Reading(sheets=(Sheet(), make_sheet(Random(1))), unplaced=("附件1",)))
    assert document.sections[0].name == "sheet 1"
    assert document.sections[0].blocks == ()
    assert document.sections[2].blocks == (Line(text="附件1", style="note"),)


def test_an_empty_reading_is_an_empty_document() -> None:
    assert layout(Reading()) == Document()
