"""One PDF page through pdfium's C interface: its characters and drawn lines, turned upright.

pdfium may be used by one thread of a process only.
"""

import ctypes
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium
from jixiao.geometry import Char, Ruling, box_rulings, line_rulings
from jixiao.geometry.rulings import THIN

from jixiao_readers._pdf_clip import address, shown

Matrix = tuple[float, float, float, float, float, float]
Place = Callable[[float, float], tuple[float, float]]

BROKEN = "\ufffd"
DEPTH = 16
"""Forms inside forms are followed so far."""
SAMPLE = 40
PADDING = 2.0
"""A text that begins so near to the right of a cell's side begins in it."""
NO_WIDTH = 0.01
_new = tuple.__new__
_SKIPPED = frozenset("\r\n\0")
_FORMS = (pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT)


class Content(NamedTuple):
    """What a page shows. `broken` holds the text around characters that the font does not name, `hidden`
    each text that is clipped away, `clipped` its characters; `ends`, on pages that clip texts in part, the
    index of the last of `chars` of each such text (True), and of texts after which another begins where a
    column does (False).

    `beyond` are the characters clipped away at the page's end, as those of a merged cell whose middle is on
    the next page are, each with the index of the one of `chars` that is drawn after it.
    `lost`: pdfium leaves out characters of a font that is neither in the file nor on the machine.
    `turn`: quarter turns clockwise, beside its rotation mark, by which the page was set upright.
    """

    width: float
    height: float
    chars: list[Char]
    rulings: list[Ruling]
    images: bool
    broken: list[str]
    hidden: list[str]
    clipped: list[Char]
    ends: dict[int, bool]
    beyond: list[tuple[int, Char]]
    lost: bool
    turn: int


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
    text = pdfium.FPDFText_LoadPage(page)
    if not text:
        raise ValueError("the page's text cannot be loaded")
    try:
        turn = _turn(text)
    finally:
        pdfium.FPDFText_ClosePage(text)
    marked = pdfium.FPDFPage_GetRotation(page)
    _place, width, height = _upright(page, marked if turn is None else turn)
    return 0 if turn is None else (turn - marked) % 4, width, height


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


def _content(page: Any) -> Content:
    text = pdfium.FPDFText_LoadPage(page)
    if not text:
        raise ValueError("the page's text cannot be loaded")
    try:
        turn = _turn(text)
        marked = pdfium.FPDFPage_GetRotation(page)
        place, width, height = _upright(page, marked if turn is None else turn)
        drawn = _Drawn(place)
        drawn.read(pdfium.FPDFPage_CountObjects(page), partial(pdfium.FPDFPage_GetObject, page), None, 0)
        hidden = dict.fromkeys(drawn.clipped, "")
        chars, broken, ends, clipped, beyond = _chars(text, place, hidden, drawn)
    finally:
        pdfium.FPDFText_ClosePage(text)
    texts = [said for said in hidden.values() if said.strip()]
    return Content(
        width,
        height,
        chars,
        drawn.rulings,
        drawn.images,
        broken,
        texts,
        clipped,
        ends,
        beyond,
        drawn.lost,
        0 if turn is None else (turn - marked) % 4,
    )


def _upright(page: Any, turn: int) -> tuple[Place, float, float]:
    """How page space goes to points from the top left, after quarter turns clockwise, and the page's size."""
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, box)
    left, bottom, right, top = box.left, box.bottom, box.right, box.top
    across, up = right - left, top - bottom
    places: tuple[Place, ...] = (
        lambda x, y: (x - left, top - y),
        lambda x, y: (y - bottom, x - left),
        lambda x, y: (right - x, y - bottom),
        lambda x, y: (top - y, right - x),
    )
    return places[turn % 4], *((up, across) if turn % 2 else (across, up))


