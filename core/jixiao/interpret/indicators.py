"""From the cells of a record to an Indicator, with a finding for all that is doubtful or mended."""

import math
from collections.abc import Iterator
from typing import NamedTuple

from jixiao.findings import finding
from jixiao.interpret.borders import border_findings
from jixiao.interpret.evidence import NUMBERS, VALUES, evidence
from jixiao.interpret.gaps import gap_findings
from jixiao.interpret.levels import Hierarchy, Levels, told_by_level2
from jixiao.interpret.table import Record, Table
from jixiao.interpret.tokens import Token
from jixiao.model import Finding, Indicator, Place, Value, fold
from jixiao.text import bare_name, is_bare_number, key, label_key
from jixiao.values import misread, parse, straight_digits, value
from jixiao.vocabulary import vocabulary

DOUBTFUL = 1.5  # margin under which the runner-up is named; see docs/confidence.md
MENDED = 0.9
# findings that show cells lost or moved somewhere in the table
_DAMAGE = frozenset(
    (
        "cell-shifted",
        "level-blank",
        "level-missing",
        "name-missing",
        "doubtful-name",
        "text-left-over",
    )
)
# levels and names of a long-term block beside the annual one: the model has them once
_BESIDE = ("level2_long", "level3_long")
_MAKES_ONE = VALUES | NUMBERS | {"level3", "sign", "unit"}
_LEVELS = ("level1", "level2")
_TEXTS = ("weight", "score", "standard", "explanation", "remark")
# columns the model has no key for: their text is kept with the remark
_NO_HOME = dict.fromkeys(("other", "other_period", "forecast", "rate", "likelihood", "number"))
_NOT_A_NAME = ("number", "range", "date", "words", "remnant", "unit")
_NO_VALUE = ("remnant", "unit", "operator", "empty")


class Read(NamedTuple):
    """`records` are those of the indicators, one each."""

    indicators: tuple[Indicator, ...]
    records: tuple[Record, ...]
    findings: tuple[Finding, ...]
    loose: tuple[str, ...]


def read_indicators(table: Table, start: int) -> Read:
    """The table's indicators; `start` is the index of the first of them in its sheet."""
    hierarchy = Hierarchy()
    indicators: list[Indicator] = []
    records: list[Record] = []
    findings: list[Finding] = []
    owner: list[int] = []  # for each record, the indicator it became or stands before
    loose: list[str] = []
    carried: dict[str, list[Token]] = {}  # levels printed on a row of their own, for the next indicator
    behind = [r.placed[0].token.text if r.placed else "" for r in table.records[1:]]
    for record, following in zip(table.records, [*behind, ""], strict=False):
        owner.append(len(indicators))
        printed = {role: tokens for role in _LEVELS if (tokens := record.tokens(role))}
        if carried and "level1" in printed:
            loose += [t.text for ts in carried.values() for t in ts]
            carried = {}
        if carried and "level2" in printed:
            loose += [t.text for t in carried.pop("level2", [])]
        carried |= printed
        if _says_nothing(record):
            spare = [t for role, t in record.each() if role not in _LEVELS]
            loose += [t.text for t in spare]
            findings += [
                finding("text-left-over", text=t.text, place=t.place)
                for t in spare
                if any(c.isalnum() for c in t.text) and not is_bare_number(t.text)
            ]
            continue
        levels = hierarchy.next(carried.get("level1", []), carried.get("level2", []))
        carried = {}
        made = _indicator(record, levels, table)
        findings += _findings(record, levels, made, start + len(indicators))
        findings += _glued(record, following, made, start + len(indicators))
        if indicators and _may_belong_above(record):
            text = record.placed[0].token.text
            findings.append(finding("doubtful-row", indicator=start + len(indicators) - 1, text=text))
        indicators.append(made)
        records.append(record)
        loose += [t.text for role in _BESIDE for t in record.tokens(role)]
    loose += [t.text for ts in carried.values() for t in ts]
    for token, record_at in table.skipped:
        near = min(owner[record_at], len(indicators) - 1) if record_at < len(owner) else len(indicators) - 1
        loose.append(token.text)
        at = start + near if near >= 0 else None
        findings.append(finding("text-left-over", indicator=at, text=token.text, place=token.place))
    findings += border_findings(table._replace(records=tuple(records)), start)
    damaged = any(f.code in _DAMAGE for f in findings)
    told = {f.indicator for f in findings if f.indicator is not None}
    findings += gap_findings(records, indicators, table.slots, start, told, damaged=damaged)
    return Read(tuple(indicators), tuple(records), tuple(findings), tuple(loose))


