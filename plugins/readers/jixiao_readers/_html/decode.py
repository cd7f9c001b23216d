"""Bytes of an HTML page to text: a page's claim about its charset is weighed against its bytes."""

from __future__ import annotations

import codecs
import re

from jixiao.errors import BadInput
from jixiao.messages import gettext as _

BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
CHINESE = {"gb2312", "gbk", "gb18030", "x-gbk", "cp936", "gb_2312-80", "hz-gb-2312", "chinese", "csgb2312"}
OTHERS = {"utf-8", "big5", "big5-hkscs", "cp950", "shift_jis", "euc-jp", "euc-kr"}
# These accept nearly any bytes: a claim to be one of them says nothing.
ANY_BYTES = re.compile(r"(iso-?8859|latin|windows-125|cp125|ascii|us-ascii)", re.I)
_CLAIM = re.compile(
    rb"""<meta[^>]{0,400}?charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)""",
    re.I,
)
CLAIM_WITHIN = 16384  # browsers look at 1,024 bytes; pages on file put it later
SPOILT = "\ufffd"


def decode_html(data: bytes) -> tuple[str, str | None]:
    """The text, and the words around the first byte that fits no charset (shown as U+FFFD), None if all fit.

    By byte order mark, else UTF-8 where every byte fits it, else the claim, else GB18030. Raises BadInput
    `bad-encoding` where none fits.
    """
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return _spoilt(data[len(bom) :], encoding)
    if b"\0" in data[:200]:
        return _spoilt(data, "utf-16-le" if data[1::2].count(0) > data[0::2].count(0) else "utf-16-be")
    claim, utf8 = _claim(data), _fits(data, "utf-8")
    if utf8 is not None and not (claim == "gb18030" and _by_chance(utf8)):
        return utf8, None
    if utf8 is None and _is_mostly_utf8(data):
        return _spoilt(data, "utf-8")
    for encoding in _others(claim):
        if (text := _fits(data, encoding)) is not None:
            return text, None
    return _spoilt(data, "gb18030")


def _others(claim: str | None) -> list[str]:
    if claim in (None, "utf-8", "gb18030"):
        return ["gb18030"]
    return ["gb18030", claim] if ANY_BYTES.match(claim) else [claim, "gb18030"]


def _claim(data: bytes) -> str | None:
    found = _CLAIM.search(data[:CLAIM_WITHIN])
    if found is None:
        return None
    name = (found[1] or found[2]).decode("ascii").lower()
    if name in CHINESE:
        return "gb18030"
    return name if name in OTHERS or ANY_BYTES.match(name) else None


def _fits(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _by_chance(text: str) -> bool:
    """Whether GB bytes may have passed for UTF-8: nothing beyond two-byte characters, hence no Chinese."""
    return not text.isascii() and max(text) < "\u0800"


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether this is UTF-8 with a few spoilt bytes. GB18030 could read it too, as other characters."""
    text = data.decode("utf-8", "replace")
    sound = sum(char >= "\u0800" for char in text) - text.count(SPOILT)
    return text.count(SPOILT) * 3 <= sound


def _spoilt(data: bytes, encoding: str) -> tuple[str, str | None]:
    text = data.decode(encoding, "replace")
    at = text.find(SPOILT)
    if at < 0:
        return text, None
    if text.count(SPOILT) * 3 > sum(char > "\x7f" for char in text):
        raise BadInput(
            "bad-encoding",
            _("The page is in no known encoding: it fits neither UTF-8 nor GB18030."),
            _("Save it as UTF-8 in the program it came from."),
        )
    return text, text[max(0, at - 10) : at + 10]
