"""The built-in plugins pass the suites that those of others pass."""

from random import Random

import pytest
import test_batch_cluster
from jixiao import convert
from jixiao.document import Document
from jixiao.hookspecs import Filter
from jixiao.installed import CHECKS, EXECUTORS, READERS, WRITERS, Plugin, installed
from jixiao.limits import Limits
from jixiao.model import Amount, FundLine, Funds, Indicator, Reading, Sheet
from jixiao.plugins import registry
from jixiao.testkit import CheckSuite, ExecutorSuite, FilterSuite, ReaderSuite, WriterSuite, make_sheet
from jixiao_checks.totals import TotalsCheck
from jixiao_executors.local import LocalExecutor
from jixiao_executors.serial import SerialExecutor
from msgspec.structs import replace

TITLE = "项目支出绩效目标表（虚构）"
SHEET = Reading(sheets=(Sheet(title=TITLE), make_sheet(Random(3), 5)))
HOLDS = "新建桥梁数量"
"""A text of the example that each reader of a format without a writer has."""
PARTS: dict[str, dict[str, object]] = {
    "office": {"pytestmark": [pytest.mark.slow, pytest.mark.needs("soffice")], "harms": 20},
    "scan": {"pytestmark": [pytest.mark.slow], "claims": ("png",), "harms": 20},
    "pdf": {"harms": 20},
}
"""What a reader's tests need beside its example; all of them hold for all readers."""


def suite(name: str) -> type[ReaderSuite]:
    parts = {"plugin": type(registry().reader(name)), "holds": (HOLDS,), **PARTS.get(name, {})}
    if name in registry().names(WRITERS):
        parts |= {"example": convert.write(SHEET, name), "holds": (TITLE,)}
    return type(f"Test{name.title().replace('-', '')}Reader", (ReaderSuite,), parts)


for _name in registry().names(READERS):
    globals()[f"Test{_name.title().replace('-', '')}Reader"] = suite(_name)


class _Writer(WriterSuite):
    def back(self, data: bytes) -> Document | Reading:
        made: Document | Reading = registry().reader(self.plugin.NAME).read(data, Limits())
        return made


for _name in registry().names(WRITERS):
    globals()[f"Test{_name.title()}Writer"] = type(
        f"Test{_name.title()}Writer", (_Writer,), {"plugin": type(registry().writer(_name))}
    )


def weighted(*weights: str | None) -> Sheet:
    return Sheet(indicators=tuple(Indicator(level3=f"指标{k}", weight=w) for k, w in enumerate(weights)))


def funded(total: str, **parts: str) -> Sheet:
    lines = [
        FundLine(kind=kind, amounts={"budget": Amount(text=number, number=number)})
        for kind, number in (("total", total), *parts.items())
    ]
    return Sheet(funds=Funds(lines=tuple(lines)))


class TestTotals(CheckSuite):
    plugin = TotalsCheck
    examples = (
        (Sheet(), ()),
        (weighted("40", "60"), ()),
        (weighted("22.5", "67.5"), ()),
        (weighted("40", "50.5"), ("weights-sum",)),
        (weighted("40", None), ()),
        (weighted("50"), ()),
        (funded("3.10", fiscal="3", other="0.1"), ()),
        (funded("3", fiscal="2", other="1", local="2"), ()),
        (funded("30", fiscal="3", other="0"), ("funds-sum",)),
        (funded("3", fiscal="2"), ()),
    )


class TestLocal(ExecutorSuite):
    plugin = LocalExecutor


class TestSerial(ExecutorSuite):
    plugin = SerialExecutor


class Numbered(Filter):
    """Each sheet's title with its place."""

    NAME, API_VERSION = "numbered", 1

    def before_write(self, reading: Reading, to: str) -> Reading:
        sheets = (replace(s, title=f"{k}. {s.title}") for k, s in enumerate(reading.sheets, 1))
        return replace(reading, sheets=tuple(sheets))


class TestNumbered(FilterSuite):
    plugin = Numbered


SUITED = {one.plugin for one in list(globals().values()) if hasattr(one, "plugin")}
SUITED.add(test_batch_cluster.TestClusterExecutor.plugin)


@pytest.mark.parametrize("plugin", [p for p in installed() if p.builtin], ids=lambda plugin: plugin.id)
def test_every_built_in_plugin_has_its_suite(plugin: Plugin) -> None:
    if plugin.group in (READERS, WRITERS, CHECKS, EXECUTORS):
        assert type(registry().made(plugin.group, plugin.name)) in SUITED
