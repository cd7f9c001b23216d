"""What becomes of sheets on their way to us: shifted cells, lost merges, cut titles. Seen in published files.

Every operation takes a document drawn by jixiao.layout, does one thing to it, and says which indicators it
touched, so that a test can ask: an untouched row is read right; a touched one is read right or carries a
finding.
"""

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import NamedTuple

import msgspec

from jixiao.document import Cell, Document, Grid, Line, Section, grid
from jixiao.model import Reading, Sheet

Touched = frozenset[tuple[int, int]]
"""(sheet, indicator), both from 0."""
NOTHING: Touched = frozenset()


class Damaged(NamedTuple):
    """`operations` are the names of those that found something to do; `document` shows `reading`, damaged."""

    reading: Reading
    operations: tuple[str, ...]
    document: Document
    touched: Touched


class Spot(NamedTuple):
    """A sheet's grid in a document: where it stands, and the first row of its indicators."""

    sheet: int
    section: int
    block: int
    grid: Grid
    first: int

    def indicator(self, row: int) -> int:
        return row - self.first


class Change(NamedTuple):
    document: Document
    touched: Touched = NOTHING


Operation = Callable[[Reading, Document, Random], Change | None]


def damage_document(reading: Reading, document: Document, names: Sequence[str], rng: Random) -> Damaged:
    """Does the operations of these names one after another. Raises KeyError for a name not in OPERATIONS."""
    done: list[str] = []
    touched = NOTHING
    for name in names:
        change = OPERATIONS[name](reading, document, rng)
        if change is not None:
            document, touched = change.document, touched | change.touched
            done.append(name)
    return Damaged(reading, tuple(done), document, touched)


def flattened(source: Grid) -> Grid:
    """The grid as plain text shows it: a merged cell is its top left cell and empty ones."""
    bare = [msgspec.structs.replace(c, rowspan=1, colspan=1) for c in source.cells]
    return grid(bare, source.rows, source.cols, widths=source.widths, spans=False)


def as_text(document: Document) -> str:
    """The document as tab-separated text, the way OCR and copying hand it over.

    A line for each line of text and each row of a grid; blank lines between blocks.
    """
    return "\n".join("\n".join(_lines(block)) + "\n" for s in document.sections for block in s.blocks)


def _lines(block: Line | Grid) -> Iterator[str]:
    if isinstance(block, Line):
        yield block.text
        return
    for row in flattened(block).by_row():
        yield "\t".join(cell.text.replace("\n", " ") for cell in row)


def shift_left(reading: Reading, document: Document, rng: Random) -> Change | None:
    """The cells of an indicator's row stand one column too far left: a blank before them was lost."""

    def shifted(texts: list[str]) -> list[str] | None:
        start = _start(texts)
        return [*texts[: start - 1], *texts[start:], ""] if start else None

    return _in_row(reading, document, rng, shifted)


def shift_right(reading: Reading, document: Document, rng: Random) -> Change | None:
    """The cells of an indicator's row stand one column too far right; what leaves the table is lost."""

    def shifted(texts: list[str]) -> list[str] | None:
        start = _start(texts)
        return [*texts[:start], "", *texts[start:-1]] if any(texts) else None

    return _in_row(reading, document, rng, shifted)


def drop_cell(reading: Reading, document: Document, rng: Random) -> Change | None:
    """One cell with text is gone from an indicator's row, and those behind it moved up."""

    def dropped(texts: list[str]) -> list[str] | None:
        full = [k for k, text in enumerate(texts) if text]
        if not full:
            return None
        gone = rng.choice(full)
        return [*texts[:gone], *texts[gone + 1 :], ""]

    return _in_row(reading, document, rng, dropped)


def drop_merge(reading: Reading, document: Document, rng: Random) -> Change | None:
    """A merged cell becomes its top left cell and empty ones. Touches the indicators it used to cover."""
    found = [
        (spot, c) for spot in _spots(reading, document) for c in spot.grid.cells if c.rowspan * c.colspan > 1
    ]
    if not found:
        return None
    spot, cell = rng.choice(found)
    below = range(max(cell.row, spot.first), cell.row + cell.rowspan)
    touched = frozenset((spot.sheet, spot.indicator(row)) for row in below)
    return Change(
        _replaced(document, spot, cell, msgspec.structs.replace(cell, rowspan=1, colspan=1)), touched
    )


def split_label(reading: Reading, document: Document, rng: Random) -> Change | None:
    """A label is printed with a blank or line break in the midst of it."""
    spot, cell = _pick(reading, document, rng, lambda spot, c: len(c.text) > 1 and c.style == "label")
    if spot is None or cell is None:
        return None
    at = 1 + rng.randrange(len(cell.text) - 1)
    text = cell.text[:at] + rng.choice((" ", "  ", "\n", "\u3000")) + cell.text[at:]
    touched = _under(reading, spot, cell) if cell.row >= spot.first else NOTHING
    return Change(_replaced(document, spot, cell, msgspec.structs.replace(cell, text=text)), touched)


def blank_level(reading: Reading, document: Document, rng: Random) -> Change | None:
    """A level's label is lost; the indicators that stood under it are touched."""
    spot, cell = _pick(
        reading, document, rng, lambda spot, c: bool(c.text) and c.row >= spot.first and c.style == "label"
    )
    if spot is None or cell is None:
        return None
    touched = _under(reading, spot, cell)
    return Change(_replaced(document, spot, cell, msgspec.structs.replace(cell, text="")), touched)


