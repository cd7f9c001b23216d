"""What is not sure where the text tells no columns: whose a free text is, and which column's a value."""

from collections.abc import Iterator

from jixiao.findings import finding
from jixiao.interpret.evidence import VALUES
from jixiao.interpret.table import Table
from jixiao.interpret.tokens import Token
from jixiao.model import Finding
from jixiao.values import parse

_FREE = ("text", "sentence")


def border_findings(table: Table, start: int) -> Iterator[Finding]:
    """The findings on a table's records; `start` is the index of the first of its indicators.

    In a table without heads that holds more than a name and a value in a row, any value may be another
    column's. Without columns a sentence may be a value or a remark or the next row's name, unless all rows
    fill the same columns.
    """
    headless = not any(slot.text for slot in table.slots)
    unnamed = headless and _holds_more(table)
    if not unnamed and _is_even(table):
        return
    for index, record in enumerate(table.records, start):
        values = [t for role, t in record.each() if role in VALUES]
        if unnamed and values:
            yield finding("unnamed-column", indicator=index, text=values[0].text, after="value")
        names = [t for t in record.tokens("level3") if parse(t.text).shape == "sentence"]
        unsure = [t for t in values if parse(t.text).shape in _FREE] + names
        for token in unsure:
            if headless or token.col < 0:
                yield from _unsure(token, index, start, above=token in names)


def _left_out(table: Table) -> bool:
    return any(c.isalnum() for token, _ in table.skipped for c in token.text)


def _holds_more(table: Table) -> bool:
    """Whether some row holds more than a name and a value."""
    more = any(table.slots[k].price for record in table.records for k in record.cells)
    bare = any(record.tokens("value") and not record.tokens("level3") for record in table.records)
    return more or bare or _left_out(table)


def _is_even(table: Table) -> bool:
    """Whether all rows, of several, fill the same columns from the name on, and nothing is left over."""
    roles = [slot.role for slot in table.slots]
    name = roles.index("level3") if "level3" in roles else 0
    filled = {frozenset(k for k in record.cells if k >= name) for record in table.records}
    return len(table.records) > 1 and len(filled) == 1 and not _left_out(table)


def _unsure(token: Token, index: int, start: int, *, above: bool) -> Iterator[Finding]:
    """Nobody knows whose the text is: the row's, or the one above it too."""
    for row in (index, index - 1) if above and index > start else (index,):
        yield finding("doubtful-row", indicator=row, text=token.text, place=token.place)
