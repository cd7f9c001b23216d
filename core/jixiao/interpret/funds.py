"""The funds block: what money, from where, in which columns."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from jixiao.findings import finding
from jixiao.interpret.spans import LONG, by_span
from jixiao.interpret.tokens import Token
from jixiao.model import Amount, Finding, FundLine, Funds
from jixiao.text import key, label_key
from jixiao.values import parse
from jixiao.vocabulary import Label, vocabulary

_UNIT = re.compile(r"[(:]?(万元|亿元|千元|元)\)?:?$")

_PARTS = ("fiscal", "other", "own", "carryover", "local", "special", "account", "private", "income")
_NOT_OTHER = ("heads", "total", "fiscal", "special")
_AFTER = re.compile(r"[；;，,。、]+$")

_YEAR = re.compile(r"((?:19|20)\d\d)\s*年度?")
_WORD = re.compile(r"[^\d:：]+[:：]")  # a label that no vocabulary knows

_DASH = re.compile(r"[-－—–/]+")

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
        self._row = -1  # of the block's label
        self._kept = False
        self._shift = 0  # how many columns the amounts stand beside their heads
        self._cells: list[Token] = []
        self._line: tuple[str, Token] | None = None
        self._across: list[tuple[int, Token]] = []  # lines whose labels stand beside each other, over amounts
        self._under: list[Token] = []  # what stands in the rows under them
        self.spare: list[str] = []
        """Texts beside amounts that are none."""
        self._stray = False  # whether texts below the last line, which are none of its amounts, were left
        self._first = 0  # how many lines were there before the block's label
        self._behind_label = False  # whether the block's label was the last text

    def _sum_of_all(self, token: Token) -> bool:
        """Whether an amount stands right behind the block's label, which then names the sum."""
        behind, self._behind_label = self._behind_label, False
        if not behind or self.label is None or not _is_amount(token.text):
            return False
        self._line, self.label = ("total", token._replace(text=self.label)), None
        return True

    @property
    def waiting(self) -> bool:
        return self.open and (self._line is not None or self._stray)

    def takes(self, label: Label, token: Token) -> bool:
        """Whether the label belongs to the block; if so it is taken."""
        if self._stray and len(self._across) > 1 and _is_sum(label):
            self._under.append(token)
            return True
        if label.group == "funds" and label.name == "block" and self.label is None:
            self._go_on()
            self.label, self._behind_label, self._first = token.text, True, len(self.lines)
            self._row = token.row
        elif label.group == "funds" and label.name != "block":
            self._go_on()
            self._behind_label = False
            self._line = (label.name, token)
        elif label.group == "funds" and self._heads_column(token):
            self.heads.append(
                (self._role(vocabulary().amounts[label_key(token.text)]), token.text, token.col)
            )
        elif label.group == "funds" and self.open:
            self._go_on()
            self._line = ("", token)
        elif label.group == "footers" and label.name in vocabulary().totals and self._may_sum():
            if self.heads and self._is_head(token):
                return True
            self._go_on()
            self._line = ("total", token)
        elif label.group == "amounts" and self.open and not self._kept:
            self.heads.append((self._role(label.name), token.text, token.col))
        elif self._names_first_column(token):
            self._heading = token.text
        elif label.group == "headings" and self.open and not self._kept:
            self._keep_heads()
            self._heading = token.text
        else:
            return False
        self.open = True
        self._find_unit(token.text)
        return True

    def text(self, token: Token) -> bool:
        if self._line is not None and _below(token, self._line[1]):
            self._end_line()
            self._stray = True
        if self._stray and len(self._across) > 1:
            self._under.append(token)
            return True
        if self._line is None and not (token.text and self._sum_of_all(token)):
            return not token.text or self._is_head(token)
        if self._line is not None and _WORD.fullmatch(token.text):
            self.close()
            self._line, self.open = ("unknown", token), True
            return True
        self._cells.append(token)
        return True

    def _may_sum(self) -> bool:
        """Whether 合计 would be a line of this block: no sum stands in it yet."""
        return self.open and all(line.kind != "total" for line in self.lines[self._first :])

    def _names_first_column(self, token: Token) -> bool:
        """Whether the cell beside the block's label heads the column of the lines' labels."""
        beside = self.label is not None and token.row == self._row and token.col >= 0 and not self.heads
        return beside and self.open and label_key(token.text) in vocabulary().data["fund_columns"]

    def _heads_column(self, token: Token) -> bool:
        """Whether a word that can name the block names a column here, beside the block's label."""
        beside = self.open and not self._kept and token.col >= 0 and token.row == self._row
        return beside and label_key(token.text) in vocabulary().amounts

    def _is_head(self, token: Token) -> bool:
        """Takes a cell that heads a column of amounts: a year, or any text in the row of the heads."""
        if self._kept or token.col < 0 or self.label is None or token.row != self._row:
            return False
        if self._names_first_column(token):
            self._heading = token.text
        elif year := _YEAR.fullmatch(token.text):
            self.heads.append((year[1], token.text, token.col))
        elif self.heads:
            self.heads.append((f"column{len(self.heads) + 1}", token.text, token.col))
        else:
            return False
        return True

    def _names_columns(self) -> bool:
        """Whether words alone, several of them, stand beside the label: heads, and no amounts."""
        full = [c.text for c in self._cells if c.text]
        return not self.heads and len(full) > 1 and all(_is_words(text) for text in full)

    def close(self) -> None:
        """Ends the block, as far as it goes here."""
        self._end_line()
        self._fill_across()
        self.open = self._stray = False

    def _go_on(self) -> None:
        """Ends the line for the block's next one."""
        self._end_line()
        if self._under:
            self._fill_across()
        self._stray = False

    def _fill_across(self) -> None:
        """Amounts under labels that stand beside each other: of several rows that of the sum."""
        labels = {label.col: at for at, label in self._across}
        rows = [[t for t in self._under if t.text and t.row == row] for row in {t.row for t in self._under}]
        sums = [row for row in rows if any(t.col not in labels and _sums_up(t.text) for t in row)]
        chosen = next((some[0] for some in (sums, rows) if len(some) == 1), [])
        for token in self._under:
            if token in chosen and token.col in labels:
                at = labels[token.col]
                self.lines[at] = replace(self.lines[at], amounts={"budget": _amount(token)})
            elif token.text:
                self.spare.append(token.text)
        self._across, self._under = [], []

    def _end_line(self) -> None:
        self._keep_heads()
        if self._line is not None:
            kind, label = self._line
            amounts = self._amounts()
            if self._names_columns() or (not kind and not any(c.text for c in self._cells)):
                kind = "heads"
            self.lines.append(FundLine(kind=kind or "total", label=label.text, amounts=amounts))
            for amount in self.lines[-1].amounts.values():
                self._find_unit(parse(amount.text or "").unit or "")
            beside = [(k, t) for k, t in self._across if t.row == label.row]
            bare = label.ruled and not self._cells and not self.heads
            self._across = [*beside, (len(self.lines) - 1, label)] if bare else []
        self._line, self._cells = None, []

    def finish(self) -> Funds | None:
        self.close()
        if not self.lines and self.label is None:
            return None
        return Funds(label=self.label, unit=self.unit, lines=tuple(_plainly(by_span(self.lines))))

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
            full = sorted([c for c in self._cells if c.text], key=lambda c: _is_words(c.text))
            roles = ["budget", *(f"column{k + 2}" for k in range(max(len(full), 1) - 1))]
            found: list[Token | None] = [*full] or [None]
            return {r: _amount(c) for r, c in zip(roles, found, strict=True)}
        cells = self._by_column() or self._in_order(_one_a_cell(self._cells, len(self.heads)))
        amounts = {role: _amount(None) for role, _, _ in self.heads}
        for k, cell in enumerate(cells):
            amounts[self.heads[k][0] if k < len(self.heads) else f"column{k + 1}"] = _amount(cell)
        return amounts

    def _in_order(self, cells: Sequence[Token]) -> Sequence[Token]:
        """The cells; of more than there are heads those where the amounts of the first full line stand."""
        most, full = len(self.heads), [k for k, cell in enumerate(cells) if cell.text]
        if len(full) == most and full[-1] - full[0] == most - 1:
            self._shift = full[0]
        kept = cells[self._shift : self._shift + most]
        return kept if len(cells) > most and sum(bool(c.text) for c in kept) == len(full) else cells

    def _by_column(self) -> list[Token | None] | None:
        """The cells in the order of the heads, where every full cell stands under one of them, or all of them
        as far beside one as those of the block's first full line."""
        if any(col < 0 for _, _, col in self.heads) or any(c.col < 0 for c in self._cells):
            return None
        full = {c.col: c for c in self._cells if c.text}
        cols = [col for _, _, col in self.heads]
        shift = self._shift
        if not shift and len(full) == len(cols):
            shift = min(full) - cols[0]
        if {col - shift for col in full} <= set(cols):
            self._shift = shift
            return [full.get(col + shift) for col in cols]
        return [full.get(col) for col in cols] if set(full) <= set(cols) else None


