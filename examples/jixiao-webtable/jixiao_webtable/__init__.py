"""Writes CSV and Markdown for the web."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

import msgspec
from jixiao.document import Document, Grid, Line
from jixiao.hookspecs import hookimpl

THEN = (1980, 1, 1, 0, 0, 0)  # the same document, the same bytes
MARKS = re.compile(r"([\\`*_{}\[\]<>#|~&])")
FORMULA = ("=", "+", "-", "@")


class Options(msgspec.Struct, frozen=True):
    only: Annotated[
        Literal["both", "csv", "md"], msgspec.Meta(description="One of the two files, not a zip of both.")
    ] = "both"
    guard: Annotated[
        bool, msgspec.Meta(description="Put an apostrophe before what a spreadsheet would calculate.")
    ] = False


class WebTableWriter:
    NAME: ClassVar[str] = "webtable"
    API_VERSION: ClassVar[int] = 1
    MEDIA_TYPE: ClassVar[str] = "application/zip"
    EXTENSION: ClassVar[str] = "zip"
    MODEL: ClassVar[str] = "document"
    LOSSES: ClassVar[tuple[str, ...]] = (
        "source", "findings", "place", "confidence", "spans", "styles", "names", "sections"
    )  # fmt: skip
    OPTIONS: ClassVar[type[Options]] = Options

    def __init__(self, options: Options | None = None) -> None:
        self.options = options or Options()

    def write(self, model: Document) -> bytes:
        blocks = [block for section in model.sections for block in section.blocks]
        if self.options.only == "csv":
            return _csv(blocks, self.options.guard)
        if self.options.only == "md":
            return _markdown(blocks)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(zipfile.ZipInfo("tables.csv", THEN), _csv(blocks, self.options.guard))
            archive.writestr(zipfile.ZipInfo("page.md", THEN), _markdown(blocks))
        return out.getvalue()


def _rows(grid: Grid) -> Iterator[list[str]]:
    """Every position of the grid; a merged cell's text stands at its top left."""
    rows = [[""] * grid.cols for _ in range(grid.rows)]
    for cell in grid.cells:
        rows[cell.row][cell.col] = cell.text
    yield from rows


def _csv(blocks: list[Line | Grid], guard: bool) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for block in blocks:
        for row in [[block.text]] if isinstance(block, Line) else _rows(block):
            writer.writerow([f"'{text}" if guard and text.startswith(FORMULA) else text for text in row])
    return _encoded("\ufeff" + out.getvalue())


def _markdown(blocks: list[Line | Grid]) -> bytes:
    return _encoded("".join(f"{part}\n\n" for part in map(_part, blocks) if part))


def _part(block: Line | Grid) -> str:
    if isinstance(block, Line):
        return ("# " if block.style == "title" else "") + _escaped(block.text)
    lines = [f"| {' | '.join(map(_escaped, row))} |" for row in _rows(block)]
    lines[1:1] = ["|" + " --- |" * block.cols] if lines else []
    return "\n".join(lines)


def _escaped(text: str) -> str:
    """The text with nothing in it taken for mark-up; line breaks as the one tag that tables allow."""
    return "<br>".join(MARKS.sub(r"\\\1", line) for line in text.splitlines())


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


@hookimpl
def jixiao_writer() -> type[WebTableWriter]:
    return WebTableWriter
