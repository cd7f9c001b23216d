"""Text with pipes: rows whose cells go over several lines."""

import pytest
from jixiao.document import Grid
from jixiao.limits import Limits
from jixiao_readers.text import TextReader


def rows(text: str) -> list[list[str]]:
    """The texts of each row of the one table, blanks at their ends away."""
    (grid,) = [
        b for b in TextReader().read(text.encode(), Limits()).sections[0].blocks if isinstance(b, Grid)
    ]
    return [[c.text.strip() for c in grid.cells if c.row == r] for r in range(grid.rows)]


@pytest.mark.parametrize("broken", ["服务对象\n满意度指标", "服务\n对象\n满意度指标"])
def test_a_row_goes_on_to_the_line_that_ends_it(broken: str) -> None:
    text = f"| 一级指标 | 二级指标 | 三级指标 |\n| 满意度指标 | {broken} | 群众满意度 |\n| a | b | c |\n"
    assert rows(text) == [
        ["一级指标", "二级指标", "三级指标"],
        ["满意度指标", broken, "群众满意度"],
        ["a", "b", "c"],
    ]


def test_a_row_without_an_end_takes_nothing_of_the_next() -> None:
    assert rows("| a | b |\n| c | d\n| e | f |\n") == [["a", "b"], ["c", "d"], ["e", "f"]]


def test_where_no_row_has_an_end_each_line_is_one() -> None:
    assert rows("| a | b\n| c | d\n| e | f\n") == [["a", "b"], ["c", "d"], ["e", "f"]]


def test_a_pipe_before_a_row_may_stand_for_its_empty_first_cell() -> None:
    assert rows("a | b |\n| c |\n| d | e\nf | g |\n")[1:3] == [["", "c", ""], ["", "d", "e"]]
