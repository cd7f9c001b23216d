"""Date and time sections of a number format."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from jixiao_readers._spreadsheet.numfmt_code import Section, Token, Unsupported

CHINESE, ENGLISH = 4, 9
_LAST_DAY = 2958465  # 9999-12-31
_SHIFT_1904 = 1462  # days from 1899-12-31 to 1904-01-01, the day that never was included
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_MONTHS_ZH = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_DAYS_ZH = "日一二三四五六"


class Moment(NamedTuple):
    """A serial number taken apart; `ticks` whole units since the start of serial 0, `unit` a second."""

    year: int
    month: int
    day: int
    weekday: int
    ticks: int
    unit: int

    @property
    def seconds(self) -> int:
        """Whole seconds since the start of serial 0."""
        return self.ticks // self.unit


def render(section: Section, serial: Decimal, date1904: bool) -> str:
    """The text of a serial number. Raises Unsupported for a day before the calendar's first or after 9999."""
    tokens = _decided(section.tokens)
    moment = _moment(serial, max((len(t.text) for t in tokens if t.kind == "part"), default=0), date1904)
    halves = any(t.kind == "noon" for t in tokens)
    return "".join(_piece(token, moment, halves, section.locale) for token in tokens)


def _decided(tokens: Sequence[Token]) -> list[Token]:
    """Each m told apart into month and minute, the digits after seconds found, the rest literal."""
    out: list[Token] = []
    last = ""
    for at, token in enumerate(tokens):
        kind, text = token.kind, token.text.lower()
        if kind in ("date", "elapsed"):
            if kind == "date" and text[0] == "m" and (last == "h" or _next(tokens, at) == "s"):
                text = "n" * len(text)
            last = text[0]
            out.append(Token(kind, text))
        elif kind == "digit":
            if text != "0" or not out or out[-1].kind not in ("point", "part") or last != "s":
                raise Unsupported("digits in a date")
            before = out.pop()
            out.append(Token("part", before.text + "0" if before.kind == "part" else "0"))
        elif kind in ("point", "noon", "literal"):
            out.append(token)
        elif kind in ("comma", "slash"):
            out.append(Token("literal", token.text))
        else:
            raise Unsupported(f"{token.text} in a date")
    return out


def _next(tokens: Sequence[Token], at: int) -> str:
    return next((t.text[0].lower() for t in tokens[at + 1 :] if t.kind in ("date", "elapsed")), "")


def _moment(serial: Decimal, decimals: int, date1904: bool) -> Moment:
    unit = 10**decimals
    if serial < 0 or decimals > 3:
        raise Unsupported("a date before the first, or parts of a millisecond")
    ticks = int((serial * 86400 * unit).to_integral_value(ROUND_HALF_UP))
    days = ticks // (86400 * unit) + (_SHIFT_1904 if date1904 else 0)
    if days > _LAST_DAY:
        raise Unsupported("a date after the last")
    if days == 0:
        year, month, day = 1900, 1, 0
    elif days == 60:  # the 1900 system takes 1900 for a leap year
        year, month, day = 1900, 2, 29
    else:
        real = date(1899, 12, 30 if days > 60 else 31) + timedelta(days)
        year, month, day = real.year, real.month, real.day
    return Moment(year, month, day, (days - 1) % 7, ticks, unit)


def _piece(token: Token, moment: Moment, halves: bool, locale: int) -> str:
    kind, text = token
    if kind == "noon":
        return _noon(text, moment.seconds // 3600 % 24 >= 12, locale)
    if kind == "part":
        return "." + f"{moment.ticks % moment.unit:0{len(str(moment.unit)) - 1}}"[: len(text)]
    if kind == "point":
        return "" if moment.unit > 1 else "."
    if kind == "elapsed":
        return f"{moment.seconds // {'h': 3600, 'm': 60, 's': 1}[text[0]]:0{len(text)}}"
    if kind == "date":
        return _field(text, moment, halves, locale)
    return text


def _noon(text: str, afternoon: bool, locale: int) -> str:
    if text.upper() == "AM/PM" and locale == CHINESE:
        text = "上午/下午"
    return text.split("/")[afternoon]


def _field(text: str, moment: Moment, halves: bool, locale: int) -> str:
    letter, size = text[0], len(text)
    if letter in "md" and size > 2:
        return _named(letter, size, moment, locale)
    if letter == "a":
        return ("星期" if size == 4 else "") + _DAYS_ZH[moment.weekday]
    if letter == "y":
        return f"{moment.year % 100:02}" if size < 3 else f"{moment.year:04}"
    if letter == "e":
        return str(moment.year)
    clock = moment.seconds % 86400
    hour = clock // 3600
    number = {
        "m": moment.month, "d": moment.day, "s": clock % 60, "n": clock // 60 % 60,
        "h": (hour + 11) % 12 + 1 if halves else hour,
    }[letter]  # fmt: skip
    return f"{number:0{min(size, 2)}}"


def _named(letter: str, size: int, moment: Moment, locale: int) -> str:
    if locale not in (0, CHINESE, ENGLISH) or (locale == CHINESE and size != 4):
        raise Unsupported("names of months or days in this language")
    if locale == CHINESE:
        return _MONTHS_ZH[moment.month - 1] + "月" if letter == "m" else "星期" + _DAYS_ZH[moment.weekday]
    name = _MONTHS[moment.month - 1] if letter == "m" else _DAYS[moment.weekday]
    return name[0] if size == 5 and letter == "m" else name[:3] if size == 3 else name
