"""What a row lacks that the rows around it have: a cell may be lost there, and those behind it moved up."""

from collections import Counter
from collections.abc import Container, Iterator, Sequence

from jixiao.findings import finding
from jixiao.interpret.align import Slot
from jixiao.interpret.evidence import NUMBERS, VALUES
from jixiao.interpret.table import Record
from jixiao.interpret.tokens import Token
from jixiao.model import Finding, Indicator
from jixiao.text import key
from jixiao.values import parse
from jixiao.vocabulary import vocabulary

_FREE = ("standard", "explanation", "remark", "other")
_NEARLY_ALL = 0.8
_ENOUGH = 3  # rows that show what nearly all have
_OFTEN = 0.5  # of the other rows: what a column of free text must fill before an empty cell tells something
_TARGETS = ("value", "value_long", "recipient")


class Gaps:
    """The habits of a table's rows, and what a row that breaks them may have lost."""

    def __init__(self, records: Sequence[Record], slots: Sequence[Slot]) -> None:
        self.slots, self.rows = slots, len(records)
        self.filled = Counter(k for r in records for k in r.cells)
        usual = [k for k, slot in enumerate(slots) if self._is_usual(k, slot.role)]
        self.expected = [k for k in usual if k == usual[-1] or slots[k].role in VALUES]
        # where a value may have moved up from
        self.origins = [k for k, slot in enumerate(slots) if slot.role in NUMBERS or slot.role in _FREE]
        self._records = records
        self._texts: dict[int, frozenset[str]] = {}

    def _is_usual(self, k: int, role: str) -> bool:
        """Whether a row has the column: nearly all fill it, or the form asks for it in each row.

        A table too short to show a habit is held to all its columns but those of free text.
        """
        asked = role == "recipient" or (self.rows < _ENOUGH and role in VALUES | NUMBERS)
        return asked or self.filled[k] >= max(_NEARLY_ALL * self.rows, 1)

    def short(self, record: Record, made: Indicator, index: int) -> Iterator[Finding]:
        """The row lacks the last cell that rows have, or a value: one may be lost."""
        said = made.value is None and made.value_long is None and not made.values  # as value-missing
        for k in self.expected:
            if (
                k not in record.cells
                and not (said and self.slots[k].role in _TARGETS)
                and self._wanted(k, made)
            ):
                yield finding(
                    "row-short", indicator=index, text=made.level3, before=self._name(k), place=made.place
                )
                return

    def _wanted(self, k: int, made: Indicator) -> bool:
        """Whether the row needs the column: one without a number has no unit, sign or direction."""
        main = made.value or made.value_long
        if main is None or parse(main.text or "").shape in ("number", "range", "remnant"):
            return True
        return self.slots[k].role not in ("unit", "sign") and not self._texts_in(k) <= vocabulary().kinds

    def moved_up(self, record: Record, index: int, *, damaged: bool) -> Iterator[Finding]:
        """A value that suits an empty column behind it as well: it may have moved up from there.

        `damaged`: other rows of the table show that cells were lost.
        """
        empties = [k for k in self.origins if k not in record.cells]
        for k, token in _values(record) if empties else ():
            for empty in empties:
                if empty > k and self._may_be_of(token, empty, damaged=damaged):
                    before, after = self._name(empty), self._name(k)
                    yield finding(
                        "doubtful-reading", indicator=index, text=token.text, before=before, after=after
                    )
                    return

    def _may_be_of(self, token: Token, empty: int, *, damaged: bool) -> bool:
        role, parsed = self.slots[empty].role, parse(token.text)
        if role in NUMBERS:
            return parsed.shape == "number" and parsed.operator is None and parsed.unit is None
        if key(token.text) in self._texts_in(empty):
            return True
        often = self.filled[empty] >= max(_OFTEN * (self.rows - 1), 1)
        return parsed.shape in ("text", "sentence") and (damaged or often)

    def _texts_in(self, k: int) -> frozenset[str]:
        """What the column holds, in comparison form."""
        if k not in self._texts:
            self._texts[k] = frozenset(key(t.text) for r in self._records for t in r.cells.get(k, ()))
        return self._texts[k]

    def _name(self, k: int) -> str:
        return self.slots[k].text or self.slots[k].role


def _values(record: Record) -> Iterator[tuple[int, Token]]:
    for k, tokens in record.cells.items():
        if record.slots[k].role in VALUES:
            for token in tokens:
                yield k, token


def gap_findings(
    records: Sequence[Record],
    made: Sequence[Indicator],
    slots: Sequence[Slot],
    start: int,
    told: Container[int],
    *,
    damaged: bool,
) -> Iterator[Finding]:
    """For each row what it may have lost; `told` are the indicators that a finding names already."""
    yield from _below_a_shift(records, made, start, told)
    gaps = Gaps(records, slots)
    for k, (record, indicator) in enumerate(zip(records, made, strict=True), start):
        short = list(gaps.short(record, indicator, k))
        yield from short
        if not short and k not in told:
            yield from gaps.moved_up(record, k, damaged=damaged)


def _below_a_shift(
    records: Sequence[Record], made: Sequence[Indicator], start: int, told: Container[int]
) -> Iterator[Finding]:
    """Rows that inherit a level over one whose cells moved left: a level may have been lost there."""
    lost = False
    for k, (record, indicator) in enumerate(zip(records, made, strict=True), start):
        if "level1" in record.by_role or "level2" in record.by_role:
            lost = False
        if lost and k not in told and indicator.level2:
            after = indicator.level2.term
            yield finding(
                "level-doubtful", indicator=k, text=indicator.level3, after=after, place=indicator.place
            )
        lost = lost or (bool(record.strays) and _is_left(record))


def _is_left(record: Record) -> bool:
    """Whether the row's name stands left of its column, and not because the whole table does."""
    names = [k for k, slot in enumerate(record.slots) if slot.role == "level3"]
    cells = [(t, record.slots[k]) for k in names for t in record.cells.get(k, ())]
    return any(t in record.strays and t.col < min(slot.cols, default=0) for t, slot in cells)
