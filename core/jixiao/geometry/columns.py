"""Tables without rules: lines of text whose parts stand in columns."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from jixiao.document import Cell, grid
from jixiao.geometry import flow
from jixiao.geometry.bands import bands, column_of, cut, placed
from jixiao.geometry.centred import Label, between, first_rows
from jixiao.geometry.flow import Block, Ends
from jixiao.geometry.lines import Char, box_of, line_text, lines
from jixiao.geometry.page_model import LooseRow, Table
from jixiao.model import Place

SINGLE = 2
"""So many lines of one part each end a table."""
PARTS = 2
"""So many texts must stand beside others before lines are a table."""
CUT = 0.5
"""How sure a text is that its cell cuts off."""
TITLE = 1.1
"""A line so much larger than the table is none of it."""
NEARER = 0.6
"""A line nearer to another than this part of the usual distance is of a text in the middle of its rows."""
TIGHT = 0.8
"""Lines nearer than this part of the usual distance belong to one row."""
REACH = 3.0
"""Lines further apart than this many type sizes belong to two tables."""

STEPS = 1.2
"""Or than this many distances of rows that stand far apart."""

FAR = 60
"""Lines so far apart have nothing to do with one another."""

Parts = list[list[Char]]


def regions(lines: Sequence[Sequence[Char]], chars: Sequence[Char], ends: Ends) -> Iterator[tuple[int, int]]:
    """First and last-plus-one of each stretch of lines that may be a table; their `chars` in the order drawn.

    Lines of one part each end it, unless they stand inside it, as the lines of a long text do, or between
    its rows, as the text of merged cells does.
    """
    number = {id(c): n for n, run in enumerate(flow.runs(chars, ends)) for c in run}
    counts = [len({number[id(c)] for c in line if id(c) in number}) for line in lines]
    full = [_middle(line) for line, count in zip(lines, counts, strict=True) if count > 1]
    steps = sorted(b - a for a, b in pairwise(full)) or [0.0]
    usual, most = median(steps), steps[len(steps) * 9 // 10]
    done = begin = 0
    while begin < len(lines):
        if counts[begin] < 2:
            begin += 1
            continue
        end = last = begin
        while (
            end < len(lines)
            and (end == begin or _near(lines[end - 1], lines[end], most))
            and end - last < SINGLE
        ):
            end += 1
            if (
                counts[end - 1] > 1
                or _inside(lines[end - 1], lines[begin:last])
                or _between(lines, end - 1, usual)
            ):
                last = end
        if sum(n - 1 for n in counts[begin:last]) >= PARTS:
            first = _first(lines, done, begin, last, usual)
            yield first, last
            begin = done = last
        else:
            begin += 1


def _first(lines: Sequence[Sequence[Char]], done: int, begin: int, last: int, usual: float) -> int:
    """The first of the lines after `done` that belong to the table of lines begin to last."""
    while begin > done and _near(lines[begin - 1], lines[begin], usual):
        if not _begins(lines[begin - 1], lines[begin:last]) and not _between(lines, begin - 1, usual):
            break
        begin -= 1
    return begin


def _between(lines: Sequence[Sequence[Char]], n: int, usual: float) -> bool:
    """Whether a line stands nearer to its neighbours than the lines of one text or two rows do."""
    near = max(NEARER * usual, *(c.size for c in lines[n]))
    middle = _middle(lines[n])
    return any(abs(_middle(lines[m]) - middle) < near for m in (n - 1, n + 1) if 0 <= m < len(lines))


def _inside(line: Sequence[Char], around: Sequence[Sequence[Char]]) -> bool:
    """Whether a line of one part stands inside a table: right of its left side, no larger than its lines."""
    size = max(c.size for c in line)
    high = median(c.size for other in around for c in other)
    return line[0].x0 > min(other[0].x0 for other in around) + 2 * size and size < TITLE * high


def _begins(line: Sequence[Char], around: Sequence[Sequence[Char]]) -> bool:
    """Whether a line of one part above a table is its first: inside it, and not in its middle as a title."""
    left, right = min(other[0].x0 for other in around), max(other[-1].x1 for other in around)
    middle = (line[0].x0 + line[-1].x1 - left - right) / 2
    return _inside(line, around) and abs(middle) > line[0].size


def _near(above: Sequence[Char], below: Sequence[Char], step: float) -> bool:
    reach = max(REACH * max(c.size for c in below), STEPS * step)
    return min(c.top for c in below) - max(c.bottom for c in above) < reach


def table(chars: Sequence[Char], ends: Ends, page: int) -> Table | None:
    """Characters in the order drawn as a table that does not tell covered from empty.

    None where the columns do not agree. `ends` as in jixiao.geometry.flow.
    """
    drawn = flow.rows(flow.runs(chars, ends), ends)
    return assembled([LooseRow(page, row) for row in drawn or _as_placed(lines(chars), ends)])


def assembled(rows: Sequence[LooseRow]) -> Table | None:
    """The table that rows make, of one page or of several; None where their columns do not agree."""
    columns = bands([row.blocks for row in rows])
    if len(columns) < 2:
        return None
    cells = []
    cuts = any(block.cut for row in rows for block in row.blocks)
    for n, row in enumerate(rows):
        cut = _cut(row.blocks) if cuts else ()
        for column, blocks in placed(row.blocks, columns):
            chars = [c for block in blocks for c in block.chars]
            texts = [_text(block) for block in blocks]
            box = box_of(chars)
            sure = CUT if any(block.x0 in cut for block in blocks) else 1.0
            cells.append(
                Cell(
                    text=" ".join(texts),
                    row=n,
                    col=column,
                    place=Place(page=row.page, box=box),
                    confidence=sure,
                )
            )
    widths = [b - a for a, b in columns]
    xs = [columns[0][0], *(a for a, _ in columns[1:]), columns[-1][1]]
    last = [b for row in rows if row.page == rows[-1].page for b in row.blocks]
    ys = [min(b.top for b in last), max(b.bottom for b in last)]
    return Table(grid(cells, len(rows), len(columns), widths=widths, spans=False), xs, ys, rows=tuple(rows))


def _cut(row: Sequence[Block]) -> set[float]:
    """Where the texts of a row begin that their cells cut off, or leave no room for one more character.

    A program that cuts texts off may leave out the rest, so that none of it lies beyond the edge.
    """
    found = {block.x0 for block in row if block.cut}
    return found | {a.x0 for a, b in pairwise(row) if b.x0 - a.x1 < max(c.size for c in a.chars)}


def _text(block: Block) -> str:
    return "\n".join(line_text(sorted(line, key=lambda c: c.x0)) for line in block.lines)


def _as_placed(found: Sequence[Sequence[Char]], ends: Ends) -> list[list[Block]]:
    """The rows by where the lines stand alone."""
    split = [flow.runs(line, ends) for line in found]
    first = bands([[flow.block_of([part]) for part in pieces] for pieces in split])
    if len(first) < 2:
        return []
    split = [
        [p for part in pieces for b in cut(flow.block_of([part]), first) for p in b.lines] for pieces in split
    ]
    owners = [[column_of(first, part[0].x0, part[-1].x1) for part in pieces] for pieces in split]
    rows = _rows(found, owners)
    loose = _loose_labels(found, split, owners, rows)
    places: dict[tuple[int, int], Parts] = {}
    for n, (pieces, columns) in enumerate(zip(split, owners, strict=True)):
        for part, column in zip(pieces, columns, strict=True):
            places.setdefault((loose.get((n, column), rows[n]), column), []).append(part)
    by_row: dict[int, list[Block]] = {}
    for (row, _), texts in sorted(places.items()):
        by_row.setdefault(row, []).append(flow.block_of(texts, ends))
    return list(by_row.values())


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
