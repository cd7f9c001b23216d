"""For tests of jixiao and of its plugins: made-up sheets, damage, and hypothesis strategies over both.

The strategies (`sheets`, `readings`, `grids`, `damaged`) import hypothesis when they are first used; the
makers behind them (`make_sheet`, `make_reading`, `make_grid`) need nothing but a random.Random. The suites
(`ReaderSuite`, `WriterSuite`, `CheckSuite`) are classes of tests for pytest.
"""

from typing import TYPE_CHECKING, Any

from jixiao.testkit.damage import OPERATIONS, Damaged, as_text, damage_document
from jixiao.testkit.forms import make_reading, make_sheet
from jixiao.testkit.mosaic import make_grid

if TYPE_CHECKING:
    from jixiao.testkit.strategies import damaged, grids, readings, sheets
    from jixiao.testkit.suites import CheckSuite, ReaderSuite, WriterSuite

_SUITES = ("CheckSuite", "ReaderSuite", "WriterSuite")
_STRATEGIES = ("damaged", "grids", "readings", "sheets")


def __getattr__(name: str) -> Any:
    if name in _SUITES:
        import pytest

        pytest.register_assert_rewrite("jixiao.testkit.suites")  # a failing test shows what it compared
        from jixiao.testkit import suites

        return getattr(suites, name)
    if name not in _STRATEGIES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from jixiao.testkit import strategies

    return getattr(strategies, name)


__all__ = [
    "OPERATIONS", "CheckSuite", "Damaged", "ReaderSuite", "WriterSuite", "as_text", "damage_document",
    "damaged", "grids", "make_grid", "make_reading", "make_sheet", "readings", "sheets",
]  # fmt: skip
