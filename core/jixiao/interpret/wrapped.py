"""Labels that the source broke over two lines (主管部门 / 及编码, 经济效益 / 指标), put together again."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from jixiao.interpret.evidence import evidence
from jixiao.interpret.heads import head_role, is_side
from jixiao.interpret.tokens import Row
from jixiao.text import key
from jixiao.vocabulary import vocabulary


def known(text: str) -> bool:
    """Whether the text is a word of the forms: a label, a head, a level."""
    e = evidence(text)
    return bool(vocabulary().label(text) or head_role(text) or e.level1 or e.level2)


def join_wrapped(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows with every two that only together make a word of the forms joined into one."""
    held: Row | None = None
    for row in rows:
        if held is not None and _one(row) and (whole := _closed(held, row.tokens[0].text)):
            held = whole
            continue
        if held is not None and _one(held) and _one(row):
            first, second = held.tokens[0].text, row.tokens[0].text
            text = f"{first} {second}"
            side = is_side(text) and not known(first)
            level = not known(first) and evidence(text).level2 is not None  # 服务对象 / 满意度指标
            if level or (not known(second) and (known(text) or side or _is_phrase(text))):
                held = Row((held.tokens[0]._replace(text=text),), held.grid)
                continue
        if held is not None:
            yield held
        held = row
    if held is not None:
        yield held


def _closed(row: Row, text: str) -> Row | None:
    """The row, the text put behind the one of its words whose bracket that closes; None for no such word."""
    if not text.endswith(("）", ")")) or any(mark in text for mark in "（("):
        return None
    opened = [k for k, t in enumerate(row.tokens) if key(t.text).count("(") > key(t.text).count(")")]
    if len(opened) != 1:
        return None
    token = row.tokens[opened[0]]
    before, _, bracket = token.text.replace("(", "（").rpartition("（")
    if not known(f"{before.rpartition(' ')[2]}（{bracket}{text}"):
        return None
    whole = token._replace(text=f"{token.text} {text}")
    return Row((*row.tokens[: opened[0]], whole, *row.tokens[opened[0] + 1 :]), row.grid)


def _is_phrase(text: str) -> bool:
    """Whether the text is one of the set phrases for values (达成预期 / 指标)."""
    return key(text).isalpha() and key(text) in _phrases()


@lru_cache(maxsize=1)
def _phrases() -> frozenset[str]:
    return frozenset(key(phrase) for phrase in vocabulary().data["qualitative"])


def _one(row: Row) -> bool:
    """A line with nothing but a short text."""
    return not row.grid and len(row.tokens) == 1 and 0 < len(row.tokens[0].text) <= 12
