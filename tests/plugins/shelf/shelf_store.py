"""Stores for tests: shelf:// and s3:// are what stands below the folder SHELF, seen by URL alone.

The one renames, as stores behind FTP and SMB do; the other cannot, and an object appears when all of it was
sent. What is called `locked` or `torn` cannot be read, and while the environment says FULL nothing can be
written; SLOW are seconds that each writing takes; AWAY, nothing answers.
"""

import os
import time
from typing import Any

from fsspec.implementations.dirfs import DirFileSystem
from fsspec.implementations.local import LocalFileSystem


class TornError(Exception):
    """As stores behind HTTP raise: no error of the system's."""


class Shelf(DirFileSystem):
    protocol = "shelf"
    cachable = False
    sep = "/"

    def __init__(self, **_options: Any) -> None:
        super().__init__(os.environ["SHELF"], LocalFileSystem(auto_mkdir=True))

    @classmethod
    def _strip_protocol(cls, path: Any) -> Any:
        return str(path).removeprefix(f"{cls.protocol}://").strip("/")

    def exists(self, path: str, **options: Any) -> bool:
        if os.environ.get("AWAY"):
            raise TornError("no answer")
        return bool(super().exists(path, **options))

    def open(self, path: str, mode: str = "rb", *arguments: Any, **options: Any) -> Any:
        if "locked" in path:
            raise PermissionError(13, "Permission denied", path)
        if "torn" in path:
            raise TornError("400 bytes are missing")
        if "w" in mode and os.environ.get("FULL"):
            raise OSError(28, "No space left on device", path)
        if "w" in mode:
            time.sleep(float(os.environ.get("SLOW", "0")))
        return super().open(path, mode, *arguments, **options)


class Bucket(Shelf):
    """It stands where s3fs would, which is not needed for that."""

    protocol = "s3"

    def mv(self, path1: str, path2: str, *arguments: Any, **options: Any) -> Any:
        # S3 has no rename, so what writes there may use none.
        raise NotImplementedError("an object store renames nothing")
