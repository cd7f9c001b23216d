"""Cells that hold more than one thing: a label with its value behind a colon, several pairs on one line."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from jixiao.interpret.tokens import Row, Token
from jixiao.text import key
from jixiao.vocabulary import LONGEST_TEXT, Label, vocabulary

_COLON = re.compile(r"[:：]")
_SEAL = re.compile(r"[(（][盖公签]章[)）]$")

_LONGEST_LABEL = 8


class Piece(NamedTuple):
    """A token and what it means as a label (None for a value). `last` closes its physical row."""

    token: Token
    label: Label | None


def pieces(row: Row) -> list[Piece]:
    """The row's tokens, labels told from values; cells that hold pairs are taken apart."""
    out: list[Piece] = []
    for token in row.tokens:
        out += _take_apart(token, row.grid) if token.text else [Piece(token, None)]
    return out


def _take_apart(token: Token, in_grid: bool) -> Iterator[Piece]:
    label = vocabulary().label(token.text)
    if label or (in_grid and not _COLON.search(token.text)):
        yield Piece(token, label)
        return
    parts = _parts(token.text)
    if not any(label for _, label in parts):
        yield Piece(token, None)
        return
    for text, label in parts:
        yield Piece(token._replace(text=text), label)


def _parts(text: str) -> list[tuple[str, Label | None]]:
    """Splits at white space and colons where a label stands there; the rest stays together.

    >>> [p for p, _ in _parts("填表人: 某某 联系电话: 填报日期:")]
    ['填表人:', '某某', '联系电话:', '填报日期:']
    """
    out: list[tuple[str, Label | None]] = []
    for word in _words(text):
        left, colon, right = _cut(word)
        label = vocabulary().label(left)
        if label is None and colon and right and _goes_on(out, left):
            label = Label("fields", "unknown")
        if label and (colon or len(key(left)) > 2):
            seal = _SEAL.match(right)
            out.append((left + colon + (right if seal else ""), label))
            if right and not seal:
                out.append((right, vocabulary().label(right) if label.group == "funds" else None))
        elif out and out[-1][1] is None:
            out[-1] = (f"{out[-1][0]} {word}", None)
        else:
            out.append((word, None))
    return out


def _goes_on(out: Sequence[tuple[str, Label | None]], left: str) -> bool:
    """Whether whole pairs stand before on the line, so that a short word opens the next."""
    pairs = len(out) > 1 and out[-1][1] is None and out[-2][1] is not None and out[-2][1].group == "fields"
    return pairs and 2 <= len(key(left)) <= _LONGEST_LABEL and key(left).isalpha()


def _words(text: str) -> list[str]:
    """The text parted at blanks; a label that a blank broke (其中: 财政拨款) stays together."""
    out: list[str] = []
    for word in text.split(" "):
        joined = f"{out[-1]} {word}" if out else ""
        if joined and not vocabulary().label(out[-1]) and vocabulary().label(joined):
            out[-1] = joined
        else:
            out.append(word)
    return out


def _cut(word: str) -> tuple[str, str, str]:
    """Label, colon and rest, parted at the first colon that ends a label (其中:财政拨款:5)."""
    colons = [] if vocabulary().label(word) else list(_COLON.finditer(word, 0, LONGEST_TEXT))
    found = next((c for c in colons if vocabulary().label(word[: c.start()])), next(iter(colons), None))
    return (word, "", "") if found is None else (word[: found.start()], found.group(), word[found.end() :])
