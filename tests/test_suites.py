"""The built-in plugins pass the suites that those of others pass."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from jixiao import convert
from jixiao.document import Document
from jixiao.installed import CHECKS, READERS, WRITERS, Plugin, installed
from jixiao.layout import layout
from jixiao.limits import Limits
from jixiao.model import Amount, FundLine, Funds, Indicator, Reading, Sheet
from jixiao.plugins import registry
from jixiao.testkit import CheckSuite, ReaderSuite, WriterSuite, make_sheet
from jixiao_checks.totals import TotalsCheck
from ofd_writer import pages

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
TITLE = "项目支出绩效目标表（虚构）"
SHEET = Reading(sheets=(Sheet(title=TITLE), make_sheet(Random(3), 5)))


def written(to: str) -> Callable[[], bytes]:
    return lambda: convert.write(SHEET, to)


PAGE = (
    '<html><head><meta name="ocr-system" content="x"/></head><body>'
    '<div class="ocr_page" title="bbox 0 0 600 800"><span class="ocr_line" title="bbox 10 10 300 30">'
    '<span class="ocrx_word" title="bbox 10 10 300 30">{}</span></span></div></body></html>'
)
ALTO = (
    '<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Layout><Page WIDTH="600" HEIGHT="800" ID="p">'
    '<PrintSpace><TextBlock ID="b"><TextLine><String CONTENT="{}" HPOS="9" VPOS="9" WIDTH="290" HEIGHT="20"/>'
    "</TextLine></TextBlock></PrintSpace></Page></Layout></alto>"
)
BOOK = (
    '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
    ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="a"><Table><Row>'
    '<Cell><Data ss:Type="String">{}</Data></Cell></Row></Table></Worksheet></Workbook>'
)
EXAMPLES: dict[str, tuple[Callable[[], bytes], str]] = {
    "text": (f"{TITLE}\n项目名称\t桥（虚构）\n".encode, TITLE),
    "pdf": ((FIXTURES / "pdf" / "two-libreoffice.pdf").read_bytes, "绩效"),
    "ofd": (lambda: pages(layout(SHEET)).packed(), TITLE),
    "markdown": (f"# {TITLE}\n\n| 项目名称 | 桥（虚构） |\n| --- | --- |\n| 属性 | 新增 |\n".encode, TITLE),
    "hocr": (PAGE.format(TITLE).encode, TITLE),
    "alto": (ALTO.format(TITLE).encode, TITLE),
    "ocr-json": (f'{{"rec_texts": ["{TITLE}"], "rec_boxes": [[10, 10, 300, 30]]}}'.encode, TITLE),
    "spreadsheetml": (BOOK.format(TITLE).encode, TITLE),
    "mhtml": (f"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<p>{TITLE}</p>".encode, TITLE),
    **{name: (written(name), TITLE) for name in registry().names(WRITERS)},
}
"""A file of each format, and a text that it shows."""
ELSEWHERE = {"xls", "office", "scan"}  # their files need programs to make them: see their own tests


def suite(name: str) -> type[ReaderSuite]:
    make, text = EXAMPLES[name]
    parts = {"plugin": type(registry().reader(name)), "example": make(), "holds": (text,)}
    return type(f"Test{name.title().replace('-', '')}Reader", (ReaderSuite,), parts)


for _name in EXAMPLES:
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


SUITED = {one.plugin for one in list(globals().values()) if hasattr(one, "plugin")}


@pytest.mark.parametrize("plugin", [p for p in installed() if p.builtin], ids=lambda plugin: plugin.id)
def test_every_built_in_plugin_has_its_suite(plugin: Plugin) -> None:
    if plugin.group in (READERS, WRITERS, CHECKS) and plugin.name not in ELSEWHERE:
        assert type(registry().made(plugin.group, plugin.name)) in SUITED
