"""A source as it was last looked at. What has not changed since is not worked out again, sheet by sheet:
an edit takes as long in a file of thousands of sheets as in one of a few."""

import hashlib
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

import msgspec

from jixiao import corrections
from jixiao.batch.ledger import Record
from jixiao.batch.upload import Uploader
from jixiao.corrections import Correction, Corrections, Origin, Seen
from jixiao.corrections.fields import find, index, renamed
from jixiao.errors import JixiaoError
from jixiao.model import Finding, Reading, Sheet
from jixiao.passes import checked
from jixiao.review.signoff import Signature, Signed, State, state
from jixiao.wish import Wish

LOUD = ("error", "warning")
LOST = ("value-missing", "name-missing", "level-missing")


def weight(one: Finding) -> int:
    """The worst is the least: what stands in the way, what the source has lost, what is doubtful."""
    return 0 if one.severity == "error" else 1 if one.code in LOST else 2


class Look(NamedTuple):
    """A sheet: `plain` with its corrections, `sheet` with what the checks say, `problems` with what the
    profile says too. `identity` is what the profile knows it by, `twin` an earlier one of the same."""

    plain: Sheet
    sheet: Sheet
    problems: tuple[Finding, ...]
    identity: str | None = None
    twin: Sheet | None = None


class Known(NamedTuple):
    """`base` is what was read, `plain` that with its corrections, `reading` with what checks find.

    `stale`: the source is another than the batch has read. `owners` are the indices of the sheets that each
    correction is of, before and after it was made.
    """

    record: Record
    source: Path
    wish: Wish
    base: Reading
    seen: Seen
    plain: Reading
    reading: Reading
    looks: tuple[Look, ...]
    owners: tuple[tuple[int | None, ...], ...]
    signed: Signed
    signatures: dict[int, tuple[State, Signature]]
    stale: bool = False

    def loud(self, number: int) -> list[Finding]:
        """What needs a person in a sheet, worst first; those of the document with its first sheet."""
        of_document = [f for f in self.reading.findings if f.severity in LOUD] if number == 0 else []
        found = [f for f in (*of_document, *self.looks[number].problems) if f.severity in LOUD]
        return sorted(found, key=weight)

    @property
    def log(self) -> tuple[Correction, ...]:
        return self.seen.corrections.corrections if self.seen.corrections else ()

    def entries(self, number: int) -> list[tuple[int, Correction]]:
        """The corrections of a sheet, each with its index in the file; of the document with the first."""
        return [(k, self.log[k]) for k, of in enumerate(self.owners) if number in of]

    def version(self, number: int) -> str:
        """Equal as long as nobody has corrected the sheet."""
        held = [self.record.sha256, *(one for _k, one in self.entries(number))]
        return hashlib.sha256(msgspec.json.encode(held)).hexdigest()[:24]

    def corrected(self, log: tuple[Correction, ...]) -> Reading:
        """What the source would read with these corrections."""
        sha256 = self.record.sha256 or ""
        start, rest = (
            (self.plain, log[len(self.log) :]) if log[: len(self.log)] == self.log else (self.base, log)
        )
        if self.seen.corrections and self.seen.corrections.source.sha256 != sha256:
            start, rest = self.base, log
        origin = Origin(name=self.source.name, sha256=sha256)
        return corrections.apply(start, Corrections(source=origin, corrections=rest), sha256)


def known(
    record: Record, source: Path, wish: Wish, base: Reading, seen: Seen, signed: Signed, *, stale: bool
) -> Known:
    """A source looked at for the first time."""
    plain = base
    if seen.corrections is not None:
        plain = corrections.apply(base, seen.corrections, record.sha256 or "")
    first = Known(record, source, wish, base, seen, plain, base, (), (), signed, {}, stale)
    return _looked(first, plain)


def again(was: Known, seen: Seen, signed: Signed) -> Known:
    """The same, with what stands beside the source now."""
    plain = was.plain
    if seen.revision != was.seen.revision:
        fits = seen.corrections and seen.corrections.source.sha256 == was.record.sha256
        if seen.corrections and not fits:
            plain = corrections.apply(was.base, seen.corrections, was.record.sha256 or "")
        else:
            plain = was.corrected(seen.corrections.corrections if seen.corrections else ())
    return _looked(was._replace(seen=seen, signed=signed), plain, was.log)


def _looked(one: Known, plain: Reading, log: tuple[Correction, ...] = ()) -> Known:
    """`log` are the corrections that `one.owners` are of."""
    looks = tuple(_looks(plain.sheets, one.looks, one.wish))
    reading = msgspec.structs.replace(plain, sheets=tuple(look.sheet for look in looks))
    signatures = state(
        one.signed, reading.sheets, stale=one.stale, before=(one.reading.sheets, one.signatures)
    )
    now = one._replace(plain=plain, reading=reading, looks=looks, signatures=signatures)
    return now._replace(owners=_owners(one, now, log))


def _owners(was: Known, now: Known, log: tuple[Correction, ...]) -> tuple[tuple[int | None, ...], ...]:
    """Those of before, where the corrections go on from there and no sheet is called otherwise."""
    told: tuple[tuple[int | None, ...], ...] = ()
    pairs = zip(was.looks, now.looks, strict=False)
    if was.looks and not any(a is not b and renamed(a.sheet, b.sheet) for a, b in pairs):
        same = sum(1 for _ in takewhile(lambda pair: pair[0] is pair[1], zip(log, now.log, strict=False)))
        told = was.owners[:same]
    rest = now.log[len(told) :]
    named = [(s, index(s)) for s in (now.reading.sheets, now.base.sheets)] if rest else []
    return (
        *told,
        *((0,) if e.sheet is None else tuple(find(e.sheet, *held) for held in named) for e in rest),
    )


def _looks(sheets: tuple[Sheet, ...], before: tuple[Look, ...], wish: Wish) -> Iterator[Look]:
    """Those of before, where nothing has changed."""
    first: dict[str, Sheet] = {}
    for k, plain in enumerate(sheets):
        look = before[k] if k < len(before) else None
        if look is None or (look.plain is not plain and look.plain != plain):
            sheet = checked(Reading(sheets=(plain,))).sheets[0]
            look = Look(plain, sheet, *_problems(sheet, None, wish))
        if look.identity is not None:
            twin = first.setdefault(look.identity, look.sheet)
            twin_now = None if twin is look.sheet else twin
            if twin_now is not look.twin:
                look = look._replace(twin=twin_now, problems=_problems(look.sheet, twin_now, wish)[0])
        yield look


def _problems(sheet: Sheet, twin: Sheet | None, wish: Wish) -> tuple[tuple[Finding, ...], str | None]:
    """The sheet's findings; with a profile, as the profile sees them, and its own; its identity."""
    if wish.profile is None:
        return sheet.findings, None
    try:
        uploader = Uploader(wish)
    except JixiaoError as error:
        return (*sheet.findings, Finding(code=error.code, severity="error", message=str(error))), None
    sheets = [sheet] if twin is None else [twin, sheet]
    for _row in uploader.rows(sheets):
        pass
    found = tuple(f for number, f in uploader.findings if number == len(sheets))
    return found, next(iter(uploader.filling.seen), None)
