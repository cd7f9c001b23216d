"""Small pictures of cells that people are asked to look at: what stands on the scan, beside what was read."""

import base64
from collections.abc import Iterable

import msgspec

from jixiao.batch.outcome import Found
from jixiao.errors import JixiaoError
from jixiao.hookspecs import Image
from jixiao.limits import Limits
from jixiao.model import Finding, Place, Struct
from jixiao.pictures import crop

CODES = ("doubtful-character",)
"""Findings whose place is shown."""
MOST = 20
"""Pictures of one input."""
LARGEST, TOTAL = 48 * 1024, 256 * 1024
"""Bytes of one picture, and of all of one input; what is larger is left out."""


class Clip(Struct):
    """What the source shows at a place."""

    place: Place
    image: Image

    def address(self) -> str:
        """The picture as an address that holds it."""
        return f"data:{self.image.media_type};base64,{base64.b64encode(self.image.data).decode()}"


def clips(data: bytes, name: str, found: Found, limits: Limits, reader: str | None) -> bytes | None:
    """The pictures of what is doubtful, packed; None where there is none. Nothing that fails here is told."""
    made: list[Clip] = []
    left = TOTAL
    for place in list(dict.fromkeys(_places(f for _sheet, f in found)))[:MOST]:
        assert place.page is not None and place.box is not None
        try:
            image = crop(data, name, place.page, place.box, limits, reader=reader)
        except JixiaoError:
            return None  # what reads this format shows no pages
        if len(image.data) <= min(LARGEST, left):
            left -= len(image.data)
            made.append(Clip(place=place, image=image))
    return msgspec.msgpack.encode(made) if made else None


def unpacked(data: bytes | None) -> dict[Place, str]:
    """The address of the picture of each place."""
    found = msgspec.msgpack.decode(data, type=list[Clip]) if data else []
    return {clip.place: clip.address() for clip in found}


def _places(findings: Iterable[Finding]) -> Iterable[Place]:
    return (f.place for f in findings if f.code in CODES and f.place and f.place.page and f.place.box)
