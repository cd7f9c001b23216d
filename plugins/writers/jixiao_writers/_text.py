"""What the tabular writers share about text: what no file can hold, line breaks, the document's title."""

import re
from collections.abc import Iterator

from jixiao.document import Document, Grid, Line, Section
from jixiao.errors import JixiaoError
from jixiao.messages import gettext as _
from jixiao.model import fold

# What XML 1.0 has no way to write, escaped or not (W3C XML 1.0, production 2, Char).
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
UNKNOWN = "\N{REPLACEMENT CHARACTER}"
BREAK = re.compile("\r\n|\r|\n")

HEADS = ("label", "title", "subtitle")
"""The styles of cells that say what other cells hold."""


def texts(document: Document) -> Iterator[str]:
    """Every text of a document, names of sections included, in reading order."""
    for section in document.sections:
        if section.name is not None:
            yield section.name
        for block in section.blocks:
            if isinstance(block, Line):
                yield block.text
            else:
                yield from (cell.text for cell in block.cells)


def guard(document: Document, format_name: str) -> None:
    """Raises JixiaoError (`illegal-character`) for a character that the format cannot hold.

    None is dropped.
    """
    for text in texts(document):
        guard_text(text, format_name)


def guard_text(text: str, format_name: str) -> None:
    """`guard` of one text."""
    if not text.isprintable() and (found := ILLEGAL.search(text)):
        near = text[max(0, found.start() - 10) : found.end() + 10]
        raise JixiaoError(
            "illegal-character",
            _("A {format} file cannot hold the character U+{code:04X} that stands in “{text}”.").format(
                format=format_name,
                code=ord(found[0]),
                text=ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", near),
            ),
            _("Remove the character from the source, then convert again."),
        )


def lines(text: str) -> list[str]:
    """The lines of a text; CR LF and CR break a line as LF does."""
    return BREAK.split(text)


def title(section: Section) -> str:
    """The section's first title line folded, else its name; empty where it has neither."""
    found = (b.text for b in section.blocks if isinstance(b, Line) and b.style == "title" and fold(b.text))
    return fold(next(found, section.name or ""))


def document_title(document: Document) -> str:
    """The first title in the document; empty where there is none."""
    return next(filter(None, map(title, document.sections)), "")


def is_wide(section: Section) -> bool:
    """Whether the section wants a page in landscape: a grid of more than 7 columns."""
    return any(isinstance(block, Grid) and block.cols > 7 for block in section.blocks)
