"""What a spreadsheet cell shows: a stored number and a number format give the displayed text.

The formats are those of ECMA-376 part 1, 18.8.30 and 18.8.31; where the standard leaves the display to the
locale, it is that of Chinese (PRC). Arithmetic is decimal, on the 15 significant digits that spreadsheet
programs keep, halves rounded away from zero. A format that cannot be done raises Unsupported; no number is
ever shown as another one.
"""

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

GENERAL = "General"

_MONEY = '"¥"#,##0{d};{red}"¥"\\-#,##0{d}'
_PLAIN = "#,##0{d};{red}\\-#,##0{d}"
_LEDGER = '_ {m}* #,##0{d}_ ;_ {m}* \\-#,##0{d}_ ;_ {m}* "-"{q}_ ;_ @_ '
_YEAR_MONTH, _MONTH_DAY = 'yyyy"年"m"月"', 'm"月"d"日"'
_CLOCK, _CLOCK_SECONDS = '上午/下午h"时"mm"分"', '上午/下午h"时"mm"分"ss"秒"'

BUILTIN: dict[int, str] = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: _MONEY.format(d="", red=""), 6: _MONEY.format(d="", red="[Red]"),
    7: _MONEY.format(d=".00", red=""), 8: _MONEY.format(d=".00", red="[Red]"),
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    27: _YEAR_MONTH, 28: _MONTH_DAY, 29: _MONTH_DAY, 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: _CLOCK, 35: _CLOCK_SECONDS, 36: _YEAR_MONTH,
    37: _PLAIN.format(d="", red=""), 38: _PLAIN.format(d="", red="[Red]"),
    39: _PLAIN.format(d=".00", red=""), 40: _PLAIN.format(d=".00", red="[Red]"),
    41: _LEDGER.format(m="", d="", q=""), 42: _LEDGER.format(m='"¥"', d="", q=""),
    43: _LEDGER.format(m="", d=".00", q="??"), 44: _LEDGER.format(m='"¥"', d=".00", q="??"),
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    50: _YEAR_MONTH, 51: _MONTH_DAY, 52: _YEAR_MONTH, 53: _MONTH_DAY, 54: _MONTH_DAY,
    55: _CLOCK, 56: _CLOCK_SECONDS, 57: _YEAR_MONTH, 58: _MONTH_DAY,
}  # fmt: skip
"""Format codes by number, those that depend on the language as Chinese (PRC) has them."""


class Unsupported(ValueError):
    """The format, or this number in it, cannot be shown as a spreadsheet program would."""


class Token(NamedTuple):
    """A piece of a format section; `kind` is a group of _TOKEN or what a bracket says."""

    kind: str
    text: str


class Section(NamedTuple):
    """One of the parts between semicolons."""

    tokens: tuple[Token, ...]
    condition: tuple[str, Decimal] | None = None
    locale: int = 0

    def has(self, *kinds: str) -> bool:
        return any(token.kind in kinds for token in self.tokens)


PAD = "\0"
"""Stands for room that a format leaves; shown as a space between texts and as nothing at an edge."""

WIDE = Context(prec=400, rounding=ROUND_HALF_UP)
_FIFTEEN = Context(prec=15, rounding=ROUND_HALF_UP)
_SIX = Context(prec=6, rounding=ROUND_HALF_UP)

