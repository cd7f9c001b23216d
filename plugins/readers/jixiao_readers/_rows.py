"""Tables whose rows stand in lines of text."""

from collections.abc import Sequence

from jixiao.document import Cell, Grid, grid
from jixiao.model import Place


def rows_grid(rows: Sequence[tuple[int, Sequence[str]]]) -> Grid:
    """A table that does not claim to know spans, of each row's line number and the texts of its cells."""
    cells = [
        Cell(text=text, row=r, col=c, place=Place(row=number))
        for r, (number, texts) in enumerate(rows)
        for c, text in enumerate(texts)
    ]
    return grid(cells, spans=False)
