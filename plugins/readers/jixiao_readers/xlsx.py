"""XLSX workbooks, ECMA-376 transitional and strict, as Office, WPS and LibreOffice save them."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from jixiao.document import Document, Section
from jixiao.errors import BadInput
from jixiao.head import Head
from jixiao.hookspecs import Reader, hookimpl
from jixiao.limits import Limits
from jixiao.messages import gettext as _
from jixiao.model import Finding, Struct
from msgspec import Meta

BINARY = "xl/workbook.bin"


class XlsxOptions(Struct):
    hidden: Annotated[bool, Meta(description="Read what the workbook hides, too.")] = False


class XlsxReader:
    """What is seen of the visible worksheets: a worksheet is a section, its used area a grid."""

    NAME: ClassVar[str] = "xlsx"
    API_VERSION: ClassVar[int] = 1
    MEDIA_TYPES: ClassVar[tuple[str, ...]] = (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.ms-excel.sheet.macroEnabled.12",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.template",
    )
    EXTENSIONS: ClassVar[tuple[str, ...]] = ("xlsx", "xlsm", "xltx", "xltm")
    OPTIONS: ClassVar[type[XlsxOptions]] = XlsxOptions

    def __init__(self, options: XlsxOptions | None = None) -> None:
        self._options = options or XlsxOptions()

    def sniff(self, head: Head) -> bool:
        if not head.start.startswith(b"PK"):
            return False
        names = {name.replace("\\", "/").lstrip("/").lower() for name in head.members}
        if not names:
            # The directory stands at the end of a zip: a file cut short shows only its first names.
            return b"xl/" in head.start
        if names & {"xl/workbook.xml", BINARY}:
            return True
        return "[content_types].xml" in names and any("worksheets/" in name for name in names)

    def read(self, data: bytes, limits: Limits) -> Document:
        """Raises BadInput: `damaged-file`, `encrypted`, `unsupported-format`, `limit-…`, `doctype`."""
        return Document.of(self.parts(data, limits))

    def parts(self, data: bytes, limits: Limits) -> Iterator[Section | Finding]:
        """A worksheet at a time."""
        from jixiao.archive import open_archive

        archive = open_archive(data, limits, "XLSX")
        if BINARY in {name.lower() for name in archive.names}:
            raise BadInput(
                "unsupported-format",
                _("The file is a binary workbook (XLSB), which cannot be read."),
                _("Open it in Office or WPS, save it as XLSX, and convert that."),
            )
        from jixiao_readers._xlsx.book import Book

        yield from Book(archive, limits, hidden=self._options.hidden).parts()


@hookimpl
def jixiao_reader() -> type[Reader]:
    return XlsxReader
