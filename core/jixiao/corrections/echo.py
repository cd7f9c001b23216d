"""What a correction changes beside its own field, so that the drawn form says the same as the model."""

import msgspec

from jixiao.corrections.fields import get
from jixiao.corrections.model import Change
from jixiao.model import Field, Indicator, Sheet, Term
from jixiao.vocabulary import vocabulary

PARTS = ("project", "department", "agency", "attribute", "period")
LEVELS = ("level1", "level2")


def echoed(sheet: Sheet, change: Change) -> Sheet:
    """A header part also as the header pair prints it, a year also in the line or title that names it."""
    if change.field in PARTS:
        pairs = tuple(_pair(f, change) for f in sheet.fields)
        return msgspec.structs.replace(sheet, fields=pairs)
    if change.field == "fiscal_year" and change.before:
        year, now = change.before, change.after or ""
        pairs = tuple(_swapped(f, year, now) if _names_year(f) else f for f in sheet.fields)
        title = sheet.title and (sheet.title.replace(year, now) or None)
        return msgspec.structs.replace(sheet, fields=pairs, title=title)
    return sheet


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
    name = meaning.name if field.label and (meaning := vocabulary().label(field.label)) else None
    text, before = field.text or "", change.before or ""
    ours = before in text if name == change.field else name not in PARTS and text == before
    return msgspec.structs.replace(field, text=change.after) if before and ours else field


def _names_year(field: Field) -> bool:
    meaning = vocabulary().label(field.label) if field.label else None
    return field.label is None or (meaning is not None and meaning.name == "year")


def _swapped(field: Field, year: str, now: str) -> Field:
    return msgspec.structs.replace(field, text=field.text and (field.text.replace(year, now) or None))
