"""Tables whose first levels stand side by side in the heads: each project's become the rows of a form."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from jixiao.interpret.evidence import VALUES, evidence
from jixiao.interpret.heads import counts, head_role, is_side
from jixiao.interpret.lists import MOST_BEFORE, alone, means, part, unit_rows
from jixiao.interpret.tokens import Row, Token
from jixiao.text import key

_LEAST = 2  # levels side by side
_MOST_ABOVE = 2  # rows of heads above that of the levels
_LONGEST_UNIT_CODE = 9  # characters: a project's is longer


class _Level(NamedTuple):
    """A level's head, the level above it if any, and the heads of the columns under it."""

    levels: tuple[Token, ...]
    heads: tuple[Token, ...]

    @property
    def titles(self) -> tuple[str, ...]:
        return (*(_kind(t) for t in self.levels), *(h.text for h in self.heads))

    def of(self, row: Row) -> list[Token]:
        cols = {c for h in self.heads for c in range(h.col, h.col + h.colspan)}
        return [t for t in row.tokens if t.col in cols]


class _Table(NamedTuple):
    """The rows `top` to `body` are heads; `other` are those of no level, each with the head above it."""

    top: int
    body: int
    side: Token | None
    levels: tuple[_Level, ...]
    other: tuple[tuple[Token | None, Token], ...]


def rows_by_level(rows: Iterable[Row]) -> list[Row]:
    """The rows; a table with levels side by side gives title, labels, heads and indicators of each project,
    the level of each in a first column without a head."""
    held = list(rows)
    found = next((one for k, row in enumerate(held) if row.grid and (one := _table(held, k))), None)
    return held if found is None else _numbered(_forms(held, found), held)


def _table(rows: Sequence[Row], at: int) -> _Table | None:
    """The table whose levels stand in row `at`, told by a head for names and one for values under each."""
    words = [t for t in rows[at].full if _kind(t)]
    low = at + max((t.rowspan for t in words), default=0)
    if len(words) < _LEAST or low >= len(rows) or not (rows[low].grid and rows[low].full):
        return None
    top = _top(rows, at, words[0].col)
    above = [t for row in rows[top:at] for t in row.full]
    bounds = sorted({t.col for t in (*above, *rows[at].full)})
    levels = []
    for word in rows[at].full:
        end = next((col for col in bounds if col > word.col), rows[low].full[-1].col + 1)
        heads = tuple(h for h in rows[low].full if word.col <= h.col < end)
        roles = [head_role(h.text) for h in heads]
        if roles.count("level3") == 1 and VALUES & set(roles):
            over = [t for t in _over(word, above) if _kind(t) == "level1"]
            levels.append(_Level((*over, word), heads))
    if sum(word in level.levels for word in words for level in levels) < _LEAST:
        return None
    inside = {c for level in levels for h in level.heads for c in range(h.col, h.col + h.colspan)}
    side = next((t for t in above if t.col in inside and is_side(t.text)), None)
    cells = [t for row in rows[top : low + 1] for t in row.full if t.col not in inside]
    lowest = {t.col: t for t in cells}
    other = ((next(iter(_over(t, cells)), None), t) for _, t in sorted(lowest.items()))
    return _Table(top, low + 1, side, tuple(levels), tuple(other))


def _kind(token: Token) -> str:
    """Which level the text names; "" for none."""
    said = evidence(token.text)
    return "level1" if said.level1 else "level2" if said.level2 else ""


def _top(rows: Sequence[Row], at: int, first: int) -> int:
    """The first row of the heads: that which names the projects' column."""
    for top in range(at, max(-1, at - 1 - _MOST_ABOVE), -1):
        if not rows[top].grid:
            break
        if any(t.col < first and means(t, "project") for t in rows[top].full):
            return top
    return at


def _over(token: Token, cells: Iterable[Token]) -> list[Token]:
    """The heads above the token, the nearest first: over its column, or the last before it in a row of
    cells that show no merging."""
    above: dict[int, Token] = {}
    for cell in cells:
        if cell.row < token.row and cell.col <= token.col and (not cell.ruled or _spans(cell, token.col)):
            above[cell.row] = cell
    return [above[row] for row in sorted(above, reverse=True)]


def _spans(cell: Token, col: int) -> bool:
    return cell.col <= col < cell.col + cell.colspan


