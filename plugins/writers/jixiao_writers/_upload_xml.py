"""Records as XML, written as they come: root, header, data, an element a record, an element a column."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import BinaryIO

from jixiao.markup import escaped, quoted
from jixiao.upload import Upload

from jixiao_writers._text import guard_text

KEPT = 4096
"""Elements that are made once for many records: those of one sheet have most of their texts in common."""


def write_upload(upload: Upload, out: BinaryIO) -> None:
    """The same upload, the same bytes; no more than one record is held at a time."""
    for lines in _lines(upload):
        out.write(f"{lines}\n".encode(upload.encoding))


def _lines(upload: Upload) -> Iterator[str]:
    name, _at, version = upload.mark.partition("@")
    draft = ' draft="true"' if upload.draft else ""
    yield f'<?xml version="1.0" encoding="{upload.encoding}"?>'
    for note in upload.notes:
        yield f"<!-- {note.replace('--', '- -').rstrip('-')} -->"
    yield (
        f"<{upload.root} xmlns={quoted(upload.namespace)} profile={quoted(name)} "
        f'version={quoted(version)} verified="{str(upload.verified).lower()}"{draft}>'
    )
    element = lru_cache(KEPT)(_element)
    header = [element(name, text) for name, text in upload.heading.items() if text]
    yield "\n".join([f" <{upload.header}>", *header, f" </{upload.header}>", f" <{upload.data}>"])
    yield from _records(upload, element)
    yield f" </{upload.data}>\n</{upload.root}>"


def _records(upload: Upload, element: Callable[[str, str], str]) -> Iterator[str]:
    orders = {table.name: [column.name for column in table.columns] for table in upload.tables}
    edit = quoted(upload.edit_type)
    for table, values in upload.rows:
        inner = [element(name, text) for name in orders[table] if (text := values.get(name))]
        yield "\n".join([f"  <{table} editType={edit}>", *inner, f"  </{table}>"])


def _element(name: str, text: str) -> str:
    guard_text(text, "XML")
    return f"   <{name}>{escaped(text)}</{name}>"
