"""Bytes to text: the order in which encodings are tried, none of which can misread another silently."""

import codecs

from jixiao.errors import BadInput
from jixiao.messages import gettext as _

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes) -> str:
    """The text: by byte order mark, else UTF-16 where NULs show it, else strict UTF-8, else GB18030.

    Raises BadInput where none of them fits without a fault.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strictly(data[len(bom) :] if encoding == "utf-8" else data, encoding)
    if b"\0" in data:
        return _strictly(data, _utf16_order(data))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _strictly(data, "gb18030")


def looks_like_text(head: bytes) -> bool:
    """Whether the first bytes can be text at all: no control characters but those of text."""
    if head.startswith(tuple(bom for bom, _encoding in _BOMS)):
        return True
    if b"\0" in head:
        return _is_chinese(head[: len(head) // 2 * 2].decode(_utf16_order(head), "replace"))
    controls = sum(head.count(c) for c in (*range(1, 9), 14, 15, *range(16, 27), 28, 29, 30, 31))
    return controls * 100 <= len(head)


def _is_chinese(text: str) -> bool:
    """Whether nearly all of it is ASCII, Chinese, or the punctuation of either: what chance bytes are not."""
    common = sum(
        c.isspace()
        or (c.isascii() and c.isprintable())
        or "\u2000" <= c <= "\u9fff"
        or "\uff00" <= c <= "\uffef"
        for c in text
    )
    return common >= 0.95 * len(text)


def _utf16_order(data: bytes) -> str:
    """Little-endian text has the NULs of its ASCII (line ends at least) in the odd places."""
    return "utf-16-le" if data[1::2].count(0) >= data[0::2].count(0) else "utf-16-be"


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadInput(
            "bad-encoding",
            _("The text is in no known encoding: byte {position} fits neither UTF-8 nor {encoding}.").format(
                position=error.start, encoding=encoding
            ),
            _("Save it as UTF-8 in the program it came from."),
        ) from error
