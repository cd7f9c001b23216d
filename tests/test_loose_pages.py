"""Tables without rules: what is drawn cell by cell comes back row by row, over page breaks too."""

from collections.abc import Sequence
from itertools import accumulate

import pytest
from clerk import FIXTURES, header, read_rows, rows, told, truth, wanted_header
from hypothesis import given, settings
from hypothesis import strategies as st
from jixiao.convert import read
from jixiao.document import Grid
from jixiao.geometry import Char, join_pages, page_layout
from jixiao.model import Reading

SIZE, LEADING, PADDING, TOP = 10.0, 14.0, 8.0, 60.0
LEFT = (50.0, 130.0, 240.0, 420.0)
"""Where the columns of a drawn table begin."""

Row = tuple[int, int, int]
"""How many lines the name, the value and the remark of a row have; 0 for none."""


def words(text: str, x: float, middle: float) -> list[Char]:
    half = SIZE / 2
    return [
        Char(c, x + n * SIZE, middle - half, x + (n + 1) * SIZE, middle + half, SIZE)
        for n, c in enumerate(text)
    ]


def lines(text: str, count: int) -> list[str]:
    return [f"{text}{n}" for n in range(count)]


def cell(parts: Sequence[str], x: float, top: float, bottom: float, align: str) -> list[Char]:
    """The lines of a cell, set in its middle or at its top."""
    high = LEADING * len(parts)
    first = top + PADDING / 2 if align == "top" else (top + bottom - high) / 2
    return [c for n, part in enumerate(parts) for c in words(part, x, first + LEADING * n + LEADING / 2)]


def drawn(groups: Sequence[Sequence[Row]], align: str) -> tuple[list[Char], list[list[str]]]:
    """The characters of a table, in the order in which programs draw it, and its rows as texts.

    Each group of rows has a label merged over it; a head stands above.
    """
    chars, want = [], [["层级", "名称", "指标值", "备注"]]
    for text, x in zip(want[0], LEFT, strict=True):
        chars += cell([text], x, TOP, TOP + LEADING + PADDING, align)
    top, number = TOP + LEADING + PADDING, 0
    for label, group in enumerate(groups):
        heights = [LEADING * max(*row, 1) + PADDING for row in group]
        edges = [top + y for y in accumulate(heights, initial=0.0)]
        for n, row in enumerate(group):
            parts = [[f"第{label}层"] if n == 0 else []]
            parts += [lines(f"{kind}{number}号", count) for kind, count in zip("名值注", row, strict=True)]
            bottoms = (edges[-1], edges[n + 1], edges[n + 1], edges[n + 1])
            for texts, x, bottom in zip(parts, LEFT, bottoms, strict=True):
                chars += cell(texts, x, edges[n], bottom, align)
            want.append(["\n".join(texts) for texts in parts])
            number += 1
        top = edges[-1]
    return chars, want


def grids(*pages: Sequence[Char]) -> list[Grid]:
    made = [
        page_layout(list(chars), [], number=n, width=595, height=842, most=10_000)
        for n, chars in enumerate(pages, 1)
    ]
    return [b for b in join_pages(made)[0] if isinstance(b, Grid)]


def texts(grid: Grid) -> list[list[str]]:
    return [[c.text for c in row] for row in grid.by_row()]


ROWS = st.tuples(st.integers(1, 3), st.integers(1, 2), st.integers(0, 2))
GROUPS = st.lists(st.lists(ROWS, min_size=1, max_size=4), min_size=2, max_size=4)


@settings(max_examples=60, deadline=None)
@given(GROUPS)
def test_cells_of_several_lines_and_labels_in_the_middle_of_their_rows_come_back(groups) -> None:
    chars, want = drawn(groups, "middle")
    (grid,) = grids(chars)
    assert texts(grid) == want


@settings(max_examples=60, deadline=None)
@given(GROUPS, st.sampled_from(["middle", "top"]))
def test_no_character_is_lost(groups, align: str) -> None:
    chars, _ = drawn(groups, align)
    found = sorted("".join(c.text for g in grids(chars) for c in g.cells).replace("\n", ""))
    assert [c for c in found if not c.isspace()] == sorted(c.text for c in chars)


def page(first: int, last: int, top: float, head: bool) -> list[Char]:
    chars = []
    for n in range(first - head, last):
        y = top + 22 * (n - first + head)
        row = ["一级", "三级", "指标值", "备注"] if n < first else ["产出", f"第{n}项", f"≥{n}%", "每年"]
        for text, x in zip(row, LEFT, strict=True):
            chars += words(text, x, y)
    return chars


@pytest.mark.parametrize("again", [True, False])
def test_a_table_over_two_pages_is_one_and_its_head_is_taken_once(again: bool) -> None:
    (grid,) = grids(page(1, 33, 60, head=True), page(33, 40, 60, head=again))
    assert texts(grid)[0] == ["一级", "三级", "指标值", "备注"]
    assert [row[1] for row in texts(grid)[1:]] == [f"第{n}项" for n in range(1, 40)]
    assert {c.place.page for c in grid.cells if c.place} == {1, 2}


def test_columns_are_those_of_all_pages() -> None:
    first = [c for c in page(1, 33, 60, head=True) if c.x0 < LEFT[3] or c.top < 60]
    rest = words("第33项", LEFT[1], 60) + words("≥33%", LEFT[2], 60) + words("每年", LEFT[3], 60)
    (grid,) = grids(first, rest)
    assert texts(grid)[-1] == ["", "第33项", "≥33%", "每年"]


def test_a_text_that_its_cell_cuts_off_ends_there_and_is_less_sure() -> None:
    chars, ends = [], {}
    for n in range(4):
        y = 60 + 15.0 * n
        chars += words("产出", 50, y) + words("计划工作完成", 130, y)
        ends[len(chars) - 1] = True
        chars += words("100%", 189.5, y)
    layout = page_layout(chars, [], number=1, width=595, height=842, most=1000, ends=ends)
    (grid,) = [b for b in join_pages([layout])[0] if isinstance(b, Grid)]
    assert texts(grid) == [["产出", "计划工作完成", "100%"]] * 4
    assert [c.confidence < 1 for c in grid.cells] == [False, True, False] * 4


# --- what programs print ------------------------------------------------------------------------------------

WANT = truth(FIXTURES / "six" / "sheets.truth.json")


def printed(kind: str) -> Reading:
    return read((FIXTURES / "loose" / f"six-{kind}.pdf").read_bytes())


@pytest.mark.parametrize("kind", ["docx", "xlsx", "html"])
def test_the_six_sheets_without_borders_are_exact(kind: str) -> None:
    reading = printed(kind)
    assert read_rows(reading) == rows(WANT)
    for sheet, want in zip(reading.sheets, WANT["sheets"], strict=True):
        fields = header(sheet)
        assert {n: fields.get(n, "") for n in wanted_header(want)} == wanted_header(want)
    for sheet, want in zip(reading.sheets, WANT["sheets"], strict=True):
        assert told(sheet) <= {k for k, row in enumerate(want["indicators"]) if row["flags"]}


def test_what_a_narrow_column_cut_off_is_told_and_nothing_else_is_wrong() -> None:
    reading = printed("merged")
    flat = [row for sheet in rows(WANT) for row in sheet]
    silent = [
        row
        for sheet, made in zip(reading.sheets, read_rows(reading), strict=True)
        for k, row in enumerate(made)
        if row not in flat and k not in told(sheet)
    ]
    assert silent == []
    assert len(reading.sheets) == len(WANT["sheets"])
    cut = {f.text for f in reading.findings if f.code == "text-cut-off"}
    assert "计划工作完成" in cut
