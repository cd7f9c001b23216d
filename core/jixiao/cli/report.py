"""jixiao report"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jixiao.cli import say
from jixiao.cli.convert import write_reports
from jixiao.errors import BadUsage, Exit
from jixiao.messages import gettext as _

Out = Annotated[Path, typer.Argument(metavar="OUT", help=_("The output folder of earlier runs."))]
Force = Annotated[bool, typer.Option("--force", help=_("Replace other files that have the reports' names."))]


def report(out: Out, force: Force = False) -> None:
    """Write the reports about all that was ever converted into a folder, at any time."""
    from jixiao.batch.ledger import FOLDER, NAME

    with say.ending(BadUsage, Exit.USAGE):
        if not (out / FOLDER / NAME).is_file():
            raise BadUsage(
                "no-ledger",
                _("Nothing was converted into {path}.").format(path=out),
                _("Name the folder that --output named."),
            )
        write_reports(out, force=force, every=True)
