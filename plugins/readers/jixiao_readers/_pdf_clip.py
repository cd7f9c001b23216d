"""Text that a page holds but does not show, or not whole, because it stands outside its clip.

LibreOffice prints the text of a merged cell on each page that the cell reaches, and clips it away where the
cell's middle is on another page. A text that does not fit its cell is cut off at the cell's edge, what lies
beyond the edge is often not in the file at all.
"""

import ctypes
from typing import Any, Literal

import pypdfium2.raw as pdfium

from jixiao_readers._pdf_calls import Handle, clip_of, paths_in_clip

Box = tuple[float, float, float, float]
Shown = Literal["whole", "part", "nothing"]
INK = 1.0
"""What shows less than so many points of a text shows nothing of it."""


def shown(text: Handle, box: Box) -> tuple[Shown, Box | None]:
    """How much of a text object with this box (left, bottom, right, top) its clip shows, and the clip's own
    box where it does not show all.

    The boxes and the clip are in the same space: that of the page, or of the form around the object.
    """
    at = clip_of(text)
    cut = None
    for n in range(paths_in_clip(at)):
        if inside := _bounds(ctypes.cast(at, pdfium.FPDF_CLIPPATH), n):
            a, b, c, d = inside
            left, bottom, right, top = box
            if min(right, c) - max(left, a) < INK or min(top, d) - max(bottom, b) < INK:
                return "nothing", inside
            if right - c > INK or a - left > INK:
                cut = inside
    return ("part", cut) if cut else ("whole", None)


def _bounds(clip: Any, n: int) -> Box | None:
    """The box around one path of a clip; None where it has no points."""
    x, y = ctypes.c_float(), ctypes.c_float()
    xs, ys = [], []
    for m in range(pdfium.FPDFClipPath_CountPathSegments(clip, n)):
        pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFClipPath_GetPathSegment(clip, n, m), x, y)
        xs.append(x.value)
        ys.append(y.value)
    return (min(xs), min(ys), max(xs), max(ys)) if xs else None
