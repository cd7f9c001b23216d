"""What a text by itself says about the role it plays: one score for each role, cached per text."""

from functools import lru_cache
from typing import NamedTuple

from jixiao.interpret import scores as S
from jixiao.text import is_bare_number, key, label_key
from jixiao.values import parse
from jixiao.vocabulary import vocabulary

VALUES = frozenset({"value", "value_long", "actual", "recipient", "forecast", "other_period"})
NUMBERS = frozenset({"weight", "score", "number", "rate"})
_MARK = "指标"


class Evidence(NamedTuple):
    """`level1`, `level2`: the standard terms the text can stand for; the floats are scores (scores.py).

    `nested`: `level2` is a first-level term that stands one level lower in some forms. `unknown`: as a level
    the text is outside the vocabulary and does not end like one.
    """

    level1: str | None
    level2: str | None
    nested: bool
    as_level1: float
    as_level2: float
    as_name: float
    as_value: float
    as_sign: float
    as_unit: float
    as_number: float
    as_side: float
    as_standard: float
    unknown: bool
    percent: bool
    rate: bool


@lru_cache(maxsize=65536)
def evidence(text: str) -> Evidence:
    """The evidence of a printed text, whatever its place."""
    words, v = label_key(text), vocabulary()
    level1, level2 = v.meaning("level1", words), v.meaning("level2", words)
    nested = words if words in v.nested else None
    full = words.endswith(_MARK)
    head = words in v.heads
    known = S.LEVEL_FULL if full else S.LEVEL_SHORT
    parsed = parse(text)
    like = full and not head and len(words) <= 12 and parsed.shape == "text"
    looks = S.LEVEL_LOOKS if like else S.LEVEL_OTHER
    is_level = (level1 or level2) is not None
    name_tails, rates = _ends()
    tail = words.endswith(name_tails)
    kind = words in v.kinds
    bare_number = parsed.shape == "number" and not parsed.operator and parsed.unit in (None, "分", "%")
    return Evidence(
        level1=level1,
        level2=level2 or (level1 if nested else None),
        nested=level2 is None and nested is not None,
        as_level1=known if level1 else looks,
        as_level2=known if level2 else S.LEVEL_NESTED if nested else looks,
        as_name=_as_name(words, is_level, full, parsed.shape, tail),
        as_value=S.VALUE_IS_LEVEL if is_bare_number(text) else _as_value(is_level, full, parsed.shape, tail),
        as_sign=S.EXACT_ROLE if parsed.shape == "operator" or kind else S.WRONG_ROLE,
        as_unit=S.EXACT_ROLE if parsed.shape == "unit" else S.UNIT_LOOKS if kind else _as_unit(words, tail),
        as_number=S.EXACT_ROLE if bare_number or key(text) in "/-" else S.WRONG_ROLE,
        as_side=S.SIDE if words in v.sides else S.WRONG_ROLE,
        as_standard=S.EXACT_ROLE if words in v.standards else S.FREE_TEXT,
        unknown=not is_level and (not full or _is_piece(words)),
        percent=parsed.unit in ("%", "百分比") or "%" in key(text),
        rate=words.endswith(rates),
    )


def _is_piece(words: str) -> bool:
    """Whether the text was broken off a level (意度指标), or stands behind such a piece (效指标产出指标)."""
    return words.count(_MARK) > 1 or words in _pieces()


@lru_cache(maxsize=1)
def _pieces() -> frozenset[str]:
    """The ends of the levels that are known, none of them whole."""
    v = vocabulary()
    known = [word for word in {*v.level1, *v.level2} if word.endswith(_MARK)]
    return frozenset(word[k:] for word in known for k in range(1, len(word) - 1))


@lru_cache(maxsize=1)
def _ends() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """How names end, and how those of rates do."""
    data = vocabulary().data
    return tuple(data["name_tails"]), tuple(data["rates"])


def _as_unit(words: str, tail: bool) -> float:
    """A unit outside the vocabulary looks like one that is in it: 针次, 元/人·年."""
    units, per = _units()
    like = len(words) <= S.LONGEST_UNIT and (words.endswith(units) or words.startswith(per))
    return (
        S.UNIT_LOOKS
        if words in ("/", "-") or (like and not tail and not any(c.isdigit() for c in words))
        else S.WRONG_ROLE
    )


@lru_cache(maxsize=1)
def _units() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The units, and how one per something else begins: 元/."""
    units = tuple(vocabulary().data["units"])
    return units, tuple(f"{unit}/" for unit in units)


def _as_name(text: str, is_level: bool, full: bool, shape: str, tail: bool) -> float:
    if is_level:
        return S.NAME_IS_LEVEL if full else S.NAME_IS_LEVEL / 2
    if shape == "empty" or not any(c.isalnum() for c in text):
        return S.NAME_IS_LEVEL
    if shape in ("number", "range", "date", "remnant", "operator", "unit"):
        return S.NAME_IS_VALUE
    return S.NAME + (S.NAME_TAIL if tail else 0.0) + (S.NAME_IS_VALUE / 2 if shape == "words" else 0.0)


def _as_value(is_level: bool, full: bool, shape: str, tail: bool) -> float:
    if is_level:
        return S.VALUE_IS_LEVEL if full else S.VALUE_IS_LEVEL / 2
    return S.VALUE[shape] + (S.VALUE_IS_NAME if tail and shape in ("text", "sentence") else 0.0)


@lru_cache(maxsize=65536)
def role_scores(text: str, roles: tuple[str, ...]) -> tuple[float, ...]:
    """The score of the text in a column of each of the roles."""
    return scores_in(evidence(text), roles)


def scores_in(e: Evidence, roles: tuple[str, ...]) -> tuple[float, ...]:
    """The score of a text that says this in a column of each of the roles."""
    return tuple(_role_score(e, role) for role in roles)


def _role_score(e: Evidence, role: str) -> float:
    if role in VALUES:
        return e.as_value
    if role in NUMBERS:
        return e.as_number
    field = _FIELDS.get(role)
    return getattr(e, field) if field else S.FREE_TEXT


_FIELDS = {
    "level1": "as_level1",
    "level2": "as_level2",
    "level3": "as_name",
    "level2_long": "as_level2",
    "sign_long": "as_sign",
    "unit_long": "as_unit",
    "level3_long": "as_name",
    "sign": "as_sign",
    "unit": "as_unit",
    "side": "as_side",
    "standard": "as_standard",
}
