"""The parts of an XLSX package that hang together: relations, strings, styles."""

import posixpath
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from jixiao.archive import Archive, parse_xml
from jixiao.limits import Limits
from lxml.etree import _Element

from jixiao_readers._spreadsheet.numfmt_code import BUILTIN, GENERAL, LONGEST

NAME = "XLSX"
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")


class Relation(NamedTuple):
    """`kind` is the last word of the relation's type, the same in transitional and strict packages."""

    kind: str
    target: str


class Package:
    """Parts by name, parsed under the limits of one document."""

    def __init__(self, archive: Archive, limits: Limits) -> None:
        self.archive, self.limits = archive, limits

    def data(self, part: str) -> bytes | None:
        return self.archive.read(part)

    def root(self, part: str) -> _Element | None:
        """The part's root element, None where there is no such part."""
        data = self.data(part)
        return None if data is None else parse_xml(data, self.limits, NAME)

    def relations(self, part: str) -> dict[str, Relation]:
        """The relations of a part ("" for the package) by their id; those that lead outside are left out."""
        folder, name = posixpath.split(part)
        root = self.root(posixpath.join(folder, "_rels", f"{name}.rels"))
        found: dict[str, Relation] = {}
        for element in () if root is None else root.iterfind("{*}Relationship"):
            if element.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, unquote(element.get("Target", ""))))
                kind = element.get("Type", "").rpartition("/")[2]
                found[element.get("Id", "")] = Relation(kind, target.lstrip("/"))
        return found

    def main(self) -> str:
        """The name of the workbook part."""
        for relation in self.relations("").values():
            if relation.kind == "officeDocument":
                return relation.target
        return "xl/workbook.xml"


def local(element: _Element) -> str:
    """The element's name without its namespace: transitional and strict packages differ in that alone."""
    return bare(element.tag)


@lru_cache(maxsize=1024)
def bare(tag: str) -> str:
    """A name without its namespace."""
    return str(tag).rpartition("}")[2]


def decode(text: str) -> str:
    """Text, its _xHHHH_ escapes resolved (ECMA-376 part 1, 22.9.2.19), its lines parted by newlines."""
    if "_x" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
        text = _SURROGATES.sub(lambda m: m[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def rich_text(element: _Element) -> str:
    """The text of a string item: its own or that of its runs, without the phonetic reading beside it."""
    if len(element) == 1 and bare(element[0].tag) == "t":
        return decode(element[0].text or "")
    parts: list[str] = []
    for child in element:
        name = bare(child.tag)
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            parts.extend(t.text or "" for t in child if local(t) == "t")
    return decode("".join(parts))


def strings(root: _Element | None) -> dict[str, str]:
    """The shared strings by the index that cells name them by."""
    items = () if root is None else root.iterchildren("{*}si")
    return {str(at): rich_text(item) for at, item in enumerate(items)}


def formats(root: _Element | None) -> dict[str | None, str | None]:
    """The number format of each cell style by its index, of a cell without style by None.

    A style that names a format which is nowhere told has None.
    """
    if root is None:
        return {None: GENERAL, "0": GENERAL}
    codes: dict[int, str] = dict(BUILTIN)
    for element in root.iterfind("{*}numFmts/{*}numFmt"):
        codes[whole(element.get("numFmtId"))] = decode(element.get("formatCode", GENERAL))[: LONGEST + 1]
    styles: dict[str | None, str | None] = {None: GENERAL, "0": GENERAL}
    for at, style in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        styles[str(at)] = codes.get(whole(style.get("numFmtId")))
    styles[None] = styles["0"]
    return styles


def whole(text: str | None, default: int = 0) -> int:
    """A whole number of at most nine digits, or the default."""
    return int(text) if text and len(text) < 10 and text.isascii() and text.isdigit() else default


def truth(text: str | None) -> bool:
    return text in ("1", "true", "on")


def paragraphs(root: _Element) -> Iterator[str]:
    """The paragraphs of the text boxes of a drawing; what stands twice for older programs is taken once."""
    pending = [root]
    while pending:
        element = pending.pop()
        name = local(element)
        if name == "txBody":
            for paragraph in element.iterfind("{*}p"):
                text = "".join(_run_text(paragraph))
                if text.strip():
                    yield text
        elif name != "Fallback":
            pending.extend(reversed(element))


def _run_text(paragraph: _Element) -> Iterator[str]:
    for child in paragraph.iter():
        name = local(child)
        if name == "t":
            yield child.text or ""
        elif name == "br":
            yield "\n"
