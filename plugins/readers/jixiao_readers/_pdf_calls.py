"""pdfium's functions that are called for each character or object, bound so that a call costs least.

They keep the interpreter's lock, since they return at once, and are made to be mapped over many arguments.
Objects come and go as their addresses, which tell one from another while the page is open.
"""

import ctypes
from collections import deque
from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Any

import pypdfium2.raw as pdfium

_ADDRESS, _INT, _UINT = ctypes.c_void_p, ctypes.c_int, ctypes.c_uint
_CHUNK = 512
_RECTS = (ctypes.c_float * (4 * _CHUNK))()
_SLOTS = [ctypes.byref(_RECTS, 16 * n) for n in range(_CHUNK)]


def _bound(function: Any, result: Any, *arguments: Any) -> Any:
    """The function; without `arguments` it takes what is no address as it is, which is twice as fast."""
    return ctypes.PYFUNCTYPE(result, *arguments)(ctypes.cast(function, _ADDRESS).value or 0)


code_of = _bound(pdfium.FPDFText_GetUnicode, _UINT)
is_made_up = _bound(pdfium.FPDFText_IsGenerated, _INT)
is_nameless = _bound(pdfium.FPDFText_HasUnicodeMapError, _INT)
owner_of = _bound(pdfium.FPDFText_GetTextObject, _ADDRESS)
_loose_box = _bound(pdfium.FPDFText_GetLooseCharBox, _INT)

object_of_page = _bound(pdfium.FPDFPage_GetObject, _ADDRESS, _ADDRESS, _INT)
object_of_form = _bound(pdfium.FPDFFormObj_GetObject, _ADDRESS, _ADDRESS, _INT)
kind_of = _bound(pdfium.FPDFPageObj_GetType, _INT, _ADDRESS)
clip_of = _bound(pdfium.FPDFPageObj_GetClipPath, _ADDRESS, _ADDRESS)
paths_in_clip = _bound(pdfium.FPDFClipPath_CountPaths, _INT, _ADDRESS)
draw_mode = _bound(pdfium.FPDFPath_GetDrawMode, _INT, _ADDRESS, *[ctypes.POINTER(_INT)] * 2)
_bounds = _bound(pdfium.FPDFPageObj_GetBounds, _INT, *[_ADDRESS] * 5)


def boxes_of_chars(text: Any, numbers: Sequence[int]) -> list[float]:
    """Left, top, right and bottom of each character's box in page space, one after the other."""
    found: list[float] = []
    for start in range(0, len(numbers), _CHUNK):
        part = numbers[start : start + _CHUNK]
        _run(map(_loose_box, repeat(text), part, _SLOTS))
        found += _RECTS[: 4 * len(part)]
    return found


def boxes_of_objects(items: Sequence[int]) -> list[float]:
    """Left, bottom, right and top of each object's box in the space it is drawn in, one after the other."""
    found = (ctypes.c_float * (4 * len(items)))()
    start = ctypes.addressof(found)
    end = start + ctypes.sizeof(found)
    _run(map(_bounds, items, *(range(start + 4 * n, end, 16) for n in range(4))))
    return found[:]


def _run(calls: Iterable[object]) -> None:
    """Goes through an iterator without a step of the interpreter."""
    deque(calls, maxlen=0)
