"""Where in glued text one sheet ends and the next begins: at a title with a label of a header behind it."""

import re
from functools import lru_cache

from jixiao.interpret.lexicon import lexicon
from jixiao.interpret.segment import cells
from jixiao.vocabulary import vocabulary

_NO_STOP = "[^，。；:：|]"
_YEAR = r"\s*([(（]\s*[^()（）]{0,8}年度?\s*[)）])?"
_OF = r"(?:[(（](?!\s*(?:19|20)\d\d)[^()（）]{1,16}[)）])?"  # (基础设施建设类)
_CORE = rf"绩效(?:{_NO_STOP}{{0,20}}?表{_OF}|目标(?=\s*[(（]\s*(?:19|20)\d\d))"
_TITLE = rf"^(附件\s*\d*\s*[:：]?\s*)?({_NO_STOP}{{0,40}}?{_CORE}){_YEAR}"
_LABEL = 20  # characters behind a title in which a label of the header begins
_BEFORE = 60  # characters before it in which the last cell of the sheet above ends
_PLACE = 10  # characters that the name of a place has at the most
_SHORT = 3  # that it has where nothing tells where it begins


@lru_cache(maxsize=1)
def title_pattern() -> re.Pattern[str]:
    """A title at the start of a line: groups are what stands before it, the title, the year in brackets."""
    return re.compile(_TITLE)


@lru_cache(maxsize=1)
def _inside() -> re.Pattern[str]:
    """A title without the place it is of: the words that titles are made of, and what follows 绩效."""
    parts = "|".join(vocabulary().data["title_parts"])
    year = r"(?:(?:19|20)\d\d年度?)?"
    return re.compile(rf"{year}(?:{parts})*{_CORE}{_YEAR}")


def other_title(text: str, behind: int) -> int:
    """Where a sheet with another title begins in the text from `behind` on; -1 where none does.

    >>> text = "某县绩效目标表项目名称甲产出指标数量指标新建护岸长度≤12米青石县项目支出绩效自评表项目名称乙"
    >>> text[other_title(text, 7):][:5]
    '青石县项目'
    """
    for title in _inside().finditer(text, behind):
        rest = text[title.end() : title.end() + _LABEL]
        found = lexicon().find(rest)
        if found and found[0].start == 0 and vocabulary().label(found[0].text):
            return _with_place(text, title.start(), behind)
    return -1


def _with_place(text: str, at: int, behind: int) -> int:
    """Where the name of the place begins that stands before the title's words."""
    before = text[max(behind, at - _BEFORE) : at]
    if not before.endswith(tuple(vocabulary().data["places"])):
        return at
    last = cells(before)[-1]
    if len(last) <= _PLACE:
        return at - len(last)
    named = [n for n in range(2, _PLACE) if text.count(before[-n:]) > 1]  # offices are named by their place
    return at - max(named, default=_SHORT)
