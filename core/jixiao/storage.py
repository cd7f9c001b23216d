"""Files by path or by URL: `s3://bucket/in`, `memory://in`, `file:///data` and whatever else fsspec knows.

A URL becomes a path that does what a pathlib.Path does (universal-pathlib, extra `cluster`); what is of this
machine is an ordinary Path. What is in memory is seen by one process alone, and is read there.
"""

import errno
import os
import re
import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import lru_cache
from pathlib import Path, PurePath, PurePosixPath
from types import TracebackType
from typing import Any, Literal, cast

from jixiao.errors import BadUsage
from jixiao.messages import gettext as _

Kind = Literal["file", "folder", "other"]
"""What a name in a folder stands for: "other" is a link to a folder or to nowhere, a pipe, a device."""
URL = r"(?i)([a-z][a-z0-9+.-]+)://"
WHOLE = {"s3", "s3a", "gs", "gcs", "az", "abfs", "adl", "oss", "obs", "memory"}
"""Where an object appears when it has been sent as a whole; elsewhere it is renamed into its place."""


def place(text: str) -> Path:
    """The path that a text names. Raises BadUsage for a URL that cannot be used."""
    found = re.match(URL, text) if "://" in text else None  # a pattern costs a start its compilation
    if found is None:
        return Path(text)
    try:
        from upath import UPath

        with warnings.catch_warnings():
            warnings.filterwarnings(
                "ignore", "UPath .* not explicitly implemented"
            )  # fsspec knows it: enough
            made: Any = UPath(text)
        return Path(made.path) if found[1].lower() in ("file", "local") else cast(Path, made)
    except (ImportError, ValueError) as error:
        raise BadUsage(
            "bad-url",
            _("The URL {url} cannot be used: {why}.").format(url=text, why=error),
            _("Install what its protocol needs: pip install jixiao[cluster], for s3:// also s3fs."),
        ) from error


def is_remote(path: Path) -> bool:
    return not isinstance(path, Path)


class StoreErrors(AbstractContextManager[None]):
    """What a store raises of kinds of its own is an OSError, as it is for files."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception) and not isinstance(error, OSError) and is_remote(self.path):
            raise OSError(errno.EIO, f"{type(error).__name__}: {error}") from error


def only_here(path: Path) -> bool:
    """Whether no other process sees the file."""
    return is_remote(path) and cast(Any, path).protocol == "memory"


def real(path: Path) -> str:
    """Equal for two ways to one file."""
    return str(path) if is_remote(path) else os.path.realpath(path)


def entry(path: Path) -> str:
    """Equal for two ways to one entry of a folder; a link is an entry of its own."""
    return str(path) if is_remote(path) else _with(_real, str(path))


@lru_cache(maxsize=64)
def _real(folder: str) -> str:
    return os.path.realpath(folder)


def location(path: Path) -> str:
    """The path or URL in full."""
    return str(path) if is_remote(path) else _with(_in_full, str(path))


@lru_cache(maxsize=64)
def _in_full(folder: str) -> str:
    # No method of Path does it: resolve follows links, which are to stay, and absolute keeps "..".
    return os.path.normpath(Path(folder).absolute())


def _with(whole: Callable[[str], str], path: str) -> str:
    """The path with its folder in full: of 100,000 files in a folder that is found out once."""
    folder, name = os.path.split(path)
    return f"{whole(folder)}{os.sep}{name}"


def changed(found: os.stat_result) -> int | None:
    """When a file was last changed, in nanoseconds; None where its storage does not tell.

    The later of two times: that of its content, which programs that copy set back, and that of its entry,
    which they cannot (on Windows that of its making).
    """
    times = (getattr(found, name, None) for name in ("st_mtime_ns", "st_ctime_ns"))
    return max((time for time in times if time), default=None)


def identity(path: Path) -> tuple[int, int] | None:
    """The same as before as long as the path leads to the same file or folder; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def put(path: Path, data: bytes) -> None:
    """Write a remote file that appears whole. Raises OSError."""
    remote: Any = path
    if remote.protocol in WHOLE:
        remote.write_bytes(data)
        return
    begun = remote.with_name(f".jixiao-{os.urandom(8).hex()}.tmp")
    begun.write_bytes(data)
    remote.fs.mv(begun.path, remote.path)


def listed(folder: Path) -> list[tuple[str, Kind]]:
    """The names in a folder, in order, each with what it is. Raises OSError."""
    if is_remote(folder):
        remote: Any = folder
        found = remote.fs.ls(remote.path, detail=True)
        return sorted(
            (one["name"].rstrip("/").rpartition("/")[2], "folder" if one["type"] == "directory" else "file")
            for one in found
        )
    with os.scandir(folder) as entries:
        return sorted((one.name, _kind(one)) for one in entries)


def _kind(one: "os.DirEntry[str]") -> Kind:
    if one.is_dir(follow_symlinks=False):
        return "folder"
    try:
        return "file" if one.is_file() else "other"
    except OSError:  # a link that leads in a circle, or to where nobody may look
        return "other"


def below(path: Path, folder: Path) -> PurePath:
    """A path as it is seen from a folder above it."""
    if is_remote(path):
        one, other = cast(Any, path), cast(Any, folder)
        return PurePosixPath(one.path).relative_to(other.path)
    return path.relative_to(folder)
