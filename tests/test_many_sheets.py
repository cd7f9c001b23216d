"""Workbooks of many sheets: understood a worksheet at a time, all of it or nothing."""

import gc
import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from random import Random

import msgspec
import pytest
from jixiao import convert
from jixiao.document import Document, Section
from jixiao.errors import BadInput
from jixiao.interpret import interpret, interpret_parts
from jixiao.layout import layout
from jixiao.limits import Limits
from jixiao.model import Reading
from jixiao.passes import checked
from jixiao.plugins import registry
from jixiao.testkit import make_sheet
from jixiao_readers.xlsx import XlsxReader


def book(sheets: int, each: int = 1) -> bytes:
    """A workbook of so many worksheets, `each` made-up forms in one."""
    rng = Random(7)
    blocks = [
        layout(Reading(sheets=(make_sheet(rng, indicators=5),))).sections[0].blocks for _ in range(each)
    ]
    sections = (Section(name=str(k), blocks=sum(blocks, ())) for k in range(sheets))
    made: bytes = registry().writer("xlsx").write(Document(sections=tuple(sections)))
    return made


def damaged(data: bytes, worksheet: int) -> bytes:
    """The workbook with one worksheet cut in half."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as sound, zipfile.ZipFile(out, "w") as bad:
        for name in sound.namelist():
            part = sound.read(name)
            bad.writestr(name, part[: len(part) // 2] if name.endswith(f"/sheet{worksheet}.xml") else part)
    return out.getvalue()


def test_a_worksheet_at_a_time_means_what_the_whole_means() -> None:
    data = book(6, 3)
    whole = XlsxReader().read(data, Limits())
    assert Document.of(XlsxReader().parts(data, Limits())) == whole
    read = convert.read(data, "a.xlsx")
    assert len(read.sheets) == 18
    assert msgspec.structs.replace(read, source=None) == checked(interpret(whole))


def test_no_more_than_a_few_worksheets_are_held_at_a_time() -> None:
    held = []

    def looked_at():
        for part in XlsxReader().parts(book(12), Limits()):
            yield part
            held.append(sum(isinstance(one, Section) for one in gc.get_objects()))

    before = sum(isinstance(one, Section) for one in gc.get_objects())
    assert len(interpret_parts(looked_at()).sheets) == 12
    assert max(held) - before <= 3


def test_a_fault_in_a_late_worksheet_is_a_fault_of_the_whole(tmp_path: Path) -> None:
    data = damaged(book(30), 29)
    with pytest.raises(BadInput) as caught:
        convert.read(data)
    assert caught.value.code == "damaged-file"
    (tmp_path / "a.xlsx").write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-m", "jixiao", "convert", "a.xlsx", "--to", "xml", "-o", "out.xml"],
        cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1 and done.stdout == ""
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


def test_the_limit_of_cells_holds_for_all_worksheets_together() -> None:
    data, one = book(10), book(1)
    cells = sum(len(grid.cells) for grid in XlsxReader().read(one, Limits()).grids())
    assert len(convert.read(data, limits=Limits(cells=cells * 40)).sheets) == 10
    with pytest.raises(BadInput) as caught:
        convert.read(data, limits=Limits(cells=cells * 5))
    assert caught.value.code == "limit-cells"


@pytest.mark.slow
def test_memory_hardly_grows_with_the_sheets(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(book(100, 10))
    program = (
        "import re; from pathlib import Path; from jixiao import convert;"
        "data = convert.write(convert.read_file(Path('a.xlsx')), 'xml');"
        "print(len(data), *re.findall(r'VmHWM:\\s*(\\d+)', Path('/proc/self/status').read_text()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, check=True, capture_output=True, timeout=120
    )
    size, kibibytes = map(int, re.findall(rb"\d+", done.stdout))
    assert size > 3_000_000
    assert kibibytes < 80 * 1024  # held as a whole it was over 110
