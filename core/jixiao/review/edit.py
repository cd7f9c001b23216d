"""What a person does to a sheet, made corrections beside its source; nothing is written over others' work."""

from collections import Counter
from typing import Annotated, Literal, NamedTuple

import msgspec

from jixiao import corrections
from jixiao.batch.report.worklist import other
from jixiao.corrections import TOP, Change, Conflict, Correction, Part, Refused
from jixiao.errors import BadInput
from jixiao.messages import gettext as _
from jixiao.model import Finding, Sheet, Struct
from jixiao.review.desk import Desk, gone
from jixiao.review.known import Known
from jixiao.text import label_key
from jixiao.vocabulary import vocabulary

TRIES = 20
"""Others may be saving corrections of other sheets of the file at the same time."""
NAMES = ("level3", "label", "scope", "kind", "role")
NOT_MADE = ("correction-not-made", "corrections-stale")


class Put(Struct, kw_only=True):
    """A new text for a field of the sheet or, with a part and an index, of an item in it."""

    field: str
    after: str | None = None
    part: Part | None = None
    index: Annotated[int, msgspec.Meta(ge=0)] | None = None


class Wanted(Struct, kw_only=True, forbid_unknown_fields=True):
    """What a person wants. `base` is the version of the sheet that they see.

    `change`: all of `puts` together. `add`: an item called `name` below the one of that part and index (-1:
    above the first), with `puts` in it. `remove`: that item. `accept`, `other`: the finding of that index,
    found right or taken for its runner-up. `undo`: the correction of that index in the file, else the last.
    """

    do: Literal["change", "add", "remove", "accept", "other", "undo"]
    base: str
    puts: tuple[Put, ...] = ()
    part: Part | None = None
    index: Annotated[int, msgspec.Meta(ge=TOP)] | None = None
    name: str = ""
    finding: int | None = None
    code: str | None = None
    entry: int | None = None


class Meanwhile(Exception):
    """Somebody else has corrected the sheet since: `others` are the corrections that were not seen."""

    def __init__(self, others: tuple[Correction, ...]) -> None:
        super().__init__("corrected meanwhile")
        self.others = others


class Done(NamedTuple):
    known: Known
    undone: Correction | None = None


def carry_out(desk: Desk, target: str, number: int, wanted: Wanted, who: str) -> Done:
    """Make and save it. Raises Meanwhile, Refused where it does not fit, BadInput."""
    for _try in range(TRIES):
        known = desk.known(target)
        if known is None or known.stale or not 0 <= number < len(known.reading.sheets):
            raise gone()
        if known.version(number) != wanted.base:
            raise Meanwhile(tuple(one for _k, one in known.entries(number))[-3:])
        entries = known.log
        undone = None
        if wanted.do == "undo":
            at = _undone(known, number, wanted)
            undone, entries = entries[at], (*entries[:at], *entries[at + 1 :])
        else:
            entries = (*entries, _made(known, number, wanted, who))
        _require_made(known, entries)
        try:
            return Done(desk.keep(target, known, entries), undone)
        except Conflict:
            continue
    raise BadInput(
        "corrected-meanwhile", _("Others keep writing to the file of corrections."), _("Try it again.")
    )


def _made(known: Known, number: int, wanted: Wanted, who: str) -> Correction:
    sheets, sheet = known.reading.sheets, known.reading.sheets[number]
    at: int | None = number
    settles: tuple[corrections.Settled, ...] = ()
    if wanted.do == "change":
        changes = _changes(sheet, wanted.puts)
    elif wanted.do in ("add", "remove"):
        changes = _row(sheet, wanted)
    else:
        found = _finding(known, number, wanted)
        if wanted.do == "accept":
            at, changes, settles = _accepted(known, number, found)
        else:
            changes = _changes(sheet, runner_up(sheet, found))
            settles = (corrections.settled(sheet, found),) if found in sheet.findings else ()
    if not changes and not settles:
        raise Refused(said=_("nothing is changed by it"))
    return corrections.correction(sheets, at, changes, settles=settles, who=who)


def _row(sheet: Sheet, wanted: Wanted) -> tuple[Change, ...]:
    """An item more, with what is known of it, or an item less. The levels that a new indicator stands under
    are said with it: should they be read otherwise one day, it is not made."""
    part, index = wanted.part, wanted.index
    if part is None or index is None:
        raise Refused(said=_("there is no such row"))
    try:
        if wanted.do == "remove":
            return (corrections.removed(sheet, part, _real(index)),)
        add = corrections.added(sheet, part, index, wanted.name)
    except IndexError as error:
        raise Refused(said=_("there is no such row")) from error
    trial = corrections.corrected(sheet, corrections.correction((sheet,), 0, (add,), who=""))
    new = [put for put in wanted.puts if put.after]
    if part == "indicators":
        held = corrections.items(trial, part)[index + 1]
        named = {put.field for put in new}
        said = ((f, corrections.get(held, f)) for f in ("level1", "level2") if f not in named)
        new = [*(Put(field=f, after=text) for f, text in said if text), *new]
    puts = (Put(field=put.field, after=put.after, part=part, index=index + 1) for put in new)
    return (add, *(_change(trial, put) for put in puts))


def _real(index: int) -> int:
    if index < 0:
        raise IndexError(index)
    return index


