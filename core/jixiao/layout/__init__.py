"""Reading -> Document: the official form, merged cells and all. The inverse of jixiao.interpret.

A section for each sheet: its title, what stands below the title, one grid (header pairs, funds, goals,
indicators), then what found no home. What a sheet built by hand says without a header pair of that text is
drawn under the standard label, so that nothing is lost.
"""

from itertools import takewhile

from jixiao.document import Document, Grid, Line, Section
from jixiao.layout.blocks import amount_roles, draw_funds, draw_goals, is_head
from jixiao.layout.board import Board
from jixiao.layout.columns import tables
from jixiao.layout.header import draw_fields, every_field
from jixiao.layout.table import draw_table, widths
from jixiao.model import Field, Reading, Sheet

_LEAST = 5
_FUNDS = 2
"""Grid columns that a line of funds takes beside its amounts: the block's label and its own."""


def layout(reading: Reading) -> Document:
    """The document that shows `reading`: `interpret` of it says the same again."""
    sections = [_section(sheet, number) for number, sheet in enumerate(reading.sheets, 1)]
    if reading.unplaced:
        sections.append(Section(blocks=_notes(reading.unplaced)))
    return Document(sections=tuple(sections))


def _section(sheet: Sheet, number: int) -> Section:
    fields = every_field(sheet)
    above = list(takewhile(lambda field: field.label is None, fields))
    blocks: list[Line | Grid] = [Line(text=sheet.title, style="title")] if sheet.title else []
    blocks += [Line(text=field.text, style="subtitle") for field in above if field.text]
    grid = _grid(sheet, fields[len(above) :])
    blocks += [grid] if grid.rows else []
    project = sheet.project.name or sheet.project.text if sheet.project else None
    return Section(
        name=sheet.title or project or f"sheet {number}", blocks=(*blocks, *_notes(sheet.unplaced))
    )


def _grid(sheet: Sheet, fields: list[Field]) -> Grid:
    drawn = tables(sheet)
    widest = max((table.columns for table in drawn), key=len, default=())
    cols = max(_LEAST, len(widest), _FUNDS + len(amount_roles(sheet.funds)))
    board = Board(widths(widest, cols))
    heads = [field for field in fields if is_head(field, "goals")]
    late = [field for field in fields if sheet.funds and is_head(field, "funds")]
    draw_fields(board, [field for field in fields if field not in heads and field not in late])
    if sheet.funds:
        draw_funds(board, sheet.funds, sheet.fields)
    draw_fields(board, late)
    draw_goals(board, sheet.goals, heads)
    for table in drawn:
        draw_table(board, table)
    return board.grid()


def _notes(texts: tuple[str, ...]) -> tuple[Line | Grid, ...]:
    return tuple(Line(text=text, style="note") for text in texts)


__all__ = ["layout"]
