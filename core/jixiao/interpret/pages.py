"""What pages add to a stream of rows: page numbers, running titles, heads printed again."""

import re
from collections.abc import Sequence

from jixiao.interpret.heads import Heads, find_heads
from jixiao.interpret.titles import split_year, title_of
from jixiao.interpret.tokens import Row
from jixiao.text import key

_NUMBER = re.compile(r"^[-·.]*(?:第)?\d{1,3}(?:页)?(?:[/,，]?(?:共)?\d{1,3}页?)?[-·.]*$")
_SURE = re.compile(r"[-·页/]")


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


def repeated_heads(rows: Sequence[Row], at: int, heads: Heads) -> int:
    """How many rows from `at` print the table's heads again; 0 where they do not."""
    again = find_heads(rows, at, None)
    if again is None or not heads.columns:
        return 0
    first = [key(c.text or "") for c in heads.columns]
    second = [key(c.text or "") for c in again.columns]
    return again.rows if second in (first, first[1:]) else 0