def _forms(rows: Sequence[Row], table: _Table) -> Iterator[Row]:
    top = max(0, table.top - MOST_BEFORE)
    above, heads = rows[top : table.top], rows[table.top : table.body]
    end = next((k for k in range(table.body, len(rows)) if not rows[k].grid), len(rows))
    again = [[key(t.text) for t in row.full] for row in heads]
    body = [row for row in rows[table.body : end] if not _is_heads(row, again)]
    yield from rows[:top]
    unit: list[Row] = []
    for group in _projects(body, table):
        if _is_unit(group, table):
            unit = list(_pairs(group, table, "agency"))
            continue
        yield from above
        yield from unit
        yield from _pairs(group, table, "project")
        yield from _indicators(group, table)
        unit = [row for row in unit if len(row.tokens) > 1]
    yield from rows_by_level(rows[end:])


def _is_heads(row: Row, heads: Sequence[Sequence[str]]) -> bool:
    """Whether the row prints the heads again, as on another page, or numbers the columns."""
    return counts(row) or [key(t.text) for t in row.full] in heads


def _projects(body: Sequence[Row], table: _Table) -> Iterator[list[Row]]:
    """The rows of each project, begun by its name; all of them where no column names one."""
    col = next((head.col for _, head in table.other if means(head, "project")), -1)
    group: list[Row] = []
    name = ""
    for row in body:
        here = next((key(t.text) for t in row.full if t.col == col), "")
        if here and here != name and group:
            yield group
            group = []
        name = here or name
        group.append(row)
    if group:
        yield group


def _is_unit(group: Sequence[Row], table: _Table) -> bool:
    """Whether the rows are of the unit whose projects follow, in a column that names both."""
    both = any(means(head, "project") and means(head, "agency") for _, head in table.other)
    if not both or any(t.text for level in table.levels for row in group for t in level.of(row)):
        return False
    said = {head: t.text for _, head in table.other for row in group for t in row.full if t.col == head.col}
    codes = [text for head, text in said.items() if means(head, "project_code")]
    return not any(means(h, "annual") for h in said) and all(len(c) <= _LONGEST_UNIT_CODE for c in codes)


def _pairs(group: Sequence[Row], table: _Table, whose: str) -> Iterator[Row]:
    """What stands in the columns of no level, as the labels and texts of a form. A unit's sums are not those
    of its projects: they stand without labels."""
    last: Token | None = None
    named = [head for _, head in table.other if means(head, "project") or means(head, "project_code")]
    if whose == "agency":
        yield from unit_rows(group, named)
        return
    for over, head in table.other:
        if over is not None and over != last:
            yield Row((alone(over, 0, over.row),), grid=True)
        last = over
        cells = [t for row in group for t in row.full if _spans(head, t.col)]
        label = alone(head, 0, head.row)
        name = "project" if means(head, "project") else "project_code"
        label = label._replace(text=part(head.text, name) or head.text)
        if head_role(label.text) == "number":
            continue
        if label.text != head.text:
            yield Row((alone(head, 0, head.row),), grid=True)
        seen = {key(cell.text): cell for cell in reversed(cells)}
        for cell in [*reversed(seen.values())] or [head._replace(text="")]:
            yield Row((label, alone(cell, 1, cell.row)), grid=True)


def _indicators(group: Sequence[Row], table: _Table) -> Iterator[Row]:
    """The heads and the rows of one level after the other; the heads anew where they differ."""
    if table.side is not None:
        yield Row((alone(table.side, 0, table.side.row),), grid=True)
    for _, levels in groupby(table.levels, key=lambda level: level.titles):
        those = list(levels)
        yield _row([t._replace(text="") for t in those[0].levels], list(those[0].heads), those[0])
        for level in those:
            mine = [cells for cells in map(level.of, group) if any(t.text for t in cells)]
            for k, cells in enumerate(mine):
                words = [t._replace(rowspan=len(mine)) for t in level.levels]
                yield _row(words if k == 0 else [], cells, level)


def _row(words: Sequence[Token], cells: Sequence[Token], level: _Level) -> Row:
    """The level's words in the first columns, the cells behind them."""
    before = [t._replace(col=k, colspan=1) for k, t in enumerate(words)]
    by = level.heads[0].col - len(level.levels)
    return Row((*before, *(t._replace(col=t.col - by) for t in cells)), grid=True)


def _numbered(rows: Iterable[Row], held: Sequence[Row]) -> list[Row]:
    """The rows, those made of parts of others numbered anew: what stood in one row now is in several."""
    known = {id(row) for row in held}
    number = held[-1].tokens[0].row if held[-1].tokens else len(held)
    out = []
    for row in rows:
        if id(row) not in known:
            number += 1
            row = Row(tuple(t._replace(row=number) for t in row.tokens), row.grid)
        out.append(row)
    return out


__all__ = ["rows_by_level"]
