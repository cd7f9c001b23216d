"""Making corrections from what a person sees: `before` is what the sheet says, and only that."""

from datetime import UTC, datetime

from jixiao.corrections import fields
from jixiao.corrections.concern import concerned, whole
from jixiao.corrections.model import TOP, Anchor, Change, Correction, Part, Settled, Spot
from jixiao.corrections.rows import NAMED, texts
from jixiao.model import Finding, Sheet


def now() -> str:
    """The time as corrections write it: to the second, with its offset."""
    return datetime.now(UTC).astimezone().isoformat(timespec="seconds")


def change(
    sheet: Sheet, field: str, after: str | None, *, part: Part | None = None, index: int | None = None
) -> Change:
    """From what the sheet, or an item of it, says. Raises KeyError for a field that there is not."""
    if part is None or index is None:
        return Change(field=field, before=fields.get(sheet, field), after=after)
    at, item = fields.spot(sheet, part, index), fields.items(sheet, part)[index]
    return Change(at=at, field=field, before=fields.get(item, field), after=after)


def added(sheet: Sheet, part: Part, below: int, name: str) -> Change:
    """An item more, of that name, below the one of index `below`; TOP: above the first. Raises IndexError."""
    item = Anchor(index=TOP) if below == TOP else fields.anchor(fields.items(sheet, part), below)
    return Change(at=Spot(part=part, item=item), row="added", field=NAMED[part], after=name)


def removed(sheet: Sheet, part: Part, index: int) -> Change:
    """An item less. Raises IndexError."""
    at, item = fields.spot(sheet, part, index), fields.items(sheet, part)[index]
    return Change(at=at, row="removed", field=NAMED[part], before=texts(item))


def confirm(sheet: Sheet, finding: Finding) -> tuple[tuple[Change, ...], tuple[Settled, ...]]:
    """That what a finding doubts is right: the field as it is, so that another reading is doubted anew."""
    field = concerned(sheet, finding)
    if field is None or finding.indicator is None:
        return (), (settled(sheet, finding),)
    text = fields.get(sheet.indicators[finding.indicator], field)
    same = change(sheet, field, text, part="indicators", index=finding.indicator)
    return (same,), (settled(sheet, finding),)


def settled(sheet: Sheet | None, finding: Finding) -> Settled:
    """That a finding is answered, for the indicator as it reads now; of the document, without a sheet."""
    at, read = None, None
    if sheet is not None and finding.indicator is not None:
        at = fields.spot(sheet, "indicators", finding.indicator)
        read = whole(sheet.indicators[finding.indicator])
    return Settled(
        at=at, code=finding.code, text=finding.text, before=finding.before, place=finding.place, read=read
    )


def correction(
    sheets: tuple[Sheet, ...],
    number: int | None,
    changes: tuple[Change, ...],
    *,
    settles: tuple[Settled, ...] = (),
    who: str,
    when: str | None = None,
) -> Correction:
    """A correction of the sheet of that index; None: answers to findings about the document."""
    at = None if number is None else fields.anchor(sheets, number)
    return Correction(sheet=at, changes=changes, settles=settles, who=who, when=when or now())