def _turn(text: Any) -> int | None:
    """Quarter turns clockwise that set the text upright, by a sample of it; None where it does not agree."""
    count = pdfium.FPDFText_CountChars(text)
    turns: Counter[int] = Counter()
    for n in range(0, count, max(count // SAMPLE, 1)):
        if pdfium.FPDFText_GetUnicode(text, n) > 0x20:
            angle = pdfium.FPDFText_GetCharAngle(text, n)
            turns[-round(angle / 1.5707963) % 4] += 1  # the angle counts clockwise
    if not turns:
        return None
    turn, votes = turns.most_common(1)[0]
    return turn if votes > 0.9 * sum(turns.values()) else None


def _chars(
    text: Any, place: Place, hidden: dict[int, str], drawn: "_Drawn"
) -> tuple[list[Char], list[str], dict[int, bool], list[Char], list[tuple[int, Char]]]:
    """The characters shown, where the font does not name them, and the ends of texts on pages that
    clip some in part; the characters of the objects `hidden`, which go there too, and last those of them that
    stand below what is shown."""
    chars: list[Char] = []
    broken: list[int] = []
    box = (ctypes.c_float * 4)()
    get, loose, failed = (
        pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox, pdfium.FPDFText_HasUnicodeMapError
    )  # fmt: skip
    reference = ctypes.cast(box, ctypes.POINTER(pdfium.FS_RECTF))
    owned = bool(hidden or drawn.cut)
    owners: list[int] = []
    clipped: list[Char] = []
    beyond: list[tuple[int, Char]] = []
    high = 0
    for n in range(pdfium.FPDFText_CountChars(text)):
        code = get(text, n)
        if 0xD800 <= code < 0xDC00:
            high = code  # a character beyond the basic plane comes as two halves
            continue
        if high and 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00
        high = 0
        plain = 0x20 < code < 0xD800
        said = chr(code) if plain else _said(code)
        if not plain and (said in _SKIPPED or (code == 0x20 and pdfium.FPDFText_IsGenerated(text, n) == 1)):
            continue
        if owned:
            owner = address(pdfium.FPDFText_GetTextObject(text, n))
            if owner in hidden:
                hidden[owner] += said
                loose(text, n, reference)
                clipped.append(_char(said, box, place))
                if owner in drawn.below:
                    beyond.append((len(chars), clipped[-1]))
                continue
            owners.append(owner)
        if failed(text, n) == 1 or (not plain and _unnamed(code)):
            broken.append(len(chars))
            said = said if _unnamed(code) else BROKEN
        loose(text, n, reference)
        char = _char(said, box, place)
        if chars and chars[-1][1:] == char[1:]:  # one glyph that says several characters (ﬁ)
            char = char._replace(text=chars.pop().text + said)
            del owners[-2:-1]
        chars.append(char)
    ends = _ends(chars, owners, drawn) if drawn.cut else {}
    return chars, _around(chars, broken), ends, clipped, beyond


def _char(said: str, box: Any, place: Place) -> Char:
    """A character by the left, top, right and bottom of its box."""
    left, up, right, down = box
    x0, top = place(left, up)
    x1, bottom = place(right, down)
    if x1 < x0:
        x0, x1 = x1, x0
    if bottom < top:
        top, bottom = bottom, top
    return _new(Char, (said, x0, top, x1, bottom, bottom - top))  # twice as fast as Char(…)


def _ends(chars: Sequence[Char], owners: Sequence[int], drawn: "_Drawn") -> dict[int, bool]:
    """The index of the last character of each object that is clipped in part (True), and of those before one
    that begins at the side of such a clip, that is of a cell (False)."""
    sides, cut = sorted(drawn.sides), set(drawn.cut)
    lasts = [n for n in range(len(owners) - 1) if owners[n] != owners[n + 1]]
    at = {n: chars[n + 1].x0 for n in lasts}
    found = {n: False for n in lasts if bisect_left(sides, at[n] - PADDING) != bisect_left(sides, at[n])}
    return found | {n: True for n in (*lasts, len(owners) - 1) if owners[n] in cut}


def _said(code: int) -> str:
    """pdfium gives 2 for a hyphen at the end of a line; half a surrogate pair is no character."""
    if code == 2:
        return "-"
    return BROKEN if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF else chr(code)


def _unnamed(code: int) -> bool:
    """Whether a code says no character: replacement, private use, control."""
    return (
        code == 0xFFFD or code == 0xFFFE or 0xE000 <= code <= 0xF8FF or code >= 0xF0000
        or 0xD800 <= code <= 0xDFFF or (code < 0x20 and code not in (2, 9))
    )  # fmt: skip


def _around(chars: list[Char], broken: list[int]) -> list[str]:
    """A few characters around each stretch of broken ones."""
    spots: list[str] = []
    reached = -1
    for n in broken:
        if n > reached:
            spots.append("".join(c.text for c in chars[max(n - 4, 0) : n + 8]))
            reached = n + 8
    return spots


class _Drawn:
    """Collects rulings from page objects, through forms and their matrices, texts that are clipped away."""

    def __init__(self, place: Place) -> None:
        self.rulings: list[Ruling] = []
        self.clipped: list[int] = []
        self.cut: list[int] = []
        self.sides: set[float] = set()
        self.below: set[int] = set()
        self.images = self.lost = False
        self._place = place
        self._floats = [ctypes.c_float() for _ in range(4)]
        self._mode, self._stroke = ctypes.c_int(), ctypes.c_int()

    def read(self, count: int, get: Callable[[int], Any], matrix: Matrix | None, depth: int) -> None:
        """The objects of a page or form; `matrix` takes the form's space to the page's."""
        for n in range(count):
            item = get(n)
            kind = pdfium.FPDFPageObj_GetType(item)
            if kind == pdfium.FPDF_PAGEOBJ_PATH:
                self._path(item, matrix)
            elif kind == pdfium.FPDF_PAGEOBJ_TEXT:
                self._text(item, matrix)
            elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                self.images = True
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < DEPTH:
                inner = _times(_matrix(item), matrix)
                inside = pdfium.FPDFFormObj_CountObjects(item)
                self.read(inside, partial(pdfium.FPDFFormObj_GetObject, item), inner, depth + 1)

    def _text(self, text: Any, matrix: Matrix | None) -> None:
        """pdfium passes over text without width, as that of glyphs it has no font for is."""
        pdfium.FPDFPageObj_GetBounds(text, *self._floats)
        left, bottom, right, top = (number.value for number in self._floats)
        if right - left < NO_WIDTH:
            self.lost = self.lost or pdfium.FPDFFont_GetIsEmbedded(pdfium.FPDFTextObj_GetFont(text)) == 0
            return
        much, edge = shown(text, (left, bottom, right, top))
        if much == "nothing" and edge:
            self.clipped.append(address(text))
            low = max(self._at(x, y, matrix)[1] for x, y in (edge[:2], edge[2:]))
            if self._at((left + right) / 2, (bottom + top) / 2, matrix)[1] > low:
                self.below.add(address(text))
        elif edge:
            self.cut.append(address(text))
            self.sides |= {self._at(x, y, matrix)[0] for x, y in (edge[:2], edge[2:])}

    def _path(self, path: Any, matrix: Matrix | None) -> None:
        pdfium.FPDFPath_GetDrawMode(path, self._mode, self._stroke)
        stroked = bool(self._stroke.value)
        if not stroked and not self._mode.value:
            return
        left, bottom, right, top = self._floats
        pdfium.FPDFPageObj_GetBounds(path, left, bottom, right, top)
        (x0, y0), (x1, y1) = (
            self._at(left.value, bottom.value, matrix),
            self._at(right.value, top.value, matrix),
        )
        box = min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
        if box[2] - box[0] <= THIN or box[3] - box[1] <= THIN:
            self.rulings += box_rulings(*box)
        elif stroked or pdfium.FPDFPath_CountSegments(path) > 5:
            self._outline(path, _times(_matrix(path), matrix), stroked)

    def _outline(self, path: Any, matrix: Matrix | None, stroked: bool) -> None:
        for points in _polygons(path):
            placed = [self._at(x, y, matrix) for x, y in points]
            if stroked:
                for (x0, y0), (x1, y1) in pairwise(placed):
                    self.rulings += line_rulings(x0, y0, x1, y1)
            elif len(placed) in (4, 5):
                xs, ys = [x for x, _ in placed], [y for _, y in placed]
                self.rulings += box_rulings(min(xs), min(ys), max(xs), max(ys), stroked=False)

    def _at(self, x: float, y: float, matrix: Matrix | None) -> tuple[float, float]:
        if matrix is not None:
            a, b, c, d, e, f = matrix
            x, y = a * x + c * y + e, b * x + d * y + f
        return self._place(x, y)


def _polygons(path: Any) -> Iterator[list[tuple[float, float]]]:
    """The subpaths of a path as points; a curve ends one, so that its points draw no lines."""
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    for n in range(pdfium.FPDFPath_CountSegments(path)):
        segment = pdfium.FPDFPath_GetPathSegment(path, n)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        if kind != pdfium.FPDF_SEGMENT_LINETO and points:
            yield points
            points = []
        points.append((x.value, y.value))
        if pdfium.FPDFPathSegment_GetClose(segment) and points[0] != points[-1]:
            points.append(points[0])
    if points:
        yield points


def _matrix(item: Any) -> Matrix:
    m = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(item, m)
    return m.a, m.b, m.c, m.d, m.e, m.f


def _times(inner: Matrix, outer: Matrix | None) -> Matrix:
    """First `inner`, then `outer`."""
    if outer is None:
        return inner
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)
