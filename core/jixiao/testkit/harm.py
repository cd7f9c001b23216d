"""Harm to the bytes of a file, the same each time: what a reader must read, or refuse in words."""

from collections.abc import Iterator, Sequence

DIGITS = b"0123456789"
PIECE = 16
"""Bytes that are taken out or stand twice."""


def harmed(data: bytes, count: int) -> Iterator[tuple[str, bytes]]:
    """About `count` harmed copies, each with what was done; each kind of harm spread over the whole file.

    Digits come first: they are what readers turn into numbers, positions and sizes.
    """
    digits = [at for at, byte in enumerate(data) if byte in DIGITS]
    every = range(len(data))
    for at in spread(digits, count // 10):
        following = DIGITS[(data[at] - DIGITS[0] + 1) % 10]
        for other in (b"x", b"-", bytes((following,)), b"99999999"):
            yield _changed(data, at, other)
    for at in spread(every, count // 10):
        for byte in (0, data[at] ^ 0x20, 0xFF):
            yield _changed(data, at, bytes((byte,)))
    for at in spread(every, count // 10):
        end = at + PIECE
        yield f"cut at byte {at}", data[:at]
        yield f"without bytes {at} to {end}", data[:at] + data[end:]
        yield f"bytes {at} to {end} twice", data[:end] + data[at:]


def spread(places: Sequence[int], most: int) -> Sequence[int]:
    """All of them, or `most` at even distances."""
    if len(places) <= most:
        return places
    return [places[k * len(places) // most] for k in range(most)]


def _changed(data: bytes, at: int, other: bytes) -> tuple[str, bytes]:
    said = f"byte {at}, {data[at : at + 1]!r}, is {other!r}"
    return said, data[:at] + other + data[at + 1 :]
