"""Stretches of lines that share gutters, where columns are made of blanks and nothing else tells them.

A page is parted so that gutters tell apart as many cells as can be: the head of a form has other columns than
its table, and a title has none.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from jixiao.geometry.ink import WIDE, Ink, shown

MOST = 100
"""Lines of one stretch."""
EFFORT, MOST_EFFORT = 30_000, 15_000_000
"""Words looked at for each line, and at all, beyond which a text is none that people print."""
MANY = 30
"""Gutters beyond which lines are no table."""
PRICE = 4.0
"""So many cells must be told apart for a stretch to be one of its own."""
PLAIN = 2.0
"""What lines cost that are left out of all tables, however many."""
SEAM = 1.0
"""And so many more where no blank line stands above it."""
MISSED = 1.5
"""What a wide gap costs that is no gutter."""
LONG, GUTTER = 6, 0.5
"""What a gutter is worth in itself, in a stretch of so many lines."""
BARE = 4
"""A gutter so wide is one though nothing stands on both its sides."""
FEW = 3
"""Up to so many lines show no such gutter."""
SINGLE, IDEOGRAPHS = 3, "\u3400"
"""So many single blanks one above the other are a gutter where they part ideographs."""
CENTRED, TITLE, SUBTITLE = 0.2, 16, 8
"""How near a title's middle is to the page's, in widths of the page; how wide it and the line below are."""

Cuts = tuple[int, ...]
"""The positions at which the columns but the first begin."""


class TooMuchError(Exception):
    """The text asks for more work than any that people print."""


class Effort:
    """What is left of the work that a text may ask for."""

    def __init__(self, lines: int) -> None:
        self._left = min(EFFORT * lines, MOST_EFFORT)

    def spend(self, words: int) -> None:
        """Raises TooMuchError once all is spent."""
        self._left -= words
        if self._left < 0:
            raise TooMuchError


class Stretch(NamedTuple):
    """The lines from `first` to before `last`; without cuts they are no table."""

    first: int
    last: int
    cuts: Cuts


def stretches(lines: Sequence[Ink], effort: Effort) -> tuple[float, list[Stretch]]:
    """What the best way to part the lines of a page is worth, and the stretches. Raises TooMuchError."""
    best = [0.0] + [float("-inf")] * len(lines)
    ends: list[Stretch | None] = [None] * (len(lines) + 1)
    for i in range(len(lines)):
        start = best[i] - PRICE - (SEAM if i and not lines[i].apart else 0.0)
        for cuts, j, worth in _from(lines, i, effort):
            if cuts and start + worth > best[j]:
                best[j], ends[j] = start + worth, Stretch(i, j, cuts)
        last = ends[i]
        plain = best[i] - (PLAIN if last is None or last.cuts else 0.0)
        if plain > best[i + 1]:
            best[i + 1], ends[i + 1] = plain, Stretch(i, i + 1, ())
    found: list[Stretch] = []
    at = len(lines)
    while at and (last := ends[at]):
        found.append(last)
        at = last.first
    return best[-1], _together(lines, found[::-1])


def _from(lines: Sequence[Ink], first: int, effort: Effort) -> Iterable[tuple[Cuts, int, float]]:
    """The stretches that begin with a line: their cuts, the line behind each, what the cells are worth."""
    taken, worth = 0, 0.0
    room: Cuts = ()
    cuts: Cuts = ()
    for j in range(first, min(len(lines), first + MOST)):
        taken |= lines[j].taken
        now = _room(taken)
        if (j > first and not now) or len(now) > MANY:
            return
        if now == room == cuts:
            worth += _worth(lines[j], cuts)
            effort.spend(len(lines[j].words))
        else:
            room = now
            words = sum(len(line.words) for line in lines[first : j + 1])
            effort.spend(words * (len(room) - len(cuts) + 2))
            cuts = _cuts(lines[first : j + 1], taken, room)
            worth = sum(_worth(line, cuts) for line in lines[first : j + 1])
        yield cuts, j + 1, worth + GUTTER * len(cuts) * min(1.0, (j + 1 - first) / LONG)


def alone(lines: Sequence[Ink]) -> Stretch:
    """All the lines as one stretch, with the gutters they have by themselves."""
    taken = _union(lines)
    return _under_heads(lines, Stretch(0, len(lines), _cuts(lines, taken, _room(taken))))


def _cuts(lines: Sequence[Ink], taken: int, room: Cuts) -> Cuts:
    bare = {c for c in room if c >= BARE and not taken >> (c - BARE) & ((1 << BARE) - 1)}
    return _supported(lines, room, bare if len(lines) > FEW else set())


def _room(taken: int) -> Cuts:
    """Where ink begins behind positions without any."""
    starts = taken & ~(taken << 1) & ~(taken & -taken)
    found: list[int] = []
    while starts:
        low = starts & -starts
        found.append(low.bit_length() - 1)
        starts ^= low
    return tuple(found)


def _supported(lines: Sequence[Ink], cuts: Cuts, bare: set[int]) -> Cuts:
    """The gutters that a gap between neighbouring columns shows, wide or often; the rest go one by one."""
    while cuts:
        wide, votes = [cut in bare for cut in cuts], [0] * len(cuts)
        beside: list[set[tuple[str, str]]] = [set() for _ in cuts]
        for line in lines:
            home, before = -1, None
            for word in line.words:
                last, home = home, bisect_right(cuts, word.core[0])
                if before and home == last + 1:
                    is_wide = word.x0 - before.x1 >= WIDE
                    votes[last] += 1 if is_wide else -1
                    wide[last] |= is_wide
                    if before.text[-1] > IDEOGRAPHS and word.text[0] > IDEOGRAPHS:
                        beside[last].add((before.text, word.text))
                before = word
        known = [shown or _differ(pairs) for shown, pairs in zip(wide, beside, strict=True)]
        if all(known):
            break
        weak = min((n for n, shown in enumerate(known) if not shown), key=lambda n: votes[n])
        cuts = cuts[:weak] + cuts[weak + 1 :]
    return cuts


def _differ(pairs: set[tuple[str, str]]) -> bool:
    """Whether enough single blanks stand there between ideographs, and the texts on both sides differ."""
    return len(pairs) >= SINGLE and all(len(set(side)) >= SINGLE for side in zip(*pairs, strict=True))


def _worth(line: Ink, cuts: Cuts) -> float:
    """The cells that the gutters tell apart, less the wide gaps that they miss."""
    worth, last, end = 0.0, -1, 0
    for word in line.words:
        home = bisect_right(cuts, word.core[0])
        if last >= 0 and home != last:
            worth += 1.0
        elif last >= 0 and word.x0 - end >= WIDE:
            worth -= MISSED
        last, end = home, word.x1
    return worth


def columns(line: Ink, cuts: Cuts) -> dict[int, str]:
    """The text of a line in each column, blanks between its words as they are."""
    found: dict[int, str] = {}
    end = 0
    for word in line.words:
        home = bisect_right(cuts, word.core[0])
        found[home] = f"{found[home]}{' ' * (word.x0 - end)}{word.text}" if home in found else word.text
        end = word.x1
    return found


def _together(lines: Sequence[Ink], found: Sequence[Stretch]) -> list[Stretch]:
    """Neighbours put together where the gutters of both stay free; heads over their columns; titles apart."""
    whole: list[Stretch] = []
    for stretch in found:
        if whole and _near(whole[-1], stretch) and (cuts := _common(lines, whole[-1], stretch)):
            stretch = Stretch(whole.pop().first, stretch.last, cuts)
        whole.append(stretch)
    out: list[Stretch] = []
    for stretch in whole:
        table = _under_heads(lines, stretch)
        top = _below_titles(lines, table) if table.cuts else table.first
        out += [Stretch(n, n + 1, ()) for n in range(table.first, top)]
        out.append(table._replace(first=top))
    return out


def _near(a: Stretch, b: Stretch) -> bool:
    return bool(a.cuts and b.cuts) and b.last - a.first <= MOST


def _common(lines: Sequence[Ink], a: Stretch, b: Stretch) -> Cuts | None:
    """The cuts of both, where none of them runs into ink of the other."""
    above, below = (_union(lines[s.first : s.last]) for s in (a, b))
    both = above | below
    cuts: set[int] = set()
    for taken, cut in [(above, c) for c in a.cuts] + [(below, c) for c in b.cuts]:
        begin = (taken & ((1 << cut) - 1)).bit_length()
        free = ~both & ((1 << cut) - (1 << begin))
        if not free:
            return None
        cuts.add(free.bit_length())
    merged: list[int] = []
    for cut in sorted(cuts):
        if merged and not both & ((1 << cut) - (1 << merged[-1])):
            merged.pop()
        merged.append(cut)
    return tuple(merged)


def _union(lines: Iterable[Ink]) -> int:
    taken = 0
    for line in lines:
        taken |= line.taken
    return taken


def _under_heads(lines: Sequence[Ink], stretch: Stretch) -> Stretch:
    """Without the gutters between a head and the texts below it that are set further left or right.

    Nothing stands on both sides of such a gutter, and one side ends above the other.
    """
    cuts = stretch.cuts
    at = 0
    while at < len(cuts):
        homes = [set(columns(line, cuts)) for line in lines[stretch.first : stretch.last]]
        left, right = ([n for n, home in enumerate(homes) if c in home] for c in (at, at + 1))
        if left and right and set(left).isdisjoint(right) and (left[-1] < right[0] or right[-1] < left[0]):
            cuts, at = cuts[:at] + cuts[at + 1 :], 0
        else:
            at += 1
    return stretch._replace(cuts=cuts)


def _below_titles(lines: Sequence[Ink], stretch: Stretch) -> int:
    """The first line of a stretch below the titles that stand in the middle of the page."""
    left = min(line.words[0].x0 for line in lines)
    right = max(line.words[-1].x1 for line in lines)
    n = stretch.first
    while n < stretch.last - 1 and len(columns(lines[n], stretch.cuts)) == 1:
        line = lines[n]
        long = sum(shown(w.text) for w in line.words) >= (TITLE if n == stretch.first else SUBTITLE)
        middle = abs(line.middle - (left + right) / 2) < CENTRED * (right - left)
        if not (middle and long) and not (lines[n + 1].apart and line.words[0].x0 > BARE):
            break
        n += 1
    return n
