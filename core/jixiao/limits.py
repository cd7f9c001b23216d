"""What one document may cost. Defaults in one table; every reader gets the limits that are in force."""

from jixiao.model import Struct

MiB = 1024 * 1024


class Limits(Struct):
    """Bytes, counts and seconds; reaching one ends that document with code `limit-…`."""

    size: int = 256 * MiB
    members: int = 10_000
    ratio: int = 200
    """Unpacked to packed bytes of one zip member, counted above 1 MiB unpacked."""
    unpacked: int = 1024 * MiB
    xml_depth: int = 256
    pages: int = 5_000
    cells: int = 2_000_000
    seconds: float = 300.0
