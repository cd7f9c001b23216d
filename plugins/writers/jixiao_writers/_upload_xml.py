"""Records as XML, written as they come: root, header, data, an element a record, an element a column."""

from collections.abc import Iterable, Mapping
from typing import BinaryIO

from jixiao.markup import escaped, quoted
from jixiao.upload import Upload

from jixiao_writers._text import guard_text


def write_upload(upload: Upload, out: BinaryIO) -> None:
    """The same upload, the same bytes; no more than one record is held at a time."""
    for line in _lines(upload):
        out.write(f"{line}\n".encode(upload.encoding))


def _lines(upload: Upload) -> Iterable[str]:
    name, _at, version = upload.mark.partition("@")
    draft = ' draft="true"' if upload.draft else ""
    yield f'<?xml version="1.0" encoding="{upload.encoding}"?>'
    for note in upload.notes:
        yield f"<!-- {note.replace('--', '- -').rstrip('-')} -->"
    yield (
        f"<{upload.root} xmlns={quoted(upload.namespace)} profile={quoted(name)} "
        f'version={quoted(version)} verified="{str(upload.verified).lower()}"{draft}>'
    )
    yield f" <{upload.header}>"
    yield from _columns(upload.heading, list(upload.heading))
    yield f" </{upload.header}>"
    yield f" <{upload.data}>"
    orders = {table.name: [column.name for column in table.columns] for table in upload.tables}
    edit = quoted(upload.edit_type)
    for row in upload.rows:
        yield f"  <{row.table} editType={edit}>"
        yield from _columns(row.values, orders[row.table])
        yield f"  </{row.table}>"
    yield f" </{upload.data}>"
    yield f"</{upload.root}>"


def _columns(values: Mapping[str, str], order: Iterable[str]) -> Iterable[str]:
    for name in order:
        if text := values.get(name):
            guard_text(text, "XML")
            yield f"   <{name}>{escaped(text)}</{name}>"
