"""The records of a BIFF stream that the library for workbooks passes over, and how much it would hold.

Facts: MS-XLS 2.1.4 (records), 2.4.21 (BOF), 2.4.28 (BoundSheet8), 2.4.136 (Header), 2.4.150 (Lbl),
2.4.329 (TxO).
"""

import re
import struct
from collections.abc import Iterator
from typing import NamedTuple

BOF, EOF, CONTINUE, BOUNDSHEET, CODEPAGE = 0x0809, 0x000A, 0x003C, 0x0085, 0x0042
NAMES, UNUSED = (0x0018, 0x0218), 0x0FFF
HEADER, FOOTER, TXO, NOTE, MULRK, MULBLANK = 0x0014, 0x0015, 0x01B6, 0x001C, 0x00BD, 0x00BE
SINGLE = frozenset(
    {0x0001, 0x0002, 0x0003, 0x0004, 0x0005, 0x0006, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x0206,
     0x027E, 0x0406}
)  # fmt: skip
"""Records that hold one cell each."""


_FILLED = re.compile(rb"[^\0]")


class Beside(NamedTuple):
    """The texts of a worksheet that stand in no cell."""

    headers: list[str]
    footers: list[str]
    boxes: list[str]


class Told(NamedTuple):
    """What a stream says beside its cells: `sheets` by where their BOF stands, `cells` how many there are.

    `names` is where the records of defined names begin.
    """

    sheets: dict[int, Beside]
    cells: int
    codepage: bool
    names: list[int]


def told(stream: bytes, unicode: bool) -> Told:
    """Goes through the records. `unicode`: BIFF 8, whose headers and text boxes are read."""
    sheets: dict[int, Beside] = {}
    here: list[Beside] = []
    names: list[int] = []
    cells, codepage, box = 0, False, 0
    for at, code, body in records(stream):
        if code == BOF:
            here.append(sheets.setdefault(at, Beside([], [], [])))
        elif code == EOF and here:
            here.pop()
        elif code in SINGLE:
            cells += 1
        elif code in (MULRK, MULBLANK):
            cells += max(0, (len(body) - 6) // (6 if code == MULRK else 2))
        elif code == CODEPAGE:
            codepage = True
        elif code in NAMES:
            names.append(at)
        elif unicode and here:
            if code in (HEADER, FOOTER) and body:
                (here[0].headers if code == HEADER else here[0].footers).append(_counted(body))
            elif code == TXO and len(body) >= 12:
                box = struct.unpack_from("<H", body, 10)[0]
                if box:
                    here[0].boxes.append("")
                continue
            elif code == CONTINUE and box and here[0].boxes:
                text = _characters(body)[:box]
                here[0].boxes[-1] += text
                box -= len(text)
                continue
        box = 0
    return Told(sheets, cells, codepage, names)


def without_names(stream: bytes, said: Told) -> bytes:
    """The stream with records of no meaning in place of defined names.

    xlrd works out the formula of each, which no cell shows, and gives up the workbook where it cannot.
    """
    made = bytearray(stream)
    for at in said.names:
        struct.pack_into("<H", made, at, UNUSED)
    return bytes(made)


def records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Where each record begins, its code and its body, as far as they are whole."""
    at = 0
    while at + 4 <= len(stream):
        code, length = struct.unpack_from("<HH", stream, at)
        if not code and not length:  # filled up with zeros, before a worksheet or at the end
            if (filled := _FILLED.search(stream, at)) is None:
                return
            at += (filled.start() - at) // 4 * 4
            continue
        yield at, code, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _counted(body: bytes) -> str:
    """A string with its length before it in two bytes."""
    count: int = struct.unpack_from("<H", body)[0] if len(body) > 2 else 0
    return _characters(body[2:])[:count]


def _characters(body: bytes) -> str:
    """Characters of two bytes each where the first byte says so, else of one."""
    return body[1:].decode("utf-16-le" if body[:1] == b"\1" else "latin-1", "replace")
