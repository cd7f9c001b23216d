"""One table for many projects, whose columns before the levels name each: one form after the other."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from jixiao.interpret.heads import counts, find_heads, head_role
from jixiao.interpret.titles import title_of
from jixiao.interpret.tokens import Row, Token
from jixiao.text import key
from jixiao.vocabulary import vocabulary

_MOST_BETWEEN = 6  # rows from the foot of a page to the heads on the next
MOST_BEFORE = 12  # rows above the heads that belong to each of the forms
_PARTS = re.compile(r"[、/()（）]")
_UNIT = ("agency", "money_unit")


class _List(NamedTuple):
    """Where the heads stand, how many rows they take, which column is the first level's, and which of the
    columns before it names the project."""

    at: int
    depth: int
    level1: int
    project: Token
    before: tuple[Token, ...]


def form_by_form(rows: Iterable[Row]) -> list[Row]:
    """The rows; a table that lists projects gives title, labels, heads and indicators of each in turn."""
    every = list(rows)
    found = next((one for k, row in enumerate(every) if row.grid and (one := _list(every, k))), None)
    return every if found is None else list(_forms(every, found))


def _list(rows: Sequence[Row], at: int) -> _List | None:
    full = rows[at].full
    roles = [head_role(t.text) for t in full]
    if "level1" not in roles or "level3" not in roles:
        return None
    first = roles.index("level1")
    before = full[:first]
    project = next((t for t in before if means(t, "project")), None)
    rest = Row(tuple(full[first:]), grid=True)
    heads = find_heads([*rows[:at], rest, *rows[at + 1 :]], at, None) if project else None
    return _List(at, heads.rows, full[first].col, project, tuple(before)) if project and heads else None


def means(token: Token, name: str) -> bool:
    """Whether the text is a label of that name, or one of those it is made of (单位名称、项目名称)."""
    return part(token.text, name) is not None


def part(text: str, name: str) -> str | None:
    """What of the text is a label of that name: all of it, or one of its parts.

    >>> part("单位（项目名称）", "project"), part("项目名称", "project"), part("主管部门", "project")
    ('项目名称', '项目名称', None)
    """
    names = _UNIT if name == "agency" else (name,)
    pieces = [p for p in _PARTS.split(text) if p]
    found = vocabulary().label(text)
    if found and found.name in names and not (name == "agency" and len(pieces) > 1):
        return text
    return next((p for p in pieces if (label := vocabulary().label(p)) and label.name in names), None)


def _forms(rows: Sequence[Row], found: _List) -> Iterator[Row]:
    top = max(0, found.at - MOST_BEFORE)
    top += next((k for k, row in enumerate(rows[top : found.at]) if title_of(row)), 0)
    yield from rows[:top]
    above, heads = rows[top : found.at], rows[found.at : found.at + found.depth]
    body, end = on_pages(rows, found.at, found.at + found.depth)
    over: dict[int, Token] = {}
    unit: list[Row] = []
    apart: list[Row] = []  # the rows of a unit, should another one follow right behind
    if not any(row.full for row in body):  # nobody filled it in
        yield from rows[top:]
        return
    groups = list(_groups(body, found.project))
    if all(_is_unit(group, found) for group in groups):
        groups.append([])
    for group in groups:
        if group and _is_unit(group, found):
            unit = [*apart, *unit_rows(group, [found.project])]
            apart = [Row(row.tokens[-1:], grid=True) for row in unit]
            continue
        yield from above
        whole = [Row(tuple(_carried(group, found, over)), grid=True), *group]
        yield from named_first(_pairs(whole, found.before), unit)
        unit, apart = [row for row in unit if len(row.tokens) > 1], []
        for row in (*(row for row in heads if not counts(row)), *group):
            yield _behind(row, found.level1)
    yield from rows[end:]


def on_pages(rows: Sequence[Row], top: int, at: int) -> tuple[list[Row], int]:
    """The rows under the heads from row `top` to before `at`, on the pages that follow too where
    these print the heads again and no other title; and where they end."""
    heads = [_texts(row) for row in rows[top:at]]
    titles = [_texts(row) for row in rows[:top] if title_of(row)]
    body: list[Row] = []
    while at < len(rows):
        if rows[at].grid:
            if not counts(rows[at]) and _texts(rows[at]) not in heads:
                body.append(rows[at])
            at += 1
            continue
        ahead = rows[at : at + _MOST_BETWEEN]
        again = next((k for k, row in enumerate(ahead) if row.grid and _texts(row) == heads[0]), 0)
        if not again or any(title_of(row) and _texts(row) not in titles for row in ahead[:again]):
            break
        at += again
    return body, at


def _texts(row: Row) -> list[str]:
    return [key(t.text) for t in row.full]


def _groups(rows: Sequence[Row], project: Token) -> Iterator[list[Row]]:
    """The rows of each project: its name is printed once, over merged cells or not, or on each row."""
    group: list[Row] = []
    name = ""
    for row in rows:
        here = next((key(t.text) for t in row.full if t.col == project.col), "")
        if here and here != name and group:
            yield group
            group = []
        name = here or name
        group.append(row)
    if group:
        yield group


def named_first(pairs: Iterable[Row], unit: Sequence[Row]) -> Iterator[Row]:
    """The pairs of a project, those of its unit among them; its name right under the title, which a sheet is
    told by."""
    if not unit:
        yield from pairs
        return
    every = list(pairs)
    name = next((row for row in every if len(row.tokens) > 1 and means(row.tokens[0], "project")), None)
    if name is not None:
        yield name
    yield from unit
    yield from (row for row in every if row is not name)


def _is_unit(group: Sequence[Row], found: _List) -> bool:
    """Whether the rows are of the unit whose projects follow, in a column that names both: no goal stands
    beside it, and no level."""
    if not means(found.project, "agency"):
        return False
    goals = {head.col for head in found.before if means(head, "annual") or means(head, "long-term")}
    cols = {t.col for row in group for t in row.full}
    return bool(goals) and not cols & goals and max(cols, default=0) < found.level1


def unit_rows(group: Sequence[Row], named: Sequence[Token]) -> Iterator[Row]:
    """The rows of a unit, in the columns that name projects too, as labels and texts; what else stands there
    (its sums) is none of its projects': alone."""
    spare = []
    for token in (t for row in group for t in row.full):
        head = next((head for head in named if head.col == token.col), None)
        if head is None:
            spare.append(Row((alone(token, 1, token.row),), grid=True))
            continue
        label = part(head.text, "agency") or _PARTS.split(head.text)[0] or head.text
        yield Row((alone(head, 0, token.row)._replace(text=label), alone(token, 1, token.row)), grid=True)
    yield from spare


