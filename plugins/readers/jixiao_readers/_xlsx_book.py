"""A whole workbook: its worksheets in order, what was left out of them, and what people should look at."""

from jixiao import errors, findings
from jixiao.archive import Archive
from jixiao.document import Document, Grid, Line, Section
from jixiao.limits import Limits
from jixiao.model import Finding, Place
from lxml.etree import _Element

from jixiao_readers._xlsx_grid import Axis, Seen, grids, look
from jixiao_readers._xlsx_parts import (
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
from jixiao_readers._xlsx_sheet import Position, Workbook, Worksheet, letters


class Book:
    """Reads an open archive. `document` raises BadInput where a part is missing, damaged or too large."""

    def __init__(self, archive: Archive, limits: Limits) -> None:
        self._package, self._limits = Package(archive, limits), limits
        self._findings: list[Finding] = []
        self._filled = self._area = 0
        self._tables = 0

    def document(self) -> Document:
        main = self._package.main()
        root = self._package.root(main)
        if root is None or local(root) != "workbook":
            raise errors.truncated(NAME)
        relations = self._package.relations(main)
        shared = self._shared(root, {relation.kind: relation.target for relation in relations.values()})
        sections = []
        for sheet in root.iterfind("{*}sheets/{*}sheet"):
            name = sheet.get("name", "")
            identity = next((v for k, v in sheet.attrib.items() if str(k).endswith("}id")), "")
            if sheet.get("state", "visible") != "visible":
                self._say("hidden-left-out", name)
            elif str(identity) not in relations:
                raise errors.truncated(NAME)
            else:
                sections.append(self._section(name, relations[str(identity)].target, shared))
        return Document(sections=tuple(s for s in sections if s.blocks), findings=tuple(self._findings))

    def _shared(self, root: _Element, parts: dict[str, str]) -> Workbook:
        properties, calculation = root.find("{*}workbookPr"), root.find("{*}calcPr")
        return Workbook(
            strings=strings(self._package.root(parts["sharedStrings"]) if "sharedStrings" in parts else None),
            formats=formats(self._package.root(parts["styles"]) if "styles" in parts else None),
            date1904=properties is not None and truth(properties.get("date1904")),
            recalculate=calculation is not None and truth(calculation.get("fullCalcOnLoad")),
            limits=self._limits,
        )

    def _section(self, name: str, part: str, shared: Workbook) -> Section:
        data = self._package.data(part)
        if data is None:
            raise errors.truncated(NAME)
        sheet = Worksheet(data, shared, self._filled)
        self._filled += len(sheet.cells)
        rows, columns = Axis(sheet.hidden_rows), Axis(sheet.hidden_columns)
        seen = look(sheet, rows, columns)
        made = grids(seen, rows, columns, self._tables + 1, self._limits, self._area)
        self._tables += len(made)
        self._area += sum(g.rows * g.cols for g in made)
        self._tell(name, sheet, seen, rows, columns)
        before = [Line(text=text) for text in sheet.headers]
        after = [*self._beside(part), *(Line(text=text) for text in sheet.footers)]
        blocks: list[Line | Grid] = [*before, *made, *after]
        return Section(name=name, blocks=tuple(blocks))

    def _beside(self, part: str) -> list[Line]:
        """The text of comments and of text boxes."""
        lines = []
        for kind, target in self._package.relations(part).values():
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

    def _tell(self, name: str, sheet: Worksheet, seen: Seen, rows: Axis, columns: Axis) -> None:
        """The findings of one worksheet: what is hidden, what a merge covers, what single cells want said."""
        if lost := sorted({row for row, _ in seen.hidden if rows.hides(row)}):
            self._say("hidden-left-out", f"{name}!" + ",".join(f"{a}:{b}" for a, b in _runs(lost)))
        if lost := sorted({column for row, column in seen.hidden if not rows.hides(row)}):
            spans = (f"{letters(a)}:{letters(b)}" for a, b in _runs(lost))
            self._say("hidden-left-out", f"{name}!" + ",".join(spans))
        for position, text in seen.covered:
            self._say("hidden-left-out", f"{_cell(name, position)}: {text}", position)
        unseen = set(seen.hidden).union(position for position, _ in seen.covered)
        for position, code, before, after in sheet.notes:
            aside = rows.hides(position[0]) or columns.hides(position[1])
            if position in unseen or (aside and position not in sheet.cells):
                continue
            where = _cell(name, position)
            if code == "hidden-left-out":
                where, before = f"{where}: {before}", None
            self._say(code, where, position, before, after)

    def _say(
        self,
        code: str,
        text: str,
        position: Position | None = None,
        before: str | None = None,
        after: str | None = None,
    ) -> None:
        place = Place(row=position[0]) if position else None
        self._findings.append(findings.finding(code, text=text, before=before, after=after, place=place))


def _cell(name: str, position: Position) -> str:
    return f"{name}!{letters(position[1])}{position[0]}"


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    """Sorted numbers as runs, first and last."""
    runs: list[tuple[int, int]] = []
    for n in numbers:
        if runs and runs[-1][1] == n - 1:
            runs[-1] = runs[-1][0], n
        else:
            runs.append((n, n))
    return runs