def _accepted(
    known: Known, number: int, found: Finding
) -> tuple[int | None, tuple[Change, ...], tuple[corrections.Settled, ...]]:
    """Of which sheet, with which changes, and what is answered. Raises Refused for what cannot be."""
    if not acceptable(known, number, found):
        raise Refused(said=_("a finance system refuses it as it is"))
    if is_of_document(known, number, found):
        return None, (), (corrections.settled(None, found),)
    return (number, *corrections.confirm(known.reading.sheets[number], found))


def _changes(sheet: Sheet, puts: tuple[Put, ...]) -> tuple[Change, ...]:
    """Names last: the other changes are found by them."""
    return tuple(_change(sheet, put) for put in sorted(puts, key=lambda put: put.field in NAMES))


def _change(sheet: Sheet, put: Put) -> Change:
    try:
        return corrections.change(sheet, put.field, put.after or None, part=put.part, index=put.index)
    except (KeyError, IndexError) as error:
        raise Refused(said=_("there is no such field")) from error


def _finding(known: Known, number: int, wanted: Wanted) -> Finding:
    found = known.loud(number)
    at = wanted.finding
    if at is None or not 0 <= at < len(found) or found[at].code != wanted.code:
        raise Refused(said=_("the finding is gone"))
    return found[at]


def acceptable(known: Known, number: int, one: Finding) -> bool:
    """Whether a person can say that it is right as it is: not what a finance system refuses."""
    if one.code in NOT_MADE:
        return False
    return (
        one in known.reading.sheets[number].findings
        or is_of_document(known, number, one)
        or one.severity == "warning"
    )


def is_of_document(known: Known, number: int, one: Finding) -> bool:
    """Whether it is shown with a sheet and said of all that the source holds."""
    return number == 0 and one in known.reading.findings and one not in known.reading.sheets[0].findings


def runner_up(sheet: Sheet, one: Finding) -> tuple[Put, ...]:
    """What it takes to read a finding's runner-up instead; nothing where there is none."""
    index = one.indicator
    field = corrections.concerned(sheet, one)
    text = other(one)
    if index is None or field is None or not text:
        return ()
    if one.code == "doubtful-reading":
        role = _role(sheet, text)
        if role is None or role == field:
            return ()
        return moved(sheet, ("indicators", index, field), ("indicators", index, role))
    puts = [Put(part="indicators", index=index, field=field, after=text)]
    if one.code == "weight-parted":
        puts.append(Put(part="indicators", index=index, field="weight", after=None))
    return tuple(puts)


Cell = tuple[Part | None, int | None, str]


def moved(sheet: Sheet, origin: Cell, target: Cell) -> tuple[Put, ...]:
    """A cell's text goes to another cell, whose own text comes back: nothing is lost."""
    texts = [_text(sheet, cell) for cell in (origin, target)]
    return (
        Put(part=origin[0], index=origin[1], field=origin[2], after=texts[1]),
        Put(part=target[0], index=target[1], field=target[2], after=texts[0]),
    )


def _text(sheet: Sheet, cell: Cell) -> str | None:
    part, index, field = cell
    item = sheet if part is None or index is None else corrections.items(sheet, part)[index]
    return corrections.get(item, field)


def _role(sheet: Sheet, head: str) -> str | None:
    """The field under a head, by its text or by what it is called elsewhere."""
    known = {field for field, _text in corrections.fields_of(sheet.indicators[0])}
    roles = [c.role for c in sheet.columns if head in (c.text, c.role)]
    heads = vocabulary().data["heads"]
    roles += [role for role, names in heads.items() if label_key(head) in map(label_key, names)]
    return next((role for role in (*roles, head) if role in known), None)


def _undone(known: Known, number: int, wanted: Wanted) -> int:
    """The index of the correction in the file. Raises Refused where later ones count on its rows."""
    mine = known.entries(number)
    held = [k for k, _one in mine]
    if not mine or (wanted.entry is not None and wanted.entry not in held):
        raise Refused(said=_("there is nothing to undo"))
    at = held.index(held[-1] if wanted.entry is None else wanted.entry)
    moved = {c.at.part for c in mine[at][1].changes if c.row and c.at}
    later = {c.at.part for _k, one in mine[at + 1 :] for c in one.changes if c.at}
    later |= {"indicators" for _k, one in mine[at + 1 :] if any(answer.at for answer in one.settles)}
    if moved & later:
        raise Refused(said=_("later corrections count on the row: undo them first, or take the row out"))
    return held[at]


def _require_made(known: Known, entries: tuple[Correction, ...]) -> None:
    """Raises Refused where a correction would not be made that was, or the new one."""
    was, now = known.plain, known.corrected(entries)
    new = _failures(now.findings) - _failures(was.findings)
    for before, after in zip(was.sheets, now.sheets, strict=True):
        if before is not after:
            new += _failures(after.findings) - _failures(before.findings)
    if new:
        raise Refused(said=next(iter(new)).message)


def _failures(found: tuple[Finding, ...]) -> Counter[Finding]:
    return Counter(f for f in found if f.code in NOT_MADE)


def decoded(data: bytes) -> Wanted:
    """Raises ValueError."""
    return msgspec.json.decode(data, type=Wanted)
