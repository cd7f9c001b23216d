"""Text of any shape: tab- or pipe-separated tables, one cell a line, OCR output, stray HTML tags."""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from itertools import groupby
from typing import ClassVar

from jixiao.document import Document, Grid, Line, Section
from jixiao.errors import over_limit
from jixiao.findings import finding
from jixiao.head import Head
from jixiao.hookspecs import Reader, hookimpl
from jixiao.limits import Limits
from jixiao.model import Finding, Place

from jixiao_readers._decode import decode, looks_like_text
from jixiao_readers._example import example_file
from jixiao_readers._rows import rows_grid

_NAMES = "p|br|div|span|b|i|u|strong|em|font|td|tr|th|table|tbody|thead|li|ul|ol|a|h[1-6]|o:p|sup|sub"
_TAG = re.compile(rf"</?(?:{_NAMES})(?:\s[^<>]*)?/?>", re.I)
_ENTITY = re.compile(r"&(?:nbsp|lt|gt|amp|quot|ge|le|#\d+|#x[0-9a-f]+);", re.I)
_LONG_ENTITY = re.compile(r"&#(?:\d{9,}|x[0-9a-f]{9,});?", re.I)
"""Names no character; to read so many digits takes long, and Python refuses."""
_RULE = re.compile(r"[\s|:+]*+-[\s|:+-]*+|[\s:+]*+")
_MOST_LINES = 20
"""Lines that a cell of a row goes over."""
_WIDE = re.compile(r"\S(?: {2}|\u3000)")
_LINES = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")


class TextReader:
    """Reads text into lines and, where tabs or pipes part cells, grids that do not claim to know spans."""

    NAME: ClassVar[str] = "text"
    API_VERSION: ClassVar[int] = 1
    MEDIA_TYPES: ClassVar[tuple[str, ...]] = ("text/plain", "text/tab-separated-values")
    EXTENSIONS: ClassVar[tuple[str, ...]] = ("txt", "tsv")

    def example(self) -> bytes:
        return example_file("text.txt")

    def sniff(self, head: Head) -> bool:
        return looks_like_text(head.start)

    def read(self, data: bytes, limits: Limits) -> Document:
        text, findings = _without_tags(decode(data))
        lines = _LINES.split(text)
        if sum(line.count("\t") + line.count("|") + 1 for line in lines) > limits.cells:
            raise over_limit("cells", text.count("\t") + len(lines), limits.cells)
        if (typed := _typed(text, lines)) is not None:
            return Document(sections=(Section(blocks=tuple(typed)),), findings=(*findings, *_by_place(typed)))
        blocks: list[Line | Grid] = []
        shape = _pipe_shape(lines)
        numbered = _whole_rows(lines) if shape == "rows" else enumerate(lines, 1)
        for kind, group in groupby(numbered, key=lambda pair: _kind(pair[1], shape)):
            blocks += _blocks(kind, list(group))
        return Document(sections=(Section(blocks=tuple(blocks)),), findings=findings)


def _typed(text: str, lines: Sequence[str]) -> list[Line | Grid] | None:
    """The blocks of text whose columns are made of blanks; None for any other."""
    if "\t" in text or "|" in text or not _WIDE.search(text):
        return None
    from jixiao.geometry.typed import typed_tables

    pages: list[list[tuple[int, str]]] = [[]]
    for number, (line, end) in enumerate(zip(lines, [*_LINES.findall(text), ""], strict=True), 1):
        pages[-1].append((number, line))
        if end == "\f":
            pages.append([])
    return typed_tables(pages)


def _by_place(blocks: Iterable[Line | Grid]) -> Iterator[Finding]:
    """That the cells of tables were told by where their texts stand, for each page."""
    cells = (cell for block in blocks if isinstance(block, Grid) for cell in block.cells)
    for page in sorted({cell.place.page for cell in cells if cell.place and cell.place.page}):
        yield finding("columns-by-place", text=str(page), place=Place(page=page))


def _without_tags(text: str) -> tuple[str, tuple[Finding, ...]]:
    tags = sorted(set(_TAG.findall(text)))
    if not tags and not _ENTITY.search(text):
        return text, ()
    plain = _TAG.sub("", text)
    if _ENTITY.search(plain):
        plain = unescape(_LONG_ENTITY.sub("\ufffd", plain))
    return plain, (finding("html-fragment", text=" ".join(tags)),) if tags else ()


def _pipe_shape(lines: Iterable[str]) -> str:
    """How pipes are used: `rows` (a row a line), `cells` (one cell a line, ended by a pipe), or `none`."""
    counts = [len([c for c in line.split("|") if c.strip()]) for line in lines if "|" in line]
    if not counts:
        return "none"
    return "rows" if 2 * sum(n > 1 for n in counts) > sum(n > 0 for n in counts) else "cells"


def _whole_rows(lines: Sequence[str]) -> list[tuple[int, str]]:
    """The lines with their numbers, the rows of a table whole where a cell of theirs goes over several lines.

    That shows only where every row begins with a pipe and most end with one: one without its end goes on to
    the line that has it.
    """
    rows: list[tuple[int, str]] = []
    at = 0
    while at < len(lines):
        end = _end(lines, at) if _opens(lines[at]) else at
        rows.append((at + 1, "\n".join(lines[at : end + 1])))
        at = end + 1
    piped = [row for _, row in rows if "|" in row]
    closed = sum(row.rstrip().endswith("|") for row in piped)
    return rows if all(map(_opens, piped)) and 2 * closed > len(piped) else list(enumerate(lines, 1))


def _end(lines: Sequence[str], at: int) -> int:
    """The last line of the row that begins in line `at`; that itself where the row has no end."""
    for k in range(at, min(at + _MOST_LINES, len(lines))):
        if k > at and (_opens(lines[k]) or not lines[k].strip()):
            break
        if lines[k].rstrip().endswith("|"):
            return k
    return at


def _opens(line: str) -> bool:
    return line.lstrip().startswith("|")


def _kind(line: str, shape: str) -> str:
    if "\t" in line:
        return "tabs"
    if "|" in line and shape != "none":
        return shape
    return "lines"


def _blocks(kind: str, numbered: list[tuple[int, str]]) -> Iterator[Line | Grid]:
    if kind == "tabs":
        yield rows_grid([(n, line.split("\t")) for n, line in numbered])
    elif kind == "rows":
        rows = _piped([(n, line.strip()) for n, line in numbered if not _RULE.fullmatch(line)])
        if rows:
            yield rows_grid(rows)
    elif kind == "cells":
        for number, line in numbered:
            for cell in line.split("|")[:-1] if line.rstrip().endswith("|") else line.split("|"):
                yield Line(text=cell.strip(), place=Place(row=number))
    else:
        for number, line in numbered:
            # a line of nothing but a no-break or ideographic space is how an empty cell is printed
            if line.strip() or line.strip(" \t"):
                yield Line(text=line, place=Place(row=number))


def _piped(rows: list[tuple[int, str]]) -> list[tuple[int, list[str]]]:
    """The cells of each row. A pipe at the start bounds the table only where every row has one."""
    bounded = all(line.startswith("|") for _, line in rows)
    return [(n, (line[1:] if bounded else line).removesuffix("|").split("|")) for n, line in rows]


@hookimpl
def jixiao_reader() -> type[Reader]:
    return TextReader
