"""Markdown tables: what a program would show of them, nothing lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jixiao.document import Document, Line
from jixiao.errors import BadInput
from jixiao.head import Head
from jixiao.limits import Limits
from jixiao.plugins import registry

TEXTS = (
    st.text("绩效指标 1≥%|\\*_<&`-", max_size=6).map(str.strip).filter(lambda t: not t.endswith(("**", "__")))
)
SPECIAL = "\\|*_<&`"


def read(text: str) -> Document:
    data = text.encode()
    found = registry().reader_for(Head(data))
    assert found.NAME == "markdown"
    return found.read(data, Limits())


def escaped(text: str) -> str:
    return "".join(f"\\{c}" if c in SPECIAL else c for c in text)


def shown(document: Document) -> list[object]:
    return [
        b.text if isinstance(b, Line) else [[c.text for c in row] for row in b.by_row()]
        for s in document.sections
        for b in s.blocks
    ]


def tables(cols: int) -> st.SearchStrategy[list[list[str]]]:
    return st.lists(st.lists(TEXTS, min_size=cols, max_size=cols), min_size=1, max_size=4)


@given(st.integers(2, 4).flatmap(tables))
@settings(max_examples=60, deadline=None)
def test_any_table_comes_back(rows: list[list[str]]) -> None:
    told = ["| " + " | ".join(map(escaped, row)) + " |" for row in rows]
    told.insert(1, "|" + "|".join([":---:"] * len(rows[0])) + "|")
    assert shown(read("\n".join(told))) == [rows]


def test_headings_breaks_stress_and_text_around() -> None:
    document = read(
        "# 目标表\n\n单位：虚构\n\n一级指标 | 指标值\n---|:-:\n**产出指标** | ≥90%<br>≥95%\n"
        "| 培训\\|会议 |\n\n注：无\n"
    )
    assert shown(document) == [
        "目标表", "单位：虚构",
        [["一级指标", "指标值"], ["产出指标", "≥90%\n≥95%"], ["培训|会议", ""]], "注：无",
    ]  # fmt: skip
    (table,) = document.grids()
    assert [c.place and c.place.row for c in table.cells if c.place] == [5, 5, 7, 7, 8]
    assert not table.spans


def test_html_tables_among_the_text_keep_their_spans() -> None:
    inside = "<table><tr><td>乙</td><td>丙</td></tr></table>"
    html = f"<table><tr><td rowspan=2>产出</td><td>甲</td></tr>\n<tr><td>{inside}</td></tr></table>"
    document = read(f"# 目标表\n\n<div>{html}</div>\n\n附注\n")
    first, inner = document.grids()
    assert [(c.text, c.rowspan) for c in first.cells][:2] == [("产出", 2), ("甲", 1)]
    assert [c.text for c in inner.cells] == ["乙", "丙"]
    assert [b for b in shown(document) if isinstance(b, str)] == ["目标表", "附注"]


@pytest.mark.parametrize("text", ["a | b\nc | d", "甲\t乙\n---\n丙\t丁", "---\n甲\n"])
def test_other_text_is_read_as_text(text: str) -> None:
    assert registry().reader_for(Head(text.encode())).NAME == "text"


def test_too_many_cells_are_a_limit() -> None:
    data = ("|a|b|\n|-|-|\n" + "|c|d|\n" * 50).encode()
    with pytest.raises(BadInput) as caught:
        registry().reader_for(Head(data)).read(data, Limits(cells=100))
    assert caught.value.code == "limit-cells"
