"""Made-up indicator tables: columns and the indicators under them."""

from collections.abc import Iterator
from random import Random

from jixiao.model import Column, Indicator, Term, Value
from jixiao.testkit import words
from jixiao.testkit.values import chance, name, number, numeric, part_of, value
from jixiao.text import label_key
from jixiao.values import misread
from jixiao.vocabulary import vocabulary

Levels = tuple[Term | None, Term | None]


def make_table(rng: Random, reached: bool, count: int) -> tuple[tuple[Column, ...], tuple[Indicator, ...]]:
    """Columns and `count` indicators; `reached` adds what was achieved, with scores."""
    roles = _roles(rng, reached)
    second = "level2" in roles
    levels = _levels(rng, count, second)
    rows = tuple(_indicator(rng, set(roles), *next(levels)) for _ in range(count))
    if roles == ["level1", "level2", "level3", "value"] and count and chance(rng, 30):
        return (), rows
    return tuple(_column(rng, role) for role in roles), rows


def _roles(rng: Random, reached: bool) -> list[str]:
    roles = ["side"] if chance(rng, 70) else []
    roles += ["level1", "level2", "level3"]
    if chance(rng, 5):
        roles.remove("level2")
    apart = chance(rng, 25)
    roles += ["sign"] if apart and chance(rng, 80) else []
    roles += ["value_long"] if not apart and chance(rng, 10) else []
    roles += ["value", *(["unit"] if apart and chance(rng, 80) else [])]
    roles += ["actual", *part_of(rng, ("weight", "score", "remark"))] if reached else []
    extra = [r for r in ("weight", "standard", "explanation", "remark") if r not in roles and chance(rng, 10)]
    return roles + extra


def _column(rng: Random, role: str) -> Column:
    v = vocabulary()
    if role == "side":
        return Column(role=role, text=rng.choice([*v.data["sides"][""], *v.data["sides"]["annual"]]))
    heads = [head for head in v.data["heads"][role] if v.heads[label_key(head)] == role]
    return Column(role=role, text=heads[0] if chance(rng, 60) else rng.choice(heads))


def _levels(rng: Random, count: int, second: bool) -> Iterator[Levels]:
    """The levels of each row: a regime's, in its order, printed where a run begins or on every row."""
    regime = vocabulary().regimes[rng.choice(["2015", "2021", "2011", "investment"])]
    every1 = chance(rng, 10)
    every2 = every1 or chance(rng, 10)
    firsts = part_of(rng, list(regime)) if count < 20 else list(regime)
    runs = [(one, two) for one in firsts for two in (part_of(rng, regime[one]) if second else [None])]
    shares = _shares(rng, count, len(runs))
    above: str | None = None
    for (one, two), share in zip(runs, shares, strict=True):
        text1, text2 = _printed(rng, "levels1", one), _printed(rng, "levels2", two) if two else None
        for k in range(share):
            shown1 = text1 if every1 or one != above else None
            shown2 = text2 if every2 or k == 0 else None
            yield Term(term=one, text=shown1), Term(term=two, text=shown2) if two else None
            above = one


def _shares(rng: Random, count: int, runs: int) -> list[int]:
    """How many rows each run has: together `count`, some perhaps none."""
    shares = [count // runs + (k < count % runs) for k in range(runs)]
    for _ in range(runs):
        a, b = rng.randrange(runs), rng.randrange(runs)
        moved = rng.randrange(shares[a] + 1) if a != b else 0
        shares[a], shares[b] = shares[a] - moved, shares[b] + moved
    return shares


def _printed(rng: Random, group: str, term: str) -> str:
    """A spelling of the term: itself mostly, or another that means it, or with a score band."""
    v = vocabulary()
    index = v.level1 if group == "levels1" else v.level2
    if chance(rng, 75):
        return term
    others = [word for word in v.data[group].get(term, ()) if index[label_key(word)] == term]
    spellings: list[str] = [*others, f"{term}(50分)", f"{term[:-2]} {term[-2:]}"]
    return rng.choice(spellings)


def _indicator(rng: Random, roles: set[str], level1: Term | None, level2: Term | None) -> Indicator:
    apart = bool(roles & {"sign", "unit"})
    main = None if chance(rng, 8) else numeric(rng) if apart and chance(rng, 80) else value(rng)
    called = name(rng)
    main = misread(main.text if main else None, called) or main
    return Indicator(
        level1=level1, level2=level2, level3=called, value=main,
        value_long=_perhaps(rng, roles, "value_long"), actual=_perhaps(rng, roles, "actual"),
        weight=_text(rng, roles, "weight", (number(rng), "10", "5", "22.5")),
        score=_text(rng, roles, "score", (number(rng), "10", "4.5")),
        standard=_text(rng, roles, "standard", words.STANDARDS),
        explanation=_text(rng, roles, "explanation", words.EXPLANATIONS),
        remark=_text(rng, roles, "remark", words.REMARKS),
    )  # fmt: skip


def _perhaps(rng: Random, roles: set[str], role: str) -> Value | None:
    return value(rng) if role in roles and chance(rng, 85) else None


def _text(rng: Random, roles: set[str], role: str, texts: tuple[str, ...]) -> str | None:
    return rng.choice(texts) if role in roles and chance(rng, 85) else None
