"""Made-up sheets, whole and consistent: what jixiao.interpret reads from a clean form."""

from random import Random
from typing import get_args

import msgspec

from jixiao.model import Amount, Field, FundLine, Funds, Goal, Kind, Party, Reading, Scope, Sheet
from jixiao.testkit import words
from jixiao.testkit.tables import make_table
from jixiao.testkit.values import chance, number, prose
from jixiao.vocabulary import Label, vocabulary

TITLES: dict[Kind, tuple[str, ...]] = {
    "target": ("项目支出绩效目标表", "部门项目支出年度预算绩效目标", "项目支出绩效目标公开表"),
    "approval": ("项目支出绩效目标批复表",),
    "application": ("项目支出绩效目标申报表",),
    "self-evaluation": ("部门预算项目支出绩效自评表", "项目支出绩效自评表"),
    "monitoring": ("项目支出绩效运行监控表",),
    "department": ("部门整体支出绩效目标表",),
}
_REACHED = ("self-evaluation", "monitoring")


def make_reading(rng: Random, most: int = 3) -> Reading:
    """One to `most` sheets."""
    return Reading(sheets=tuple(make_sheet(rng) for _ in range(1 + rng.randrange(most))))


def make_sheet(rng: Random, indicators: int | None = None) -> Sheet:
    """One sheet; `indicators` says how many, otherwise 0 to 60, mostly few.

    >>> make_sheet(Random(7)) == make_sheet(Random(7))
    True
    """
    kind = rng.choice(list(TITLES))
    year = 2016 + rng.randrange(12) if chance(rng, 80) else None
    sheet = Sheet(kind=kind, fiscal_year=year, title=rng.choice(words.COUNTIES) + rng.choice(TITLES[kind]))
    sheet = _with_fields(rng, sheet)
    goals, heads = _goals(rng, kind)
    columns, rows = make_table(rng, kind in _REACHED, _count(rng) if indicators is None else indicators)
    if not any(i.value or i.value_long or i.actual for i in rows) and not any(g.text for g in goals):
        kind = "template"  # a form that nobody has filled in
    return msgspec.structs.replace(
        sheet, kind=kind, fields=sheet.fields + heads, funds=_funds(rng, kind), goals=goals,
        columns=columns, indicators=rows, unplaced=(rng.choice(words.ODDMENTS),) if chance(rng, 5) else (),
    )  # fmt: skip


def _count(rng: Random) -> int:
    return rng.choice((1, 2, 3, 4, 6, 8, rng.randrange(16), rng.randrange(61)))


def labels(group: str, name: str) -> list[str]:
    """The labels of the vocabulary that mean this and nothing else."""
    v = vocabulary()
    source = v.data["labels"] if group == "fields" else v.data[group]
    return [word for word in source[name] if v.label(word) == Label(group, name)]


def _with_fields(rng: Random, sheet: Sheet) -> Sheet:
    """Header pairs, and the named parts that they say."""
    project, department, agency = _project(rng), _party(rng), _party(rng)
    attribute, period = rng.choice(words.ATTRIBUTES), rng.choice(words.PERIODS)
    texts = {"project": project.text, "department": department.text, "agency": agency.text}
    texts |= {"attribute": attribute, "period": period}
    said = [role for role in texts if chance(rng, 85)]
    blank = [role for role in said[1:] if chance(rng, 10)]
    fields = [
        Field(label=rng.choice(labels("fields", r)), text=None if r in blank else texts[r]) for r in said
    ]
    if chance(rng, 30):
        label = rng.choice(labels("fields", "other"))
        fields.insert(rng.randrange(len(fields) + 1), Field(label=label, text=prose(rng, 3)))
    if sheet.fiscal_year and chance(rng, 85):
        fields.insert(0, Field(text=rng.choice(("({}年度)", "（{}年度）")).format(sheet.fiscal_year)))
    elif sheet.fiscal_year:
        sheet = msgspec.structs.replace(sheet, title=f"{sheet.fiscal_year}年度{sheet.title}")
    told = {role for role in said if role not in blank}
    return msgspec.structs.replace(
        sheet,
        fields=tuple(fields),
        project=project if "project" in told else None,
        department=department if "department" in told else None,
        agency=agency if "agency" in told else None,
        attribute=attribute if "attribute" in told else None,
        period=period if "period" in told else None,
    )


def _project(rng: Random) -> Party:
    text = rng.choice(words.PROJECTS)
    if chance(rng, 70):
        return Party(text=text, name=text)
    code = f"{rng.randrange(10**8):08d}R{rng.randrange(10**12):012d}"
    return Party(text=f"{code}-{text}", name=text, code=code)


def _party(rng: Random) -> Party:
    text, code = rng.choice(words.COUNTIES) + rng.choice(words.BODIES), f"{100 + rng.randrange(900)}"
    printed = rng.choice(("{1}", "{1}", "[{0}]{1}", "【{0}033】{1}", "{0}-{1}")).format(code, text)
    if printed == text:
        return Party(text=text, name=text)
    return Party(text=printed, name=text, code=f"{code}033" if "033】" in printed else code)


def _goals(rng: Random, kind: Kind) -> tuple[tuple[Goal, ...], tuple[Field, ...]]:
    """Goals, and the labels that only head them."""
    if kind in _REACHED and chance(rng, 70):
        goal = Goal(label=rng.choice(("年初设定目标", "预期目标")), text=prose(rng), actual=prose(rng))
        heads = rng.choice((("年度总体目标", "全年实际完成情况"), ("年度绩效目标", "实际完成情况")))
        return (goal,), tuple(Field(label=head) for head in heads)
    scopes = [s for s in get_args(Scope) if chance(rng, 75 if s == "annual" else 20)]
    return tuple(Goal(scope=s, label=rng.choice(labels("goals", s)), text=prose(rng)) for s in scopes), ()


_COLUMNS = ("adjusted", "executed", "rate", "weight", "score")


def _funds(rng: Random, kind: Kind) -> Funds | None:
    if chance(rng, 10):
        return None
    unit = rng.choice(("万元", "万元", "元", None))
    label = rng.choice(("项目资金", "资金情况", "项目资金申请", "预算资金")) + (f"({unit})" if unit else "")
    roles = ["budget"]
    lines = []
    if kind in _REACHED and chance(rng, 80):
        roles += [role for role in _COLUMNS if chance(rng, 60)]
        heads = {role: Amount(text=rng.choice(labels("amounts", role))) for role in roles}
        lines.append(FundLine(kind="heads", amounts=heads))
    lines.append(_line(rng, "total", rng.choice(("年度资金总额:", "年度资金总额", "资金总额:")), roles))
    lines.append(
        _line(rng, "fiscal", rng.choice(("其中:财政拨款", "其中: 财政拨款", "其中:本年财政拨款")), roles)
    )
    lines += [
        _line(rng, k, rng.choice(labels("funds", k)), roles)
        for k in ("carryover", "own", "other")
        if chance(rng, 40)
    ]
    return Funds(label=label, unit=unit, lines=tuple(lines))


def _line(rng: Random, kind: str, label: str, roles: list[str]) -> FundLine:
    return FundLine(kind=kind, label=label, amounts={role: _amount(rng) for role in roles})


def _amount(rng: Random) -> Amount:
    if chance(rng, 25):
        return Amount()
    printed = number(rng)
    return Amount(text=printed, number=printed)
