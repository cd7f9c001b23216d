"""One PDF page through pdfium's C interface: its characters and drawn lines, turned upright.

pdfium may be used by one thread of a process only.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium
from jixiao.geometry import Char, Ruling

from jixiao_readers._pdf_drawn import Drawn
from jixiao_readers._pdf_text import is_plain, is_unnamed, text_of
from jixiao_readers._pdf_upright import standing

UNNAMED = 0.02
"""A page of whose characters more than this part have no name is looked at; fewer are only said."""
_FORMS = (pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT)


class Content(NamedTuple):
    """What a page shows. `said` is the text of all `chars`; `broken` holds the text around characters that
    the font does not name, `hidden` each text that is clipped away, `clipped` its characters; `ends`, on
    pages that clip texts in part, the index of the last of `chars` of each such text (True), and of texts
    after which another begins where a column does (False).

    `beyond` are the characters clipped away at the page's end, as those of a merged cell whose middle is on
    the next page are, each with the index of the one of `chars` that is drawn after it.
    `lost`: pdfium leaves out characters of a font that is neither in the file nor on the machine; `skipped`:
    a text that the file spells out for those who search it.
    `turn`: quarter turns clockwise, beside its rotation mark, by which the page was set upright.
    """

    width: float
    height: float
    chars: list[Char]
    said: str
    rulings: list[Ruling]
    images: bool
    broken: list[str]
    hidden: list[str]
    clipped: list[Char]
    ends: dict[int, bool]
    beyond: list[tuple[int, Char]]
    lost: bool
    skipped: bool
    turn: int

    @property
    def is_unreadable(self) -> bool:
        """Whether the page shows something, and its text does not say what."""
        text = "".join(self.said.split())
        if not text:
            return self.images or bool(self.rulings)  # a picture, or a form whose letters are drawn
        numbers = text.count("(cid:")
        if not numbers and is_plain(text):
            return False
        return sum(map(is_unnamed, text)) + len("(cid:0)") * numbers > UNNAMED * len(text)


def content(document: Any, index: int) -> Content:
    """The page at `index` (from 0), in points from the top left of the page as it is read.

    Raises ValueError where the page cannot be loaded.
    """
    with loaded(document, index) as page:
        return _content(page)


@contextmanager
def loaded(document: Any, index: int) -> Iterator[Any]:
    """The page at `index` (from 0), what was filled into its fields with it. Raises ValueError."""
    page = _load(document, index)
    try:
        if _has_fields(page) and pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY) == 1:
            pdfium.FPDF_ClosePage(
                page
            )  # what was filled in becomes content only when the page is loaded anew
            page = None
            page = _load(document, index)
        yield page
    finally:
        if page is not None:
            pdfium.FPDF_ClosePage(page)


def upright(page: Any) -> tuple[int, float, float]:
    """Quarter turns clockwise, beside its rotation mark, that set the page upright as `content` has it, and
    its width and height then. Raises ValueError where its text cannot be loaded."""
    with _text(page) as text:
        as_read, turn = standing(page, text)
    return turn, as_read.width, as_read.height


def _load(document: Any, index: int) -> Any:
    page = pdfium.FPDF_LoadPage(document, index)
    if not page:
        raise ValueError(f"page {index + 1} cannot be loaded")
    return page


def _has_fields(page: Any) -> bool:
    """Whether form fields or free text lie on the page."""
    for n in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, n)
        if not annotation:
            continue
        kind = pdfium.FPDFAnnot_GetSubtype(annotation)
        pdfium.FPDFPage_CloseAnnot(annotation)
        if kind in _FORMS:
            return True
    return False


@contextmanager
def _text(page: Any) -> Iterator[Any]:
    text = pdfium.FPDFText_LoadPage(page)
    if not text:
        raise ValueError("the page's text cannot be loaded")
    try:
        yield text
    finally:
        pdfium.FPDFText_ClosePage(text)


def _content(page: Any) -> Content:
    with _text(page) as text:
        as_read, turn = standing(page, text)
        drawn = Drawn(as_read)
        drawn.read_page(page)
        said = text_of(text, as_read, drawn)
    return Content(
        as_read.width,
        as_read.height,
        rulings=drawn.rulings,
        images=drawn.images,
        lost=drawn.lost,
        skipped=drawn.skipped,
        turn=turn,
        **said._asdict(),
    )
