"""What one document may cost: one table, set by `--limit NAME=VALUE` and [limits] in jixiao.toml.

Readers are given the limits in force and refuse a wish that goes beyond one. `seconds` and `memory` are
held from outside, by the process that started the one which converts.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from jixiao.errors import BadUsage
from jixiao.messages import gettext as _
from jixiao.model import Struct

MiB = 1024 * 1024
FILE = "jixiao.toml"
UNITS = {"": 1, "k": 1024, "m": MiB, "g": 1024 * MiB}


class Limits(Struct):
    """Bytes, counts and seconds; reaching one ends that document with code `limit-…`."""

    size: int = 256 * MiB
    members: int = 10_000
    ratio: int = 200
    """Unpacked to packed bytes of one zip member, counted above 1 MiB unpacked; so, too, the characters of a
    workbook's cells, which may share one text, to the bytes of its file."""
    unpacked: int = 1024 * MiB
    xml_depth: int = 256
    pages: int = 5_000
    cells: int = 2_000_000
    pixels: int = 120_000_000
    memory: int = 2048 * MiB
    seconds: float = 300.0


def meanings() -> dict[str, str]:
    """What each limit counts, for people."""
    return {
        "size": _("Bytes of the file."),
        "members": _("Files in a zip, such as DOCX, XLSX and OFD are."),
        "ratio": _("Unpacked to packed bytes of a file in a zip, from 1 MiB on."),
        "unpacked": _("Bytes of all that is unpacked of a zip."),
        "xml_depth": _("Elements that stand one inside the other in XML or HTML."),
        "pages": _("Pages of a PDF, OFD or scan."),
        "cells": _("Positions of the tables, those under merged cells too."),
        "pixels": _("Width times height of one picture."),
        "memory": _("Bytes of memory of the process that converts."),
        "seconds": _("Seconds for the document."),
    }


def limits(given: Iterable[str] = (), folder: Path | None = None) -> Limits:
    """What the command line says over the jixiao.toml in or above the working folder, over the defaults.

    That of the input does not count: who sends a file must not choose what it may cost. Raises BadUsage.
    """
    values = _project(folder or Path.cwd())
    for text in given:
        name, sign, value = text.partition("=")
        if not sign:
            raise _bad(_("“{text}” sets nothing").format(text=text))
        values[name.strip().replace("-", "_")] = value.strip()
    try:
        made = msgspec.convert({n: _number(v) for n, v in values.items()}, _Strict, strict=False)
    except (msgspec.ValidationError, ValueError) as error:
        raise _bad(str(error)) from error
    if low := [name for name in values if not getattr(made, name) > 0]:
        raise _bad(_("{name} must be above 0").format(name=low[0]))
    return Limits(**{name: getattr(made, name) for name in Limits.__struct_fields__})


class _Strict(Limits, forbid_unknown_fields=True):
    pass


def _number(value: Any) -> Any:
    """A number with k, M or G behind it (1024 each); anything else as it is."""
    if isinstance(value, str) and (found := re.fullmatch(r"(\d+) ?([kmg])i?b?", value.lower())):
        return int(found[1]) * UNITS[found[2]]
    return value


def _project(folder: Path) -> dict[str, Any]:
    for above in (folder, *folder.parents):
        path = above / FILE
        if path.is_file():
            import tomllib  # only where there is such a file: it costs start-up time

            try:
                return dict(tomllib.loads(path.read_text("utf-8-sig")).get("limits", {}))
            except (OSError, TypeError, ValueError) as error:
                raise _bad(f"{path}: {error}") from error
    return {}


def _bad(why: str) -> BadUsage:
    return BadUsage(
        "bad-limit",
        _("A limit is wrong: {why}.").format(why=why),
        _(
            "Write NAME=NUMBER, such as --limit seconds=600 or --limit size=512M; the names are: {names}."
        ).format(names=", ".join(Limits.__struct_fields__)),
    )
