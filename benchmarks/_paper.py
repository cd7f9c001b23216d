"""Made-up sheets printed and scanned: what a scanner, a fax or a phone does to a page."""

import hashlib
import os
import random
import subprocess
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import cv2
import msgspec
import numpy as np
import pypdfium2
from jixiao.model import Reading
from jixiao.testkit.variety import Form, draw, make_form
from jixiao_writers.html import HtmlWriter
from numpy.typing import NDArray

Gray = NDArray[np.uint8]
FONTS = ("Noto Sans CJK SC", "Noto Serif CJK SC", "AR PL SungtiL GB")
DOTS = (150, 200, 300)
CHROMIUM = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--no-pdf-header-footer",
)  # fmt: skip
_FIRST, _LAST = 16, 55
"""The rows of GB 2312 that hold the 3,755 characters in daily use."""


def form(seed: str, indicators: int) -> Form:
    """A form of so many indicators. Its characters are those in daily use: others are no part of a sheet."""
    made = make_form(Random(seed), 1, indicators)
    return draw(
        *(msgspec.convert(_daily(msgspec.to_builtins(r)), Reading) for r in (made.printed, made.truth))
    )


def _daily(node: Any) -> Any:
    if isinstance(node, dict):
        return {_daily(k): _daily(v) for k, v in node.items()}
    if isinstance(node, list | tuple):
        return [_daily(v) for v in node]
    return "".join(map(_character, node)) if isinstance(node, str) else node


def _character(char: str) -> str:
    """Another character for one that stands beyond those rows."""
    if not "\u4e00" <= char <= "\u9fff":
        return char
    try:
        code = char.encode("gb2312")
    except UnicodeEncodeError:
        code = b"\0\0"
    if _FIRST <= code[0] - 0xA0 <= _LAST:
        return char
    row, cell = divmod(ord(char) % (94 * (_LAST - _FIRST)), 94)
    return bytes((0xA1 + _FIRST + row - 1, 0xA1 + cell)).decode("gb2312")


@cache
def require(font: str) -> None:
    """Raises SystemExit where the font is missing: another would be printed in its place."""
    listed = subprocess.run(["fc-list", ":", "family"], check=True, capture_output=True, text=True).stdout
    if font not in listed:
        raise SystemExit(f"the font {font} is not installed (fonts-noto-cjk, fonts-arphic-gbsn00lp)")


def printed(made: Form, font: str) -> bytes:
    """The PDF that Chromium prints of the form; kept, since the same page is always printed alike."""
    require(font)
    html = HtmlWriter().write(made.document)
    html = html.replace(b"</style>", f'* {{ font-family: "{font}" !important; }}</style>'.encode(), 1)
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "jixiao-benchmarks"
    kept = home / f"{hashlib.sha256(html).hexdigest()}.pdf"
    if not kept.exists():
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            source, target = Path(folder) / "form.html", Path(folder) / "form.pdf"
            source.write_bytes(html)
            run = ["chromium", *CHROMIUM, f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}"]
            subprocess.run([*run, source.as_uri()], check=True, capture_output=True, timeout=120)
            kept.write_bytes(target.read_bytes())
    return kept.read_bytes()


def scanned(pdf: bytes, dots: int) -> list[Gray]:
    """The pages as a scanner of so many dots an inch sees them."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=dots / 72, grayscale=True).to_numpy().squeeze().copy() for page in document]
    finally:
        document.close()


Damage = Callable[[Gray, int, np.random.Generator], Gray]


def clean(page: Gray, dots: int, rng: np.random.Generator) -> Gray:
    return page


def skewed(page: Gray, dots: int, rng: np.random.Generator) -> Gray:
    """Turned by up to two degrees."""
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(rng.uniform(-2, 2)), 1.0)
    return np.asarray(
        cv2.warpAffine(page, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=(255,)), np.uint8
    )


def noisy(page: Gray, dots: int, rng: np.random.Generator) -> Gray:
    """Grain all over, and a spot in a thousand black or white."""
    grain = page + rng.normal(0, 22, page.shape)
    spots = rng.random(page.shape)
    grain[spots < 0.0005], grain[spots > 0.9995] = 0, 255
    return grain.clip(0, 255).astype(np.uint8)


def jpeg(page: Gray, dots: int, rng: np.random.Generator) -> Gray:
    """Saved with quality 10."""
    _, data = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, 10])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)


def stained(page: Gray, dots: int, rng: np.random.Generator) -> Gray:
    """Rings of cups, a shadow from one side, paper that is not white."""
    height, width = page.shape
    shade = np.full(page.shape, 0.93, np.float32)
    shade *= np.linspace(1.0, float(rng.uniform(0.55, 0.8)), width, dtype=np.float32)[None, :]
    for _ in range(4):
        middle = (int(rng.integers(width)), int(rng.integers(height)))
        blot = np.ones(page.shape, np.float32)
        size = int(rng.uniform(0.4, 1.3) * dots)
        thick = -1 if rng.random() < 0.5 else dots // 10
        cv2.circle(blot, middle, size, float(rng.uniform(0.6, 0.8)), thick)
        shade *= cv2.GaussianBlur(blot, (0, 0), dots / 60)
    return (page * shade).clip(0, 255).astype(np.uint8)


def blurred(page: Gray, dots: int, rng: np.random.Generator) -> Gray:
    """Out of focus by a hundred-and-fiftieth of an inch."""
    return np.asarray(cv2.GaussianBlur(page, (0, 0), dots / 150), np.uint8)


def one_bit(page: Gray, dots: int, rng: np.random.Generator) -> Gray:
    """Black and white, as fax machines and copiers save."""
    return np.where(page + rng.normal(0, 12, page.shape) < 150, 0, 255).astype(np.uint8)


DAMAGES: dict[str, Damage] = {
    "clean": clean, "skewed": skewed, "noisy": noisy, "JPEG 10": jpeg, "stained": stained,
    "blurred": blurred, "1-bit": one_bit,
}  # fmt: skip


def damaged(page: Gray, name: str, dots: int, seed: str) -> Gray:
    return DAMAGES[name](page, dots, np.random.default_rng(random.Random(seed).randrange(2**63)))
