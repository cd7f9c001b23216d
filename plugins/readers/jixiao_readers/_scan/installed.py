"""Whether the OCR extra is there, told without importing it."""

from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from jixiao.errors import PluginError
from jixiao.messages import gettext as _

PARTS = ("rapidocr", "onnxruntime", "cv2")


def installed() -> bool:
    """Whether pictures can be read."""
    return all(find_spec(name) for name in PARTS) and bool(list(models().glob("*_rec_*.onnx")))


def require() -> None:
    """Raises PluginError `no-ocr` where the extra is missing."""
    if not installed():
        raise PluginError(
            "no-ocr",
            _("Reading pictures needs the OCR extra, which is not installed."),
            _("Install it with: pip install 'jixiao[ocr]'"),
        )


def models() -> Path:
    """The folder of the networks in rapidocr's wheel; one that is not there without it."""
    spec = find_spec("rapidocr")
    return Path(spec.origin if spec and spec.origin else "missing").parent / "models"


def release() -> str:
    """What the outcome depends on besides this program."""
    try:
        return " ".join(f"{name}-{version(name)}" for name in ("rapidocr", "onnxruntime"))
    except PackageNotFoundError:
        return ""
