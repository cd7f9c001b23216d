"""jixiao watch"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jixiao.cli import say
from jixiao.cli.convert import (
    Debug,
    Executor,
    From,
    Jobs,
    Quiet,
    Report,
    To,
    carry_out,
    extension_of,
    interrupted,
    ordered,
    require_upload,
    write_reports,
)
from jixiao.cli.limit import Limit
from jixiao.cli.plugged import NoPlugin, Options, plug
from jixiao.cli.progress import Told, shown
from jixiao.cli.wish import Codes, Draft, Encoding, Profile, Values, wished
from jixiao.errors import BadUsage, Exit
from jixiao.messages import gettext as _

if TYPE_CHECKING:
    from jixiao.batch.inputs import Plan

Inbox = Annotated[str, typer.Argument(metavar="INBOX", help=_("The folder in which files arrive."))]
Output = Annotated[str, typer.Option("--output", "-o", metavar="PATH", help=_("The folder to write to."))]
Every = Annotated[
    float,
    typer.Option(
        "--every",
        metavar="SECONDS",
        min=0.1,
        help=_("How often to look; what has not changed since the last look is converted."),
    ),
]
Rounds = Annotated[
    int | None,
    typer.Option("--rounds", metavar="N", min=1, help=_("End after N looks; else Ctrl-C ends it.")),
]


def watch(
    inbox: Inbox,
    to: To,
    output: Output,
    every: Every = 5.0,
    rounds: Rounds = None,
    reader: From = None,
    jobs: Jobs = None,
    limit: Limit = None,
    executor: Executor = None,
    quiet: Quiet = False,
    report: Report = None,
    debug: Debug = False,
    profile: Profile = None,
    codes: Codes = None,
    values: Values = None,
    encoding: Encoding = None,
    draft: Draft = False,
    no_plugin: NoPlugin = None,
    options: Options = None,
) -> None:
    """Convert what arrives, once it has stopped growing; the exit status is that of all."""
    from jixiao.batch import watch as watching
    from jixiao.batch.asked import forget
    from jixiao.batch.inputs import plan
    from jixiao.installed import tell as note

    told = Told()
    try:
        plug(no_plugin, options)
        wish = wished(profile, codes, values, encoding, draft)
        require_upload(wish, to)
        order = ordered(to, reader, False, debug, limit, wish)
        if not Path(inbox).is_dir():
            raise BadUsage(
                "no-folder", _("There is no folder {path}.").format(path=inbox), _("Make it first.")
            )
        planned = plan([inbox], output, extension_of(to, reader))

        def run(settled: Plan) -> None:
            forget()
            try:
                with shown(told, quiet=quiet) as tell:
                    carry_out(settled, order, tell, jobs, executor=executor)
            except BadUsage as error:
                if error.code != "folder-in-use":
                    raise
                note(str(error))  # what has come is still there at the next look

        def rest() -> None:
            if planned.home is not None and report is not False:
                with suppress(SystemExit):  # it was said why; the next files are converted all the same
                    write_reports(planned.home, every=True)

        watching.watch(planned, every, run, rest, rounds=rounds)
    except BadUsage as error:
        say.line(str(error))
        raise typer.Exit(Exit.USAGE) from error
    except KeyboardInterrupt as error:
        told.sum_up()
        interrupted(Path(output))
        raise typer.Exit(Exit.INTERRUPTED) from error
    told.sum_up()
    raise typer.Exit(told.status())