def _plainly(lines: Sequence[FundLine]) -> list[FundLine]:
    """The lines; where none is called fiscal or other, what stands for it: the money of a government for the
    one, another government's or a special account for the other if it is the only one beside the fiscal."""
    made = list(lines)
    for kind, stands in (("fiscal", ("local",)), ("other", ("local", "account"))):
        if not any(line.kind == kind for line in made):
            given = [k for k, line in enumerate(made) if line.kind not in _NOT_OTHER and _given(line)]
            found = [k for k in given if made[k].kind in stands]
            if found and (kind == "fiscal" or len(given) == 1):
                made[found[0]] = replace(made[found[0]], kind=kind)
    return made


def _given(line: FundLine) -> bool:
    return any(amount.number for amount in line.amounts.values())


def with_year(funds: Funds | None, year: int | None) -> Funds | None:
    """The funds; of columns that stand for a year each, that of the sheet's year is the budget."""
    mine = f"{year}"
    if funds is None or not any(mine in line.amounts for line in funds.lines):
        return funds
    lines = [
        replace(line, amounts={"budget" if role == mine else role: a for role, a in line.amounts.items()})
        for line in funds.lines
    ]
    return replace(funds, lines=tuple(lines))


def doubtful_amounts(funds: Funds | None) -> Iterator[Finding]:
    """Amounts that are words, or several numbers; sums that differ, parts too great for the year's sum."""
    lines = [line for line in funds.lines if line.kind != "heads"] if funds else []
    for line in lines:
        for amount in line.amounts.values():
            words = parse(amount.text or "").shape in ("text", "sentence")
            if words or _SEVERAL.search(amount.text or ""):
                yield finding("doubtful-amount", text=amount.text, before=line.label)
    yield from _beside(funds)
    given = [budget for budget in map(_budget, lines) if budget]
    sums = [b for b in given if b.kind == "total"]
    others = [b.text for b in sums[1:] if (b.number, b.unit) != (sums[0].number, sums[0].unit)]
    if others:
        yield finding("several-named", text=", ".join(others), after=sums[0].text)
    whole = any(b.kind == "total" + LONG for b in given)  # a part may be one of it
    for part in given if whole and sums else ():
        if part.kind in _PARTS and part.unit == sums[0].unit and part.number > sums[0].number:
            yield finding("funds-sum", text=part.kind, before=sums[0].text, after=part.text)


