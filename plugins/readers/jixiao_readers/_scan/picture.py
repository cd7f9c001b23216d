"""PNG, JPEG and TIFF by their headers: how many pages, how large, before a pixel is unpacked."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from jixiao.errors import over_limit, truncated
from jixiao.limits import Limits

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
TIFF = (b"II*\0", b"MM\0*")
LONGEST = (400.0, 1800.0)
"""Points between which the longer side of a page lies, A5 to A2; what says otherwise does not say it."""
A4 = 842.0
INCH, CENTIMETRE = 1.0, 2.54


class Size(NamedTuple):
    """Pixels of a picture, and how many of them to the inch it says there are (0 where it does not)."""

    width: int
    height: int
    dots: float = 0.0

    def resolution(self) -> float:
        """Dots an inch: as the picture says where that gives a sheet of paper, else as if it were A4."""
        long = max(self.width, self.height)
        if self.dots > 0 and LONGEST[0] <= long / self.dots * 72 <= LONGEST[1]:
            return self.dots
        return long / A4 * 72


def kind(start: bytes) -> str | None:
    """What the first bytes say the picture is: PNG, JPEG, TIFF, or None."""
    if start.startswith(PNG):
        return "PNG"
    if start.startswith(JPEG):
        return "JPEG"
    return "TIFF" if start.startswith(TIFF) else None


def sizes(data: bytes, limits: Limits) -> list[Size]:
    """The size of every page, by the headers alone.

    Raises BadInput: `damaged-file`, `limit-pages`, `limit-pixels`.
    """
    name = kind(data) or "TIFF"
    found = []
    try:
        for size in {"PNG": _png, "JPEG": _jpeg, "TIFF": _tiff}[name](data, limits.pages):
            if size.width * size.height > limits.pixels:
                raise over_limit("pixels", size.width * size.height, limits.pixels)
            if size.width < 1 or size.height < 1:
                raise truncated(name)
            found.append(size)
    except (struct.error, IndexError, KeyError, ValueError):
        raise truncated(name) from None
    return found


def _png(data: bytes, pages: int) -> Iterator[Size]:
    """Each part lies in the file, and the picture before its end: what unpacks it believes what it reads."""
    width, height = struct.unpack_from(">II", data, 16)
    dots, filled, name, at = 0.0, False, b"", len(PNG)
    while at + 12 <= len(data) and name != b"IEND":
        length, name = struct.unpack_from(">I4s", data, at)
        if name == b"pHYs":
            across, _, unit = struct.unpack_from(">IIB", data, at + 8)
            dots = across * 0.0254 if unit == 1 else 0.0
        filled |= name == b"IDAT"
        at += 12 + length
    yield Size(width, height, dots)
    if at > len(data) or not filled:
        raise ValueError("a part is longer than the file, or there is none with a picture")


def _jpeg(data: bytes, pages: int) -> Iterator[Size]:
    at, dots = 2, 0.0
    while True:
        while data[at] == 0xFF and data[at + 1] == 0xFF:
            at += 1
        if data[at] != 0xFF:
            raise ValueError("no marker")
        marker, (length,) = data[at + 1], struct.unpack_from(">H", data, at + 2)
        if marker == 0xE0 and data[at + 4 : at + 9] == b"JFIF\0":
            unit, across = struct.unpack_from(">BH", data, at + 11)
            dots = across * {1: INCH, 2: CENTIMETRE}.get(unit, 0.0)
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", data, at + 5)
            yield Size(width, height, dots)
            return
        if length < 2 or marker == 0xDA:
            raise ValueError("no size before the picture")
        at += 2 + length


_WIDTH, _HEIGHT, _ACROSS, _UNIT = 256, 257, 282, 296
_FORMS = {1: "B", 3: "H", 4: "I"}


def _tiff(data: bytes, pages: int) -> Iterator[Size]:
    """Every directory once; one that was there before ends the file as damaged."""
    order = "<" if data[:2] == b"II" else ">"
    (at,) = struct.unpack_from(order + "I", data, 4)
    seen: set[int] = set()
    while at:
        if at in seen:
            raise ValueError("the pages run in a circle")
        seen.add(at)
        if len(seen) > pages:
            raise over_limit("pages", len(seen), pages)
        (count,) = struct.unpack_from(order + "H", data, at)
        tags = {}
        for n in range(count):
            tag, form, _, value = struct.unpack_from(order + "HHI4s", data, at + 2 + 12 * n)
            if form in _FORMS:
                (tags[tag],) = struct.unpack_from(order + _FORMS[form], value)
            elif tag == _ACROSS and form == 5:
                (place,) = struct.unpack(order + "I", value)
                over, under = struct.unpack_from(order + "II", data, place)
                tags[tag] = over / under if under else 0
        unit = {2: INCH, 3: CENTIMETRE}.get(int(tags.get(_UNIT, 2)), 0.0)
        yield Size(int(tags[_WIDTH]), int(tags[_HEIGHT]), tags.get(_ACROSS, 0) * unit)
        (at,) = struct.unpack_from(order + "I", data, at + 2 + 12 * count)
