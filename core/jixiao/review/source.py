"""The left side of the desk: the source as its pages or, where it has none, as the tables that were read.

Both stand in <div id="source">, for which static/source.js and source.css are. What is to be found again says
where it stands. Pages: `data-page`, `data-width`, `data-height` in points. Cells and lines of drawn tables:
`data-table`, `data-row`, `data-col`, each from 1 and the first two as in a Place (a source that numbers no
tables has table 0); `data-page` and `data-box` where the Place has a box.
"""

import re
from collections.abc import Callable, Iterator
from typing import Literal

from jixiao.convert import parsed
from jixiao.document import Cell, Document, Grid, Line
from jixiao.hookspecs import Image, Page
from jixiao.layout import layout
from jixiao.limits import Limits
from jixiao.markup import escaped, quoted
from jixiao.messages import gettext as _
from jixiao.model import Place, Struct
from jixiao.pictures import crop, page_image, pages

MOST_CELLS = 50_000
"""Cells and lines that are drawn; a browser does not hold many more."""
_UNSHOWN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class Picture(Struct):
    """`html` is that of the drawn tables, "" where there are pages."""

    kind: Literal["pages", "tables"]
    pages: tuple[Page, ...] = ()
    html: str = ""


def picture(data: bytes, name: str, limits: Limits, reader: str | None = None) -> Picture:
    """What the source shows. `reader` names the one that read it, otherwise the content tells.

    Raises BadInput where it cannot be read, PluginError where a plugin is missing or breaks.
    """
    if found := pages(data, name, limits, reader):
        return Picture(kind="pages", pages=found)
    _reader, made = parsed(data, name, reader, limits)
    if isinstance(made, Document):
        return Picture(kind="tables", html=drawn(made))
    # the places in a reading are those of the file that it was once read from
    return Picture(kind="tables", html=drawn(layout(made), placed=False))


def pages_html(found: tuple[Page, ...], address: Callable[[int], str]) -> str:
    """The pages one below the other; `address` gives where the picture of a page by its number is."""
    return "".join(
        f'<figure class="source-page" data-page="{p.number}" data-width="{p.width:.2f}" '
        f'data-height="{p.height:.2f}"><img src={quoted(address(p.number))} loading="lazy" '
        f'width="{max(round(p.width), 1)}" height="{max(round(p.height), 1)}" '
        f"alt={quoted(_('Page {number} of the source').format(number=p.number))}></figure>"
        for p in found
    )


def drawn(document: Document, *, placed: bool = True) -> str:
    """The lines and tables of a document as HTML, its texts escaped; `placed`: each says where it stands."""
    made, left, tables = [], MOST_CELLS, 0
    for section in document.sections:
        if section.name:
            made.append(f"<h3>{_text(section.name)}</h3>")
        for block in section.blocks:
            left -= 1 if isinstance(block, Line) else len(block.cells)
            if left < 0:
                said = _("The source goes on; more than {count} cells are not drawn.").format(
                    count=MOST_CELLS
                )
                return "".join([*made, f'<p class="source-more">{_text(said)}</p>'])
            if isinstance(block, Line):
                where = _where(block.place, None, 1) if placed else ""
                made.append(f"<p{where}>{_text(block.text)}</p>")
            else:
                tables += 1
                made += _table(block, tables, placed=placed)
    return "".join(made)


def _table(grid: Grid, number: int, *, placed: bool) -> Iterator[str]:
    """`number` counts the tables where the places of the cells do not say which one it is."""
    yield f"<table><caption>{_text(_('Table {number}').format(number=number))}</caption>"
    if total := sum(grid.widths):
        yield "".join(f'<col width="{100 * width / total:.1f}%">' for width in grid.widths)
    for row, cells in enumerate(grid.by_row()):
        of_row = next((c.place for c in cells if c.place and c.place.row), None)
        yield "<tr>"
        for cell in cells:
            where = _where(cell.place, of_row or Place(table=number, row=row + 1), cell.col + 1)
            yield f"<td{where if placed else ''}{_spans(cell)}>{_text(cell.text)}</td>"
        yield "</tr>"
    yield "</table>"


def _where(place: Place | None, otherwise: Place | None, col: int) -> str:
    """Where a text stands, as attributes: by its own place or, of one without a row, by `otherwise`."""
    told = place if place and place.row else otherwise
    found = ""
    if told and told.row:
        found = f' data-table="{told.table or 0}" data-row="{told.row}" data-col="{col}"'
    if place and place.page and place.box:
        found += f' data-page="{place.page}" data-box="{",".join(map(str, place.box))}"'
    return found


def _spans(cell: Cell) -> str:
    rows = f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    return rows + (f' colspan="{cell.colspan}"' if cell.colspan > 1 else "")


def _text(text: str) -> str:
    """Escaped; lines are parted by the style sheet's `white-space`. What HTML cannot hold shows as U+FFFD."""
    return escaped(_UNSHOWN.sub("\ufffd", text))


__all__ = ["Image", "Page", "Picture", "crop", "drawn", "page_image", "pages_html", "picture"]
