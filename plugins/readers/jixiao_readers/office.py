"""DOC, WPS, RTF, ODT and ODS in: LibreOffice turns them into DOCX or XLSX, whose readers read that."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from jixiao import errors
from jixiao.compound import Compound
from jixiao.document import Document
from jixiao.head import Head
from jixiao.hookspecs import Reader, hookimpl
from jixiao.limits import Limits

from jixiao_readers._example import example_file

if TYPE_CHECKING:
    from jixiao.archive import Archive
    from lxml.etree import _Element

MIMETYPES = {
    b"mimetypeapplication/vnd.oasis.opendocument.text": "odt",
    b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet": "ods",
}
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
BINARY = re.compile(rb"\\bin([0-9]{1,10})")
"""Bytes that stand in an RTF as they are; LibreOffice would go on looking for those that are not there."""
NEAR_START = 256
"""An ODF package's type stands unpacked in its first member (ODF 1.3 part 2, 3.3)."""
LOCKED = 0x0100
"""The flag of an encrypted document in the two bytes at 10 of its stream (MS-DOC 2.5.1)."""


class OfficeReader:
    """Texts and workbooks of old Office, WPS and ODF programs. Needs LibreOffice on the machine."""

    NAME: ClassVar[str] = "office"
    API_VERSION: ClassVar[int] = 1
    MEDIA_TYPES: ClassVar[tuple[str, ...]] = (
        "application/msword",
        "application/rtf",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/wps-office.wps",
    )
    EXTENSIONS: ClassVar[tuple[str, ...]] = ("doc", "wps", "rtf", "odt", "ods", "dot", "wpt", "ott", "ots")

    def example(self) -> bytes:
        return example_file("office.odt")

    def sniff(self, head: Head) -> bool:
        return _kind(head) is not None

    def read(self, data: bytes, limits: Limits) -> Document:
        """Raises BadInput: `damaged-file`, `encrypted`, `limit-…`; PluginError `no-libreoffice`."""
        kind = _kind(Head(data))
        if kind is None:
            raise errors.truncated("DOC")
        _refuse_locked(data, kind, limits)
        from jixiao_readers._office.converter import converter

        if kind == "ods":
            from jixiao_readers.xlsx import XlsxReader

            return XlsxReader().read(converter().convert(data, kind, "xlsx", limits), limits)
        from jixiao_readers.docx import DocxReader

        return DocxReader().read(converter().convert(data, kind, "docx", limits), limits)


def _kind(head: Head) -> str | None:
    """The extension by which LibreOffice is to take the content; a .wps of today is a .doc inside."""
    if "WordDocument" in head.streams:
        return "doc"
    if head.start.lstrip()[:5].lower() == b"{\\rtf":
        return "rtf"
    if head.start.startswith(b"PK"):
        return next((kind for mark, kind in MIMETYPES.items() if mark in head.start[:NEAR_START]), None)
    return None


def _refuse_locked(data: bytes, kind: str, limits: Limits) -> None:
    """LibreOffice would ask for the password of a locked file, and unpack any amount."""
    if kind == "doc":
        start = Compound(data).read("WordDocument")[:12]
        if len(start) == 12 and int.from_bytes(start[10:12], "little") & LOCKED:
            raise errors.encrypted("DOC")
    elif kind == "rtf":
        if any(int(told[1]) > len(data) for told in BINARY.finditer(data)):
            raise errors.truncated("RTF")
    else:
        from jixiao.archive import open_archive

        archive = open_archive(data, limits, kind.upper())
        if b"encryption-data" in (archive.read("META-INF/manifest.xml") or b""):
            raise errors.encrypted(kind.upper())
        for name in archive.names:
            archive.read(name)
        if kind == "ods" and (cells := _cells(archive, limits)) > limits.cells:
            raise errors.over_limit("cells", cells, limits.cells)


def _cells(archive: Archive, limits: Limits) -> int:
    """How many cells of an ODS workbook hold something, those that are told once and repeated, too."""
    from jixiao.archive import parse_xml

    data, cells = archive.read("content.xml"), 0
    for row in () if data is None else parse_xml(data, limits, "ODS").iter("{*}table-row"):
        filled = sum(_times(cell, "columns") for cell in row if len(cell))
        cells += filled * _times(row, "rows")
    return cells


def _times(element: _Element, what: str) -> int:
    said = element.get(f"{TABLE}number-{what}-repeated", "1")
    return int(said[:18]) if said.isascii() and said.isdigit() else 1


@hookimpl
def jixiao_reader() -> type[Reader]:
    return OfficeReader
