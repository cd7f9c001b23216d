"""A document as it is written down in a test: its lines and tables, merged cells and all."""

from jixiao.document import Document, Grid

ABOVE, LEFT = "↑", "←"

Rows = tuple[tuple[str, ...], ...]


def drawn(document: Document) -> tuple[str | Rows, ...]:
    """Each line is its text, each table its rows, in their order.

    A position inside a merged cell is ← in the row where that cell begins, and ↑ in the rows below.
    """
    blocks = (block for section in document.sections for block in section.blocks)
    return tuple(_rows(block) if isinstance(block, Grid) else block.text for block in blocks)


def _rows(grid: Grid) -> Rows:
    rows = [[""] * grid.cols for _ in range(grid.rows)]
    for cell in grid.cells:
        wide = range(cell.col, cell.col + cell.colspan)
        for row in range(cell.row, cell.row + cell.rowspan):
            for col in wide:
                rows[row][col] = LEFT if row == cell.row else ABOVE
        rows[cell.row][cell.col] = cell.text
    return tuple(map(tuple, rows))
