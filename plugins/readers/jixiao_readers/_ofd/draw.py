"""What a page draws, to placed characters and ruling lines in points."""

import math
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from jixiao.errors import over_limit
from jixiao.geometry import Char, Ruling, box_rulings, line_rulings
from jixiao.geometry.rulings import THIN
from lxml.etree import _Element

from jixiao_readers._ofd.numbers import Matrix, at, box, has_curves, lines, matrix, number, steps, times
from jixiao_readers._ofd.package import child, local, text
from jixiao_readers._ofd.resources import DEPTH, Resources

POINTS = 72 / 25.4
ABOVE, BELOW = 0.88, 0.12
"""How far, in type sizes, a character's box reaches above and below its base line."""
THICK = 4.0
"""Millimetres: a stroke wider than this is shading, no rule."""
BLOCKS = ("Layer", "PageBlock", "Content", "Appearance")


class Drawn:
    """Collects a page of at most `most` objects, those of groups counted each time they are used.

    `aside` is text set aslant or as a watermark, which belongs to no table. Raises BadInput `limit-cells`.
    """

    def __init__(self, resources: Resources, outer: Matrix, most: int) -> None:
        self.chars: list[Char] = []
        self.rulings: list[Ruling] = []
        self.pictures: list[tuple[float, str]] = []
        """Area and part of each."""
        self.aside: list[str] = []
        self.hidden: list[str] = []
        self.curves = 0
        self.turns: Counter[int] = Counter()
        self._resources, self._outer, self._most, self._objects = resources, outer, most, 0

    def page(self, content: _Element | None) -> None:
        if content is not None:
            self._block(content, self._outer, (), 0)

    def annotation(self, annotation: _Element) -> None:
        """An annotation where it stands; a watermark's text goes aside."""
        appearance = child(annotation, "Appearance")
        if appearance is None or annotation.get("Visible", "true") == "false":
            return
        where = box(appearance.get("Boundary")) or (0.0, 0.0, 0.0, 0.0)
        outer = times((1, 0, 0, 1, where[0], where[1]), self._outer)
        if annotation.get("Type") == "Watermark":
            inner = Drawn(self._resources, outer, self._most)
            inner.page(appearance)
            self.aside += ["".join(c.text for c in inner.chars), *inner.aside]
        else:
            self._block(appearance, outer, (), 0)

    def _block(self, block: _Element, outer: Matrix, around: tuple[_Element, ...], depth: int) -> None:
        self._count(len(block))
        for item in block:
            name = local(item)
            if item.get("Visible", "true").lower() == "false":
                self.hidden += [text(e) for e in item.iter() if local(e) == "TextCode"]
            elif name in BLOCKS:
                self._block(item, outer, (item, *around), depth)
            elif name in ("TextObject", "PathObject", "ImageObject", "CompositeObject"):
                inner = times(_placed(item), outer)
                if name == "TextObject":
                    self._text(item, inner)
                elif name == "PathObject":
                    self._path(item, inner, around)
                elif name == "ImageObject":
                    self._picture(item, outer)
                elif (
                    depth < DEPTH
                    and (group := self._resources.groups.get(item.get("ResourceID", ""))) is not None
                ):
                    self._block(group, inner, (item, *around), depth + 1)

    def _count(self, drawn: int) -> None:
        """So many objects, characters or points more."""
        self._objects += drawn
        if self._objects > self._most:
            raise over_limit("cells", self._objects, self._most)

    def _picture(self, item: _Element, outer: Matrix) -> None:
        where = box(item.get("Boundary")) or (0.0, 0.0, 0.0, 0.0)
        scale = abs(outer[0] * outer[3] - outer[1] * outer[2])
        self.pictures.append(
            (where[2] * where[3] * scale, self._resources.pictures.get(item.get("ResourceID", ""), ""))
        )

    def _path(self, item: _Element, m: Matrix, around: tuple[_Element, ...]) -> None:
        stroked = item.get("Stroke", "true").lower() != "false"
        filled = item.get("Fill", "false").lower() == "true"
        data = text(child(item, "AbbreviatedData"))
        self.curves += has_curves(data)
        pen = self._resources.pen(item, around)
        stroked = stroked and pen.seen and pen.width <= THICK
        if not stroked and not filled:
            return
        for points in lines(data):
            self._count(len(points))
            placed = [at(m, x, y) for x, y in points]
            xs, ys = [x for x, _ in placed], [y for _, y in placed]
            edges = min(xs), min(ys), max(xs), max(ys)
            if edges[2] - edges[0] <= THIN or edges[3] - edges[1] <= THIN:
                self.rulings += box_rulings(*edges)
            elif stroked:
                for (x0, y0), (x1, y1) in pairwise(placed):
                    self.rulings += line_rulings(x0, y0, x1, y1)
            elif len(placed) in (4, 5):
                self.rulings += box_rulings(*edges, stroked=False)

    def _text(self, item: _Element, m: Matrix) -> None:
        angle = math.atan2(m[1], m[0])
        turn = round(angle / (math.pi / 2))
        aslant = abs(angle - turn * math.pi / 2) > 0.1
        chars = list(_characters(item, m))
        self._count(len(chars))
        if aslant:
            self.aside.append("".join(c.text for c in chars))
        else:
            self.turns[turn % 4] += len(chars)
            self.chars += chars


