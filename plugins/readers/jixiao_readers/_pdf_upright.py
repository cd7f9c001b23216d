"""How a page's space goes to points from the top left of the page as it is read."""

from collections import Counter
from collections.abc import Sequence
from operator import gt
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from jixiao_readers._pdf_calls import angle_of, code_of

SAMPLE = 40


class Upright(NamedTuple):
    """The page's size, whether its x goes down instead of across, and to where each goes: start and sign."""

    width: float
    height: float
    swapped: bool
    across: tuple[float, int]
    down: tuple[float, int]

    def point(self, x: float, y: float) -> tuple[float, float]:
        (left, right), (top, low) = self.across, self.down
        if self.swapped:
            x, y = y, x
        return left + right * x, top + low * y

    def boxes(self, found: Sequence[float]) -> tuple[Sequence[float], ...]:
        """x0, top, x1 and bottom of boxes told by x and y of two opposite corners, one after the other."""
        across, down = (found[0::4], found[2::4]), (found[1::4], found[3::4])
        if self.swapped:
            across, down = down, across
        x0, x1 = _in_order(*(_moved(values, *self.across) for values in across))
        top, bottom = _in_order(*(_moved(values, *self.down) for values in down))
        return x0, top, x1, bottom


def _moved(values: Sequence[float], start: float, sign: int) -> Sequence[float]:
    if sign > 0 and not start:
        return values
    return [start + v for v in values] if sign > 0 else [start - v for v in values]


def _in_order(a: Sequence[float], b: Sequence[float]) -> tuple[Sequence[float], Sequence[float]]:
    """The smaller of each two, and the larger."""
    if not any(map(gt, a, b)):
        return a, b
    return (b, a) if not any(map(gt, b, a)) else (list(map(min, a, b)), list(map(max, a, b)))


def standing(page: Any, text: Any) -> tuple[Upright, int]:
    """How the page is set upright, and by how many quarter turns clockwise beside its rotation mark."""
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, box)
    left, bottom, right, top = box.left, box.bottom, box.right, box.top
    across, up = right - left, top - bottom
    marked = pdfium.FPDFPage_GetRotation(page)
    turn = _turn(text)
    turned = marked if turn is None else turn
    return (
        Upright(across, up, False, (-left, 1), (top, -1)),
        Upright(up, across, True, (-bottom, 1), (-left, 1)),
        Upright(across, up, False, (right, -1), (-bottom, 1)),
        Upright(up, across, True, (top, -1), (right, -1)),
    )[turned % 4], (turned - marked) % 4


def _turn(text: Any) -> int | None:
    """Quarter turns clockwise that set the text upright, by a sample of it; None where it does not agree."""
    count = pdfium.FPDFText_CountChars(text)
    turns: Counter[int] = Counter()
    for n in range(0, count, max(count // SAMPLE, 1)):
        if code_of(text, n) > 0x20:
            turns[-round(angle_of(text, n) / 1.5707963) % 4] += 1  # the angle counts clockwise
    if not turns:
        return None
    turn, votes = turns.most_common(1)[0]
    return turn if votes > 0.9 * sum(turns.values()) else None
