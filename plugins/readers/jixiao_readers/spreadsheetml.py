"""SpreadsheetML in: the XML of Excel 2002 and 2003, which systems still export under the name XLS."""

import re
from typing import ClassVar

from jixiao.document import Document
from jixiao.head import Head
from jixiao.hookspecs import Reader, hookimpl
from jixiao.limits import Limits

from jixiao_readers._example import example_file

_NAMESPACE = b"urn:schemas-microsoft-com:office:spreadsheet"
_ROOT = re.compile(rb"<(?:\w+:)?Workbook[\s>]")
WITHIN = 4096


class SpreadsheetmlReader:
    """What is seen of the visible worksheets, as the xlsx reader gives it."""

    NAME: ClassVar[str] = "spreadsheetml"
    API_VERSION: ClassVar[int] = 1
    MEDIA_TYPES: ClassVar[tuple[str, ...]] = ("application/vnd.ms-excel+xml",)
    EXTENSIONS: ClassVar[tuple[str, ...]] = ("xml",)

    def example(self) -> bytes:
        return example_file("spreadsheetml.xml")

    def sniff(self, head: Head) -> bool:
        start = head.start[: 2 * WITHIN].replace(b"\0", b"")[:WITHIN]
        return _NAMESPACE in start and _ROOT.search(start) is not None

    def read(self, data: bytes, limits: Limits) -> Document:
        """Raises BadInput: `damaged-file`, `doctype`, `limit-…`."""
        from jixiao_readers._xls.xml2003 import document

        return document(data, limits)


@hookimpl
def jixiao_reader() -> type[Reader]:
    return SpreadsheetmlReader
