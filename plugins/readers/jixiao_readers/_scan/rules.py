"""The lines drawn on a page: dark along a stretch, lighter to both sides, and no part of a letter.

Text is painted over first: a row of letters, averaged, looks much like a faint line.
"""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from jixiao.geometry import Ruling
from numpy.typing import NDArray

from jixiao_readers._scan.find import Box
from jixiao_readers._scan.upright import Gray, Page

ALONG = 12.0
"""Points along which a line is averaged: noise and short breaks vanish."""
BESIDE = 2.6
"""Points to either side where it must be lighter: half the thickest line."""
CONTRAST = 24
"""How much darker than its sides (of 255), so averaged."""
SOLID = 0.7
"""Of a line so much is dark; of letters that stand in a row, less."""
SURE = 60.0
"""A line so many points long is one by itself; a shorter one must end at others on both sides."""
SHORT = 11.0
CLOSE = 12.0
"""Breaks so many points long are closed: less than any row or column is wide."""
MEETS = 5.0
ALIKE = 3
WIDER = 1.2
"""Points by which the places of lines are widened before they are painted over."""


class _Stretch(NamedTuple):
    at: float
    start: float
    end: float


def rules(page: Page, text: Sequence[Box]) -> list[Ruling]:
    """The rulings of the page, in points; `text` are the boxes of its text, which hold none."""
    gray = page.gray.copy()
    for box in text:
        gray[box.top : box.bottom, box.x0 : box.x1] = 255
    across = _stretches(gray, page.scale)
    down = _stretches(np.ascontiguousarray(gray.T), page.scale)
    found = [Ruling(True, *r) for r in across] + [Ruling(False, *r) for r in down]
    return _anchored(_closed(found))


def without_rules(page: Page, rulings: Sequence[Ruling]) -> Gray:
    """The page with its rules painted over in white, so that no letter seems to touch one."""
    bare = page.gray.copy()
    for horizontal, at, start, end in rulings:
        a, b, c, d = (round(v * page.scale) for v in (at - WIDER, at + WIDER, start - WIDER, end + WIDER))
        band = (slice(max(a, 0), b + 1), slice(max(c, 0), d + 1))
        bare[band if horizontal else band[::-1]] = 255
    return bare


def _stretches(gray: Gray, scale: float) -> list[_Stretch]:
    """The lines along the rows of a picture, in points."""
    mask = cv2.dilate(_ridge(gray, scale), np.ones((3, 1), np.uint8))  # a line may leave its row by a pixel
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((1, round(SHORT * scale)), np.uint8))
    count, _, stats, middles = cv2.connectedComponentsWithStats(mask, connectivity=8)
    found = []
    for n in range(1, count):
        x, y, width, height, _ = (int(v) for v in stats[n])
        if height <= max(6.0 * scale, 0.05 * width) and width > 2 * height:
            ends = _ends(gray[y : y + height, x : x + width], scale)
            if ends:
                found.append(
                    _Stretch(float(middles[n][1]) / scale, (x + ends[0]) / scale, (x + ends[1]) / scale)
                )
    return found


def _ridge(gray: Gray, scale: float) -> NDArray[np.uint8]:
    """Where the page is darker than a little above and below, averaged along the row."""
    long, off = round(ALONG * scale) | 1, max(round(BESIDE * scale), 2)
    mean = cv2.blur(gray, (long, 1)).astype(np.int16)
    padded = np.pad(mean, ((off, off), (0, 0)), mode="edge")
    beside = np.minimum(padded[2 * off :], padded[: -2 * off])
    return ((beside - mean) > CONTRAST).astype(np.uint8)


def _ends(strip: Gray, scale: float) -> tuple[int, int] | None:
    """From where to where the line in this strip is dark; None where it is not, for the most part."""
    depth = 255.0 - cv2.blur(strip.min(axis=0, keepdims=True), (max(round(1.5 * scale), 1), 1))[0]
    dark = depth > 0.45 * float(np.quantile(depth, 0.75))
    where = np.flatnonzero(dark)
    if not len(where):
        return None
    start, end = int(where[0]), int(where[-1]) + 1
    return (start, end) if dark[start:end].mean() >= SOLID else None


def _closed(found: list[Ruling]) -> list[Ruling]:
    """With breaks closed between pieces that lie on one line."""
    closed: list[Ruling] = []
    for ruling in sorted(found, key=lambda r: (r.horizontal, r.start)):
        for n in range(len(closed) - 1, -1, -1):
            last = closed[n]
            near = last.horizontal == ruling.horizontal and abs(last.at - ruling.at) <= 2.0
            if near and ruling.start - last.end <= CLOSE:
                longer = max(last, ruling, key=lambda r: r.end - r.start)
                closed[n] = Ruling(last.horizontal, longer.at, last.start, max(last.end, ruling.end))
                break
        else:
            closed.append(ruling)
    return closed


def _anchored(found: list[Ruling]) -> list[Ruling]:
    """Without short ones that end at no others: strokes of large letters, underlines."""
    while True:
        kept = [r for r in found if r.end - r.start >= SURE or _is_held(r, found)]
        if len(kept) == len(found):
            return kept
        found = kept


def _is_held(ruling: Ruling, others: Sequence[Ruling]) -> bool:
    """Whether others hold both its ends; or one, and several are like it: the row that a page break cuts."""
    ends = [place for place in (ruling.start, ruling.end) if _meets(ruling, place, others)]
    return len(ends) == 2 or (len(ends) == 1 and sum(_is_alike(ruling, o) for o in others) >= ALIKE)


def _is_alike(one: Ruling, two: Ruling) -> bool:
    """Whether two lines stand side by side, from the same height to the same height."""
    beside = one.horizontal == two.horizontal
    return beside and abs(one.start - two.start) <= MEETS and abs(one.end - two.end) <= MEETS


def _meets(ruling: Ruling, place: float, others: Sequence[Ruling]) -> bool:
    return any(
        o.horizontal != ruling.horizontal
        and abs(o.at - place) <= MEETS
        and o.start - MEETS <= ruling.at <= o.end + MEETS
        for o in others
    )
