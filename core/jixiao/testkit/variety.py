"""Forms beyond jixiao.testkit.forms: what provinces print that the sheet itself does not keep.

A form is drawn with its marks (指标1：, ★, tick boxes, units printed twice), and the truth beside it is what
a careful clerk reads: `make_sheet` is the sheet, `VARIATIONS` are the ways of printing it.
"""

from collections.abc import Callable, Iterator
from random import Random
from typing import NamedTuple

import msgspec

from jixiao.document import Document, Grid
from jixiao.layout import layout
from jixiao.model import Column, Field, Indicator, Kind, Reading, Sheet, Term, Value
from jixiao.testkit import words
from jixiao.testkit.forms import make_sheet
from jixiao.testkit.values import chance, value

TITLES: dict[Kind, tuple[str, ...]] = {
    "target": ("区域绩效目标表", "专项资金绩效目标表", "预算项目支出绩效目标表(一)"),
    "approval": ("项目支出绩效目标审批表", "预算项目绩效目标批复表"),
    "application": ("财政支出项目绩效目标申报表", "专项资金绩效目标申报表(基础设施建设类)"),
    "self-evaluation": ("转移支付项目绩效目标自评表", "财政项目支出绩效自评表"),
    "monitoring": ("项目支出绩效目标执行监控表",),
    "department": ("部门整体支出绩效目标申报表", "整体支出绩效目标表"),
}
RECIPIENTS = ("甲县", "乙县", "丙区")
_TICKS = (("{}□", "{}√"), ("□{}", "☑{}"), ("{}□ ", "{}☑ "))


class Form(NamedTuple):
    """A document and what it says.

    `printed` is the truth with the marks that the document prints; `starts` tells, for each sheet that has
    a grid, the grid's row in which the first indicator stands.
    """

    document: Document
    truth: Reading
    printed: Reading
    starts: tuple[int, ...]


class Printed(NamedTuple):
    """A sheet as printed, and as it is to be read."""

    printed: Sheet
    truth: Sheet


Variation = Callable[[Random, Printed], Printed]


def make_form(rng: Random, sheets: int = 1, indicators: int | None = None) -> Form:
    """A form of so many sheets, each with some of the variations.

    >>> make_form(Random(3)).truth == make_form(Random(3)).truth
    True
    """
    made = [_varied(rng, make_sheet(rng, indicators)) for _ in range(sheets)]
    truth = Reading(sheets=tuple(p.truth for p in made))
    return draw(Reading(sheets=tuple(p.printed for p in made)), truth)


def draw(printed: Reading, truth: Reading) -> Form:
    """The form that prints the one and means the other."""
    document = layout(printed)
    return Form(document, truth, printed, tuple(_starts(document, printed)))


def _starts(document: Document, printed: Reading) -> Iterator[int]:
    for section, sheet in zip(document.sections, printed.sheets, strict=False):
        table = next((b for b in section.blocks if isinstance(b, Grid)), None)
        if table is not None:
            heads = max(0, sum(c.role == "side" for c in sheet.columns) - 1)  # those of further blocks
            yield table.rows - len(sheet.indicators) - heads


def plain_form(reading: Reading) -> Form:
    """The form of a reading that says itself."""
    return draw(reading, reading)


def _varied(rng: Random, sheet: Sheet) -> Printed:
    made = Printed(sheet, sheet)
    for share, variation in VARIATIONS:
        if chance(rng, share):
            made = variation(rng, made)
    return made


def _both(made: Printed, **changes: object) -> Printed:
    return Printed(
        msgspec.structs.replace(made.printed, **changes), msgspec.structs.replace(made.truth, **changes)
    )


def titled(rng: Random, made: Printed) -> Printed:
    """Another of the titles that the kind goes by."""
    sheet = made.truth
    if sheet.kind not in TITLES or not sheet.title:
        return made
    year = f"{sheet.fiscal_year}年度" if sheet.title.startswith(f"{sheet.fiscal_year}年度") else ""
    return _both(made, title=year + rng.choice(words.COUNTIES) + rng.choice(TITLES[sheet.kind]))


def _rows(made: Printed, change: Callable[[int, Indicator], Indicator], *, truth: bool = False) -> Printed:
    """Every indicator changed as printed, with `truth` as read too."""
    printed = tuple(change(k, i) for k, i in enumerate(made.printed.indicators))
    read = (
        tuple(change(k, i) for k, i in enumerate(made.truth.indicators)) if truth else made.truth.indicators
    )
    return Printed(
        msgspec.structs.replace(made.printed, indicators=printed),
        msgspec.structs.replace(made.truth, indicators=read),
    )


def numbered(rng: Random, made: Printed) -> Printed:
    """指标1：, 指标2：, … before the names."""
    pattern = rng.choice(("指标{}：{}", "指标{}:{}"))
    return _rows(made, lambda k, i: msgspec.structs.replace(i, level3=pattern.format(k + 1, i.level3)))


