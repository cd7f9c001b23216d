"""Tables in text whose columns are made of blanks, as `pdftotext -layout` and terminals print them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from jixiao.document import Cell, Grid, Line, grid
from jixiao.geometry.gutters import Cuts, Effort, Stretch, TooMuchError, alone, columns, stretches
from jixiao.geometry.ink import Ink, inked
from jixiao.geometry.merges import Cut, Labels, labels
from jixiao.geometry.stacks import Mode, Rows, Text, rows
from jixiao.model import Place

Page = Sequence[tuple[int, str]]
"""The lines of a page, each with its number, blank ones included."""

ENOUGH = 4
"""So many lines with two wide gaps each, and of one stretch, make text worth looking at."""
LONGEST = 1000
"""Characters of a line beyond which it is none of a page."""
CUTS = 2
"""So many gutters make a table."""
STACKED = 0.08
"""This share of the lines of tables must hold nothing but one text inside."""
INDENT = 4
"""The blanks before a title, at the least."""
DOUBT = 0.5
"""How sure a text is whose row is doubtful."""
INFERRED = 0.7
"""How sure the first text of any other row is."""
MOST_LABELS = 5
"""Columns of labels that stand for several rows."""
EQUAL = 0.01
"""Ways whose costs differ by less cost the same."""
PARTED, LEAST, CANDIDATES = 0.5, 3, 4
"""What a second table costs, how many lines each has, at how many lines one may begin."""
GAINED = 2.0
"""What a gutter more in the second table is worth."""
MODES: tuple[Mode, ...] = ("middle", "top")
_GAP = re.compile(r"\S(?: {2}|\u3000)\s*(?=\S)")


class _Read(NamedTuple):
    """Lines of so many columns as read in one way: rows, the labels of the first columns, what that costs."""

    lines: Sequence[Text]
    across: int
    rows: Rows
    labels: Mapping[int, Labels]
    cost: float


def typed_tables(pages: Sequence[Page]) -> list[Line | Grid] | None:
    """The lines and tables of text; None where its blanks make no columns with cells of several lines.

    Cells are of one text each, their lines parted by newlines; the first of each row is INFERRED
    sure, those whose row is doubtful are DOUBT sure.
    """
    if not _is_page(pages):
        return None
    if max((len(text) for page in pages for _, text in page), default=0) > LONGEST:
        return None
    if sum(len(_GAP.findall(text)) >= CUTS for page in pages for _, text in page) < ENOUGH:
        return None
    effort = Effort(sum(map(len, pages)))
    try:
        ways = [[_Way(*_parted(page, wide, effort)) for page in pages] for wide in (1, 2)]
    except TooMuchError:
        return None
    best = max(ways, key=lambda way: sum(page.worth for page in way))
    if not _is_stacked(best):
        return None
    last = len(best) - 1
    blocks: list[Line | Grid] = []
    for n, page in enumerate(best):
        texts = dict(pages[n])
        for stretch in page.found:
            own = page.ink[stretch.first : stretch.last]
            if stretch.cuts:
                cut = Cut(n > 0 and stretch.first <= 1, n < last and stretch.last >= len(page.ink) - 1)
                blocks += _tables(own, stretch.cuts, cut, n + 1)
            else:
                blocks += (Line(text=texts[k.number], place=Place(page=n + 1, row=k.number)) for k in own)
    return blocks


class _Way(NamedTuple):
    """A page's lines, what its gutters are worth, and its stretches."""

    ink: list[Ink]
    worth: float
    found: list[Stretch]


def _parted(page: Page, wide: int, effort: Effort) -> tuple[list[Ink], float, list[Stretch]]:
    ink = inked(page, wide)
    return (ink, *stretches(ink, effort)) if ink else (ink, 0.0, [])


def _is_stacked(pages: Sequence[_Way]) -> bool:
    """Whether columns go on over lines, and cells too: lines hold nothing but one text inside a table.

    Where each row is a line, blanks tell its cells well enough.
    """
    every = [(page, s) for page in pages for s in page.found if s.cuts]
    homes = [set(columns(k, s.cuts)) for page, s in every for k in page.ink[s.first : s.last]]
    inside = sum(len(home) == 1 and 0 not in home for home in homes)
    tables = any(len(s.cuts) >= CUTS and s.last - s.first >= ENOUGH for _, s in every)
    return tables and inside >= STACKED * len(homes)


def _is_page(pages: Sequence[Page]) -> bool:
    """Whether it was a page: it ends with a form feed, or its first line stands in its middle."""
    first = next((text for page in pages for _, text in page if text.strip()), "")
    return len(pages) > 1 or len(first) - len(first.lstrip()) >= INDENT


