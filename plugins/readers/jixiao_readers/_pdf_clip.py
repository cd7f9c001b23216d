"""Text that a page holds but does not show, because it stands outside its clip.

LibreOffice prints the text of a merged cell on each page that the cell reaches, and clips it away where the
cell's middle is on another page.
"""

import ctypes
from typing import Any

import pypdfium2.raw as pdfium

Box = tuple[float, float, float, float]
INK = 1.0
"""What shows less than so many points of a text shows nothing of it."""


def address(item: Any) -> int:
    """What tells one page object from another while the page is open."""
    return ctypes.cast(item, ctypes.c_void_p).value or 0


def is_clipped_away(text: Any, box: Box) -> bool:
    """Whether a text object with this box (left, bottom, right, top) is clipped away whole.

    The box and the clip are in the same space: that of the page, or of the form around the object.
    """
    clip = pdfium.FPDFPageObj_GetClipPath(text)
    if not clip:
        return False
    left, bottom, right, top = box
    for n in range(pdfium.FPDFClipPath_CountPaths(clip)):
        if shown := _bounds(clip, n):
            a, b, c, d = shown
            if min(right, c) - max(left, a) < INK or min(top, d) - max(bottom, b) < INK:
                return True
    return False


def _bounds(clip: Any, n: int) -> Box | None:
    """The box around one path of a clip; None where it has no points."""
    x, y = ctypes.c_float(), ctypes.c_float()
    xs, ys = [], []
    for m in range(pdfium.FPDFClipPath_CountPathSegments(clip, n)):
        pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFClipPath_GetPathSegment(clip, n, m), x, y)
        xs.append(x.value)
        ys.append(y.value)
    return (min(xs), min(ys), max(xs), max(ys)) if xs else None
