"""HTML in: pages of any charset, their tables with spans and the lines around them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from jixiao import errors
from jixiao.document import Document, Section
from jixiao.findings import finding
from jixiao.head import Head
from jixiao.hookspecs import Reader, hookimpl
from jixiao.limits import Limits
from jixiao.model import fold

if TYPE_CHECKING:
    from lxml.etree import _Element

FORMAT = "HTML"
DEEPEST = 2048  # elements in one another: as far as the parser goes, and a page hardly needs 100
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_BEFORE = re.compile(rb"\s*(<!--.*?-->\s*|<\?xml[^>]*>\s*)*", re.S)
_PAGE = re.compile(rb"<(!doctype\s+html|html)\b", re.I)
_PART = re.compile(
    rb"<(table|thead|tbody|tr|meta|head|body|div|title|style|link|center|form|section|p|h[1-6]|span|font)\b",
    re.I,
)
_CELL = re.compile(rb"<table\b.*?<t[dh]\b", re.I | re.S)


class HtmlReader:
    """What a browser would show; scripts, styles and comments are no text, hidden parts leave a finding."""

    NAME: ClassVar[str] = "html"
    API_VERSION: ClassVar[int] = 1
    MEDIA_TYPES: ClassVar[tuple[str, ...]] = ("text/html", "application/xhtml+xml")
    EXTENSIONS: ClassVar[tuple[str, ...]] = ("html", "htm", "xhtml")

    def sniff(self, head: Head) -> bool:
        """A page from its first tag on, or a part of one: it begins with a tag and has a table with cells."""
        start = head.start
        for bom in _BOMS:
            start = start.removeprefix(bom)
        start = start.replace(b"\0", b"")  # UTF-16
        before = _BEFORE.match(start)
        start = start[before.end() :] if before else start
        if _PAGE.match(start):
            return True
        return bool(_PART.match(start) and _CELL.search(start)) and not (before and b"<?xml" in before[0])

    def read(self, data: bytes, limits: Limits) -> Document:
        """Raises BadInput: `bad-encoding`, `damaged-file`, `limit-cells`, `limit-xml_depth`."""
        from jixiao_readers._html.decode import decode_html
        from jixiao_readers._html.walk import Walk
        from jixiao_readers._tables import Unfolder

        text, spoilt = decode_html(data)
        walk = Walk(limits.cells)
        try:
            blocks = tuple(Unfolder(limits).blocks(walk.content(tree(text))))
        except RecursionError as error:
            raise errors.over_limit("xml_depth", DEEPEST + 1, DEEPEST) from error
        hidden = [finding("hidden-left-out", text=said) for said in map(fold, walk.hidden) if said]
        damage = [] if spoilt is None else [finding("bad-character", text=fold(spoilt))]
        return Document(sections=(Section(blocks=blocks),), findings=(*hidden, *damage))


def tree(text: str) -> _Element:
    """The page's tree. Raises BadInput where it nests deeper than DEEPEST: the parser drops what follows."""
    from lxml import etree

    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise errors.truncated(FORMAT) from error
    for entry in parser.error_log:
        if entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT or "depth" in entry.message:
            raise errors.over_limit("xml_depth", DEEPEST + 1, DEEPEST)
    if root is None:
        raise errors.truncated(FORMAT)
    return root


@hookimpl
def jixiao_reader() -> type[Reader]:
    return HtmlReader
