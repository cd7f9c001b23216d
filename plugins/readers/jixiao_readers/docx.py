"""DOCX in: Word, WPS and LibreOffice documents, transitional and strict."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from jixiao import errors
from jixiao.compound import Compound
from jixiao.document import Document, Line, Section
from jixiao.head import Head
from jixiao.hookspecs import Reader, hookimpl
from jixiao.limits import Limits

if TYPE_CHECKING:
    from jixiao_readers._docx.parts import Package
    from jixiao_readers._docx.text import Notes

ENCRYPTED = "EncryptedPackage"  # the stream of an OLE2 file that holds a locked one (MS-OFFCRYPTO 1.3.2)
NOTES = ("header", "footer", "footnotes", "endnotes", "comments")  # relations, in the order they are read


class DocxReader:
    """Tables with their merges and the paragraphs around them; headers, footers and notes after the body.

    Tracked changes are taken as accepted, hidden text is left out, both with a finding.
    """

    NAME: ClassVar[str] = "docx"
    API_VERSION: ClassVar[int] = 1
    MEDIA_TYPES: ClassVar[tuple[str, ...]] = (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.template",
        "application/vnd.ms-word.document.macroEnabled.12",
    )
    EXTENSIONS: ClassVar[tuple[str, ...]] = ("docx", "docm", "dotx", "dotm")

    def sniff(self, head: Head) -> bool:
        """A zip with a `word/` folder, whole or cut short, or an Office file under a password."""
        if head.start.startswith(b"PK"):
            if head.members:
                return any(name.lower().replace("\\", "/").startswith("word/") for name in head.members)
            return _first(head.start, b"word/") < _first(head.start, b"xl/")
        return ENCRYPTED in head.streams

    def read(self, data: bytes, limits: Limits) -> Document:
        """Raises BadInput: `encrypted`, `damaged-file`, `doctype`, `limit-…`."""
        from jixiao_readers._docx.parts import Package

        if ENCRYPTED in Compound(data).streams:
            raise errors.encrypted("DOCX/XLSX")
        try:
            return _document(Package(data, limits), limits)
        except RecursionError as error:
            raise errors.over_limit("xml_depth", limits.xml_depth, limits.xml_depth) from error


def _document(package: Package, limits: Limits) -> Document:
    from jixiao_readers._docx.body import Story
    from jixiao_readers._docx.names import child
    from jixiao_readers._docx.text import Notes
    from jixiao_readers._tables import Unfolder

    notes = Notes()
    root = package.part(package.main)
    if root is None or (body := child(root, "body")) is None:
        raise errors.truncated("DOCX")
    content = Story(root, notes, package.styles).content(body)
    blocks = (*Unfolder(limits).blocks(content), *_around(package, notes))
    return Document(sections=(Section(blocks=blocks),), findings=notes.findings())


def _around(package: Package, notes: Notes) -> list[Line]:
    """Headers, footers, notes and comments, each text once."""
    from jixiao_readers._docx.body import Story, texts

    found: dict[str, None] = {}
    for kind in NOTES:
        for relation in dict.fromkeys(package.relations):
            if relation.kind == kind and (root := package.part(relation.target)) is not None:
                content = Story(root, notes, package.styles).content(root)
                found.update(dict.fromkeys(texts(content)))
    return [Line(text=text, style="note") for text in found]


def _first(data: bytes, word: bytes) -> int:
    at = data.find(word)
    return len(data) if at < 0 else at


@hookimpl
def jixiao_reader() -> type[Reader]:
    return DocxReader
