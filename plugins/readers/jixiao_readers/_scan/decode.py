"""Pictures to gray pixels, one page at a time, so that a long scan never stands in memory as a whole."""

import cv2
import numpy as np
from jixiao.errors import truncated

from jixiao_readers._scan.engine import Gray
from jixiao_readers._scan.picture import kind


def decode(data: bytes, index: int) -> Gray:
    """The page at `index` (from 0), turned as its camera says. Raises BadInput `damaged-file`."""
    name = kind(data) or "TIFF"
    buffer = np.frombuffer(data, np.uint8)
    try:
        if name == "TIFF":
            _, pages = cv2.imdecodemulti(buffer, cv2.IMREAD_GRAYSCALE, range=(index, index + 1))
            page = pages[0] if pages else None
        else:
            page = cv2.imdecode(buffer, cv2.IMREAD_GRAYSCALE)
    except cv2.error:
        page = None
    if page is None or page.dtype != np.uint8 or page.ndim != 2:
        raise truncated(name)
    return np.asarray(page, dtype=np.uint8)
