"""Making corrections from what a person sees: `before` is what the sheet says, and only that."""

from datetime import UTC, datetime

from jixiao.corrections import fields
from jixiao.corrections.concern import concerned, whole
from jixiao.corrections.model import Change, Correction, Part, Settled
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


def confirm(sheet: Sheet, finding: Finding) -> tuple[tuple[Change, ...], tuple[Settled, ...]]:
    """That what a finding doubts is right: the field as it is, so that another reading is doubted anew."""
    field = concerned(sheet, finding)
    if field is None or finding.indicator is None:
        return (), (settled(sheet, finding),)
    text = fields.get(sheet.indicators[finding.indicator], field)
    same = change(sheet, field, text, part="indicators", index=finding.indicator)
    return (same,), (settled(sheet, finding),)


def settled(sheet: Sheet, finding: Finding) -> Settled:
    """That a finding is answered, for the indicator as it reads now."""
    if finding.indicator is None:
        return Settled(code=finding.code, text=finding.text)
    at = fields.spot(sheet, "indicators", finding.indicator)
    return Settled(
        at=at, code=finding.code, text=finding.text, read=whole(sheet.indicators[finding.indicator])
    )


def correction(
    sheets: tuple[Sheet, ...],
    number: int,
    changes: tuple[Change, ...],
    *,
    settles: tuple[Settled, ...] = (),
    who: str,
    when: str | None = None,
) -> Correction:
    """A correction of the sheet of that index."""
    return Correction(
        sheet=fields.anchor(sheets, number), changes=changes, settles=settles, who=who, when=when or now()
    )
