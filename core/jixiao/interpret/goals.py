"""The goals: annual and long-term, with what was achieved where the form asks for it."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec.structs import replace

from jixiao.findings import finding
from jixiao.interpret.spans import goals_by_span
from jixiao.interpret.tokens import Token
from jixiao.model import Finding, Goal, Scope
from jixiao.text import key, label_key
from jixiao.vocabulary import vocabulary

_SENTENCE = re.compile(r"(?<=[。；;]) ")
_BLANK = re.compile(r"(?:目标\s*)?\d+\s*[:：、.．]?|[.…]+")


class GoalsBlock:
    """The goals: labels first, then as many texts; or a label and its text in turn."""

    def __init__(self) -> None:
        self.goals: list[Goal] = []
        self._labels: list[tuple[Token, str]] = []
        self._texts: list[Token] = []
        self._loose: list[tuple[str, str]] = []
        self._asked = False  # whether the form asks for what was achieved
        self.spare: list[str] = []
        """Texts beyond one for each label, which were added to the last goal."""

    @property
    def waiting(self) -> bool:
        return bool(self._labels)

    def label(self, token: Token, name: str) -> None:
        if self._texts and any(t.text for t in self._texts):
            self.close()
        self._labels.append((token, name))
        self._texts = []

    def text(self, token: Token) -> bool:
        """Takes the text; False where it stands in a table too far below the labels to be theirs."""
        last = max(t.row + t.rowspan for t, _ in self._labels)
        beside = any(t.text and t.row < last for t in self._texts)
        if token.col >= 0 and token.row > last - beside:
            self.close()
            return False
        self._texts.append(token)
        return True

    def close(self) -> None:
        """Pairs the open labels with the texts that followed them."""
        if not self._labels:
            return
        labels = _without_sides(self._labels)
        self._asked |= any(name == "actual" for _, name in self._labels)
        self._leave_out(_no_goals(self._texts))
        self._loose += [(t.text, n) for t, n in self._labels if (t, n) not in labels]
        texts = _assign(labels, self._texts)
        for (token, name), text in zip(labels, texts, strict=True):
            if name == "actual" and self.goals:
                self.goals[-1] = replace(self.goals[-1], actual=text)
                self._loose.append((token.text, name))
            else:
                scope: Scope = "long-term" if name == "long-term" else "annual"
                self.goals.append(Goal(scope=scope, label=token.text, text=text))
        said = " ".join(filter(None, texts))
        spare = [t.text for t in self._texts if t.text and t.text not in texts and t.text != said]
        if spare and self.goals:
            self.spare += spare
            last = self.goals[-1]
            if last.actual is None and len(labels) == 1 and self._asked:
                self.goals[-1] = replace(last, actual=" ".join(spare))
            else:
                self.goals[-1] = replace(last, text=" ".join([last.text or "", *spare]).strip())
        self._labels, self._texts = [], []

    def _leave_out(self, texts: list[Token]) -> None:
        self._loose += [(t.text, "side") for t in texts]
        self._texts = [t for t in self._texts if t not in texts]

    def loose(self) -> list[tuple[str, str]]:
        """Labels that only head others (总体目标 over 年度目标), to be kept as fields."""
        self.close()
        return self._loose

    def finish(self) -> tuple[Goal, ...]:
        return tuple(goals_by_span(self.goals))


def several_goals(goals: Sequence[Goal]) -> Iterator[Finding]:
    """Said where several goals of the year differ and nothing tells which is the one."""
    texts = [g.text for g in goals if g.scope == "annual" and g.text]
    others = [t for t in texts[1:] if key(t) != key(texts[0])]
    if others:
        yield finding("several-named", text=", ".join(others), after=texts[0])


def _no_goals(texts: list[Token]) -> list[Token]:
    """Numbers that nothing was written behind, words that lead on to the table, and a label in two lines."""
    full = [t for t in texts if t.text]
    found = [t for t in full if _BLANK.fullmatch(t.text) or _heads_table(t.text)]
    found += [t for t in full[1:] if t.text.endswith((":", "："))]
    broken = [pair for pair in pairwise(full) if _heads_table("".join(t.text for t in pair))]
    return [*found, *(t for pair in broken for t in pair)]


def _heads_table(text: str) -> bool:
    return vocabulary().side(text) is not None or label_key(text) in vocabulary().data["leads_on"]


def _without_sides(labels: list[tuple[Token, str]]) -> list[tuple[Token, str]]:
    """The labels less those that only stand beside the real ones."""
    real = [p for p in labels if p[1] != "side"]
    if len(real) > 2 and [n for _, n in real[:3]] == ["actual", "annual", "actual"]:
        real = real[1:]  # 总体目标完成情况 over 总体目标 and 全年实际完成情况
    if len(real) > 1 and real[0][1] == "annual":
        rest = [n for _, n in real[1:]]
        if any(n != "actual" for n in rest):
            real = real[1:]
    return real or labels


def _assign(labels: list[tuple[Token, str]], texts: list[Token]) -> list[str | None]:
    """For each label its text: under it, or in order."""
    full = [t for t in texts if t.text]
    if len(full) == 1 < len(labels) and full[0].col < 0:
        parts = _SENTENCE.split(full[0].text)
        if len(parts) == len(labels):
            return [*parts]
    cells: list[Token] = texts if len(texts) == len(labels) else full
    cols = {t.col: t for t in full}
    below = all(t.col >= 0 and t.row != labels[-1][0].row for t in full)
    if full and below and set(cols) <= {t.col for t, _ in labels}:
        return [cols[t.col].text if t.col in cols else None for t, _ in labels]
    return [cells[k].text or None if k < len(cells) else None for k in range(len(labels))]