_TOKEN = re.compile(
    r"""
      "(?P<literal>[^"]*)"? | [\\!](?P<escaped>.) | _(?P<pad>.) | \*(?P<fill>.) | \[(?P<bracket>[^\]]*)\]
    | (?P<general>General|G/通用格式) | (?P<noon>AM/PM|A/P|上午/下午) | (?P<exponent>E[+-])
    | (?P<date>y+|m+|d+|h+|s+|a{3,4}|e+) | (?P<digit>[0\#?]) | (?P<point>\.) | (?P<comma>,)
    | (?P<percent>%) | (?P<slash>/) | (?P<text>@) | (?P<end>;) | (?P<unknown>[a-z]) | (?P<other>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(>=|<=|<>|=|>|<)\s*(-?\d+(?:\.\d*)?)")
_LOCALE = re.compile(
    r"\$(?P<symbol>.*?)(?:-(?P<tag>[0-9a-z]+|[a-z]{2,3}(?:-\w+)+))?", re.IGNORECASE | re.DOTALL
)
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_COLOUR = re.compile(
    r"black|blue|cyan|green|magenta|red|white|yellow|[黑蓝青绿红白黄]色?|蓝绿色?|洋红色?|(color|颜色)\s*\d+",
    re.IGNORECASE,
)
_LONG_DATE = 'yyyy"年"m"月"d"日"'
_SYSTEM = {"f800": _LONG_DATE, "x-sysdate": _LONG_DATE, "f400": "h:mm:ss", "x-systime": "h:mm:ss"}
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
        from jixiao_readers._spreadsheet.numfmt_date import render as render_date

        return _finish(render_date(section, value, date1904), "")
    if section.has("text"):
        return _finish("".join(general(value) if t.kind == "text" else t.text for t in section.tokens), "")
    from jixiao_readers._spreadsheet.numfmt_number import render

    try:
        return _finish(render(section, abs(value)), "-" if minus else "")
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


def number(stored: str) -> Decimal:
    """The number to 15 significant digits. Raises Unsupported where the text is no finite number."""
    try:
        value = _FIFTEEN.create_decimal(stored.strip())
    except InvalidOperation:
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


def _finish(text: str, minus: str) -> str:
    return minus + text.strip(PAD).replace(PAD, " ")


@lru_cache(maxsize=1024)
def parse(code: str) -> tuple[Section, ...]:
    """The sections of a format code. Raises Unsupported for a bracket of unknown meaning."""
    sections: list[Section] = []
    tokens: list[Token] = []
    for token in (*_tokens(code or GENERAL), Token("end", ";")):
        if token.kind == "end":
            sections.append(_section(tokens))
            tokens = []
        else:
            tokens.append(token)
    return tuple(sections)


def _tokens(code: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(code):
        kind, text = match.lastgroup or "literal", match[match.lastgroup or 0]
        if kind == "bracket":
            yield from _bracket(text)
        elif kind == "pad":
            yield Token("literal", PAD)
        elif kind == "fill":
            # A fill repeats to the column's width: a space is room, a digit would change the number.
            shown = PAD if text == " " else ""
            yield Token("unsupported", text) if text.isdigit() else Token("literal", shown)
        elif kind in ("escaped", "other"):
            yield Token("literal", text)
        else:
            yield Token(kind, text)


def _bracket(text: str) -> Iterator[Token]:
    if _CONDITION.fullmatch(text):
        yield Token("condition", text)
    elif _ELAPSED.fullmatch(text):
        yield Token("elapsed", text.lower())
    elif match := _LOCALE.fullmatch(text):
        yield Token("literal", match["symbol"])
        yield Token("locale", (match["tag"] or "").lower())
    elif text.lower().startswith("dbnum"):
        yield Token("unsupported", text)
    elif not _COLOUR.fullmatch(text):
        raise Unsupported(f"[{text}]")


def _section(tokens: list[Token]) -> Section:
    condition, locale = None, 0
    for token in tokens:
        if token.kind == "condition" and (match := _CONDITION.fullmatch(token.text)):
            condition = (match[1], Decimal(match[2]))
        elif token.kind == "locale":
            if token.text in _SYSTEM:
                return parse(_SYSTEM[token.text])[0]._replace(condition=condition)
            locale = _language(token.text) or locale
    return Section(tuple(t for t in tokens if t.kind not in ("condition", "locale")), condition, locale)


def _language(tag: str) -> int:
    """The language of a locale tag, the low ten bits of its Windows number: 4 Chinese, 9 English, 0 none."""
    if re.fullmatch("[0-9a-f]{1,8}", tag):
        shape, calendar = int(tag, 16) >> 24, int(tag, 16) >> 16 & 0xFF
        if shape > 1 or calendar > 1:  # other digits than 0-9, another calendar than the Gregorian
            raise Unsupported(f"[$-{tag}]")
        return int(tag, 16) & 0x3FF
    return {"zh": 4, "en": 9, "": 0}.get(tag.partition("-")[0], -1)


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
