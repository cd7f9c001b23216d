"""What ReaderSuite finds in a reader that is wrong, and in none that is right."""

import subprocess
import sys
from typing import Any

import pytest
from jixiao.document import Cell, Document, Grid, Line, Section, grid
from jixiao.errors import BadInput
from jixiao.head import Head
from jixiao.limits import Limits
from jixiao.testkit import ReaderSuite as Suite  # under its own name pytest would collect it here
from jixiao.testkit import drawn
from jixiao.testkit.harm import harmed

EXAMPLE = b"#spans\n0 0 2 1 a\n0 1 1 1 b\n1 1 1 1 c\n"
SHOWN = ((("a", "b"), ("↑", "c")),)


class SpansReader:
    """A cell a line: row, column, spans and text. Right in all but what a subclass does."""

    NAME = "spans"
    API_VERSION = 1
    MEDIA_TYPES = ("text/x-spans",)
    EXTENSIONS = ("spans",)

    def sniff(self, head: Head) -> bool:
        return head.start.startswith(b"#spans\n")

    def read(self, data: bytes, limits: Limits) -> Document:
        try:
            cells = [self.cell(*line.split(b" ", 4)) for line in data.splitlines()[1:]]
            positions = sum((c.row + c.rowspan) * (c.col + c.colspan) for c in cells)
            if positions > limits.cells:
                raise BadInput("limit-cells", "Too large.", "Leave it out.")
            if any(min(c.row, c.col, c.rowspan - 1, c.colspan - 1) < 0 for c in cells):
                raise ValueError("outside")
            return Document(sections=(Section(blocks=(self.grid(cells),)),))
        except (TypeError, ValueError) as error:
            raise self.told(error) from error

    def cell(self, row: bytes, col: bytes, high: bytes, wide: bytes, text: bytes) -> Cell:
        return Cell(text=text.decode(), row=int(row), col=int(col), rowspan=int(high), colspan=int(wide))

    def grid(self, cells: list[Cell]) -> Grid:
        return grid(cells)

    def told(self, error: Exception) -> Exception:
        return BadInput("spans-damaged", "A cell is wrong.", "Get the file again.")


class NoDigitsReader(SpansReader):
    def told(self, error: Exception) -> Exception:
        return error if "invalid literal" in str(error) else super().told(error)


class OverlapReader(SpansReader):
    def told(self, error: Exception) -> Exception:
        return error if "two cells claim" in str(error) else super().told(error)


class NoSpansReader(SpansReader):
    def cell(self, row: bytes, col: bytes, high: bytes, wide: bytes, text: bytes) -> Cell:
        return super().cell(row, col, b"1", b"1", text)


def suite(reader: type[Any], **parts: object) -> Suite:
    return type("TestIt", (Suite,), {"plugin": reader, "example": EXAMPLE, "blocks": SHOWN, **parts})()


def test_a_right_reader_passes() -> None:
    right = suite(SpansReader)
    for name in dir(right):
        if name.startswith("test_") and name not in ("test_it_knows_no_other", "test_it_prints_nothing"):
            getattr(right, name)()


@pytest.mark.parametrize("reader", [NoDigitsReader, OverlapReader])
def test_a_reader_that_raises_for_a_harmed_digit_is_found_and_the_harm_told(
    reader: type[SpansReader], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ValueError):
        suite(reader).test_a_harmed_file_is_read_or_refused()
    assert "done last: byte " in capsys.readouterr().out


def test_a_reader_that_loses_merged_cells_is_found() -> None:
    with pytest.raises(AssertionError):
        suite(NoSpansReader).test_it_shows_what_the_example_shows()


def test_a_suite_that_says_nothing_of_its_example_is_told() -> None:
    with pytest.raises(AssertionError, match="blocks"):
        suite(SpansReader, blocks=None).test_it_says_what_the_example_shows()


def test_harm_is_the_same_each_time_fine_and_bounded() -> None:
    every = list(harmed(EXAMPLE, 600))
    assert every == list(harmed(EXAMPLE, 600)) and len(every) <= 600
    changed = {said for said, _data in every}
    assert {f"byte {at}, {EXAMPLE[at : at + 1]!r}, is b'x'" for at in range(7, 14, 2)} <= changed
    assert {EXAMPLE[:at] for at in range(len(EXAMPLE))} <= {data for _said, data in every}
    assert len(list(harmed(EXAMPLE * 1000, 600))) == 600
    assert list(harmed(b"", 600)) == []


def test_what_is_drawn_has_lines_and_merged_cells_in_their_order() -> None:
    table = grid([Cell(text="a", row=0, col=0, rowspan=2, colspan=2), Cell(text="b", row=0, col=2)])
    document = Document(sections=(Section(blocks=(Line(text="t"), table)), Section(blocks=(Line(text="u"),))))
    assert drawn(document) == ("t", (("a", "←", "b"), ("↑", "↑", "")), "u")


@pytest.mark.parametrize(("name", "lacking"), [("ReaderSuite", "pytest"), ("sheets", "hypothesis")])
def test_what_the_suites_need_is_said(name: str, lacking: str) -> None:
    script = f"import sys; sys.modules[{lacking!r}] = None\nimport jixiao.testkit\njixiao.testkit.{name}"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    assert f"jixiao.testkit.{name} needs {lacking}" in done.stderr
    assert done.stderr.endswith("python -m pip install pytest hypothesis\n")
