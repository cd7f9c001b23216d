"""Pictures to pixels, one page at a time, so that a long scan never stands in memory as a whole."""

import cv2
import numpy as np
from jixiao.errors import truncated
from numpy.typing import NDArray

from jixiao_readers._scan.engine import Gray
from jixiao_readers._scan.picture import kind

GRAY, COLOUR, SMALL = cv2.IMREAD_GRAYSCALE, cv2.IMREAD_COLOR, cv2.IMREAD_REDUCED_GRAYSCALE_8


def decode(data: bytes, index: int) -> Gray:
    """The page at `index` (from 0), turned as its camera says. Raises BadInput `damaged-file`."""
    return decoded(data, index, GRAY)


def decoded(data: bytes, index: int, how: int) -> NDArray[np.uint8]:
    """As `decode`: GRAY, in COLOUR (blue, green, red), or SMALL, an eighth as wide where that is cheaper."""
    name = kind(data) or "TIFF"
    buffer = np.frombuffer(data, np.uint8)
    try:
        if name == "TIFF":
            _, pages = cv2.imdecodemulti(buffer, how, range=(index, index + 1))
            page = pages[0] if pages else None
        else:
            page = cv2.imdecode(buffer, how)
    except cv2.error:
        page = None
    if page is None or page.dtype != np.uint8 or page.ndim != (3 if how == COLOUR else 2):
        raise truncated(name)
    return np.asarray(page, dtype=np.uint8)
