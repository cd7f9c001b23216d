"""What is not sure where the text tells no columns: whose a free text is, and which column's a value."""

import re
from collections.abc import Iterator

from jixiao.findings import finding
from jixiao.interpret.evidence import VALUES
from jixiao.interpret.table import Record, Table
from jixiao.interpret.tokens import Token
from jixiao.model import Finding
from jixiao.text import key, label_key
from jixiao.values import parse
from jixiao.vocabulary import vocabulary

_BEHIND = re.compile(r"(?:[(][^()]*[)]|及其他.*)$")
_FREE = ("text", "sentence")
_MEASURED = ("number", "range", "date", "words")
_NOTES = ("standard", "explanation", "remark", "other")


def border_findings(table: Table, start: int) -> Iterator[Finding]:
    """The findings on a table's records; `start` is the index of the first of its indicators.

    In a table without heads that holds more than a name and a value in a row, any value may be another
    column's. Without columns a sentence may be a value or a remark or the next row's name, unless all rows
    fill the same columns; and a name may stand where a remark could.
    """
    headless = not any(slot.text for slot in table.slots)
    if not headless and all(p.token.col >= 0 for record in table.records for p in record.placed):
        return
    unnamed = headless and _holds_more(table)
    told = _rows_told(table)
    sure = not unnamed and _is_even(table)
    ruled = not unnamed and _has_columns(table)
    for index, record in enumerate(table.records, start):
        values = [t for role, t in record.each() if role in VALUES]
        if unnamed and values:
            yield finding("unnamed-column", indicator=index, text=values[0].text, after="value")
        names = [t for t in record.tokens("level3") if parse(t.text).shape == "sentence"]
        unsure = [t for t in values if parse(t.text).shape in _FREE] + names
        if sure:
            last = record is table.records[-1] and not told and not _is_prose(table)
            unsure = [t for t in unsure if last or (not told and like_a_name(t.text))]
        if not told:
            notes = [t for role in _NOTES for t in record.tokens(role)]
            unsure += [t for t in notes if like_a_name(t.text) and not _is_note(t.text)]
            unsure += notes[:1] if _lacks_unit(record) else []
        for token in unsure:
            if (headless and not ruled) or token.col < 0:
                yield from _unsure(token, index, start, above=token in names)


def _has_columns(table: Table) -> bool:
    """Whether the source draws columns, and each slot's cells stand in one of them."""
    placed = [p for record in table.records for p in record.placed]
    cols = {(p.slot, p.token.col) for p in placed}
    return all(p.token.ruled for p in placed) and len({slot for slot, _ in cols}) == len(cols)


def like_a_name(text: str) -> bool:
    """Whether the text ends as names do, a bracket or 及其他… behind it left out."""
    return _BEHIND.sub("", key(text)).endswith(tuple(vocabulary().data["name_tails"]))


def _lacks_unit(record: Record) -> bool:
    """Whether a bare number stands without a unit in a form with a column for it."""
    asked = any(slot.role == "unit" and slot.text for slot in record.slots)
    found = parse(record.text("value") or "")
    return asked and not record.tokens("unit") and found.shape == "number" and found.unit is None


def _left_out(table: Table) -> bool:
    return any(c.isalnum() for token, _ in table.skipped for c in token.text)


def _holds_more(table: Table) -> bool:
    """Whether some row holds more than a name and a value."""
    more = any(table.slots[k].price for record in table.records for k in record.cells)
    return more or _left_out(table) or any(map(_lacks_name, table.records))


def _lacks_name(record: Record) -> bool:
    """Whether a value stands without a name, or where the name should be."""
    names = record.tokens("level3")
    return any(parse(t.text).shape in _MEASURED for t in names) or (not names and bool(record.placed))


def _rows_told(table: Table) -> bool:
    """Whether cells stand together in physical rows, each record in its own."""
    rows = [{p.token.row for p in r.placed} for r in table.records]
    together = any(len(row) < len(r.placed) for row, r in zip(rows, table.records, strict=True))
    return together and len(set().union(*rows)) >= len(rows)


def _is_note(text: str) -> bool:
    """Whether the text is what such columns hold: a standard, a set explanation."""
    return label_key(text) in vocabulary().standards or text in vocabulary().data["explanations"]


def _is_even(table: Table) -> bool:
    """Whether all rows, of several, fill the same columns from the name on, and nothing is left over."""
    roles = [slot.role for slot in table.slots]
    name = roles.index("level3") if "level3" in roles else 0
    filled = {frozenset(k for k in record.cells if k >= name) for record in table.records}
    return len(table.records) > 1 and len(filled) == 1 and not _left_out(table)


def _is_prose(table: Table) -> bool:
    """Whether the values are sentences, mostly."""
    values = [t for r in table.records for role, t in r.each() if role in VALUES]
    return 2 * sum(parse(t.text).shape in _FREE for t in values) > len(values)


def _unsure(token: Token, index: int, start: int, *, above: bool) -> Iterator[Finding]:
    """Nobody knows whose the text is: the row's, or the one above it too."""
    for row in (index, index - 1) if above and index > start else (index,):
        yield finding("doubtful-row", indicator=row, text=token.text, place=token.place)
