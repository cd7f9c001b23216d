"""A store for tests: shelf:// is what stands below the folder SHELF, seen by URL alone.

It renames, as stores behind FTP and SMB do. What is called `locked` cannot be read, and while the
environment says FULL nothing can be written.
"""

import os
from typing import Any

from fsspec.implementations.dirfs import DirFileSystem
from fsspec.implementations.local import LocalFileSystem


class Shelf(DirFileSystem):
    protocol = "shelf"
    cachable = False
    sep = "/"

    def __init__(self, **_options: Any) -> None:
        super().__init__(os.environ["SHELF"], LocalFileSystem(auto_mkdir=True))

    @classmethod
    def _strip_protocol(cls, path: Any) -> Any:
        return str(path).removeprefix("shelf://").strip("/")

    def open(self, path: str, mode: str = "rb", *arguments: Any, **options: Any) -> Any:
        if "locked" in path:
            raise PermissionError(13, "Permission denied", path)
        if "w" in mode and os.environ.get("FULL"):
            raise OSError(28, "No space left on device", path)
        return super().open(path, mode, *arguments, **options)
