"""Comparison forms of text. Nothing here ever reaches a model: the source's text is kept as printed."""

import re
from functools import lru_cache

# Full-width ASCII to half-width, odd variants of the comparison signs, and white space away. Every
# mapping is one character to one (or none), so a match in the folded form can be found again in the text.
_SIGNS = {"≧": "≥", "≦": "≤", "﹪": "%", "﹕": ":", "〔": "(", "〕": ")", "—": "-", "–": "-"}
# Traditional forms of the characters that the forms' own words are made of, as re-hosted pages print them.
_TRADITIONAL = dict(
    zip(
        "績標項資產總額財撥門單實質時數濟會態續響滿務對級內準業運執權評價環圍國縣區體當應現達際狀況備註說",
        "绩标项资产总额财拨门单实质时数济会态续响满务对级内准业运执权评价环围国县区体当应现达际状况备注说",
        strict=True,
    )
)
_TABLE: dict[int, str | None] = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_TABLE |= {ord(a): b for a, b in (_SIGNS | _TRADITIONAL).items()}
_BLANK = (*range(0x21), 0x7F, 0x85, 0xA0, 0xAD, 0x1680, *range(0x2000, 0x2010), 0x2028, 0x2029, 0x202F)
_TABLE |= dict.fromkeys((*_BLANK, 0x205F, 0x2060, 0x3000, 0xFEFF))

_BAND = re.compile(r"[(]\d+(?:\.\d+)?(?:[-~]\d+(?:\.\d+)?)?(?:分?[)]分?|分|$)")
_NUMERAL = "[一二三四五六七八九十]+"
_NUMBERED = re.compile(rf"^(?:(?:指标|目标)\d+[:、.]?|{_NUMERAL}、|[(]{_NUMERAL}[)])")
_LEAD = "★☆*▲※"


@lru_cache(maxsize=65536)
def key(text: str) -> str:
    """The comparison form: white space gone, full-width folded to half-width.

    >>> key("社会效益 指标（２０％）")
    '社会效益指标(20%)'
    """
    return text.translate(_TABLE)


@lru_cache(maxsize=65536)
def label_key(text: str) -> str:
    """The comparison form of a label: also without score band, numbering, core marks and end colon.

    >>> label_key("产出指标（50分）"), label_key("年度资金总额：")
    ('产出指标', '年度资金总额')
    """
    bare = _BAND.sub("", key(text)).lstrip(_LEAD)
    return _NUMBERED.sub("", bare).rstrip(":、,;.") or key(text)


def bare_name(text: str) -> str:
    """An indicator's name as printed, without the form's numbering (指标1：) and core marks (★ *).

    >>> bare_name("指标1：新建护岸长度"), bare_name("*加入合作社人数（≥**人）")
    ('新建护岸长度', '加入合作社人数（≥**人）')
    """
    return _PREFIX.sub("", text)


def is_numbered(text: str) -> bool:
    """Whether the form's own numbering of indicators (指标1：) stands before the text."""
    return _INDICATOR.match(text) is not None


def is_bare_number(text: str) -> bool:
    """Whether the text is the form's numbering and nothing behind it.

    >>> is_bare_number("指标2："), is_bare_number("指标2：护岸长度")
    (True, False)
    """
    return _BARE_NUMBER.match(text) is not None


_BARE_NUMBER = re.compile(r"\s*指标\s*\d+\s*[:：、.．]?\s*$")
_INDICATOR = re.compile(r"\s*指标\s*\d+\s*[:：、.．]")
_PREFIX = re.compile(
    r"^(?:\s|[★☆▲※*＊]|指标\s*\d+\s*(?:[:：、.．]|(?=[\u4e00-\u9fff]))|其中\s*[:：]\s*[★*＊])+"
)
