"""What was seen on a page, kept for the next time: reading it costs seconds, and says the same again.

The files are in the user's cache folder, or in that which JIXIAO_CACHE names (`off`: nothing is kept). A
file's name is the digest of all that its content depends on, so no file is ever out of date. The oldest go
when there are too many. Whatever goes wrong here costs time, never a page.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import msgspec

from jixiao_readers._scan.installed import release
from jixiao_readers._scan.page import Seen

VARIABLE, OFF = "JIXIAO_CACHE", "off"
MOST = 5_000
"""Pages that are kept: some 150 MB."""


def folder() -> Path | None:
    """Where pages are kept; None where nothing shall be."""
    if (named := os.environ.get(VARIABLE)) is not None:
        return None if named in ("", OFF) else Path(named) / "scan"
    home = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    return Path(home) / "jixiao" / "scan"


def kept(source: bytes, index: int, mode: str, dots: float, look: Callable[[], Seen]) -> Seen:
    """What stands on the page at `index` of `source`: as it was seen before, else as `look` sees it now."""
    home = folder()
    if home is None:
        return look()
    parts = f"{_program()} {release()} {index} {mode} {dots:.3f}".encode()
    path = home / f"{hashlib.sha256(hashlib.sha256(source).digest() + parts).hexdigest()}.json"
    try:
        seen = msgspec.json.decode(path.read_bytes(), type=Seen)
        os.utime(path)
    except (OSError, msgspec.DecodeError):
        seen = look()
        _keep(path, seen)
    return seen


@cache
def _program() -> str:
    """A digest of the modules that look at pages."""
    modules = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(m.read_bytes() for m in modules)).hexdigest()


def _keep(path: Path, seen: Seen) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "wb") as stream:
            stream.write(msgspec.json.encode(seen))
        Path(name).replace(path)
        _drop_oldest(path.parent)
    except OSError:
        return


def _drop_oldest(home: Path) -> None:
    with os.scandir(home) as entries:
        files = [(e.stat().st_mtime, e.path) for e in entries]
    for _, name in sorted(files)[: max(len(files) - MOST, 0)]:
        Path(name).unlink(missing_ok=True)
