"""A plugin of every kind as written for version 1 of the plugin interface. It is never changed."""

from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, Any

import msgspec
from jixiao.document import Cell, Document, Line, Section, grid
from jixiao.errors import BadInput
from jixiao.head import Head
from jixiao.hookspecs import Filter, hookimpl
from jixiao.limits import Limits
from jixiao.model import Finding, Sheet

MARK = b"VERSION1\n"


class Options(msgspec.Struct, frozen=True):
    mark: Annotated[str, msgspec.Meta(description="What stands between cells.")] = ";"
    most: int = 1000


class Version1Reader:
    NAME = "version1"
    API_VERSION = 1
    MEDIA_TYPES = ("application/x-version1",)
    EXTENSIONS = ("v1",)
    OPTIONS = Options

    def __init__(self, options: Options | None = None) -> None:
        self.options = options or Options()

    def sniff(self, head: Head) -> bool:
        return head.start.startswith(MARK)

    def read(self, data: bytes, limits: Limits) -> Document:
        try:
            lines = data.removeprefix(MARK).decode().splitlines()
        except UnicodeDecodeError as error:
            raise BadInput("version1-text", "The file is no UTF-8.", "Save it anew.") from error
        title, *rows = lines[: self.options.most] or [""]
        cells = [
            Cell(text=text, row=r, col=c)
            for r, row in enumerate(rows)
            for c, text in enumerate(row.split(self.options.mark))
        ]
        blocks = (Line(text=title, style="title"), *([grid(cells)] if cells else []))
        return Document(sections=(Section(blocks=blocks),))


class Version1Writer:
    NAME = "version1"
    API_VERSION = 1
    MEDIA_TYPE = "application/x-version1"
    EXTENSION = "v1"
    MODEL = "document"
    LOSSES = ("source", "findings", "place", "confidence", "spans", "styles", "names")

    def write(self, model: Document) -> bytes:
        lines: list[str] = []
        for section in model.sections:
            for block in section.blocks:
                if isinstance(block, Line):
                    lines.append(block.text)
                else:
                    lines += (";".join(c.text for c in row) for row in block.by_row())
        return MARK + "\n".join(lines).encode()


class Version1Check:
    NAME = "version1"
    API_VERSION = 1

    def check(self, sheet: Sheet) -> Iterable[Finding]:
        if sheet.title and "version1" in sheet.title:
            yield Finding(
                code="version1-title", severity="warning", message="The title says version1. Change it."
            )


class Version1Filter(Filter):
    NAME = "version1"
    API_VERSION = 1

    def after_read(self, document: Document) -> Document:
        return document


class Version1Executor:
    NAME = "version1"
    API_VERSION = 1

    def run(self, work: Callable[[Any], Any], tasks: Iterable[Any], means: Any) -> Iterator[tuple[Any, Any]]:
        for task in tasks:
            yield task, work(task)


@hookimpl
def jixiao_reader() -> type[Version1Reader]:
    return Version1Reader


@hookimpl
def jixiao_writer() -> type[Version1Writer]:
    return Version1Writer


@hookimpl
def jixiao_check() -> type[Version1Check]:
    return Version1Check


@hookimpl
def jixiao_filter() -> type[Version1Filter]:
    return Version1Filter


@hookimpl
def jixiao_executor() -> type[Version1Executor]:
    return Version1Executor
