"""Scanned pages as people see them: in colour, and straight, as they were set to be read."""

from collections.abc import Iterator

import cv2
import numpy as np
from jixiao.errors import no_page
from jixiao.hookspecs import Box, Image, Page
from jixiao.limits import Limits
from numpy.typing import NDArray

from jixiao_readers._png import fitting, part
from jixiao_readers._scan.decode import COLOUR, SMALL, decoded
from jixiao_readers._scan.picture import kind, sizes
from jixiao_readers._scan.upright import tilt

QUALITY = 80
WHITE = (255, 255, 255)


def pages(data: bytes, limits: Limits) -> Iterator[Page]:
    """The pages of a picture file. Raises BadInput `damaged-file`, `limit-pages`, `limit-pixels`."""
    for index, size in enumerate(sizes(data, limits)):
        points = 72 / size.resolution()
        width, height = size.width * points, size.height * points
        if kind(data) == "JPEG":  # the camera may say to turn it, which the header's size does not heed
            high, wide = decoded(data, index, SMALL).shape
            if (wide > high) != (width > height):
                width, height = height, width
        yield Page(number=index + 1, width=width, height=height)


def page_image(data: bytes, index: int, scale: float, box: Box | None, limits: Limits) -> Image:
    """The page at `index` (from 0). Raises as `pages`, and `no-page`."""
    found = sizes(data, limits)
    if index >= len(found):
        raise no_page(index + 1)
    return show(decoded(data, index, COLOUR), found[index].resolution(), scale, box, limits)


def show(picture: NDArray[np.uint8], dots: float, scale: float, box: Box | None, limits: Limits) -> Image:
    """A picture (blue, green, red) of `dots` an inch, set straight: whole as JPEG, a part of it as PNG."""
    height, width = picture.shape[:2]
    shown = part(box, width * 72 / dots, height * 72 / dots)
    scale = fitting(scale, shown, limits)
    degrees = tilt(np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), dtype=np.uint8), dots)
    factor = scale * 72 / dots
    if factor < 1:
        small = max(round(width * factor), 1), max(round(height * factor), 1)
        picture = np.asarray(cv2.resize(picture, small, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        (width, height), factor = small, 1.0
    # about the middle of the page, as `upright` does, then its corner to that of what is shown
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, factor)
    turn[0, 2] += (factor - 1) * width / 2 - shown[0] * scale
    turn[1, 2] += (factor - 1) * height / 2 - shown[1] * scale
    size = max(int((shown[2] - shown[0]) * scale), 1), max(int((shown[3] - shown[1]) * scale), 1)
    done = cv2.warpAffine(picture, turn, size, flags=cv2.INTER_CUBIC, borderValue=WHITE)
    if box is not None:
        return Image(media_type="image/png", data=cv2.imencode(".png", done)[1].tobytes())
    how = [cv2.IMWRITE_JPEG_QUALITY, QUALITY]
    return Image(media_type="image/jpeg", data=cv2.imencode(".jpg", done, how)[1].tobytes())
