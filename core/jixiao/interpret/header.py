"""Everything above and below the indicator table: header pairs, funds, goals.

A label opens a place that the next text fills; an empty cell or the next label closes it. What stands
without a label is kept as it is. Nothing is dropped: every text ends in a field, a fund line, a goal, or
among the rest.
"""

import re

from jixiao.interpret.labels import Piece, pieces
from jixiao.interpret.titles import is_year_line
from jixiao.interpret.tokens import Row, Token
from jixiao.model import Amount, Field, FundLine, Funds, Goal, Scope
from jixiao.text import key, label_key
from jixiao.values import parse
from jixiao.vocabulary import Label, vocabulary

_UNIT = re.compile(r"[(:]?(万元|亿元|千元|元)\)?:?$")


class Header:
    """Collects rows of a sheet outside its indicator table; `below` says that the table has been passed."""

    def __init__(self) -> None:
        self.fields: list[Field] = []
        self.kinds: list[str | None] = []  # what each field's label means, beside `fields`
        self.rest: list[str] = []
        self.below = False
        self._open: int | None = None  # the field that waits for its text
        self._in_grid = False  # whether the last row was one of a ruled table
        self._left_grid = False
        self._funds = _Funds()
        self._goals = _Goals()

    def add(self, row: Row) -> None:
        """One more physical row."""
        self._leave_grid(row)
        found = pieces(row)
        pairs = self._unknown_pairs(found, row)
        for k, piece in enumerate(found):
            self._piece(piece, is_label=k in pairs)
        if row.grid:
            self._open = None

    def _leave_grid(self, row: Row) -> None:
        """A line below a ruled table fills no cell of it."""
        if self._in_grid and not row.grid:
            self._open, self._left_grid = None, True
            self._goals.close()
            self._funds.close()
        self._in_grid = row.grid and any(t.ruled for t in row.tokens)
        self._left_grid = self._left_grid and not row.grid

    def finish(self) -> tuple[Funds | None, tuple[Goal, ...]]:
        """The funds and goals, when every row has been added."""
        for label, kind in self._goals.loose():
            self._add(Field(label=label), kind)
        return self._funds.finish(), self._goals.finish()

    def _unknown_pairs(self, found: list[Piece], row: Row) -> set[int]:
        """Where in a table row a label outside the vocabulary stands: the cell before the last one."""
        full = [k for k, p in enumerate(found) if p.token.text]
        groups = {found[k].label.group for k in full if found[k].label}  # type: ignore[union-attr]
        if not row.grid or self.below or len(full) % 2 or self.waiting or groups - {"fields"}:
            return set()
        labels = [k for k in full if found[k].label]
        places = full[::2]
        unknown = [k for k in places if not found[k].label]
        if set(labels) <= set(places) and unknown and all(_could_be_label(found[k]) for k in unknown):
            return set(unknown)
        return set()

    def add_total(self, row: Row) -> None:
        """A row of totals inside the table: its first cell names it."""
        first, *others = row.full
        self._add(Field(label=first.text, text=" ".join(t.text for t in others) or None), "footers")

    @property
    def total(self) -> str | None:
        """The number printed behind 合计 or 总分."""
        totals = vocabulary().totals
        return next((f.text for f in self.fields if f.text and label_key(f.label or "") in totals), None)

    @property
    def waiting(self) -> bool:
        """Whether a label of the goals or funds still waits for its text."""
        return self._goals.waiting or self._funds.waiting

    def _piece(self, piece: Piece, is_label: bool) -> None:
        token, label = piece
        if label is None and is_label:
            self._label(token, Label("fields", "unknown"))
        elif label is None:
            self._text(token)
        else:
            self._label(token, label)

    def _label(self, token: Token, label: Label) -> None:
        self._open = None
        if self._funds.takes(label, token):
            self._goals.close()
        elif label.group == "goals" and not self.below:
            self._goals.label(token, label.name)
            self._funds.close()
        else:
            self._funds.close()
            self._goals.close()
            self._add(Field(label=token.text), label.name)
            self._open = None if label.group == "headings" else len(self.fields) - 1

    def _text(self, token: Token) -> None:
        if self._goals.waiting and self._goals.text(token):
            return
        if self._funds.open and self._funds.text(token):
            return
        if not token.text:
            # in unruled text a blank may be what a merged cell covers: it closes nothing
            self._open = self._open if token.col >= 0 and not token.ruled else None
        elif self._open is not None and self.fields[self._open].text is None and not _is_year(token):
            self.fields[self._open] = Field(label=self.fields[self._open].label, text=token.text)
        elif self.below or self._left_grid or self._funds.open:
            self.rest.append(token.text)
        else:
            self._add(Field(text=token.text), None)

    def _add(self, field: Field, kind: str | None) -> None:
        self.fields.append(field)
        self.kinds.append(kind)


