"""The ways in which a published sheet ends up as text, one function each, in one table.

A shape takes a document drawn by jixiao.layout (or damaged since) and gives the text that copying, OCR or
a web page makes of it; everything in it is a pure function. `SHAPES["grid"]` alone writes no text: it is
the document itself. All names in the furniture around the sheets are invented.
"""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import NamedTuple

import msgspec

from jixiao.document import Cell, Document, Grid, Line
from jixiao.model import Reading, Sheet
from jixiao.testkit.damage import as_text, flattened
from jixiao.testkit.variety import Form

NBSP, IDEOGRAPHIC = "\u00a0", "\u3000"
NAVIGATION = (
    "网站首页 > 信息公开 > 财政预决算 > 部门预算", "发布时间: 2023-02-14 09:30", "来源: 某县财政局",
    "字号: [大] [中] [小]", "浏览次数: 128",
)  # fmt: skip
FOOTERS = (
    "填表人: 甲某 联系电话: 填报日期:", "单位负责人签字:", "附件: 1.某县部门预算公开表.xlsx",
    "扫一扫在手机打开当前页", "主办单位: 某县人民政府办公室",
)  # fmt: skip
PAGE = 9
"""Rows of a sheet on a page, for page numbers and running headers."""

Rows = list[list[str]]
Writer = Callable[[Document], str]
Change = Callable[[Form], Form]


class Shape(NamedTuple):
    """`write` makes the text, None where there is none; `change` says what is done to the form before.

    `blanks` tells whether empty cells leave a trace.
    """

    write: Writer | None
    change: Change | None = None
    blanks: bool = True

    def form(self, form: Form) -> Form:
        """The form as this shape shows it: what it cuts off is cut off the truth too."""
        return self.change(form) if self.change else form


# -- writers: Document -> str


def rows(document: Document) -> Iterator[tuple[bool, list[str]]]:
    """Every line and row of the document: whether it is a table's, and its texts, covered cells empty."""
    for block in chain.from_iterable(s.blocks for s in document.sections):
        if isinstance(block, Line):
            yield False, [block.text]
        else:
            yield from ((True, [c.text for c in row]) for row in flattened(block).by_row())


def _joined(document: Document, line: Callable[[list[str]], str]) -> str:
    """A line of text for each row, by `line`; lines outside tables stay."""
    out = [line([_flat(t) for t in texts]) if table else texts[0] for table, texts in rows(document)]
    return "\n".join(out) + "\n"


def _flat(text: str) -> str:
    return text.replace("\n", " ")


def _cells(document: Document, *, empty: bool) -> Iterator[str]:
    """The cells one by one, as a page shows them: what a merged cell covers is not there."""
    for block in chain.from_iterable(s.blocks for s in document.sections):
        cells = [Cell(text=block.text, row=0, col=0)] if isinstance(block, Line) else block.cells
        yield from (_flat(c.text) for c in cells if c.text or empty)


def pipe_rows(document: Document) -> str:
    """a | b | c"""
    return _joined(document, " | ".join)


def markdown(document: Document) -> str:
    """A Markdown table: pipes at both ends, a rule under the first row of each table."""
    out, before = [], False
    for table, texts in rows(document):
        out.append("| " + " | ".join(_flat(t) for t in texts) + " |" if table else texts[0])
        out += ["|" + " --- |" * len(texts)] if table and not before else []
        before = table
    return "\n".join(out) + "\n"


def cell_lines(document: Document) -> str:
    """One cell a line; empty cells leave nothing."""
    return "\n".join(_cells(document, empty=False)) + "\n"


def cell_lines_piped(document: Document) -> str:
    """One cell a line with " |" at its end, an empty one a bare "|"."""
    return "\n".join(f"{text} |" if text else "|" for text in _cells(document, empty=True)) + "\n"


