"""pdfium's functions that are called for each character or object, bound so that a call costs least.

They keep the interpreter's lock, since they return at once, and are made to be mapped over many arguments.
"""

import ctypes
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from typing import Any, TypeVar

import pypdfium2.raw as pdfium

T = TypeVar("T")

_CHUNK = 256
_RECTS = (ctypes.c_float * (4 * _CHUNK))()
_SIDES = [[ctypes.byref(_RECTS, 16 * n + 4 * side) for n in range(_CHUNK)] for side in range(4)]


class Handle(ctypes.c_void_p):
    """One of a page's objects; its `value` tells it from others while the page is open."""


def _bound(function: Any, result: Any = ctypes.c_int) -> Any:
    """The function, which does not convert its arguments: they must be handles, pdfium's own pointers, what
    `byref` gives, or whole numbers that are no addresses."""
    return ctypes.PYFUNCTYPE(result)(ctypes.cast(function, ctypes.c_void_p).value or 0)


code_of = _bound(pdfium.FPDFText_GetUnicode, ctypes.c_uint)
angle_of = _bound(pdfium.FPDFText_GetCharAngle, ctypes.c_float)
is_made_up = _bound(pdfium.FPDFText_IsGenerated)
is_nameless = _bound(pdfium.FPDFText_HasUnicodeMapError)
owner_of = _bound(pdfium.FPDFText_GetTextObject, ctypes.c_void_p)
_loose_box = _bound(pdfium.FPDFText_GetLooseCharBox)

object_of_page = _bound(pdfium.FPDFPage_GetObject, Handle)
object_of_form = _bound(pdfium.FPDFFormObj_GetObject, Handle)
kind_of = _bound(pdfium.FPDFPageObj_GetType)
clip_of = _bound(pdfium.FPDFPageObj_GetClipPath, Handle)
paths_in_clip = _bound(pdfium.FPDFClipPath_CountPaths)
draw_mode = _bound(pdfium.FPDFPath_GetDrawMode)
_bounds = _bound(pdfium.FPDFPageObj_GetBounds)


def boxes_of_chars(text: Any, numbers: Sequence[int]) -> list[float]:
    """Left, top, right and bottom of each character's box in page space, one after the other."""
    return _boxes(numbers, lambda part: map(_loose_box, repeat(text), part, _SIDES[0]))


def boxes_of_objects(items: Sequence[Handle]) -> list[float]:
    """Left, bottom, right and top of each object's box in the space it is drawn in, one after the other."""
    return _boxes(items, lambda part: map(_bounds, part, *_SIDES))


def _boxes(items: Sequence[T], calls: Callable[[Sequence[T]], Iterable[object]]) -> list[float]:
    """The boxes that calls of pdfium leave in `_RECTS` when they are gone through."""
    found: list[float] = []
    for start in range(0, len(items), _CHUNK):
        part = items[start : start + _CHUNK]
        deque(calls(part), maxlen=0)
        found += _RECTS[: 4 * len(part)]
    return found