def _could_be_label(piece: Piece) -> bool:
    word = key(piece.token.text)
    return len(word) <= 12 and not any(c.isdigit() for c in word)


class _Funds:
    """The funds block: lines of amounts, under heads where the form has several amount columns."""

    def __init__(self) -> None:
        self.label: str | None = None
        self.unit: str | None = None
        self.lines: list[FundLine] = []
        self.heads: list[tuple[str, str, int]] = []  # role, text, grid column
        self.open = False
        self._cells: list[Token] = []
        self._line: tuple[str, str] | None = None

    @property
    def total(self) -> str | None:
        """The number printed behind 合计 or 总分."""
        totals = vocabulary().totals
        return next((f.text for f in self.fields if f.text and label_key(f.label or "") in totals), None)

    @property
    def waiting(self) -> bool:
        return self.open and self._line is not None

    def takes(self, label: Label, token: Token) -> bool:
        """Whether the label belongs to the block; if so it is taken."""
        if label.group == "funds" and label.name == "block":
            self._end_line()
            if self.label is not None:
                return False
            self.label, self.open = token.text, True
            self._find_unit(token.text)
        elif label.group == "funds":
            self._end_line()
            self.open, self._line = True, (label.name, token.text)
            self._find_unit(token.text)
        elif label.group == "amounts" and self.open:
            if self._line and self._line[0] != "heads":
                self._end_line()
            self.heads.append((self._role(label.name), token.text, token.col))
        elif label.group == "headings" and self.open:
            self._end_line()
            self._line = ("heads", token.text)
            self._find_unit(token.text)
        else:
            return False
        return True

    def text(self, token: Token) -> bool:
        if self._line is None:
            return not token.text
        self._cells.append(token)
        return True

    def close(self) -> None:
        self._end_line()
        self.open = False

    def finish(self) -> Funds | None:
        self.close()
        if not self.lines and self.label is None:
            return None
        return Funds(label=self.label, unit=self.unit, lines=tuple(self.lines))

    def _role(self, name: str) -> str:
        taken = [role for role, _, _ in self.heads]
        return name if name not in taken else f"{name}{1 + sum(r.startswith(name) for r in taken)}"

    def _find_unit(self, text: str) -> None:
        found = _UNIT.search(key(text))
        if found and self.unit is None:
            self.unit = found[1]

    def _end_line(self) -> None:
        if self.heads and not any(line.kind == "heads" for line in self.lines):
            label = self._line[1] if self._line and self._line[0] == "heads" else None
            self.lines.append(
                FundLine(kind="heads", label=label, amounts={r: Amount(text=t) for r, t, _ in self.heads})
            )
        if self._line is not None and self._line[0] != "heads":
            self.lines.append(FundLine(kind=self._line[0], label=self._line[1], amounts=self._amounts()))
            for amount in self.lines[-1].amounts.values():
                unit = parse(amount.text or "").unit
                if self.unit is None and unit in vocabulary().data["units_of_money"]:
                    self.unit = unit
        if not (self._line and self._line[0] == "heads" and not self.heads):
            self._line, self._cells = None, []

    def _amounts(self) -> dict[str, Amount]:
        if not self.heads:
            full = [c for c in self._cells if c.text]
            roles = ["budget", *(f"column{k + 2}" for k in range(max(len(full), 1) - 1))]
            return {r: _amount(c) for r, c in zip(roles, full or [None], strict=True)}
        cells = self._by_column() or self._cells
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
        return None if by_col else cells  # type: ignore[return-value]


