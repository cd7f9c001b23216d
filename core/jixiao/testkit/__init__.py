"""For tests of jixiao and of its plugins: made-up sheets, damage, and hypothesis strategies over both.

The strategies (`sheets`, `readings`, `grids`, `damaged`) import hypothesis when they are first used; the
makers behind them (`make_sheet`, `make_reading`, `make_grid`) need nothing but a random.Random. The suites
(`ReaderSuite`, `WriterSuite`, `CheckSuite`, `FilterSuite`, `ExecutorSuite`) are classes of tests for pytest;
`drawn` writes a document down as ReaderSuite takes it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from jixiao.testkit.damage import OPERATIONS, Damaged, as_text, damage_document
from jixiao.testkit.drawing import drawn
from jixiao.testkit.forms import make_reading, make_sheet
from jixiao.testkit.mosaic import make_grid

if TYPE_CHECKING:
    from jixiao.testkit.running import ExecutorSuite, FilterSuite
    from jixiao.testkit.strategies import damaged, grids, readings, sheets
    from jixiao.testkit.suites import CheckSuite, ReaderSuite, WriterSuite

_SUITES = {
    "CheckSuite": "suites",
    "ReaderSuite": "suites",
    "WriterSuite": "suites",
    "ExecutorSuite": "running",
    "FilterSuite": "running",
}
_NEEDED = ("pytest", "hypothesis")
_STRATEGIES = ("damaged", "grids", "readings", "sheets")


def __getattr__(name: str) -> Any:
    if name not in (*_SUITES, *_STRATEGIES):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return _suite(name) if name in _SUITES else _strategy(name)
    except ModuleNotFoundError as error:
        if error.name not in _NEEDED:
            raise
        raise ModuleNotFoundError(
            f"jixiao.testkit.{name} needs {error.name}, which is not installed. "
            f"Run: python -m pip install {' '.join(_NEEDED)}",
            name=error.name,
        ) from None


def _suite(name: str) -> Any:
    import pytest

    module = f"jixiao.testkit.{_SUITES[name]}"
    pytest.register_assert_rewrite("jixiao.testkit.suites", module)  # a failing test shows what it compared
    return getattr(import_module(module), name)


def _strategy(name: str) -> Any:
    from jixiao.testkit import strategies

    return getattr(strategies, name)


__all__ = [
    "OPERATIONS", "CheckSuite", "Damaged", "ExecutorSuite", "FilterSuite", "ReaderSuite", "WriterSuite",
    "as_text", "damage_document", "damaged", "drawn", "grids", "make_grid", "make_reading", "make_sheet",
    "readings", "sheets",
]  # fmt: skip
