"""A filled-in worklist made corrections beside the sources; what does not fit any more is only told."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from jixiao import corrections
from jixiao.batch.report.filled import Filled, Worklist, filled, not_a_worklist
from jixiao.batch.report.worklist import Key
from jixiao.convert import read, read_bytes
from jixiao.corrections import Change, Correction, Corrections, Origin, Refused, Settled, Spot
from jixiao.corrections.concern import answered
from jixiao.digest import sha256
from jixiao.document import Document
from jixiao.errors import JixiaoError
from jixiao.findings import finding
from jixiao.head import Head
from jixiao.limits import Limits
from jixiao.messages import gettext as _
from jixiao.model import Finding, Reading, Sheet, fold
from jixiao.plugins import Registry, registry
from jixiao.storage import place

READER = "reader.xlsx"


class Applied(NamedTuple):
    """What became of one source's rows: `made` corrections, `known` that stood there already, `refused` rows
    by their numbers with why."""

    source: Path
    made: int = 0
    known: int = 0
    refused: tuple[tuple[str, str], ...] = ()


def read_worklist(path: Path) -> Worklist:
    """In whatever format it was saved. Raises BadInput where it cannot be read, BadUsage where it is no
    worklist."""
    data = read_bytes(path, Limits())
    document = _showing_all().reader_for(Head(data, path.name)).read(data, Limits())
    if not isinstance(document, Document):
        raise not_a_worklist()
    return filled(document)


def _showing_all() -> Registry:
    """Plugins as they are wanted, and rows that a filter of the worklist hides."""
    settings = registry().settings
    shown = {**settings.options.get(READER, {}), "hidden": "true"}
    return Registry(msgspec.structs.replace(settings, options={**settings.options, READER: shown}))


def apply_worklist(
    worklist: Worklist, *, who: str, inputs: Path | None = None, when: str | None = None
) -> Iterator[Applied]:
    """What became of the rows, source by source.

    `inputs` is where the sources stand now, if not where they were converted. `who` is written where a row
    names nobody. A source's corrections are saved together.
    """
    by_source: dict[Path, list[Filled]] = defaultdict(list)
    for one in worklist.filled:
        by_source[Path() if one.key is None else _place(one.key, inputs)].append(one)
    for source, rows in by_source.items():
        faults = [(one.number, one.fault) for one in rows if one.fault]
        sound = [one for one in rows if not one.fault]
        done = _source(source, sound, who, when or corrections.now()) if sound else Applied(source)
        yield done._replace(refused=(*faults, *done.refused))


def _place(key: Key, inputs: Path | None) -> Path:
    return place(key.location) if inputs is None else inputs / key.source


def _source(source: Path, rows: list[Filled], who: str, when: str) -> Applied:
    try:
        seen = corrections.load(source)
        first = rows[0].key
        assert first is not None
        data = read_bytes(source, Limits())
        reading = read(data, source.name, reader=first.reader, profile=first.profile, fixes=seen.corrections)
        maker = _Maker(reading, seen.corrections, sha256(data), who, when)
        for one in sorted(rows, key=lambda one: not one.right):  # what was seen is right before it is not
            maker.row(one)
        if maker.made:
            earlier = seen.corrections
            if earlier is None or earlier.source.sha256 != maker.sha256:
                earlier = Corrections(source=Origin(name=source.name, sha256=maker.sha256))
            every = msgspec.structs.replace(earlier, corrections=(*earlier.corrections, *maker.made))
            corrections.save(source, every, seen.revision)
    except JixiaoError as error:
        return Applied(source, refused=tuple((one.number, str(error)) for one in rows))
    return Applied(source, len(maker.made), maker.known, tuple(maker.refused))


class _Maker:
    """Makes corrections of rows, one after the other: each is tried on what those before it left."""

    def __init__(
        self, reading: Reading, earlier: Corrections | None, sha256: str, who: str, when: str
    ) -> None:
        self.first, self.sheets, self.findings = reading.sheets, list(reading.sheets), list(reading.findings)
        log = earlier.corrections if earlier else ()
        self.ticked = [s for c in log if all(x.before == x.after for x in c.changes) for s in c.settles]
        self.sha256, self.who, self.when = sha256, who, when
        self.made: list[Correction] = []
        self.known = 0
        self.refused: list[tuple[str, str]] = []

    def row(self, one: Filled) -> None:
        try:
            made = self._correction(one)
            if made is None:
                self.known += 1
                return
            if made.sheet is not None:
                at = corrections.find(made.sheet, self.sheets)
                assert at is not None
                self.sheets[at] = corrections.corrected(self.sheets[at], made)
            self.made.append(made)
        except Refused as error:
            self.refused.append((one.number, str(error)))

    def _correction(self, one: Filled) -> Correction | None:
        """None where it has been made already. Raises Refused."""
        key = one.key
        assert key is not None
        if key.sha256 != self.sha256:
            raise Refused(said=_("the source has changed since: convert it again for a new worklist"))
        if one.right and key.refused:
            raise Refused(said=_("a finance system refuses it as it is"))
        if key.sheet is None:
            return self._of_document(one, key)
        number = corrections.find(key.sheet, self.first)
        if number is None:
            raise Refused(said=_("its sheet is not found any more: convert again for a new worklist"))
        sheet = self.sheets[number]
        index = None
        if key.at is not None:
            index = _index(key.at, self.first[number])
            if index is None:
                raise Refused(said=_("its indicator is not found any more: convert again for a new worklist"))
        answers = _meant(key, [f for f in sheet.findings if f.indicator == index])
        if one.right and not answers and any(_same(key, answer) for answer in self.ticked):
            return None
        if one.field != key.field and key.field is not None:  # what is missing is missing still
            answers = [f for f in answers if answered(sheet, f, key.field)]
        if not answers and key.field is None and key.profile is not None and one.right:
            answers = self._of_profile(key, sheet, index)
        changes = self._changes(one, key, sheet, index)
        if all(fold(c.before or "") == fold(c.after or "") for c in changes) and not answers:
            return None
        return corrections.correction(
            tuple(self.sheets), number, changes, who=one.by or self.who, when=self.when,
            settles=tuple(corrections.settled(sheet, f) for f in answers[:1]),
        )  # fmt: skip

    def _of_document(self, one: Filled, key: Key) -> Correction | None:
        """What is found right of the document as a whole; None where it was already."""
        answers = _meant(key, self.findings)
        if not answers:
            return None
        self.findings = [f for f in self.findings if f not in answers]
        settles = (corrections.settled(None, answers[0]),)
        return corrections.correction((), None, (), who=one.by or self.who, when=self.when, settles=settles)

    def _of_profile(self, key: Key, sheet: Sheet, index: int | None) -> list[Finding]:
        """What a profile says of the sheet, and the reading does not; nothing where it was found right.
        Raises Refused for what a system refuses."""
        said = finding(key.code, text=key.text, before=key.of, indicator=index)
        if said.severity == "error":
            raise Refused(said=_("a finance system refuses it as it is"))
        return [] if corrections.is_confirmed(sheet, said) else [said]

    def _changes(self, one: Filled, key: Key, sheet: Sheet, index: int | None) -> tuple[Change, ...]:
        field = one.field if one.correct else key.field
        if index is None or field is None:
            return ()
        seen = (key.read or {}).get(field)
        made = corrections.change(sheet, field, one.correct or seen, part="indicators", index=index)
        if made.before == corrections.get(corrections.put(sheet.indicators[index], field, made.after), field):
            return (msgspec.structs.replace(made, after=made.before),)
        if made.before != seen:
            raise Refused(
                said=_("{text} is read there now: convert again for a new worklist").format(text=made.before)
            )
        return (made,)


def _index(at: Spot, sheet: Sheet) -> int | None:
    """Of the item that is meant; where it stands in the source if it is called otherwise since."""
    held, meant = corrections.items(sheet, at.part), at.item
    found = corrections.find(meant, held)
    if found is None and meant.place is not None and meant.index < len(held):
        found = meant.index if corrections.anchor(held, meant.index).place == meant.place else None
    return found


def _meant(key: Key, findings: list[Finding]) -> list[Finding]:
    """The findings that a row is about."""
    said = corrections.Settled(code=key.code, text=key.text, before=key.of, place=key.place)
    return corrections.answered_by(said, findings)


def _same(key: Key, answer: Settled) -> bool:
    """Whether a person has found right before what a row asks."""
    said = (answer.code, answer.text, answer.before, answer.place)
    return said == (key.code, key.text, key.of, key.place) and (key.at is None) == (answer.at is None)
