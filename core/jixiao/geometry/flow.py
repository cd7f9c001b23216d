"""The order in which a file draws its text, as evidence: programs draw a table cell by cell, row after row.

So the lines of one cell follow one another though other cells stand beside them, and a cell merged over rows
is drawn in the first of them, wherever its text is set. Spreadsheets draw in passes: plain cells first, then
those with several lines or types.
"""

from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from jixiao.geometry.lines import SAME, Char, box_of

APART = 1.2
"""A gap wider than this many type sizes parts two cells."""
LEVEL = 0.3
"""Lines whose middles differ by less than this part of the type size stand at one height."""
LINE = 0.6
"""Lines of one text are further apart than this many type sizes."""
LEADING = 2.2
"""The lines of a cell are nearer than this many type sizes."""
WITHIN = 0.85
"""Lines nearer than this part of the least distance of rows belong to one cell."""
EVEN = 0.3
"""A reach that ends this part of a row's height from a row's edge ends there."""
PASSES = 0.34
"""Where more than this share of the rows stand above the one drawn before them, the order tells nothing."""

Run = list[Char]
Ends = Mapping[int, bool]
"""By the id of characters with which a text ends, whether the edge of its cell cuts it off there."""
NONE: Ends = {}


class Block(NamedTuple):
    """The text of one cell: its lines as drawn, and the box around them.

    `late`: it was drawn in a later pass than the rows around it, so its row is by place alone. `cut`: the
    edge of the cell cuts it off.
    """

    lines: list[Run]
    x0: float
    top: float
    x1: float
    bottom: float
    late: bool = False
    cut: bool = False

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def chars(self) -> Run:
        return [c for line in self.lines for c in line]


class Drawn(NamedTuple):
    """A row as drawn, from left to right; its cells of one row alone stand between `top` and `bottom`."""

    middle: float
    top: float
    bottom: float
    blocks: list[Block]


def runs(chars: Sequence[Char], ends: Ends = NONE) -> list[Run]:
    """The stretches of characters that follow one another on a line without a wide gap."""
    found: list[Run] = []
    for char in chars:
        if char.text.isspace():
            continue
        if found and id(found[-1][-1]) not in ends and _follows(found[-1][-1], char):
            found[-1].append(char)
        else:
            found.append([char])
    return found


def _follows(a: Char, b: Char) -> bool:
    size = max(a.size, b.size)
    return (
        -SAME * size <= b.x0 - a.x0
        and b.x0 - a.x1 <= APART * size
        and abs(a.top + a.bottom - b.top - b.bottom) < size
    )


class _Piece(NamedTuple):
    """A run and where it stands."""

    run: Run
    x0: float
    x1: float
    middle: float
    size: float


