"""Everything above and below the indicator table: header pairs, funds, goals.

A label opens a place that the next text fills; an empty cell or the next label closes it. What stands
without a label is kept as it is. Nothing is dropped: every text ends in a field, a fund line, a goal, or
among the rest.
"""

import re
from collections.abc import Sequence

from jixiao.interpret.funds import FundsBlock
from jixiao.interpret.goals import GoalsBlock
from jixiao.interpret.labels import Piece, pieces
from jixiao.interpret.titles import is_year_line
from jixiao.interpret.tokens import Row, Token
from jixiao.model import Field, Funds, Goal
from jixiao.text import key, label_key
from jixiao.vocabulary import Label, vocabulary

_ITEM = re.compile(r"[(（]?\d{1,2}[)）.．、]")


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
        self._noting = False  # whether the notes below the table have begun
        self._funds = FundsBlock()
        self._goals = GoalsBlock()

    def add(self, row: Row) -> None:
        """One more physical row."""
        self._leave_grid(row)
        if self.below and self._is_note(row):
            self.rest += [t.text for t in row.full]
            return
        found = pieces(row)
        pairs = self._unknown_pairs(found, row)
        for k, (piece, follows) in enumerate(zip(found, _values_follow(found), strict=True)):
            if not piece.token.text and piece.token.ruled and not follows:
                self._open = None
            self._piece(piece, is_label=k in pairs)
        if row.grid:
            self._open = None

    def _is_note(self, row: Row) -> bool:
        """Whether the row is of the notes below the table: their head, or a numbered line under it, whatever
        label that speaks of. Behind 注 or 备注 the row stands as a pair."""
        if not row.full:
            return False
        word = label_key(row.full[0].text.replace("：", ":").split(":")[0])
        under = self._noting and _ITEM.match(row.full[0].text) is not None
        self._noting = under or word in vocabulary().notes
        return under or (
            self._noting and word not in vocabulary().footers and vocabulary().label(word) is None
        )

    def _leave_grid(self, row: Row) -> None:
        """A line below a ruled table fills no cell of it."""
        if self._in_grid and not row.grid:
            self._open, self._left_grid = None, True
            self._goals.close()
            self._funds.close()
        self._in_grid = row.grid and any(t.ruled for t in row.tokens)
        self._left_grid = self._left_grid and not row.grid

    def pass_table(self) -> None:
        """The indicator table ends here: what stands below fills nothing that was left open above."""
        self._open, self.below = None, True
        self._goals.close()
        self._funds.close()

    def finish(self) -> tuple[Funds | None, tuple[Goal, ...]]:
        """The funds and goals, when every row has been added."""
        for label, kind in self._goals.loose():
            self._add(Field(label=label), kind)
        funds = self._funds.finish()
        self.rest += self._funds.spare
        return funds, self._goals.finish()

    def _unknown_pairs(self, found: list[Piece], row: Row) -> set[int]:
        """Where in a table row a label outside the vocabulary stands: the cell before the last one."""
        full = [k for k, p in enumerate(found) if p.token.text]
        groups = {label.group for label in (found[k].label for k in full) if label}
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
    def spare(self) -> list[str]:
        """Texts that were added to a goal for want of another place."""
        return self._goals.spare

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
        if not (self.below and self._funds.lines) and self._funds.takes(label, token):
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
            return  # the blank may be what a merged cell covers: it closes nothing
        if self._open is not None and self.fields[self._open].text is None and not _is_year(token):
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


def _values_follow(found: Sequence[Piece]) -> list[bool]:
    """For each cell whether one text, its own or one behind it, stands before the next label or the row's
    end."""
    first: Piece | None = None
    second: Piece | None = None
    follow: list[bool] = []
    for piece in reversed(found):
        if piece.token.text:
            first, second = piece, first
        follow.append(
            first is not None and first.label is None and (second is None or second.label is not None)
        )
    return follow[::-1]


def _is_year(token: Token) -> bool:
    """A year line run on to a label; in a cell of its own it is the label's text."""
    return token.col < 0 and is_year_line(token.text)


def is_label(text: str, *groups: str) -> bool:
    """Whether the text is a label of one of the groups."""
    found = vocabulary().label(text)
    return found is not None and (found.group in groups or found.name in groups)
