"""Where text stands on a page: boxes of single lines, none of which runs over a rule."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
from jixiao.geometry import Ruling
from numpy.typing import NDArray

from jixiao_readers._scan.engine import Engine
from jixiao_readers._scan.upright import Gray, Page

LOOK = {"fast": 96.0, "accurate": 120.0}
"""Dots an inch at which text is looked for."""
LIKELY = 0.3
"""So likely text is a pixel of the map that counts."""
HEART = 0.24
"""The map shows the heart of a line: its box less, all around, this part of area over half the outline."""
REACH = 0.35
"""Part of its height by which a box may grow up and down to hold ink that sticks out of it."""
TALLER, RULE = 0.5, 0.75
"""The same for large letters, whose heart is thin; a row of which so much is ink is a rule's."""
CLEAR = 2.0
"""Points from the middle of a rule in which its own ink may stand."""
ASIDE, NEAR = 1.5, 0.5
"""The same to the sides, where signs before digits are easily left out, and how near that ink stands."""
STACKED, LEAN = 1.2, 0.35
"""A box this much higher than others holds more lines than one, if so much less ink is between them."""
INK = 0.45
"""What is this part of the way from white to the darkest text is ink."""
SMALLEST = 2.5
"""What is smaller than so many points both ways is dirt."""


class Box(NamedTuple):
    """Pixels of the page, from the top left."""

    x0: int
    top: int
    x1: int
    bottom: int

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def width(self) -> int:
        return self.x1 - self.x0


