"""The field's terms and labels: closed word lists, read once from vocabulary.json.

Look-ups take any spelling that differs in white space, width, score band, numbering or end colon only.
Sources: the forms of 财预〔2011〕, 财预〔2015〕88号, 财预〔2015〕163号, 财预〔2020〕10号, 财预〔2021〕101号
and about 24 published layouts of 14 provinces (the regulations' own texts were not at hand: terms are as
the forms print them).
"""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from jixiao.text import key, label_key
from jixiao.wordlists import added

_DATA = Path(__file__).with_name("vocabulary.json")
_SUFFIX = "指标"
_LONGEST_LABEL = 24  # characters
LONGEST_TEXT = 1_000
"""Characters of a label as printed, with the blanks that set it wide, at most."""
_SHORTEST_ALIKE = 4  # characters: shorter words are too easily like others
_MOST_REMEMBERED = 65536
_GOES_ON = "…"
_BRACKETS = re.compile(r"[(][^()]*[)]")
_NUMBER = re.compile(r"^\d{1,2}[.、](?=\D)")  # 1.财政拨款
_DIGITS = "123456789"
_MONTHS = re.compile(r"(?:截[至止])?(?:\d{1,2}-)?\d{1,2}月[份底末]?|第?[一二三四]季度|前三季度|上半年")


class Label(NamedTuple):
    """What a label means: its group in the data (labels, funds, goals, …) and the name within it."""

    group: str
    name: str


class _Compound:
    """Words of known parts, some of those before (项目…, 年度…) and one end (…资金总额), or whole words."""

    def __init__(self, words: Iterable[str]) -> None:
        parts = [key(w) for w in words]
        self.whole = frozenset(label_key(p) for p in parts if _GOES_ON not in p)
        self._before = tuple(p[:-1] for p in parts if p.endswith(_GOES_ON))
        self._ends = tuple(p[1:] for p in parts if p.startswith(_GOES_ON))

    def takes(self, word: str) -> bool:
        if word in self.whole or not word.endswith(self._ends):
            return word in self.whole
        ends = [end for end in self._ends if word.endswith(end) and word != end]
        return any(self._made_of(word.removesuffix(end), end) for end in ends)

    def _made_of(self, word: str, said: str) -> bool:
        """Whether the word is made of the parts, each of them once and none that is `said` already."""
        return not word or any(
            self._made_of(word[len(p) :], said + p)
            for p in self._before
            if word.startswith(p) and p not in said
        )