def _says_nothing(record: Record) -> bool:
    """Whether the record is no indicator: levels, and a name that nobody filled in (指标2:, ……)."""
    made = _MAKES_ONE & record.by_role.keys()
    texts = [t.text for role in made for t in record.tokens(role)]
    return not made or (
        record.by_role.keys() <= {"side", *_LEVELS, "level3", *VALUES}
        and all(is_bare_number(t) or not any(map(str.isalnum, t)) for t in texts)
    )


def _indicator(record: Record, levels: Levels, table: Table) -> Indicator:
    name = record.text("level3")
    shared = "recipient" in record.by_role and "value" not in record.by_role  # sign and unit of theirs
    main = None if shared else value(_joined(record))
    long = value(_joined(record, "_long")) if "value_long" in record.by_role else None
    if table.scope == "long-term":
        main, long = None, main
    if main:
        main = misread(main.text, name) or straight_digits(main.text) or main
    texts = {role: record.text(role) for role in _TEXTS if role in record.by_role}
    if not _NO_HOME.keys().isdisjoint(record.by_role):
        extra = [t.text for role in _NO_HOME for t in record.tokens(role)]
        texts["remark"] = " ".join([*filter(None, [texts.get("remark")]), *extra])
    return Indicator(
        level1=levels.level1,
        level2=levels.level2,
        level3=fold(bare_name(name)) if name else None,
        value=main,
        value_long=long,
        values=_recipients(record),
        actual=value(record.text("actual")),
        place=_place(record),
        confidence=confidence(record),
        **texts,
    )


def _place(record: Record) -> Place | None:
    """Where the name stands, else the first of the cells: a level's may span many rows."""
    for tokens in (record.tokens("level3"), *record.cells.values()):
        for token in tokens:
            if token.place:
                return token.place
    return None


def confidence(record: Record) -> float:
    """The chance that the reading is right, by the margin to the runner-up (docs/confidence.md).

    Never above MENDED where cells were shifted, glued or guessed from others.
    """
    margin = record.doubt.margin if record.doubt else 0.0
    mended = record.strays or record.blanks or any(p.token.glued for p in record.placed)
    return round(min(1.0 - 0.5 * math.exp(-margin), MENDED if mended else 1.0), 4)


def _recipients(record: Record) -> dict[str, Value] | None:
    if "recipient" not in record.by_role:
        return None
    sign, unit = record.text("sign"), record.text("unit")
    found = {
        record.slots[k].text or "": v
        for k, ts in record.cells.items()
        if record.slots[k].role == "recipient"
        and (v := value(_whole(sign, " ".join(t.text for t in ts), unit)))
    }
    return found or None


def _joined(record: Record, block: str = "") -> str | None:
    """Sign, value and unit as one text, those of the long-term `block` where that stands beside the other."""
    return _whole(record.text(f"sign{block}"), record.text(f"value{block}"), record.text(f"unit{block}"))


def _whole(sign: str | None, text: str | None, unit: str | None) -> str | None:
    """Sign, value and unit as one text; a unit or sign that the value already carries is not doubled."""
    if sign is None and unit is None:
        return text
    kinds = vocabulary().kinds
    sign = None if sign and key(sign) in kinds else sign
    unit = None if unit and key(unit) in kinds else unit
    if text is None:
        return (sign or "") + (unit or "") or None
    parsed = parse(text)
    if sign and parsed.operator is None:
        text = sign + text
    amount = parsed.shape in ("number", "remnant", "range") or straight_digits(text)
    if unit and parsed.unit is None and amount:
        text += unit
    return text


def _findings(record: Record, levels: Levels, made: Indicator, index: int) -> Iterator[Finding]:
    place = made.place
    if levels.trouble == "level1-mismatch":
        after = levels.level1.term if levels.level1 else None
        yield finding("level1-mismatch", indicator=index, before=levels.printed, after=after, place=place)
    elif levels.trouble == "level1-inferred":
        after = levels.level1.term if levels.level1 else None
        yield finding("level1-inferred", indicator=index, text=made.level3, after=after, place=place)
    yield from _misread_levels(record, index, place)
    yield from _blank_findings(record, levels, made, index)
    if record.strays:
        text, after = record.strays[0].text, _role_of(record, record.strays[0])
        yield finding("cell-shifted", indicator=index, text=text, after=after, place=place)
    if made.level3 is None:
        yield finding("name-missing", indicator=index, text=_joined(record), place=place)
    yield from _value_findings(made, index)
    if made.level3 and parse(made.level3).shape in _NOT_A_NAME:
        yield finding("doubtful-name", indicator=index, text=made.level3, place=place)
    if (beside := record.text("level3_long")) and key(beside) != key(record.text("level3") or ""):
        yield finding("doubtful-name", indicator=index, text=beside, place=place)
    for k in record.cells:
        if record.slots[k].price:
            text, after = record.cells[k][0].text, record.slots[k].role
            yield finding("unnamed-column", indicator=index, text=text, after=after, place=place)
    yield from _doubts(record, index, place)
    name = record.text("level3")
    if name != made.level3:
        marks = (name or "").removesuffix(made.level3 or "").strip()
        if marks and marks != made.level3:
            yield finding("mark-left-out", indicator=index, text=marks)
    for role in ("sign", "unit"):
        if kind := record.text(role):
            said = made.value.text or "" if made.value else ""
            if said.count(kind) <= (record.text("value") or "").count(kind):
                yield finding("kind-of-value", indicator=index, text=kind)


