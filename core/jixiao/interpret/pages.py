"""What pages add to a stream of rows: page numbers, running titles, heads printed again."""

import re
from collections import Counter
from collections.abc import Sequence

from jixiao.interpret.heads import Heads, find_heads
from jixiao.interpret.titles import split_year, title_of
from jixiao.interpret.tokens import Row
from jixiao.text import key

_NUMBER = re.compile(r"^[-·.]*(?:第)?\d{1,3}(?:页)?(?:[/,，]?(?:共)?\d{1,3}页?)?[-·.]*$")
_SURE = re.compile(r"[-·页/]")
_SHORTEST_HEAD = 5


def is_page_number(row: Row) -> bool:
    """A line with nothing but a page's number: — 1 —, 第1页, 第1页 共3页, - 2 -."""
    full = row.full
    if len(full) != 1 or row.grid:
        return False
    word = key(full[0].text)
    return _NUMBER.match(word) is not None and _SURE.search(word) is not None


def is_running_title(row: Row, title: str | None) -> bool:
    """The sheet's own title once more."""
    token = title_of(row)
    return token is not None and title is not None and key(split_year(token.text)[0]) == key(title)


def without_page_marks(rows: Sequence[Row]) -> tuple[list[Row], list[str]]:
    """The rows without page numbers and the running head under or above each; and those texts."""
    numbers = [k for k, row in enumerate(rows) if is_page_number(row)]
    beside = Counter(_text(rows, k + step) for k in numbers for step in (1, -1))
    gone = set(numbers)
    for k in numbers:
        gone |= {k + step for step in (1, -1) if beside[_text(rows, k + step)] > 1 and _text(rows, k + step)}
    first = _first_heads(rows, beside)
    gone -= first
    return [r for k, r in enumerate(rows) if k not in gone], [
        t.text for k in sorted(gone) for t in rows[k].full
    ]


def _text(rows: Sequence[Row], at: int) -> str:
    """The text of a line that could be a running head; "" for any other row."""
    if not 0 <= at < len(rows) or rows[at].grid or len(rows[at].full) != 1 or is_page_number(rows[at]):
        return ""
    text = key(rows[at].full[0].text)
    return text if len(text) > _SHORTEST_HEAD else ""


def _first_heads(rows: Sequence[Row], beside: Counter[str]) -> set[int]:
    """The first place of each running head: there it is the sheet's own title."""
    first: dict[str, int] = {}
    for k in range(len(rows)):
        if (text := _text(rows, k)) and beside[text] > 1:
            first.setdefault(text, k)
    return set(first.values())


def repeated_heads(rows: Sequence[Row], at: int, heads: Heads) -> int:
    """How many rows from `at` print the table's heads again; 0 where they do not."""
    again = find_heads(rows, at, None)
    if again is None or not heads.columns:
        return 0
    first = [key(c.text or "") for c in heads.columns]
    second = [key(c.text or "") for c in again.columns]
    return again.rows if second in (first, first[1:]) else 0
