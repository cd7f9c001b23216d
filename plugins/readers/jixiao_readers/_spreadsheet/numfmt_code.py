"""Format codes of spreadsheets, taken apart into sections and tokens."""

import re
from collections.abc import Iterator
from decimal import Decimal
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


LONGEST = 255
"""Characters of a format code; no program makes longer ones (MS-XLS 2.4.126)."""


@lru_cache(maxsize=1024)
def parse(code: str) -> tuple[Section, ...]:
    """The sections of a format code. Raises Unsupported for a longer one, or a bracket of unknown meaning."""
    if len(code) > LONGEST:
        raise Unsupported(code)
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
