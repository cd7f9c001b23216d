"""MHTML in: web pages saved as one file, as Excel, Word and WPS do under the names of their own formats."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from jixiao import errors
from jixiao.document import Document, Section
from jixiao.head import Head
from jixiao.hookspecs import Reader, hookimpl
from jixiao.limits import Limits
from jixiao.model import Finding

from jixiao_readers._example import example_file

if TYPE_CHECKING:
    from email.message import Message

_FIELDS = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*)+")
WITHIN = 4096


class MhtmlReader:
    """The pages in their order, each a section; pictures and styles beside them are left out."""

    NAME: ClassVar[str] = "mhtml"
    API_VERSION: ClassVar[int] = 1
    MEDIA_TYPES: ClassVar[tuple[str, ...]] = ("multipart/related", "message/rfc822")
    EXTENSIONS: ClassVar[tuple[str, ...]] = ("mht", "mhtml")

    def example(self) -> bytes:
        return example_file("mhtml.mht")

    def sniff(self, head: Head) -> bool:
        """Header fields of a message from the first byte on, one of them its MIME version."""
        fields = _FIELDS.match(head.start[:WITHIN].lstrip(b"\xef\xbb\xbf\r\n"))
        return fields is not None and b"mime-version:" in fields[0].lower()

    def read(self, data: bytes, limits: Limits) -> Document:
        """Raises BadInput: `damaged-file`, `bad-encoding`, `limit-…`."""
        from email import message_from_bytes, policy

        from jixiao_readers.html import HtmlReader

        sections: list[Section] = []
        findings: list[Finding] = []
        try:
            message = message_from_bytes(data.lstrip(b"\xef\xbb\xbf\r\n"), policy=policy.compat32)
            pages = [page for part in message.walk() if (page := _page(part))]
        except RecursionError as error:  # parts that stand a thousand deep in one another
            raise errors.truncated("MHTML") from error
        if not pages:
            raise errors.truncated("MHTML")
        for page in pages:
            read = HtmlReader().read(page, limits)
            sections += [s for s in read.sections if s.blocks]
            findings += read.findings
        return Document(sections=tuple(sections), findings=tuple(findings))


def _page(part: Message) -> bytes | None:
    """The bytes of a page, unpacked; its charset stands in it, or was told beside it."""
    if part.get_content_type() != "text/html":
        return None
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes) or not data.strip():
        return None
    charset = part.get_content_charset()
    if charset and b"charset" not in data[:WITHIN].lower():
        try:
            return data.decode(charset).encode()
        except (ValueError, LookupError):  # a name with a NUL byte in it is a ValueError
            return data
    return data


@hookimpl
def jixiao_reader() -> type[Reader]:
    return MhtmlReader
