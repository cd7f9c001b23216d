"""Lines and characters to tables: what is drawn comes back, however it is drawn."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jixiao.document import Grid, Line
from jixiao.errors import BadInput
from jixiao.geometry import Char, Ruling, Table, box_rulings, join_pages, page_layout

WIDE, HIGH, SIZE = 90.0, 30.0, 10.0
LEFT, TOP = 50.0, 60.0

Span = tuple[int, int, int, int]


def words(text, x, middle, size=SIZE):
    """Characters in a row from `x`, set around the height `middle`."""
    return [
        Char(c, x + n * size, middle - size / 2, x + (n + 1) * size, middle + size / 2, size)
        for n, c in enumerate(text)
    ]


def box(span: Span):
    row, col, down, across = span
    return LEFT + col * WIDE, TOP + row * HIGH, LEFT + (col + across) * WIDE, TOP + (row + down) * HIGH


def frame(span: Span, style: str) -> list[Ruling]:
    """The four sides of a cell, in the ways files draw them."""
    x0, top, x1, bottom = box(span)
    sides = [(x0, top, x1, top), (x0, bottom, x1, bottom), (x0, top, x0, bottom), (x1, top, x1, bottom)]
    if style == "stroke":
        return box_rulings(x0, top, x1, bottom)
    if style == "fill":
        return [
            r for a, b, c, d in sides for r in box_rulings(a - 0.3, b - 0.3, c + 0.3, d + 0.3, stroked=False)
        ]
    if style == "double":
        return [r for s in (0.8, -0.8) for r in box_rulings(x0 - s, top - s, x1 + s, bottom + s)]
    pieces = []
    for a, b, c, d in sides:  # dashes, or a side with a small gap
        length = c - a + d - b
        steps, drawn = (int(length / 5), 0.6) if style == "dashes" else (2, 1 - 4 / length)
        for n in range(steps):
            start, end = n / steps, (n + drawn) / steps
            pieces.append(
                Ruling(True, b, a + (c - a) * start, a + (c - a) * end)
                if b == d
                else Ruling(False, a, b + (d - b) * start, b + (d - b) * end)
            )
    return pieces


STYLES = ("stroke", "fill", "double", "dashes", "gap")


@st.composite
def span_grids(draw) -> list[Span]:
    """Cells that cover a grid of up to 7 by 5; every line of it is the side of some cell."""
    rows, cols = draw(st.integers(1, 7)), draw(st.integers(1, 5))
    taken: set[tuple[int, int]] = set()
    spans = []
    for row in range(rows):
        for col in range(cols):
            if (row, col) in taken:
                continue
            across = draw(st.integers(1, cols - col))
            while any((row, col + k) in taken for k in range(across)):
                across -= 1
            down = draw(st.integers(1, rows - row)) if draw(st.booleans()) else 1
            taken |= {(row + r, col + k) for r in range(down) for k in range(across)}
            spans.append((row, col, down, across))
    return spans


def seen(spans: list[Span]) -> list[Span]:
    """The spans over the lines that are the side of some cell: no eye can see the others."""
    ys = sorted({edge for r, _, d, _ in spans for edge in (r, r + d)})
    xs = sorted({edge for _, c, _, a in spans for edge in (c, c + a)})
    return [
        (ys.index(r), xs.index(c), ys.index(r + d) - ys.index(r), xs.index(c + a) - xs.index(c))
        for r, c, d, a in spans
    ]


def layout(chars=(), rulings=(), number=1, most=10_000):
    return page_layout(list(chars), list(rulings), number=number, width=595, height=842, most=most)


def tables(page):
    return [b.grid for b in page.blocks if isinstance(b, Table)]


def shown(grid: Grid):
    return [(c.text, c.row, c.col, c.rowspan, c.colspan) for c in grid.cells]


def centred(spans: list[Span], texts: list[str]) -> list[Char]:
    chars = []
    for span, text in zip(spans, texts, strict=True):
        x0, top, x1, bottom = box(span)
        chars += words(text, (x0 + x1) / 2 - len(text) * SIZE / 2, (top + bottom) / 2)
    return chars


@settings(max_examples=60, deadline=None)
@given(span_grids(), st.data())
def test_any_grid_comes_back_however_its_lines_are_drawn(spans, data):
    texts = data.draw(st.lists(st.text("绩效指标0%", max_size=8), min_size=len(spans), max_size=len(spans)))
    style = data.draw(st.sampled_from(STYLES))
    rulings, chars = [r for span in spans for r in frame(span, style)], centred(spans, texts)
    order = data.draw(st.randoms(use_true_random=False))
    order.shuffle(rulings)
    order.shuffle(chars)
    found = tables(layout(chars, rulings))
    if len(spans) == 1:
        assert not found  # a frame around one thing is no table
        return
    expected = [(t, *s) for t, s in zip(texts, seen(spans), strict=True)]
    assert [shown(g) for g in found] == [expected]
    assert all(g.spans for g in found)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 580), st.floats(0, 800)), max_size=60), span_grids())
def test_no_character_is_lost_wherever_it_stands(places, spans):
    chars = [Char("字", x, y, x + SIZE, y + SIZE, SIZE) for x, y in places]
    distinct = {(round(x, 1), round(y, 1)) for x, y in places}
    page = layout(chars, [r for span in spans for r in frame(span, "stroke")])
    blocks, _ = join_pages([page])
    text = "".join(b.text if isinstance(b, Line) else "".join(c.text for c in b.cells) for b in blocks)
    assert text.count("字") <= len(chars)
    if len(distinct) == len(places) and all(
        abs(a[0] - b[0]) > 1 or abs(a[1] - b[1]) > SIZE for n, a in enumerate(places) for b in places[:n]
    ):
        assert text.count("字") == len(chars)


def grid_lines(rows, cols, *, top=True, left=True, right=True, bottom=True):
    x1, y1 = LEFT + cols * WIDE, TOP + rows * HIGH
    across = [
        Ruling(True, TOP + n * HIGH, LEFT, x1) for n in range(0 if top else 1, rows + 1 if bottom else rows)
    ]
    down = [
        Ruling(False, LEFT + n * WIDE, TOP, y1) for n in range(0 if left else 1, cols + 1 if right else cols)
    ]
    return across + down


@pytest.mark.parametrize("missing", ["top", "left", "right", "bottom"])
def test_a_missing_outer_rule_costs_no_row_and_no_column(missing):
    spans = [(r, c, 1, 1) for r in range(3) for c in range(3)]
    chars = centred(spans, [f"{r}行{c}" for r, c, _, _ in spans])
    (grid,) = tables(layout(chars, grid_lines(3, 3, **{missing: False})))
    assert shown(grid) == [(f"{r}行{c}", r, c, 1, 1) for r, c, _, _ in spans]


def test_both_side_rules_missing():
    spans = [(r, c, 1, 1) for r in range(3) for c in range(3)]
    (grid,) = tables(layout(centred(spans, ["x"] * 9), grid_lines(3, 3, left=False, right=False)))
    assert (grid.rows, grid.cols) == (3, 3)


def test_underlines_backgrounds_tick_boxes_and_page_frames_are_no_lines_of_a_table():
    lines = grid_lines(2, 2)
    noise = [
        Ruling(True, TOP + 22, LEFT + 20, LEFT + 60),  # an underline in a cell
        *box_rulings(LEFT, TOP, LEFT + WIDE, TOP + HIGH, stroked=False),  # a cell's background
        *box_rulings(LEFT + 10, TOP + 10, LEFT + 20, TOP + 20),  # a tick box
        *box_rulings(20, 20, 570, 820),  # a frame around the page
        Ruling(True, 40, 30, 560),  # a rule under the page's head
    ]
    (grid,) = tables(layout(words("文字", LEFT + 20, TOP + 15), lines + noise))
    assert (grid.rows, grid.cols) == (2, 2)
    assert grid.cells[0].text == "文字"


def test_text_between_two_tables_stays_between_them():
    lower = [r._replace(at=r.at + 200) if r.horizontal else r._replace(start=r.start + 200, end=r.end + 200)
             for r in grid_lines(2, 3)]  # fmt: skip
    chars = words("上", 60, 30) + words("中", 60, TOP + 2 * HIGH + 50) + words("下", 60, 500)
    page = layout(chars, grid_lines(2, 2) + lower)
    assert [b.text if isinstance(b, Line) else b.grid.cols for b in page.blocks] == ["上", 2, "中", 3, "下"]


def test_stacked_labels_wrapped_lines_and_spaces():
    lines = grid_lines(2, 2)
    lines = [
        r._replace(end=TOP + 2 * 60) if not r.horizontal else r._replace(at=TOP + (r.at - TOP) * 2)
        for r in lines
    ]
    stacked = [c for n, t in enumerate("绩效指标") for c in words(t, LEFT + 40, TOP + 8 + n * 13)]
    wrapped = words("年度总体", LEFT + WIDE + 20, TOP + 20) + words("目标", LEFT + WIDE + 20, TOP + 33)
    spaced = words("A", LEFT + 10, TOP + 90) + words("B", LEFT + 40, TOP + 90)
    (grid,) = tables(layout(stacked + wrapped + spaced, lines))
    assert [c.text for c in grid.cells] == ["绩\n效\n指\n标", "年度总体\n目标", "A B", ""]


def test_columns_of_vertical_writing_are_read_one_after_the_other():
    right = [c for n, t in enumerate("年度总体") for c in words(t, LEFT + 60, TOP + 10 + n * 11)]
    left = [c for n, t in enumerate("目标说明") for c in words(t, LEFT + 40, TOP + 10 + n * 11)]
    lines = [r._replace(end=TOP + 120) if not r.horizontal else r._replace(at=TOP + (r.at - TOP) * 2)
             for r in grid_lines(2, 2)]  # fmt: skip
    (grid,) = tables(layout(right + left, lines))
    assert grid.cells[0].text == "年度总体\n目标说明"


@pytest.mark.parametrize(("start", "owner"), [(LEFT + 5, 0), (LEFT + 52, 1), (LEFT + 50, 1)])
def test_a_word_printed_over_a_rule_is_one_cells_and_said(start, owner):
    word = words("政府网站运行维护费用", start, TOP + 15)
    own = words("55万元", LEFT + 2 * WIDE + 40, TOP + 15)
    page = layout(word + own, grid_lines(2, 3))
    (grid,), findings = join_pages([page])
    assert [c.text for c in grid.cells[:3]] == [
        *("政府网站运行维护费用" if n == owner else "" for n in (0, 1)),
        "55万元",
    ]
    assert [(f.code, f.text) for f in findings] == [("text-over-rule", "政府网站运行维护费用")]


def test_bold_imitated_by_drawing_twice_counts_once():
    text = words("指标100", 60, 30)
    (line,) = layout(text + [c._replace(x0=c.x0 + 0.3, x1=c.x1 + 0.3) for c in text]).blocks
    assert line.text == "指标100"


def test_a_table_without_rules_says_that_it_does_not_know_spans():
    rows = ["产出指标 数量指标 3次", "        质量指标 95%", "效益指标 社会效益 好"]
    chars = []
    for n, row in enumerate(rows):
        for m, part in enumerate(row.split(" ") if row.strip() == row else ["", *row.split()]):
            chars += words(part, 60 + m * 100, 50 + n * 20)
    (grid,) = tables(layout(chars))
    assert [(c.text) for c in grid.cells] == [
        "产出指标",
        "数量指标",
        "3次",
        "",
        "质量指标",
        "95%",
        "效益指标",
        "社会效益",
        "好",
    ]
    assert not grid.spans


def test_too_many_lines_are_a_limit():
    lines = [Ruling(True, n * 5.0, 0, 500) for n in range(100)] + [
        Ruling(False, n * 5.0, 0, 500) for n in range(100)
    ]
    with pytest.raises(BadInput) as caught:
        layout((), lines, most=1000)
    assert caught.value.code == "limit-cells"


# --- over the page break -----------------------------------------------------------------------------------


def page_table(rows, number, *, from_top=60.0, height=25.0, extra=(), cols=4):
    """A page with one table of (text, row, col, rowspan, colspan); rows 25 points high."""
    rulings, chars = [], list(extra)
    for text, row, col, down, across in rows:
        x0, x1 = 50 + col * 120, 50 + (col + across) * 120
        top, bottom = from_top + row * height, from_top + (row + down) * height
        rulings += box_rulings(x0, top, x1, bottom)
        for n, part in enumerate(text.split("\n")):
            chars += words(part, x0 + 2, top + 8 + n * 11)
    return layout(chars, rulings, number)


HEAD = [("一级", 0, 0, 1, 1), ("二级", 0, 1, 1, 1), ("三级", 0, 2, 1, 1), ("指标值", 0, 3, 1, 1)]


def first_page(last_texts=("第30项", "≥30%")):
    body = [("产出", 1, 0, 29, 1), ("数量", 1, 1, 29, 1)]
    for n in range(1, 30):
        body += [(f"第{n}项", n, 2, 1, 1), (f"≥{n}%", n, 3, 1, 1)]
    body[-2:] = [(last_texts[0], 29, 2, 1, 1), (last_texts[1], 29, 3, 1, 1)]
    return page_table(HEAD + body, 1)


def second_page(rows, extra=(), head=True):
    shift = 1 if head else 0
    moved = [(t, r + shift, c, d, a) for t, r, c, d, a in rows]
    return page_table((HEAD if head else []) + moved, 2, extra=extra)


REST = [("", 0, 0, 1, 1), ("", 0, 1, 1, 1), ("第31项", 0, 2, 1, 1), ("≥31%", 0, 3, 1, 1),
        ("效益", 1, 0, 1, 1), ("社会", 1, 1, 1, 1), ("第32项", 1, 2, 1, 1), ("", 1, 3, 1, 1)]  # fmt: skip


def test_a_table_over_two_pages_is_one_its_head_taken_once_its_merged_cells_whole():
    number = words("—1—", 280, 800)
    head = page_layout(
        [], [], number=1, width=1, height=1, most=1
    )  # an empty page is no obstacle to building
    assert head.blocks == []
    blocks, findings = join_pages([first_page(), second_page(REST, extra=number)])
    grid = blocks[0]
    assert isinstance(grid, Grid)
    assert grid.rows == 32
    spans = {c.text: (c.row, c.rowspan) for c in grid.cells if c.col < 2 and c.text}
    assert spans == {
        "一级": (0, 1),
        "二级": (0, 1),
        "产出": (1, 30),
        "数量": (1, 30),
        "效益": (31, 1),
        "社会": (31, 1),
    }
    assert [(c.text, c.col) for c in grid.by_row()[30]] == [("第31项", 2), ("≥31%", 3)]
    assert [c.text for c in grid.by_row()[31]] == ["效益", "社会", "第32项", ""]  # empty stays empty
    assert [f.code for f in findings] == ["pages-joined", "head-repeated"]
    assert [b.style for b in blocks if isinstance(b, Line)] == ["note"]
    pages = {c.place.page for c in grid.cells if c.place}
    assert pages == {1, 2}


def test_a_title_between_keeps_tables_apart():
    blocks, findings = join_pages(
        [first_page(), second_page(REST, extra=words("乙项目绩效目标表", 200, 40, 16))]
    )
    assert [type(b) for b in blocks] == [Grid, Line, Grid]
    assert not findings


def test_other_columns_keep_tables_apart():
    other = page_table([("甲", 0, 0, 1, 2), ("乙", 0, 2, 1, 2), ("丙", 1, 0, 1, 2), ("丁", 1, 2, 1, 2)], 2)
    blocks, _ = join_pages([first_page(), other])
    assert len(blocks) == 2


def test_a_row_cut_by_the_page_break_is_put_together_and_said():
    above = first_page(("开展全县范围内农村饮\n水安全的巩固提升工程建", "≥30%"))
    rest = [("", 0, 0, 1, 1), ("", 0, 1, 1, 1), ("设与改造", 0, 2, 1, 1), ("", 0, 3, 1, 1)]
    blocks, findings = join_pages([above, second_page(rest)])
    (grid,) = blocks
    assert grid.rows == 30
    assert grid.by_row()[29][0].text == "开展全县范围内农村饮\n水安全的巩固提升工程建\n设与改造"
    (said,) = [f for f in findings if f.severity == "warning"]
    assert said.code == "cell-over-pages"
    assert said.after and said.after.endswith("设与改造")


def test_a_head_row_cut_by_the_page_break_is_put_together_though_each_half_is_one_line():
    rows = [(f"第{n}段", n, 0, 1, 4) for n in range(29)]
    pairs = ["主管部门", "某局", "实施单位", "甲县乙镇人民政府办公"]
    above = page_table([*rows, *((t, 29, k, 1, 1) for k, t in enumerate(pairs))], 1)
    rest = page_table([*(("", 0, k, 1, 1) for k in range(3)), ("室", 0, 3, 1, 1), ("下文", 1, 0, 1, 4)], 2)
    (grid,), findings = join_pages([above, rest])
    assert grid.by_row()[29][3].text == "甲县乙镇人民政府办公\n室"
    assert "cell-over-pages" in [f.code for f in findings]


def test_a_head_that_repeats_beside_a_cell_merged_over_all_rows_is_taken_once():
    side = [("绩效指标", 0, 0, 30, 1), ("一级", 0, 1, 1, 1), ("三级", 0, 2, 1, 1), ("值", 0, 3, 1, 1)]
    body = [("产出", 1, 1, 29, 1)]
    body += [cell for n in range(1, 30) for cell in ((f"第{n}项", n, 2, 1, 1), ("1", n, 3, 1, 1))]
    head = [(t, r, c, 1, a) for t, r, c, _, a in side]
    rest = [("", 1, 0, 2, 1), ("", 1, 1, 2, 1), ("第30项", 1, 2, 1, 1), ("1", 1, 3, 1, 1)]
    rest += [("第31项", 2, 2, 1, 1), ("1", 2, 3, 1, 1)]
    (grid,), findings = join_pages([page_table(side + body, 1), page_table(head + rest, 2)])
    assert [(c.text, c.rowspan) for c in grid.cells if c.col < 2 and c.rowspan > 1] == [
        ("绩效指标", 32),
        ("产出", 31),
    ]
    assert [f.code for f in findings] == ["pages-joined", "head-repeated"]


def test_a_column_that_no_rule_crosses_on_a_page_is_a_column():
    rulings = [r for n in range(4) for col in (2, 3) for r in frame((n, col, 1, 1), "stroke")]
    rulings += [Ruling(False, LEFT + col * WIDE, TOP, TOP + 4 * HIGH) for col in (0, 1)]
    (grid,) = tables(layout(centred([(0, 0, 4, 1)], ["绩效指标"]), rulings))
    assert shown(grid)[:2] == [("绩效指标", 0, 0, 4, 1), ("", 0, 1, 4, 1)]


def test_rules_too_near_for_text_between_them_bound_no_column():
    x = LEFT + WIDE
    rulings = [r for n in range(3) for r in frame((n, 0, 1, 2), "stroke")]
    rulings += [Ruling(False, x + near, TOP, TOP + HIGH) for near in (0, 2.2)]
    rulings += [Ruling(False, x + near, TOP + HIGH, TOP + 3 * HIGH) for near in (2.6, 4.8)]
    (grid,) = tables(layout((), rulings))
    assert grid.cols == 2


def test_one_row_left_at_the_end_of_a_page_belongs_to_the_table_on_the_next():
    first = page_table([("项目名称", 0, 0, 1, 1), ("某项目", 0, 1, 1, 3)], 1, from_top=770)
    rest = [("主管部门", 0, 0, 1, 1), ("某局", 0, 1, 1, 1), ("单位", 0, 2, 1, 1), ("某所", 0, 3, 1, 1)]
    (grid,), _ = join_pages([first, page_table(rest, 2)])
    assert [c.text for c in grid.cells] == ["项目名称", "某项目", "主管部门", "某局", "单位", "某所"]


def test_a_row_of_its_own_is_not_taken_for_the_rest_of_the_one_above():
    rest = [("", 0, 0, 1, 1), ("", 0, 1, 1, 1), ("设与改造", 0, 2, 1, 1), ("", 0, 3, 1, 1)]
    (grid,), findings = join_pages([first_page(), second_page(rest)])
    assert grid.rows == 31
    assert grid.by_row()[30][-2].text == "设与改造"
    assert not [f for f in findings if f.severity == "warning"]


def test_a_blank_value_at_the_top_of_a_page_stays_a_blank():
    rest = [("效益", 0, 0, 1, 1), ("", 0, 1, 1, 1), ("第31项", 0, 2, 1, 1), ("", 0, 3, 1, 1)]
    (grid,), _ = join_pages([first_page(), second_page(rest)])
    assert [(c.text, c.rowspan) for c in grid.by_row()[30]] == [("效益", 1), ("", 1), ("第31项", 1), ("", 1)]


def test_feet_that_repeat_are_notes_and_titles_that_repeat_are_not():
    pages = [
        page_table(
            [*HEAD, ("", 1, 0, 1, 4)],
            n,
            extra=words("绩效目标表", 200, 45, 14) + words(f"某单位第{n}册", 60, 820),
        )
        for n in (1, 2)
    ]
    blocks, _ = join_pages(pages)
    assert [(b.text, b.style) for b in blocks if isinstance(b, Line)] == [
        ("绩效目标表", "body"), ("某单位第1册", "note"), ("绩效目标表", "body"), ("某单位第2册", "note"),
    ]  # fmt: skip
