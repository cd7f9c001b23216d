"""The commands: words and wiring, nothing else."""

from typing import Annotated

import typer

from jixiao import __version__
from jixiao.cli.app import App
from jixiao.cli.apply import apply
from jixiao.cli.codes import app as codes
from jixiao.cli.convert import convert
from jixiao.cli.diff import diff
from jixiao.cli.explain import explain
from jixiao.cli.plugins import app as plugins
from jixiao.cli.profiles import app as profiles
from jixiao.cli.report import report
from jixiao.cli.review import review
from jixiao.cli.watch import watch
from jixiao.messages import gettext as _

app = App(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False, no_args_is_help=True)
app.command(help=_("Convert files, folders of files, or what a pattern matches."))(convert)
app.command(help=_("Convert what arrives in a folder, until Ctrl-C."))(watch)
app.command(help=_("Write the reports of what was converted into a folder."))(report)
app.command(help=_("Write a filled-in worklist as corrections beside the sources."))(apply)
app.command(help=_("See, correct and sign off what was read, in a browser."))(review)
app.command(help=_("Show how each row of a sheet was read, and what else it could be."))(explain)
app.command(help=_("Compare two files of any formats, indicator by indicator."))(diff)
app.add_typer(profiles, name="profiles")
app.add_typer(plugins, name="plugins")
app.add_typer(codes, name="codes")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"jixiao {__version__}")
        raise typer.Exit


@app.callback(help=_("Budget-performance sheets, from the formats there are to those that are needed."))
def _jixiao(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help=_("Show the version and end.")),
    ] = False,
) -> None:
    pass
