"""One page: set straight, its rules and its text found and read. What was seen can be kept as it is."""

from jixiao.geometry import Char, Ruling
from jixiao.model import Struct

from jixiao_readers._scan.engine import Engine, Gray
from jixiao_readers._scan.find import LOOK, likely, lines_of
from jixiao_readers._scan.lines import Lines, chars
from jixiao_readers._scan.rules import rules, without_rules
from jixiao_readers._scan.upright import upright


class SeenLine(Struct):
    """A line of text: its characters, and how surely each was read (0 to 1)."""

    chars: tuple[Char, ...]
    sure: tuple[float, ...]


class Seen(Struct):
    """What stands on a page, in points from its top left."""

    width: float
    height: float
    rulings: tuple[Ruling, ...] = ()
    lines: tuple[SeenLine, ...] = ()


def see(engine: Engine, picture: Gray, dots: float, mode: str) -> Seen:
    """Looks at a page scanned with `dots` an inch."""
    page = upright(picture, dots)
    text = likely(engine, page, LOOK[mode])
    rulings = rules(page, text)
    bare = without_rules(page, rulings)
    boxes, overlooked = lines_of(text, bare, page.scale, rulings)
    read = Lines(engine, bare, twice=mode == "accurate").read(boxes, overlooked)
    width, height = page.size
    return Seen(
        width=width,
        height=height,
        rulings=tuple(rulings),
        lines=tuple(
            SeenLine(chars=tuple(chars(r, page.scale)), sure=tuple(round(g.sure, 4) for g in r.glyphs))
            for r in read
            if r.glyphs
        ),
    )
