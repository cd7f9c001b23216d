"""Where a sheet begins: its title, its year, and what the title says of its kind."""

import re
from functools import lru_cache
from typing import cast

from jixiao.interpret.evidence import evidence
from jixiao.interpret.heads import head_role
from jixiao.interpret.tokens import Row, Token
from jixiao.model import Kind
from jixiao.text import key, label_key
from jixiao.values import parse
from jixiao.vocabulary import vocabulary

_LONGEST = 60
_YEAR = re.compile(r"(?<!\d)[(]?((?:19|20)\d\d)[)]?(?=年|-?度|[)])")
_YEAR_LINE = re.compile(r"^[(]?[(]?((?:19|20)\d\d|20XX|)[)]?年度[)]?$")
_YEAR_TAIL = re.compile(r"\s*[(（]\s*[(（]?(?:19|20)\d\d\s*[)）]?\s*年\s*度?\s*[)）]?\s*$")
_LEAD = re.compile(r"\s*(附[件表]\s*[0-9一二三四五六七八九十]*(?:-\d+)?)(?:[:：]\s*|\s+)(?=\S)")
_NOT_A_TITLE = re.compile(r"[。;；:：]|^\d+[、.]|^[一二三四五六七八九十]、")
_NUMBER = re.compile(r"^(?:\d{1,3}|[一二三四五六七八九十]{1,3})[、.](?=\D)")


def is_title(token: Token) -> bool:
    """Whether the text can be a sheet's title: the field's word in it, and an ending as titles have."""
    return _is_title(token.text)


@lru_cache(maxsize=4096)  # each row is asked in half a dozen places
def _is_title(text: str) -> bool:
    word, data = key(text), vocabulary().data
    if not 5 <= len(word) <= _LONGEST or not any(w in word for w in data["title_words"]):
        return False
    first, blank, _ = text.partition(" ")
    if blank and (vocabulary().label(first) or label_key(first) in vocabulary().sides):
        return False
    bare = _YEAR_TAIL.sub("", text)
    word = _NUMBER.sub("", key(bare))
    if word != key(bare) and not word.endswith(tuple(data["title_ends"])):
        return False
    if _NOT_A_TITLE.search(word) or vocabulary().label(text) or vocabulary().side(bare) is not None:
        return False
    e = evidence(text)
    ends = re.sub(r"[(][^()]*[)]$", "", word)
    if e.level1 is not None or e.level2 is not None or head_role(text):
        return False
    return ends.endswith(tuple(data["title_ends"])) or _is_cut(word, data["title_tails"])


def _is_cut(word: str, tails: list[str]) -> bool:
    """Whether the word breaks off within one of the ends that titles have (…绩效目标申)."""
    places = [at for w in vocabulary().data["title_words"] if (at := word.find(w)) >= 0]
    return any(tail.startswith(word[at:]) for at in places for tail in tails)


def title_of(row: Row) -> Token | None:
    """The title where the row holds nothing else."""
    full = row.full
    return full[0] if len(full) == 1 and is_title(full[0]) else None


def is_title_start(row: Row, below: Row) -> bool:
    """Whether the row is the first line of a title that the row below ends.

    It ends as no line of its own does (…2022年度, …本级部门), with a title right under it.
    """
    full = row.full
    if len(full) != 1 or title_of(below) is None or title_of(row) is not None:
        return False
    word = key(full[0].text)
    if parse(word).shape in ("unit", "number", "range", "words"):
        return False
    ends = tuple(vocabulary().data["title_breaks"])
    return len(word) <= _LONGEST // 2 and word.endswith(ends) and not _NOT_A_TITLE.search(word)


def split_year(title: str) -> tuple[str, str | None]:
    """A title and the bracket with the year behind it.

    >>> split_year("部门预算项目支出绩效自评表(2023年度)")
    ('部门预算项目支出绩效自评表', '(2023年度)')
    """
    found = _YEAR_TAIL.search(title)
    return (title, None) if found is None else (title[: found.start()], found.group().strip())


def split_lead(title: str) -> tuple[list[str], str]:
    """The number of the annex on the title's line, if any, and the title.

    >>> split_lead("附表3 资金绩效目标分解表")
    (['附表3'], '资金绩效目标分解表')
    """
    found = _LEAD.match(title)
    return ([found[1]], title[found.end() :]) if found else ([], title)


def is_year_line(text: str) -> bool:
    """(2022年度), 2020年度), (2020)年度, ( 年度)."""
    word = key(text)
    return "年度" in word and _YEAR_LINE.match(word) is not None


def year_in(text: str | None) -> int | None:
    """The year that a title or year line names; None where it names none or several.

    >>> year_in("（2022年度）"), year_in("某县绩效目标表"), year_in("2020年度)")
    (2022, None, 2020)
    """
    years = {int(y) for y in _YEAR.findall(key(text or ""))}
    return years.pop() if len(years) == 1 else None


def kind_of(title: str | None) -> Kind | None:
    """The kind of sheet by the words of its title, the first that matches in the vocabulary's order."""
    word = key(title or "")
    for kind, words in vocabulary().data["titles"]:
        if any(w in word for w in words):
            return cast(Kind, kind)
    return None
