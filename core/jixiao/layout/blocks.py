"""The blocks of funds and goals."""

from collections.abc import Iterable, Sequence

from jixiao.document import Style
from jixiao.layout.board import Board, Piece
from jixiao.model import Amount, Field, Funds, Goal
from jixiao.text import key
from jixiao.vocabulary import vocabulary

_LABEL, _SIDE, _LINE = 0.18, 0.08, 0.41
"""Shares of the width: a label alone in its row, one down the left side, and where amounts begin."""


def amount_roles(funds: Funds | None) -> list[str]:
    """The amount columns, in the order of the row that names them, then of the other lines."""
    lines = sorted(funds.lines if funds else (), key=lambda line: line.kind != "heads")
    return list(dict.fromkeys(role for line in lines for role in line.amounts))


def draw_funds(board: Board, funds: Funds, fields: Iterable[Field]) -> None:
    """The block's label down the left side, a row for each line, a cell for each amount column."""
    label, roles, top = Piece(_funds_label(funds, fields), "label"), amount_roles(funds) or [""], board.height
    if not funds.lines:
        if label.text:
            board.line([label, Piece(None)], board.edges(_LABEL))
        return
    shares = [_LINE + (1 - _LINE) * i / len(roles) for i in range(len(roles))]
    edges = board.edges(_SIDE, *shares)
    board.put(label, top, 0, rowspan=len(funds.lines), colspan=edges[1])
    for row, line in enumerate(funds.lines, top):
        style: Style = "label" if line.kind == "heads" else "number"
        pieces = [Piece(line.label or _standard_line(line.kind), "label")]
        pieces += [Piece(_amount(line.amounts.get(role)), style) for role in roles]
        for piece, left, right in zip(pieces, edges[1:-1], edges[2:], strict=True):
            board.put(piece, row, left, colspan=right - left)


def _amount(amount: Amount | None) -> str | None:
    return (amount.text or amount.number) if amount else None


def _standard_line(kind: str) -> str | None:
    return next(iter(vocabulary().data["funds"].get(kind, ())), None)


def _funds_label(funds: Funds, fields: Iterable[Field]) -> str | None:
    """The label as printed; with the unit, where a block built by hand says it nowhere."""
    said = [funds.label, *(line.label for line in funds.lines)]
    said += [text for f in fields for text in (f.label, f.text)]
    said += [amount.text for line in funds.lines for amount in line.amounts.values()]
    if not funds.unit or any(funds.unit in key(text) for text in said if text):
        return funds.label
    return f"{funds.label or vocabulary().data['funds']['block'][0]}({funds.unit})"


def is_head(field: Field, group: str) -> bool:
    """Whether the field is a label without text of `funds` or `goals`, such as 年度总体目标 over 预期目标.

    Such a label stands beside its block: among the header pairs it would pass for the block's own.
    """
    meaning = vocabulary().label(field.label) if field.label and not field.text else None
    return meaning is not None and meaning.group == group


def draw_goals(board: Board, goals: Sequence[Goal], heads: Sequence[Field]) -> None:
    """A row for each goal, what was reached beside it; under their heads where the form has such."""
    side = [f.label for f in heads if not _is_actual(f)]
    actual = [f.label for f in heads if _is_actual(f)]
    reached = [g.actual is not None or len(actual) == len(goals) for g in goals]
    fits = (
        len(side) < 2 and len(actual) == sum(reached) and len(side) + len(goals) + len(actual) <= board.cols
    )
    if goals and heads and fits:
        named = iter(actual)
        pairs: list[tuple[str | None, str | None]] = []
        for goal, with_actual in zip(goals, reached, strict=True):
            pairs.append((goal.label, goal.text))
            pairs += [(next(named), goal.actual)] if with_actual else []
        _draw_under_heads(board, side, pairs)
        return
    for field in heads:
        board.line([Piece(field.label, "label"), Piece(None)], board.edges(_LABEL))
    for number, goal in enumerate(goals):
        label = goal.label or (None if number else vocabulary().data["goals"][goal.scope][0])
        pieces = [Piece(label, "label"), Piece(goal.text)]
        if goal.actual is None:
            board.line(pieces, board.edges(_SIDE))
        else:
            board.line([*pieces, Piece(goal.actual)], board.edges(_SIDE, (1 + _SIDE) / 2))


def _is_actual(field: Field) -> bool:
    meaning = vocabulary().label(field.label or "")
    return meaning is not None and meaning.name == "actual"


def _draw_under_heads(
    board: Board, side: list[str | None], pairs: list[tuple[str | None, str | None]]
) -> None:
    """Two rows: labels beside each other, their texts below; `side` stands left of both."""
    first, top = len(side), board.height
    left = _SIDE * first
    edges = board.edges(*(left + (1 - left) * k / len(pairs) for k in range(1 - first, len(pairs))))
    if side:
        board.put(Piece(side[0], "label"), top, 0, rowspan=2, colspan=edges[1])
    for (label, text), start, end in zip(pairs, edges[first:-1], edges[first + 1 :], strict=True):
        board.put(Piece(label, "label"), top, start, colspan=end - start)
        board.put(Piece(text), top + 1, start, colspan=end - start)
