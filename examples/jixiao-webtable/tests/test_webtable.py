"""Each of the two files holds every text, and what every writer must hold."""

import csv
import io
import re
import zipfile

from jixiao.document import Cell, Document, Line, Section, grid
from jixiao.testkit import WriterSuite
from jixiao_webtable import Options, WebTableWriter

CELLS = [
    Cell(text="甲", row=0, col=0, rowspan=2),
    Cell(text="a|b", row=0, col=1),
    Cell(text="=1+1", row=1, col=1),
]
DOCUMENT = Document(sections=(Section(blocks=(Line(text="表（虚构）", style="title"), grid(CELLS))),))


def from_csv(data: bytes) -> str:
    return "\n".join(cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), "")) for cell in row)


def from_markdown(data: bytes) -> str:
    return re.sub(r"\\([^A-Za-z0-9\s])", r"\1", data.decode().replace("<br>", "\n"))


def parts(data: bytes) -> tuple[bytes, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("tables.csv"), archive.read("page.md")


class TestCsv(WriterSuite):
    plugin = WebTableWriter

    def back(self, data: bytes) -> str:
        return from_csv(parts(data)[0])


class TestMarkdown(WriterSuite):
    plugin = WebTableWriter

    def made(self) -> WebTableWriter:
        return WebTableWriter(Options(only="md"))

    def back(self, data: bytes) -> str:
        return from_markdown(data)


def test_covered_positions_are_empty() -> None:
    data = WebTableWriter(Options(only="csv")).write(DOCUMENT)
    assert data.decode("utf-8-sig") == "表（虚构）\r\n甲,a|b\r\n,=1+1\r\n"
    data = WebTableWriter(Options(only="md")).write(DOCUMENT)
    assert data.decode() == "# 表（虚构）\n\n| 甲 | a\\|b |\n| --- | --- |\n|  | =1+1 |\n\n"


def test_formulas_are_guarded_where_it_is_asked_for() -> None:
    data = WebTableWriter(Options(only="csv", guard=True)).write(DOCUMENT)
    assert "'=1+1" in data.decode("utf-8-sig")
