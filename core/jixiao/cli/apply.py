"""jixiao apply"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jixiao.cli import say
from jixiao.cli.plugged import NoPlugin, Options, plug
from jixiao.errors import BadUsage, Exit, JixiaoError
from jixiao.messages import gettext as _

Filled = Annotated[
    Path, typer.Argument(metavar="WORKLIST", help=_("A worklist.xlsx that has been filled in."))
]
Inputs = Annotated[
    Path | None,
    typer.Option("--inputs", metavar="FOLDER", help=_("Where the sources are now, if not where they were.")),
]
Who = Annotated[
    str | None,
    typer.Option(
        "--who", metavar="NAME", help=_("Who corrected; else who is named in the row, or logged in.")
    ),
]


def apply(
    worklist: Filled,
    inputs: Inputs = None,
    who: Who = None,
    no_plugin: NoPlugin = None,
    options: Options = None,
) -> None:
    """Write what was filled in beside the sources; every later conversion has it."""
    from jixiao.batch.applying import apply_worklist, read_worklist

    with say.ending(BadUsage, Exit.USAGE):
        plug(no_plugin, options)
    named = str(worklist)
    with say.ending(JixiaoError, Exit.FAILED, named), say.ending(BadUsage, Exit.USAGE, named):
        filled = read_worklist(worklist)
    for text in filled.left_out:
        say.line(
            named,
            _("Hidden parts were left out ({text}). Show them and apply again if they are filled in.").format(
                text=text
            ),
        )
    if not filled.filled:
        say.line(named, _("No row of it is filled in. Was it saved after it was filled in?"))
    made = known = refused = sources = 0
    for done in apply_worklist(filled, who=who or _user(), inputs=inputs):
        made, known, sources = made + done.made, known + done.known, sources + (done.made > 0)
        refused += len(done.refused)
        for number, why in done.refused:
            row = [_("No. {number}").format(number=number), *([str(done.source)] if done.source.name else [])]
            say.line(named, *row, _("not taken: {why}").format(why=why))
    say.line(
        _(
            "{made} corrections of {sources} files saved, {known} were there, {refused} rows not taken."
        ).format(made=made, sources=sources, known=known, refused=refused)
    )
    raise typer.Exit(Exit.FAILED if refused else Exit.OK)


def _user() -> str:
    """Who is logged in; corrections always say who."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return _("unknown")
