"""Pictures of pages to the layouts of pages, one at a time. The door for other readers; light to import."""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from jixiao.geometry import PageLayout
from jixiao.limits import Limits
from jixiao.messages import gettext as _
from jixiao.model import Finding

from jixiao_readers._scan.installed import require
from jixiao_readers._scan.picture import sizes

if TYPE_CHECKING:
    from jixiao_readers._scan.engine import Gray
    from jixiao_readers._scan.page import Seen

MANY = 3
"""From so many pages on, each is announced."""
Laid = tuple[PageLayout, list[Finding]]


def layouts(data: bytes, limits: Limits, mode: str, *, first: int = 1) -> Iterator[Laid]:
    """Page by page what a picture file shows, numbered from `first`; one page at a time is unpacked.

    Raises BadInput `damaged-file`, `limit-pages`, `limit-pixels`, `limit-cells`, and PluginError `no-ocr`
    where the extra is not installed.
    """
    found = sizes(data, limits)
    require()
    from jixiao_readers._scan.decode import decode

    for index, size in enumerate(found):
        if len(found) >= MANY:
            announce(index + 1)
        draw = partial(decode, data, index)
        yield page(data, index, draw, size.resolution(), mode, limits.cells, number=first + index)


def page(
    source: bytes, index: int, draw: "Callable[[], Gray]", dots: float, mode: str, most: int, *, number: int
) -> Laid:
    """The layout of the page at `index` (from 0) of a file; `draw` gives its picture, `dots` an inch.

    Raises BadInput `limit-cells`, and PluginError `no-ocr` where the extra is not installed.
    """
    require()
    from jixiao_readers._scan import cache
    from jixiao_readers._scan.engine import engine
    from jixiao_readers._scan.fit import lay_out
    from jixiao_readers._scan.page import see

    def look() -> "Seen":
        return see(engine(), draw(), dots, mode)

    return lay_out(cache.kept(source, index, mode, dots, look), number, most)


def announce(number: int) -> None:
    """Tells a person who waits how far it is."""
    print(_("Reading the picture of page {number} …").format(number=number), file=sys.stderr)
