"""OLE2 compound files (MS-CFB), as far as telling and checking what stands in them needs.

What is damaged gives fewer names and shorter streams, never an error: a reader of the format then says what
is wrong.
"""

import struct
from collections.abc import Iterator
from functools import cached_property

MAGIC = bytes.fromhex("D0CF11E0A1B11AE1")
ENTRY, STREAM, ROOT = 128, 2, 5
LAST_SECTOR = 0xFFFFFFF9


class Compound:
    """The streams of a compound file by name, whatever folder of it they stand in."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        header = data[:512].ljust(512, b"\0")
        self._size = 1 << min(struct.unpack_from("<H", header, 30)[0], 16)
        self._small = 1 << min(struct.unpack_from("<H", header, 32)[0], 16)
        self._directory, self._cutoff, self._minifat = struct.unpack_from("<I4xII", header, 48)
        self._difat: int = struct.unpack_from("<I", header, 68)[0]
        self._fat_sectors = list(struct.unpack_from("<109I", header, 76))

    @cached_property
    def streams(self) -> dict[str, tuple[int, int]]:
        """First sector and size of each stream by its name; the root's, which holds the small ones, is ""."""
        found: dict[str, tuple[int, int]] = {}
        entries = self._chain(self._directory)
        for at in range(0, len(entries) - ENTRY + 1, ENTRY):
            length, kind = struct.unpack_from("<HB", entries, at + 64)
            start, size = struct.unpack_from("<II", entries, at + 116)
            if kind in (STREAM, ROOT):
                name = entries[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
                found.setdefault("" if kind == ROOT else name, (start, size))
        return found

    def read(self, name: str) -> bytes:
        """The stream's bytes, as many as there are; none where there is no such stream."""
        if name not in self.streams:
            return b""
        start, size = self.streams[name]
        if size >= self._cutoff or not name:
            return self._chain(start, size)[:size]
        whole, table = self.read(""), self._numbers(self._chain(self._minifat))
        parts = (whole[n * self._small : (n + 1) * self._small] for n in _followed(start, table))
        return b"".join(parts)[:size]

    @cached_property
    def _fat(self) -> tuple[int, ...]:
        sectors, block, seen = list(self._fat_sectors), self._difat, set[int]()
        while block < LAST_SECTOR and block not in seen:
            seen.add(block)
            numbers = self._numbers(self._sector(block))
            sectors += numbers[:-1]
            block = numbers[-1] if numbers else LAST_SECTOR
        held = (n for n in sectors if (n + 1) * self._size < len(self._data))
        return self._numbers(b"".join(map(self._sector, dict.fromkeys(held))))

    def _chain(self, start: int, size: int = 1 << 62) -> bytes:
        parts, had = [], 0
        for n in _followed(start, self._fat):
            parts.append(self._sector(n))
            had += self._size
            if had >= size:
                break
        return b"".join(parts)

    def _sector(self, n: int) -> bytes:
        return self._data[(n + 1) * self._size : (n + 2) * self._size]

    @staticmethod
    def _numbers(data: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _followed(start: int, table: tuple[int, ...]) -> Iterator[int]:
    """The sectors of a chain; one that leads back into itself ends there."""
    left = len(table)
    while start < len(table) and left:
        yield start
        start, left = table[start], left - 1
