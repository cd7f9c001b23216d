"""From the cells of a record to an Indicator, with a finding for all that is doubtful or mended."""

import math
from collections.abc import Iterator
from typing import NamedTuple

from jixiao.findings import finding
from jixiao.interpret.levels import Hierarchy, Levels, told_by_level2
from jixiao.interpret.table import Record, Table
from jixiao.interpret.tokens import Token
from jixiao.model import Finding, Indicator, Value, fold
from jixiao.text import bare_name, key, label_key
from jixiao.values import parse, value
from jixiao.vocabulary import vocabulary

DOUBTFUL = 1.5  # margin under which the runner-up is named; see docs/confidence.md
_LEVELS = ("level1", "level2")
_TEXTS = ("weight", "score", "standard", "explanation", "remark")
# columns the model has no key for: their text is kept with the remark
_NO_HOME = ("other", "forecast", "rate", "likelihood", "number")
_NO_VALUE = ("remnant", "unit", "operator", "empty")


class Read(NamedTuple):
    indicators: tuple[Indicator, ...]
    findings: tuple[Finding, ...]
    loose: tuple[str, ...]


def read_indicators(table: Table, start: int) -> Read:
    """The table's indicators; `start` is the index of the first of them in its sheet."""
    hierarchy, indicators, findings, loose = Hierarchy(), [], [], []
    carried: dict[str, list[Token]] = {}  # levels printed on a row of their own, for the next indicator
    for record in table.records:
        printed = {role: record.tokens(role) for role in _LEVELS}
        if printed["level1"]:
            loose += [t.text for ts in carried.values() for t in ts]
            carried = {}
        if printed["level2"]:
            loose += [t.text for t in carried.pop("level2", [])]
        if not record.tokens("level3") and _joined(record) is None:
            carried |= {role: tokens for role, tokens in printed.items() if tokens}
            loose += [t.text for k, ts in record.cells.items() if record.slots[k].role not in _LEVELS for t in ts]
            continue
        levels = hierarchy.next(*(printed[role] or carried.get(role, []) for role in _LEVELS))
        carried = {}
        made = _indicator(record, levels, table)
        findings += _findings(record, levels, made, table, start + len(indicators))
        indicators.append(made)
    loose += [t.text for ts in carried.values() for t in ts]
    return Read(tuple(indicators), tuple(findings), tuple(loose))


def _indicator(record: Record, levels: Levels, table: Table) -> Indicator:
    name = record.text("level3")
    main = value(_joined(record))
    long = value(record.text("value_long"))
    if table.scope == "long-term":
        main, long = None, main
    texts = {role: record.text(role) for role in _TEXTS}
    extra = [t.text for role in _NO_HOME for t in record.tokens(role)]
    if extra:
        texts["remark"] = " ".join([*filter(None, [texts["remark"]]), *extra])
    return Indicator(
        level1=levels.level1,
        level2=levels.level2,
        level3=fold(bare_name(name)) if name else None,
        value=main,
        value_long=long,
        values=_recipients(record),
        actual=value(record.text("actual")),
        place=next((t.place for ts in record.cells.values() for t in ts if t.place), None),
        confidence=confidence(record.margin),
        **texts,
    )


def confidence(margin: float) -> float:
    """The chance that the reading is right, from the margin to the runner-up (calibrated, docs/confidence.md)."""
    return round(1.0 - 0.5 * math.exp(-margin), 4)


def _recipients(record: Record) -> dict[str, Value] | None:
    found = {
        record.slots[k].text or "": v
        for k, ts in record.cells.items()
        if record.slots[k].role == "recipient" and (v := value(" ".join(t.text for t in ts)))
    }
    return found or None


def _joined(record: Record) -> str | None:
    """Sign, value and unit as one text; a unit or sign that the value already carries is not doubled."""
    sign, text, unit = (record.text(role) for role in ("sign", "value", "unit"))
    kinds = vocabulary().data["qualitative_kinds"]
    sign = None if sign and key(sign) in kinds else sign
    unit = None if unit and key(unit) in kinds else unit
    if text is None:
        return (sign or "") + (unit or "") or None
    parsed = parse(text)
    if sign and parsed.operator is None:
        text = sign + text
    if unit and parsed.unit is None and parsed.shape in ("number", "remnant", "range"):
        text += unit
    return text


def _findings(record: Record, levels: Levels, made: Indicator, table: Table, index: int) -> Iterator[Finding]:
    place = made.place
    if levels.trouble == "level1-mismatch":
        after = levels.level1.term if levels.level1 else None
        yield finding("level1-mismatch", indicator=index, before=levels.printed, after=after, place=place)
    elif levels.trouble == "level1-inferred":
        after = levels.level1.term if levels.level1 else None
        yield finding("level1-inferred", indicator=index, text=made.level3, after=after, place=place)
    yield from _blank_findings(record, levels, made, index)
    if record.strays:
        stray = record.strays[0]
        yield finding("cell-shifted", indicator=index, text=stray.text, after=_role_of(record, stray), place=place)
    if made.level3 is None:
        yield finding("name-missing", indicator=index, text=_joined(record), place=place)
    if any(t.glued for ts in record.cells.values() for t in ts):
        yield finding("cells-glued", indicator=index, text=made.level3, place=place)
    yield from _value_findings(made, table, index)
    if record.margin < DOUBTFUL and record.runner_up and _role_of(record, record.runner_up[0]) == _role_name(record, record.runner_up[1]):
        yield finding("doubtful-row", indicator=index, text=record.runner_up[0].text, place=place)
    elif record.margin < DOUBTFUL and record.runner_up:
        token, slot = record.runner_up
        yield finding(
            "doubtful-reading", indicator=index, text=token.text, before=_role_name(record, slot),
            after=_role_of(record, token), place=place,
        )  # fmt: skip
    marks = (record.text("level3") or "").removesuffix(made.level3 or "").strip()
    if marks and marks != made.level3:
        yield finding("mark-left-out", indicator=index, text=marks)
    for role in ("sign", "unit"):
        text = record.text(role)
        if text and key(text) not in key(made.value.text or "" if made.value else ""):
            yield finding("kind-of-value", indicator=index, text=text)


def _blank_findings(record: Record, levels: Levels, made: Indicator, index: int) -> Iterator[Finding]:
    """Levels taken from above although their cell is there and empty."""
    for role, term in (("level1", levels.level1), ("level2", levels.level2)):
        both = levels.level2 and levels.level2.term and told_by_level2(levels.level2.term)
        if role in record.blanks and term and term.text is None and not (role == "level1" and both):
            yield finding("level-blank", indicator=index, text=made.level3, after=term.term, place=made.place)


def _value_findings(made: Indicator, table: Table, index: int) -> Iterator[Finding]:
    if not any(s.role in ("value", "recipient") for s in table.slots):
        return
    main = made.value or made.value_long
    if main is None and not made.values:
        yield finding("value-missing", indicator=index, text=made.level3, place=made.place)
    elif main is not None and parse(main.text or "").shape in _NO_VALUE:
        yield finding("value-missing", indicator=index, text=main.text, place=made.place)


def _role_of(record: Record, token: Token) -> str:
    return next((_role_name(record, k) for k, ts in record.cells.items() if token in ts), "")


def _role_name(record: Record, slot: int) -> str:
    return "" if slot < 0 else record.slots[slot].text or record.slots[slot].role


__all__ = ["Read", "confidence", "label_key", "read_indicators"]
