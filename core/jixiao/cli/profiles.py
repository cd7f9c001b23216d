"""jixiao profiles"""

from pathlib import Path
from typing import Annotated

import typer

from jixiao.cli import say
from jixiao.cli.app import App
from jixiao.cli.plugged import NoPlugin, plug
from jixiao.errors import BadUsage, Exit, JixiaoError
from jixiao.messages import gettext as _

app = App(help=_("What finance systems take: list, make and check profiles."))
Name = Annotated[
    str, typer.Argument(metavar="NAME", help=_("The folder to make; its name is the profile's."))
]
At = Annotated[str, typer.Argument(metavar="NAME|PATH", help=_("A profile's name, or its folder."))]
Parent = Annotated[str, typer.Option("--parent", metavar="NAME", help=_("The profile it goes out from."))]


@app.callback(invoke_without_command=True)
def listed(context: typer.Context, no_plugin: NoPlugin = None) -> None:
    """List the profiles that are there."""
    with say.ending(BadUsage, Exit.USAGE):
        plug(no_plugin)
    if context.invoked_subcommand is not None:
        return
    from jixiao.profiles import folders, load_folder

    for mark, folder in folders().items():
        try:
            profile = load_folder(folder).profile
        except JixiaoError as error:
            say.line(str(error))
            continue
        state = _("verified") if all(f.verified for f in profile.facts.values()) else _("unverified")
        typer.echo(f"{mark}\t{state}\t{profile.title}")


@app.command("new", help=_("Make a profile of one's own to fill in."))
def new(name: Name, parent: Parent = "pm-perf") -> None:
    """Make the folder with a profile.toml that says what may be changed."""
    from jixiao.profiles.scaffold import scaffold

    with say.ending(JixiaoError, Exit.USAGE):
        made = scaffold(Path(name), parent)
    say.line(_("{path} was made. Change it, then: jixiao profiles check {name}").format(path=made, name=name))


@app.command("check", help=_("Say every fault of a profile."))
def check(at: At) -> None:
    """Exit with 1 where there is a fault."""
    from jixiao.profiles import Faulty, load_folder, locate

    try:
        loaded = load_folder(locate(at))
    except Faulty as error:
        for fault in error.faults:
            say.line(at, fault)
        raise typer.Exit(Exit.FAILED) from error
    except JixiaoError as error:
        say.line(str(error))
        raise typer.Exit(Exit.USAGE) from error
    say.line(_("{mark} has no fault.").format(mark=loaded.profile.mark))


@app.command("schema", help=_("Write the XML Schema of a profile to the standard output."))
def schema(at: At) -> None:
    """The schema that its files are checked by."""
    from jixiao.output import write_stdout
    from jixiao.profiles import load_folder, locate

    with say.ending(JixiaoError, Exit.FAILED):
        write_stdout(load_folder(locate(at)).xsd)