def _is_year(token: Token) -> bool:
    """A year line run on to a label; in a cell of its own it is the label's text."""
    return token.col < 0 and is_year_line(token.text)


def _amount(token: Token | None) -> Amount:
    if token is None or not token.text:
        return Amount()
    return Amount(text=token.text, number=parse(token.text).number)


class _Goals:
    """The goals: labels first, then as many texts; or a label and its text in turn."""

    def __init__(self) -> None:
        self.goals: list[Goal] = []
        self._labels: list[tuple[Token, str]] = []
        self._texts: list[Token] = []
        self._loose: list[tuple[str, str]] = []

    @property
    def total(self) -> str | None:
        """The number printed behind 合计 or 总分."""
        totals = vocabulary().totals
        return next((f.text for f in self.fields if f.text and label_key(f.label or "") in totals), None)

    @property
    def waiting(self) -> bool:
        return bool(self._labels)

    def label(self, token: Token, name: str) -> None:
        if self._texts and any(t.text for t in self._texts):
            self.close()
        self._labels.append((token, name))
        self._texts = []

    def text(self, token: Token) -> bool:
        self._texts.append(token)
        return True

    def close(self) -> None:
        """Pairs the open labels with the texts that followed them."""
        labels = _without_sides(self._labels)
        self._loose += [(t.text, n) for t, n in self._labels if (t, n) not in labels]
        texts = _assign(labels, self._texts)
        for (token, name), text in zip(labels, texts, strict=True):
            if name == "actual" and self.goals:
                last = self.goals.pop()
                self.goals.append(Goal(scope=last.scope, label=last.label, text=last.text, actual=text))
                self._loose.append((token.text, name))
            else:
                scope: Scope = "long-term" if name == "long-term" else "annual"
                self.goals.append(Goal(scope=scope, label=token.text, text=text))
        spare = [t.text for t in self._texts if t.text and t.text not in texts]
        if spare and self.goals:
            last = self.goals[-1]
            if last.actual is None and len(labels) == 1:
                self.goals[-1] = Goal(scope=last.scope, label=last.label, text=last.text, actual=" ".join(spare))
            else:
                self.goals[-1] = Goal(
                    scope=last.scope, label=last.label, text=" ".join([last.text or "", *spare]).strip(), actual=last.actual
                )
        self._labels, self._texts = [], []

    def loose(self) -> list[tuple[str, str]]:
        """Labels that only head others (总体目标 over 年度目标), to be kept as fields."""
        self.close()
        return self._loose

    def finish(self) -> tuple[Goal, ...]:
        return tuple(self.goals)


def _without_sides(labels: list[tuple[Token, str]]) -> list[tuple[Token, str]]:
    """The labels less those that only stand beside the real ones."""
    real = [p for p in labels if p[1] != "side"]
    if len(real) > 1 and real[0][1] == "annual":
        rest = [n for _, n in real[1:]]
        if any(n != "actual" for n in rest):
            real = real[1:]
    return real or labels


def _assign(labels: list[tuple[Token, str]], texts: list[Token]) -> list[str | None]:
    """For each label its text: under it, or in order."""
    full = [t for t in texts if t.text]
    cells: list[Token] = texts if len(texts) == len(labels) else full
    cols = {t.col: t for t in full}
    if full and all(t.col >= 0 and t.row != labels[-1][0].row for t in full) and set(cols) <= {t.col for t, _ in labels}:
        return [cols[t.col].text if t.col in cols else None for t, _ in labels]
    return [cells[k].text or None if k < len(cells) else None for k in range(len(labels))]


def is_label(text: str, *groups: str) -> bool:
    """Whether the text is a label of one of the groups."""
    found = vocabulary().label(text)
    return found is not None and (found.group in groups or found.name in groups)


__all__ = ["Header", "is_label", "label_key"]
