"""A reading held against the truth: which indicators are right, wrong and said to be, or silently wrong."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec

from jixiao.model import Finding, Indicator, Party, Reading, Sheet
from jixiao.testkit.expect import PARTS, Row, part, told
from jixiao.text import key

Verdict = Literal["right", "flagged", "silent"]
HEADER = (
    "kind", "title", "fiscal_year", "project", "department", "agency", "attribute", "period", "total",
    "fiscal", "goal",
)  # fmt: skip
LOUD = ("warning", "error")


class Judged(NamedTuple):
    """One indicator that was to be read. `read` is what was read, None where nothing was.

    `faults` names the parts that differ; `alarm` tells that a finding of warning or more points at it.
    """

    verdict: Verdict
    want: Row
    read: Indicator | None
    faults: tuple[str, ...]
    alarm: bool


class Judgement(NamedTuple):
    """`extra`: indicators read that the source does not hold, with whether a finding points at each."""

    rows: tuple[Judged, ...]
    extra: tuple[tuple[Indicator, bool], ...]

    def count(self, verdict: Verdict) -> int:
        return sum(row.verdict == verdict for row in self.rows)

    @property
    def silent(self) -> int:
        """Indicators silently wrong, those that the source does not hold counted with them."""
        return self.count("silent") + sum(not alarm for _, alarm in self.extra)


class _Got(NamedTuple):
    indicator: Indicator
    alarm: bool


def judge(wants: Sequence[Sequence[Row]], reading: Reading) -> Judgement:
    """Holds the indicators of the reading, in order, against the right readings of each row."""
    got = [g for sheet in reading.sheets for g in _got(sheet)]
    said = key("\u241f".join(_said(reading)))
    pairs = _paired(wants, got)
    rows = tuple(
        _judged(want, got[pairs[k]] if k in pairs else None, said) for k, want in enumerate(wants) if want
    )
    taken = set(pairs.values())
    extra = tuple((g.indicator, g.alarm) for k, g in enumerate(got) if k not in taken)
    return Judgement(rows, extra)


def _got(sheet: Sheet) -> list[_Got]:
    alarms = {f.indicator for f in sheet.findings if f.severity in LOUD}
    return [_Got(i, k in alarms) for k, i in enumerate(sheet.indicators)]


def _said(reading: Reading) -> Iterator[str]:
    """What is handed to a person: text without a home, and findings of warning or more."""
    yield from reading.unplaced
    for finding in reading.every_finding():
        if finding.severity in LOUD:
            yield from _texts(finding)
    for sheet in reading.sheets:
        yield from sheet.unplaced


def _texts(finding: Finding) -> Iterator[str]:
    yield from filter(None, (finding.text, finding.before, finding.after, finding.message))


def _paired(wants: Sequence[Sequence[Row]], got: Sequence[_Got]) -> dict[int, int]:
    """Which indicator read belongs to which row wanted: whole, then by name, then by what is around it."""
    pairs: dict[int, int] = {}
    for test in (_whole, _same_name_and_value, _same_name, _alike):
        for k, want in enumerate(wants):
            if k in pairs:
                continue
            taken = set(pairs.values())
            low = max((g for w, g in pairs.items() if w < k), default=-1)
            high = min((g for w, g in pairs.items() if w > k), default=len(got))
            near = [j for j in (*range(low + 1, len(got)), *range(low + 1)) if j not in taken]
            if test is _alike:
                near = [j for j in near if low < j < high]
            found = next((j for j in near if any(test(row, got[j].indicator) for row in want)), None)
            if found is not None:
                pairs[k] = found
    return pairs


def _whole(row: Row, got: Indicator) -> bool:
    return not faults(row, got)


def _same_name_and_value(row: Row, got: Indicator) -> bool:
    return _same_name(row, got) and part(got, "value") in row["value"]


def _same_name(row: Row, got: Indicator) -> bool:
    return got.level3 is not None and part(got, "level3") in row["level3"]


def _alike(row: Row, got: Indicator) -> bool:
    """Whether some text of the row stands somewhere in what was read."""
    texts = [t for name in ("level3", "value", "value_long", "actual") for t in row[name] if t and len(t) > 1]
    texts += [t for t in _by_recipient(row) if len(t) > 1]
    read = "\u241f".join(filter(None, (part(got, name) for name in PARTS)))
    return any(t in read or (len(read) > 3 and read in t) for t in texts)


def _by_recipient(row: Row) -> list[str]:
    """The texts of the values by recipient, which a row holds as one text (甲县=5;乙县=6)."""
    return [one.split("=", 1)[1] for text in row["values"] if text for one in text.split(";") if "=" in one]


def faults(row: Row, got: Indicator, alarm: bool = False) -> tuple[str, ...]:
    """The parts of what was read that the row does not allow; `alarm` tells that a finding points at it."""
    return tuple(
        name
        for name in PARTS
        if (text := part(got, name)) not in row[name] and not (alarm and text in row.get(told(name), ()))
    )


def _judged(want: Sequence[Row], got: _Got | None, said: str) -> Judged:
    if got is None:
        names = [t for name in ("level3", "value", "value_long") for t in want[0][name] if t]
        names += _by_recipient(want[0])
        named = bool(names) and names[0] in said
        return Judged("flagged" if named else "silent", want[0], None, ("missing",), named)
    best = min(want, key=lambda row: len(faults(row, got.indicator, got.alarm)))
    wrong = faults(best, got.indicator, got.alarm)
    if not wrong:
        return Judged("right", best, got.indicator, (), got.alarm)
    lost = all(part(got.indicator, n) is None and any(t and t in said for t in best[n]) for n in wrong)
    return Judged("flagged" if got.alarm or lost else "silent", best, got.indicator, wrong, got.alarm)


def header(sheet: Sheet) -> dict[str, str | None]:
    """The header's parts in comparison form."""
    lines = {line.kind: line.amounts.get("budget") for line in (sheet.funds.lines if sheet.funds else ())}
    goal = next((g.text for g in sheet.goals if g.scope == "annual"), None)
    found = {name: getattr(sheet, name, None) for name in HEADER[:8]}
    texts = {name: v.text if isinstance(v, Party) else v for name, v in found.items()}
    texts |= {name: amount.text if (amount := lines.get(name)) else None for name in ("total", "fiscal")}
    return {name: key(str(t)) if t else None for name, t in {**texts, "goal": goal}.items()}


