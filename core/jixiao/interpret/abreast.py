"""Two forms side by side in one table: told apart where the heads begin a second time."""

from collections.abc import Iterable, Iterator, Sequence

from jixiao.interpret.heads import head_role, is_side
from jixiao.interpret.tokens import Row, Token

_MOST = 64  # forms side by side that are told apart


def one_by_one(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows; a stretch of table rows that holds forms side by side gives one form after the other."""
    stretch: list[Row] = []
    for row in rows:
        if row.grid:
            stretch.append(row)
            continue
        yield from _apart(stretch)
        stretch = []
        yield row
    yield from _apart(stretch)


def _apart(rows: Sequence[Row]) -> Iterator[Row]:
    for _form in range(_MOST):
        if (cut := next((c for row in rows if (c := _second_form(row))), None)) is None:
            break
        yield from [_between(row, 0, cut) for row in rows]
        rows = [_between(row, cut, None) for row in rows]
    yield from rows


def _second_form(row: Row) -> int | None:
    """The column in which a second form's heads begin in the row; None where there is one form."""
    full = row.full
    roles = [head_role(t.text) for t in full]
    if roles.count("level1") < 2 or roles.count("level3") < 2:
        return None
    second = roles.index("level1", roles.index("level1") + 1)
    if "level3" not in roles[:second]:
        return None
    beside = second - 1 > 0 and is_side(full[second - 1].text) and roles[second - 1] is None
    return full[second - 1 if beside else second].col


def _between(row: Row, first: int, last: int | None) -> Row:
    inside = [t for t in row.tokens if first <= t.col < (last if last is not None else t.col + 1)]
    return Row(tuple(_moved(t, first) for t in inside), grid=True)


def _moved(token: Token, by: int) -> Token:
    return token._replace(col=token.col - by)
