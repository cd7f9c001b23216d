"""Pictures of pages as files, without a library for pictures (PNG: ISO/IEC 15948)."""

import struct
import zlib

from jixiao.hookspecs import Box
from jixiao.limits import Limits

SIGNATURE = b"\x89PNG\r\n\x1a\n"
RGB = 2
FAST = 3


def png(pixels: bytes, width: int, height: int, dots: float) -> bytes:
    """A PNG of rows of pixels, each of red, green and blue."""
    rows = b"".join(b"\0" + pixels[at : at + 3 * width] for at in range(0, 3 * width * height, 3 * width))
    metre = round(dots / 0.0254)
    return SIGNATURE + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, RGB, 0, 0, 0)),
            _chunk(b"pHYs", struct.pack(">IIB", metre, metre, 1)),
            _chunk(b"IDAT", zlib.compress(rows, FAST)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def part(box: Box | None, width: float, height: float) -> Box:
    """What of a page is shown: `box` as far as it lies on the page; all where it is None or beside it."""
    if box is None:
        return 0.0, 0.0, width, height
    x0, top, x1, bottom = max(box[0], 0.0), max(box[1], 0.0), min(box[2], width), min(box[3], height)
    return (x0, top, x1, bottom) if x0 < x1 and top < bottom else (0.0, 0.0, width, height)


def fitting(scale: float, shown: Box, limits: Limits) -> float:
    """The scale, or the largest at which the picture has no more pixels than the limit."""
    area = max((shown[2] - shown[0]) * (shown[3] - shown[1]), 1e-9)
    return float(min(scale, (limits.pixels / area) ** 0.5))
