"""jixiao convert"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from jixiao.cli import say
from jixiao.cli.declare import argument, option
from jixiao.cli.limit import Limit
from jixiao.cli.plugged import NoPlugin, Ocr, Options, plug, with_ocr
from jixiao.cli.progress import Told, shown
from jixiao.cli.wish import Codes, Draft, Encoding, OneFile, Profile, Values, wished
from jixiao.errors import BadUsage, Exit
from jixiao.messages import gettext as _

if TYPE_CHECKING:
    from jixiao.batch.inputs import Job, Plan
    from jixiao.batch.job import Order
    from jixiao.batch.run import Tell
    from jixiao.wish import Wish

Inputs = Annotated[list[str], argument(metavar="INPUT", help=_("Files, folders or patterns."))]
To = Annotated[str, option("--to", metavar="FORMAT", help=_("The format to write."))]
From = Annotated[
    str | None,
    option("--from", metavar="FORMAT", help=_("The format to read; else the content tells.")),
]
Output = Annotated[
    str | None,
    option(
        "--output",
        "-o",
        metavar="PATH",
        help=_("The file to write, a folder for several inputs, or - for the standard output."),
    ),
]
Strict = Annotated[bool, option("--strict", help=_("Exit with 3 for warnings too."))]
Force = Annotated[bool, option("--force", help=_("Replace outputs that are there already."))]
Jobs = Annotated[
    int | None,
    option(
        "--jobs",
        metavar="N",
        min=1,
        help=_("At most N documents at a time; else one more than there are cores."),
    ),
]
Quiet = Annotated[bool, option("--quiet", "-q", help=_("Tell of failures and the sum only."))]
Cluster = Annotated[
    str | None,
    option(
        "--cluster", metavar="ADDRESS", help=_("Convert on a dask cluster, such as tcp://scheduler:8786.")
    ),
]
Executor = Annotated[
    str | None,
    option(
        "--executor",
        metavar="NAME",
        help=_("How documents are run: local (in watched processes), serial (in this one), or a plugin."),
    ),
]
Report = Annotated[
    bool | None,
    option(
        "--report/--no-report",
        help=_("Write report.html, report.jsonl and worklist.xlsx; else where --output names a folder."),
    ),
]
Debug = Annotated[bool, option("--debug", help=_("Show where in the program an input failed."))]


def convert(
    inputs: Inputs,
    to: To,
    reader: From = None,
    output: Output = None,
    strict: Strict = False,
    force: Force = False,
    jobs: Jobs = None,
    limit: Limit = None,
    cluster: Cluster = None,
    executor: Executor = None,
    quiet: Quiet = False,
    report: Report = None,
    debug: Debug = False,
    profile: Profile = None,
    codes: Codes = None,
    values: Values = None,
    encoding: Encoding = None,
    draft: Draft = False,
    one_file: OneFile = False,
    no_plugin: NoPlugin = None,
    options: Options = None,
    ocr: Ocr = None,
) -> None:
    """Convert each input; the exit status is that of the contract."""
    from jixiao.batch.inputs import plan

    told, planned = Told(strict=strict), None
    try:
        plug(no_plugin, with_ocr(ocr, no_plugin, options) if ocr else options)
        wish = wished(profile, codes, values, encoding, draft)
        require_upload(wish, to)
        order = ordered(to, reader, force, debug, limit, wish)
        planned = plan(inputs, None if one_file else output, extension_of(to, reader))
        with shown(told, quiet=quiet, plan=planned) as tell:
            if one_file:
                _together(list(planned), output, order, tell)
            else:
                carry_out(planned, order, tell, jobs, cluster, executor)
    except BadUsage as error:
        say.line(str(error))
        raise SystemExit(Exit.USAGE) from error
    except KeyboardInterrupt as error:
        told.sum_up()
        interrupted(planned.home if planned else None)
        raise SystemExit(Exit.INTERRUPTED) from error
    told.sum_up()
    if planned.home is not None and not one_file and (bool(output) if report is None else report):
        write_reports(planned.home, force=force)
    raise SystemExit(told.status())


def ordered(
    to: str, reader: str | None, force: bool, debug: bool, limit: list[str] | None, wish: "Wish"
) -> "Order":
    from jixiao.batch.job import Order
    from jixiao.installed import in_force
    from jixiao.limits import limits
    from jixiao.messages import language

    return Order(
        to=to, reader=reader, force=force, debug=debug, wish=wish, limits=limits(limit or ()),
        plugins=in_force(), language=language(),
    )  # fmt: skip


def carry_out(
    plan: "Plan",
    order: "Order",
    tell: "Tell",
    jobs: int | None,
    cluster: str | None = None,
    executor: str | None = None,
) -> None:
    """Convert each by itself. Raises BadUsage; an executor that cannot be used ends the program."""
    from jixiao.batch.run import means, run
    from jixiao.errors import JixiaoError

    chosen = _executor(executor, "cluster" if cluster else None)
    try:
        run(plan, order, tell, executor=chosen, means=means(order, plan, jobs, cluster))
    except BadUsage:
        raise
    except JixiaoError as error:
        say.line(str(error))
        raise SystemExit(Exit.FAILED) from error


def _executor(name: str | None, otherwise: str | None) -> str:
    """The one that is named, or else comes first in jixiao.toml. Raises BadUsage where there is none."""
    from jixiao.plugins import EXECUTORS, KINDS, registry

    known, first = registry().names(EXECUTORS), registry().settings.first
    if name is not None and name not in known:
        raise BadUsage(
            "no-plugin",
            _("There is no executor {name}.").format(name=name),
            _("Choose one of: {names}.").format(names=", ".join(known)),
        )
    ordered = (one for one in known if f"{KINDS[EXECUTORS]}.{one}" in first)
    return name or otherwise or next(ordered, "local")


def interrupted(folder: Path | None) -> None:
    """What is said after Ctrl-C; with an output folder, how to go on and how to see what is done."""
    say.line(_("Interrupted."))
    if folder is not None:
        say.line(
            _("The same command goes on from here; jixiao report {path} shows what is done.").format(
                path=folder
            )
        )


def write_reports(folder: Path, *, force: bool = False, every: bool = False) -> None:
    """Write the reports and say where; what cannot be written ends the program."""
    from jixiao.batch.ledger import Ledger
    from jixiao.batch.report.place import PAGE
    from jixiao.batch.report.write import write_report
    from jixiao.errors import JixiaoError

    with say.ending(JixiaoError, Exit.FAILED), Ledger.open(folder) as ledger:
        moved = write_report(ledger, folder, force=force, every=every)
    for was, now in moved:
        say.line(_("{path} had been changed; it is kept as {name}.").format(path=was, name=now.name))
    say.line(_("Report: {path}").format(path=folder / PAGE))


def require_upload(wish: "Wish", to: str) -> None:
    """Raises BadUsage for what is wrong with the upload, whatever the inputs."""
    if wish.profile is not None:
        from jixiao.batch.upload import require

        require(wish, to)


def _together(jobs: "list[Job]", output: str | None, order: "Order", tell: "Tell") -> None:
    """Convert all to one file. Raises BadUsage; an output that cannot be written ends the program."""
    from jixiao.batch.together import needs_profile, together
    from jixiao.errors import JixiaoError

    if output is None or output in ("", "-"):
        raise needs_profile()
    try:
        outcomes, held = together(jobs, Path(output), order)
    except BadUsage:
        raise
    except JixiaoError as error:
        say.line(output, str(error))
        raise SystemExit(Exit.FAILED) from error
    for outcome in outcomes:
        tell(outcome)
    if held:
        say.line(output, held)


def extension_of(to: str, reader: str | None) -> str:
    """The file type of the format `to`. Raises BadUsage where it or `reader` is not known."""
    from jixiao.convert import Blame
    from jixiao.errors import JixiaoError
    from jixiao.plugins import READERS, WRITERS, registry

    for group, name in ((WRITERS, to), (READERS, reader)):
        known = registry().names(group)
        if name is not None and name not in known:
            raise BadUsage(
                "unknown-format",
                _("There is no format {name} in {group}.").format(name=name, group=group),
                _("Choose one of: {names}.").format(names=", ".join(known)),
            )
    try:
        with Blame(f"{WRITERS}/{to}"):
            return registry().writer(to).EXTENSION
    except JixiaoError:
        return to  # each input then fails, and says why
