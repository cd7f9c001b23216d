"""The header pairs above the blocks of funds and goals."""

from collections.abc import Iterable, Iterator

from jixiao.layout.board import Board, Piece
from jixiao.model import Field, Party, Sheet
from jixiao.vocabulary import vocabulary

SHORT = 20
"""Characters up to which two header pairs share a row."""
_LABEL, _HALF = 0.18, 0.5
_PARTS = ("project", "department", "agency", "attribute", "period")


def every_field(sheet: Sheet) -> list[Field]:
    """The sheet's header pairs, and under standard labels what a sheet built by hand says beside them."""
    fields = list(sheet.fields)
    year, said = sheet.fiscal_year, [sheet.title, *(f.text for f in fields)]
    if year and not any(str(year) in text for text in said if text):
        fields.insert(0, Field(text=f"({year}{vocabulary().data['year_words'][0]})"))
    for part in _PARTS:
        text = _printed(getattr(sheet, part))
        if text and not any(_says(f, part, text) for f in sheet.fields):
            fields.append(Field(label=vocabulary().data["labels"][part][0], text=text))
    return fields


def _printed(part: Party | str | None) -> str | None:
    if isinstance(part, Party):
        return part.text or "-".join(t for t in (part.code, part.name) if t) or None
    return part


def _says(field: Field, part: str, text: str) -> bool:
    """Whether the pair is where `text` comes from; of a row of tick boxes it is only a piece."""
    meaning = vocabulary().label(field.label) if field.label else None
    if meaning is not None and meaning.name == part:
        return text in (field.text or "")
    return field.text == text and (meaning is None or meaning.name not in _PARTS)


def draw_fields(board: Board, fields: Iterable[Field]) -> None:
    """Two short pairs a row, a long one (and the project's name) over the whole width."""
    for line in _lines(fields):
        if line[0].label is None:
            board.line([Piece(line[0].text)], [0, board.cols])
        elif len(line) == 2:
            board.line([p for f in line for p in _pair(f)], board.edges(_LABEL, _HALF, _HALF + _LABEL))
        else:
            board.line(_pair(line[0]), board.edges(_LABEL))


def _lines(fields: Iterable[Field]) -> Iterator[tuple[Field, ...]]:
    waiting: Field | None = None
    for field in fields:
        alone = _stands_alone(field)
        if waiting and not alone:
            yield waiting, field
            waiting = None
            continue
        if waiting:
            yield (waiting,)
        waiting = None if alone else field
        if alone:
            yield (field,)
    if waiting:
        yield (waiting,)


def _stands_alone(field: Field) -> bool:
    if field.label is None or len(field.text or "") > SHORT:
        return True
    meaning = vocabulary().label(field.label)
    return meaning is not None and meaning.name == "project"


def _pair(field: Field) -> tuple[Piece, Piece]:
    return Piece(field.label, "label"), Piece(field.text)
