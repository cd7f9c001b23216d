"""A whole workbook: its worksheets in order, with the text beside their cells."""

from collections.abc import Iterator

from jixiao import errors
from jixiao.archive import Archive
from jixiao.document import Line, Section
from jixiao.limits import Limits
from jixiao.model import Finding, Place
from lxml.etree import _Element

from jixiao_readers._spreadsheet.sections import Sections
from jixiao_readers._xlsx.parts import (
    NAME,
    Package,
    formats,
    local,
    paragraphs,
    rich_text,
    strings,
    truth,
    whole,
)
from jixiao_readers._xlsx.sheet import Workbook, XlsxWorksheet


class Book:
    """Reads an open archive. `parts` raises BadInput where a part is missing, damaged or too large."""

    def __init__(self, archive: Archive, limits: Limits, *, hidden: bool = False) -> None:
        self._package, self._limits, self._hidden = Package(archive, limits), limits, hidden

    def parts(self) -> Iterator[Section | Finding]:
        """The parts of the document; no more than one worksheet is held at a time."""
        main = self._package.main()
        root = self._package.root(main)
        if root is None or local(root) != "workbook":
            raise errors.truncated(NAME)
        relations = self._package.relations(main)
        shared = self._shared(root, {relation.kind: relation.target for relation in relations.values()})
        sections, read = Sections(self._limits, self._package.archive.size), set[str]()
        for sheet in root.iterfind("{*}sheets/{*}sheet"):
            name = sheet.get("name", "")
            identity = next((v for k, v in sheet.attrib.items() if str(k).endswith("}id")), "")
            if sheet.get("state", "visible") != "visible" and not self._hidden:
                yield sections.hidden(name)
            elif str(identity) not in relations or (part := relations[str(identity)].target) in read:
                raise errors.truncated(NAME)  # one worksheet under two names is none of any program
            else:
                read.add(part)
                worksheet = self._worksheet(part, shared, sections.filled)
                yield from sections.shown(name, worksheet, self._beside(part))

    def _shared(self, root: _Element, parts: dict[str, str]) -> Workbook:
        properties, calculation = root.find("{*}workbookPr"), root.find("{*}calcPr")
        return Workbook(
            strings=strings(self._package.root(parts["sharedStrings"]) if "sharedStrings" in parts else None),
            formats=formats(self._package.root(parts["styles"]) if "styles" in parts else None),
            date1904=properties is not None and truth(properties.get("date1904")),
            recalculate=calculation is not None and truth(calculation.get("fullCalcOnLoad")),
            hidden=self._hidden,
            limits=self._limits,
        )

    def _worksheet(self, part: str, shared: Workbook, filled: int) -> XlsxWorksheet:
        data = self._package.data(part)
        if data is None:
            raise errors.truncated(NAME)
        return XlsxWorksheet(data, shared, filled)

    def _beside(self, part: str) -> list[Line]:
        """The text of comments and of text boxes."""
        lines = []
        for kind, target in dict.fromkeys(self._package.relations(part).values()):
            root = self._package.root(target) if kind in ("comments", "drawing") else None
            if root is None:
                continue
            if kind == "drawing":
                lines += [Line(text=text) for text in paragraphs(root)]
                continue
            for comment in root.iterfind("{*}commentList/{*}comment"):
                row = whole(comment.get("ref", "").lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) or None
                texts = [text for body in comment.iterfind("{*}text") if (text := rich_text(body)).strip()]
                lines += [Line(text=text, style="note", place=Place(row=row)) for text in texts]
        return lines
