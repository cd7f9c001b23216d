"""Corrections made in a reading: each whole or not at all, and never silently."""

from collections.abc import Iterable, Iterator

import msgspec

from jixiao.corrections import fields, rows
from jixiao.corrections.captions import caption, part_caption
from jixiao.corrections.concern import answered, concerned, whole
from jixiao.corrections.echo import LEVELS, echoed, printed, relabelled, reprinted
from jixiao.corrections.model import Change, Correction, Corrections, Settled, Spot
from jixiao.findings import finding
from jixiao.messages import gettext as _
from jixiao.model import Finding, Place, Reading, Sheet, fold


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
    named = fields.index(sheets)
    for one in corrections.corrections:
        if one.sheet is None:
            said = _of_document(said, one)
            continue
        at = fields.find(one.sheet, sheets, named)
        if at is None:
            said.append(_refusal(one, Refused()))
            continue
        was = sheets[at]
        try:
            sheets[at] = corrected(was, one)
        except Refused as error:
            sheets[at] = _with(was, [_refusal(one, error)])
        if fields.renamed(was, sheets[at]):
            named = fields.index(sheets)
    return msgspec.structs.replace(reading, sheets=tuple(sheets), findings=tuple(said))


def _of_document(said: list[Finding], one: Correction) -> list[Finding]:
    """What is said of the document, with what a person has answered."""
    gone = [f for answer in one.settles for f in answered_by(answer, said)]
    told = [_confirmed(one, answer, None, None) for answer in one.settles]
    return [*(f for f in said if f not in gone), *told]


def corrected(sheet: Sheet, one: Correction) -> Sheet:
    """The sheet with all changes of a correction made. Raises Refused where one of them does not fit."""
    answers = list(_settled(sheet, one))
    gone = [f for _answer, _index, found in answers for f in found]
    sheet = msgspec.structs.replace(sheet, findings=tuple(f for f in sheet.findings if f not in gone))
    before = sheet
    for change in one.changes:
        try:
            sheet = _row(sheet, one, change) if change.row else _field(sheet, one, change)
        except (KeyError, ValueError) as error:
            raise Refused(change) from error
    if one.changes and not any(change.row for change in one.changes):
        over = list(_answered(before, sheet, one))
        sheet = msgspec.structs.replace(sheet, findings=tuple(f for f in sheet.findings if f not in over))
    if not one.changes:
        sheet = _with(sheet, [_confirmed(one, answer, k, sheet) for answer, k, _found in answers])
    return sheet


def _field(sheet: Sheet, one: Correction, change: Change) -> Sheet:
    """With another text at a field, and a finding that says so."""
    index = _index(sheet, change.at, change)
    item = sheet if change.at is None or index is None else fields.items(sheet, change.at.part)[index]
    found = fields.get(item, change.field)
    if not _same(found, change.before):
        raise Refused(change, found)
    if not _same(change.before, change.after):
        sheet = _changed(sheet, change, index)
    of_indicator = change.at is not None and change.at.part == "indicators"
    told = _told(one, change, _code(change), index if of_indicator else None, getattr(item, "place", None))
    return _with(sheet, [told])


def _row(sheet: Sheet, one: Correction, change: Change) -> Sheet:
    """With an item more or less, and a finding that says so: it has all the texts of one that is gone."""
    if change.at is None:
        raise Refused(change)
    part = change.at.part
    sheet = printed(sheet) if part == "indicators" else sheet
    if change.row == "added":
        after = rows.above(sheet, change.at)
        if after is None:
            raise Refused(change)
        made = rows.added(sheet, part, after, change.after)
        index = after + 1 if part == "indicators" else None
        return _with(made, [_told(one, change, "row-added", index)])
    index = _index(sheet, change.at, change)
    assert index is not None
    item = fields.items(sheet, part)[index]
    if not _same(rows.texts(item), change.before):
        raise Refused(change, rows.texts(item))
    told = _told(one, change, "row-removed", None, getattr(item, "place", None))
    told = finding("row-removed", text=told.text, before=rows.lost(sheet, part, index), place=told.place)
    return _with(rows.removed(sheet, part, index), [told])


