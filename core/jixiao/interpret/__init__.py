"""What a document means: tokens -> alignment of rows -> sheets. The inverse of jixiao.layout."""

from jixiao.document import Document
from jixiao.findings import finding
from jixiao.interpret.columnwise import by_rows
from jixiao.interpret.glued import unglue
from jixiao.interpret.sheets import read_sheet, split
from jixiao.interpret.tokens import rows_of
from jixiao.interpret.wrapped import join_wrapped
from jixiao.model import Reading, Sheet


def interpret(document: Document) -> Reading:
    """The sheets of a document; text outside every sheet stands in `unplaced`."""
    sheets: list[Sheet] = []
    unplaced: list[str] = []
    for section in document.sections:
        for rows in split(list(by_rows(unglue(join_wrapped(rows_of(section)))))):
            sheet = read_sheet(rows)
            if sheet is None:
                unplaced += [t.text for row in rows for t in row.full]
            else:
                sheets.append(sheet)
    findings = document.findings if sheets else (*document.findings, finding("no-sheet"))
    return Reading(findings=findings, unplaced=tuple(unplaced), sheets=tuple(sheets))
