"""Words of the forms in which recognition took characters for others that look like them."""

import pytest
from jixiao.convert import read
from jixiao.model import Sheet

FORM = (
    "某县项目支出绩效目标表\n(2022年度)\n项目名称\t某项目\n主管部门\t某局\n"
    "一级指标\t二级指标\t三级指标\t指标值\n"
    "产出指标\t数量指标\t培训人数\t≥10人\n\t时效指标\t完成及时率\t95%\n"
    "满意度指标\t服务对象满意度指标\t学员满意度\t≥90%\n"
)


def sheet(text: str) -> Sheet:
    (found,) = read(text.encode()).sheets
    return found


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("产出", "产岀"),
        ("时效指标", "吋效指林"),
        ("二级指标", "二级指林"),
        ("主管部门", "主菅邵门"),
        ("数量", "敎暈"),
    ],
)
def test_a_word_of_the_form_is_known_by_what_it_looks_like(right: str, wrong: str) -> None:
    read_right, read_wrong = sheet(FORM), sheet(FORM.replace(right, wrong))
    assert [f.text for f in read_wrong.fields] == [f.text for f in read_right.fields]
    assert read_wrong.department == read_right.department
    for one, other in zip(read_right.indicators, read_wrong.indicators, strict=True):
        assert one.level1 and other.level1 and one.level1.term == other.level1.term
        assert one.level2 and other.level2 and one.level2.term == other.level2.term
        assert (one.level3, one.value) == (other.level3, other.value)


def test_a_level_taken_for_another_text_is_said_and_kept_as_printed() -> None:
    found = sheet(FORM.replace("产出", "产岀"))
    said = [(f.before, f.after) for f in found.findings if f.code == "level-misread"]
    assert said == [("产岀指标", "产出指标")]
    assert found.indicators[0].level1 and found.indicators[0].level1.text == "产岀指标"


def test_names_are_not_taken_for_words_of_the_form() -> None:
    found = sheet(FORM.replace("培训人数", "林木数量"))
    assert found.indicators[0].level3 == "林木数量"


@pytest.mark.parametrize(("printed", "number"), [("1OO%", "100"), ("≥9O%", "90"), ("l2次", "12")])
def test_letters_taken_for_digits_are_said_and_kept_as_printed(printed: str, number: str) -> None:
    found = sheet(FORM.replace("95%", printed))
    value = found.indicators[1].value
    assert value and (value.text, value.number) == (printed, number)
    assert [f.before for f in found.findings if f.code == "digits-misread"] == [printed]


def test_a_level_broken_over_two_lines_is_one() -> None:
    cells = (
        FORM.replace("服务对象满意度指标", "服务对象\n满意度指标").replace("\t", "\n").replace("\n\n", "\n")
    )
    last = sheet(cells).indicators[-1]
    assert last.level1 and last.level2
    assert (last.level1.term, last.level2.term) == ("满意度指标", "服务对象满意度指标")
    assert (last.level3, last.value and last.value.text) == ("学员满意度", "≥90%")
