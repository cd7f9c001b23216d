"""Text in columns of blanks whose cells go over several lines, as `pdftotext -layout` prints it."""

import subprocess
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jixiao.convert import read
from jixiao.document import Document, Grid, Line
from jixiao.geometry.typed import typed_tables
from jixiao.limits import Limits
from jixiao.model import Reading
from jixiao.testkit.shapes import SHAPES
from jixiao.testkit.variety import make_form, plain_form
from jixiao_readers.text import TextReader
from jixiao_writers.xlsx import XlsxWriter
from printing import by_libreoffice

SIX = Path(__file__).parents[1] / "fixtures" / "six" / "sheets.txt"


def laid_out(text: str) -> Document:
    return TextReader().read(text.encode(), Limits())


def grids(text: str) -> list[list[list[str]]]:
    return [[[c.text for c in row] for row in grid.by_row()] for grid in laid_out(text).grids()]


MIDDLE = """\
            一级指标           二级指标                三级指标               指标值

                           数量指标    计划工作完成率                 100%

                           质量指标    各项工作符合质量考核要求            符合
            产出指标
                           时效指标    业务完成及时性                 及时

                           成本指标    政府办业务运行费                55万元
 绩效 指标
                                   信息沟通顺畅及时率               100%
                        社会效益 指标
                                   服务保障能力                  有效提高
            效益指标

                       可持续影响 指标    管理机制可持续性                长期


           满意度指标      服务对象 满意度指标   被服务对象满意度                95%
"""
"""Of one of the six published sheets, printed by LibreOffice: labels stand in the middle of their rows."""

TOP = """\
一级指标        二级指标          三级指标            绩效指标描述                  指标值        依据
产出指标        数量指标          养护道路里程        年度内实施日常养护的县乡道    ≥412公里     工作计划
                                                      路里程
                                  补植行道树          道路两侧补植行道树的数量      ≥1800株      工作计划
                质量指标          养护质量达标率      养护质量达标里程占总里程的    ≥95%         技术规范
                                                      比例
效益指标        社会效益指标      道路安全通行水平    反映道路通行安全情况          有效提升      工作总结
\f"""
"""Invented: columns of a terminal, an ideograph two wide; the lines of a cell begin level with the others."""


def test_labels_stand_at_the_first_of_the_rows_in_whose_middle_they_are_printed() -> None:
    assert grids(MIDDLE) == [
        [
            ["绩效 指标", "一级指标", "二级指标", "三级指标", "指标值"],
            ["", "产出指标", "数量指标", "计划工作完成率", "100%"],
            ["", "", "质量指标", "各项工作符合质量考核要求", "符合"],
            ["", "", "时效指标", "业务完成及时性", "及时"],
            ["", "", "成本指标", "政府办业务运行费", "55万元"],
            ["", "效益指标", "社会效益 指标", "信息沟通顺畅及时率", "100%"],
            ["", "", "", "服务保障能力", "有效提高"],
            ["", "", "可持续影响 指标", "管理机制可持续性", "长期"],
            ["", "满意度指标", "服务对象 满意度指标", "被服务对象满意度", "95%"],
        ]
    ]


def test_the_lines_of_a_cell_are_put_together() -> None:
    (table,) = grids(TOP)
    assert [row[2:5] for row in table[1:]] == [
        ["养护道路里程", "年度内实施日常养护的县乡道\n路里程", "≥412公里"],
        ["补植行道树", "道路两侧补植行道树的数量", "≥1800株"],
        ["养护质量达标率", "养护质量达标里程占总里程的\n比例", "≥95%"],
        ["道路安全通行水平", "反映道路通行安全情况", "有效提升"],
    ]


def test_what_was_told_by_place_is_said() -> None:
    found = laid_out(MIDDLE).findings
    assert [(f.code, f.severity, f.text) for f in found] == [("columns-by-place", "warning", "1")]


def test_text_with_a_row_a_line_is_read_as_ever() -> None:
    text = "\n".join(f"产出指标    数量指标    第{n}项    {n}个" for n in range(9))
    assert not list(laid_out(text).grids())


@pytest.mark.parametrize("part", ["\t", "|"])
def test_text_whose_cells_are_parted_otherwise_is_read_as_ever(part: str) -> None:
    (section,) = laid_out(f"{MIDDLE}\n甲{part}乙\n").sections
    assert sum(isinstance(block, Line) for block in section.blocks) > 9


BLANKS = st.text(alphabet=" 　\n\f", max_size=9)
LINE = st.lists(st.sampled_from(["甲", "数量指标", "≥98%", "a b", "12", "（一）"]), max_size=6).map(
    "   ".join
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(BLANKS, LINE), max_size=30))
def test_no_word_is_lost_or_made(parts: list[tuple[str, str]]) -> None:
    text = "".join(f"{blank}{line}\n" for blank, line in parts)
    pages = [[(n, line) for n, line in enumerate(page.split("\n"))] for page in text.split("\f")]
    blocks = typed_tables(pages)
    if blocks is not None:
        texts = [c.text for b in blocks for c in (b.cells if isinstance(b, Grid) else (b,))]
        assert sorted(" ".join(texts).split()) == sorted(text.split())


def printed(data: bytes, kind: str, folder: Path) -> Reading:
    """What is read of the text that pdftotext makes of LibreOffice's print."""
    pdf = folder / "made.pdf"
    pdf.write_bytes(by_libreoffice(data, kind, folder))
    run = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, timeout=60)
    return read(run.stdout, "made.txt")


@pytest.mark.slow
@pytest.mark.needs("soffice", "pdftotext")
def test_the_six_sheets_are_read_from_what_pdftotext_prints(tmp_path: Path) -> None:
    want = read(SIX.read_bytes(), SIX.name)
    made = printed(XlsxWriter().write(plain_form(want).document), "xlsx", tmp_path)
    names = [[i.level3 for i in sheet.indicators] for sheet in want.sheets]
    assert [[i.level3 for i in sheet.indicators] for sheet in made.sheets] == names


def test_the_same_text_is_read_alike_with_any_line_ends() -> None:
    assert grids(MIDDLE.replace("\n", "\r\n")) == grids(MIDDLE)


@pytest.mark.parametrize(
    "shape",
    ["single blanks", "several blanks", "aligned by blanks", "ideographic blanks", "one line", "glued"],
)
def test_other_shapes_of_text_are_read_as_ever(shape: str) -> None:
    rng, made = Random(4), SHAPES[shape]
    for _ in range(8):
        form = made.form(make_form(rng, 1, 6))
        assert not made.write or not list(laid_out(made.write(form.document)).grids())


def test_a_text_that_asks_for_more_work_than_any_printed_one_is_read_as_ever() -> None:
    rng = Random(1)
    text = "\n".join("   ".join("甲" * rng.randint(1, 5) for _ in range(30)) for _ in range(200))
    assert not list(laid_out(text).grids())


@pytest.mark.parametrize("piece", ["意度指标", "指标", "效指标产出指标"])
def test_what_was_broken_off_a_level_is_no_level_that_is_known(piece: str) -> None:
    text = f"一级指标\t二级指标\t三级指标\t指标值\n满意度指标\t{piece}\t群众满意度\t≥95%\n"
    (sheet,) = read(text.encode(), "made.txt").sheets
    assert [(f.code, f.text) for f in sheet.findings if f.code == "level-unknown"] == [
        ("level-unknown", piece)
    ]