def _piece(run: Run) -> _Piece:
    x0, _, x1, _ = box_of(run)
    middles = sorted([c.top + c.bottom for c in run])
    return _Piece(run, x0, x1, middles[len(middles) // 2] / 2, run[0].size)


def rows(found: Sequence[Run], ends: Ends = NONE) -> list[list[Block]] | None:
    """The rows that runs in the order drawn tell, from top to bottom; None where the order tells nothing.

    It tells nothing more than the places do where it never leads up again: then lines were drawn, not cells.
    """
    pieces = [_piece(run) for run in found]
    if not any(b.middle < a.middle - LEVEL * b.size for a, b in pairwise(pieces)):
        return None
    drawn = [_row(row) for row in _split(_blocks(pieces, ends))]
    back = sum(b.middle < a.middle for a, b in pairwise(drawn))
    return [d.blocks for d in _in_passes(drawn)] if back <= PASSES * len(drawn) else None


def _blocks(found: Sequence[_Piece], ends: Ends) -> list[Block]:
    near = _near(found)
    blocks: list[list[Run]] = []
    for n, piece in enumerate(found):
        last = found[n - 1]
        if n and _same(last.run, piece.run):
            blocks[-1][-1].extend(piece.run)
        elif n and (0 < _step(last, piece) <= near or _returns(found, n)):
            blocks[-1].append(piece.run)
        else:
            blocks.append([list(piece.run)])
    return [block_of(b, ends) for b in blocks]


def block_of(lines: list[Run], ends: Ends = NONE) -> Block:
    cut = bool(ends) and any(ends.get(id(line[-1])) for line in lines)
    return Block(lines, *box_of([c for line in lines for c in line]), cut=cut)


def _same(a: Run, b: Run) -> bool:
    """Whether a run is drawn once more, as imitated bold type is."""
    size = b[0].size
    return (
        len(a) == len(b) and abs(a[0].x0 - b[0].x0) < SAME * size and abs(a[0].top - b[0].top) < SAME * size
    )


def _step(a: _Piece, b: _Piece) -> float:
    """How far `b` stands below `a`, in points; 0 where it does not, or beside it."""
    step = b.middle - a.middle
    return step if min(a.x1, b.x1) > max(a.x0, b.x0) and step > LINE * b.size else 0.0


def _returns(found: Sequence[_Piece], n: int) -> bool:
    """Whether run `n` is one more line of the cell before it: the next one stands higher, to its right."""
    if n + 1 >= len(found):
        return False
    a, b, c = found[n - 1], found[n], found[n + 1]
    if not 0 < _step(a, b) <= LEADING * b.size or c.x0 <= max(a.x1, b.x1) - 0.1 * b.size:
        return False
    level = LEVEL * b.size
    return c.middle <= a.middle + level or abs(c.middle - (a.middle + b.middle) / 2) < level


def _near(found: Sequence[_Piece]) -> float:
    """The distance up to which two lines drawn one after the other belong to one cell.

    Less than that of rows, and where cells of several lines are sure, at least as theirs.
    """
    sure = [_step(found[n - 1], found[n]) for n in range(1, len(found)) if _returns(found, n)]
    below = sorted(_distances(found))
    pitch = below[len(below) // 10] if below else 0.0
    return max(WITHIN * pitch, 1.05 * median(sure) if sure else 0.0)


def _distances(found: Sequence[_Piece]) -> Iterator[float]:
    """How far below each run the next one in its column stands that is not drawn right after it."""
    columns: dict[int, list[tuple[float, int]]] = {}
    for n, piece in enumerate(found):
        columns.setdefault(round(piece.x0 / 6), []).append((piece.middle, n))
    for members in columns.values():
        members.sort()
        for (a, n), (b, m) in pairwise(members):
            if m != n + 1 and b - a > 0.5 * found[m].size:
                yield b - a


def _split(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """The blocks by rows: one begins where the order leads back to the left, or down and not up again."""
    row: list[Block] = []
    for n, block in enumerate(blocks):
        if row and (block.x0 <= row[-1].x0 + 1.0 or _below(block, row[-1], blocks[n + 1 : n + 2])):
            yield row
            row = []
        row.append(block)
    if row:
        yield row


def _below(block: Block, last: Block, after: Sequence[Block]) -> bool:
    """Whether it stands below the text before it, and what follows does not stand beside that one again."""
    if block.top < last.bottom - 1.0:
        return False
    return not any(b.x0 > block.x0 and b.middle < block.middle and _beside(b, last) for b in after)


def _row(blocks: list[Block]) -> Drawn:
    """Those beside the highest are of one row; cells merged over it and rows below stand lower."""
    highest = min(blocks, key=lambda b: b.middle)
    core = [b for b in blocks if b is highest or _beside(b, highest)]
    top, bottom = min(b.top for b in core), max(b.bottom for b in core)
    return Drawn((top + bottom) / 2, top, bottom, blocks)


def _beside(a: Block, b: Block) -> bool:
    return min(a.bottom, b.bottom) - max(a.top, b.top) > 0.3 * min(a.bottom - a.top, b.bottom - b.top)


def _in_passes(drawn: Sequence[Drawn]) -> list[Drawn]:
    """The rows from top to bottom; each text of a later pass joins the row that it stands beside."""
    placed: list[Drawn] = []
    for row in drawn:
        if not placed or row.middle >= placed[-1].middle:
            _put(placed, row)
        else:
            for block in row.blocks:
                _put(placed, _row([block._replace(late=True)]))
    return _settled(placed)


def _put(placed: list[Drawn], row: Drawn) -> None:
    at = bisect_left(placed, row.middle, key=lambda d: d.middle)
    near = [n for n in (at - 1, at) if 0 <= n < len(placed) and _joins(placed[n], row)]
    if near:
        old = placed.pop(min(near, key=lambda n: abs(placed[n].middle - row.middle)))
        row = _row(sorted([*old.blocks, *row.blocks], key=lambda b: b.x0))
    insort(placed, row, key=lambda d: d.middle)


def _settled(placed: list[Drawn]) -> list[Drawn]:
    """The rows, with texts of later passes that stand in the middle of several rows in the first of those.

    Their cell begins where that of the text above ends, and reaches as far below their middle as above it.
    """
    first = [d.middle for d in placed if not all(b.late for b in d.blocks)]
    pitch = median([b - a for a, b in pairwise(first)] or [0.0])
    rows = [d for d in placed if d.middle in first or all(abs(d.middle - m) > WITHIN * pitch for m in first)]
    alone = [d for d in placed if d not in rows]
    if not alone or len(rows) < 2:
        return placed
    edges = [(a.bottom + b.top) / 2 for a, b in pairwise(rows)]
    edges = [2 * rows[0].middle - edges[0], *edges, 2 * rows[-1].middle - edges[-1]]
    homes = {id(b): n for n, d in enumerate(rows) for b in d.blocks}
    for lone in (b for d in alone for b in d.blocks):
        labels = [b for d in placed for b in d.blocks if _over(b, lone)]
        homes |= _homes(sorted(labels, key=lambda b: b.middle), homes, edges)
    blocks: dict[int, list[Block]] = {}
    for block in (b for d in placed for b in d.blocks if id(b) in homes):
        blocks.setdefault(homes[id(block)], []).append(block)
    whole = [_row(sorted(found, key=lambda b: b.x0)) for _, found in sorted(blocks.items())]
    rest = [_row(left) for d in alone if (left := [b for b in d.blocks if id(b) not in homes])]
    return sorted([*whole, *rest], key=lambda d: d.middle) if rest else whole


def _homes(labels: Sequence[Block], known: Mapping[int, int], edges: Sequence[float]) -> dict[int, int]:
    """The first row of each late text of a column, where its reach comes out even with rows."""
    pitch = median(b - a for a, b in pairwise(edges))
    found: dict[int, int] = {}
    end: int | None = None
    for label in labels:
        first = end if label.late else known.get(id(label))
        end = None
        if first is None or first + 1 >= len(edges):
            continue
        wanted = 2 * label.middle - edges[first]
        nearest = min(range(len(edges)), key=lambda n: abs(edges[n] - wanted))
        if nearest > first and abs(edges[nearest] - wanted) < EVEN * pitch:
            end = nearest
            if label.late:
                found[id(label)] = first
    return found


def _joins(a: Drawn, b: Drawn) -> bool:
    high = min(a.bottom, b.bottom) - max(a.top, b.top)
    if high <= 0.5 * min(a.bottom - a.top, b.bottom - b.top):
        return False
    return not any(_over(p, q) for p in a.blocks for q in b.blocks)


def _over(a: Block, b: Block) -> bool:
    """Whether they stand in one column; a text that its cell cuts off may reach into the next."""
    if a.x0 > b.x0:
        a, b = b, a
    if a.cut and b.x0 > a.x0 + a.lines[0][0].size:
        return False
    return min(a.x1, b.x1) - b.x0 > 0.5 * min(a.x1 - a.x0, b.x1 - b.x0)
