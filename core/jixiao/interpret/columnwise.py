"""Tables that were read column by column: each head with the cells under it, then the next head."""

from collections.abc import Iterable, Iterator, Sequence

from jixiao.interpret.evidence import evidence
from jixiao.interpret.heads import head_role
from jixiao.interpret.tokens import Row, Token
from jixiao.vocabulary import vocabulary

_ORDER = ("level1", "level2", "level3")


def by_rows(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows, a stretch of one-cell rows that tells a table by columns turned into the table's rows.

    Where every column has as many cells (empty ones printed), cell k of each makes row k. Where the
    levels have fewer, which rows they cover is not told: they stand alone, and the rows have none.
    """
    held = list(rows)
    at = 0
    while at < len(held):
        columns, end = _columns(held, at)
        if columns is None:
            yield held[at]
            at += 1
        else:
            yield from _turned(columns)
            at = end


def _columns(rows: Sequence[Row], at: int) -> tuple[list[list[Token]] | None, int]:
    """The columns (head first) that begin in row `at`, and the row behind them; None where none do."""
    if _role(rows[at]) != "level1" or at + 1 >= len(rows) or _role(rows[at + 1]) is not None:
        return None, at
    columns: list[list[Token]] = []
    end = at
    while end < len(rows) and not rows[end].grid and len(rows[end].tokens) == 1:
        token = rows[end].tokens[0]
        if _role(rows[end]) is not None:
            columns.append([token])
        elif vocabulary().label(token.text) and len(columns) > len(_ORDER):
            break
        elif columns:
            columns[-1].append(token)
        end += 1
    return (_trimmed(columns), end) if _is_table(columns) else (None, at)


def _role(row: Row) -> str | None:
    """The role of a row that is nothing but a head."""
    full = row.full
    if row.grid or len(full) != 1:
        return None
    e = evidence(full[0].text)
    return head_role(full[0].text) if e.level1 is None and e.level2 is None else None


def _is_table(columns: Sequence[Sequence[Token]]) -> bool:
    """Levels in their order, names, and at least one column more; each with cells under its head."""
    roles = [head_role(c[0].text) for c in columns]
    if len(columns) < len(_ORDER) + 1 or tuple(r for r in roles if r in _ORDER) != _ORDER:
        return False
    names = columns[roles.index("level3")]
    return len(names) > 2 and all(len(c) > 1 for c in columns[: roles.index("level3") + 2])


def _trimmed(columns: list[list[Token]]) -> list[list[Token]]:
    """The last column ends with its last full cell or with the names."""
    names = next(c for c in columns if head_role(c[0].text) == "level3")
    return [*columns[:-1], columns[-1][: len(names)]]


def _turned(columns: Sequence[Sequence[Token]]) -> Iterator[Row]:
    first = columns[0][0].row
    yield Row(tuple(c[0]._replace(row=first, col=k) for k, c in enumerate(columns)), grid=True)
    names = next(c for c in columns if head_role(c[0].text) == "level3")
    short = [k for k, c in enumerate(columns) if len(c) != len(names)]
    for n in range(1, len(names)):
        cells = [
            c[n]._replace(row=first + n, col=k, glued=bool(short))
            for k, c in enumerate(columns)
            if k not in short
        ]
        yield Row(tuple(cells), grid=True)
    for k in short:
        yield from (Row((t,), grid=False) for t in columns[k][1:] if t.text)