def row_start_pipes(document: Document) -> str:
    """One cell a line with " |", and a "|" on a line of its own where a row starts."""
    out = []
    for table, texts in rows(document):
        out += ["|", *(f"{_flat(t)} |" if t else "|" for t in texts)] if table else texts
    return "\n".join(out) + "\n"


def paragraphs(document: Document) -> str:
    """One cell a paragraph: blank lines between, an empty cell is a line with one no-break space."""
    return "\n\n".join(text or NBSP for text in _cells(document, empty=True)) + "\n"


def wrapped(document: Document) -> str:
    """One cell a paragraph, long labels over two (经济效益 / 指标)."""
    out: list[str] = []
    for text in _cells(document, empty=True):
        long = 4 < len(text) <= 9 and text.endswith("指标")
        out += [text[:-2], text[-2:]] if long else [text or NBSP]
    return "\n\n".join(out) + "\n"


def single_blanks(document: Document) -> str:
    """A row a line, one blank between its cells, none for empty ones."""
    return _joined(document, lambda texts: " ".join(t for t in texts if t))


def several_blanks(document: Document) -> str:
    """A row a line, several blanks between its cells."""
    return _joined(document, lambda texts: "    ".join(t for t in texts if t))


def aligned(document: Document) -> str:
    """A row a line, blanks up to the column's width as `pdftotext -layout` prints them."""
    return "".join(_aligned(b) for s in document.sections for b in s.blocks)


def _aligned(block: Line | Grid) -> str:
    if isinstance(block, Line):
        return block.text + "\n"
    table = [[_flat(c.text) for c in row] for row in flattened(block).by_row()]
    widths = [min(24, 2 + max(len(row[k]) for row in table)) for k in range(block.cols)]
    lines = ("  ".join(t.ljust(w, IDEOGRAPHIC) for t, w in zip(r, widths, strict=True)) for r in table)
    return "".join(line.replace(IDEOGRAPHIC, "  ").rstrip() + "\n" for line in lines)


def ragged(document: Document) -> str:
    """Tab-separated; empty cells at both ends of a row are cut."""
    return _joined(document, lambda texts: "\t".join(texts).strip("\t"))


def ragged_right(document: Document) -> str:
    """Tab-separated; empty cells at the end of a row are cut."""
    return _joined(document, lambda texts: "\t".join(texts).rstrip("\t"))


def one_line(document: Document) -> str:
    """The whole stream on one line with single spaces."""
    return " ".join(_cells(document, empty=False)) + "\n"


def glued_rows(document: Document) -> str:
    """A row a line, nothing between its cells."""
    return _joined(document, "".join)


def glued(document: Document) -> str:
    """The whole stream on one line, nothing between its cells."""
    return "".join(_cells(document, empty=False)) + "\n"


def columns(document: Document) -> str:
    """The cells of each table column by column, one a line; an empty cell is a bare "|"."""
    out: list[str] = []
    for block in chain.from_iterable(s.blocks for s in document.sections):
        if isinstance(block, Line):
            out.append(f"{block.text} |")
            continue
        cells = sorted(flattened(block).cells, key=lambda c: (c.col, c.row))
        out += [f"{_flat(c.text)} |" if c.text else "|" for c in cells]
    return "\n".join(out) + "\n"


def furnished(document: Document) -> str:
    """Tab-separated, navigation above and footers below."""
    return "\n".join((*NAVIGATION, as_text(document), *FOOTERS)) + "\n"


def furnished_cells(document: Document) -> str:
    """One cell a line, navigation above and footers below."""
    return "\n".join((*NAVIGATION, cell_lines_piped(document), *FOOTERS)) + "\n"


def paged(document: Document) -> str:
    """Tab-separated, with page numbers and the first title anew between rows."""
    return _paged(document, as_text(document))


def paged_lines(document: Document) -> str:
    """One cell a line, with page numbers and the first title anew between rows."""
    return _paged(document, cell_lines(document))


