"""What pages refer to by number: ways to draw, pictures, groups of objects, templates."""

from collections.abc import Iterator
from typing import NamedTuple

from lxml.etree import _Element

from jixiao_readers._ofd.numbers import number
from jixiao_readers._ofd.package import Package, child, local, text

DEPTH = 16
WIDTH = 0.353
"""Millimetres: the width of a line that nothing else is said of (GB/T 33190 8.2.2)."""


class Pen(NamedTuple):
    """How a line is drawn, by what is said of it or inherited. `seen`: its colour is not all clear."""

    width: float = WIDTH
    seen: bool = True


class Resources:
    """The resources of one document, of whatever file they stand in."""

    def __init__(self) -> None:
        self._pens: dict[str, _Element] = {}
        self.pictures: dict[str, str] = {}
        """Parts of pictures by number."""
        self.groups: dict[str, _Element] = {}

    def take(self, package: Package, base: str, path: str | None) -> None:
        """Reads a resource part."""
        found = package.root(base, path, content=False)
        if found is None:
            return
        part, root = found
        folder = root.get("BaseLoc", "").replace("\\", "/").rstrip("/")
        for element in (e for group in root for e in group):
            key = element.get("ID", "")
            if local(element) == "DrawParam":
                self._pens[key] = element
            elif local(element) == "CompositeGraphicUnit":
                self.groups[key] = element
            elif local(element) == "MultiMedia" and element.get("Type", "").lower() == "image":
                said = text(child(element, "MediaFile"))
                if file := package.find(part, f"{folder}/{said}" if folder else said):
                    self.pictures[key] = file

    def pen(self, item: _Element, around: tuple[_Element, ...]) -> Pen:
        """The pen of an object; `around` is what it stands in, nearest first.

        What the object itself does not say is what its draw parameters say, or those they lean on.
        """
        width, colour = item.get("LineWidth"), child(item, "StrokeColor")
        for param in (param for element in (item, *around) for param in self._params(element)):
            width = width or param.get("LineWidth")
            colour = child(param, "StrokeColor") if colour is None else colour
        clear = item.get("Alpha") == "0" or (colour is not None and colour.get("Alpha") == "0")
        return Pen(number(width, WIDTH), not clear)

    def _params(self, element: _Element) -> Iterator[_Element]:
        """The draw parameters an element names, then those that these lean on."""
        key = element.get("DrawParam")
        for _ in range(DEPTH):
            if not key or key not in self._pens:
                return
            yield self._pens[key]
            key = self._pens[key].get("Relative")
