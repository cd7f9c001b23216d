"""The indicator table drawn: merged cells of the levels, values over the columns of their parts."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from jixiao.document import Style
from jixiao.layout.board import Board, Piece
from jixiao.layout.columns import PLAIN, Table
from jixiao.model import Column, Indicator, Term, Value
from jixiao.values import parse
from jixiao.vocabulary import vocabulary

WIDTHS = {"side": 0.5, "number": 0.5, "level1": 1.0, "level2": 1.2, "level3": 2.5, "value": 1.3}
_VALUES = ("value", "value_long", "actual")
_WORDS = ("level3", "weight", "score", "standard", "explanation", "remark")
_STYLES: dict[str, Style] = dict.fromkeys(("side", "level1", "level2"), "label")
_STYLES |= dict.fromkeys(("number", "weight", "score"), "number")


def spans(columns: Sequence[Column], cols: int) -> list[int]:
    """How many grid columns each takes: one, and the names (else the last) what is left over."""
    roles = [c.role for c in columns]
    wide = roles.index("level3") if "level3" in roles else len(roles) - 1
    return [1 + (cols - len(roles)) * (j == wide) for j in range(len(roles))]


def widths(columns: Sequence[Column], cols: int) -> list[float]:
    """Relative widths of the grid's columns."""
    drawn = columns or [Column(role=role) for role in ("side", *PLAIN)]
    shares = [(WIDTHS.get(c.role, 1.0), span) for c, span in zip(drawn, spans(drawn, cols), strict=True)]
    return [width / span for width, span in shares for _ in range(span)]


def draw_table(board: Board, drawn: Table) -> None:
    """The head row if there is one, then a row for each indicator."""
    top, left = board.height, 0
    body = top + drawn.headed
    texts = _Texts(drawn)
    for column, span in zip(drawn.columns, spans(drawn.columns, board.cols), strict=True):
        style = _STYLES.get(column.role, "text")
        if column.role == "side":
            board.put(Piece(column.text, style), top, left, rowspan=drawn.rows, colspan=span)
        else:
            if drawn.headed:
                board.put(Piece(column.text, "label"), top, left, colspan=span)
            for row, rowspan, text in texts.column(column):
                board.put(Piece(text, style), body + row, left, rowspan=rowspan, colspan=span)
        left += span


class _Texts:
    """The texts of each column's cells."""

    def __init__(self, drawn: Table) -> None:
        self._indicators = drawn.indicators
        roles = [c.role for c in drawn.columns]
        self._last = {c.role: c for c in drawn.columns}
        level1, level2 = ([getattr(i, role) for i in drawn.indicators] for role in ("level1", "level2"))
        breaks = set(_starts(level1, set())) if "level1" in roles else set()
        self._starts = {"level1": breaks, "level2": set(_starts(level2, breaks))}
        parts = [value_parts(i.value, "sign" in roles, "unit" in roles) for i in drawn.indicators]
        self._parts = {name: [p[k] for p in parts] for k, name in enumerate(("sign", "value", "unit"))}

    def column(self, column: Column) -> Iterator[tuple[int, int, str | None]]:
        """Row from 0, row span and text of each cell. Of two columns of one role the last holds the text."""
        role = column.role
        if role in self._starts and column is self._last[role]:
            yield from _merged([getattr(i, role) for i in self._indicators], self._starts[role])
            return
        silent = column is not self._last[role] and role != "recipient"
        for row, indicator in enumerate(self._indicators):
            yield row, 1, None if silent else self._text(column, row, indicator)

    def _text(self, column: Column, row: int, indicator: Indicator) -> str | None:
        role = column.role
        if role in self._parts:
            return self._parts[role][row]
        if role == "number":
            return str(row + 1)
        if role == "recipient":
            return whole((indicator.values or {}).get(column.text or ""))
        if role in _VALUES:
            return whole(getattr(indicator, role))
        return getattr(indicator, role) if role in _WORDS else None


def _starts(terms: Sequence[Term | None], breaks: set[int]) -> Iterator[int]:
    """The rows where something new begins: a text, another term, or what `breaks` says."""
    above: Term | None = None
    for row, term in enumerate(terms):
        if row == 0 or row in breaks or (term and term.text) or _name(term) != _name(above):
            yield row
        above = term


def _name(term: Term | None) -> tuple[bool, str | None]:
    return term is not None, term.term if term else None


def _merged(terms: Sequence[Term | None], starts: set[int]) -> Iterator[tuple[int, int, str | None]]:
    """A text's cell runs down to the next start; without one every row has an empty cell of its own."""
    edges = [*sorted(starts), len(terms)]
    for first, after in pairwise(edges):
        term = terms[first]
        if term and term.text:
            yield first, after - first, term.text
        else:
            yield from ((row, 1, None) for row in range(first, after))


def whole(value: Value | None) -> str | None:
    """A value in one cell: as printed, or put together from its parts where nothing is printed."""
    if value is None:
        return None
    return value.text or "".join(p for p in (value.operator, value.number, value.unit) if p) or None


def value_parts(value: Value | None, sign: bool, unit: bool) -> tuple[str | None, str | None, str | None]:
    """A value over the columns for sign, number and unit that there are.

    A text that is not exactly its parts one after another stays whole.

    >>> value_parts(Value(text="≤30万元", operator="≤", number="30", unit="万元"), True, True)
    ('≤', '30', '万元')
    """
    text = whole(value)
    if value is None or text is None or not (sign or unit):
        return None, text, None
    parts = [value.operator or "", value.number or "", value.unit or ""]
    if not value.number or text != "".join(parts):
        qualitative = sign and value.number is None and parse(text).shape == "words"
        return vocabulary().data["qualitative_kinds"][0] if qualitative else None, text, None
    if not sign:
        parts = ["", parts[0] + parts[1], parts[2]]
    if not unit:
        parts = [parts[0], parts[1] + parts[2], ""]
    return parts[0] or None, parts[1], parts[2] or None
