"""Hypothesis strategies: sheets, readings, grids, and what damage makes of them.

Each drives a plain maker (make_sheet, make_reading, make_grid) with a random source whose choices
hypothesis records, so that a failing example shrinks.
"""

from hypothesis import strategies as st

from jixiao.document import Grid
from jixiao.layout import layout
from jixiao.model import Reading, Sheet
from jixiao.testkit.damage import OPERATIONS, Damaged, damage_document
from jixiao.testkit.forms import make_reading, make_sheet
from jixiao.testkit.mosaic import make_grid


def sheets() -> st.SearchStrategy[Sheet]:
    """Whole sheets that are consistent: what jixiao.interpret reads from a clean form."""
    return st.randoms(use_true_random=False).map(make_sheet)


def readings() -> st.SearchStrategy[Reading]:
    """One to three sheets."""
    return st.randoms(use_true_random=False).map(make_reading)


def grids() -> st.SearchStrategy[Grid]:
    """Complete grids of up to 8 x 8 with arbitrary spans."""
    return st.randoms(use_true_random=False).map(make_grid)


@st.composite
def damaged(draw: st.DrawFn) -> Damaged:
    """A reading, its document with one to three damages done, and the indicators they touched."""
    reading = draw(readings())
    names = draw(st.lists(st.sampled_from(sorted(OPERATIONS)), min_size=1, max_size=3))
    return damage_document(reading, layout(reading), names, draw(st.randoms(use_true_random=False)))
