"""The parts of a DOCX package (ECMA-376 part 2): which is the document, which hang on it, what styles say."""

from __future__ import annotations

import posixpath
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from jixiao import errors
from jixiao.archive import open_archive, parse_xml
from jixiao.limits import Limits

from jixiao_readers._docx.names import attribute, child, children, is_on

if TYPE_CHECKING:
    from jixiao.document import Style
    from lxml.etree import _Element

FORMAT = "DOCX"
USUAL = "word/document.xml"
MAIN_TYPES = (
    "wordprocessingml.document.main",
    "wordprocessingml.template.main",
    "ms-word.document",
    "ms-word.template",
)
# Names of paragraph styles in lower case: Word's own, and those of the documents that jixiao writes.
LINE_STYLES: dict[str, Style] = {
    "title": "title",
    "subtitle": "subtitle",
    "sheettitle": "title",
    "sheetsubtitle": "subtitle",
    "sheetnote": "note",
}


class Relation(NamedTuple):
    kind: str
    target: str


class Package:
    """A DOCX opened under limits. Raises BadInput where it is no sound one."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._limits = limits
        self._archive = open_archive(data, limits, FORMAT)
        self.main = self._main()

    def part(self, name: str) -> _Element | None:
        """The root of an XML part, None where it is missing."""
        data = self._archive.read(name)
        return None if data is None else parse_xml(data, self._limits, FORMAT)

    @cached_property
    def relations(self) -> list[Relation]:
        """What the main part refers to inside the package: last word of the relation's type, part name."""
        return self._relations(self.main)

    @cached_property
    def styles(self) -> Styles:
        return Styles(self)

    def _main(self) -> str:
        for relation in self._relations(""):
            if relation.kind == "officeDocument" and relation.target in self._archive:
                return relation.target
        types = self.part("[Content_Types].xml")
        for entry in () if types is None else types:
            if any(name in (entry.get("ContentType") or "") for name in MAIN_TYPES):
                name = (entry.get("PartName") or "").lstrip("/")
                if name in self._archive:
                    return name
        if USUAL in self._archive:
            return USUAL
        raise errors.truncated(FORMAT)

    def _relations(self, source: str) -> list[Relation]:
        folder, name = posixpath.split(source)
        root = self.part(posixpath.join(folder, "_rels", f"{name}.rels"))
        return [
            Relation((entry.get("Type") or "").rpartition("/")[2], _target(folder, entry.get("Target") or ""))
            for entry in (() if root is None else root)
            if entry.get("TargetMode") != "External"
        ]


class Styles:
    """What the style sheet says of a paragraph or run; it is read when a style is first met."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._hidden: dict[str, bool] = {}
        self._paragraphs: dict[str | None, tuple[Style, bool]] = {None: ("body", False)}

    def of_paragraph(self, style: str | None) -> tuple[Style, bool]:
        """What a line of it is, and whether it is hidden."""
        if (known := self._paragraphs.get(style)) is None:
            name = "" if style is None else self._names.get(style, style)
            known = LINE_STYLES.get(name.lower(), "body"), self.is_hidden(style)
            self._paragraphs[style] = known
        return known

    def is_hidden(self, style: str | None) -> bool:
        """Whether the style, or one it is based on, hides its text."""
        line: dict[str, None] = {}
        hidden = False
        while style and style not in self._hidden and style not in line:
            line[style] = None
            entry = self._entries.get(style)
            vanish = child(child(entry, "rPr"), "vanish")
            if vanish is not None:
                hidden = is_on(vanish)
                break
            based = child(entry, "basedOn")
            style = None if based is None else attribute(based, "val")
        hidden = self._hidden.get(style or "", hidden)
        self._hidden.update(dict.fromkeys(line, hidden))
        return hidden

    @cached_property
    def _entries(self) -> dict[str, _Element]:
        name = next((r.target for r in self._package.relations if r.kind == "styles"), None)
        root = None if name is None else self._package.part(name)
        return {attribute(entry, "styleId") or "": entry for entry in children(root, "style")}

    @cached_property
    def _names(self) -> dict[str, str]:
        named = ((style, child(entry, "name")) for style, entry in self._entries.items())
        return {style: attribute(name, "val") or "" for style, name in named if name is not None}


def _target(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
