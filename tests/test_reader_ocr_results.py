"""What OCR programs leave, read as of a page: hOCR, ALTO, JSON of several shapes, tables as HTML."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jixiao.convert import read as convert
from jixiao.document import Cell, Document, Grid, Line, grid
from jixiao.errors import BadInput
from jixiao.head import Head
from jixiao.limits import Limits
from jixiao.plugins import registry
from ocr_writer import Box, Placed, alto, corners, hocr, shapes
from span_grids import bare, span_grids

WIDE, HIGH, EM = 300, 100, 30
WORDS = st.text("绩效指标产出数量≥1次", min_size=1, max_size=6)


def read(text: str, **limits: int) -> Document:
    data = text.encode()
    return registry().reader_for(Head(data)).read(data, Limits(**limits))


def reader(text: str) -> str:
    return registry().reader_for(Head(text.encode())).NAME


def texts(document: Document) -> list[str]:
    return [t for s in document.sections for b in s.blocks for t in ([b.text] if isinstance(b, Line) else [
        c.text for c in b.cells
    ])]  # fmt: skip


def placed(tried: Grid) -> list[Placed]:
    """The cells' texts where a program would find them, in dots of a page of 300 an inch."""
    starts = [(c.text, 20 + c.col * WIDE, 30 + c.row * HIGH) for c in tried.cells if c.text]
    return [(text, (x, y, x + width(text), y + EM)) for text, x, y in starts]


