"""A page as it was scanned to one that lies straight, evenly white, at a scale of its own.

Everything after this works on such a page: gray, ink dark on white, rules along the sides.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Gray = NDArray[np.uint8]

FINE, COARSE = 300.0, 200.0
"""Dots an inch between which a page is worked on; others are brought to the nearer of the two."""
MOST_SKEW = 12.0
"""Degrees to either side within which a page is set straight."""
ENOUGH_SKEW = 0.03
"""Less than so many degrees is none: a pixel in a whole line at 200 dots an inch."""
PAPER, STROKE = 75, 7
"""At so many dots an inch what is wider than so many pixels is paper, however dark: shadows, stains."""
INKED, DARK = 0.02, 30
"""The darkest part of a page is ink, and should be so dark."""
MOST_STRETCH = 2.0
_LOOK = 100.0  # dots an inch at which the skew is measured


class Page(NamedTuple):
    """`gray` upright; `scale` pixels to a point."""

    gray: Gray
    scale: float

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        height, width = self.gray.shape
        return width / self.scale, height / self.scale


def upright(picture: Gray, dots: float) -> Page:
    """The picture of a page, `dots` an inch, as a Page."""
    even = _even(picture, dots)
    return _turned(even, dots, skew(even, dots))


def tilt(picture: Gray, dots: float) -> float:
    """Degrees by which `upright` turns the picture of a page."""
    return skew(_even(picture, dots), dots)


def _even(picture: Gray, dots: float) -> Gray:
    """With shadows, stains and the paper's colour taken out: each spot held against the paper around it."""
    step = max(int(dots / PAPER), 1)
    height, width = picture.shape
    small = cv2.resize(picture, (max(width // step, 1), max(height // step, 1)), interpolation=cv2.INTER_AREA)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((STROKE, STROKE), np.uint8))
    paper = cv2.blur(paper, (3, 3))
    paper = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return _stretched(np.asarray(cv2.divide(picture, np.maximum(paper, 64), scale=255), dtype=np.uint8))


def _stretched(even: Gray) -> Gray:
    """With faint ink made darker, paper left white."""
    dark = float(np.quantile(even[::4, ::4], INKED))
    factor = min((255 - DARK) / max(255 - dark, 1), MOST_STRETCH)
    if factor <= 1.0:
        return even
    return (255 - (255 - even.astype(np.float32)) * factor).clip(0, 255).astype(np.uint8)


def skew(even: Gray, dots: float) -> float:
    """Degrees by which the lines of the page fall to the right; 0 where nothing tells."""
    shrink = min(_LOOK / dots, 1.0)
    small = cv2.resize(even, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    edge = (small < 160) & (np.roll(small, 1, axis=0) >= 160)  # upper edges: what a stain fills counts once
    ys, xs = np.nonzero(edge)
    if len(xs) < 100:
        return 0.0
    best, width = 0.0, MOST_SKEW
    for step in (0.5, 0.1, 0.02):
        angles = np.arange(best - width, best + width + step / 2, step)
        sharp = [_sharpness(xs, ys, float(a)) for a in angles]
        best, width = float(angles[int(np.argmax(sharp))]), 1.5 * step
    return best if abs(best) >= ENOUGH_SKEW else 0.0


def _sharpness(xs: NDArray[np.intp], ys: NDArray[np.intp], degrees: float) -> float:
    """How much the points crowd on few lines of this slope."""
    rows = ys - xs * np.tan(np.radians(degrees))
    counts = np.bincount((rows - rows.min() + 0.5).astype(np.intp))
    return float((counts.astype(np.float64) ** 2).sum())


def _turned(even: Gray, dots: float, degrees: float) -> Page:
    """Turned and brought to scale in one step."""
    target = min(max(dots, COARSE), FINE)
    factor = target / dots
    height, width = even.shape
    wide, high = round(width * factor), round(height * factor)
    if degrees == 0.0:
        way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
        done = even if factor == 1.0 else cv2.resize(even, (wide, high), interpolation=way)
        return Page(np.asarray(done, dtype=np.uint8), target / 72)
    if factor < 1:
        even = np.asarray(cv2.resize(even, (wide, high), interpolation=cv2.INTER_AREA), dtype=np.uint8)
        factor = 1.0
    turn = cv2.getRotationMatrix2D((even.shape[1] / 2, even.shape[0] / 2), degrees, factor)
    turn[0, 2] += wide / 2 - even.shape[1] / 2
    turn[1, 2] += high / 2 - even.shape[0] / 2
    done = cv2.warpAffine(even, turn, (wide, high), flags=cv2.INTER_CUBIC, borderValue=(255,))
    return Page(np.asarray(done, dtype=np.uint8), target / 72)
