"""PDF in: characters and drawn lines to tables and text, page by page, tables joined over page breaks."""

import ctypes
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from jixiao.document import Document, Grid, Line, Section
from jixiao.errors import encrypted, over_limit, truncated
from jixiao.findings import finding
from jixiao.head import Head
from jixiao.hookspecs import Box, Image, Page, Reader, hookimpl
from jixiao.limits import Limits
from jixiao.model import Finding, Place

from jixiao_readers._example import example_file
from jixiao_readers.scan import ScanOptions

if TYPE_CHECKING:
    from jixiao.geometry import PageLayout

    from jixiao_readers._pdf_page import Content

SIGNATURE = b"%PDF-"
NEAR_START = 1024
"""Readers take a PDF whose signature stands within the first so many bytes."""


class PdfReader:
    """PDF. Text is what the fonts say; radicals for look-alike characters are mapped and said. A page without
    text, or whose fonts name none, is read from its picture where the OCR extra is installed."""

    NAME: ClassVar[str] = "pdf"
    API_VERSION: ClassVar[int] = 1
    MEDIA_TYPES: ClassVar[tuple[str, ...]] = ("application/pdf",)
    EXTENSIONS: ClassVar[tuple[str, ...]] = ("pdf",)

    OPTIONS: ClassVar[type[ScanOptions]] = ScanOptions

    def __init__(self, options: ScanOptions | None = None) -> None:
        self._ocr = (options or ScanOptions()).ocr

    def example(self) -> bytes:
        return example_file("pdf.pdf")

    def sniff(self, head: Head) -> bool:
        start = head.start.lstrip(b"\xef\xbb\xbf\0 \t\r\n")
        return start.startswith(SIGNATURE) or SIGNATURE in head.start[:NEAR_START]

    def read(self, data: bytes, limits: Limits) -> Document:
        """One section. Raises BadInput: `damaged-file`, `encrypted`, `limit-pages`, `limit-cells`."""
        from jixiao.geometry import join_pages

        from jixiao_readers._pdf_page import content
        from jixiao_readers._pdf_second import Second

        findings: list[Finding] = []
        layouts: list[PageLayout] = []
        radicals: set[str] = set()
        unseen = _Unseen()
        second = Second(data)
        scanned: set[int] = set()
        with _opened(data) as document:
            count = _pages(document, limits)
            left = limits.cells
            for index in range(count):
                try:
                    page = content(document, index)
                except ValueError:
                    raise truncated("PDF") from None
                if page.lost:
                    page = second.instead(page, index)
                unseen.take(page, index + 1)
                if page.is_unreadable and (by_ocr := self._seen(data, document, index, limits, page)):
                    layouts.append(by_ocr[0])
                    findings += by_ocr[1]
                    scanned.add(index + 1)
                else:
                    findings += _said_of(page, index + 1)
                    layouts.append(_layout(page, index + 1, left, radicals))
                    second.compare(page, layouts[-1])
                left -= _cells(layouts[-1])
                if left < 0:
                    raise over_limit("cells", limits.cells - left, limits.cells)
        blocks, joins = join_pages(layouts)
        if radicals:
            findings.append(finding("radical-mapped", text="".join(sorted(radicals))))
        cut = list(_cut_off(blocks, scanned))
        blocks, differing = second.told(blocks)
        findings += [*unseen.findings(), *cut, *differing, *joins]
        return Document(sections=(Section(blocks=blocks),), findings=tuple(findings))

    def _seen(
        self, data: bytes, document: Any, index: int, limits: Limits, page: "Content"
    ) -> "tuple[PageLayout, list[Finding]] | None":
        from jixiao_readers._pdf_scan import seen

        return seen(data, document, index, self._ocr, limits, page)

    def pages(self, data: bytes, limits: Limits) -> tuple[Page, ...]:
        """As their text stands upright. Raises as `read`."""
        from jixiao_readers._pdf_show import pages

        with _opened(data) as document:
            return tuple(pages(document, _pages(document, limits)))

    def page_image(self, data: bytes, number: int, scale: float, box: Box | None, limits: Limits) -> Image:
        """PNG; of a page read from its picture that, set straight. Raises as `read`, and `no-page`."""
        from jixiao_readers._pdf_show import page_image

        with _opened(data) as document:
            return page_image(document, number - 1, scale, box, limits)


