"""Records as a finance system takes them: tables of named columns, and nothing about what they mean.

A writer that has `write_upload` turns an Upload into a file. A reader hands the same back as a Document:
`as_document` marks it with the profile that wrote it, and each table is a grid under the names (or
captions) of its columns.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import BinaryIO, NamedTuple, Protocol, runtime_checkable

from jixiao.document import Cell, Document, Grid, Section, grid

MARK = "jixiao-profile"
"""The text of a cell; the one to its right names a profile and its version: pm-perf@2.0."""
REQUIRED = "*"
NOTES, CODES = "说明", "代码"
"""Sections beside the tables: what a person should know, and the codes to choose from."""


class Column(NamedTuple):
    """`choices`: the only texts that the system takes, where they are known."""

    name: str
    caption: str
    required: bool = False
    choices: tuple[str, ...] = ()
    width: int = 0


class Table(NamedTuple):
    name: str
    caption: str
    columns: tuple[Column, ...]


class Row(NamedTuple):
    """A record of the table of that name; texts by the names of its columns, absent ones left out."""

    table: str
    values: Mapping[str, str]


class Upload(NamedTuple):
    """`rows` may be read once only, and as they come: there can be more than memory holds."""

    mark: str
    namespace: str
    root: str
    header: str
    data: str
    edit_type: str
    encoding: str
    draft: bool
    verified: bool
    notes: tuple[str, ...]
    heading: Mapping[str, str]
    tables: tuple[Table, ...]
    codes: tuple[tuple[str, str, str], ...]
    rows: Iterable[Row]


@runtime_checkable
class UploadWriter(Protocol):
    """What a writer has beside `write` when its format can hold records."""

    def write_upload(self, upload: Upload, out: BinaryIO) -> None: ...


def as_document(mark: str, tables: Mapping[str, Sequence[Mapping[str, str]]]) -> Document:
    """The document that shows records: the mark, and a grid for each table with its columns' names on top."""
    first = grid([Cell(text=MARK, row=0, col=0), Cell(text=mark, row=0, col=1)])
    return Document(
        sections=(
            Section(name=NOTES, blocks=(first,)),
            *(Section(name=name, blocks=(_grid(rows),)) for name, rows in tables.items()),
        )
    )


def _grid(rows: Sequence[Mapping[str, str]]) -> Grid:
    names = list(dict.fromkeys(name for row in rows for name in row))
    head = [Cell(text=name, row=0, col=k) for k, name in enumerate(names)]
    body = [
        Cell(text=row[name], row=r, col=k)
        for r, row in enumerate(rows, 1)
        for k, name in enumerate(names)
        if name in row
    ]
    return grid([*head, *body], rows=len(rows) + 1, cols=len(names))


def mark_of(document: Document) -> str | None:
    """The profile that a document of records is of, None for any other document."""
    return next((mark for section in document.sections if (mark := marked(section)) is not None), None)


def marked(section: Section) -> str | None:
    """The profile that a section says its document is of."""
    for table in section.blocks:
        if not isinstance(table, Grid):
            continue
        for cell in table.cells:
            if cell.text == MARK:
                right = (c.text for c in table.cells if (c.row, c.col) == (cell.row, cell.col + cell.colspan))
                return next(right, None)
    return None
