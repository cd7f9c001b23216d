"""Tables told one cell a line, the empty cells too: put back into rows by their number of columns.

A row holds a cell for the name and for every column behind it; the levels before them stand in it only where
a merged cell begins. Where the text prints covered cells too, all rows are equally long. Whichever of these
fits is found by dynamic programming over the places where a row may begin.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from jixiao.interpret.evidence import evidence, role_scores
from jixiao.interpret.header import is_label
from jixiao.interpret.heads import Heads, find_heads, head_role, is_side
from jixiao.interpret.titles import title_of
from jixiao.interpret.tokens import Row, Token
from jixiao.text import label_key
from jixiao.vocabulary import vocabulary

_LEVELS = ("level1", "level2")
_NO_NAME = -6.0  # a row whose place for the name is empty
_NOT_EMPTY = -6.0  # a text where a covered cell should be
_FITS = 1.0  # the least that rows which fit score, on an average; none is below 0
_COVERED = -1
_MOST_COVERED = 6

_Form = tuple[int, ...]
"""How a row is told: the column of each of its cells, _COVERED for one that is covered and empty."""


class _Way(NamedTuple):
    """How the rows of one table are told: how far behind the first head they begin, and their forms."""

    first: int
    forms: tuple[_Form, ...]


def by_width(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows; a table below heads told one cell a row is put into rows, its heads into one."""
    held = list(rows)
    at = 0
    while at < len(held):
        heads = _heads(held, at)
        table = _table(held, at, heads) if heads else None
        after = at + (heads.rows if heads else 1)
        made, at = table or (held[at:after], after)
        yield from made


def _single(row: Row) -> bool:
    return not row.grid and len(row.tokens) == 1


def _heads(rows: Sequence[Row], at: int) -> Heads | None:
    """The heads that begin in row `at`, one a row."""
    if not _single(rows[at]) or not rows[at].full:
        return None
    word = rows[at].full[0].text
    heads = find_heads(rows, at, None) if head_role(word) or is_side(word) else None
    return heads if heads and heads.rows >= len(heads.columns) else None


def _table(rows: Sequence[Row], at: int, heads: Heads) -> tuple[list[Row], int] | None:
    """The rows of the table under the heads, and the row behind it; None where no form of row fits all."""
    roles = tuple(c.role for c in heads.columns)
    places = [k for k in range(heads.rows) if rows[at + k].full]
    end = _end(rows, at + places[-1] + 1)
    tokens = [row.tokens[0] for row in rows[at:end]]
    if "level3" not in roles or len(places) != len(roles):
        return None
    whole = all(t.text for t in tokens)  # no empty cell shows how wide a row is
    if whole and set(roles[: roles.index("level3")]) <= {"side", *_LEVELS}:
        return None
    best, taken = 0.0, None
    for way in _ways(roles, places):
        score, path = _chop(tokens, way, roles)
        left = tokens[way.first + sum(map(len, path)) :]
        if (
            path
            and score > max(best, _FITS * len(path))
            and not (left if whole else any(map(_is_level, left)))
        ):
            best, taken = score, (way, path)
    if taken is None:
        return None
    (place, _), path = taken
    made = [_row([tokens[k] for k in places], range(len(roles)), len(roles))]
    for form in path:
        made.append(_row(tokens[place : place + len(form)], form, len(roles)))
        place += len(form)
    return made, min(at + place, end)


def _end(rows: Sequence[Row], at: int) -> int:
    """Where the one-cell rows end that may be the table's: at a title, a label, heads, a row of cells."""
    while at < len(rows) and _single(rows[at]):
        text = rows[at].full[0].text if rows[at].full else ""
        noted = label_key(text) in vocabulary().notes
        if text and (noted or title_of(rows[at]) or is_label(text, "fields", "footers") or _again(rows, at)):
            break
        at += 1
    return at


def _is_level(token: Token) -> bool:
    e = evidence(token.text) if token.text else None
    return e is not None and (e.level1 is not None or e.level2 is not None)


def _again(rows: Sequence[Row], at: int) -> bool:
    word = label_key(rows[at].full[0].text)
    return word in vocabulary().totals or _heads(rows, at) is not None


def _ways(roles: Sequence[str], places: Sequence[int]) -> Iterator[_Way]:
    """The ways in which the rows may be told under heads that stand in these places."""
    name, behind = roles.index("level3"), places[-1] + 1
    levels = tuple(k for k in range(name) if roles[k] in _LEVELS)
    if behind == len(roles):
        rest = [k for k in range(len(roles)) if k not in levels and (k >= name or roles[k] != "side")]
        yield _Way(behind, tuple(tuple(sorted([*levels[k:], *rest])) for k in range(len(levels), -1, -1)))
    for width in range(behind, behind + _MOST_COVERED):
        form = [_COVERED] * width
        for k, place in enumerate(places):
            form[place] = k
        yield _Way(width, (tuple(form),))


def _chop(tokens: Sequence[Token], way: _Way, roles: tuple[str, ...]) -> tuple[float, list[_Form]]:
    """The best way to take rows of these forms off the tokens, from the first on, and what it scores."""
    best: dict[int, tuple[float, int, _Form]] = {way.first: (0.0, 0, ())}
    for place in range(way.first, len(tokens)):
        if place not in best:
            continue
        for form in way.forms:
            end = place + len(form)
            if end > len(tokens) and len(way.forms) > 1:
                continue
            gain = _score(tokens[place:end], form, roles)
            if gain >= 0 and (end not in best or best[place][0] + gain > best[end][0]):
                best[end] = (best[place][0] + gain, place, form)
    last = max(best, key=lambda place: best[place][0])
    path: list[_Form] = []
    at = last
    while best[at][2]:
        path.append(best[at][2])
        at = best[at][1]
    return best[last][0], path[::-1]


def _score(cells: Sequence[Token], form: _Form, roles: tuple[str, ...]) -> float:
    """How well the cells suit the columns: what each says, less where the name is missing."""
    total = 0.0
    for token, k in zip(cells, form, strict=False):
        if k == _COVERED:
            total += _NOT_EMPTY if token.text and not is_side(token.text) else 0.0
        elif token.text:
            total += role_scores(token.text, roles)[k]
        elif roles[k] == "level3":
            total += _NO_NAME
    return total


def _row(cells: Sequence[Token], form: Iterable[int], width: int) -> Row:
    """A row of a grid with the cells in their columns; where none is told, an empty one."""
    at = cells[0].row
    placed = {k: t._replace(row=at, col=k) for k, t in zip(form, cells, strict=False) if k >= 0}
    return Row(tuple(placed.get(k, Token("", at, k)) for k in range(width)), grid=True)
