"""One table for many projects, whose columns before the levels name each: one form after the other."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from jixiao.interpret.heads import find_heads, head_role
from jixiao.interpret.tokens import Row, Token
from jixiao.text import key
from jixiao.vocabulary import vocabulary

_MOST_BEFORE = 12  # rows above the heads that belong to each of the forms


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
    project = next((t for t in before if _means(t, "project")), None)
    rest = Row(tuple(full[first:]), grid=True)
    heads = find_heads([*rows[:at], rest, *rows[at + 1 :]], at, None) if project else None
    return _List(at, heads.rows, full[first].col, project, tuple(before)) if project and heads else None


def _means(token: Token, name: str) -> bool:
    label = vocabulary().label(token.text)
    return label is not None and label.name == name


def _forms(rows: Sequence[Row], found: _List) -> Iterator[Row]:
    top = max(0, found.at - _MOST_BEFORE)
    yield from rows[:top]
    above, heads = rows[top : found.at], rows[found.at : found.at + found.depth]
    body = rows[found.at + found.depth :]
    end = next((k for k, row in enumerate(body) if not row.grid), len(body))
    over: dict[int, Token] = {}
    for group in _groups(body[:end], found.project):
        yield from above
        yield from _pairs([Row(tuple(_carried(group, found, over)), grid=True), *group], found.before)
        for row in (*heads, *group):
            yield _behind(row, found.level1)
    yield from body[end:]


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
        cols = range(head.col, head.col + head.colspan)
        texts: dict[str, Token] = {}
        for row in group:
            for token in row.full:
                if token.col in cols:
                    texts.setdefault(token.text, token)
        for token in texts.values():
            yield Row((_alone(head, 0, token.row), _alone(token, 1, token.row)), grid=True)


def _alone(token: Token, col: int, row: int) -> Token:
    return token._replace(col=col, row=row, colspan=1, rowspan=1)


def _behind(row: Row, first: int) -> Row:
    return Row(tuple(t._replace(col=t.col - first) for t in row.tokens if t.col >= first), grid=True)
