"""Both shapes, spans, doubt, and what every reader must hold."""

import json
from typing import Any

import pytest
from jixiao.errors import BadInput
from jixiao.limits import Limits
from jixiao.testkit import ReaderSuite
from jixiao_tableocr import Options, TableOcrReader


def body(row: int, col: int, text: str, rows: int = 1, cols: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "row_start": row,
        "row_end": row + rows,
        "col_start": col,
        "col_end": col + cols,
        "words": text,
        **more,
    }


def info(row: int, col: int, text: str, rows: int = 1, cols: int = 1) -> dict[str, Any]:
    return {"ysc": row, "yec": row + rows - 1, "xsc": col, "xec": col + cols - 1, "word": text}


FIRST = {
    "tables_result": [
        {
            "header": [{"words": "项目支出绩效目标表（虚构）"}],
            "body": [
                body(0, 0, "产出指标", rows=2),
                body(0, 1, "会议次数"),
                body(1, 1, "培训人数", probability=0.4),
            ],
        }
    ]
}
SECOND = {"prism_tablesInfo": [{"cellInfos": [info(0, 0, "产出指标", rows=2), info(0, 1, "会议次数")]}]}


class TestFirst(ReaderSuite):
    plugin = TableOcrReader
    example = json.dumps(FIRST).encode()
    blocks = ("项目支出绩效目标表（虚构）", (("产出指标", "会议次数"), ("↑", "培训人数")))


class TestSecond(ReaderSuite):
    plugin = TableOcrReader
    example = json.dumps({"Data": json.dumps(SECOND)}).encode()
    blocks = ((("产出指标", "会议次数"), ("↑", "")),)


@pytest.mark.parametrize("answer", [FIRST, SECOND, {"Data": json.dumps(SECOND)}])
def test_spans_are_those_of_the_service(answer: object) -> None:
    [table] = TableOcrReader().read(json.dumps(answer).encode(), Limits()).grids()
    first = table.cells[0]
    assert (first.text, first.rowspan, first.colspan) == ("产出指标", 2, 1)
    assert (table.rows, table.cols) == (2, 2)


def test_doubt_is_a_finding_where_the_option_says_so() -> None:
    data = json.dumps(FIRST).encode()
    assert [f.text for f in TableOcrReader().read(data, Limits()).findings] == ["培训人数"]
    assert TableOcrReader(Options(doubtful=0.3)).read(data, Limits()).findings == ()


@pytest.mark.parametrize(
    "cells", [[body(0, 0, "a"), body(0, 0, "b")], [body(-1, 0, "a")], [body(0, 0, "a", rows=0)]]
)
def test_cells_that_do_not_fit_together_are_refused(cells: list[Any]) -> None:
    with pytest.raises(BadInput, match="does not fit"):
        TableOcrReader().read(json.dumps({"tables_result": [{"body": cells}]}).encode(), Limits())


def test_a_huge_table_is_refused_before_it_is_built() -> None:
    data = json.dumps({"tables_result": [{"body": [body(10**9, 10**9, "a")]}]}).encode()
    with pytest.raises(BadInput, match="limit"):
        TableOcrReader().read(data, Limits())