class Vocabulary:
    """Word lists with look-ups. `data`: the content of vocabulary.json, or a province's own of that shape."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self._labels: dict[str, Label | None] = {}  # what has been asked before, by comparison form
        self._heads: dict[str, str | None] = {}
        misread = [(right, wrong) for wrong, right in data["confusions"].items()]
        self._lookalikes = str.maketrans(data["lookalikes"])
        self._misread = frozenset(data["lookalikes"])
        self._alike: dict[str, dict[str, str]] = {}  # the indexes, all that looks alike written alike
        self.level1 = _index(misread, data["levels1"])
        self.level2 = _index(misread, data["levels2"])
        self.nested = frozenset(data["nested"])
        self.regimes: dict[str, dict[str, list[str]]] = data["regimes"]
        self.owners = _owners({**self.regimes, "local": data["local"]})
        self.heads = _index(misread, data["heads"])
        self.sides = _index(misread, data["sides"])
        self.funds = _index(misread, data["funds"])
        self.amounts = _index(misread, data["amounts"])
        self.goals = _index(misread, data["goals"])
        self.fields = _index(misread, data["labels"])
        self.footers = _keys(data["footers"])
        self.notes = _keys(data["notes"])
        self.headings = _keys([*data["headings"], *data["amount_heads"]])
        self.kinds = frozenset([*data["qualitative_kinds"], *data["directions"]])
        self.totals = _keys(data["totals"])
        self.execution = _keys(data["execution"])
        self.standards = _keys(data["standards"])
        self.composed = {
            (group, name): _Compound(words)
            for part, words in data["composed"].items()
            for group, _, name in [part.partition("/")]
        }
        for (group, name), made in self.composed.items():
            index = {"levels1": self.level1, "levels2": self.level2}.get(group, {})
            index.update(dict.fromkeys(made.whole, name))

    @cached_property
    def government(self) -> dict[str, int]:
        """Rank of a level of government, the highest first: 中央 0, 省级 2, …"""
        return {word: rank for rank, word in enumerate(self.data["government"])}

    def meaning(self, index: str, word: str) -> str | None:
        """What a word means in `level1`, `heads` or another of the indexes, also where recognition took its
        characters for others that look like them.

        >>> v = vocabulary()
        >>> v.meaning("level2", "吋效指林"), v.meaning("level2", "林木数量")
        ('时效指标', None)
        """
        names: dict[str, str] = getattr(self, index)
        found = names.get(word)
        if found is not None or len(word) < _SHORTEST_ALIKE or self._misread.isdisjoint(word):
            return found
        if index not in self._alike:
            self._alike[index] = {known.translate(self._lookalikes): name for known, name in names.items()}
        return self._alike[index].get(word.translate(self._lookalikes))

    def label(self, text: str) -> Label | None:
        """What `text` means as a header label, or None."""
        if len(text) > LONGEST_TEXT:
            return None
        word = label_key(text)
        if not word or len(word) > _LONGEST_LABEL:
            return None
        if word not in self._labels:
            if len(self._labels) >= _MOST_REMEMBERED:
                self._labels.clear()
            self._labels[word] = self._find(word)
        return self._labels[word]

    def _find(self, word: str) -> Label | None:
        known = self._known(word) or self._composed(word)
        for plain in (_plain(word), bare := _NUMBER.sub("", word)):
            if known is None and plain != word:
                known = self._known(plain) or self._composed(plain)
        return known or self._compound(("funds", "goals", "fields"), bare) or self._numbered_goal(word)

    def _numbered_goal(self, word: str) -> Label | None:
        """年度绩效目标1 is a goal's label; 目标1 numbers a text, 其他资金1 has an amount run on to it."""
        bare = word.rstrip(_DIGITS)
        found = self._find(bare) if bare and bare != word else None
        return found if found and found.group == "goals" and found.name != "side" else None

    def _known(self, word: str) -> Label | None:
        for group in ("funds", "goals", "fields", "amounts"):
            if name := self.meaning(group, word):
                return Label(group, name)
        return None

    def _compound(self, groups: Sequence[str], word: str) -> Label | None:
        """The first of the groups' names of which the word is a compound (composed in vocabulary.json)."""
        made = (
            Label(group, name)
            for (group, name), compound in self.composed.items()
            if group in groups and compound.takes(word)
        )
        return next(made, None)

    def head(self, text: str) -> str | None:
        """The role of a column head; any brackets and the months that it speaks of aside. Of several names
        (内容/目标值) the first known one counts."""
        word = label_key(text)
        if not word or len(word) > _LONGEST_LABEL:
            return None
        if word not in self._heads:
            plain = _plain(word)
            found = self._compound(("heads",), plain)
            self._heads[word] = (
                self.meaning("heads", word)
                or self.heads.get(plain)
                or (found.name if found else None)
                or next((self.heads[part] for part in plain.split("/") if part in self.heads), None)
            )
        return self._heads[word]

    def side(self, text: str) -> str | None:
        """The scope ("" where none is said) of a label down the side of the table; None for any other."""
        word = label_key(text)
        if word in self.sides or not 4 <= len(word) <= _LONGEST_LABEL:
            return self.sides.get(word)
        if (alike := self.meaning("sides", word)) is not None:
            return alike
        found = self._compound(("sides",), _plain(word))
        return found.name if found else None

    def _composed(self, word: str) -> Label | None:
        """Labels made of parts: 区县主管部门, 其中:财政拨款, 填报单位(盖章), 项目资金(万元)."""
        if word in self.footers:
            return Label("footers", word)
        if word in self.headings:
            return Label("headings", word)
        word = word if ")" in word else word.lstrip("(")
        for mark in ("其中:", "其中"):
            rest = word[len(mark) :].lstrip(":")
            if word.startswith(mark) and (name := self.funds.get(rest)):
                return Label("funds", name)
            if word.startswith(mark) and (found := self._compound(("funds",), rest)):
                return found
        for tail in ("(盖章)", "(公章)", "(签章)", "(万元)", "(元)", "(亿元)"):
            if word.endswith(tail):
                return self.label(word.removesuffix(tail))
        for level in self.government:
            if word.startswith(level):
                rest = word.removeprefix(level).removeprefix("级")
                party = self.fields.get(rest) or self.fields.get(rest.removeprefix("业务"))
                if party in ("department", "finance_department", "agency"):
                    return Label("fields", party)
        return None


def _plain(word: str) -> str:
    """A label without its brackets and without the months that it speaks of: 1-9月完成值(A) -> 完成值."""
    return _MONTHS.sub("", _BRACKETS.sub("", word)) or word


def _keys(words: Iterable[str]) -> frozenset[str]:
    return frozenset(label_key(w) for w in words)


def _index(misread: Sequence[tuple[str, str]], groups: dict[str, list[str]]) -> dict[str, str]:
    """Comparison form of every word, and of what recognition makes of it -> the name of its group."""
    index: dict[str, str] = {}
    for name, words in reversed(groups.items()):
        for word in (label_key(w) for w in ([*words, name] if _is_term(name) else words)):
            index |= {word.replace(right, wrong): name for right, wrong in misread if right in word}
            index[word] = name
    return index


def _is_term(name: str) -> bool:
    return name.endswith(_SUFFIX)


def _owners(regimes: dict[str, dict[str, list[str]]]) -> dict[str, tuple[str, ...]]:
    """Second-level term -> the first levels that own it in any regime, the usual one first."""
    owners: dict[str, dict[str, None]] = {}
    for name in sorted(regimes, key=lambda n: n != "2015"):
        for level1, children in regimes[name].items():
            for child in children:
                owners.setdefault(child, {})[level1] = None
    return {child: tuple(names) for child, names in owners.items()}


def builtin() -> dict[str, Any]:
    """The built-in words, read anew: the caller may change them."""
    data: dict[str, Any] = msgspec.json.decode(_DATA.read_bytes())
    return data


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The built-in vocabulary with the words of plugins, put together at first use."""
    return Vocabulary(added(builtin()))


__all__ = ["Label", "Vocabulary", "builtin", "key", "label_key", "vocabulary"]
