"""What a sheet adds up to: weights and the lines of its funds."""

from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import ClassVar

from jixiao.findings import finding
from jixiao.hookspecs import Check, hookimpl
from jixiao.model import Finding, FundLine, Sheet

WHOLE = (Decimal(100), Decimal(90))
"""What weights add up to; 90 where 10 are for how the budget was executed (form of 财预〔2020〕10号)."""
LEAST = 2
MONEY = ("budget", "adjusted", "executed")
MAIN = ("fiscal", "other", "carryover", "own")


class TotalsCheck:
    NAME: ClassVar[str] = "totals"
    API_VERSION: ClassVar[int] = 1

    def check(self, sheet: Sheet) -> Iterator[Finding]:
        yield from _weights(sheet)
        yield from _funds(sheet)


def _weights(sheet: Sheet) -> Iterator[Finding]:
    """Said where every indicator has a weight that is a number, and together they are no whole."""
    weights = [_number(i.weight) for i in sheet.indicators]
    known = [w for w in weights if w is not None]
    if len(known) >= LEAST and len(known) == len(weights) and sum(known) not in WHOLE:
        yield finding("weights-sum", text=f"{sum(known)}")


def _funds(sheet: Sheet) -> Iterator[Finding]:
    """Said for each column of money whose total is neither the sum of all parts nor that of the main ones.

    Forms print parts of parts, such as the share of a province, among the lines without saying so.
    """
    lines = sheet.funds.lines if sheet.funds else ()
    totals = [line for line in lines if line.kind == "total"]
    parts = [line for line in lines if line.kind not in ("total", "heads")]
    main = [line for line in parts if line.kind in MAIN]
    for column in MONEY if len(totals) == 1 else ():
        total, every = _amount(totals[0], column), _sum(parts, column)
        if total is not None and every is not None and total not in (every, _sum(main, column)):
            yield finding("funds-sum", text=_head(lines, column), before=str(total), after=str(every))


def _head(lines: Sequence[FundLine], column: str) -> str:
    """What the form prints above the column, else beside its total."""
    heads = [line.amounts[column].text for line in lines if line.kind == "heads" and column in line.amounts]
    labels = [line.label for line in lines if line.kind == "total"]
    return next(filter(None, (*heads, *labels)), column)


def _sum(lines: list[FundLine], column: str) -> Decimal | None:
    """None where a line has no number, or there are too few to tell."""
    numbers = [_amount(line, column) for line in lines]
    given = [number for number in numbers if number is not None]
    return sum(given, Decimal()) if LEAST <= len(given) == len(numbers) else None


def _amount(line: FundLine, column: str) -> Decimal | None:
    amount = line.amounts.get(column)
    return _number(amount.number) if amount else None


def _number(text: str | None) -> Decimal | None:
    try:
        number = Decimal(text or "")
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


@hookimpl
def jixiao_check() -> type[Check]:
    return TotalsCheck