def cut_title(reading: Reading, document: Document, rng: Random) -> Change | None:
    """The last character of a title is cut off (绩效目标表 to 绩效目标)."""
    found = [
        (s, b, block)
        for s, section in enumerate(document.sections)
        for b, block in enumerate(section.blocks)
        if isinstance(block, Line) and block.style == "title" and len(block.text) > 1
    ]
    if not found:
        return None
    s, b, line = rng.choice(found)
    return Change(_with_block(document, s, b, msgspec.structs.replace(line, text=line.text[:-1])))


def glue_sheets(reading: Reading, document: Document, rng: Random) -> Change | None:
    """Two sections become one stream."""
    if len(document.sections) < 2:
        return None
    at = rng.randrange(len(document.sections) - 1)
    one, two = document.sections[at : at + 2]
    glued = Section(name=one.name, blocks=one.blocks + two.blocks)
    sections = (*document.sections[:at], glued, *document.sections[at + 2 :])
    return Change(msgspec.structs.replace(document, sections=sections))


OPERATIONS: dict[str, Operation] = {
    "shift-left": shift_left,
    "shift-right": shift_right,
    "drop-cell": drop_cell,
    "drop-merge": drop_merge,
    "split-label": split_label,
    "blank-level": blank_level,
    "cut-title": cut_title,
    "glue-sheets": glue_sheets,
}


def _spots(reading: Reading, document: Document) -> list[Spot]:
    """The grids of the document, each with its sheet: the indicators are the grid's last rows."""
    places = [
        (s, b, block)
        for s, section in enumerate(document.sections)
        for b, block in enumerate(section.blocks)
        if isinstance(block, Grid)
    ]
    drawn = [k for k, sheet in enumerate(reading.sheets) if _has_grid(sheet)]
    return [
        Spot(k, s, b, block, block.rows - len(reading.sheets[k].indicators))
        for k, (s, b, block) in zip(drawn, places, strict=True)
    ]


def _has_grid(sheet: Sheet) -> bool:
    pairs = any(field.label is not None for field in sheet.fields)
    return bool(pairs or sheet.funds or sheet.goals or sheet.columns or sheet.indicators)


def _in_row(
    reading: Reading, document: Document, rng: Random, change: Callable[[list[str]], list[str] | None]
) -> Change | None:
    """Changes the texts of one indicator's row in the flattened grid."""
    found = [(spot, row) for spot in _spots(reading, document) for row in range(spot.first, spot.grid.rows)]
    if not found:
        return None
    spot, row = rng.choice(found)
    flat = flattened(spot.grid)
    before = flat.by_row()[row]
    texts = change([cell.text for cell in before])
    if texts is None:
        return None
    after = [msgspec.structs.replace(c, text=text) for c, text in zip(before, texts, strict=True)]
    cells = (
        tuple(c for c in flat.cells if c.row < row)
        + tuple(after)
        + tuple(c for c in flat.cells if c.row > row)
    )
    lost = {c.text for c in before} - set(texts)
    touched = frozenset({(spot.sheet, spot.indicator(row))})
    for cell in before:
        if cell.style == "label" and cell.text in lost:
            touched |= _under(reading, spot, cell)
    made = msgspec.structs.replace(flat, cells=cells)
    return Change(_with_block(document, spot.section, spot.block, made), touched)


def _start(texts: Sequence[str]) -> int:
    """Where the text of a row begins."""
    return next((k for k, text in enumerate(texts) if text), 0)


def _pick(
    reading: Reading, document: Document, rng: Random, suits: Callable[[Spot, Cell], bool]
) -> tuple[Spot, Cell] | tuple[None, None]:
    found = [(spot, c) for spot in _spots(reading, document) for c in spot.grid.cells if suits(spot, c)]
    return rng.choice(found) if found else (None, None)


def _under(reading: Reading, spot: Spot, cell: Cell) -> Touched:
    """The indicators whose level is printed in this cell: from its row on till a level is printed anew."""
    indicators = reading.sheets[spot.sheet].indicators
    at = spot.indicator(cell.row)
    owner = indicators[at].level1
    first = owner is not None and owner.text == cell.text
    end = at + 1
    while end < len(indicators):
        one, two = indicators[end].level1, indicators[end].level2
        if (one and one.text) or (not first and two and two.text):
            break
        end += 1
    return frozenset((spot.sheet, k) for k in range(at, end))


def _replaced(document: Document, spot: Spot, old: Cell, new: Cell) -> Document:
    cells = [new if c is old else c for c in spot.grid.cells]
    made = grid(cells, spot.grid.rows, spot.grid.cols, widths=spot.grid.widths, spans=spot.grid.spans)
    return _with_block(document, spot.section, spot.block, made)


def _with_block(document: Document, section: int, block: int, made: Line | Grid) -> Document:
    old = document.sections[section]
    blocks = (*old.blocks[:block], made, *old.blocks[block + 1 :])
    sections = list(document.sections)
    sections[section] = msgspec.structs.replace(old, blocks=blocks)
    return msgspec.structs.replace(document, sections=tuple(sections))
