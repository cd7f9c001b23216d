"""Tables whose first levels stand side by side in the heads: each project's become the rows of a form."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from jixiao.interpret.evidence import VALUES, evidence
from jixiao.interpret.heads import head_role, is_side
from jixiao.interpret.lists import MOST_BEFORE, alone, means, named_first, on_pages, part, unit_rows
from jixiao.interpret.tokens import Row, Token
from jixiao.text import key
from jixiao.vocabulary import vocabulary

_LEAST = 2  # levels side by side
_MOST_ABOVE = 2  # rows of heads above that of the levels
_LONGEST_UNIT_CODE = 9  # characters: a project's is longer


class _Level(NamedTuple):
    """The level's word, behind that of the level above it if any, and the heads of the columns under it."""

    words: tuple[Token, ...]
    heads: tuple[Token, ...]

    @property
    def named(self) -> list[tuple[str, Token]]:
        """The heads, each by its role, the second of a role by its text."""
        roles = [head_role(h.text) or h.text for h in self.heads]
        names = [r if roles.index(r) == k else self.heads[k].text for k, r in enumerate(roles)]
        return [*zip(names, self.heads, strict=True)]

    def of(self, row: Row) -> list[tuple[str, Token]]:
        """The row's cells under the heads."""
        return [(name, t) for t in row.tokens for name, head in self.named if _spans(head, t.col)]


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
    if sum(word in level.words for word in words for level in levels) < _LEAST:
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
    above = rows[top : table.top]
    body, end = on_pages(rows, table.top, table.body)
    yield from rows[:top]
    unit: list[Row] = []
    apart: list[Row] = []  # the rows of a unit, should another one follow right behind
    groups = list(_projects(body, table))
    if all(_is_unit(group, table) for group in groups):
        groups.append([])  # a form that nobody filled in
    for group in groups:
        if group and _is_unit(group, table):
            unit = [*apart, *unit_rows(group, _naming(table))]
            apart = [Row(row.tokens[-1:], grid=True) for row in unit]
            continue
        yield from above
        yield from named_first(_pairs(group, table), unit)
        yield from _indicators(group, table)
        unit, apart = [row for row in unit if len(row.tokens) > 1], []
    yield from rows_by_level(rows[end:])


def _projects(body: Sequence[Row], table: _Table) -> Iterator[list[Row]]:
    """The rows of each project, begun by another name or code; all of them where no column has one."""
    cols = {head.col for head in _naming(table)}
    group: list[Row] = []
    named: dict[int, str] = {}
    for row in body:
        here = {t.col: key(t.text) for t in row.full if t.col in cols}
        if any(named.get(col, text) != text for col, text in here.items()) and group:
            yield group
            group, named = [], {}
        named |= here
        group.append(row)
    if group:
        yield group


def _naming(table: _Table) -> list[Token]:
    return [head for _, head in table.other if means(head, "project") or means(head, "project_code")]


def _is_unit(group: Sequence[Row], table: _Table) -> bool:
    """Whether the rows are of the unit whose projects follow, in a column that names both."""
    both = any(means(head, "project") and means(head, "agency") for _, head in table.other)
    if not both or any(t.text for level in table.levels for row in group for _, t in level.of(row)):
        return False
    said = {head: t.text for _, head in table.other for row in group for t in row.full if t.col == head.col}
    codes = [text for head, text in said.items() if means(head, "project_code")]
    return not any(means(h, "annual") for h in said) and all(len(c) <= _LONGEST_UNIT_CODE for c in codes)


def _pairs(group: Sequence[Row], table: _Table) -> Iterator[Row]:
    """What stands in the columns of no level, as the labels and texts of a form."""
    last: Token | None = None
    for over, head in sorted(table.other, key=_is_of_funds):
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


def _is_of_funds(pair: tuple[Token | None, Token]) -> bool:
    """Whether the head is of money: what stands behind such in a form is read as more of it."""
    labels = [vocabulary().label(t.text) for t in pair if t is not None]
    return any(label is not None and label.group == "funds" for label in labels)


def _indicators(group: Sequence[Row], table: _Table) -> Iterator[Row]:
    """The heads that any level has, once, then the rows of one level after the other."""
    if table.side is not None:
        yield Row((alone(table.side, 0, table.side.row),), grid=True)
    words = {_column(t): t._replace(text="") for level in table.levels for t in level.words}
    columns = {name: k for k, name in enumerate(sorted(words))}
    heads: dict[str, Token] = {}
    for level in table.levels:
        for name, head in level.named:
            columns.setdefault(name, len(columns))
            heads.setdefault(name, head)
    yield Row(_in_columns([*sorted(words.items()), *heads.items()], columns), grid=True)
    for level in table.levels:
        mine = [cells for cells in map(level.of, group) if any(t.text for _, t in cells)]
        for k, cells in enumerate(mine or [[]]):
            over = [(_column(t), _over_rows(t, max(len(mine), 1))) for t in level.words] if k == 0 else []
            row = _in_columns([*over, *cells], columns)
            if over and "level2" in columns and not {"level2"} & {name for name, _ in (*over, *level.named)}:
                row = (row[0]._replace(colspan=columns["level2"] - row[0].col + 1), *row[1:])
            yield Row(row, grid=True)


def _column(word: Token) -> str:
    """The level in whose column the word goes: one that no vocabulary knows stands where first levels do."""
    return _kind(word) or "level1"


def _over_rows(word: Token, count: int) -> Token:
    """The level's word beside its rows; where an indicator stands its own cells tell, not the heads."""
    return word._replace(rowspan=count, place=None)


def _in_columns(cells: Iterable[tuple[str, Token]], columns: dict[str, int]) -> tuple[Token, ...]:
    placed = [t._replace(col=columns[name], colspan=1) for name, t in cells]
    return tuple(sorted(placed, key=lambda t: t.col))


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