def _misread_levels(record: Record, index: int, place: Place | None) -> Iterator[Finding]:
    """Levels told from characters that look like theirs."""
    known = vocabulary()
    for role in _LEVELS:
        printed = record.text(role)
        if printed is None or (word := label_key(printed)) in known.level1 or word in known.level2:
            continue
        if term := getattr(evidence(printed), role):
            yield finding("level-misread", indicator=index, before=printed, after=term, place=place)


def _glued(record: Record, following: str, made: Indicator, index: int) -> Iterator[Finding]:
    """Cells that the source prints without separators, as printed there up to the next row's first cell."""
    if any(p.token.glued for p in record.placed if record.slots[p.slot].role != "side"):
        printed = "".join(p.token.text for p in record.placed) + following
        yield finding("cells-glued", indicator=index, text=made.level3, before=printed, place=made.place)


def _doubts(record: Record, index: int, place: Place | None) -> Iterator[Finding]:
    """The runner-up, where it is too near."""
    doubt = record.doubt
    if doubt is None or doubt.margin >= DOUBTFUL:
        return
    token, role, other = doubt.token, _role_name(record, doubt.slot), _role_name(record, doubt.runner_up)
    if role == other or not other:
        yield finding("doubtful-row", indicator=index, text=token.text, place=place)
    else:
        yield finding(
            "doubtful-reading", indicator=index, text=token.text, before=other, after=role, place=place
        )


def _may_belong_above(record: Record) -> bool:
    """Whether the record's first cell could as well be the last of the indicator before."""
    first = record.placed[0] if record.placed else None
    return first is not None and first.opens and first.margin < DOUBTFUL and first.runner_up > first.slot


def _blank_findings(record: Record, levels: Levels, made: Indicator, index: int) -> Iterator[Finding]:
    """Levels taken from above although their cell is there and empty, and levels that nothing tells."""
    for role, term in (("level1", levels.level1), ("level2", levels.level2)):
        if term and term.text and evidence(term.text).unknown:
            yield finding("level-unknown", indicator=index, text=term.text, place=made.place)
        if term is None and any(s.role == role for s in record.slots) and not _spans(record, role):
            yield finding("level-missing", indicator=index, text=made.level3, place=made.place)
        if role in record.blanks and term and term.text is None:
            both = levels.level2 and levels.level2.term and told_by_level2(levels.level2.term)
            if role == "level1" and both:
                continue
            yield finding("level-blank", indicator=index, text=made.level3, after=term.term, place=made.place)


def _spans(record: Record, role: str) -> bool:
    """Whether the level beside covers this one's column too: a form with one level there."""
    cols = {c for s in record.slots if s.role == role for c in s.cols}
    return any(
        cols & set(range(t.col, t.col + t.colspan)) for r, t in record.each() if r != role and t.colspan > 1
    )


def _value_findings(made: Indicator, index: int) -> Iterator[Finding]:
    if made.value and made.value.operator and (mended := misread(made.value.text, made.level3)):
        after = f"{mended.operator}{mended.number}{mended.unit}"
        yield finding("ocr-misread", indicator=index, text=made.level3, before=mended.text, after=after)
    main = made.value or made.value_long
    if main is not None and main.number and straight_digits(main.text):
        after = f"{main.operator or ''}{main.number}{main.unit or ''}"
        yield finding("digits-misread", indicator=index, text=made.level3, before=main.text, after=after)
    if main is None and not made.values:
        yield finding("value-missing", indicator=index, text=made.level3, place=made.place)
    elif main is not None and parse(main.text or "").shape in _NO_VALUE:
        yield finding("value-missing", indicator=index, text=main.text, place=made.place)


def _role_of(record: Record, token: Token) -> str:
    return next((_role_name(record, k) for k, ts in record.cells.items() if token in ts), "")


def _role_name(record: Record, slot: int) -> str:
    return "" if slot < 0 else record.slots[slot].text or record.slots[slot].role
