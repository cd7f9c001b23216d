"""Scans in: pictures of pages to tables and text, by the OCR extra. Nothing is fetched."""

from typing import Annotated, ClassVar, Literal

from jixiao.document import Document, Section
from jixiao.head import Head
from jixiao.hookspecs import Box, Image, Page, Reader, hookimpl
from jixiao.limits import Limits
from jixiao.model import Struct
from msgspec import Meta

from jixiao_readers._example import example_file
from jixiao_readers._scan.picture import kind

Mode = Literal["fast", "accurate"]


class ScanOptions(Struct):
    ocr: Annotated[
        Mode, Meta(description="accurate looks at every line twice; fast only at those with figures")
    ] = "accurate"


class ScanReader:
    """PNG, JPEG, TIFF of one or more pages. Text is what was recognised; each cell says how surely."""

    NAME: ClassVar[str] = "scan"
    API_VERSION: ClassVar[int] = 1
    MEDIA_TYPES: ClassVar[tuple[str, ...]] = ("image/png", "image/jpeg", "image/tiff")
    EXTENSIONS: ClassVar[tuple[str, ...]] = ("png", "jpg", "jpeg", "tif", "tiff")
    OPTIONS: ClassVar[type[ScanOptions]] = ScanOptions

    def __init__(self, options: ScanOptions | None = None) -> None:
        self._options = options or ScanOptions()

    def example(self) -> bytes:
        return example_file("scan.png")

    def sniff(self, head: Head) -> bool:
        return kind(head.start) is not None

    def read(self, data: bytes, limits: Limits) -> Document:
        """One section. Raises BadInput: `damaged-file`, `limit-pages`, `limit-pixels`, `limit-cells`.

        Raises PluginError `no-ocr` where the extra is not installed.
        """
        from jixiao.geometry import join_pages

        from jixiao_readers._scan.document import layouts

        pages = list(layouts(data, limits, self._options.ocr))
        blocks, joins = join_pages([layout for layout, _ in pages])
        said = [finding for _, findings in pages for finding in findings]
        return Document(sections=(Section(blocks=blocks),), findings=(*said, *joins))

    def pages(self, data: bytes, limits: Limits) -> tuple[Page, ...]:
        """As they are set straight. Raises as `read`."""
        from jixiao_readers._scan.installed import require

        require()
        from jixiao_readers._scan.show import pages

        return tuple(pages(data, limits))

    def page_image(self, data: bytes, number: int, scale: float, box: Box | None, limits: Limits) -> Image:
        """JPEG, of a box PNG. Raises as `read`, and `no-page`."""
        from jixiao_readers._scan.installed import require

        require()
        from jixiao_readers._scan.show import page_image

        return page_image(data, number - 1, scale, box, limits)


@hookimpl
def jixiao_reader() -> type[Reader]:
    return ScanReader
