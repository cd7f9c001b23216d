"""What a spreadsheet cell shows: a stored number and a number format give the displayed text.

The formats are those of ECMA-376 part 1, 18.8.30 and 18.8.31; where the standard leaves the display to the
locale, it is that of Chinese (PRC). Arithmetic is decimal, on the 15 significant digits that spreadsheet
programs keep, halves rounded away from zero. A format that cannot be done raises Unsupported; no number is
ever shown as another one.
"""

from decimal import Decimal, InvalidOperation
from functools import lru_cache

from jixiao_readers._spreadsheet import numfmt_date, numfmt_number
from jixiao_readers._spreadsheet.numfmt_code import GENERAL, PAD, Section, Unsupported, parse
from jixiao_readers._spreadsheet.numfmt_general import general, number

_COMPARE = {
    ">=": Decimal.__ge__, "<=": Decimal.__le__, "<>": Decimal.__ne__,
    "=": Decimal.__eq__, ">": Decimal.__gt__, "<": Decimal.__lt__,
}  # fmt: skip


@lru_cache(maxsize=4096)
def display(stored: str, code: str = GENERAL, *, date1904: bool = False) -> str:
    """The text a cell shows for a number stored as the decimal `stored`.

    Raises Unsupported where the format cannot be done or `stored` is no number.

    >>> display("1", "0%"), display("12", '0"次"'), display("0.30000000000000004")
    ('100%', '12次', '0.3')
    """
    value = number(stored)
    section, minus = _choose(parse(code), value)
    if section.has("unsupported", "unknown"):
        raise Unsupported(code)
    if section.has("date", "elapsed", "noon"):
        return _finish(numfmt_date.render(section, value, date1904), "")
    if section.has("text"):
        return _finish("".join(general(value) if t.kind == "text" else t.text for t in section.tokens), "")
    try:
        return _finish(numfmt_number.render(section, abs(value)), "-" if minus else "")
    except InvalidOperation:  # more digits than any cell can show
        raise Unsupported(code) from None


def display_text(text: str, code: str = GENERAL) -> str:
    """The text a cell shows for a stored text. Raises Unsupported as display does.

    >>> display_text("甲", '0;-0;0;"（"@"）"')
    '（甲）'
    """
    if "@" not in code and ";" not in code:
        return text
    sections = parse(code)
    section = sections[3] if len(sections) > 3 else sections[-1]
    if len(sections) <= 3 and not section.has("text"):
        return text
    if section.has("unsupported", "unknown", "digit", "date", "general"):
        raise Unsupported(code)
    # The text itself keeps its white space; only the format's own room at the edges goes.
    shown = "".join("\1" if token.kind == "text" else token.text for token in section.tokens)
    return _finish(shown, "").replace("\1", text)


def _finish(text: str, minus: str) -> str:
    return minus + text.strip(PAD).replace(PAD, " ")


def _choose(sections: tuple[Section, ...], value: Decimal) -> tuple[Section, bool]:
    """The section that shows the number, and whether a minus sign is to be put before it."""
    if len(sections) > 1 and (len(sections) > 3 or sections[-1].has("text")):
        sections = sections[: min(3, len(sections) - 1)]
    if all(section.condition is None for section in sections):
        if len(sections) == 1:
            return sections[0], value < 0
        if value < 0:
            return sections[1], False
        return sections[2 if value == 0 and len(sections) > 2 else 0], False
    return _conditional(sections, value)


def _conditional(sections: tuple[Section, ...], value: Decimal) -> tuple[Section, bool]:
    first = sections[0].condition
    for at, section in enumerate(sections):
        if section.condition is None and at < len(sections) - 1:
            # Without a condition of its own the first section is for what is above zero, the second below.
            condition = (">", Decimal(0)) if at == 0 else ("<", Decimal(0))
        elif section.condition is None:
            alone = at == 1 and first is not None and first[0] in (">", ">=") and first[1] == 0
            return section, value < 0 and not alone
        else:
            condition = section.condition
        operator, limit = condition
        if _COMPARE[operator](value, limit):
            below = operator in ("<", "<=") and limit <= 0
            if below and limit != 0:
                raise Unsupported("a condition below zero")
            return section, value < 0 and not below
    raise Unsupported("no section takes the number")
