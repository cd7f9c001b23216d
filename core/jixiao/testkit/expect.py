"""What a careful clerk can still read out of a damaged document: the truth that a reading is held against.

Damage takes texts away. What is gone cannot be asked for, so a row may have several right readings:

- its cells are matched with the texts that are left in its row, in their order; where a text could be
  either of two cells (10 | 10, one of them dropped), either is right; a cell without text is null;
- a row that lost a cell and as printed is a good row again (every text suits the column it now stands in)
  may be read as printed: nobody can tell;
- where the text of a level is gone, the level that stood there is right; so is the level above wherever the
  source cannot show that a cell is empty (text, flattened tables), if it can own what is under it; so is null
  where nothing stands above; elsewhere the level above, or null, is right if a finding points at the row;
- in text that shows no empty cells, a row that lacks some may be read as its texts suit the columns.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, islice
from typing import NamedTuple

from jixiao.document import Document, Grid
from jixiao.layout.columns import Table, tables
from jixiao.layout.table import spans, value_parts, whole
from jixiao.model import Column, Indicator, Sheet, Value
from jixiao.testkit.damage import flattened
from jixiao.testkit.variety import Form
from jixiao.text import bare_name, key
from jixiao.values import parse
from jixiao.vocabulary import vocabulary

Row = Mapping[str, frozenset[str | None]]
"""For each compared part of an indicator what it may be, in comparison form; values by recipient as one."""
VALUES, NUMBERS, LEVELS = ("value", "value_long", "actual"), ("weight", "score"), ("level1", "level2")
PARTS = (*LEVELS, "level3", *VALUES, *NUMBERS, "values")
_MEASURED = frozenset({"number", "range", "date", "words", "sentence"})
_MOST = 64  # ways to match a row's texts that are looked at


class Cell(NamedTuple):
    role: str
    text: str


def part(indicator: Indicator, name: str) -> str | None:
    """One compared part of an indicator in comparison form."""
    got = getattr(indicator, name)
    if name in LEVELS:
        return got.term if got else None
    if name == "values":
        return ";".join(f"{key(n)}={_text(v)}" for n, v in sorted(got.items())) if got else None
    return _text(got) if name in VALUES else (key(got) if got else None)


def _text(value: Value | None) -> str | None:
    return key(value.text) if value and value.text else None


_NONE_ALONE = ("side", "number", *LEVELS, "standard", "explanation", "remark")


def exactly(indicator: Indicator) -> Row:
    """The row that is as it was."""
    return {name: frozenset({part(indicator, name)}) for name in PARTS}


def expected(form: Form, damaged: Document) -> list[list[Row]]:
    """For every indicator of the form, in order, its right readings; none where the whole row is gone.

    `damaged` is the form's document after jixiao.testkit.damage.
    """
    before, after = list(form.document.grids()), list(damaged.grids())
    sheets = zip(form.truth.sheets, form.printed.sheets, form.document.sections, strict=False)
    drawn = [(t, p) for t, p, section in sheets if any(isinstance(b, Grid) for b in section.blocks)]
    rows: list[list[Row]] = []
    for (sheet, printed), start, old, new in zip(drawn, form.starts, before, after, strict=True):
        rows += _sheet(sheet, printed, start, old, new) if sheet.indicators else ()
    return rows


def _sheet(sheet: Sheet, drawn: Sheet, start: int, old: Grid, new: Grid) -> Iterator[list[Row]]:
    roles = _roles(tables(drawn)[-1], old.cols)
    was, now = flattened(old).by_row()[start:], flattened(new).by_row()[start:]
    cells = [[Cell(roles[c.col], key(c.text)) for c in row if key(c.text)] for row in was]
    left = [[key(c.text) for c in row if key(c.text)] for row in now]
    levels = _levels(sheet.indicators, cells, left, ruled=new.spans)
    for k, indicator in enumerate(sheet.indicators):
        if [c.text for c in cells[k]] == left[k]:
            yield [{**exactly(indicator), **levels[k]}]
            continue
        if not set(left[k]) & {c.text for c in cells[k] if c.role not in _NONE_ALONE}:
            yield []  # nothing of the indicator is left: a level, or a remark, alone is none
            continue
        found = [_matched(indicator, cells[k], kept) for kept in islice(_matches(cells[k], left[k]), _MOST)]
        printed = [Cell(roles[c.col], key(c.text)) for c in now[k] if key(c.text)]
        if _reads_well(printed):
            found.append(_as_printed(printed))
        yield [{**row, **levels[k]} for row in found]


def without_blanks(form: Form) -> list[list[Row]]:
    """For every indicator its right readings where empty cells leave no trace: a row that lacks a cell may
    be read in any way in which its texts, in order, suit columns of the table."""
    rows: list[list[Row]] = []
    tables_of = zip(form.truth.sheets, form.printed.sheets, strict=True)
    for sheet, printed in tables_of:
        roles = [c.role for c in printed.columns if c.role not in ("side", "number", *LEVELS, "level3")]
        several = len(set(roles)) < len(roles)  # recipients, or several blocks
        for indicator, drawn in zip(sheet.indicators, printed.indicators, strict=True):
            rows.append([exactly(indicator), *(() if several else _other_ways(indicator, drawn, roles))])
    return rows


def _other_ways(indicator: Indicator, drawn: Indicator, roles: Sequence[str]) -> Iterator[Row]:
    columns = [Column(role=r) for r in ("level3", *roles)]
    texts = [key(t) for c in columns[1:] if (t := cell_text(drawn, c, columns))]
    if len(texts) == len(roles) or not indicator.level3:
        return
    levels = {level: frozenset({part(indicator, level)}) for level in LEVELS}
    for chosen in islice(combinations(roles, len(texts)), _MOST):
        printed = [Cell("level3", key(indicator.level3)), *map(Cell, chosen, texts)]
        if all(_suits(c) for c in printed[1:]):
            yield {**_as_printed(printed), **levels}


def cell_text(indicator: Indicator, column: Column, columns: Sequence[Column]) -> str | None:
    """What stands in the column of an indicator's row."""
    roles = {c.role for c in columns}
    parts = value_parts(indicator.value, "sign" in roles, "unit" in roles)
    shown = dict(zip(("sign", "value", "unit"), parts, strict=True))
    if column.role in shown:
        return shown[column.role]
    got = getattr(indicator, column.role, None)
    return whole(got) if isinstance(got, Value) else got


