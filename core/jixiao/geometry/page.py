"""One page: rulings and characters to tables and the lines of text outside them."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from statistics import median

from jixiao.document import Cell, Grid, Line
from jixiao.geometry import columns
from jixiao.geometry.flow import Ends
from jixiao.geometry.lattice import Lattice, lattice
from jixiao.geometry.lines import Char, box_of, cell_text, line_text, lines
from jixiao.geometry.page_model import PageLayout, Table, from_top
from jixiao.geometry.placing import Inside, place
from jixiao.geometry.rulings import Ruling, merge, networks
from jixiao.model import Place

Before = Mapping[int, Sequence[Char]]
"""By the id of a character, those drawn before it that the next page shows."""

FRAME = 3
"""A network of so few cells around one of more cells is a frame, no table."""


def page_layout(
    chars: Sequence[Char],
    rulings: Iterable[Ruling],
    *,
    number: int,
    width: float,
    height: float,
    most: int,
    ends: Mapping[int, bool] | None = None,
    beyond: Sequence[tuple[int, Char]] = (),
) -> PageLayout:
    """The page's tables and lines in reading order. Every character but white space is in one of them.

    `chars` stand in the order drawn; `ends` has the index of characters with which a text is known to end,
    and whether it goes on where its cell cuts it off; `beyond` characters that the next page shows, each
    with the index of the one drawn after it: they tell in which row a cell merged over the page break begins.
    `number` counts from 1; `most` is how many cells a page may have. Raises BadInput `limit-cells` beyond it.
    """
    found = _outermost([t for n in networks(merge(rulings), most) if (t := lattice(n, most))])
    placed = place(chars, found)
    last = {id(chars[n]): cut for n, cut in (ends or {}).items()}
    pairs = zip(found, placed.inside, strict=True)
    blocks: list[Line | Table] = [_table(table, inside, last, number) for table, inside in pairs]
    before: dict[int, list[Char]] = {}
    for n, char in beyond:
        before.setdefault(id(chars[n]) if n < len(chars) else 0, []).append(char)
    blocks += _loose(placed.outside, before, found, last, number)
    size = median([c.size for c in chars]) if chars else 0.0
    return PageLayout(number, width, height, size, from_top(blocks), tuple(placed.over))


def _outermost(found: list[Lattice]) -> list[Lattice]:
    """Without frames around tables and without what is drawn inside a table's cell."""
    found.sort(key=_area, reverse=True)
    kept: list[Lattice] = []
    for n, table in enumerate(found):
        frame = len(table.spans) <= FRAME and any(
            _within(other, table) and len(other.spans) > len(table.spans) for other in found[n + 1 :]
        )
        if not frame and not any(_within(table, other) for other in kept):
            kept.append(table)
    return sorted(kept, key=lambda t: (t.ys[0], t.xs[0]))


def _area(table: Lattice) -> float:
    x0, top, x1, bottom = table.box
    return (x1 - x0) * (bottom - top)


def _within(inner: Lattice, outer: Lattice) -> bool:
    x0, top, x1, bottom = outer.box
    a, b, c, d = inner.box
    return x0 <= (a + c) / 2 <= x1 and top <= (b + d) / 2 <= bottom


def _table(found: Lattice, inside: Inside, ends: Ends, page: int) -> Table:
    xs, ys = found.xs, found.ys
    across, down = [round(x, 2) for x in xs], [round(y, 2) for y in ys]
    last = len(ys) - 1
    cells, full = [], set()
    for n, (row, col, rowspan, colspan) in enumerate(found.spans):
        chars = inside.get(n, ())
        box = across[col], down[row], across[col + colspan], down[row + rowspan]
        text = cell_text(chars) if chars else ""
        sure = columns.CUT if ends and any(ends.get(id(c)) for c in chars) else 1.0
        cells.append(
            Cell(
                text=text,
                row=row,
                col=col,
                rowspan=rowspan,
                colspan=colspan,
                place=Place(page=page, box=box),
                confidence=sure,
            )
        )
        if chars and row + rowspan == last and _runs_full(chars, box[2]):
            full.add((row, col))
    widths = tuple(b - a for a, b in pairwise(xs))
    grid = Grid(rows=len(ys) - 1, cols=len(xs) - 1, cells=tuple(cells), widths=widths)
    return Table(grid, xs, ys, found.open_top, found.open_bottom, frozenset(full))


def _runs_full(chars: Sequence[Char], right: float) -> bool:
    """Whether the lowest line leaves no room for one more character."""
    lowest = max(chars, key=lambda c: c.bottom)
    end = max(c.x1 for c in chars if c.bottom > lowest.bottom - 0.5 * lowest.size)
    return right - end < 2.0 * lowest.size


def _loose(
    chars: Sequence[Char], before: Before, found: Sequence[Lattice], ends: Ends, page: int
) -> list[Line | Table]:
    """What stands outside the ruled tables: tables without rules, and lines."""
    blocks: list[Line | Table] = []
    for group in _between(lines(chars), found):
        done = 0
        for begin, end in columns.regions(group, chars, ends):
            inside = {id(c) for line in group[begin:end] for c in line}
            drawn = [d for c in chars if id(c) in inside for d in (*before.get(id(c), ()), c)]
            if table := columns.table(drawn, ends, page):
                blocks += [_line(line, page) for line in group[done:begin]]
                blocks.append(table)
                done = end
        blocks += [_line(line, page) for line in group[done:]]
    return [b for b in blocks if isinstance(b, Table) or b.text]


def _between(found: list[list[Char]], tables: Sequence[Lattice]) -> Iterable[list[list[Char]]]:
    """The lines in groups that no ruled table parts."""
    tops = sorted(t.ys[0] for t in tables)
    groups: dict[int, list[list[Char]]] = {}
    for line in found:
        groups.setdefault(bisect_right(tops, line[0].top), []).append(line)
    return groups.values()


def _line(line: Sequence[Char], page: int) -> Line:
    x0, top, x1, bottom = box_of(line)
    box = (round(x0, 2), round(top, 2), round(x1, 2), round(bottom, 2))
    return Line(text=line_text(line, wide="\t"), place=Place(page=page, box=box))
