"""Weights that ran together with their values, parted by the total that the sheet prints."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import product

import msgspec

from jixiao.findings import finding
from jixiao.model import Finding, Indicator
from jixiao.values import parse, value

_MOST = 4  # indicators that may lack their weight


def split_weights(
    indicators: Sequence[Indicator], total: str | None
) -> tuple[list[Indicator], list[Finding]]:
    """Where some indicators lack a weight and exactly one way of cutting it off their values gives the total.

    Every cut carries a finding with the value before and after.
    """
    made, findings = list(indicators), list[Finding]()
    lacking = [k for k, i in enumerate(made) if i.weight is None and _printed(i).isdigit()]
    known = [Decimal(n) for i in made if (n := parse(i.weight or "").number)]
    number = parse(total or "").number
    if number is None or not known or not 0 < len(lacking) <= _MOST or len(lacking) + len(known) != len(made):
        return made, findings
    rest = Decimal(number) - sum(known)
    cuts = [_cuts(_printed(made[k])) for k in lacking]
    fitting = [way for way in product(*cuts) if sum(Decimal(weight) for _, weight in way) == rest]
    if len(fitting) != 1:
        return made, findings
    for k, (text, weight) in zip(lacking, fitting[0], strict=True):
        name, before, after = made[k].level3, _printed(made[k]), f"{text or '—'} | {weight}"
        made[k] = msgspec.structs.replace(made[k], value=value(text), weight=weight)
        findings.append(finding("weight-parted", indicator=k, text=name, before=before, after=after))
        if not text:
            findings.append(finding("value-missing", indicator=k, text=made[k].level3))
    return made, findings


def _printed(indicator: Indicator) -> str:
    return (indicator.value.text or "") if indicator.value else ""


def _cuts(digits: str) -> list[tuple[str, str]]:
    """Every (value, weight) that the digits could be; a weight does not begin with 0."""
    return [(digits[:k], digits[k:]) for k in range(len(digits)) if digits[k] != "0"]
