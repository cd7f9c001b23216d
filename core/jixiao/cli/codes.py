"""jixiao codes"""

from typing import Annotated

import typer

from jixiao.cli import say
from jixiao.cli.app import App
from jixiao.cli.plugged import NoPlugin, Options, plug
from jixiao.cli.wish import Codes, Profile, Values, wished
from jixiao.errors import BadUsage, Exit, JixiaoError
from jixiao.messages import gettext as _

app = App(no_args_is_help=True, help=_("Code tables: which codes are still missing."))
Inputs = Annotated[list[str], typer.Argument(metavar="INPUT", help=_("Files, folders or patterns."))]


@app.callback()
def _codes() -> None:
    """Keeps `missing` a command of its own."""


@app.command("missing", help=_("List the names without a code as a code table to fill in."))
def missing(
    inputs: Inputs,
    profile: Profile = None,
    codes: Codes = None,
    values: Values = None,
    no_plugin: NoPlugin = None,
    options: Options = None,
) -> None:
    """Write a CSV to the standard output; exit with 1 for an input that failed, 3 for missing codes."""
    from jixiao.batch.inputs import plan
    from jixiao.batch.missing import lacking, table
    from jixiao.output import write_stdout

    with say.ending(JixiaoError, Exit.FAILED), say.ending(BadUsage, Exit.USAGE):
        plug(no_plugin, options)
        wish = wished(profile, codes, values, None, False)
        found, failed = lacking((job.source for job in plan(inputs, None, "csv")), wish)
        for source, error in failed:
            say.line(str(source), str(error))
        write_stdout(table(found))
    raise typer.Exit(Exit.FAILED if failed else Exit.PERSON_NEEDED if found else Exit.OK)