def header_right(truth: Reading, reading: Reading) -> Mapping[str, tuple[int, int]]:
    """For each part of the header how often it was right, and of how many; sheets are taken in order."""
    counts = dict.fromkeys(HEADER, (0, 0))
    for k, sheet in enumerate(truth.sheets):
        want, got = header(sheet), header(reading.sheets[k]) if k < len(reading.sheets) else None
        for name in HEADER:
            right, total = counts[name]
            counts[name] = right + (got is not None and want[name] == got[name]), total + 1
    return counts


def lost(source: Iterable[str], reading: Reading) -> list[str]:
    """The texts of the source of which some character stands nowhere in the reading (promise 1).

    A character counts as there when it and a neighbour stand together somewhere, or it is a text of its own.
    """
    hay = key("\u241f".join(("", *_strings(msgspec.to_builtins(reading)), "")))
    return [text for text in source if not _stands(key(text), hay)]


_MARKS = "★*"  # a core mark stands in a finding of its own


def _stands(text: str, hay: str) -> bool:
    if text in hay:
        return True
    bare = text.lstrip(_MARKS)
    pairs = [bare[k : k + 2] in hay for k in range(len(bare) - 1)]
    beside = zip(bare, [False, *pairs], [*pairs, False], strict=True)
    return bool(bare) and all(a or b or f"\u241f{char}\u241f" in hay for char, a, b in beside)


def _strings(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for value in node.values():
            yield from _strings(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _strings(value)
    elif isinstance(node, str):
        yield node
