"""The first look at an input: enough to tell its format, whatever it is called."""

import io
import struct
import zipfile
import zlib
from functools import cached_property

from jixiao.compound import MAGIC, Compound

HEAD = 65536
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, struct.error, OverflowError)
"""What zipfile raises for a zip that is broken."""
UNSUPPORTED = NotImplementedError
"""What zipfile raises for a version of the format, or a way of packing, that it does not know."""


class Head:
    """What is known of a file before it is read.

    `start` is its first 64 KiB, `size` its bytes; `name` is there for messages, no format is told by it.
    """

    def __init__(self, data: bytes, name: str | None = None) -> None:
        self.name = name
        self.size = len(data)
        self.start = data[:HEAD]
        self._data = data

    @cached_property
    def members(self) -> frozenset[str]:
        """Names in the zip directory; empty where there is no readable one."""
        if not self.start.startswith(b"PK"):
            return frozenset()
        try:
            with zipfile.ZipFile(io.BytesIO(self._data)) as archive:
                return frozenset(archive.namelist())
        except (*DAMAGED, UNSUPPORTED):
            return frozenset()

    @cached_property
    def streams(self) -> frozenset[str]:
        """Names in the directory of an OLE2 compound file; empty where it is none."""
        return frozenset(Compound(self._data).streams) if self.start.startswith(MAGIC) else frozenset()
