"""The words of the forms as one pattern, to find them in text without separators."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from jixiao.interpret.evidence import evidence
from jixiao.interpret.heads import head_role
from jixiao.vocabulary import vocabulary

_LEAST_HEADS = 3
_BAND = r"(?:\s*[(（](?:[\d-]+分?|盖章|万元|元|A|B|B/A)[)）]分?)*"
_ORDINAL = r"(?:[一二三四五六七八九十]、|[(（]?其中[:：]?\s*)?"
_NO_STOP = "[^，。；:：|]"
_TITLE = (
    rf"^(附件\s*\d*\s*[:：]?\s*)?({_NO_STOP}{{0,40}}?绩效{_NO_STOP}{{0,20}}?表)\s*"
    r"([(（]\s*[^()（）]{0,8}年度?\s*[)）])?"
)


@lru_cache(maxsize=1)
def title_pattern() -> re.Pattern[str]:
    """A title at the start of a line: groups are what stands before it, the title, the year in brackets."""
    return re.compile(_TITLE)


@lru_cache(maxsize=1)
def words() -> re.Pattern[str]:
    """Every word of the forms, as printed: blanks between its characters, score band and colon behind it."""
    v = vocabulary()
    levels = [w for w in (*v.level1, *v.level2) if w.endswith("指标")]
    indexes = (v.fields, v.goals, v.funds, v.sides, v.heads, v.amounts)
    long = [w for index in indexes for w in index if len(w) >= 4]
    offices = [w for w, name in v.fields.items() if name in ("department", "finance_department")]
    ranked = [g + level + w for g in v.government for level in ("", "级") for w in offices]
    heads = [w for w in v.heads if 2 <= len(w) <= 3]
    others = [w for w in (*v.footers, *v.headings) if len(w) >= 4]
    plain = _any({*levels, *long, *ranked, *heads, *others})
    short = _any(w for w in (*v.funds, *v.totals, *v.footers) if 2 <= len(w) < 4)
    firsts = "|".join(v.data["split_levels"])
    seconds = "|".join(w.removesuffix("指标") for w in v.level2 if w.endswith("指标"))
    return re.compile(
        rf"(?:{firsts})(?=(?:{seconds})指标)|{_ORDINAL}(?:{plain}){_BAND}[:：]?{_BAND}"
        rf"|{_ORDINAL}(?:{short})(?:[:：]|(?=\d))"
    )


def _any(found: Iterable[str]) -> str:
    return "|".join(_spaced(w) for w in sorted(set(found), key=len, reverse=True))


def _spaced(word: str) -> str:
    """Matches the word with blanks anywhere in it and brackets of either width."""
    return r"\s?".join(re.escape(c).replace(r"\(", "[(（]").replace(r"\)", "[)）]") for c in word)


def is_word(text: str) -> bool:
    """Whether the text is a level or a column head."""
    e = evidence(text)
    return bool(e.level1 or e.level2 or head_role(text))


def heads_run(text: str, found: Sequence[re.Match[str]]) -> list[re.Match[str]]:
    """The matches without the column heads that stand alone: 目标值 in a sentence is no head."""
    kept: list[re.Match[str]] = []
    run: list[re.Match[str]] = []
    for match in [*found, None]:
        head = match is not None and (_only_head(match.group()) or bool(run and head_role(match.group())))
        if match is not None and head and (not run or not text[run[-1].end() : match.start()].strip()):
            run.append(match)
            continue
        kept += run if len(run) >= _LEAST_HEADS else []
        run = [match] if match is not None and head else []
        if match is not None and not head:
            kept.append(match)
    return kept


def _only_head(text: str) -> bool:
    e, label = evidence(text), vocabulary().label(text)
    if label is not None and label.group == "amounts":
        return True
    return head_role(text) is not None and not (e.level1 or e.level2)