def _placed(item: _Element) -> Matrix:
    """From an object's own space to what it stands in: its matrix, then where its boundary begins."""
    where = box(item.get("Boundary")) or (0.0, 0.0, 0.0, 0.0)
    return times(matrix(item.get("CTM")), (1, 0, 0, 1, where[0], where[1]))


def _characters(item: _Element, m: Matrix) -> Iterator[Char]:
    size = number(item.get("Size"), 3.5)
    across = number(item.get("HScale"), 1.0)
    x = y = 0.0
    for code in (e for e in item if local(e) == "TextCode"):
        x, y = number(code.get("X"), x), number(code.get("Y"), y)
        right, down = steps(code.get("DeltaX")), steps(code.get("DeltaY"))
        units = _units(item, code.text or "", max(len(right), len(down)) + 1)
        for n, unit in enumerate(units):
            wide = sum(map(_width, unit)) * size * across
            step = _step(right, n, 0.0 if any(down) else wide)
            box = _box(m, x, y, min(wide, step) if step > 0 else wide, size)
            yield Char(unit, *box, box[3] - box[1] if box[3] - box[1] > 0 else 1.0)
            x, y = x + step, y + _step(down, n, 0.0)


def _step(told: list[float], n: int, otherwise: float) -> float:
    """The step after character `n`; the last one told goes on."""
    return told[min(n, len(told) - 1)] if told else otherwise


def _units(item: _Element, said: str, placed: int) -> list[str]:
    """What stands at each place: a character, or all those that one glyph shows.

    White space that only lays out the XML is no text: it shows by there being no places for it.
    """
    if len(said) != placed and said != said.strip() and len(said.strip()) <= placed:
        said = said.strip()
    units = list(said)
    if len(units) > placed:
        for change in (e for e in item if local(e) == "CGTransform"):
            first, count = int(number(change.get("CodePosition"))), int(number(change.get("CodeCount"), 1))
            if count > int(number(change.get("GlyphCount"), 1)) == 1 and first + count <= len(units):
                units[first] = "".join(units[first : first + count])
                units[first + 1 : first + count] = [""] * (count - 1)
    return [unit for unit in units if unit]


def _width(character: str) -> float:
    return 1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.5


def _box(m: Matrix, x: float, y: float, wide: float, size: float) -> tuple[float, float, float, float]:
    corners = [at(m, a, b) for a in (x, x + wide) for b in (y - ABOVE * size, y + BELOW * size)]
    xs, ys = [a for a, _ in corners], [b for _, b in corners]
    return min(xs), min(ys), max(xs), max(ys)
