"""jixiao plugins"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jixiao.cli import say
from jixiao.cli.app import App
from jixiao.cli.plugged import NoPlugin, plug
from jixiao.errors import BadUsage, Exit, JixiaoError
from jixiao.messages import gettext as _

if TYPE_CHECKING:
    from jixiao.plugins import Plugin

app = App(help=_("What reads, writes and checks: list plugins, look at them, begin one."))
Kind = Annotated[str, typer.Argument(metavar="KIND", help=_("reader, writer, check, profile or vocabulary."))]
Name = Annotated[str, typer.Argument(metavar="NAME", help=_("The name of the plugin to make."))]
One = Annotated[str, typer.Argument(metavar="KIND.NAME", help=_("A plugin, such as writer.html."))]
Some = Annotated[
    str | None, typer.Argument(metavar="[KIND.NAME]", help=_("One plugin; without it all of them."))
]


@app.callback(invoke_without_command=True)
def listed(context: typer.Context, no_plugin: NoPlugin = None) -> None:
    """List what is installed: formats and what is lost in them, then every plugin and where it is from."""
    from jixiao.plugins import duplicates, installed, registry, twice

    with say.ending(BadUsage, Exit.USAGE):
        plug(no_plugin)
    if context.invoked_subcommand is not None:
        return
    _formats()
    typer.echo("")
    plugins, behind = registry(), dict(duplicates())
    for plugin in installed():
        state = "" if plugin.name in plugins.names(plugin.group) else _("left out")
        if plugin in behind:
            state = twice(plugin, behind[plugin])
        typer.echo("\t".join((plugin.id, plugin.distribution, plugin.version, state)).rstrip("\t"))


def _formats() -> None:
    """A line a format: its name, what it is read from and written as, what a written file lacks."""
    from jixiao.plugins import READERS, WRITERS, registry

    plugins = registry()
    readers = {plugin.name: made for plugin, made in plugins.loaded(READERS)}
    writers = {plugin.name: made for plugin, made in plugins.loaded(WRITERS)}
    typer.echo("\t".join((_("format"), _("read"), _("written"), _("a written file lacks"))))
    for name in [*readers, *(name for name in writers if name not in readers)]:
        read = " ".join(readers[name].EXTENSIONS) if name in readers else "—"
        written = writers[name].EXTENSION if name in writers else "—"
        losses = ", ".join(writers[name].LOSSES) or _("nothing") if name in writers else "—"
        typer.echo("\t".join((name, read, written, losses)))


@app.command("show", help=_("Say all of one plugin: where it is from, what it declares, its options."))
def show(one: One) -> None:
    """A line for each thing that it declares, then for each option its type, default and meaning."""
    from jixiao.authoring.options import options
    from jixiao.plugins import registry

    try:
        made, plugin = registry().by_id(one), registry().found(one)
    except JixiaoError as error:
        say.line(str(error))
        raise typer.Exit(Exit.USAGE if isinstance(error, BadUsage) else Exit.FAILED) from error
    typer.echo(str(plugin))
    for name in ("API_VERSION", "MEDIA_TYPES", "EXTENSIONS", "MEDIA_TYPE", "EXTENSION", "MODEL", "LOSSES"):
        if (value := getattr(made, name, None)) is not None:
            typer.echo(f"{name}\t{', '.join(value) if isinstance(value, tuple) else value}")
    for option in options(getattr(made, "OPTIONS", None)):
        typer.echo(f"--option {plugin.id}.{option.name}={option.type}\t{option.default}\t{option.meaning}")


@app.command("doctor", help=_("Load every plugin, run its example, and say what is amiss."))
def doctor(one: Some = None) -> None:
    """A line a plugin; exit with 1 where there is a fault."""
    from jixiao.authoring.doctor import examine, lacking_extras

    faults = count = 0
    plugins = []
    for plugin, wrong, notes in examine(one):
        count += 1
        plugins.append(plugin)
        faults += bool(wrong)
        typer.echo(say.one_line(_verdict(plugin, wrong, notes)))
    if not count:
        say.line(_("There is no plugin {name}.").format(name=one))
        raise typer.Exit(Exit.USAGE)
    for name, extra, packages in lacking_extras(plugins):
        lacks = ", ".join(packages)
        typer.echo(_("{name}[{extra}] is not installed: {lacks}").format(name=name, extra=extra, lacks=lacks))
    say.line(_("{count} plugins, {faults} with faults.").format(count=count, faults=faults))
    raise typer.Exit(Exit.FAILED if faults else Exit.OK)


def _verdict(plugin: Plugin, faults: list[str], notes: list[str]) -> str:
    said = "; ".join((*faults, *notes, *filter(None, (plugin.licence,))))
    verdict = _("fault") if faults else _("well")
    return f"{verdict}\t{plugin}" + (f": {said}" if said else "")


@app.command("new", help=_("Make a distribution with a working plugin, to begin one's own."))
def new(kind: Kind, name: Name) -> None:
    """Make the folder jixiao-NAME in the working folder."""
    from jixiao.authoring.scaffold import scaffold

    with say.ending(JixiaoError, Exit.USAGE):
        folder = scaffold(kind, name, Path())
    say.line(_("{folder} was made. Its README.md says how it is tested and installed.").format(folder=folder))
