"""The words of the forms, and finding them in text without separators."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from jixiao.interpret.evidence import evidence
from jixiao.interpret.heads import head_role
from jixiao.text import key
from jixiao.vocabulary import vocabulary

_LEAST_HEADS = 3
_BAND = r"(?:\s*[(（](?:[\d-]+分?|盖章|万元|元|A|B|B/A)[)）]分?)*"
_NARROW = {"（": "(", "）": ")"}


class Found(NamedTuple):
    """A word of the forms as a text prints it: with score band, number and colon; `end` is behind it."""

    start: int
    end: int
    text: str


class Trie:
    """Words as a tree of their characters: one walk along a text finds all that begin at a place.

    One pattern of as many alternatives takes a hundred times as long to compile, and tries each of them.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._root: dict[str, Any] = {}
        for word in words:
            node = self._root
            for char in word:
                node = node.setdefault(char, {})
            node[""] = True  # a word ends here

    def ends(self, text: str, at: int) -> list[int]:
        """Where the words end that begin at `at`, the longest first.

        A blank may stand between any two characters, and brackets have either width.

        >>> Trie(["指标", "指标值(元)"]).ends("指标 值（元）", 0)
        [7, 2]
        """
        node = self._root
        ends: list[int] = []
        while at < len(text):
            char = text[at]
            if char.isspace() and node is not self._root and at + 1 < len(text):
                at += 1
                char = text[at]
            char = _NARROW.get(char, char)
            if char not in node:
                break
            node = node[char]
            at += 1
            if "" in node:
                ends.append(at)
        return ends[::-1]


class Lexicon:
    """The words of the forms: each as printed, with its ordinal, its score band and its colon."""

    def __init__(self) -> None:
        v = vocabulary()
        levels = [w for w in (*v.level1, *v.level2) if w.endswith(("指标", "目标"))]
        indexes = (v.fields, v.goals, v.funds, v.sides, v.heads, v.amounts)
        long = [w for index in indexes for w in index if len(w) >= 4]
        offices = [w for w, name in v.fields.items() if name in ("department", "finance_department")]
        ranked = [g + level + w for g in v.government for level in ("", "级") for w in offices]
        heads = [w for w in v.heads if 2 <= len(w) <= 3]
        others = [w for w in (*v.footers, *v.headings) if len(w) >= 4]
        plain = [*levels, *long, *ranked, *heads, *others]
        short = [w for w in (*v.funds, *v.totals, *v.footers) if 2 <= len(w) < 4]
        self._plain, self._short = Trie(plain), Trie(short)
        self._level_ends = {w[-3:] for w in (*plain, *short) if w in v.level1 or w in v.level2}
        firsts = "|".join(v.data["split_levels"])
        seconds = "|".join(w.removesuffix("指标") for w in v.level2 if w.endswith("指标"))
        self._split = re.compile(rf"(?:{firsts})(?=(?:{seconds})指标)")
        self._ordinal = re.compile(r"[一二三四五六七八九十]、|[(（]?其中[:：]?\s*")
        self._numbering = re.compile(r"\s*\d+\s*[:：、.．]")
        self._tail = re.compile(rf"{_BAND}[:：]?{_BAND}")

    def find(self, text: str) -> list[Found]:
        """The words in the text, leftmost and longest, none over another."""
        found: list[Found] = []
        at = 0
        while at < len(text):
            end = self._end(text, at)
            if end is not None and not self._numbers(text, at, end):
                found += _heads_apart(Found(at, end, text[at:end]))
            at = at + 1 if end is None else end
        return found

    def names_level(self, text: str) -> bool:
        """Whether one of the words in the text is a level.

        Levels end in a few ways (量指标, 益指标): most texts have none of them and need not be gone through.
        """
        word = key(text)
        return any(end in word for end in self._level_ends) and any(is_level(w.text) for w in self.find(text))

    def _before_head(self, text: str, start: int, ends: Sequence[int]) -> int:
        """The longest end; a shorter one where that is a head with another right behind it (三级|指标值)."""
        for end in ends:
            then = end + text[end : end + 1].isspace()
            behind = self._plain.ends(text, then)
            if behind and (
                end == ends[0] or (head_role(text[start:end]) and head_role(text[then : behind[0]]))
            ):
                return end
        return ends[0]

    def _numbers(self, text: str, at: int, end: int) -> bool:
        """Whether the word's end is the 指标 of 指标4： before the next name (…成本 指标4：)."""
        return text[at:end].endswith("指标") and self._numbering.match(text, end) is not None

    def _end(self, text: str, at: int) -> int | None:
        """Behind the word that begins at `at`; a short one needs a colon or a digit behind it."""
        if split := self._split.match(text, at):
            return split.end()
        ordinal = self._ordinal.match(text, at)
        starts = (ordinal.end(), at) if ordinal else (at,)
        for start in starts:
            if ends := self._plain.ends(text, start):
                end = self._before_head(text, start, ends)
                tail = self._tail.match(text, end)
                return tail.end() if tail else end
        for start in starts:
            for end in self._short.ends(text, start):
                if text[end : end + 1] in (":", "："):
                    return end + 1
                if text[end : end + 1].isdecimal():
                    return end
        return None


def _heads_apart(found: Found) -> list[Found]:
    """The two heads that a blank parts (二级 指标名称), although together they are a third."""
    left, _, right = found.text.partition(" ")
    roles = head_role(left), head_role(right)
    if None in roles or roles[0] == roles[1]:
        return [found]
    cut = found.start + len(left)
    return [Found(found.start, cut, left), Found(cut + 1, found.end, right)]


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    return Lexicon()


def is_word(text: str) -> bool:
    """Whether the text is a level or a column head."""
    e = evidence(text)
    return bool(e.level1 or e.level2 or head_role(text))


def is_level(text: str) -> bool:
    """Whether the text is a level's term."""
    e = evidence(text)
    return e.level1 is not None or e.level2 is not None


def heads_run(text: str, found: Sequence[Found]) -> list[Found]:
    """The words without the column heads that stand alone: 目标值 in a sentence is no head."""
    kept: list[Found] = []
    run: list[Found] = []
    for match in [*found, None]:
        head = match is not None and (_only_head(match.text) or bool(run and head_role(match.text)))
        if match is not None and head and (not run or not text[run[-1].end : match.start].strip()):
            run.append(match)
            continue
        kept += run if len(run) >= _LEAST_HEADS or _names_levels(run) else []
        run = [match] if match is not None and head else []
        if match is not None and not head:
            kept.append(match)
    return kept


def _names_levels(run: Sequence[Found]) -> bool:
    return {"level1", "level3"} <= {head_role(match.text) for match in run}


def _only_head(text: str) -> bool:
    e, label = evidence(text), vocabulary().label(text)
    if label is not None and label.group == "amounts":
        return True
    return head_role(text) is not None and not (e.level1 or e.level2)
