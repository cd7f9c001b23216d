"""The named parts of a sheet's header, told from its fields."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from jixiao.findings import finding
from jixiao.interpret.titles import kind_of, year_in
from jixiao.model import Column, Field, Finding, Funds, Kind, Party
from jixiao.text import key, label_key
from jixiao.vocabulary import vocabulary

_BRACKETED = re.compile(r"^[\[【(（〔]([0-9A-Za-z]{3,21})[\]】)）〕]\s*(.+)$")
_DASHED = re.compile(r"^([0-9][0-9A-Za-z]{2,20})\s*[-—－]+\s*(\S.*)$")
_BARE_YEAR = re.compile(r"^(?:19|20)\d\d$")
_ITEM = re.compile(r"^[(（]?\d{1,2}[.．、)）]\s*(?=\D)")
_TRAILING = re.compile(r"^(.+?)\s*[\[【(（]([0-9][0-9A-Za-z]{2,20})[\]】)）]$")


class Named(NamedTuple):
    project: Party | None
    department: Party | None
    agency: Party | None
    attribute: str | None
    period: str | None
    year: int | None


def named(fields: Sequence[Field], kinds: Sequence[str | None], title: str | None) -> Named:
    """The header's named parts; of several departments the lowest (contract: 主管部门)."""

    def of(kind: str) -> list[Field]:
        return [f for f, k in zip(fields, kinds, strict=True) if k == kind and f.text]

    def first(kind: str) -> str | None:
        """Of several the one whose label says it best."""
        found = min(of(kind), key=lambda f: _merit(kind, f), default=None)
        return found.text if found else None

    departments = sorted(of("department"), key=_rank)
    unit = _named_unit(of("money_unit"))
    whole = kind_of(title) == "department"  # the form of a department, which is the unit it names
    return Named(
        project=party(first("project")),
        department=party(departments[-1].text if departments else unit if whole else None),
        agency=party(first("agency") or unit),
        attribute=_ticked(first("attribute")),
        period=_run_on(fields, kinds) or first("period") or _from_to(first("start"), first("end")),
        year=_year(fields, kinds, title),
    )


def with_unit(funds: Funds | None, fields: Sequence[Field], kinds: Sequence[str | None]) -> Funds | None:
    """The funds with the unit that a field of its own names (单位：万元), where they name none."""
    unit = next((f.text for f, k in zip(fields, kinds, strict=True) if k == "money_unit" and f.text), None)
    if funds is None or funds.unit or unit not in vocabulary().data["units_of_money"]:
        return funds
    return msgspec.structs.replace(funds, unit=unit)


def several(fields: Sequence[Field], kinds: Sequence[str | None]) -> list[Finding]:
    """A finding for each named part of which the header prints different texts; the best was taken."""
    found = []
    for kind in ("project", "agency"):
        those = [f for f, k in zip(fields, kinds, strict=True) if k == kind and f.text]
        texts = [f.text or "" for f in sorted(those, key=lambda f: _merit(kind, f))]
        others = [t for t in texts[1:] if key(t) != key(texts[0])]
        if others:
            found.append(finding("several-named", text=", ".join(others), after=texts[0]))
    return found


def _run_on(fields: Sequence[Field], kinds: Sequence[str | None]) -> str | None:
    """A period whose beginning, word between and end stand in a cell each."""
    words = vocabulary().data["between"]
    for k, (one, between, end) in enumerate(zip(fields, fields[1:], fields[2:], strict=False)):
        alone = between.label is None and end.label is None and between.text in words
        if kinds[k] == "period" and one.text and alone and end.text:
            return _from_to(one.text, end.text)
    return None


def _from_to(start: str | None, end: str | None) -> str | None:
    """The period of a form that asks for its beginning and its end in two places."""
    return f"{start}-{end}" if start and end else None


def _merit(kind: str, field: Field) -> int:
    """0 where the field's label is, or ends as, the plainest of its kind (项目实施单位); else 1."""
    return 1 - label_key(field.label or "").endswith(vocabulary().data["labels"][kind][0])


def _named_unit(fields: Sequence[Field]) -> str | None:
    """Whom 单位： names where it is not followed by a unit of money."""
    units = vocabulary().data["units_of_money"]
    return next((f.text for f in fields if f.text and not f.text.endswith(tuple(units))), None)


def _rank(field: Field) -> int:
    word, government = label_key(field.label or ""), vocabulary().government
    return next((rank for level, rank in government.items() if word.startswith(level)), len(government))


def _year(fields: Sequence[Field], kinds: Sequence[str | None], title: str | None) -> int | None:
    lines = [f.text for f in fields if f.label is None]
    labelled = [f.text for f, k in zip(fields, kinds, strict=True) if k == "year"]
    bare = [int(text) for text in labelled if text and _BARE_YEAR.match(text)]
    return next((y for text in (*lines, *labelled, title) if (y := year_in(text))), bare[0] if bare else None)


def party(text: str | None) -> Party | None:
    """A name with the code printed before or behind it.

    >>> party("51000021R000000019951-工资性支出").code, party("[812]自治区某厅").name, party("某局(219)").code
    ('51000021R000000019951', '自治区某厅', '219')
    """
    if text is None:
        return None
    if found := _BRACKETED.match(text) or _DASHED.match(text):
        return Party(text=text, name=found[2], code=found[1])
    if found := _TRAILING.match(text):
        return Party(text=text, name=found[1], code=found[2])
    return Party(text=text, name=text)


def _ticked(text: str | None) -> str | None:
    """Of a row of tick boxes the ticked texts; any other text as it is.

    >>> _ticked("新增项目□延续项目√"), _ticked("☑经常性 □一次性"), _ticked("1.持续性项目☑ 2.新增项目□")
    ('延续项目', '经常性', '持续性项目')
    """
    ticks = vocabulary().data["ticks"]
    on, off = "".join(ticks["on"]), "".join(ticks["off"])
    if text is None or not re.search(f"[{on}{off}]", text):
        return text
    before = key(text)[0] in on + off
    pattern = rf"[{on}]\s*([^{on}{off}]+)" if before else rf"([^{on}{off}]+?)\s*[{on}]"
    return " ".join(_ITEM.sub("", found.strip()) for found in re.findall(pattern, text)) or None


def kind_by_columns(columns: Sequence[Column]) -> Kind:
    """The kind of a sheet without a title, by what its table asks for."""
    roles = {c.role for c in columns}
    return "self-evaluation" if roles & {"actual", "score"} else "target"
