"""XLS workbooks (BIFF 2 to 8) as Excel 2 to 2003 saved them, and the .et of WPS, which is the same inside."""

from typing import ClassVar

from jixiao.document import Document
from jixiao.head import Head
from jixiao.hookspecs import Reader, hookimpl
from jixiao.limits import Limits

from jixiao_readers._example import example_file

STREAMS = frozenset({"Workbook", "WORKBOOK", "Book", "BOOK"})
BARE = tuple(bytes.fromhex(start) for start in ("09000400", "09020600", "09040600", "09080800", "09081000"))
"""BOF records of a workbook that no OLE2 file holds."""


class XlsReader:
    """What is seen of the visible worksheets, as the xlsx reader gives it."""

    NAME: ClassVar[str] = "xls"
    API_VERSION: ClassVar[int] = 1
    MEDIA_TYPES: ClassVar[tuple[str, ...]] = ("application/vnd.ms-excel", "application/wps-office.et")
    EXTENSIONS: ClassVar[tuple[str, ...]] = ("xls", "et", "xlt", "ett")

    def example(self) -> bytes:
        return example_file("xls.xls")

    def sniff(self, head: Head) -> bool:
        return bool(head.streams & STREAMS) or head.start.startswith(BARE)

    def read(self, data: bytes, limits: Limits) -> Document:
        """Raises BadInput: `damaged-file`, `encrypted`, `limit-cells`."""
        from jixiao_readers._xls.book import document

        return document(data, limits)


@hookimpl
def jixiao_reader() -> type[Reader]:
    return XlsReader
