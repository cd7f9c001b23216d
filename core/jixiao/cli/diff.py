"""jixiao diff"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jixiao.cli import say
from jixiao.cli.plugged import NoPlugin, Options, plug
from jixiao.cli.wish import Profile
from jixiao.errors import Exit, JixiaoError
from jixiao.messages import gettext as _

if TYPE_CHECKING:
    from jixiao.diff import Difference

One = Annotated[Path, typer.Argument(metavar="A", help=_("A file of any format."))]
Other = Annotated[Path, typer.Argument(metavar="B", help=_("The file to compare with it."))]
SIGNS = {"added": "+", "removed": "-", "changed": "~", "reordered": "↕"}
DIFFERENT = 1
TROUBLE = Exit.USAGE
"""As of diff(1): a file that cannot be read is no difference."""


def diff(
    one: One, other: Other, profile: Profile = None, no_plugin: NoPlugin = None, options: Options = None
) -> None:
    """Say what B says differently from A, a line each; what a profile cannot hold is no difference."""
    from jixiao.convert import read_file
    from jixiao.diff import differences
    from jixiao.profiles import comparable

    try:
        plug(no_plugin, options)
        pair = comparable(*(read_file(path, profile=profile) for path in (one, other)), profile=profile)
    except JixiaoError as error:
        say.line(str(error))
        raise typer.Exit(TROUBLE) from error
    found = differences(*pair)
    for difference in found:
        typer.echo(_line(difference))
    say.line(_("{count} differences.").format(count=len(found)))
    raise typer.Exit(DIFFERENT if found else Exit.OK)


def _line(one: Difference) -> str:
    """`~ sheet 1, 产出指标 / 数量指标 / 会议次数: value "≥2次" → "≥3次"`"""
    parts = [SIGNS[one.what], _("sheet {number}").format(number=one.sheet) + _(", ") + one.where]
    if one.field is not None or one.before is not None or one.after is not None:
        was, now = (text if text is not None else "—" for text in (one.before, one.after))
        change = {"added": now, "removed": was}.get(one.what, f"{was} → {now}")
        parts[-1] += ": " + " ".join(filter(None, (one.field, change)))
    return say.one_line(" ".join(parts))