def likely(engine: Engine, page: Page, look: float) -> list[Box]:
    """Boxes around what the network takes for text, looked at with `look` dots an inch."""
    height, width = page.gray.shape
    shrink = look / (72 * page.scale)
    wide, high = (max(round(v * shrink / 32), 1) * 32 for v in (width, height))
    small = np.asarray(cv2.resize(page.gray, (wide, high), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    mask = (engine.text_map(small) > LIKELY).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    right, down = width / wide, height / high
    boxes = []
    for n in range(1, count):
        x, y, w, h, _ = (int(v) for v in stats[n])
        if min(w, h) < 3:
            continue
        grow = _grown(w, h)
        x0, top = max(int((x - grow) * right), 0), max(int((y - grow) * down), 0)
        x1, bottom = min(int((x + w + grow) * right), width), min(int((y + h + grow) * down), height)
        boxes.append(Box(x0, top, x1, bottom))
    ink = page.gray < ink_level(page.gray, boxes)
    return _kept_apart(boxes, [_taller(box, ink) for box in boxes])


def _kept_apart(boxes: Sequence[Box], grown: Sequence[Box]) -> list[Box]:
    """Grown boxes, none of which reaches into the line above or below it."""
    found = []
    for one, large in zip(boxes, grown, strict=True):
        beside = [o for o in boxes if min(o.x1, large.x1) > max(o.x0, large.x0) and o is not one]
        middle = one.top + one.bottom
        above = [(o.bottom + one.top) // 2 for o in beside if o.top + o.bottom < middle - one.height]
        below = [(o.top + one.bottom) // 2 for o in beside if o.top + o.bottom > middle + one.height]
        top, bottom = max([large.top, *above]), min([large.bottom, *below])
        found.append(large._replace(top=top, bottom=bottom) if top < bottom else one)
    return found


def _taller(box: Box, ink: NDArray[np.bool_]) -> Box:
    """The box with what its letters reach beyond it, as those of titles do; a rule is none of them."""
    reach = round(TALLER * box.height)
    above = ink[max(box.top - reach, 0) : box.top, box.x0 : box.x1].mean(axis=1)[::-1]
    below = ink[box.bottom : box.bottom + reach, box.x0 : box.x1].mean(axis=1)
    return box._replace(top=box.top - _letters(above), bottom=box.bottom + _letters(below))


def _letters(filled: NDArray[np.float64]) -> int:
    """Over how many rows letters go on: up to the first without ink; none where a rule comes before it."""
    ends = np.flatnonzero(filled <= 0.005)
    rows = int(ends[0]) if len(ends) else 0
    return rows if rows and filled[:rows].max() < RULE else 0


def _grown(w: int, h: int) -> float:
    """How far a box reaches beyond its heart of this size."""
    grow = 0.0
    for _ in range(6):
        wide, high = w + 2 * grow, h + 2 * grow
        grow = HEART * wide * high / (wide + high)
    return grow


def lines_of(
    boxes: Sequence[Box], bare: Gray, scale: float, rulings: Sequence[Ruling]
) -> tuple[list[Box], list[Box]]:
    """The lines of text: the boxes parted where rules cross them; and what the network may have overlooked.

    `bare` is the page without its rules, `scale` pixels to a point.
    """
    ink = (cv2.medianBlur(bare, 3) < ink_level(bare, boxes)).astype(np.uint8)
    usual = float(np.median([b.height for b in boxes])) if boxes else 0.0
    parts = [
        p for box in boxes for part in _parted(box, rulings, scale) for p in _unstacked(part, ink, usual)
    ]
    pieces = [p for part in parts for p in _upended(part, ink)]
    pieces = [p for p in pieces if ink[p.top : p.bottom, p.x0 : p.x1].any()]
    held = _kept_apart(pieces, [_fitted(p, ink, rulings, scale) for p in pieces])
    return held, [_as_high(b, round(usual)) for b in _overlooked(held, ink, scale)]


def ink_level(bare: Gray, boxes: Sequence[Box], part: float = INK) -> int:
    """The gray below which a pixel is ink: a part of the way from white to what is darkest in the boxes."""
    darkest = [np.quantile(bare[b.top : b.bottom, b.x0 : b.x1], 0.1) for b in boxes if b.width > 0 < b.height]
    return round(255 - part * (255 - float(np.median(darkest)))) if darkest else 140


def _as_high(box: Box, usual: int) -> Box:
    """The box as high as the others, that a sign keeps its size beside them."""
    more = max(usual - box.height, 0)
    return box._replace(top=max(box.top - more // 2, 0), bottom=box.bottom + more - more // 2)


def _parted(box: Box, rulings: Sequence[Ruling], scale: float) -> Iterator[Box]:
    """The box in pieces where rules cross it."""
    middle, room = (box.top + box.bottom) / 2 / scale, 0.25 * min(box.height, box.width) / scale
    cuts = sorted(
        round(r.at * scale) for r in rulings
        if not r.horizontal and r.start <= middle <= r.end
        and box.x0 / scale + room < r.at < box.x1 / scale - room
    )  # fmt: skip
    for x0, x1 in zip([box.x0, *cuts], [*cuts, box.x1], strict=True):
        yield box._replace(x0=x0, x1=x1)


def _unstacked(box: Box, ink: NDArray[np.uint8], usual: float) -> Iterator[Box]:
    """A box of several lines, one below the other, as a box for each: parted where least ink is."""
    count = round(box.height / (STACKED * usual)) if usual else 1
    rows = ink[box.top : box.bottom, box.x0 : box.x1].mean(axis=1)
    cuts = [0]
    for n in range(1, count):
        near = slice(round((n - 0.25) * len(rows) / count), round((n + 0.25) * len(rows) / count))
        cut = near.start + int(rows[near].argmin())
        if rows[cut] < LEAN * rows.mean():
            cuts.append(cut)
    for top, bottom in pairwise([*cuts, len(rows)]):
        yield box._replace(top=box.top + top, bottom=box.top + bottom)


def _upended(box: Box, ink: NDArray[np.uint8]) -> Iterator[Box]:
    """A box of characters set one below the other as a box for each."""
    if box.height < 1.9 * box.width:
        yield box
        return
    filled = np.asarray(ink[box.top : box.bottom, box.x0 : box.x1].any(axis=1))
    pitch = box.width * 0.75
    top = 0
    for bottom in np.append(np.flatnonzero(~filled), len(filled)).tolist():
        if (
            bottom - top >= 0.6 * pitch
            and filled[top:bottom].any()
            and (bottom == len(filled) or bottom - top >= pitch)
        ):
            yield box._replace(top=box.top + top, bottom=box.top + bottom)
            top = bottom


def _fitted(box: Box, ink: NDArray[np.uint8], rulings: Sequence[Ruling], scale: float) -> Box:
    """The box with the ink that sticks out of it, up to the next rule."""
    small = min(box.height, box.width)
    reach, aside = round(REACH * small), round(ASIDE * small)
    top = max(box.top - reach, 0)
    rows = np.asarray(ink[top : box.bottom + reach, box.x0 : box.x1].any(axis=1))
    up, down = _runs_on(rows[: box.top - top][::-1], 1), _runs_on(rows[box.bottom - top :], 1)
    left, right = _between(box, rulings, scale, ink.shape[1])
    left, right = max(left, box.x0 - aside), min(right, box.x1 + aside)
    inner = round(0.15 * box.height)
    cols = np.asarray(ink[box.top + inner : box.bottom - inner, left:right].any(axis=0))
    near = round(NEAR * small)
    back, forth = _runs_on(cols[: box.x0 - left][::-1], near), _runs_on(cols[box.x1 - left :], near)
    return Box(box.x0 - back, box.top - up, box.x1 + forth, box.bottom + down)


def _between(box: Box, rulings: Sequence[Ruling], scale: float, width: int) -> tuple[int, int]:
    """The nearest rules to the left and right of a box, else the sides of the page."""
    y, middle = (box.top + box.bottom) / 2 / scale, (box.x0 + box.x1) / 2 / scale
    beside = [r.at for r in rulings if not r.horizontal and r.start <= y <= r.end]
    left = max((x + CLEAR for x in beside if x < middle), default=0.0)
    right = min((x - CLEAR for x in beside if x > middle), default=width / scale)
    return min(round(left * scale), box.x0), max(round(right * scale), box.x1)


def _runs_on(filled: NDArray[np.bool_], near: int) -> int:
    """How far what is filled goes on, over gaps of less than `near`."""
    reached = 0
    for n in np.flatnonzero(filled).tolist():
        if n - reached >= near:
            break
        reached = n + 1
    return reached


def _overlooked(boxes: Sequence[Box], ink: NDArray[np.uint8], scale: float) -> Iterator[Box]:
    """Ink that stands in no box and may be a letter: single digits and signs are easily overlooked."""
    rest = ink.copy()
    for b in boxes:
        rest[b.top : b.bottom, b.x0 : b.x1] = 0
    near = max(round(2.0 * scale), 1)
    joined = cv2.dilate(rest, np.ones((near, near), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    for n in range(1, count):
        x, y, w, h, _ = (int(v) for v in stats[n])
        high, wide = (h - near) / scale, (w - near) / scale
        if high <= 30 and max(high, wide) >= SMALLEST and (high >= 2.0 or 4 <= wide <= 60):
            yield Box(x, y, x + w, y + h)
