"""Zip and XML from strangers: what readers of packed formats read through.

Sizes are counted while they unpack, never believed from a header; nothing is written to disk; nothing is
fetched; nothing is expanded. Whatever is wrong becomes a BadInput that names the format.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

from jixiao import errors
from jixiao.head import DAMAGED, UNSUPPORTED
from jixiao.limits import Limits, MiB
from jixiao.messages import gettext as _

if TYPE_CHECKING:
    from lxml.etree import _Element

CHUNK = 256 * 1024
RATIO_FROM = 1 * MiB
PARSER_DEPTH = 256  # beyond it libxml2 refuses unless told that the tree may be huge
ENCRYPTED = 0x1 | 0x40  # general purpose bits: traditional and strong encryption (APPNOTE 4.4.4)
UTF_8 = 0x800  # general purpose bit: the name is UTF-8

_DOCTYPE = re.compile(rb"<\0?!\0?D\0?O\0?C\0?T\0?Y\0?P\0?E")


class Archive:
    """The members of a zip, read into memory one at a time under the limits of one document.

    Names use `/`; a name is found whatever its case, as in OPC packages, and as GB18030 where the zip does
    not say that it is UTF-8, as Chinese programs write it.
    """

    def __init__(self, data: bytes, limits: Limits, format_name: str) -> None:
        self._limits, self._format, self.size, self._unpacked = limits, format_name, len(data), 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (*DAMAGED, UNSUPPORTED) as error:
            raise errors.truncated(format_name) from error
        infos = self._zip.infolist()
        if len(infos) > limits.members:
            raise errors.over_limit("members", len(infos), limits.members)
        self._members = {_plain(info.filename): info for info in infos}
        self._folded = {name.casefold(): name for name in self._members}
        self._folded |= {
            _chinese(name).casefold(): name for name, info in self._members.items() if _unmarked(info)
        }
        self.names: tuple[str, ...] = tuple(self._members)

    def __contains__(self, name: str) -> bool:
        return _plain(name).casefold() in self._folded

    def read(self, name: str) -> bytes | None:
        """The whole member, None where there is none of that name.

        Raises BadInput: `encrypted`, `damaged-file`, `zip-method`, `limit-unpacked`, `limit-ratio`.
        """
        info = self._members.get(self._folded.get(_plain(name).casefold(), ""))
        if info is None:
            return None
        if info.flag_bits & ENCRYPTED:
            raise errors.encrypted(self._format)
        try:
            return self._unpack(info)
        except DAMAGED as error:
            raise errors.truncated(self._format) from error
        except UNSUPPORTED as error:
            raise errors.BadInput(
                "zip-method",
                _("A part of the {format} file is packed by a method that cannot be read.").format(
                    format=self._format
                ),
                _("Open it in Office or WPS and save it anew."),
            ) from error

    def _unpack(self, info: zipfile.ZipInfo) -> bytes:
        limits, parts, size = self._limits, [], 0
        packed = max(1, min(info.compress_size, self.size))
        with self._zip.open(info) as stream:
            while chunk := stream.read(CHUNK):
                parts.append(chunk)
                size += len(chunk)
                self._unpacked += len(chunk)
                if self._unpacked > limits.unpacked:
                    raise errors.over_limit("unpacked", self._unpacked, limits.unpacked)
                if size > RATIO_FROM and size > limits.ratio * packed:
                    raise errors.over_limit("ratio", -(-size // packed), limits.ratio)
        return b"".join(parts)


def open_archive(data: bytes, limits: Limits, format_name: str) -> Archive:
    """The zip in `data`. Raises BadInput `damaged-file` or `limit-members`."""
    return Archive(data, limits, format_name)


def parse_xml(data: bytes, limits: Limits, format_name: str) -> _Element:
    """The root element, comments and processing instructions left out.

    Any DOCTYPE is refused: a parser that merely does not resolve its entities drops their text in silence.
    Raises BadInput: `doctype`, `limit-xml_depth`, or `damaged-file` where it is not well-formed.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True,
        huge_tree=limits.xml_depth > PARSER_DEPTH,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if _DOCTYPE.search(data):
            raise _doctype(format_name) from error
        if "depth" in str(error):
            raise errors.over_limit(
                "xml_depth", max(PARSER_DEPTH, limits.xml_depth) + 1, limits.xml_depth
            ) from error
        raise errors.truncated(format_name) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _doctype(format_name)
    if limits.xml_depth != PARSER_DEPTH and (depth := xml_depth(root)) > limits.xml_depth:
        raise errors.over_limit("xml_depth", depth, limits.xml_depth)
    return root


def xml_depth(root: _Element) -> int:
    """How many elements stand one inside the other, the root included."""
    deepest, level = 0, [root]
    while level:
        deepest += 1
        level = [child for element in level for child in element]
    return deepest


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/")


def _unmarked(info: zipfile.ZipInfo) -> bool:
    """Whether the name has other characters than ASCII in an encoding that the zip does not tell."""
    return not info.flag_bits & UTF_8 and not info.filename.isascii()


def _chinese(name: str) -> str:
    """A name as GB18030; zipfile takes what is not marked as UTF-8 for the code page of the first PCs."""
    try:
        return name.encode("cp437").decode("gb18030")
    except UnicodeError:
        return name


def _doctype(format_name: str) -> errors.BadInput:
    return errors.BadInput(
        "doctype",
        _("The {format} content declares a document type (DOCTYPE), which can hide or swell text.").format(
            format=format_name
        ),
        _("Open it in the program it came from and save it anew; a file without DOCTYPE is read."),
    )