def _changed(sheet: Sheet, change: Change, index: int | None) -> Sheet:
    if change.at is None or index is None:
        return echoed(fields.put(sheet, change.field, change.after), change)
    part, field = change.at.part, change.field
    sheet = printed(sheet) if part == "indicators" and field in LEVELS else sheet
    item = fields.items(sheet, part)[index]
    made = fields.with_item(sheet, part, index, fields.put(item, field, change.after))
    if part == "fields":
        return relabelled(made, item, index)
    return reprinted(made, sheet, index, field) if part == "indicators" else made


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


def _settled(sheet: Sheet, one: Correction) -> Iterator[tuple[Settled, int | None, list[Finding]]]:
    """The answers, each with its indicator and the findings that it settles: none, where a profile says it
    later. Raises Refused where the indicator reads otherwise than it did."""
    for answer in one.settles:
        index = _index_or_none(sheet, answer.at)
        now = None if index is None else whole(sheet.indicators[index])
        if answer.read is not None and now != answer.read:
            raise Refused(found=now, wanted=answer.read)
        yield answer, index, answered_by(answer, [f for f in sheet.findings if f.indicator == index])


def _index_or_none(sheet: Sheet, at: Spot | None) -> int | None:
    return None if at is None else fields.find(at.item, fields.items(sheet, at.part))


def answered_by(answer: Settled, findings: Iterable[Finding]) -> list[Finding]:
    """Those that are meant: of several that say the same, at the place where it was; boxes may be measured
    better."""
    same = [f for f in findings if _is_answer(answer, f)]
    there = [f for f in same if f.place == answer.place]
    return there or [f for f in same if answer.place is None or _unboxed(f.place) == _unboxed(answer.place)]


def _is_answer(answer: Settled, said: Finding) -> bool:
    named = answer.before is None or _same(answer.before, said.before)
    return answer.code == said.code and _same(answer.text, said.text) and named


def _unboxed(place: Place | None) -> Place | None:
    return place and msgspec.structs.replace(place, box=None)


def _same(one: str | None, other: str | None) -> bool:
    return fold(one or "") == fold(other or "")


def _with(sheet: Sheet, told: list[Finding]) -> Sheet:
    return msgspec.structs.replace(sheet, findings=(*sheet.findings, *told))


def _told(
    one: Correction, change: Change, code: str, indicator: int | None, place: Place | None = None
) -> Finding:
    return finding(
        code, indicator=indicator, text=_who(one, change), before=change.before, after=change.after,
        place=place,
    )  # fmt: skip


def _code(change: Change) -> str:
    if _same(change.before, change.after):
        return "confirmed"
    return "corrected" if change.before and change.after else "filled-in" if change.after else "taken-out"


def _confirmed(one: Correction, answer: Settled, index: int | None, sheet: Sheet | None) -> Finding:
    """`before` is what was answered: `is_confirmed` looks for it."""
    place = sheet.indicators[index].place if sheet is not None and index is not None else None
    return finding(
        "confirmed", indicator=index, text=_who(one), before=_asked(answer), after=answer.text, place=place
    )


def is_confirmed(sheet: Sheet, said: Finding) -> bool:
    """Whether a person has found right what is said of a sheet after its corrections: by a check, or of a
    profile's warnings."""
    asked = (said.code, _asked(said))
    return any(
        f.code == "confirmed" and f.indicator == said.indicator and f.before in asked
        for f in sheet.findings
        if _same(f.after, said.text)
    )


def _asked(said: Finding | Settled) -> str:
    return f"{said.code}: {said.before}" if said.before else said.code


def _refusal(one: Correction, error: Refused) -> Finding:
    change = error.change or (one.changes[0] if one.changes else None)
    wanted = f"{_text(change.before)} → {_text(change.after)}" if change else "—"
    sheet = one.sheet.name if one.sheet else None
    named = change.at.item.name if change and change.at else sheet
    text = _(", ").join(filter(None, (_who(one, change), named)))
    return finding("correction-not-made", text=text, before=error.wanted or wanted, after=_text(error.found))


def _who(one: Correction, change: Change | None = None) -> str:
    """Field or kind of row, person and time."""
    named = None
    if change is not None:
        named = part_caption(change.at.part) if change.row and change.at else caption(change.field)
    return _(", ").join(filter(None, (named, one.who, one.when)))


def _text(text: str | None) -> str:
    return "—" if text is None else text
