"""What the fields that can be corrected are called, for people."""

from jixiao.findings import N_
from jixiao.messages import gettext as _

CAPTIONS = {
    "title": N_("Title"),
    "kind": N_("Kind of sheet"),
    "fiscal_year": N_("Year"),
    "project": N_("Project"),
    "department": N_("Department"),
    "agency": N_("Agency"),
    "attribute": N_("Attribute"),
    "period": N_("Period"),
    "text": N_("Text"),
    "label": N_("Label"),
    "level1": N_("First level"),
    "level2": N_("Second level"),
    "level3": N_("Indicator name"),
    "value": N_("Target value"),
    "value_long": N_("Long-term target value"),
    "values": N_("Target value"),
    "actual": N_("Actual value"),
    "weight": N_("Weight"),
    "score": N_("Score"),
    "standard": N_("Standard"),
    "explanation": N_("Explanation"),
    "remark": N_("Remark"),
    "funds": N_("Funds"),
    "amounts": N_("Amount"),
    "scope": N_("Annual or long-term"),
    "role": N_("Column"),
}
KINDS = {
    "target": N_("targets set for a year"),
    "approval": N_("targets as approved"),
    "application": N_("application for a project"),
    "self-evaluation": N_("self-evaluation"),
    "monitoring": N_("monitoring during the year"),
    "department": N_("a department as a whole"),
    "template": N_("an empty form"),
}
"""Kinds of sheets."""
SCOPES = {"annual": N_("annual"), "long-term": N_("long-term")}
PARTS = {
    "indicators": N_("Indicator"),
    "goals": N_("Goal"),
    "lines": N_("Line of funds"),
    "fields": N_("Header pair"),
    "columns": N_("Column"),
}


def part_caption(part: str) -> str:
    """What an item of a part is called in the user's language."""
    return _(PARTS[part])


def caption(field: str) -> str:
    """The field's name in the user's language, with the key of an inner one.

    >>> caption("values.农户")
    'Target value (农户)'
    """
    outer, _dot, inner = field.partition(".")
    named = _(CAPTIONS[outer]) if outer in CAPTIONS else outer
    return _("{field} ({part})").format(field=named, part=inner) if inner else named
