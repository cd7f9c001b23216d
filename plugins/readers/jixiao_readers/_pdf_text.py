"""The characters of a PDF page."""

import ctypes
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise, repeat
from operator import eq, sub
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium
from jixiao.geometry import Char

from jixiao_readers._pdf_calls import boxes_of_chars, code_of, is_made_up, is_nameless, owner_of
from jixiao_readers._pdf_drawn import Drawn
from jixiao_readers._pdf_upright import Upright

BROKEN = "\ufffd"
PADDING = 2.0
"""A text that begins so near to the right of a cell's side begins in it."""
_SKIPPED = frozenset(["", "\r", "\n", "\0"])
_BLANKS = "\t\n\r\xa0\u3000"
_new = tuple.__new__


class Text(NamedTuple):
    """The characters shown, what they say together, and the text around those that the font does not name;
    on pages that clip some in part the ends of texts (see Content); the texts clipped away, their characters,
    and last those of them that stand below what is shown."""

    chars: list[Char]
    said: str
    broken: list[str]
    ends: dict[int, bool]
    hidden: list[str]
    clipped: list[Char]
    beyond: list[tuple[int, Char]]


def is_plain(text: str) -> bool:
    """Whether all characters of a text surely are some; `is_unnamed` tells of each where that is not sure."""
    for blank in _BLANKS:
        text = text.replace(blank, "")
    return text.isprintable() and BROKEN not in text


def is_unnamed(c: str) -> bool:
    """Whether a character says none: replacement, private use, half of a pair, control."""
    return (
        c in "\ufffd\ufffe"
        or "\ud800" <= c <= "\uf8ff"
        or c >= "\U000f0000"
        or (c < " " and c not in _BLANKS)
    )


def text_of(text: Any, upright: Upright, drawn: Drawn) -> Text:
    """The text of a page on which `drawn` was found."""
    numbers, said = _said(text)
    broken = _broken(text, numbers, said)
    x0, top, x1, bottom = upright.boxes(boxes_of_chars(text, numbers))
    parts = zip(said, x0, top, x1, bottom, map(sub, bottom, top), strict=True)
    chars = list(map(_new, repeat(Char), parts))
    if drawn.clipped or drawn.cut:
        return _sorted_out(chars, list(map(owner_of, repeat(text), numbers)), broken, drawn)
    if broken or (any(map(eq, x0, x0[1:])) and any(a[1:] == b[1:] for a, b in pairwise(chars))):
        return _sorted_out(chars, [0] * len(chars), broken, drawn)
    return Text(chars, "".join(said), [], {}, [], [], [])


def _said(text: Any) -> tuple[list[int], list[str]]:
    """The characters with their numbers, without line ends and the spaces that pdfium makes up."""
    count = pdfium.FPDFText_CountChars(text)
    units = (ctypes.c_ushort * (count + 1))()
    pdfium.FPDFText_GetText(text, 0, count, units)
    whole = bytes(units).decode("utf-16-le", "surrogatepass").rstrip("\0")
    letters = whole if len(whole) == count and is_plain(whole) else _one_by_one(text, count)
    numbers = [
        n
        for n, c in enumerate(letters)
        if c > " " or (c not in _SKIPPED and not (c == " " and is_made_up(text, n) == 1))
    ]
    return numbers, [letters[n] for n in numbers]


def _one_by_one(text: Any, count: int) -> list[str]:
    """Each character by its code; of one beyond the basic plane, which comes as two halves, nothing and all.
    pdfium gives 2 for a hyphen at the end of a line; half a character is none."""
    letters: list[str] = []
    high = 0
    for code in map(code_of, repeat(text), range(count)):
        if 0xD800 <= code < 0xDC00:
            high = code
            letters.append("")
            continue
        if high and 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00
        high = 0
        broken = 0xD800 <= code < 0xE000 or code > 0x10FFFF
        letters.append("-" if code == 2 else BROKEN if broken else chr(code))
    return letters


def _broken(text: Any, numbers: Sequence[int], said: list[str]) -> set[int]:
    """The positions of characters that the font does not name; such as pdfium guessed are taken out."""
    guessed = list(map(is_nameless, repeat(text), numbers))
    if 1 not in guessed and is_plain("".join(said)):
        return set()
    unnamed = {n for n, c in enumerate(said) if is_unnamed(c)}
    broken = unnamed | {n for n, guess in enumerate(guessed) if guess == 1}
    for n in broken - unnamed:
        said[n] = BROKEN
    return broken


def _sorted_out(chars: Sequence[Char], owners: Sequence[int], broken: set[int], drawn: Drawn) -> Text:
    """Characters parted by what is shown, and one glyph that says several characters (ﬁ) put together."""
    shown: list[Char] = []
    of: list[int] = []
    spots: list[int] = []
    hidden = dict.fromkeys(drawn.clipped, "")
    clipped: list[Char] = []
    beyond: list[tuple[int, Char]] = []
    for n, (char, owner) in enumerate(zip(chars, owners, strict=True)):
        if owner in hidden:
            hidden[owner] += char.text
            clipped.append(char)
            if owner in drawn.below:
                beyond.append((len(shown), char))
            continue
        if n in broken:
            spots.append(len(shown))
        if shown and shown[-1][1:] == char[1:]:
            char = char._replace(text=shown.pop().text + char.text)
            of.pop()
        shown.append(char)
        of.append(owner)
    texts = [text for text in hidden.values() if text.strip()]
    ends = _ends(shown, of, drawn) if drawn.cut else {}
    said = "".join(c.text for c in shown)
    return Text(shown, said, _around(shown, spots), ends, texts, clipped, beyond)


def _ends(chars: Sequence[Char], owners: Sequence[int], drawn: Drawn) -> dict[int, bool]:
    """The index of the last character of each object that is clipped in part (True), and of those before one
    that begins at the side of such a clip, that is of a cell (False)."""
    sides, cut = sorted(drawn.sides), set(drawn.cut)
    lasts = [n for n in range(len(owners) - 1) if owners[n] != owners[n + 1]]
    at = {n: chars[n + 1].x0 for n in lasts}
    found = {n: False for n in lasts if bisect_left(sides, at[n] - PADDING) != bisect_left(sides, at[n])}
    return found | {n: True for n in (*lasts, len(owners) - 1) if owners[n] in cut}


def _around(chars: Sequence[Char], broken: Sequence[int]) -> list[str]:
    """A few characters around each stretch of broken ones."""
    spots: list[str] = []
    reached = -1
    for n in broken:
        if n > reached:
            spots.append("".join(c.text for c in chars[max(n - 4, 0) : n + 8]))
            reached = n + 8
    return spots
