"""The grammar of 指标值: operator, number, unit — read from the printed text, which itself is never changed.

Shapes follow the published sheets (docs/values.md lists them): 100%, ≤2次, 30万人次/年, 95%以上, 2022/全年,
90%-95%, 每年12月底前, 有效提高, ≥**%.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, NamedTuple

from jixiao.model import Value, fold
from jixiao.text import key
from jixiao.vocabulary import vocabulary

Shape = Literal[
    "number", "range", "date", "words", "remnant", "sentence", "operator", "unit", "text", "empty"
]


class Parsed(NamedTuple):
    """`shape` says what kind of value the text is; the parts are None where the grammar does not cover it."""

    shape: Shape
    operator: str | None = None
    number: str | None = None
    unit: str | None = None


class _Grammar(NamedTuple):
    """The words are looked up, not made one pattern of: 226 units in a dozen places take 9 ms to compile."""

    operators: dict[str, str]
    signs: tuple[str, ...]
    tails: dict[str, str]
    words: frozenset[str]
    heads: tuple[str, ...]
    ends: tuple[str, ...]
    names: tuple[str, ...]
    units: frozenset[str]
    number: re.Pattern[str]
    range: re.Pattern[str]
    starred: re.Pattern[str]


_NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_DATE = re.compile(
    r"(?:20|19)\d\d(?:[./-]\d{1,2}){1,2}|(?:20|19)\d\d年(?:\d{1,2}月)?|\d{1,2}月(?:\d{1,2}日|底|份)?|(?:20|19)\d\d[01]\d(?![\d.])|每[年月季日]|全年|年底|年末"
)
_DATE_WORDS = re.compile(r"^[\d年月日季度底前初末上中下旬全每至到/.:~-]+$")
_SENTENCE = re.compile(r"[。;,，；]")
_SENTENCE_LENGTH = 16


@lru_cache(maxsize=1)
def _grammar() -> _Grammar:
    data = vocabulary().data
    operators = {key(word): sign for sign, words in data["operators"].items() for word in words}
    tails = {key(word): sign for sign, words in data["operator_tails"].items() for word in words}
    op = _longest_first(operators)
    return _Grammar(
        operators=operators,
        signs=tuple(operators),
        tails=tails,
        words=frozenset(key(w) for w in data["qualitative"]),
        heads=tuple(data["qualitative_heads"]),
        ends=tuple(data["qualitative_tails"]),
        names=tuple(data["name_tails"]),
        units=frozenset(key(u) for u in data["units"]),
        number=re.compile(rf"(?P<op>{op})?(?P<num>{_NUMBER})"),
        range=re.compile(
            rf"(?:{op})?{_NUMBER}(?P<first>[^-~至到]*)(?:[-~至到]|--)(?:{op})?{_NUMBER}(?P<second>.*)"
        ),
        starred=re.compile(rf"[(]?(?:{op})?\*+"),
    )


def _longest_first(words: Iterable[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w)))


@lru_cache(maxsize=65536)
def parse(text: str) -> Parsed:
    """The shape and parts of a printed value.

    >>> parse("≤30万元")
    Parsed(shape='number', operator='≤', number='30', unit='万元')
    >>> parse("95%以上").operator, parse("有效提高").shape, parse("2022/全年").shape, parse("≥**%").shape
    ('≥', 'words', 'date', 'remnant')
    """
    word, g = key(text).rstrip("。;"), _grammar()
    if not word:
        return Parsed("empty")
    if (match := g.number.match(word)) and (behind := _unit_and_tail(word[match.end() :], g)):
        unit, tail = behind
        op = g.operators.get(match["op"] or "") or g.tails.get(tail)
        return Parsed("number", op, match["num"].replace(",", "").lstrip("+"), unit or None)
    if word in g.operators:
        return Parsed("operator", g.operators[word])
    if word in g.words:
        return Parsed("words")
    if _is_unit(word, g):
        return Parsed("unit", unit=word)
    if (match := g.range.fullmatch(word)) and _is_unit(match["first"], g) and _is_unit(match["second"], g):
        return Parsed("range")
    if _is_remnant(word, g):
        return Parsed("remnant")
    return Parsed(_loose_shape(word, g))


def _is_unit(text: str, g: _Grammar) -> bool:
    """A unit, several parted by slashes, or none at all."""
    if not text or text in g.units:
        return True
    cuts = (at for at, char in enumerate(text) if char == "/")
    return any(text[:at] in g.units and text[at + 1 :] and _is_unit(text[at + 1 :], g) for at in cuts)


def _unit_and_tail(text: str, g: _Grammar) -> tuple[str, str] | None:
    """The unit and the word behind it (95%以上), each perhaps ""; None where the text is something else."""
    if _is_unit(text, g):
        return text, ""
    ends = (t for t in g.tails if text.endswith(t) and _is_unit(text.removesuffix(t), g))
    tail = min(ends, key=len, default=None)
    return None if tail is None else (text.removesuffix(tail), tail)


def _is_remnant(word: str, g: _Grammar) -> bool:
    """A value without its number: ≥**%, ≥万元, ####."""
    if match := g.starred.match(word):
        rest = word[match.end() :]
        return _is_unit(rest, g) or (rest.endswith(")") and _is_unit(rest[:-1], g))
    return not word.strip("#") or (
        word.startswith(g.signs)
        and any(word.startswith(op) and _is_unit(word.removeprefix(op), g) for op in g.signs)
    )


