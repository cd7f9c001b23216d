"""What a PDF page draws: the lines of tables, if there are pictures, and which texts are clipped away."""

import ctypes
from collections.abc import Callable, Iterator
from itertools import pairwise, repeat
from typing import Any

import pypdfium2.raw as pdfium
from jixiao.geometry import Ruling, box_rulings, line_rulings
from jixiao.geometry.rulings import THIN

from jixiao_readers._pdf_calls import (
    Handle,
    boxes_of_objects,
    clip_of,
    draw_mode,
    kind_of,
    object_of_form,
    object_of_page,
    paths_in_clip,
)
from jixiao_readers._pdf_clip import Box, shown
from jixiao_readers._pdf_upright import Upright

Matrix = tuple[float, float, float, float, float, float]

DEPTH = 16
"""Forms inside forms are followed so far."""
NO_WIDTH = 0.01


class Drawn:
    """Collects rulings from a page's objects, through forms and their matrices, and texts that are clipped
    away (`clipped`, those below what is shown `below` too) or in part (`cut`, at the sides `sides`), told by
    their addresses.

    `lost`: pdfium leaves out characters of a font that is neither in the file nor on the machine. `skipped`:
    it leaves out a text that the file spells out for those who search it.
    """

    def __init__(self, upright: Upright) -> None:
        self.rulings: list[Ruling] = []
        self.clipped: list[int] = []
        self.cut: list[int] = []
        self.sides: set[float] = set()
        self.below: set[int] = set()
        self.images = self.lost = self.skipped = False
        self._upright = upright
        self._filled, self._stroked = ctypes.c_int(), ctypes.c_int()
        self._mode = ctypes.byref(self._filled), ctypes.byref(self._stroked)

    def read_page(self, page: Any) -> None:
        """Collects what the page holds."""
        self._read(object_of_page, page, pdfium.FPDFPage_CountObjects(page), None, 0)

    def _read(
        self, get: Callable[[Any, int], Handle], holder: Any, count: int, matrix: Matrix | None, depth: int
    ) -> None:
        """The objects of a page or form; `matrix` takes the form's space to the page's."""
        items = list(map(get, repeat(holder), range(count)))
        corners = boxes_of_objects(items)
        sides = iter(corners)
        boxes = zip(sides, sides, sides, sides, strict=True)
        placed = zip(*self._upright.boxes(_under(corners, matrix)), strict=True)
        clips = map(paths_in_clip, map(clip_of, items))
        for item, kind, box, at, clip in zip(items, map(kind_of, items), boxes, placed, clips, strict=True):
            if kind == pdfium.FPDF_PAGEOBJ_TEXT:
                if clip > 0 or box[2] - box[0] < NO_WIDTH:
                    self._text(item, box, matrix)
            elif kind == pdfium.FPDF_PAGEOBJ_PATH:
                self._path(item, at, matrix)
            elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                self.images = True
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < DEPTH:
                form = _pointer(item)
                inner = _times(_matrix(form), matrix)
                self._read(object_of_form, item, pdfium.FPDFFormObj_CountObjects(form), inner, depth + 1)

    def _text(self, text: Handle, box: Box, matrix: Matrix | None) -> None:
        """pdfium passes over text without width, as that of glyphs it has no font for is."""
        left, bottom, right, top = box
        if right - left < NO_WIDTH:
            pointer = _pointer(text)
            font = pdfium.FPDFTextObj_GetFont(pointer)
            self.lost = self.lost or pdfium.FPDFFont_GetIsEmbedded(font) == 0
            self.skipped = self.skipped or _is_spelt_out(pointer)
            return
        much, edge = shown(text, box)
        if much == "nothing" and edge:
            self.clipped.append(text.value or 0)
            low = max(self._at(x, y, matrix)[1] for x, y in (edge[:2], edge[2:]))
            if self._at((left + right) / 2, (bottom + top) / 2, matrix)[1] > low:
                self.below.add(text.value or 0)
        elif edge:
            self.cut.append(text.value or 0)
            self.sides |= {self._at(x, y, matrix)[0] for x, y in (edge[:2], edge[2:])}

    def _path(self, path: Handle, box: Box, matrix: Matrix | None) -> None:
        draw_mode(path, *self._mode)
        filled, stroked = self._filled.value, bool(self._stroked.value)
        if not stroked and not filled:
            return
        if box[2] - box[0] <= THIN or box[3] - box[1] <= THIN:
            self.rulings += box_rulings(*box)
        else:
            self._outline(_pointer(path), matrix, stroked)

    def _outline(self, path: Any, matrix: Matrix | None, stroked: bool) -> None:
        if not stroked and pdfium.FPDFPath_CountSegments(path) <= 5:
            return
        matrix = _times(_matrix(path), matrix)
        for points in _polygons(path):
            placed = [self._at(x, y, matrix) for x, y in points]
            if stroked:
                for (x0, y0), (x1, y1) in pairwise(placed):
                    self.rulings += line_rulings(x0, y0, x1, y1)
            elif len(placed) in (4, 5):
                xs, ys = [x for x, _ in placed], [y for _, y in placed]
                self.rulings += box_rulings(min(xs), min(ys), max(xs), max(ys), stroked=False)

    def _at(self, x: float, y: float, matrix: Matrix | None) -> tuple[float, float]:
        return self._upright.point(*_under([x, y], matrix))


def _under(points: list[float], matrix: Matrix | None) -> list[float]:
    """Points, x and y of each one after the other, taken through a matrix."""
    if matrix is None:
        return points
    a, b, c, d, e, f = matrix
    pairs = zip(points[0::2], points[1::2], strict=True)
    return [z for x, y in pairs for z in (a * x + c * y + e, b * x + d * y + f)]


def _pointer(item: Handle) -> Any:
    """An object as pypdfium2's functions take it."""
    return ctypes.cast(item, pdfium.FPDF_PAGEOBJECT)


def _is_spelt_out(text: Any) -> bool:
    """Whether the mark-up around a text says what it stands for."""
    length = ctypes.c_ulong()
    marks = (pdfium.FPDFPageObj_GetMark(text, n) for n in range(pdfium.FPDFPageObj_CountMarks(text)))
    return any(
        pdfium.FPDFPageObjMark_GetParamStringValue(mark, b"ActualText", None, 0, length) and length.value > 2
        for mark in marks
    )


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
