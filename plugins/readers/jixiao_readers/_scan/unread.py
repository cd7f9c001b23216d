"""Ink that the recogniser says nothing of, and the one unit that it does not know."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from jixiao_readers._scan.engine import Engine, Glyph, sized
from jixiao_readers._scan.upright import Gray

UNREAD = "\ufffd"
"""Stands for ink that is text and that nothing can be made of."""
SQUARE = "㎡"
"""Not among the recogniser's characters; it shows as m, as m2, or as nothing."""

SHORT = 12
EM = 0.85
"""The width of a Chinese character as part of the height of its line's box."""
WIDE = frozenset("★☆□√☑●○①②③④⑤⑥⑦⑧⑨℃‰≥≤≈—…%mM")
Ink = NDArray[np.uint8]


def uncovered(ink: Ink, glyphs: Sequence[Glyph], em: float) -> list[tuple[int, int]]:
    """The stretches of a line that hold ink as large as a letter, and no character."""
    filled = np.asarray(ink.any(axis=0))
    for g in glyphs:
        middle = (g.start + g.end) / 2 * len(filled)
        half = ((0.5 if g.text >= "\u2e80" or g.text in WIDE else 0.3) + 0.28) * em
        filled[max(round(middle - half), 0) : max(round(middle + half), 0)] = False
    edges = np.flatnonzero(np.diff(np.concatenate(([0], filled.astype(np.int8), [0]))))
    found: list[tuple[int, int]] = []
    for a, b in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if found and a - found[-1][1] < 0.15 * em:
            found[-1] = found[-1][0], b
        else:
            found.append((a, b))
    return [
        (a, b) for a, b in found
        if b - a >= 0.4 * em and np.ptp(np.flatnonzero(ink[:, a:b].any(axis=1))) >= 0.4 * em
    ]  # fmt: skip


def has_gap(ink: Ink, glyphs: Sequence[Glyph], em: float) -> bool:
    """Whether two Chinese characters stand far apart with ink between them: a mark that was passed over."""
    filled = np.asarray(ink.any(axis=0))
    for one, two in pairwise(glyphs):
        if one.text >= "\u2e80" and two.text >= "\u2e80":
            left, right = ((g.start + g.end) / 2 * len(filled) for g in (one, two))
            between = filled[round(left + 0.6 * em) : max(round(right - 0.6 * em), 0)]
            if right - left > 1.45 * em and between.sum() > 0.08 * em:
                return True
    return False


def is_too_wide(ink: Ink, text: str, em: float) -> bool:
    """Whether a number takes more room than its figures: the recogniser may have passed over its unit."""
    cols = np.flatnonzero(ink.any(axis=0))
    if not len(cols) or not text[-1:].isdigit() or len(text) > SHORT:
        return False
    needed = sum(1.0 if c >= "\u2e80" or c in WIDE else 0.6 for c in text)
    return bool(np.ptp(cols) > (needed + 0.6) * em)


def is_square(engine: Engine, gray: Gray, ink: Ink, em: float) -> bool:
    """Whether a line ends in an m with a figure at its shoulder that is not a 3; `em` as wide as a letter."""
    start, end = _last_letter(ink, em)
    part = ink[:, start:end]
    rows, cols = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
    if not len(rows) or not 0.55 * em <= np.ptp(cols) <= 1.3 * em:
        return False
    top, bottom, left, right = rows[0], rows[-1] + 1, cols[0], cols[-1] + 1
    part = part[top:bottom, left:right]
    high, wide = part.shape
    shoulder = (slice(0, round(0.5 * high)), slice(round(0.62 * wide), wide))
    over = part[: round(0.22 * high), : round(0.55 * wide)]
    below = part[round(0.5 * high) :, : round(0.55 * wide)]
    if over.mean() > 0.1 or part[shoulder].mean() < 0.15 or below.mean() < 0.2:
        return False
    raised = gray[top:bottom, start + left : start + right][shoulder]
    white = np.pad(raised, round(0.2 * high), constant_values=255)
    return not any(g.text in "3³" for g in engine.line(sized(np.asarray(white, dtype=np.uint8))))


def _last_letter(ink: Ink, em: float) -> tuple[int, int]:
    """From where to where the last wide letter of a line stands: from the gap nearest to its width."""
    filled = np.asarray(ink.any(axis=0))
    if not filled.any():
        return 0, 0
    end = int(np.flatnonzero(filled)[-1]) + 1
    usual = end - round(0.95 * em)
    gaps = [x for x in np.flatnonzero(~filled[:end]).tolist() if 0.75 * em <= end - x <= 1.2 * em]
    return max(min(gaps, key=lambda x: abs(x - usual), default=usual), 0), end