def _beside(funds: Funds | None) -> Iterator[Finding]:
    """Said of lines with more cells than heads, the first of them empty: the others may stand one beside."""
    every = funds.lines if funds else ()
    heads = next((line.amounts for line in every if line.kind == "heads" and line.amounts), None)
    for line in every if heads else ():
        given = [role for role, amount in line.amounts.items() if amount.text]
        if given and line.amounts.keys() - (heads or {}) and given[0] != next(iter(line.amounts)):
            was, after = line.amounts[given[0]].text, given[0]
            yield finding("doubtful-reading", text=was, before=next(iter(line.amounts)), after=after)


class _Budget(NamedTuple):
    kind: str
    text: str
    number: Decimal
    unit: str | None


def _budget(line: FundLine) -> _Budget | None:
    text = (line.amounts.get("budget") or Amount()).text or ""
    number, unit = parse(text)[2:]
    return _Budget(line.kind, text, Decimal(number), unit) if number else None


def _is_sum(label: Label | None) -> bool:
    return label is not None and (label.name in vocabulary().totals or label == Label("funds", "total"))


def _sums_up(text: str) -> bool:
    return _is_sum(vocabulary().label(text))


def _is_amount(text: str) -> bool:
    return parse(text).shape in ("number", "range") and not _YEAR.fullmatch(text)


def _is_words(text: str) -> bool:
    return parse(text).shape in ("text", "sentence", "words") and text[0].isalpha()


def _below(token: Token, label: Token) -> bool:
    """Whether the cell stands in a row of the table below the label's."""
    return token.ruled and token.row >= label.row + label.rowspan


def _one_a_cell(cells: list[Token], most: int) -> Sequence[Token]:
    """The cells; a line of text that holds one amount for each of several heads is parted at its blanks."""
    if len(cells) != 1 or cells[0].col >= 0:
        return cells
    parts = cells[0].text.split()
    amounts = all(_DASH.fullmatch(p) or parse(p).shape in ("number", "remnant", "empty") for p in parts)
    return [cells[0]._replace(text=p) for p in parts] if 1 < len(parts) == most and amounts else cells


def _amount(token: Token | None) -> Amount:
    if token is None or not token.text:
        return Amount()
    if _is_words(token.text):
        return Amount(text=token.text)
    text = _AFTER.sub("", token.text)
    opened = key(text).count("(")
    while text and text[-1] in ")）" and key(text).count(")") > opened:
        text = text[:-1].rstrip()
    return Amount(text=text, number=parse(text).number) if text else Amount()
