"""Made-up texts: values with their parts, names, long prose."""

from collections.abc import Sequence
from random import Random

from jixiao.model import Value
from jixiao.testkit import words
from jixiao.text import label_key
from jixiao.values import parse
from jixiao.vocabulary import vocabulary

OPERATORS = ("", "", "≥", "≤", "=", ">", "<")
_FIRST_CHAR, _LAST_CHAR = 0x4E00, 0x9FA5


def chance(rng: Random, percent: int) -> bool:
    """True `percent` times in a hundred; the least of draws is False."""
    return rng.randrange(100) >= 100 - percent


def number(rng: Random) -> str:
    """An exact decimal as printed: 0, 55, 22.5, 0.30, 2279.048."""
    whole = str(rng.choice((rng.randrange(10), rng.randrange(101), rng.randrange(100_000))))
    places = rng.choice((0, 0, 0, 1, 2, 3))
    return whole if not places else f"{whole}.{rng.randrange(10**places):0{places}d}"


def numeric(rng: Random) -> Value:
    """A value with a number: text and parts built together."""
    operator, amount, unit = rng.choice(OPERATORS), number(rng), rng.choice(("", *words.NUMBER_UNITS))
    return Value(text=operator + amount + unit, operator=operator or None, number=amount, unit=unit or None)


def value(rng: Random) -> Value:
    """A value of any kind: mostly numbers, else words, dates, ranges, whole sentences."""
    kind = rng.randrange(10)
    if kind < 6:
        return numeric(rng)
    kinds = (words.WORDS, words.WORDS, words.DATES, words.RANGES if kind < 9 else words.SENTENCES)
    return Value(text=rng.choice(kinds[kind - 6]))


def name(rng: Random) -> str:
    """An indicator's name: never a term or label of the vocabulary, never anything that parses as a value."""
    while True:
        made = _name(rng)
        if not is_taken(made) and parse(made).shape in ("text", "sentence"):
            return made


def _name(rng: Random) -> str:
    kind = rng.randrange(8)
    made = rng.choice(words.THINGS) + rng.choice(words.TAILS)
    if kind < 3:
        return made
    if kind < 6:
        return rng.choice(words.DOINGS) + made
    if kind == 6:
        return (
            rng.choice(words.COUNTIES)
            + rng.choice(words.DOINGS)
            + made
            + rng.choice(("", "(新增)", "及其他服务"))
        )
    return rare(rng, 2 + rng.randrange(6)) + rng.choice(words.TAILS)


def rare(rng: Random, length: int) -> str:
    """Any Chinese characters at all."""
    return "".join(chr(_FIRST_CHAR + rng.randrange(_LAST_CHAR - _FIRST_CHAR)) for _ in range(length))


def is_taken(text: str) -> bool:
    """Whether the text means something as a label, level, head or side."""
    v, word = vocabulary(), label_key(text)
    indexes = (v.level1, v.level2, v.heads, v.sides, v.totals, v.execution, v.standards)
    return v.label(text) is not None or any(word in index for index in indexes)


def prose(rng: Random, longest: int = 12) -> str:
    """Sentences of a goal: up to hundreds of characters, of which no part is a label."""
    parts = [rng.choice(words.PHRASES) for _ in range(1 + rng.randrange(longest))]
    if chance(rng, 20):
        parts.append(rng.choice(words.DOINGS) + rare(rng, 4))
    return rng.choice((",", "；", "。")).join(parts) + "。"


def part_of(rng: Random, items: Sequence[str], least: int = 1) -> list[str]:
    """Some of the items, in their order."""
    kept = [item for item in items if chance(rng, 60)]
    return kept if len(kept) >= least else list(items[:least])