def _paged(document: Document, text: str) -> str:
    titles = [b.text for s in document.sections for b in s.blocks[:1] if isinstance(b, Line)]
    out: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        out.append(line)
        if number % PAGE == 0:
            out += [f"— {number // PAGE} —", *titles[:1]]
    return "\n".join(out) + "\n"


_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {ord(" "): IDEOGRAPHIC}


def full_width(document: Document) -> str:
    """Tab-separated, digits, Latin letters and marks in full-width forms."""
    return as_text(document).translate(_WIDE)


def ideographic_blanks(document: Document) -> str:
    """A row a line, an ideographic space between its cells."""
    return _joined(document, lambda texts: IDEOGRAPHIC.join(t for t in texts if t))


def windows(document: Document) -> str:
    """Tab-separated with Windows line ends and a byte order mark."""
    return "\ufeff" + as_text(document).replace("\n", "\r\n")


# -- changes: Form -> Form


def with_cells(document: Document, change: Callable[[Cell], Cell]) -> Document:
    """The document with every cell of its grids changed."""
    return each_grid(document, lambda g: msgspec.structs.replace(g, cells=tuple(change(c) for c in g.cells)))


def repeated(form: Form) -> Form:
    """The label of a merged cell is printed in every row it covers."""
    return form._replace(document=each_grid(form.document, _repeated))


def _repeated(grid: Grid) -> Grid:
    cells: list[Cell] = []
    for c in grid.cells:
        bare = msgspec.structs.replace(c, rowspan=1)
        cells += (msgspec.structs.replace(bare, row=c.row + k) for k in range(c.rowspan))
    cells.sort(key=lambda c: (c.row, c.col))
    return msgspec.structs.replace(grid, cells=tuple(cells))


def each_grid(document: Document, change: Callable[[Grid], Grid]) -> Document:
    """The document with every grid changed."""
    sections = [
        msgspec.structs.replace(s, blocks=tuple(change(b) if isinstance(b, Grid) else b for b in s.blocks))
        for s in document.sections
    ]
    return msgspec.structs.replace(document, sections=tuple(sections))


def _is_side(cell: Cell) -> bool:
    return cell.style == "label" and cell.col == 0 and cell.rowspan > 1 and len(cell.text) > 2


def cut_sides(form: Form) -> Form:
    """The labels down the left side are cut to one character (总 / 绩)."""

    def cut(cell: Cell) -> Cell:
        for words, rest in (("绩效", "绩"), ("总体", "总")):
            if _is_side(cell) and cell.text.startswith(words):
                return msgspec.structs.replace(cell, text=rest)
        return cell

    return form._replace(document=with_cells(form.document, cut))


def spaced_sides(form: Form) -> Form:
    """The labels down the left side are printed vertically (绩 效 指 标)."""

    def spaced(cell: Cell) -> Cell:
        return msgspec.structs.replace(cell, text=" ".join(cell.text)) if _is_side(cell) else cell

    return form._replace(document=with_cells(form.document, spaced))


def headless(form: Form) -> Form:
    """The file starts at the heads of the first sheet's indicator table: what stood above is gone."""
    return _from_row(form, 0)


