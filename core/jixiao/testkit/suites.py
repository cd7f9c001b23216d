"""What every plugin must hold, as classes of tests: subclass one, name the plugin and an example.

    from jixiao.testkit import ReaderSuite

    class TestMine(ReaderSuite):
        plugin = MyReader
        example = b"..."
        blocks = ("a line of the example", (("a cell", "another"), ("↑", "beside the first, merged one")))

pytest finds the tests in the subclass. The built-in plugins pass the same.
"""

import pickle
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, ClassVar

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from jixiao.document import Cell, Document, Grid, Line, Section, grid
from jixiao.errors import BadInput, JixiaoError
from jixiao.findings import FINDINGS
from jixiao.head import Head
from jixiao.hookspecs import LOSSES, Check, Reader, SectionReader, Writer
from jixiao.interpret import interpret
from jixiao.layout import layout
from jixiao.limits import Limits
from jixiao.model import Finding, Reading, Sheet, content, fold
from jixiao.passes import require_valid
from jixiao.plugins import CHECKS, READERS, WRITERS, misfits
from jixiao.testkit.drawing import Rows, drawn
from jixiao.testkit.harm import harmed
from jixiao.testkit.strategies import readings, sheets

SECONDS = 60
"""A call that takes longer hangs."""
FOREIGN = {
    "empty-zip": b"PK\x05\x06" + bytes(18),
    "png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(32),
    "gzip": b"\x1f\x8b\x08" + bytes(32),
    "program": b"\x7fELF\x02\x01\x01" + bytes(64),
    "zeros": bytes(512),
}
TRICKY = (
    "=1+1", "@SUM(A1)", "0.30", "007", "510000210000000199512", "<b>粗</b>", "&amp;", "]]>", "{{ 7*7 }}",
    "≤30万元", 'a "quoted" text', "a, b; c", "甲|乙", "*星* _线_ `码`", "𠮷", "１００％",
)  # fmt: skip
modest = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[
        HealthCheck.differing_executors,
        HealthCheck.too_slow,
        HealthCheck.function_scoped_fixture,
    ],
)


class Suite:
    """What plugins of every kind must hold."""

    plugin: ClassVar[Any]
    group: ClassVar[str]

    def made(self) -> Any:
        """The plugin's object; override it to give options."""
        return self.plugin()

    def test_it_says_what_it_is(self) -> None:
        assert list(misfits(self.group, self.plugin)) == []

    def test_it_can_be_made_of_the_defaults_of_its_options(self) -> None:
        if options := getattr(self.plugin, "OPTIONS", None):
            self.plugin(options())


class ReaderSuite(Suite):
    """A reader: `example` is a file of its format (else the reader's own).

    `blocks` is all that the example shows, in its order: a line as its text, a table as its rows, merged
    cells and all, as jixiao.testkit.drawn draws them. `holds` are some of its texts, where all would be too
    many or the reader gives a Reading. One of the two is there. `claims` names those of FOREIGN that are of
    its format after all. `harms` is how many harmed copies of the example are read; fewer where it is slow.
    """

    plugin: ClassVar[type[Reader]]
    example: ClassVar[bytes | None] = None
    blocks: ClassVar[tuple[str | Rows, ...] | None] = None
    holds: ClassVar[tuple[str, ...]] = ()
    claims: ClassVar[tuple[str, ...]] = ()
    harms: ClassVar[int] = 600
    group = READERS

    @property
    def file(self) -> bytes:
        """A file of its format."""
        return self.example if self.example is not None else bytes(self.made().example())

    def read(self, data: bytes, limits: Limits | None = None) -> Document | Reading:
        with in_time():
            made: Document | Reading = self.made().read(data, limits or Limits())
        return made

    def test_it_knows_its_format(self) -> None:
        assert self.made().sniff(Head(self.file, "no-name"))

    @pytest.mark.parametrize("name", sorted(FOREIGN))
    def test_it_knows_no_other(self, name: str) -> None:
        assert bool(self.made().sniff(Head(FOREIGN[name]))) is (name in self.claims)

    def test_it_says_what_the_example_shows(self) -> None:
        assert self.blocks or self.holds, "say in `blocks` all that the example shows, or some in `holds`"

    def test_it_shows_what_the_example_shows(self) -> None:
        if self.blocks is not None:
            made = self.read(self.file)
            assert isinstance(made, Document), "`blocks` are those of a Document; name texts in `holds`"
            assert drawn(made) == self.blocks

    def test_nothing_that_it_holds_is_lost(self) -> None:
        found = [fold(text) for text in texts(self.read(self.file))]
        for text in self.holds:
            assert any(fold(text) in one for one in found), text

    def test_what_it_gives_is_whole(self) -> None:
        whole(self.read(self.file))

    def test_it_reads_the_same_twice(self) -> None:
        assert self.read(self.file) == self.read(self.file)

    def test_its_parts_are_those_of_the_whole(self) -> None:
        """Where it gives them (SectionReader)."""
        made = self.made()
        if isinstance(made, SectionReader):
            assert Document.of(made.parts(self.file, Limits())) == self.read(self.file)

    def test_it_survives_pickling(self) -> None:
        copy = pickle.loads(pickle.dumps(self.made()))
        assert copy.read(self.file, Limits()) == self.read(self.file)

    def test_it_prints_nothing(self, capfd: pytest.CaptureFixture[str]) -> None:
        self.made().sniff(Head(self.file))
        self.read(self.file)
        assert capfd.readouterr().out == ""

    def test_a_harmed_file_is_read_or_refused(self) -> None:
        done = "nothing"
        try:
            for said, data in harmed(self.file, self.harms):
                done = said
                self.read_or_refuse(data)
        finally:
            print("The harm that was done last:", done)  # pytest shows it where the test fails

    def read_or_refuse(self, data: bytes) -> None:
        with in_time():
            assert self.made().sniff(Head(data)) in (True, False)
        try:
            whole(self.read(data))
        except BadInput as error:
            assert error.code and error.what and error.do

    def test_it_stays_within_the_limits(self) -> None:
        try:
            made = self.read(self.file, Limits(cells=1, pages=1, members=1, unpacked=1))
        except BadInput as error:
            assert error.code.startswith("limit-"), error.code
        else:
            count = sum(len(g.cells) for g in made.grids()) if isinstance(made, Document) else 0
            assert count <= 1, f"{count} cells, where one is allowed"


