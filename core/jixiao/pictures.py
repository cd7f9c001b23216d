"""What a source looks like: its pages, and parts of them, where its reader can show them."""

from math import isfinite

from jixiao.errors import no_page
from jixiao.head import Head
from jixiao.hookspecs import Box, Image, Page, PageReader
from jixiao.limits import Limits
from jixiao.plugins import READERS, Guest, registry

KINDS = ("image/png", "image/jpeg", "image/svg+xml")
LARGEST = 8.0
"""Pixels to a point at most: 576 dots an inch."""
MARGIN = 2.0
"""Points of the page around what is cut out of it."""


def pages(data: bytes, name: str | None, limits: Limits, reader: str | None = None) -> tuple[Page, ...]:
    """The pages as their pictures show them; () where there are none and the tables are to be drawn.

    `reader` names the one that read the content, otherwise the content tells. Raises BadInput where it cannot
    be read, PluginError where a plugin is missing or breaks.
    """
    chosen = _reader(data, name, reader)
    if not isinstance(chosen, PageReader):
        return ()
    with Guest(registry().plugin(READERS, chosen.NAME)):
        found = tuple(chosen.pages(data, limits))
        if not all(isinstance(page, Page) for page in found):
            raise TypeError("pages returned something that is no Page")
    return found


def page_image(
    data: bytes,
    name: str | None,
    number: int,
    limits: Limits,
    scale: float = 1.5,
    box: Box | None = None,
    reader: str | None = None,
) -> Image:
    """The picture of page `number` from 1, or of `box` on it, at `scale` pixels to a point.

    Raises as `pages`, and BadInput `no-page` where there is no such page or its reader shows none.
    """
    chosen = _reader(data, name, reader)
    if (
        not isinstance(chosen, PageReader)
        or number < 1
        or not scale > 0
        or not (box is None or _is_area(box))
    ):
        raise no_page(number)
    with Guest(registry().plugin(READERS, chosen.NAME)):
        made = chosen.page_image(data, number, min(scale, LARGEST), box, limits)
        if not isinstance(made, Image) or made.media_type not in KINDS:
            raise TypeError("page_image returned no Image of a known kind")
    return made


def crop(
    data: bytes,
    name: str | None,
    page: int,
    box: Box,
    limits: Limits,
    scale: float = 2.0,
    reader: str | None = None,
) -> Image:
    """A picture of `box` on a page with a little of what stands around it. Raises as `page_image`."""
    x0, top, x1, bottom = box
    wider = (max(x0 - MARGIN, 0.0), max(top - MARGIN, 0.0), x1 + MARGIN, bottom + MARGIN)
    return page_image(data, name, page, limits, scale, wider, reader)


def _reader(data: bytes, name: str | None, reader: str | None) -> object:
    plugins = registry()
    return plugins.reader(reader) if reader else plugins.reader_for(Head(data, name))


def _is_area(box: Box) -> bool:
    x0, top, x1, bottom = box
    return all(map(isfinite, box)) and x0 < x1 and top < bottom