def starred(rng: Random, made: Printed) -> Printed:
    """★ or * before the names of core indicators."""
    mark = rng.choice(("★", "*", "★★★"))
    core = {k for k in range(len(made.truth.indicators)) if chance(rng, 40)}

    def star(k: int, i: Indicator) -> Indicator:
        return msgspec.structs.replace(i, level3=mark + (i.level3 or "")) if k in core else i

    return _rows(made, star)


def banded(rng: Random, made: Printed) -> Printed:
    """Score bands in the levels: 产出指标(50分)."""
    pattern = rng.choice(("({}分)", "（{}分）", "(0-{})分"))

    def band(term: Term | None) -> Term | None:
        if term is None or term.text is None or term.text != term.term:
            return term
        return Term(term=term.term, text=term.text + pattern.format(10))

    return _rows(made, lambda k, i: msgspec.structs.replace(i, level1=band(i.level1)), truth=True)


def recipients(rng: Random, made: Printed) -> Printed:
    """A value column for each recipient instead of one."""
    columns = made.truth.columns
    if [c.role for c in columns if c.role in ("value", "sign", "unit", "value_long", "actual")] != ["value"]:
        return made
    names = RECIPIENTS[: 2 + rng.randrange(2)]

    def spread(k: int, i: Indicator) -> Indicator:
        return msgspec.structs.replace(i, value=None, values={name: value(rng) for name in names})

    cut = next(k for k, c in enumerate(columns) if c.role == "value")
    several = tuple(Column(role="recipient", text=name) for name in names)
    sheet = msgspec.structs.replace(
        made.truth,
        columns=columns[:cut] + several + columns[cut + 1 :],
        indicators=tuple(spread(k, i) for k, i in enumerate(made.truth.indicators)),
    )
    return Printed(sheet, sheet)


def ticked(rng: Random, made: Printed) -> Printed:
    """The attribute as tick boxes."""
    was = made.truth.attribute
    if was is None:
        return made
    off, on = rng.choice(_TICKS)
    others = [a for a in words.ATTRIBUTES if a != was and "、" not in a][:2]
    text = "".join([off.format(others[0]), on.format(was), off.format(others[1])]).strip()

    def box(field: Field) -> Field:
        return msgspec.structs.replace(field, text=text) if field.text == was else field

    return _both(made, fields=tuple(box(f) for f in made.truth.fields))


def unit_twice(rng: Random, made: Printed) -> Printed:
    """The unit column repeats the unit that stands in the value."""
    roles = {c.role for c in made.truth.columns}
    if not made.truth.columns or roles & {"sign", "unit", "standard"}:
        return made
    columns = list(made.printed.columns)
    at = next((k + 1 for k, c in enumerate(columns) if c.role == "value"), len(columns))
    columns.insert(at, Column(role="standard", text="单位"))  # drawn as a column of its own text

    def repeat(k: int, i: Indicator) -> Indicator:
        return msgspec.structs.replace(i, standard=i.value.unit if i.value else None)

    printed = msgspec.structs.replace(
        made.printed, columns=tuple(columns),
        indicators=tuple(repeat(k, i) for k, i in enumerate(made.printed.indicators)),
    )  # fmt: skip
    return Printed(printed, made.truth)


def two_blocks(rng: Random, made: Printed) -> Printed:
    """Long-term indicators in a block of their own above the annual ones."""
    roles = [c.role for c in made.truth.columns]
    if "side" not in roles or set(roles) & {"value_long", "sign", "unit", "recipient", "actual"} or not roles:
        return made
    if any(i.values for i in made.truth.indicators) or not any(i.value for i in made.truth.indicators):
        return made
    whole = Value(text="100%", number="100", unit="%")
    long = tuple(
        msgspec.structs.replace(i, value=None, value_long=i.value or whole) for i in made.truth.indicators
    )
    columns = [c for c in made.truth.columns if c.role != "side"]
    sides = [Column(role="side", text=text) for text in ("长期绩效指标", "年度绩效指标")]
    return _both(
        made, indicators=(*long, *made.truth.indicators), columns=(sides[0], *columns, sides[1], *columns)
    )


def blank(rng: Random, made: Printed) -> Printed:
    """A form that nobody has filled in: labels and names only."""
    rows = tuple(Indicator(level1=i.level1, level2=i.level2, level3=i.level3) for i in made.truth.indicators)
    goals = tuple(msgspec.structs.replace(g, text=None, actual=None) for g in made.truth.goals)
    return _both(made, kind="template", indicators=rows, goals=goals)


VARIATIONS: tuple[tuple[int, Variation], ...] = (
    (40, titled),
    (10, recipients),
    (10, unit_twice),
    (6, two_blocks),
    (4, blank),
    (20, banded),
    (12, numbered),
    (12, starred),
    (25, ticked),
)
"""How many sheets in a hundred have each, in the order in which they are done."""
