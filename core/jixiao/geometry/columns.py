"""Tables without rules: lines of text whose parts stand in columns."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from jixiao.document import Cell, grid
from jixiao.geometry.centred import Label, between, first_rows
from jixiao.geometry.lines import SPACE, Char, box_of, line_text
from jixiao.geometry.page_model import Table
from jixiao.model import Place

APART = 1.2
"""A gap wider than this many type sizes parts two columns."""
LINES = 3
"""So many lines must have parts in columns before they are a table."""
TIGHT = 0.8
"""Lines nearer than this part of the usual distance belong to one row."""
REACH = 3.0
"""Lines further apart than this many type sizes belong to two tables."""

FAR = 60
"""Lines so far apart have nothing to do with one another."""

Band = tuple[float, float]
Parts = list[list[Char]]


def parts(line: Sequence[Char]) -> Parts:
    """The stretches of a line between wide gaps."""
    found: Parts = []
    for char in line:
        if char.text.isspace():
            continue
        if found and char.x0 - found[-1][-1].x1 <= APART * char.size:
            found[-1].append(char)
        else:
            found.append([char])
    return found


def runs(lines: Sequence[Sequence[Char]]) -> Iterator[tuple[int, int]]:
    """First and last-plus-one of each stretch of lines that may be a table."""
    counts = [len(parts(line)) for line in lines]
    begin = 0
    while begin < len(lines):
        end = last = begin
        while end < len(lines) and (end == begin or _near(lines[end - 1], lines[end])) and end - last < 2:
            end += 1
            if counts[end - 1] > 1:
                last = end
        if counts[begin] > 1 and sum(n > 1 for n in counts[begin:last]) >= LINES:
            yield begin, last
            begin = last
        else:
            begin += 1


def _near(above: Sequence[Char], below: Sequence[Char]) -> bool:
    return min(c.top for c in below) - max(c.bottom for c in above) < REACH * max(c.size for c in below)


def table(lines: Sequence[Sequence[Char]], page: int) -> Table | None:
    """The lines as a table that does not tell covered from empty; None where the columns do not agree."""
    split = [parts(line) for line in lines]
    bands = _bands(split)
    split = [[piece for part in found for piece in _cut(part, bands)] for found in split]
    if len(bands) < 2:
        return None
    owners = [[_column(bands, part) for part in found] for found in split]
    rows = _rows(lines, owners)
    loose = _loose_labels(lines, split, owners, rows)
    places: dict[tuple[int, int], list[str]] = {}
    boxes: dict[tuple[int, int], list[Char]] = {}
    for n, (found, columns) in enumerate(zip(split, owners, strict=True)):
        for part, column in zip(found, columns, strict=True):
            at = loose.get((n, column), rows[n]), column
            places.setdefault(at, []).append(line_text(part))
            boxes.setdefault(at, []).extend(part)
    cells = [
        Cell(text="\n".join(texts), row=at[0], col=at[1], place=Place(page=page, box=box_of(boxes[at])))
        for at, texts in places.items()
    ]
    widths = [b - a for a, b in bands]
    xs = [bands[0][0], *(a for a, _ in bands[1:]), bands[-1][1]]
    everything = box_of([c for line in lines for c in line])
    return Table(
        grid(cells, rows[-1] + 1, len(bands), widths=widths, spans=False), xs, [everything[1], everything[3]]
    )


def _bands(split: Sequence[Parts]) -> list[Band]:
    """The columns' extents: lines with most parts say them, others widen them but never join two."""
    bands: list[Band] = []
    for found in sorted((p for p in split if len(p) > 1), key=len, reverse=True):
        for part in found:
            start, end = part[0].x0, max(c.x1 for c in part)
            touched = [b for b in bands if b[0] < end and start < b[1]]
            if len(touched) > 1:
                continue
            for band in touched:
                bands.remove(band)
                start, end = min(start, band[0]), max(end, band[1])
            bands.append((start, end))
    return sorted(bands)


def _cut(part: list[Char], bands: Sequence[Band]) -> Parts:
    """A part over several columns, cut at the smaller gaps that lie between them."""
    between = [(a[1], b[0]) for a, b in pairwise(bands)]
    pieces = [[part[0]]]
    for char in part[1:]:
        end = pieces[-1][-1].x1
        middle = (end + char.x0) / 2
        if char.x0 - end > SPACE * char.size and any(a < middle < b for a, b in between):
            pieces.append([])
        pieces[-1].append(char)
    return pieces


def _column(bands: Sequence[Band], part: Sequence[Char]) -> int:
    """The first column a part stands in, else the nearest."""
    start, end = part[0].x0, part[-1].x1
    return min(range(len(bands)), key=lambda n: (max(bands[n][0] - end, start - bands[n][1], 0.0), n))


def _rows(lines: Sequence[Sequence[Char]], owners: Sequence[Sequence[int]]) -> list[int]:
    """The row of each line. Lines nearer than rows are belong to one where they share a column.

    A line that shares none with its neighbours (a label between two rows) begins no row and parts none.
    """
    middles = [_middle(line) for line in lines]
    above = [_above(owners, n) for n in range(len(lines))]
    steps = [middles[n] - middles[a] for n, a in enumerate(above) if a is not None and len(owners[n]) > 1]
    usual = median(steps or [b - a for a, b in pairwise(middles)] or [0.0])
    rows: list[int] = []
    for n, middle in enumerate(middles):
        last = above[n]
        if not n:
            rows.append(0)
        elif middle - middles[n - 1] >= TIGHT * usual:
            rows.append(rows[-1] + 1)
        else:
            apart = last is not None and middle - middles[last] >= TIGHT * usual
            fresh = apart and (len(owners[n]) > 1 or not set(owners[n]).isdisjoint(owners[n - 1]))
            rows.append(rows[-1] + fresh)
    return rows


def _above(owners: Sequence[Sequence[int]], n: int) -> int | None:
    """The nearest line above, of those not far, that has a column in common with line `n`."""
    return next(
        (m for m in range(n - 1, max(n - FAR, 0) - 1, -1) if not set(owners[m]).isdisjoint(owners[n])), None
    )


def _loose_labels(
    lines: Sequence[Sequence[Char]],
    split: Sequence[Parts],
    owners: Sequence[Sequence[int]],
    rows: Sequence[int],
) -> dict[tuple[int, int], int]:
    """The first row of each part (line, column) that is set in the middle of its rows."""
    heights = [_middle(lines[rows.index(row)]) for row in range(rows[-1] + 1)]
    labels: dict[int, list[tuple[int, Label]]] = {}
    for n, columns in enumerate(owners):
        for part, column in zip(split[n], columns, strict=True):
            labels.setdefault(column, []).append((n, Label(_middle(part), column)))
    if not between([label for column in labels.values() for _, label in column], heights):
        return {}
    found: dict[tuple[int, int], int] = {}
    for column, members in labels.items():
        for (n, _), reach in zip(members, first_rows([label for _, label in members], heights), strict=True):
            if reach:
                found[n, column] = reach[0]
    return found


def _middle(part: Sequence[Char]) -> float:
    return median((c.top + c.bottom) / 2 for c in part)
