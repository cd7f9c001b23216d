"""Where cells end in text without separators: the best-scoring way to cut it, by dynamic programming.

A cut may stand where a value, a set phrase or a name's ending begins or ends. Pieces are scored by what they
are (a value, a phrase, a name that ends as names do, a sentence, any other text), neighbours by whether cells
of these kinds stand beside each other. Time is linear: a piece reaches no further than _REACH cuts.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from jixiao.interpret.lexicon import Trie
from jixiao.text import is_numbered, key
from jixiao.values import value_pattern
from jixiao.vocabulary import vocabulary

_REACH = 12  # cuts that a piece may span
_LONGEST = 60  # characters, likewise
_NAME = (3, 24)  # characters of a name
_CUT = -1.0  # every cut
_SCORES = {"value": 4.0, "number": 2.0, "name": 4.0, "said": 3.0, "other": -3.0}
_PHRASE = {2: 1.5, 3: 3.0}  # a set phrase by its length; a longer one as a value
_TOO_LONG = -0.2  # every character of a name beyond a dozen
_MARKED = 5.0  # a name with a number or a star before it
_IMPOSSIBLE = -20.0
_BESIDE = {
    ("phrase", "other"): -5.0,  # 符合 | 国家有关规定
    ("other", "phrase"): -5.0,
    ("start", "phrase"): -6.0,
    ("phrase", "name"): -2.0,  # 完成 | 教学楼数量
    ("name", "name"): -4.0,
    ("said", "said"): -4.0,
}
_NO_START = frozenset(",，;；、:：.。)）(（%及和与的或等")
_NO_END = frozenset(",，、:：(（")
_DATE = re.compile(
    r"(?:20|19)\d\d[./-]\d{1,2}(?:[./-]\d{1,2})?(?:-(?:20|19)\d\d[./-]\d{1,2})?(?!\d)"
    r"|(?:20|19)\d\d年(?:\d{1,2}月(?:\d{1,2}日)?)?[底末初]?(?:以?前)?(?:完成)?"
    r"|(?:20|19)\d\d/全年|每年\d{1,2}月(?:\d{1,2}日)?[底末初]?(?:以?前)?|\d{1,2}月(?:\d{1,2}日|底)(?:以?前)?"
)
_CHAIN = re.compile(r"\d+(?:\.\d+){2,}")  # numbers run together: where one ends nobody knows
_TO = re.compile(r"[-~至到—]|--")
_NUMBERED = re.compile(r"[★☆*＊]*指标\s*\d+\s*[:：、.．]|[★☆*＊]+")
_BRACKET = re.compile(r"[(（][^()（）]{0,40}[)）]")
_WRONG_IN_NAME = re.compile(r"[，。；,;]|[≥≤＞＜>=<](?![^()（）]*[)）])")


class _Span(NamedTuple):
    end: int
    kind: str
    score: float


class _Way(NamedTuple):
    score: float
    before: tuple[int, str]


@lru_cache(maxsize=1)
def _tries() -> tuple[Trie, Trie, Trie]:
    data = vocabulary().data
    phrases = [w for w in map(key, data["qualitative"]) if len(w) > 1]
    said = map(key, [*data["standards"], *data["explanations"]])
    return Trie(phrases), Trie(said), Trie(data["name_tails"])


def cells(text: str) -> list[str]:
    """The text's cells.

    >>> cells("护岸长度≤12米受理次数有效提高10据实结算")
    ['护岸长度', '≤12米', '受理次数', '有效提高', '10', '据实结算']
    """
    known, name_ends = _spans(text), _name_ends(text)
    cuts = sorted(_cuts(text, known, name_ends))
    best: dict[tuple[int, str], _Way] = {(0, "start"): _Way(0.0, (0, ""))}
    for n, start in enumerate(cuts[:-1]):
        here = [(kind, best[start, kind].score) for kind in _KINDS if (start, kind) in best]
        for step, end in enumerate(cuts[n + 1 : n + 1 + _REACH]):
            if step and end - start > _LONGEST:
                break
            for piece in _pieces(text, start, end, known, name_ends):
                score, kind = max((s + _BESIDE.get((k, piece.kind), 0.0), k) for k, s in here)
                score += piece.score + (_CUT if start else 0.0)
                if (end, piece.kind) not in best or score > best[end, piece.kind].score:
                    best[end, piece.kind] = _Way(score, (start, kind))
    return _traced(text, best)


_KINDS = ("start", "value", "phrase", "name", "said", "other")


def _traced(text: str, best: dict[tuple[int, str], _Way]) -> list[str]:
    ends = [(len(text), kind) for kind in _KINDS if (len(text), kind) in best]
    at, out = max(ends, key=lambda end: best[end].score), list[str]()
    while at[0]:
        before = best[at].before
        out.append(text[before[0] : at[0]].strip())
        at = before
    return [piece for piece in reversed(out) if piece]


def _spans(text: str) -> dict[int, list[_Span]]:
    """What is known for sure to be a piece, by where it begins: values, set phrases, standards."""
    phrases, said, _ = _tries()
    found: dict[int, list[_Span]] = {}
    for start, end in _values(text):
        bare = text[start:end].replace(".", "").isdigit()
        kind = "number" if bare else "value"
        found.setdefault(start, []).append(_Span(end, "value", _SCORES[kind]))
    for at in range(len(text)):
        for end in phrases.ends(text, at):
            score = _PHRASE.get(end - at, _SCORES["value"])
            found.setdefault(at, []).append(_Span(end, "phrase", score))
        found.setdefault(at, []).extend(_Span(e, "said", _SCORES["said"]) for e in said.ends(text, at))
    return {at: spans for at, spans in found.items() if spans}


def _values(text: str) -> Iterator[tuple[int, int]]:
    """Where values stand: dates, ranges, numbers with sign and unit, chains of numbers as one."""
    at = 0
    while at < len(text):
        found = value_pattern().search(text, at)
        date = _DATE.search(text, at)
        if found is None and date is None:
            return
        if date and (found is None or date.start() <= found.start()):
            found = date
        assert found is not None
        start, end = found.span()
        if chain := _CHAIN.match(text, start):
            end = max(end, chain.end())
        if (to := _TO.match(text, end)) and (second := value_pattern().match(text, to.end())):
            end = second.end()
        if not (text[:start].endswith("指标") and text[end : end + 1] in (":", "：", "、", ".")):
            yield start, end
        at = end


def _name_ends(text: str) -> frozenset[int]:
    """Where a name may end: behind an ending that names have, or a bracket behind that."""
    tails = _tries()[2]
    ends = {end for at in range(len(text)) for end in tails.ends(text, at)[:1]}
    return frozenset(ends | {b.end() for b in _BRACKET.finditer(text) if b.start() in ends})


def _cuts(text: str, known: dict[int, list[_Span]], name_ends: frozenset[int]) -> set[int]:
    cuts = {0, len(text)} | name_ends
    cuts |= set(known) | {span.end for spans in known.values() for span in spans}
    cuts |= {m.start() for m in _NUMBERED.finditer(text)} | {m.end() for m in re.finditer("。", text)}
    inside = {at for b in _BRACKET.finditer(text) for at in range(b.start() + 1, b.end())}
    return {c for c in cuts if c in (0, len(text)) or (c not in inside and not _bad_cut(text, c))}


def _bad_cut(text: str, at: int) -> bool:
    return text[at] in _NO_START or text[at - 1] in _NO_END or (text[at - 1] == "." and text[at].isdigit())


def _pieces(
    text: str, start: int, end: int, known: dict[int, list[_Span]], name_ends: frozenset[int]
) -> Iterator[_Span]:
    """What the stretch can be, each with its score."""
    yield from (span for span in known.get(start, ()) if span.end == end)
    stretch = text[start:end]
    if text[end - 1] == "。":
        yield _Span(end, "said", _SCORES["said"])
    elif end in name_ends and _NAME[0] <= end - start and not _WRONG_IN_NAME.search(stretch):
        marked = is_numbered(stretch) or stretch[0] in "★*"
        length = end - start - (6 if marked else 0)
        if length <= _NAME[1]:
            score = _SCORES["name"] + (_MARKED if marked else 0.0) + _TOO_LONG * max(0, length - 12)
            yield _Span(end, "name", score)
    yield _Span(end, "other", _SCORES["other"])
