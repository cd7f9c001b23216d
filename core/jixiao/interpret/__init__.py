"""What a document means: tokens -> alignment of rows -> sheets. The inverse of jixiao.layout."""

from collections.abc import Iterable, Iterator

from jixiao.document import Document, Section
from jixiao.findings import finding
from jixiao.interpret.abreast import one_by_one
from jixiao.interpret.cellwise import by_width
from jixiao.interpret.columnwise import by_rows
from jixiao.interpret.coverage import missing
from jixiao.interpret.glued import unglue
from jixiao.interpret.levelwise import rows_by_level
from jixiao.interpret.lists import form_by_form
from jixiao.interpret.pages import without_page_marks
from jixiao.interpret.sheets import Explained, read_sheet, split
from jixiao.interpret.tokens import rows_of
from jixiao.interpret.wrapped import join_wrapped
from jixiao.model import Finding, Reading, Sheet

__all__ = ["Explained", "explain", "interpret", "interpret_parts"]


def interpret(document: Document) -> Reading:
    """The sheets of a document; text outside every sheet stands in `unplaced`."""
    return interpret_parts((*document.sections, *document.findings))


def interpret_parts(parts: Iterable[Section | Finding]) -> Reading:
    """As `interpret`, of the parts of a document: none is held once the next one is asked for."""
    sheets: list[Sheet] = []
    unplaced: list[str] = []
    findings: list[Finding] = []
    for part in _read(_sections(parts, findings)):
        if isinstance(part, Explained):
            sheets.append(part.sheet)
        else:
            unplaced += part
    if not sheets:
        findings.append(finding("no-sheet"))
    return Reading(findings=tuple(findings), unplaced=tuple(unplaced), sheets=tuple(sheets))


def _sections(parts: Iterable[Section | Finding], findings: list[Finding]) -> Iterator[Section]:
    """The sections; findings are put behind the others."""
    for part in parts:
        if isinstance(part, Section):
            yield part
        else:
            findings.append(part)


def explain(document: Document) -> list[Explained]:
    """The sheets of a document, each with how the cells of its indicators were read."""
    return [part for part in _read(document.sections) if isinstance(part, Explained)]


def _read(sections: Iterable[Section]) -> Iterator[Explained | list[str]]:
    """The sheets, and the texts of what is none, in reading order."""
    for section in sections:
        physical, marks = without_page_marks(list(rows_of(section)))
        rows_by_sheet = split(
            list(by_width(by_rows(unglue(join_wrapped(form_by_form(rows_by_level(one_by_one(physical))))))))
        )
        read = [read_sheet(rows) or [t.text for row in rows for t in row.full] for rows in rows_by_sheet]
        yield from read
        sheets = [part.sheet for part in read if isinstance(part, Explained)]
        outside = [text for part in read if not isinstance(part, Explained) for text in part]
        yield [*marks, *missing(physical, sheets, [*outside, *marks])]