@lru_cache(maxsize=1)
def value_pattern() -> re.Pattern[str]:
    """Finds values inside text whose cells ran together: sign and number, number and unit, a number alone."""
    g = _grammar()
    signs = "|".join(re.escape(s) for s in sorted(g.operators, key=len, reverse=True) if not s[0].isalpha())
    units = _longest_first(g.units)
    unit = rf"(?:{units})(?:/(?:{units}))*"
    tails = _longest_first(g.tails)
    number = r"\d+(?:,\d{3})*(?:\.\d+)?"
    year = r"(?:20|19)\d\d"
    date = (
        rf"{year}\.\d{{1,2}}-{year}\.\d{{1,2}}|{year}年(?:\d{{1,2}}月)?(?:\d{{1,2}}日)?底?(?:以?前)?(?:完成)?"
    )
    return re.compile(
        rf"{date}|(?:{signs})\s?{number}(?:{unit})?(?:{tails})?|{number}(?:{unit})(?:{tails})?|{number}"
    )


def _loose_shape(word: str, g: _Grammar) -> Shape:
    if _DATE_WORDS.match(word) and _DATE.search(word):
        return "date"
    if len(word) <= _SENTENCE_LENGTH and word.endswith(g.ends) and word.startswith(g.heads):
        return "words"
    if _DATE.match(word) and not word.endswith(g.names):
        return "date"
    if _SENTENCE.search(word) or len(word) > _SENTENCE_LENGTH:
        return "sentence"
    return "text"


_MISREAD = re.compile(r"^2(\d{2,3}(?:\.\d+)?)(%|百分比)$")


def misread(text: str | None, name: str | None) -> Value | None:
    """What a rate of more than 200% must have been: recognition takes ≥ for a 2 (vocabulary: 292%, 2100%).

    None where the printed text is possible. The text stays as printed; the parts are what it was.

    >>> misread("292%", "发放完成率")
    Value(text='292%', operator='≥', number='92', unit='%')
    >>> misread("292%", "产值增长情况"), misread("150%", "完成率"), misread("200.0%", "完成率")
    (None, None, None)
    """
    found = _MISREAD.match(key(text or ""))
    if found is None or "增" in (name or ""):
        return None
    if not key(name or "").endswith(tuple(vocabulary().data["rates"])):
        return None
    if found[1].startswith("0") or float(found[1]) > 100:
        return None
    return Value(text=fold(text or ""), operator="≥", number=found[1], unit=found[2])


_LETTERS = str.maketrans("OoＯ〇lI", "000011")


@lru_cache(maxsize=4096)
def straight_digits(text: str | None) -> Value | None:
    """The value with digits for the letters that recognition took for them; None where there are none.

    The text stays as printed; the parts are what it was.

    >>> straight_digits("≥9O%")
    Value(text='≥9O%', operator='≥', number='90', unit='%')
    >>> straight_digits("30套"), straight_digits("WTO"), straight_digits("5l")
    (None, None, None)
    """
    word = key(text or "")
    right = word.translate(_LETTERS)
    if right == word or not any(c.isdigit() for c in word) or parse(word).shape not in ("text", "words"):
        return None
    parsed = parse(right)
    if parsed.shape != "number":
        return None
    return Value(text=fold(text or ""), operator=parsed.operator, number=parsed.number, unit=parsed.unit)


@lru_cache(maxsize=65536)
def value(text: str | None) -> Value | None:
    """The model's Value of a printed text; None for none.

    >>> value(" ≥ 95％ ")
    Value(text='≥ 95％', operator='≥', number='95', unit='%')
    """
    printed = fold(text) if text else ""
    if not printed:
        return None
    parsed = parse(printed)
    if parsed.shape != "number":
        return Value(text=printed)
    return Value(text=printed, operator=parsed.operator, number=parsed.number, unit=parsed.unit)