def width(text: str) -> int:
    return sum(EM if ord(c) > 0x2000 else EM // 2 for c in text)


def rules(tried: Grid) -> list[Box]:
    out = []
    for c in tried.cells:
        x0, x1 = 10 + c.col * WIDE, 10 + (c.col + c.colspan) * WIDE
        y0, y1 = 10 + c.row * HIGH, 10 + (c.row + c.rowspan) * HIGH
        out += [(x0, y0, x1, y0 + 2), (x0, y1, x1, y1 + 2), (x0, y0, x0 + 2, y1), (x1, y0, x1 + 2, y1)]
    return out


def needed(tried: Grid) -> bool:
    return len({c.row for c in tried.cells}) == tried.rows and len({c.col for c in tried.cells}) == tried.cols


@given(
    span_grids(WORDS, most=4).filter(lambda g: needed(g) and len(g.cells) > 1), st.sampled_from([hocr, alto])
)
@settings(max_examples=40, deadline=None)
def test_words_and_drawn_lines_give_the_table_with_its_merged_cells(tried: Grid, write: Any) -> None:
    (found,) = read(write(placed(tried), rules(tried))).grids()
    sure = bare(found)
    assert [(c.row, c.col, c.rowspan, c.colspan, c.text) for c in sure.cells] == [
        (c.row, c.col, c.rowspan, c.colspan, c.text) for c in tried.cells
    ]


HEADS = ["一级指标", "二级指标", "三级指标", "指标值"]
ROW = ["产出指标", "数量指标", "计划完成数", "≥12次"]
TABLE = grid([Cell(text=t, row=n // 3, col=n % 3) for n, t in enumerate(
    ["产出指标", "数量指标", "≥12次", "产出指标", "质量指标", "100%", "效益指标", "社会效益", "提高"]
)])  # fmt: skip
ALL = [c.text for c in TABLE.cells]
KINDS = {
    **{name: json.dumps(raw, ensure_ascii=False) for name, raw in shapes(placed(TABLE)).items()},
    **{f"alto {v}": alto(placed(TABLE), version=v) for v in (2, 3, 4)},
    "hocr": hocr(placed(TABLE)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_words_without_lines_stand_in_columns(kind: str) -> None:
    document = read(KINDS[kind])
    (found,) = document.grids()
    assert (found.rows, found.cols, [c.text for c in found.cells]) == (3, 3, ALL)
    assert not found.spans
    assert [f.code for f in document.findings] == ["columns-by-place"]
    assert reader(KINDS[kind]) == kind.split()[0] if kind.startswith(("alto", "hocr")) else "ocr-json"


@given(st.lists(WORDS, min_size=1, max_size=12), st.sampled_from(sorted(KINDS)))
@settings(max_examples=40, deadline=None)
def test_no_word_is_lost(said: list[str], kind: str) -> None:
    words = [(t, (20, 60 * n, 20 + width(t), 60 * n + EM)) for n, t in enumerate(said)]
    told = (
        hocr(words)
        if kind == "hocr"
        else alto(words)
        if kind.startswith("alto")
        else json.dumps(shapes(words)[kind])
    )
    assert "".join(texts(read(told))) == "".join(said)


@pytest.mark.parametrize("told", [hocr(placed(TABLE), sure=40), alto(placed(TABLE), sure=0.4)])
def test_cells_are_as_sure_as_their_words(told: str) -> None:
    (found,) = read(told).grids()
    assert {c.confidence for c in found.cells} == {0.4}


HTML = (
    "<html><table><tr><td rowspan='2'>产出指标</td><td>数量指标</td></tr><tr><td>≥12次</td></tr></table>"
    "</html>"
)
BOX = [0, 0, 90, 30]
READ = {"rec_texts": ["目标表", "≥12次"], "rec_scores": [0.9, 0.5], "rec_boxes": [BOX, BOX]}
TITLE = {"text": "目标表", "confidence": 0.9, "text_region": corners((0, 0, 90, 30))}


@pytest.mark.parametrize(
    "raw",
    [
        [
            {"type": "title", "bbox": BOX, "res": [TITLE]},
            {"type": "table", "bbox": BOX, "res": {"html": HTML}},
        ],
        {
            "parsing_res_list": [
                {"block_label": "doc_title", "block_content": "目标表", "block_bbox": BOX},
                {"block_label": "table", "block_content": HTML, "block_bbox": BOX},
            ],
            "overall_ocr_res": READ,
        },
        {"table_res_list": [{"pred_html": HTML}], "overall_ocr_res": READ},
    ],
)
def test_tables_that_the_program_found_keep_their_spans_and_nothing_beside_them_is_lost(raw: Any) -> None:
    document = read(json.dumps(raw))
    (found,) = document.grids()
    assert [(c.text, c.rowspan) for c in found.cells] == [("产出指标", 2), ("数量指标", 1), ("≥12次", 1)]
    assert [b.text for s in document.sections for b in s.blocks if isinstance(b, Line)] == ["目标表"]
    if "overall_ocr_res" in raw:
        assert found.cells[2].confidence == 0.5


def test_a_value_that_the_program_was_not_sure_of_is_said() -> None:
    table = grid([Cell(text=t, row=n // 4, col=n % 4) for n, t in enumerate(HEADS + ROW)])
    sure = convert(hocr(placed(table), rules(table)).encode())
    unsure = convert(hocr(placed(table), rules(table), sure=20).encode())
    for reading, wanted in ((sure, False), (unsure, True)):
        (sheet,) = reading.sheets
        assert any(f.code == "doubtful-character" and f.indicator == 0 for f in sheet.findings) == wanted


def test_other_json_stays_what_it_is() -> None:
    assert reader('{"format": "jixiao", "version": 1}') == "json"
    assert reader('[["甲", "乙"]]') == "json"
    assert reader('{"note": "say \\"txt\\": x"}') == "json"


def test_a_sheet_comes_through_with_its_levels_and_values() -> None:
    table = grid([Cell(text=t, row=n // 4, col=n % 4) for n, t in enumerate(HEADS + ROW)])
    reading = convert(hocr(placed(table), rules(table)).encode())
    (indicator,) = reading.sheets[0].indicators
    assert (indicator.level3, indicator.value and indicator.value.text) == ("计划完成数", "≥12次")


def test_damage_and_limits_are_told() -> None:
    def failure(text: str, **limits: int) -> str:
        with pytest.raises(BadInput) as caught:
            read(text, **limits)
        return caught.value.code

    assert failure(KINDS["rapidocr"][:-20]) == "damaged-file"
    assert failure(KINDS["alto 4"][:-20]) == "damaged-file"
    assert failure('<!DOCTYPE alto [<!ENTITY a "b">]>' + KINDS["alto 4"]) == "doctype"
    assert failure(KINDS["hocr"], cells=3) == "limit-cells"
    assert failure(json.dumps([shapes(placed(TABLE))["paddle 2, one page"]] * 3), pages=2) == "limit-pages"