def _pdfium() -> Any:
    """pdfium's C interface; the import starts the library."""
    import pypdfium2

    return pypdfium2.raw


@contextmanager
def _opened(data: bytes) -> Iterator[Any]:
    """The document; an empty password opens what needs none to be read."""
    pdfium = _pdfium()
    buffer = (ctypes.c_ubyte * len(data)).from_buffer_copy(data)
    document = pdfium.FPDF_LoadMemDocument64(buffer, len(data), None)
    if not document:
        wants_password = pdfium.FPDF_GetLastError() in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
        raise encrypted("PDF") if wants_password else truncated("PDF")
    try:
        yield document
    finally:
        pdfium.FPDF_CloseDocument(document)


def _pages(document: Any, limits: Limits) -> int:
    count = int(_pdfium().FPDF_GetPageCount(document))
    if count > limits.pages:
        raise over_limit("pages", count, limits.pages)
    if count < 1:
        raise truncated("PDF")
    return count


def _layout(page: "Content", number: int, most: int, radicals: set[str]) -> "PageLayout":
    from jixiao.geometry import page_layout

    from jixiao_readers._pdf_radicals import ALL, RADICALS

    chars = page.chars
    if found := ALL.intersection(page.said):
        radicals |= found
        chars = [
            c if found.isdisjoint(c.text) else c._replace(text=c.text.translate(RADICALS)) for c in chars
        ]
    size = {"width": page.width, "height": page.height}
    return page_layout(
        chars, page.rulings, number=number, most=most, ends=page.ends, beyond=page.beyond, **size
    )


def _cells(layout: "PageLayout") -> int:
    from jixiao.geometry import Table

    return sum(b.grid.rows * b.grid.cols for b in layout.blocks if isinstance(b, Table))


def _said_of(page: "Content", number: int) -> list[Finding]:
    """What the page's fonts and pictures say against reading it as text."""
    place = Place(page=number)
    if page.images and not page.said.strip():
        return [finding("page-without-text", text=str(number), place=place)]
    spots = [*page.broken, *_cid_spots(page.said)]
    found = [finding("broken-font", text=spots[0], place=place)] if spots else []
    return found + ([finding("picture-not-read", text=str(number), place=place)] if page.images else [])


class _Unseen:
    """The texts that pages clip away, and whether another page shows them.

    A merged cell over a page break has its text on both pages and shows it on one; any other text that is
    clipped did not fit its cell.
    """

    def __init__(self) -> None:
        self._shown: list[str] = []
        self._hidden: list[tuple[int, list[str]]] = []

    def take(self, page: "Content", number: int) -> None:
        self._shown.append(page.said)
        self._hidden.append((number, page.hidden))

    def findings(self) -> Iterator[Finding]:
        for number, texts in self._hidden:
            cut = [t for t in texts if len(t) == 1 or not any(t in shown for shown in self._shown)]
            if cut:
                yield finding("text-cut-off", text="".join(cut), place=Place(page=number))


def _cut_off(blocks: Iterable[Line | Grid], scanned: set[int]) -> Iterator[Finding]:
    """The cells whose edge cuts off their text; on pages read by OCR a cell's doubt is another."""
    for cell in (c for b in blocks if isinstance(b, Grid) for c in b.cells):
        if cell.confidence < 1.0 and not (cell.place and cell.place.page in scanned):
            yield finding("text-cut-off", text=cell.text, place=cell.place)


def _cid_spots(text: str) -> list[str]:
    """Where the text holds glyph numbers in place of characters."""
    at = text.find("(cid:")
    return [text[at : at + 12]] if at >= 0 else []


@hookimpl
def jixiao_reader() -> type[Reader]:
    return PdfReader
