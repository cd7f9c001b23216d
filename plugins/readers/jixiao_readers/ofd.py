"""OFD in (GB/T 33190-2016): placed characters and drawn lines to tables and text, as of a PDF."""

from typing import ClassVar

from jixiao.document import Document
from jixiao.head import Head
from jixiao.hookspecs import Box, Image, Page, Reader, hookimpl
from jixiao.limits import Limits

from jixiao_readers._example import example_file


class OfdReader:
    """Pages with templates and annotations. A page that is a picture alone is read where OCR is installed."""

    NAME: ClassVar[str] = "ofd"
    API_VERSION: ClassVar[int] = 1
    MEDIA_TYPES: ClassVar[tuple[str, ...]] = ("application/ofd",)
    EXTENSIONS: ClassVar[tuple[str, ...]] = ("ofd",)

    def example(self) -> bytes:
        return example_file("ofd.ofd")

    def sniff(self, head: Head) -> bool:
        """A zip with an OFD.xml at its top, whole or cut short."""
        if not head.start.startswith(b"PK"):
            return False
        names = {name.replace("\\", "/").lstrip("./").lower() for name in head.members}
        return "ofd.xml" in names or (not names and b"OFD.xml" in head.start)

    def read(self, data: bytes, limits: Limits) -> Document:
        """One section. Raises BadInput: `damaged-file`, `doctype`, `path-outside`, `limit-…`."""
        from jixiao_readers._ofd.document import document

        return document(data, limits)

    def pages(self, data: bytes, limits: Limits) -> tuple[Page, ...]:
        """Raises as `read`."""
        from jixiao_readers._ofd.show import pages

        return tuple(pages(data, limits))

    def page_image(self, data: bytes, number: int, scale: float, box: Box | None, limits: Limits) -> Image:
        """SVG of the characters and ruling lines; of a page that is a scan its picture. Raises as `read`."""
        from jixiao_readers._ofd.show import page_image

        return page_image(data, number, scale, box, limits)


@hookimpl
def jixiao_reader() -> type[Reader]:
    return OfdReader