def _roles(table: Table, cols: int) -> list[str]:
    """The role of each grid column."""
    widths = zip(table.columns, spans(table.columns, cols), strict=True)
    return [column.role for column, span in widths for _ in range(span)]


def _matches(cells: Sequence[Cell], texts: Sequence[str]) -> Iterator[tuple[int, ...]]:
    """Every way in which the texts are some of the cells, in order."""
    if not texts:
        yield ()
        return
    for k, cell in enumerate(cells):
        if cell.text == texts[0]:
            for rest in _matches(cells[k + 1 :], texts[1:]):
                yield (k, *(k + 1 + r for r in rest))


def _matched(indicator: Indicator, cells: Sequence[Cell], kept: tuple[int, ...]) -> Row:
    """The row with those cells alone: a part whose cell is gone is null, a value its cells that are left."""
    row = dict(exactly(indicator))
    gone = {cells[k].role for k in range(len(cells)) if k not in kept}
    for role in gone & {"level3", *VALUES[1:], *NUMBERS, "recipient"}:
        row["values" if role == "recipient" else role] = frozenset({None})
    if gone & {"sign", "value", "unit"}:
        rest = {cells[k].role: cells[k].text for k in kept}
        joined = "".join(rest.get(r, "") for r in ("sign", "value", "unit") if rest.get(r) not in _kinds())
        row["value"] = frozenset({joined or None} if "value" in rest else {joined or None, None})
    return row


def _kinds() -> list[str]:
    return list(vocabulary().data["qualitative_kinds"])


def _reads_well(printed: Sequence[Cell]) -> bool:
    """Whether every text suits the column it stands in, no column is filled twice, and there is a name."""
    roles = [c.role for c in printed]
    return "level3" in roles and len(set(roles)) == len(roles) and all(_suits(c) for c in printed)


def _suits(cell: Cell) -> bool:
    shape, v = parse(cell.text).shape, vocabulary()
    level = cell.text in v.level1 or cell.text in v.level2
    bare = shape == "number" and parse(cell.text).operator is None and parse(cell.text).unit is None
    if cell.role in LEVELS or cell.role == "side":
        return level or cell.role == "side"
    if cell.role == "level3":
        return shape in ("text", "sentence") and not level
    if cell.role in (*VALUES, "recipient"):
        return shape in _MEASURED
    if cell.role in NUMBERS:
        return bare
    return shape == {"sign": "operator", "unit": "unit"}.get(cell.role, shape) and not bare


def _as_printed(printed: Sequence[Cell]) -> Row:
    by_role = {c.role: c.text for c in printed}
    joined = "".join(by_role.get(r, "") for r in ("sign", "value", "unit") if by_role.get(r) not in _kinds())
    by_role |= {"value": joined, "level3": bare_name(by_role["level3"])}
    names = ("level3", *VALUES, *NUMBERS)
    return {**{name: frozenset({by_role.get(name) or None}) for name in names}, "values": frozenset({None})}


def _levels(
    rows: Sequence[Indicator], cells: Sequence[Sequence[Cell]], left: Sequence[Sequence[str]], *, ruled: bool
) -> list[Row]:
    """The levels each row may be read with."""
    found: list[Row] = []
    above: dict[str, str | None] = dict.fromkeys(LEVELS)
    lost = dict.fromkeys(LEVELS, False)
    for indicator, was, now in zip(rows, cells, left, strict=True):
        for level in LEVELS:
            text = next((c.text for c in was if c.role == level), None)
            if text is not None and text in now:
                above[level], lost[level] = part(indicator, level), False
                if level == "level1":
                    above["level2"], lost["level2"] = None, False
            elif text is not None:
                lost[level] = True
                if level == "level1" and not any(c.role == "level2" for c in was):
                    lost["level2"] = lost["level2"] or indicator.level2 is not None
        second = above["level2"] if lost["level2"] and not ruled else part(indicator, "level2")
        row = {level: _level(indicator, level, above, lost[level], second, ruled) for level in LEVELS}
        row |= {told(level): frozenset({above[level], None}) for level in LEVELS if lost[level]}
        found.append(row)
    return found


def _level(
    indicator: Indicator,
    level: str,
    above: Mapping[str, str | None],
    lost: bool,
    second: str | None,
    ruled: bool,
) -> frozenset[str | None]:
    """`second` is the second level the row may be read with."""
    right = part(indicator, level)
    if not lost:
        return frozenset({right})
    taken = above[level]
    if taken is None:
        return frozenset({right, None})
    owned = level == "level2" or second is None or taken in vocabulary().owners.get(second, ())
    return frozenset({right, taken} if owned and not ruled else {right})


def told(name: str) -> str:
    """The key of a row under which stands what a part may be besides, if a finding points at the row."""
    return f"{name}, told"