class WriterSuite(Suite):
    """A writer. `back` reads what it wrote: a Document or Reading, or plain text where no reader can."""

    plugin: ClassVar[type[Writer]]
    group = WRITERS

    def back(self, data: bytes) -> Document | Reading | str:
        # How a format is read again only its own suite can say; one that does not shall not pass.
        raise NotImplementedError(f"{type(self).__name__}.back: give what the writer wrote, read again")

    def write(self, model: Document | Reading) -> bytes:
        with in_time():
            made: bytes = self.made().write(model)
        return made

    def model(self, reading: Reading) -> Document | Reading:
        return reading if self.plugin.MODEL == "reading" else layout(reading)

    def test_its_model_and_losses_are_known(self) -> None:
        assert self.plugin.MODEL in ("document", "reading")
        assert set(self.plugin.LOSSES) <= LOSSES.keys()

    @modest
    @given(readings())
    def test_nothing_is_lost_but_what_it_declares(self, reading: Reading) -> None:
        model = self.model(reading)
        before = msgspec.json.encode(model)
        data = self.write(model)
        assert isinstance(data, bytes)
        assert data == self.write(model), "other bytes the second time"
        assert msgspec.json.encode(model) == before, "it has changed the model"
        self.compare(reading, model, self.back(data))

    def compare(self, reading: Reading, model: Document | Reading, back: Document | Reading | str) -> None:
        """Raises AssertionError where `back` does not say what was written."""
        if isinstance(back, str):
            found = fold(back)
            assert [text for text in shown(model) if fold(text) not in found] == []
        elif isinstance(back, Reading):
            assert [content(s) for s in back.sheets] == [content(s) for s in reading.sheets]
        else:
            assert isinstance(model, Document)
            assert list(map(fold, shown(back))) == list(map(fold, shown(model)))
            for loss, kept in KEPT.items():
                assert loss in self.plugin.LOSSES or kept(back) == kept(model), loss
            if self.means(reading):
                assert [content(s) for s in interpret(back).sheets] == [content(s) for s in reading.sheets]

    def means(self, reading: Reading) -> bool:
        """Whether a file that holds what this writer declares to hold says all that `reading` means.

        Where a sheet ends is told by the sections, and what a note that is of no field means nobody knows:
        it has to come back as text, wherever it is put.
        """
        parted = len(reading.sheets) == 1 or "sections" not in self.plugin.LOSSES
        return parted and "spans" not in self.plugin.LOSSES and not any(s.unplaced for s in reading.sheets)

    def test_texts_stay_texts(self) -> None:
        """Whatever they look like: formulas, mark-up, separators, long numbers."""
        if self.plugin.MODEL == "reading":
            model: Document | Reading = Reading(sheets=tuple(Sheet(title=one) for one in TRICKY))
        else:
            cells = [Cell(text=one, row=k // 4, col=k % 4) for k, one in enumerate(TRICKY)]
            notes = [Line(text=one, style="note") for one in TRICKY]
            model = Document(sections=(Section(blocks=(Line(text=TRICKY[0]), grid(cells), *notes)),))
        back = self.back(self.write(model))
        found = back if isinstance(back, str) else "\n".join(texts(back))
        assert [one for one in TRICKY if fold(one) not in fold(found)] == []

    def test_nothing_at_all_can_be_written(self) -> None:
        assert isinstance(self.write(self.model(Reading())), bytes)

    def test_it_survives_pickling(self) -> None:
        model = self.model(Reading(sheets=(Sheet(title="表（虚构）"),)))
        assert pickle.loads(pickle.dumps(self.made())).write(model) == self.write(model)

    def test_it_prints_nothing(self, capfd: pytest.CaptureFixture[str]) -> None:
        self.write(self.model(Reading(sheets=(Sheet(title="表（虚构）"),))))
        assert capfd.readouterr().out == ""

    def test_a_character_that_it_cannot_hold_is_refused_in_words(self) -> None:
        model = self.model(Reading(sheets=(Sheet(title="坏\x00字"),)))
        try:
            assert isinstance(self.write(model), bytes)
        except JixiaoError as error:
            assert error.code and error.what and error.do


class CheckSuite(Suite):
    """A check: `examples` are sheets, each with the codes of what it finds in it."""

    plugin: ClassVar[type[Check]]
    examples: ClassVar[tuple[tuple[Sheet, tuple[str, ...]], ...]]
    group = CHECKS

    def found(self, sheet: Sheet) -> list[Finding]:
        with in_time():
            return list(self.made().check(sheet))

    def test_it_finds_what_the_examples_say(self) -> None:
        for sheet, codes in self.examples:
            assert tuple(f.code for f in self.found(sheet)) == codes

    @modest
    @given(sheets())
    def test_it_only_adds_findings_to_any_sheet(self, sheet: Sheet) -> None:
        before = msgspec.json.encode(sheet)
        found = self.found(sheet)
        assert msgspec.json.encode(sheet) == before, "it has changed the sheet"
        assert found == self.found(sheet)
        for one in found:
            assert msgspec.convert(msgspec.to_builtins(one), Finding) == one
            assert one.code in FINDINGS or one.code.startswith(f"{self.plugin.NAME}-"), one.code
            assert one.indicator is None or 0 <= one.indicator < len(sheet.indicators)
            assert one.message

    def test_it_survives_pickling(self) -> None:
        copy = pickle.loads(pickle.dumps(self.made()))
        assert [list(copy.check(s)) for s, _codes in self.examples] == [
            self.found(s) for s, _ in self.examples
        ]

    def test_it_prints_nothing(self, capfd: pytest.CaptureFixture[str]) -> None:
        for sheet, _codes in self.examples:
            self.found(sheet)
        assert capfd.readouterr().out == ""


@contextmanager
def in_time(seconds: int = SECONDS) -> Iterator[None]:
    """Ends what hangs, where the system has alarms."""
    if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def over(number: int, frame: FrameType | None) -> None:
        raise AssertionError(f"it takes longer than {seconds} seconds")

    before = signal.signal(signal.SIGALRM, over)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _spans(document: Document) -> list[tuple[str, int, int]]:
    """Each text that stands over several rows, with how many rows and columns."""
    cells = (cell for one in document.grids() for cell in one.cells if cell.text.strip())
    return [(fold(cell.text), cell.rowspan, cell.colspan) for cell in cells if cell.rowspan > 1]


def _styles(document: Document) -> list[str]:
    blocks = [block for section in document.sections for block in section.blocks]
    cells = (block.cells if isinstance(block, Grid) else (block,) for block in blocks)
    return [one.style for some in cells for one in some if one.text.strip()]


KEPT: dict[str, Callable[[Document], object]] = {
    "sections": lambda document: len(document.sections),
    "names": lambda document: [section.name for section in document.sections],
    "spans": _spans,
    "styles": _styles,
}
"""What has to come back unless it is declared as lost; a line may come back as a row of one wide cell."""


def texts(made: Document | Reading) -> Iterator[str]:
    """Every text, also the names of sections."""
    if isinstance(made, Document):
        for section in made.sections:
            yield section.name or ""
        yield from shown(made)
    else:
        yield from _strings(msgspec.to_builtins(made.sheets))


def shown(model: Document | Reading) -> Iterator[str]:
    """Every text in reading order."""
    if isinstance(model, Reading):
        yield from _strings(msgspec.to_builtins([content(s) for s in model.sheets]))
        return
    for section in model.sections:
        for block in section.blocks:
            cells = [c.text for c in block.cells] if isinstance(block, Grid) else [block.text]
            yield from filter(str.strip, cells)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)


def whole(made: object) -> None:
    """Raises AssertionError where it is no Document or Reading of the right types, or a grid has holes."""
    assert isinstance(made, Document | Reading)
    require_valid(made)
    for one in made.grids() if isinstance(made, Document) else ():
        assert grid(one.cells, one.rows, one.cols, widths=one.widths, spans=one.spans) == one