def from_the_middle(form: Form) -> Form:
    """The file starts in the midst of the first sheet's indicators, at a row that prints its first level."""
    sheet = form.truth.sheets[0]
    if sum(c.role == "side" for c in sheet.columns) > 1:
        return _from_row(form, 0)
    printed = [k for k, i in enumerate(sheet.indicators) if k and i.level1 and i.level1.text]
    return _from_row(form, printed[len(printed) // 2] if printed else 0)


def _from_row(form: Form, indicator: int) -> Form:
    """Cuts everything before the first sheet's indicator; before its table's heads for the first one."""
    first = form.truth.sheets[0]
    section = form.document.sections[0]
    at = next((k for k, b in enumerate(section.blocks) if isinstance(b, Grid)), None)
    if at is None or not first.indicators or len(form.starts) < 1:
        return form
    table = section.blocks[at]
    assert isinstance(table, Grid)
    top = form.starts[0] + indicator - (1 if indicator == 0 and first.columns else 0)
    below = [_moved_up(c, top) for c in table.cells if c.row + c.rowspan > top]
    kept = msgspec.structs.replace(table, rows=table.rows - top, cells=tuple(below))
    sections = (
        msgspec.structs.replace(section, blocks=(kept, *section.blocks[at + 1 :])),
        *form.document.sections[1:],
    )
    starts = (form.starts[0] + indicator - top, *form.starts[1:])
    document = msgspec.structs.replace(form.document, sections=sections)
    truth, printed = (_cut(r, indicator) for r in (form.truth, form.printed))
    return Form(document, truth, printed, starts)


def _cut(reading: Reading, indicator: int) -> Reading:
    """The reading whose first sheet begins with that indicator."""
    first = reading.sheets[0]
    rows = first.indicators[indicator:]
    reached = any(c.role in ("actual", "score") for c in first.columns) and not indicator
    sheet = Sheet(
        kind="self-evaluation" if reached else "target", columns=() if indicator else first.columns,
        indicators=rows, unplaced=first.unplaced,
    )  # fmt: skip
    return msgspec.structs.replace(reading, sheets=(sheet, *reading.sheets[1:]))


def _moved_up(cell: Cell, by: int) -> Cell:
    """The part of the cell below row `by`; the text of a cell that began above it is gone."""
    if cell.row >= by:
        return msgspec.structs.replace(cell, row=cell.row - by)
    return msgspec.structs.replace(cell, row=0, rowspan=cell.row + cell.rowspan - by, text="")


SHAPES: dict[str, Shape] = {
    "grid": Shape(None),
    "tabs": Shape(as_text),
    "tabs, levels on every row": Shape(as_text, repeated),
    "tabs, side labels cut": Shape(as_text, cut_sides),
    "tabs, side labels vertical": Shape(as_text, spaced_sides),
    "tabs, ragged right": Shape(ragged_right),
    "tabs, ragged": Shape(ragged),
    "tabs, full width": Shape(full_width),
    "tabs, Windows": Shape(windows),
    "tabs, furniture around": Shape(furnished),
    "tabs, page breaks": Shape(paged),
    "tabs, header cut": Shape(as_text, headless),
    "tabs, from the middle": Shape(as_text, from_the_middle),
    "pipes": Shape(pipe_rows),
    "markdown": Shape(markdown),
    "cell a line": Shape(cell_lines, blanks=False),
    "cell a line, header cut": Shape(cell_lines, headless, blanks=False),
    "cell a line, from the middle": Shape(cell_lines, from_the_middle, blanks=False),
    "cell a line, page breaks": Shape(paged_lines, blanks=False),
    "cell a line, pipes": Shape(cell_lines_piped),
    "cell a line, pipes, side labels cut": Shape(cell_lines_piped, cut_sides),
    "cell a line, pipes, furniture": Shape(furnished_cells),
    "cell a line, pipes at row starts": Shape(row_start_pipes),
    "cell a paragraph": Shape(paragraphs),
    "cell a paragraph, labels wrapped": Shape(wrapped),
    "single blanks": Shape(single_blanks, blanks=False),
    "single blanks, levels on every row": Shape(single_blanks, repeated, blanks=False),
    "several blanks": Shape(several_blanks, blanks=False),
    "aligned by blanks": Shape(aligned, blanks=False),
    "ideographic blanks": Shape(ideographic_blanks, blanks=False),
    "one line": Shape(one_line, blanks=False),
    "one line, header cut": Shape(one_line, headless, blanks=False),
    "glued rows": Shape(glued_rows, blanks=False),
    "glued": Shape(glued, blanks=False),
    "column by column": Shape(columns),
}
"""Every shape by its name: what is done to the form, and how it is written."""