def _carried(group: Sequence[Row], found: _List, over: dict[int, Token]) -> list[Token]:
    """What stands over several projects, in the columns before the one of their names: printed beside the
    first, in a merged cell or above empty ones. `over` keeps it from project to project."""
    carried = []
    for col in {head.col for head in found.before if head.col < found.project.col}:
        own = [t for row in group for t in row.full if t.col == col]
        above = over.get(col)
        if not own and above and (not above.ruled or group[0].tokens[0].row < above.row + above.rowspan):
            carried.append(above)
        over.update((col, t) for t in own[-1:])
    return carried


def _pairs(group: Sequence[Row], heads: Sequence[Token]) -> Iterator[Row]:
    """What stands in the columns before the levels, as the labels and texts of a form."""
    for head in (head for head in heads if head_role(head.text) != "number"):
        label = part(head.text, "project") or head.text
        cols = range(head.col, head.col + head.colspan)
        texts: dict[str, Token] = {}
        for row in group:
            for token in row.full:
                if token.col in cols:
                    texts.setdefault(token.text, token)
        if texts and label != head.text:
            yield Row((alone(head, 0, head.row),), grid=True)
        for token in texts.values():
            named = alone(head, 0, token.row)._replace(text=label)
            yield Row((named, alone(token, 1, token.row)), grid=True)


def alone(token: Token, col: int, row: int) -> Token:
    return token._replace(col=col, row=row, colspan=1, rowspan=1)


def _behind(row: Row, first: int) -> Row:
    return Row(tuple(t._replace(col=t.col - first) for t in row.tokens if t.col >= first), grid=True)
