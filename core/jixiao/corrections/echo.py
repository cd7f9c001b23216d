"""What a correction changes beside its own field, so that the drawn form says the same as the model."""

import re

import msgspec

from jixiao.corrections.fields import get, put
from jixiao.corrections.model import Change
from jixiao.interpret.titles import year_in
from jixiao.model import Amount, Field, FundLine, Funds, Indicator, Sheet, Term
from jixiao.text import key
from jixiao.vocabulary import vocabulary

PARTS = ("project", "department", "agency", "attribute", "period")
LEVELS = ("level1", "level2")
UNIT, LABEL = "funds.unit", "funds.label"


def echoed(sheet: Sheet, change: Change) -> Sheet:
    """A header part also as the header pair prints it, a year also in the line or title that names it, a unit
    of money also in the labels, and the other way round."""
    if change.field in PARTS:
        pairs = tuple(_pair(f, change) for f in sheet.fields)
        return msgspec.structs.replace(sheet, fields=pairs)
    if change.field == "fiscal_year" and change.before:
        year, now = change.before, change.after or ""
        pairs = tuple(_swapped(f, year, now) if _names_year(f) else f for f in sheet.fields)
        title = sheet.title and (sheet.title.replace(year, now) or None)
        return msgspec.structs.replace(sheet, fields=pairs, title=title)
    if change.field == UNIT and change.before and sheet.funds:
        return _in_unit(sheet, sheet.funds, change.before, change.after or "")
    if change.field == LABEL and sheet.funds and (unit := _unit_in(change.after)):
        return msgspec.structs.replace(sheet, funds=msgspec.structs.replace(sheet.funds, unit=unit))
    return sheet


def _unit_in(label: str | None) -> str | None:
    """The unit of money that a label names in brackets: 项目资金（万元）."""
    units = sorted(vocabulary().data["units_of_money"], key=len, reverse=True)
    found = re.search(rf"\(({'|'.join(map(re.escape, units))})\)", key(label or ""))
    return found[1] if found else None


def _in_unit(sheet: Sheet, funds: Funds, before: str, after: str) -> Sheet:
    """Another unit of money wherever the form prints it: label, lines, heads of the amounts, a pair of its
    own. Amounts themselves stay as printed."""
    printed = re.compile(r"\s*".join(map(re.escape, before)))

    def said(text: str | None) -> str | None:
        return text and printed.sub(after, text)

    def line(one: FundLine) -> FundLine:
        heads = one.kind == "heads"
        amounts = {
            k: Amount(text=said(a.text), number=a.number) if heads else a for k, a in one.amounts.items()
        }
        return msgspec.structs.replace(one, label=said(one.label), amounts=amounts)

    pairs = tuple(
        msgspec.structs.replace(f, text=said(f.text)) if _named(f) == "money_unit" or f.label is None else f
        for f in sheet.fields
    )
    made = msgspec.structs.replace(funds, label=said(funds.label), lines=tuple(map(line, funds.lines)))
    return msgspec.structs.replace(sheet, fields=pairs, funds=made)


def relabelled(sheet: Sheet, was: Field, at: int) -> Sheet:
    """A header pair under another label, or with another text, also as the part that it names."""
    now, old, new = sheet.fields[at], _named(was), _named(sheet.fields[at])
    if old in PARTS and was.text and get(sheet, old) == was.text and old not in map(_named, sheet.fields):
        sheet = put(sheet, old, None)
    if new in PARTS and get(sheet, new) in (None, was.text):
        sheet = put(sheet, new, now.text)
    if _names_year(now) and (year := year_in(now.text)) and sheet.fiscal_year in (None, year_in(was.text)):
        sheet = msgspec.structs.replace(sheet, fiscal_year=year)
    return sheet


def printed(sheet: Sheet) -> Sheet:
    """With its levels printed, where a sheet that no form was read of says their names alone."""
    from jixiao.layout.columns import with_level_texts

    made = with_level_texts(sheet.indicators)
    return sheet if made is sheet.indicators else msgspec.structs.replace(sheet, indicators=made)


def reprinted(sheet: Sheet, was: Sheet, at: int, field: str) -> Sheet:
    """Levels that a merged cell covered, printed where the correction has cut the cell in two.

    `at` is the corrected indicator. A first level that is printed anew begins a second level too.
    """
    if field not in LEVELS:
        return sheet
    made = list(sheet.indicators)
    made[at] = _printed(made[at], "level2") if field == "level1" else made[at]
    if at + 1 < len(made):
        old, new, following = (get(i, field) for i in (was.indicators[at], made[at], made[at + 1]))
        if following == old != new:
            made[at + 1] = _printed(made[at + 1], *(LEVELS if field == "level1" else (field,)))
    return msgspec.structs.replace(sheet, indicators=tuple(made))


def _printed(indicator: Indicator, *levels: str) -> Indicator:
    terms: dict[str, Term | None] = {name: getattr(indicator, name) for name in levels}
    bare = {name: t for name, t in terms.items() if t and t.text is None}
    return msgspec.structs.replace(indicator, **{n: Term(term=t.term, text=t.term) for n, t in bare.items()})


def _pair(field: Field, change: Change) -> Field:
    """The pair with the new text, where it is the one that prints the part, or a text without a label."""
    name = _named(field)
    text, before = field.text or "", change.before or ""
    ours = before in text if name == change.field else name not in PARTS and text == before
    return msgspec.structs.replace(field, text=change.after) if before and ours else field


def _named(field: Field) -> str | None:
    """What its label means."""
    meaning = vocabulary().label(field.label) if field.label else None
    return meaning.name if meaning else None


def _names_year(field: Field) -> bool:
    return field.label is None or _named(field) == "year"


def _swapped(field: Field, year: str, now: str) -> Field:
    return msgspec.structs.replace(field, text=field.text and (field.text.replace(year, now) or None))
