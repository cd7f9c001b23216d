"""Reads the answers of table-OCR services: cells with row, column, spans and confidence, as JSON."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

import msgspec
from jixiao.document import Cell, Document, Grid, GridError, Line, Section, grid
from jixiao.errors import BadInput, over_limit
from jixiao.head import Head
from jixiao.hookspecs import hookimpl
from jixiao.limits import Limits
from jixiao.model import Finding, Place

KEYS = (b'"tables_result"', b'"prism_tablesInfo"', b'\\"prism_tablesInfo\\"')


class Options(msgspec.Struct, frozen=True):
    doubtful: Annotated[float, msgspec.Meta(description="Less sure cells get a finding.")] = 0.8


class _Body(msgspec.Struct):
    """A cell of the first shape; the ends are not included."""

    row_start: int
    row_end: int
    col_start: int
    col_end: int
    words: str = ""
    probability: float = 1.0


class _Words(msgspec.Struct):
    words: str = ""


class _First(msgspec.Struct):
    body: list[_Body]
    header: list[_Words] = []
    footer: list[_Words] = []


class _Info(msgspec.Struct):
    """A cell of the second shape; the ends are included."""

    ysc: int
    yec: int
    xsc: int
    xec: int
    word: str = ""
    prob: float = 1.0


class _Second(msgspec.Struct):
    cellInfos: list[_Info]


class _Answer(msgspec.Struct):
    tables_result: list[_First] = []
    prism_tablesInfo: list[_Second] = []
    Data: str | None = None


class TableOcrReader:
    NAME: ClassVar[str] = "tableocr"
    API_VERSION: ClassVar[int] = 1
    MEDIA_TYPES: ClassVar[tuple[str, ...]] = ("application/x-table-ocr+json",)
    EXTENSIONS: ClassVar[tuple[str, ...]] = ("json",)
    OPTIONS: ClassVar[type[Options]] = Options

    def __init__(self, options: Options | None = None) -> None:
        self.options = options or Options()

    def sniff(self, head: Head) -> bool:
        return head.start.lstrip().startswith(b"{") and any(key in head.start for key in KEYS)

    def read(self, data: bytes, limits: Limits) -> Document:
        """A table becomes a grid; its header and footer become lines around it."""
        answer = _decoded(data)
        if answer.Data is not None:
            answer = _decoded(answer.Data.encode("utf-8", "surrogatepass"))
        blocks: list[Line | Grid] = []
        for number, table in enumerate(answer.tables_result, 1):
            blocks += (Line(text=one.words) for one in table.header)
            blocks.append(_grid(number, [_of_body(number, one) for one in table.body], limits))
            blocks += (Line(text=one.words) for one in table.footer)
        for number, second in enumerate(answer.prism_tablesInfo, 1):
            blocks.append(_grid(number, [_of_info(number, one) for one in second.cellInfos], limits))
        findings = tuple(self._doubts(blocks))
        return Document(sections=(Section(blocks=tuple(blocks)),), findings=findings)

    def _doubts(self, blocks: list[Line | Grid]) -> Iterator[Finding]:
        for block in blocks:
            for cell in block.cells if isinstance(block, Grid) else ():
                if cell.confidence < self.options.doubtful:
                    yield Finding(
                        code="tableocr-doubtful",
                        severity="warning",
                        message=f"“{cell.text}” was recognised with doubt. Compare it with the picture.",
                        text=cell.text,
                        place=cell.place,
                    )

    @staticmethod
    def example() -> bytes:
        """A small answer (invented), for `jixiao plugins doctor`."""
        cells = [
            {"row_start": 0, "row_end": 1, "col_start": k, "col_end": k + 1, "words": text}
            for k, text in enumerate(("项目名称", "桥（虚构）"))
        ]
        return msgspec.json.encode({"tables_result": [{"body": cells}]})


def _decoded(data: bytes) -> _Answer:
    try:
        return msgspec.json.decode(data, type=_Answer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput(
            "tableocr-shape",
            f"The file begins like the answer of a table-OCR service and is damaged ({error}).",
            "Ask the service again.",
        ) from error


def _of_body(table: int, one: _Body) -> Cell:
    return _cell(table, one.words, one.row_start, one.col_start, one.row_end, one.col_end, one.probability)


def _of_info(table: int, one: _Info) -> Cell:
    return _cell(table, one.word, one.ysc, one.xsc, one.yec + 1, one.xec + 1, one.prob)


def _cell(table: int, text: str, row: int, col: int, end_row: int, end_col: int, sure: float) -> Cell:
    place = Place(table=table, row=row + 1)
    return Cell(
        text=text, row=row, col=col, rowspan=end_row - row, colspan=end_col - col,
        place=place, confidence=min(max(sure, 0.0), 1.0),
    )  # fmt: skip


def _grid(table: int, cells: list[Cell], limits: Limits) -> Grid:
    """Raises BadInput where cells lie over one another or outside, or the table is too large."""
    if any(c.row < 0 or c.col < 0 or c.rowspan < 1 or c.colspan < 1 for c in cells):
        raise _overlap(table, "a cell stands outside the table")
    rows = max((c.row + c.rowspan for c in cells), default=0)
    cols = max((c.col + c.colspan for c in cells), default=0)
    if rows * cols > limits.cells:
        raise over_limit("cells", rows * cols, limits.cells)
    try:
        return grid(cells)
    except GridError as error:
        raise _overlap(table, str(error)) from error


def _overlap(table: int, why: str) -> BadInput:
    return BadInput(
        "tableocr-cells", f"Table {table} does not fit together: {why}.", "Ask the service again."
    )


@hookimpl
def jixiao_reader() -> type[TableOcrReader]:
    return TableOcrReader
