"""Corrections made in a reading: each whole or not at all, and never silently."""

from collections.abc import Iterator

import msgspec

from jixiao.corrections import fields
from jixiao.corrections.captions import caption
from jixiao.corrections.concern import answered, concerned, whole
from jixiao.corrections.echo import echoed, reprinted
from jixiao.corrections.model import Change, Correction, Corrections, Settled, Spot
from jixiao.findings import finding
from jixiao.messages import gettext as _
from jixiao.model import Finding, Reading, Sheet, fold


class Refused(Exception):
    """A correction that does not fit: `change` is the one in it, None for its sheet; `found` what is read,
    `wanted` what should have been, where that is no change; `said` why, for people."""

    def __init__(
        self,
        change: Change | None = None,
        found: str | None = None,
        *,
        wanted: str | None = None,
        said: str | None = None,
    ) -> None:
        super().__init__(said or _("{text} is read there").format(text=_text(found)))
        self.change, self.found, self.wanted = change, found, wanted


def apply(reading: Reading, corrections: Corrections, sha256: str) -> Reading:
    """The reading with what was corrected in it, one correction after the other.

    `sha256` is that of the bytes that were read: corrections of other bytes are not made. What is not made
    leaves an `error` finding, what is made one of `info` that says by whom, when, from what and to what.
    """
    if not corrections.corrections:
        return reading
    if corrections.source.sha256 != sha256:
        stale = finding("corrections-stale", text=str(len(corrections.corrections)))
        return msgspec.structs.replace(reading, findings=(*reading.findings, stale))
    sheets, said = list(reading.sheets), list(reading.findings)
    for one in corrections.corrections:
        at = fields.find(one.sheet, tuple(sheets))
        try:
            if at is None:
                raise Refused
            sheets[at] = corrected(sheets[at], one)
        except Refused as error:
            refusal = _refusal(one, error)
            if at is None:
                said.append(refusal)
            else:
                sheets[at] = _with(sheets[at], [refusal])
    return msgspec.structs.replace(reading, sheets=tuple(sheets), findings=tuple(said))


def corrected(sheet: Sheet, one: Correction) -> Sheet:
    """The sheet with all changes of a correction made. Raises Refused where one of them does not fit."""
    before, said = sheet, list(_settled(sheet, one))
    told: list[Finding] = []
    for change in one.changes:
        index = _index(sheet, change.at, change)
        item = sheet if change.at is None or index is None else fields.items(sheet, change.at.part)[index]
        try:
            found = fields.get(item, change.field)
            if not _same(found, change.before):
                raise Refused(change, found)
            if not _same(change.before, change.after):
                sheet = _changed(sheet, change, index)
        except (KeyError, ValueError) as error:
            raise Refused(change) from error
        told.append(_told(one, change, index, item))
    gone = [*_answered(before, sheet, one), *said]
    if not one.changes:
        told += [_confirmed(one, f) for f in gone]
    kept = tuple(f for f in sheet.findings if f not in gone)
    return _with(msgspec.structs.replace(sheet, findings=kept), told)


def _changed(sheet: Sheet, change: Change, index: int | None) -> Sheet:
    if change.at is None or index is None:
        return echoed(fields.put(sheet, change.field, change.after), change)
    item = fields.items(sheet, change.at.part)[index]
    made = fields.with_item(sheet, change.at.part, index, fields.put(item, change.field, change.after))
    return reprinted(made, sheet, index, change.field) if change.at.part == "indicators" else made


def _index(sheet: Sheet, at: Spot | None, change: Change | None = None) -> int | None:
    if at is None:
        return None
    index = fields.find(at.item, fields.items(sheet, at.part))
    if index is None:
        raise Refused(change)
    return index


def _answered(before: Sheet, after: Sheet, one: Correction) -> Iterator[Finding]:
    """The findings about the fields that were changed, as far as the change leaves nothing of them."""
    touched = {
        (index, c.field)
        for c in one.changes
        if c.at and c.at.part == "indicators" and (index := _index_or_none(before, c.at)) is not None
    }
    for said in before.findings:
        field = concerned(before, said)
        if field and (said.indicator, field) in touched and answered(after, said, field):
            yield said


def _settled(sheet: Sheet, one: Correction) -> Iterator[Finding]:
    """The findings that are answered. Raises Refused where the indicator reads otherwise than it did."""
    for answer in one.settles:
        index = _index_or_none(sheet, answer.at)
        now = None if index is None else whole(sheet.indicators[index])
        if answer.read is not None and now != answer.read:
            raise Refused(found=now, wanted=answer.read)
        yield from (f for f in sheet.findings if _is_answer(answer, f) and f.indicator == index)


def _index_or_none(sheet: Sheet, at: Spot | None) -> int | None:
    return None if at is None else fields.find(at.item, fields.items(sheet, at.part))


def _is_answer(answer: Settled, said: Finding) -> bool:
    return answer.code == said.code and _same(answer.text, said.text)


def _same(one: str | None, other: str | None) -> bool:
    return fold(one or "") == fold(other or "")


def _with(sheet: Sheet, told: list[Finding]) -> Sheet:
    return msgspec.structs.replace(sheet, findings=(*sheet.findings, *told))


def _told(one: Correction, change: Change, index: int | None, item: object) -> Finding:
    of_indicator = change.at is not None and change.at.part == "indicators"
    return finding(
        _code(change),
        indicator=index if of_indicator else None,
        text=_who(one, change),
        before=change.before,
        after=change.after,
        place=getattr(item, "place", None),
    )


def _code(change: Change) -> str:
    if _same(change.before, change.after):
        return "confirmed"
    return "corrected" if change.before and change.after else "filled-in" if change.after else "taken-out"


def _confirmed(one: Correction, said: Finding) -> Finding:
    return finding("confirmed", indicator=said.indicator, text=_who(one), after=said.text, place=said.place)


def _refusal(one: Correction, error: Refused) -> Finding:
    change = error.change or (one.changes[0] if one.changes else None)
    wanted = f"{_text(change.before)} → {_text(change.after)}" if change else "—"
    named = change.at.item.name if change and change.at else one.sheet.name
    text = _(", ").join(filter(None, (_who(one, change), named)))
    return finding("correction-not-made", text=text, before=error.wanted or wanted, after=_text(error.found))


def _who(one: Correction, change: Change | None = None) -> str:
    """Field, person and time."""
    return _(", ").join(filter(None, (caption(change.field) if change else None, one.who, one.when)))


def _text(text: str | None) -> str:
    return "—" if text is None else text
