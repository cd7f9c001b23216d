"""Stored numbers, and the format General."""

from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation, Overflow

from jixiao_readers._spreadsheet.numfmt_code import Unsupported

WIDE = Context(prec=400, rounding=ROUND_HALF_UP)
_FIFTEEN = Context(prec=15, rounding=ROUND_HALF_UP)
_SIX = Context(prec=6, rounding=ROUND_HALF_UP)


def number(stored: str) -> Decimal:
    """The number to 15 significant digits. Raises Unsupported where the text is no finite number."""
    try:
        value = _FIFTEEN.create_decimal(stored.strip())
    except (InvalidOperation, Overflow):
        raise Unsupported(stored) from None
    if not value.is_finite() or abs(value.adjusted()) > 320:
        raise Unsupported(stored)
    return value


def general(value: Decimal) -> str:
    """The format General in a column wide enough: at most 11 characters besides the sign.

    >>> general(Decimal("12345678901")), general(Decimal("123456789012")), general(Decimal("0.000012345678"))
    ('12345678901', '1.23457E+11', '1.23457E-05')
    """
    if not value:
        return "0"
    minus, size = "-" if value < 0 else "", abs(value)
    if -4 <= size.adjusted() <= 10:
        decimals = 9 if size < 1 else max(0, 9 - size.adjusted())
        shown = size.quantize(Decimal(1).scaleb(-decimals), context=WIDE)
        if shown < 10**11:
            return minus + _trim(f"{shown:f}")
    elif size.adjusted() < 0 and len(plain := _trim(f"{size:f}")) <= 11:
        return minus + plain
    rounded = _SIX.plus(size)
    power = rounded.adjusted()
    return f"{minus}{_trim(f'{rounded.scaleb(-power):f}')}E{'-' if power < 0 else '+'}{abs(power):02}"


def _trim(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
