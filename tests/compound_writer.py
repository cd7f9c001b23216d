"""OLE2 compound files for tests: named streams, each padded to where no stream counts as small."""

import struct

SECTOR, CUTOFF = 512, 4096
FREE, END, IS_FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file of version 3 that holds the streams."""
    padded = {name: data.ljust(CUTOFF, b"\0") for name, data in streams.items()}
    sectors: list[bytes] = []
    fat: list[int] = []

    def put(data: bytes) -> int:
        start, count = len(sectors), -(-len(data) // SECTOR)
        sectors.extend(data[n * SECTOR : (n + 1) * SECTOR].ljust(SECTOR, b"\0") for n in range(count))
        fat.extend([*range(start + 1, start + count), END])
        return start

    starts = {name: put(data) for name, data in padded.items()}
    entries = _entry("Root Entry", 5, END, 0, child=1)
    for n, (name, data) in enumerate(padded.items(), 1):
        entries += _entry(name, 2, starts[name], len(data), right=n + 1 if n < len(padded) else FREE)
    directory = put(entries)
    tables = -(-(len(fat) + 1) // 127)
    first = len(sectors)
    fat += [IS_FAT] * tables
    fat += [FREE] * (tables * SECTOR // 4 - len(fat))
    magic = bytes.fromhex("D0CF11E0A1B11AE1")
    header = struct.pack("<8s16x5H6x", magic, 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, tables, directory, 0, CUTOFF, END, 0, END, 0)
    header += struct.pack("<109I", *range(first, first + tables), *[FREE] * (109 - tables))
    return header + b"".join(sectors) + struct.pack(f"<{len(fat)}I", *fat)


def _entry(name: str, kind: int, start: int, size: int, child: int = FREE, right: int = FREE) -> bytes:
    encoded = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII36xIII", encoded, len(encoded) + 2, kind, 1, FREE, right, child, start, size, 0
    )
