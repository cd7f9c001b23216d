"""What can be added to a sheet's form, and which texts a field may have: for the lists to choose from."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from jixiao import corrections
from jixiao.corrections import TOP, caption
from jixiao.corrections.captions import KINDS, SCOPES
from jixiao.messages import gettext as _
from jixiao.model import Sheet
from jixiao.review.form import ORDER
from jixiao.vocabulary import vocabulary


class Offer(NamedTuple):
    """`wanted` is what is sent where it is chosen, as JSON."""

    name: str
    wanted: str


def columns(sheet: Sheet) -> Iterator[Offer]:
    """Heads of what an indicator may say and the form has no column for."""
    shown = {c.role for c in sheet.columns} - {"recipient"}
    for role in corrections.ROLES:
        if role not in shown:
            name = _("one of several recipients") if role == "recipient" else caption(role)
            yield Offer(name, adding(sheet, role))


def adding(sheet: Sheet, field: str) -> str:
    """What is sent for a head of that field, as JSON."""
    role = field.partition(".")[0].replace("values", "recipient")
    return _json({"do": "add", "part": "columns", "index": below(sheet, role), "name": role})


def amounts(sheet: Sheet) -> Iterator[Offer]:
    """Columns of amounts, under the heads that the sheet's own line of heads gets, or a new one."""
    lines = sheet.funds.lines if sheet.funds else ()
    if not lines:
        return
    held = {role for line in lines for role in line.amounts}
    heads = next((k for k, line in enumerate(lines) if line.kind == "heads"), None)
    named: dict[str, list[str]] = vocabulary().data["amounts"]
    for role in (role for role in named if role not in held):
        new = [role] if heads is not None else [*held, role]
        puts = [{"field": f"amounts.{one}", "after": named[one][0]} for one in new if one in named]
        if heads is None:
            wanted = {"do": "add", "part": "lines", "index": TOP, "name": "heads", "puts": puts}
        else:
            wanted = {"do": "change", "puts": [{**put, "part": "lines", "index": heads} for put in puts]}
        yield Offer(named[role][0], _json(wanted))


def below(sheet: Sheet, role: str) -> int:
    """The index of the head below which one of that role goes, -1 for none."""
    order = ["recipient" if one == "values" else one for one in ORDER]
    rank = order.index(role)
    before = [k for k, c in enumerate(sheet.columns) if c.role not in order or order.index(c.role) <= rank]
    return max(before, default=TOP)


def choices() -> dict[str, dict[str, str]]:
    """By the name of the choice what a field may say, and what that is called."""
    funds: dict[str, list[str]] = vocabulary().data["funds"]
    return {
        "kind": {kind: _(name) for kind, name in KINDS.items()},
        "scope": {scope: _(name) for scope, name in SCOPES.items()},
        "funds": {
            "heads": _("heads of the amounts"),
            **{kind: names[0] for kind, names in funds.items() if kind != "block"},
        },
    }


def _json(wanted: dict[str, Any]) -> str:
    return msgspec.json.encode(wanted).decode()
