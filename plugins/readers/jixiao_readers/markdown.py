"""Markdown in: pipe tables, HTML tables among the text as layout programs write them, the lines around."""

import re
from collections.abc import Iterator
from typing import ClassVar

from jixiao.document import Document, Grid, Line, Section
from jixiao.errors import over_limit
from jixiao.head import Head
from jixiao.hookspecs import Reader, hookimpl
from jixiao.limits import Limits
from jixiao.model import Finding, Place
from msgspec.structs import replace

from jixiao_readers._decode import decode, looks_like_text
from jixiao_readers._example import example_file
from jixiao_readers._rows import rows_grid

_BELOW_HEADS = re.compile(r"[ \t]*+\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?[ \t]*+")
# What was matched once is not tried another way: each of 64 KiB of bars or dashes would be a new start.
_BELOW = re.compile(
    rb"^[^\n|]*+\|[^\n]*+\n"
    rb"[ \t]*+\|?[ \t]*+:?-++:?[ \t]*+\|(?:[ \t]*+:?-++:?[ \t]*+\|?)*+[ \t]*+(?:\r?\n|\Z)",
    re.M,
)
_HTML_CELL = re.compile(rb"\A(?>.*?<table\b).*?<t[dh]\b", re.I | re.S)
_TABLE = re.compile(r"<(/?)table\b[^>]*>", re.I)
_BREAK = re.compile(r"<br\s*/?>", re.I)
_BAR = re.compile(r"(?<!\\)((?:\\\\)*)\|")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_STRONG = re.compile(r"(\*\*|__)(.+)\1", re.S)
_HEADING = re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+", re.M)


class MarkdownReader:
    """Tables with their cells as a Markdown program would show them; an alignment row is no row."""

    NAME: ClassVar[str] = "markdown"
    API_VERSION: ClassVar[int] = 1
    MEDIA_TYPES: ClassVar[tuple[str, ...]] = ("text/markdown",)
    EXTENSIONS: ClassVar[tuple[str, ...]] = ("md", "markdown")

    def example(self) -> bytes:
        return example_file("markdown.md")

    def sniff(self, head: Head) -> bool:
        """Text in which heads stand over an alignment row, or an HTML table with cells."""
        start = head.start
        return looks_like_text(start) and bool(_BELOW.search(start) or _HTML_CELL.search(start))

    def read(self, data: bytes, limits: Limits) -> Document:
        """One section. Raises BadInput: `bad-encoding`, `damaged-file`, `limit-cells`."""
        text = decode(data).replace("\r\n", "\n").replace("\r", "\n")
        if text.count("|") + text.count("\n") > limits.cells:
            raise over_limit("cells", text.count("|") + text.count("\n"), limits.cells)
        blocks: list[Line | Grid] = []
        findings: list[Finding] = []
        for row, part in _parts(text):
            more, said = _html(part, limits) if _TABLE.match(part) else _plain(part, row, limits)
            blocks += more
            findings += said
        return Document(sections=(Section(blocks=tuple(blocks)),), findings=tuple(findings))


Read = tuple[list[Line | Grid], list[Finding]]


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """The text and the HTML tables in it by turns, each with the number of its first line from 0."""
    begin = depth = 0
    for tag in _TABLE.finditer(text):
        opens = not tag[1]
        if opens and not depth:
            yield text.count("\n", 0, begin), text[begin : tag.start()]
            begin = tag.start()
        depth = max(0, depth + (1 if opens else -1))
        if not opens and not depth and _TABLE.match(text, begin):
            yield text.count("\n", 0, begin), text[begin : tag.end()]
            begin = tag.end()
    yield text.count("\n", 0, begin), text[begin:]


def _html(part: str, limits: Limits) -> Read:
    from jixiao_readers.html import HtmlReader

    document = HtmlReader().read(part.encode(), limits)
    return [b for s in document.sections for b in s.blocks], list(document.findings)


def _plain(part: str, row: int, limits: Limits) -> Read:
    """Pipe tables, and what stands between them as the text reader takes it."""
    lines = part.split("\n")
    blocks: list[Line | Grid] = []
    findings: list[Finding] = []
    begin = at = 0
    while at < len(lines):
        end = _end_of_table(lines, at)
        if end is None:
            at += 1
            continue
        more, said = _around(lines[begin:at], row + begin, limits)
        rows = [(row + n + 1, _cells(lines[n])) for n in (at, *range(at + 2, end))]
        blocks += [*more, rows_grid(rows)]
        findings += said
        begin = at = end
    more, said = _around(lines[begin:], row + begin, limits)
    return blocks + more, findings + said


def _end_of_table(lines: list[str], at: int) -> int | None:
    """Where the table that begins at a line ends; None where none begins there."""
    if at + 1 >= len(lines) or "|" not in lines[at] or "|" not in lines[at + 1]:
        return None
    if not _BELOW_HEADS.fullmatch(lines[at + 1]):
        return None
    end = at + 2
    while end < len(lines) and "|" in lines[end]:
        end += 1
    return end


def _cells(line: str) -> list[str]:
    """The cells of a row; a bar after a backslash is one of the text."""
    line = line.strip().removeprefix("|")
    parts, begin = [], 0
    for bar in _BAR.finditer(line):
        parts.append(line[begin : bar.end() - 1])
        begin = bar.end()
    if line[begin:].strip():
        parts.append(line[begin:])
    return [_shown(part.strip()) for part in parts]


def _shown(cell: str) -> str:
    """A cell's text as it shows: breaks as new lines, marks of stress and of escape gone."""
    strong = _STRONG.fullmatch(cell)
    return _ESCAPED.sub(r"\1", _BREAK.sub("\n", strong[2] if strong else cell))


def _around(lines: list[str], row: int, limits: Limits) -> Read:
    """The lines without tables; those before them keep their numbers."""
    from jixiao_readers.text import TextReader

    if not any(line.strip() for line in lines):
        return [], []
    document = TextReader().read(_HEADING.sub("", "\n".join(lines)).encode(), limits)
    return [_below(b, row) for s in document.sections for b in s.blocks], list(document.findings)


def _below(block: Line | Grid, rows: int) -> Line | Grid:
    """The block so many lines further down."""
    if isinstance(block, Grid):
        cells = tuple(replace(cell, place=_lower(cell.place, rows)) for cell in block.cells)
        return replace(block, cells=cells)
    return replace(block, place=_lower(block.place, rows))


def _lower(place: Place | None, rows: int) -> Place | None:
    return replace(place, row=place.row + rows) if place and place.row else place


@hookimpl
def jixiao_reader() -> type[Reader]:
    return MarkdownReader
