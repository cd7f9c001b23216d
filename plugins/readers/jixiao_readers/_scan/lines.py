"""The lines of a page read, and looked at again where one look is not enough.

The recogniser knows text: a single sign alone in its cell is often none to it, and is surely one beside a
number. It does not know every character, and says nothing of one it cannot read. So what stands alone is
shown to it beside a number of the same page, and ink that no character accounts for is told.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from jixiao.geometry import Char

from jixiao_readers._scan.engine import Engine, Glyph, narrow, sized
from jixiao_readers._scan.find import Box, ink_level
from jixiao_readers._scan.unread import EM, SQUARE, UNREAD, has_gap, is_square, is_too_wide, uncovered
from jixiao_readers._scan.upright import Gray

MARGINS = (0.14, 0.3)
"""White above and below a line, as part of its height, at the first look and the second."""
ALONE = 1.7
"""What is not this much wider than high stands alone."""
LEAST = 0.5
"""What was overlooked at first and is read less surely than this is dirt."""
CLEAR = 0.97
"""In fast mode a line this sure, without a figure or sign in it, is looked at once."""
DIFFER = 0.3
"""The surety of a line whose two looks differ: as good as none."""
ALIKE = frozenset("CKOPSUVWXZ")
SHAPED = 0.5
"""The surety of a character that was told by its shape alone."""
GAP = 0.12
METRE = re.compile(r"(?<![A-Za-z])(m[\d²³]?|²)$")
"""A unit as it is read for one that the recogniser does not know."""
FIGURELIKE = frozenset("OoQlI|ZSB")
BARS = frozenset("|｜丨│")
DIGITS = frozenset("0123456789.")
FIGURES = frozenset("0123456789.%≥≤><=≠±~～－-+*/\\()（）％＞＜＝")
DARK = 0.52
"""Ink is missed where it is so much of the way from white to the darkest text; what is lighter are stains."""
DIRT = frozenset(".,，、'`’‘·:;°˙•_ˉ¨\"“”′″")


class Read(NamedTuple):
    """A line as read; `box` in pixels of the page."""

    box: Box
    glyphs: list[Glyph]

    @property
    def text(self) -> str:
        return "".join(g.text for g in self.glyphs)

    @property
    def sure(self) -> float:
        return min((g.sure for g in self.glyphs), default=0.0)


class Lines:
    """Reads the lines of one page. `bare` is the page without its rules."""

    def __init__(self, engine: Engine, bare: Gray, *, twice: bool) -> None:
        self._engine, self._bare, self._twice = engine, bare, twice
        self._carrier: Read | None = None
        self._ink = self._dark = 140
        self._em = 0.0

    def read(self, boxes: Sequence[Box], overlooked: Sequence[Box]) -> list[Read]:
        """What the lines say; of those that were overlooked at first, what is none is left out."""
        self._ink, self._dark = ink_level(self._bare, boxes), ink_level(self._bare, boxes, DARK)
        first = [Read(b, self._look(b, MARGINS[0])) for b in boxes]
        widths = [r.box.width / len(r.text) for r in first if len(r.text) > 3 and _is_ideographs(r.text)]
        self._em = float(np.median(widths)) if widths else 0.0
        self._carrier = self._number(first)
        done = [self._checked(r) for r in first]
        for box in overlooked:
            read = self._checked(Read(box, self._look(box, MARGINS[0])))
            known = read.sure >= LEAST and not set(read.text) <= DIRT
            if known or (read.text == UNREAD and self._is_dark(box)):
                done.append(read)
            elif box.height < 2 * box.width:
                done = [_doubted(r) if _is_behind(box, r.box) else r for r in done]
        return done

    def _number(self, lines: Sequence[Read]) -> Read | None:
        """A number of the page, short and surely read, with nothing beside it that was not."""
        found = [r for r in lines if len(r.glyphs) > 1 and r.sure > 0.98 and set(r.text) <= DIGITS]
        found.sort(key=lambda r: abs(len(r.glyphs) - 3))
        return next((r for r in found if self._with_unread(r) == r), None)

    def _is_dark(self, box: Box) -> bool:
        """Whether there is as much ink in the box as in a letter, and no more room."""
        return (
            box.width < ALONE * box.height
            and 0.08 < float((_cut(self._bare, box, 0, 0) < self._dark).mean()) < 0.6
        )

    def _look(self, box: Box, margin: float) -> list[Glyph]:
        pad = round(margin * box.height)
        side = pad + round(0.1 * box.height)
        return self._engine.line(sized(_cut(self._bare, box, pad, side)))

    def _checked(self, read: Read) -> Read:
        """The line after a second look where one is due, with what nothing accounts for told."""
        if read.box.width < ALONE * read.box.height:
            read = self._beside_number(read)
        elif self._twice or read.sure < CLEAR or FIGURES.intersection(read.text):
            read = _agreed(read, Read(read.box, self._look(read.box, MARGINS[1])))
        return self._with_unread(unmixed(cased(unruled(read))))

    def _beside_number(self, read: Read) -> Read:
        """What a sign or a character says when it stands before a number, and behind one."""
        if self._carrier is None:
            return _agreed(read, Read(read.box, self._look(read.box, MARGINS[1])))
        ways = [w for before in (True, False) if (w := self._joined(read.box, before)) is not None]
        if not ways:
            return read
        best = max(ways, key=lambda r: r.sure)
        if {r.text for r in ways} == {best.text} or (best.text == read.text and read.glyphs):
            return best
        other = max((r.sure for r in (*ways, read) if r.text != best.text and r.glyphs), default=0.0)
        return best if best.sure > 0.95 and other < 0.8 else _doubted(best)

    def _joined(self, box: Box, before: bool) -> Read | None:
        """The box beside the carrier; None where the carrier is not read as it was."""
        carrier = self._carrier
        assert carrier is not None
        high = max(box.height, carrier.box.height)
        parts = [_band(self._bare, box, high), _band(self._bare, carrier.box, high)]
        gap = np.full((parts[0].shape[0], round(GAP * high)), 255, np.uint8)
        first, last = parts if before else parts[::-1]
        picture = np.hstack([gap, first, gap, last, gap])
        glyphs = [g for g in self._engine.line(sized(picture)) if g.text != " "]
        known = len(carrier.glyphs)
        own, rest = (glyphs[:-known], glyphs[-known:]) if before else (glyphs[known:], glyphs[:known])
        if "".join(g.text for g in rest) != carrier.text:
            return None
        start = (gap.shape[1] if before else parts[1].shape[1] + 2 * gap.shape[1]) / picture.shape[1]
        wide = parts[0].shape[1] / picture.shape[1]
        return Read(
            box, [g._replace(start=(g.start - start) / wide, end=(g.end - start) / wide) for g in own]
        )

    def _with_unread(self, read: Read) -> Read:
        """With UNREAD for ink that no character accounts for, and square metres where they are meant."""
        gray = _cut(self._bare, read.box, 0, 0)
        ink = (gray < self._ink).astype(np.uint8)
        dark = (gray < self._dark).astype(np.uint8)
        em, glyphs = self._width(read.box), list(read.glyphs)
        spots = uncovered(dark, glyphs, max(em, 0.9 * min(read.box.height, read.box.width * 1.2)))
        wide = is_too_wide(ink, read.text, em)
        metre = METRE.search(read.text)
        if (metre or spots or wide) and is_square(self._engine, gray, ink, em):
            keep = glyphs[: metre.start()] if metre else glyphs
            place = 1.0 - 0.5 * em / ink.shape[1]
            return Read(read.box, [*keep, Glyph(SQUARE, place, place, SHAPED, "")])
        places = sorted((g.start + g.end) / 2 for g in glyphs) or [1.0]
        middles = [(start + end) / 2 / ink.shape[1] for start, end in spots]
        outside = [m for m in middles if not places[0] < m < places[-1]]  # inside, a place is not that sure
        glyphs += [Glyph(UNREAD, m, m, 0.0, "") for m in outside]
        whole = Read(read.box, sorted(glyphs, key=lambda g: g.start + g.end))
        unsure = wide or metre or len(outside) < len(spots) or has_gap(dark, read.glyphs, em)
        return _doubted(whole) if unsure else whole

    def _width(self, box: Box) -> float:
        """How wide a Chinese character of the line is, in pixels: as in the long lines, but for a title."""
        by_height = EM * box.height
        return by_height if not self._em or by_height > 1.6 * self._em else self._em


def _is_ideographs(text: str) -> bool:
    return all("\u4e00" <= c <= "\u9fff" for c in text)


def _is_behind(box: Box, line: Box) -> bool:
    """Whether a box as large as a letter stands where the line would go on."""
    level = min(box.bottom, line.bottom) - max(box.top, line.top) > 0.5 * line.height
    return level and 0 <= box.x0 - line.x1 < line.height and box.width > 0.4 * line.height


def _agreed(one: Read, two: Read) -> Read:
    """The better of two looks; doubted where they differ."""
    if _bare(one.text) == _bare(two.text):
        return max(one, two, key=lambda r: r.sure)
    return _doubted(max(one, two, key=lambda r: (len(r.glyphs) > 0, r.sure)))


def _bare(text: str) -> str:
    """A text as two looks are compared: without spaces, in common widths."""
    return "".join(map(narrow, text.replace(" ", "")))


def cased(read: Read) -> Read:
    """With letters whose cases look alike in the case of the letter before: Mbps, not MbpS."""
    glyphs = list(read.glyphs)
    for n, (one, two) in enumerate(pairwise(read.glyphs), 1):
        if one.text.islower() and one.text.isascii() and two.text in ALIKE:
            glyphs[n] = two._replace(text=two.text.lower(), sure=min(two.sure, SHAPED))
    return read._replace(glyphs=glyphs)


def unruled(read: Read) -> Read:
    """Without bars at its ends, which are what is left of rules; doubted where there were some."""
    glyphs = list(read.glyphs)
    while glyphs and glyphs[-1].text in BARS:
        glyphs.pop()
    while glyphs and glyphs[0].text in BARS:
        del glyphs[0]
    return read if len(glyphs) == len(read.glyphs) else _doubted(read._replace(glyphs=glyphs))


def unmixed(read: Read) -> Read:
    """With letters that look like figures doubted where they stand beside figures or signs: <OM, l00."""
    around = [" ", *(g.text for g in read.glyphs), " "]
    mixed = any(
        text in FIGURELIKE and (FIGURES.intersection(before) or FIGURES.intersection(after))
        for before, text, after in zip(around, around[1:], around[2:], strict=False)
    )
    alone = len(read.text) == 1 and read.text.upper() in ALIKE  # nothing tells its case
    return _doubted(read) if mixed or alone else read


def _doubted(read: Read) -> Read:
    return read._replace(glyphs=[g._replace(sure=min(g.sure, DIFFER)) for g in read.glyphs])


def _cut(bare: Gray, box: Box, pad: int, side: int) -> Gray:
    top, x0 = max(box.top - pad, 0), max(box.x0 - side, 0)
    return bare[top : box.bottom + pad, x0 : box.x1 + side]


def _band(bare: Gray, box: Box, high: int) -> Gray:
    """The box as a strip of a given height with a little white, its middle in the middle."""
    tall = round(high * (1 + 2 * MARGINS[0]))
    strip = np.full((tall, box.width), 255, np.uint8)
    part = bare[box.top : box.bottom, box.x0 : box.x1]
    top = (tall - part.shape[0]) // 2
    strip[top : top + part.shape[0], : part.shape[1]] = part
    return strip


def chars(read: Read, scale: float) -> list[Char]:
    """Characters in points, side by side without gaps: where they stand is known to half a letter."""
    x0, top, x1, bottom = (round(v / scale, 2) for v in read.box)
    middles = [x0 + (g.start + g.end) / 2 * (x1 - x0) for g in read.glyphs]
    edges = [round(x, 2) for x in (x0, *((a + b) / 2 for a, b in pairwise(middles)), x1)]
    return [
        Char(g.text, a, top, b, bottom, round(bottom - top, 2))
        for g, (a, b) in zip(read.glyphs, pairwise(edges), strict=True)
    ]
