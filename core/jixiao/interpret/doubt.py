"""Cells that the reader itself was not sure of (OCR): each becomes a finding that says where it stands."""

from collections.abc import Iterator, Sequence

from jixiao.findings import finding
from jixiao.interpret.table import Record
from jixiao.interpret.tokens import Row, Token
from jixiao.model import Finding, Place

FIGURES, WORDS = 0.9, 0.75
"""How sure a reader must be of a text with figures or signs, where one character is a sum; of any other."""
_SIGNS = frozenset("≥≤><=＞＜＝±%％‰.")


def doubts(rows: Sequence[Row], records: Sequence[Record]) -> Iterator[Finding]:
    """A finding for each such cell, at the indicator whose record it is in, else at the sheet."""
    doubtful = [t for row in rows for t in row.full if t.confidence < FIGURES and _is_doubtful(t)]
    if not doubtful:
        return
    owners = {key: k for k, record in enumerate(records) for _, t in record.each() if (key := _spot(t))}
    for token in doubtful:
        yield finding(
            "doubtful-character", indicator=owners.get(_spot(token)), text=token.text, place=token.place
        )


def _is_doubtful(token: Token) -> bool:
    exact = any(c.isdigit() or c in _SIGNS for c in token.text)
    return token.confidence < (FIGURES if exact else WORDS)


def _spot(token: Token) -> tuple[Place | None, int, int]:
    return token.place, token.row, token.col
