"""Tables that were read column by column: all cells of the first column, then all of the next."""

from collections.abc import Iterable, Iterator, Sequence

from jixiao.interpret.evidence import evidence
from jixiao.interpret.heads import head_role, is_side
from jixiao.interpret.titles import is_year_line, title_of
from jixiao.interpret.tokens import Row, Token
from jixiao.vocabulary import vocabulary

_LEVELS = ("level1", "level2", "level3")
_LEAST = 3  # rows of a table worth turning


def by_rows(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows; a stretch of one-cell rows that tells a table by columns is turned into the table's rows.

    Where empty cells are printed too, the level heads stand equally far apart, and the whole table, its
    header pairs included, is told exactly. Where they are not, the names and what stands beside them are
    as many; which of them a level covers is not told, so the rows have none and say that they were glued.
    """
    held = list(rows)
    at = 0
    while at < len(held):
        end = _stretch(held, at)
        turned = _even(held[at:end]) or _uneven(held[at:end]) if end - at > 3 * _LEAST else None
        yield from turned or held[at : max(end, at + 1)]
        at = max(end, at + 1)


def _stretch(rows: Sequence[Row], at: int) -> int:
    """The end of the one-cell rows from `at`, no further than the next title."""
    end = at
    while end < len(rows) and not rows[end].grid and len(rows[end].tokens) == 1:
        if end > at and title_of(rows[end]) and any(_role(r) for r in rows[at:end]):
            break
        end += 1
    return end


def _role(row: Row) -> str | None:
    """The role of a row that is nothing but a head."""
    full = row.full
    e = evidence(full[0].text) if full else None
    return head_role(full[0].text) if e and e.level1 is None and e.level2 is None else None


def _even(rows: Sequence[Row]) -> list[Row] | None:
    """The rows of a table whose level heads stand equally far apart; None where they do not."""
    roles = [_role(r) for r in rows]
    places = [roles.index(level) for level in _LEVELS if level in roles]
    height = places[1] - places[0] if len(places) == len(_LEVELS) else 0
    if height < _LEAST or places[2] - places[1] != height:
        return None
    top = next(
        (k for k, r in enumerate(rows) if r.full and not title_of(r) and not is_year_line(r.full[0].text)), 0
    )
    starts = [s for s in range(top, places[0] + 1) if _fits(rows, s, height, places[0])]
    if not starts:
        return None
    start = starts[0]
    width = (len(rows) - start) // height
    grid = [
        Row(
            tuple(rows[start + c * height + r].tokens[0]._replace(row=r, col=c) for c in range(width)),
            grid=True,
        )
        for r in range(height)
    ]
    return [*rows[:start], *grid, *rows[start + width * height :]]


def _fits(rows: Sequence[Row], start: int, height: int, head: int) -> bool:
    """Whether a table of that height that begins at `start` has a label first in each row above its heads."""
    above = (head - start) % height
    for r in range(above):
        cells = [t for k in range(start + r, len(rows), height) for t in rows[k].full]
        if not cells or not (vocabulary().label(cells[0].text) or is_side(cells[0].text)):
            return False
    if above == 0 and head > start:  # the column before the first level's is the side's
        return is_side(rows[start].full[0].text) if rows[start].full else False
    return head - start < 2 * height


def _uneven(rows: Sequence[Row]) -> list[Row] | None:
    """The rows of a table of which each column is told with its full cells alone; None where it is none."""
    first = next((k for k, r in enumerate(rows) if _role(r) == "level1"), None)
    if first is None or first + 1 >= len(rows) or _role(rows[first + 1]) is not None:
        return None
    columns, end = _columns(rows, first)
    names = next((c for c in columns if _head(c) == "level3"), [])
    roles = [_head(c) for c in columns]
    if tuple(r for r in roles if r in _LEVELS) != _LEVELS or len(names) <= _LEAST or len(columns) < 4:
        return None
    columns[-1], spare = columns[-1][: len(names)], columns[-1][len(names) :]
    tail = [Row((t,), grid=False) for t in spare]
    return [*rows[:first], *_turned(columns, names), *tail, *rows[end:]]


def _columns(rows: Sequence[Row], at: int) -> tuple[list[list[Token]], int]:
    """The columns from row `at`, head first, and the row behind them: a label behind the third ends them."""
    columns: list[list[Token]] = []
    for k in range(at, len(rows)):
        token = rows[k].tokens[0]
        if _role(rows[k]) is not None:
            columns.append([token])
        elif len(columns) > len(_LEVELS) and vocabulary().label(token.text):
            return columns, k
        elif token.text:
            columns[-1].append(token)
    return columns, len(rows)


def _head(column: Sequence[Token]) -> str | None:
    return head_role(column[0].text)


def _turned(columns: Sequence[Sequence[Token]], names: Sequence[Token]) -> Iterator[Row]:
    """Cell k of each column as long as the names makes row k; the other columns' cells stand alone."""
    first = columns[0][0].row
    yield Row(tuple(c[0]._replace(row=first, col=k) for k, c in enumerate(columns)), grid=True)
    whole = [(k, c) for k, c in enumerate(columns) if len(c) == len(names)]
    for n in range(1, len(names)):
        yield Row(tuple(c[n]._replace(row=first + n, col=k, glued=True) for k, c in whole), grid=True)
    for c in columns:
        if len(c) != len(names):
            yield from (Row((t,), grid=False) for t in c[1:])
