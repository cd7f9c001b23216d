"""Tables that were read column by column: all cells of the first column, then all of the next."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, takewhile

from jixiao.interpret.evidence import VALUES, evidence
from jixiao.interpret.heads import head_role, is_side
from jixiao.interpret.titles import is_year_line, title_of
from jixiao.interpret.tokens import Row, Token
from jixiao.text import key, label_key
from jixiao.values import parse, value_pattern
from jixiao.vocabulary import vocabulary

_LEVELS = ("level1", "level2", "level3")
_TARGETS = ("value", "actual")
_LEAST = 3  # rows of a table worth turning
_MOST_LEVELS = 12  # that may stand in a first column
_STRANGE = 0.25  # share of a table's rows that may begin with what no row begins with


def by_rows(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows; a stretch of one-cell rows that tells a table by columns is turned into the table's rows.

    Where empty cells are printed too, cells of one row stand equally far apart, and the whole table, its
    header pairs included, is told exactly. Where they are not, the names and what stands beside them are
    as many; which of them a level covers is not told, so the rows have none and say that they were glued.
    A table that shows to be told by columns and cannot be turned says the same of all its cells.
    """
    held = list(rows)
    at = 0
    while at < len(held):
        end = _stretch(held, at)
        yield from _turned_if_columns(held[at:end]) if end - at > 3 * _LEAST else held[at : max(end, at + 1)]
        at = max(end, at + 1)


def _turned_if_columns(rows: list[Row]) -> list[Row]:
    roles = _roles(rows)
    heights = _heights(rows, roles)
    if not heights:
        return _with_late_values(rows, roles)
    turned = _even(rows, roles, heights) or _uneven(rows)
    return turned or [Row(tuple(t._replace(glued=True) for t in r.tokens), r.grid) for r in rows]


def _with_late_values(rows: list[Row], roles: Sequence[str | None]) -> list[Row]:
    """The rows, a column of values that is told behind the table (as a page's last one may be) put beside its
    names, and marked as glued; where there are not as many of them as names, the rows as they are."""
    heads = max((k for k, role in enumerate(roles) if role == "level3"), default=len(rows))
    last = next((k for k in range(heads + 1, len(rows)) if rows[k].full and roles[k] is None), len(rows))
    late = next((k for k in range(last, len(rows)) if roles[k] in _TARGETS), len(rows))
    if VALUES & {*roles[heads:last]}:
        return rows
    values = list(takewhile(lambda k: not rows[k].full or _is_value(rows[k]), range(late + 1, len(rows))))
    texts = [rows[k].full[0]._replace(glued=True) for k in values if rows[k].full]
    names = [k for k in range(last, late) if _is_name(rows[k])]
    if len(names) < _LEAST or len(names) != len(texts):
        return rows
    behind = dict(zip(names, texts, strict=True)) | {last - 1: rows[late].full[0]}
    made: list[Row] = []
    for k, row in enumerate(rows[: values[-1] + 1]):
        made += [row] if k < late and k not in values else []
        made += [Row((behind[k],), grid=False)] if k in behind else []
    return [*made, *rows[values[-1] + 1 :]]


def _is_value(row: Row) -> bool:
    text = row.full[0].text
    return parse(text).shape in ("range", "date", "words") or bool(value_pattern().match(key(text)))


def _is_name(row: Row) -> bool:
    """Whether the row could be a name: no level or what looks like one, no label, no note."""
    if not row.full or _is_level(row):
        return False
    word = label_key(row.full[0].text.replace("：", ":").split(":")[0])
    known = word in vocabulary().notes or vocabulary().label(word)
    return not known and not word.endswith("指标") and evidence(row.full[0].text).as_name > 0


def _stretch(rows: Sequence[Row], at: int) -> int:
    """The end of the one-cell rows from `at`, no further than the next title."""
    end, body = at, False
    while end < len(rows) and not rows[end].grid and len(rows[end].tokens) == 1:
        if body and title_of(rows[end]):
            break
        body = body or _role(rows[end]) is not None or _is_level(rows[end])
        end += 1
    return end


def _roles(rows: Sequence[Row]) -> list[str | None]:
    """For each row the role of the head that is all it holds.

    A word that is a level's too (具体指标) is a head where no other names the column.
    """
    roles = [_role(r) for r in rows]
    either = [head_role(r.full[0].text) if r.full else None for r in rows]
    return [
        role or (other if other not in roles else None) for role, other in zip(roles, either, strict=True)
    ]


def _role(row: Row) -> str | None:
    """The role of a row that is nothing but a head, and no level."""
    full = row.full
    return head_role(full[0].text) if full and not _is_level(row) else None


def _is_level(row: Row) -> bool:
    e = evidence(row.full[0].text) if row.full else None
    return e is not None and (e.level1 is not None or e.level2 is not None)


def _heights(rows: Sequence[Row], roles: Sequence[str | None]) -> list[int]:
    """How many rows the table may have: the distances of level heads, or between the first levels where no
    head is, if they stand apart as no row's cells do; none where they stand beside each other."""
    heads = [roles.index(level) for level in _LEVELS if level in roles]
    found = [b - a for a, b in pairwise(heads)]
    if not heads and any(not r.full for r in rows):
        levels = [k for k, r in enumerate(rows) if _is_level(r)]
        found = [k - levels[0] for k in levels[1:_MOST_LEVELS]]
        found = [] if 1 in found else [d for d in found if d >= _LEAST]
    return sorted(set(found)) if found and all(d >= _LEAST for d in found) else []


def _even(rows: Sequence[Row], roles: Sequence[str | None], heights: Sequence[int]) -> list[Row] | None:
    """The rows of a table of which every cell is told, the empty ones too; None where it is none."""
    head = next(
        (k for k, r in enumerate(rows) if roles[k] in _LEVELS or (_is_level(r) and "level1" not in roles)), 0
    )
    top = next(
        (k for k, r in enumerate(rows) if r.full and not title_of(r) and not is_year_line(r.full[0].text)), 0
    )
    found = [
        (strange, (len(rows) - start) % height, start, height)
        for height in heights
        for start in range(top, min(head, top + 2 * height) + 1)
        if (strange := _strange(rows, start, height, head)) <= _STRANGE * height
    ]
    if not found:
        return None
    _, _, start, height = min(found)
    width = (len(rows) - start) // height
    grid = [
        Row(
            tuple(rows[start + c * height + r].tokens[0]._replace(row=r, col=c) for c in range(width)),
            grid=True,
        )
        for r in range(height)
    ]
    return [*rows[:start], *grid, *rows[start + width * height :]]


def _strange(rows: Sequence[Row], start: int, height: int, head: int) -> float:
    """How many rows of a table of that height that begins at `start` begin with what rows do not begin with.

    Above the heads (or the first level) a label begins a row, or the blank that a label above covers; from
    there on a level, a side label, or the blank they cover.
    """
    above = (head - start) % height
    if head - start >= 2 * height:
        return height
    strange = 0
    for r in range(height):
        full = rows[start + r].full
        word = full[0].text if full else ""
        if r < above:
            strange += not (vocabulary().label(word) or is_side(word)) if word else r == 0
        elif word:
            e = evidence(word)
            strange += not (e.level1 or e.level2 or is_side(word) or head_role(word))
    return strange


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
