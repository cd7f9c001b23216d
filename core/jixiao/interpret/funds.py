"""The funds block: what money, from where, in which columns."""

import re
from collections.abc import Iterator, Sequence

from jixiao.findings import finding
from jixiao.interpret.spans import by_span
from jixiao.interpret.tokens import Token
from jixiao.model import Amount, Finding, FundLine, Funds
from jixiao.text import key
from jixiao.values import parse
from jixiao.vocabulary import Label, vocabulary

_UNIT = re.compile(r"[(:]?(万元|亿元|千元|元)\)?:?$")

_SEVERAL = re.compile(r"[\d.%]\s+[\d.%-]")


class FundsBlock:
    """The funds block: lines of amounts, under heads where the form has several amount columns."""

    def __init__(self) -> None:
        self.label: str | None = None
        self.unit: str | None = None
        self.lines: list[FundLine] = []
        self.heads: list[tuple[str, str, int]] = []  # role, text, grid column
        self.open = False
        self._heading: str | None = None  # the label over the heads, until they are kept as a line
        self._kept = False
        self._cells: list[Token] = []
        self._line: tuple[str, str] | None = None
        self._behind_label = False  # whether the block's label was the last text

    def _sum_of_all(self, token: Token) -> bool:
        """Whether an amount stands right behind the block's label, which then names the sum."""
        behind, self._behind_label = self._behind_label, False
        if not behind or self.label is None or parse(token.text).shape not in ("number", "range"):
            return False
        self._line, self.label = ("total", self.label), None
        return True

    @property
    def waiting(self) -> bool:
        return self.open and self._line is not None

    def takes(self, label: Label, token: Token) -> bool:
        """Whether the label belongs to the block; if so it is taken."""
        if label.group == "funds" and label.name == "block" and self.label is None:
            self.close()
            self.label, self._behind_label = token.text, True
        elif label.group == "funds" and label.name != "block":
            self.close()
            self._behind_label = False
            self._line = (label.name, token.text)
        elif label.group == "funds" and self.open:
            self.close()
            self._line = ("", token.text)
        elif label.group == "footers" and label.name in vocabulary().totals and self.open and not self.lines:
            self.close()
            self._line = ("total", token.text)
        elif label.group == "amounts" and self.open and not self._kept:
            self.heads.append((self._role(label.name), token.text, token.col))
        elif label.group == "headings" and self.open and not self._kept:
            self._keep_heads()
            self._heading = token.text
        else:
            return False
        self.open = True
        self._find_unit(token.text)
        return True

    def text(self, token: Token) -> bool:
        if self._line is None and not (token.text and self._sum_of_all(token)):
            return not token.text
        self._cells.append(token)
        return True

    def close(self) -> None:
        """Ends the line that is open."""
        self._keep_heads()
        if self._line is not None:
            kind, label = self._line
            kind = kind or ("total" if any(c.text for c in self._cells) else "heads")
            amounts = self._amounts() if kind != "heads" else {}
            self.lines.append(FundLine(kind=kind, label=label, amounts=amounts))
            for amount in self.lines[-1].amounts.values():
                self._find_unit(parse(amount.text or "").unit or "")
        self._line, self._cells, self.open = None, [], False

    def finish(self) -> Funds | None:
        self.close()
        if not self.lines and self.label is None:
            return None
        return Funds(label=self.label, unit=self.unit, lines=tuple(by_span(self.lines)))

    def _keep_heads(self) -> None:
        if self._heading is None and (self._kept or not self.heads):
            return
        amounts = {} if self._kept else {role: Amount(text=text) for role, text, _ in self.heads}
        self.lines.append(FundLine(kind="heads", label=self._heading, amounts=amounts))
        self._heading, self._kept = None, bool(self.heads)

    def _role(self, name: str) -> str:
        taken = [role for role, _, _ in self.heads]
        return name if name not in taken else f"{name}{1 + sum(r.startswith(name) for r in taken)}"

    def _find_unit(self, text: str) -> None:
        found = _UNIT.search(key(text))
        if found and self.unit is None:
            self.unit = found[1]

    def _amounts(self) -> dict[str, Amount]:
        if not self.heads:
            full = [c for c in self._cells if c.text]
            roles = ["budget", *(f"column{k + 2}" for k in range(max(len(full), 1) - 1))]
            found: list[Token | None] = [*full] or [None]
            return {r: _amount(c) for r, c in zip(roles, found, strict=True)}
        cells = self._by_column() or _one_a_cell(self._cells, len(self.heads))
        amounts = {role: _amount(None) for role, _, _ in self.heads}
        for k, cell in enumerate(cells):
            amounts[self.heads[k][0] if k < len(self.heads) else f"column{k + 1}"] = _amount(cell)
        return amounts

    def _by_column(self) -> list[Token | None] | None:
        """The cells in the order of the heads, where every full cell stands under one of them."""
        if any(col < 0 for _, _, col in self.heads) or any(c.col < 0 for c in self._cells):
            return None
        by_col = {c.col: c for c in self._cells if c.text}
        cells = [by_col.pop(col, None) for _, _, col in self.heads]
        return None if by_col else cells


def doubtful_amounts(funds: Funds | None) -> Iterator[Finding]:
    """Amounts that are words, or several numbers."""
    for line in funds.lines if funds else ():
        for amount in line.amounts.values():
            words = parse(amount.text or "").shape in ("text", "sentence")
            if line.kind != "heads" and (words or _SEVERAL.search(amount.text or "")):
                yield finding("doubtful-amount", text=amount.text, before=line.label)


def _one_a_cell(cells: list[Token], most: int) -> Sequence[Token]:
    """The cells; a line of text that holds one amount for each of several heads is parted at its blanks."""
    if len(cells) != 1 or cells[0].col >= 0:
        return cells
    parts = cells[0].text.split()
    amounts = all(parse(p).shape in ("number", "remnant", "empty") for p in parts)
    return [cells[0]._replace(text=p) for p in parts] if 1 < len(parts) == most and amounts else cells


def _amount(token: Token | None) -> Amount:
    if token is None or not token.text:
        return Amount()
    return Amount(text=token.text, number=parse(token.text).number)
