"""Grids with spans for the tests of readers: any that tile a rectangle, and how to compare them."""

import io

import msgspec
import xlsxwriter
from hypothesis import strategies as st
from jixiao.document import Cell, Grid, grid

TEXTS = st.text("绩效指标产出数量≥≤100%次,<>&\"' a\n", max_size=6).map(lambda text: text.strip())


@st.composite
def span_grids(draw, texts=TEXTS, most=5) -> Grid:
    """A grid of up to `most` × `most`, tiled by cells of any spans."""
    rows, cols = draw(st.integers(1, most)), draw(st.integers(1, most))
    free = {(r, c) for r in range(rows) for c in range(cols)}
    cells = []
    for at in sorted(free):
        if at not in free:
            continue
        row, col = at
        wide = draw(st.integers(1, cols - col))
        while not all((row, c) in free for c in range(col, col + wide)):
            wide -= 1
        high = draw(st.integers(1, rows - row))
        free -= {(r, c) for r in range(row, row + high) for c in range(col, col + wide)}
        cells.append(Cell(text=draw(texts), row=row, col=col, rowspan=high, colspan=wide))
    return grid(cells, rows, cols)


def bare(found: Grid) -> Grid:
    """The grid without places and widths."""
    cells = tuple(msgspec.structs.replace(cell, place=None) for cell in found.cells)
    return msgspec.structs.replace(found, cells=cells, widths=())


def is_tiled(found: Grid) -> bool:
    """Whether each position is covered exactly once."""
    covered = [
        (r, c)
        for cell in found.cells
        for r in range(cell.row, cell.row + cell.rowspan)
        for c in range(cell.col, cell.col + cell.colspan)
    ]
    return sorted(covered) == [(r, c) for r in range(found.rows) for c in range(found.cols)]


def workbook(grid: Grid) -> bytes:
    """The grid as a workbook of today, a merge as a merge."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("表")
    for cell in grid.cells:
        last = cell.row + cell.rowspan - 1, cell.col + cell.colspan - 1
        if (cell.row, cell.col) != last:
            sheet.merge_range(cell.row, cell.col, *last, "")
        sheet.write_string(cell.row, cell.col, cell.text)
    book.close()
    return out.getvalue()
