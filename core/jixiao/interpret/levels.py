"""The levels of each indicator: printed, inherited from the merged cell above, or told by the other level."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, NamedTuple

from jixiao.interpret.evidence import evidence
from jixiao.interpret.tokens import Token
from jixiao.model import Term
from jixiao.text import label_key
from jixiao.vocabulary import vocabulary

Trouble = Literal["level1-mismatch", "level1-inferred"]


class Levels(NamedTuple):
    level1: Term | None
    level2: Term | None
    trouble: Trouble | None
    printed: str | None


class Hierarchy:
    """Follows the levels down the table; `next` takes what one row prints of them."""

    def __init__(self) -> None:
        self._owners = vocabulary().owners
        self._printed: str | None = None  # level 1 as last printed, whatever it turned out to mean
        self._term1: str | None = None
        self._term2: str | None = None
        self._has2 = False
        self._cell: Token | None = None
        self._trouble: Trouble | None = None

    def next(self, level1: list[Token], level2: list[Token]) -> Levels:
        """The levels in force for a row that prints these level cells (none where it inherits)."""
        text1, text2 = _text(level1), _text(level2)
        self._cell = level1[0] if level1 else self._cell
        covered = bool(level2 and self._cell and _covers(self._cell, level2[0]))
        if text1 is not None:
            self._printed, self._term1 = text1, evidence(text1).level1 or label_key(text1)
            self._term2, self._has2, self._trouble = None, False, None
        if text2 is not None:
            self._level2(text2, fresh=text1 is not None or not self._has2, covered=covered)
        first = Term(term=self._term1, text=text1) if self._term1 else None
        second = Term(term=self._term2, text=text2) if self._term2 else None
        return Levels(first, second, self._trouble, self._printed)

    def _level2(self, text: str, *, fresh: bool, covered: bool) -> None:
        self._term2, self._has2 = evidence(text).level2 or label_key(text), True
        owners = self._owners.get(self._term2, ())
        if not owners or self._term1 in owners:
            return
        if self._term1 is None or not (fresh or covered):
            # the form prints 社会公众或服务对象满意度指标 as one cell for both levels: certain
            self._trouble = None if told_by_level2(self._term2) else "level1-inferred"
            self._printed = None
        elif self._term1 in self._owners_of_any():
            self._trouble = "level1-mismatch"
        else:
            return
        self._term1 = owners[0]

    def _owners_of_any(self) -> Iterable[str]:
        return {owner for owners in self._owners.values() for owner in owners}


@lru_cache(maxsize=4096)
def told_by_level2(term2: str) -> bool:
    """Whether forms print this second level in one cell for both levels: its owner has no other."""
    owners = vocabulary().owners.get(term2, ())
    regimes = vocabulary().regimes.values()
    return len(owners) == 1 and any(regime.get(owners[0]) == [term2] for regime in regimes)


def _covers(cell: Token, below: Token) -> bool:
    """Whether the source merges the level's cell over the row of the other."""
    return cell.ruled and cell.row < below.row < cell.row + cell.rowspan


def _text(tokens: list[Token]) -> str | None:
    return " ".join(t.text for t in tokens) or None
