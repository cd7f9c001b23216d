"""The two networks that rapidocr's wheel carries, run by onnxruntime: where text stands, and what it says.

Run without rapidocr's own pipeline, which knows no cells, gives one score a line, and would fetch a model
that is missing. Nothing here opens a connection.
"""

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from jixiao_readers._scan.installed import models

Gray = NDArray[np.uint8]
HEIGHT = 48
"""Pixels that the recogniser wants a line high."""
NARROW = 160
"""A shorter line is set on so many pixels: alone, a single digit is often not seen."""
STRIDE = 8
"""Pixels of a line to one step of the recogniser."""


class Glyph(NamedTuple):
    """One character read: from where to where on the line (0 to 1), and how sure the network is (0 to 1).

    `other` is the next best character there, "" for none.
    """

    text: str
    start: float
    end: float
    sure: float
    other: str


class Engine:
    """The loaded networks. One thread: what runs beside it is the caller's to say."""

    def __init__(self) -> None:
        folder = models()
        self._find = _session(folder, "det")
        self._read = _session(folder, "rec")
        listed = self._read.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._characters = ["", *listed, " "]  # the first is the network's "nothing new"

    def text_map(self, page: Gray) -> NDArray[np.float32]:
        """How likely each pixel of a gray page is text. Sides must be multiples of 32."""
        found: NDArray[np.float32] = self._find.run(None, {"x": _normed(page)})[0][0, 0]
        return found

    def line(self, picture: Gray) -> list[Glyph]:
        """The characters of one line, left to right; `picture` is HEIGHT high and white around the text."""
        width = picture.shape[1]
        if width < NARROW:
            picture = np.pad(picture, ((0, 0), (0, NARROW - width)), constant_values=255)
        steps = self._read.run(None, {"x": _normed(picture)})[0][0]
        return _glyphs(steps, self._characters, min(1.0, width / STRIDE / len(steps)))


def sized(picture: Gray) -> Gray:
    """As high as the recogniser wants a line."""
    width = max(round(picture.shape[1] * HEIGHT / picture.shape[0]), 8)
    way = cv2.INTER_AREA if picture.shape[0] > HEIGHT else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, (width, HEIGHT), interpolation=way), dtype=np.uint8)


def _session(folder: Path, kind: str) -> Any:
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    path = max(folder.glob(f"*_{kind}_*.onnx"))
    return InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _normed(picture: Gray) -> NDArray[np.float32]:
    plane = picture.astype(np.float32) / 127.5 - 1.0
    return np.ascontiguousarray(np.broadcast_to(plane, (1, 3, *plane.shape)))


def _glyphs(steps: NDArray[np.float32], characters: list[str], used: float) -> list[Glyph]:
    """What a run of steps says: a character where the best changes, unless it is "nothing new"."""
    best = steps.argmax(axis=1)
    sure = steps[np.arange(len(best)), best]
    begins = np.flatnonzero(np.diff(best, prepend=-1))  # the first step begins a run in any case
    ends = np.append(begins[1:], len(best))
    length = max(used * len(steps), 1.0)
    found = []
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        if not best[begin]:
            continue
        peak = begin + int(sure[begin:end].argmax())
        text, certain = characters[best[peak]], float(sure[peak])
        rest = steps[peak].copy()
        rest[best[peak]] = -1.0
        other = characters[int(rest.argmax())]
        if text == " ":
            certain = 1.0
        elif narrow(text) == narrow(other):
            certain = min(certain + float(rest.max()), 1.0)
        found.append(Glyph(text, begin / length, end / length, certain, other))
    return found


def narrow(character: str) -> str:
    """A full-width character as the common one: （ as (. Which of them is printed matters to nobody."""
    code = ord(character) if character else 0
    return chr(code - 0xFEE0) if 0xFF01 <= code <= 0xFF5E else character


@cache
def engine() -> Engine:
    """The engine of this process, loaded when first needed."""
    return Engine()