def _tables(ink: Sequence[Ink], cuts: Cuts, cut: Cut, page: int) -> list[Grid]:
    """The table of a stretch; or two, where the head of a form has the columns of the table below it."""
    parts = [_best(ink, cuts, cut)]
    least = parts[0].cost
    for n in _heads(ink, cuts):
        below = alone(ink[n:]).cuts
        split = [
            _best(ink[:n], cuts, cut._replace(bottom=False)),
            _best(ink[n:], below, cut._replace(top=False)),
        ]
        cost = sum(part.cost for part in split) + PARTED - GAINED * (len(below) - len(cuts))
        if cost < least:
            least, parts = cost, split
    return [_grid(part, page) for part in parts]


def _heads(ink: Sequence[Ink], cuts: Cuts) -> list[int]:
    """Lines that may be the first of a table below another: those that fill all the columns first."""
    counts = [len(columns(line, cuts)) for line in ink]
    full = [n for n, count in enumerate(counts) if count == max(counts)]
    return [n for n in full if n >= LEAST and len(ink) - n >= LEAST and n - 1 not in full][:CANDIDATES]


def _best(ink: Sequence[Ink], cuts: Cuts, cut: Cut) -> _Read:
    """The way to read the lines that costs least: labels in so many columns, in the middle or at the top."""
    lines = [Text(line.number, columns(line, cuts), line.apart and n > 0) for n, line in enumerate(ink)]
    best: _Read | None = None
    for mode in MODES:
        for first in range(max(1, min(len(cuts), MOST_LABELS + 1))):
            most = best.cost - EQUAL if best else float("inf")
            best = _read(lines, len(cuts) + 1, first, mode, cut, most) or best
    assert best, "without labels there is always a way"
    return best


def _read(lines: Sequence[Text], count: int, first: int, mode: Mode, cut: Cut, most: float) -> _Read | None:
    """The table with labels in the columns before `first`; None where that costs `most` or more."""
    found = rows(lines, first, count, mode)
    if found is None:
        return None
    cost = found.cost
    known: dict[int, Labels] = {}
    inner: set[int] | None = None
    for column in range(first - 1, -1, -1):
        if cost >= most or not (made := labels(lines, found, column, count, mode, inner, cut)):
            return None
        cost += made.cost
        known[column] = made
        inner = made.edges | {0, len(found.spans)}
    return _Read(lines, count, found, known, cost) if cost < most else None


def _grid(read: _Read, page: int) -> Grid:
    """The table; lines of labels that belong to no row stand in rows of their own above and below it."""
    made = [*_leaves(read), *_labelled(read)]
    placed = {(piece.column, line.number) for piece in made for line in piece.lines}
    left = [(n, c) for n, line in enumerate(read.lines) for c in line.cells if (c, line.number) not in placed]
    top = min((piece.lines[0].number for piece in made if piece.row == 0), default=0)
    above = [spot for spot in left if read.lines[spot[0]].number <= top]
    below = [spot for spot in left if spot not in above]
    made = [piece._replace(row=piece.row + len(above)) for piece in made]
    made += [_Piece(row, c, [read.lines[n]], DOUBT) for row, (n, c) in enumerate(above)]
    unparted = {
        piece.column for piece in made if any(_GAP.search(k.cells[piece.column]) for k in piece.lines)
    }
    made = [piece._replace(sure=DOUBT) if piece.column in unparted else piece for piece in made]
    row = len(above) + len(read.rows.spans)
    made += [_Piece(row + k, c, [read.lines[n]], DOUBT) for k, (n, c) in enumerate(below)]
    return grid([piece.cell(page) for piece in made], cols=read.across, spans=False)


class _Piece(NamedTuple):
    """A cell: where it stands, its lines, how sure that is."""

    row: int
    column: int
    lines: Sequence[Text]
    sure: float

    def cell(self, page: int) -> Cell:
        text = "\n".join(line.cells[self.column] for line in self.lines)
        place = Place(page=page, row=self.lines[0].number)
        return Cell(text=text, row=self.row, col=self.column, place=place, confidence=self.sure)


def _leaves(read: _Read) -> Iterator[_Piece]:
    """The cells of one row; the first of each row is never quite sure, since where rows end is worked out."""
    unsure = set(chain.from_iterable(made.doubtful for made in read.labels.values()))
    first = max(read.labels, default=-1) + 1
    for row in range(len(read.rows.spans)):
        found = [(c, texts) for c in range(first, read.across) if (texts := read.rows.texts(row, c))]
        for n, (c, texts) in enumerate(found):
            doubtful = row in read.rows.doubtful or (n == 0 and row in unsure)
            yield _Piece(row, c, texts, DOUBT if doubtful else INFERRED if n == 0 else 1.0)


def _labelled(read: _Read) -> Iterator[_Piece]:
    for column, made in read.labels.items():
        for label in made.found:
            yield _Piece(label.first, column, label.texts, 1.0)
