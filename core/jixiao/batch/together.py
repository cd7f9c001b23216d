"""All inputs as one file of a profile: read one after the other, never held together."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from jixiao import output
from jixiao.batch.inputs import Job
from jixiao.batch.job import Order
from jixiao.batch.outcome import Outcome
from jixiao.batch.run import takes_input
from jixiao.batch.upload import Uploader, withheld
from jixiao.convert import Blame, read_file
from jixiao.errors import BadUsage, JixiaoError
from jixiao.findings import finding
from jixiao.messages import gettext as _
from jixiao.model import Finding, Sheet
from jixiao.passes import before_write
from jixiao.wish import Wish, for_input

TOLD = ("warning", "error")
REFUSED = "schema-refused"
"""It is of the whole file, and found when all inputs have had their say."""


class Held(Exception):
    """The file is not to stand: what has been written of it goes."""


def together(jobs: Sequence[Job], target: Path, order: Order) -> tuple[list[Outcome], str | None]:
    """The outcome of each input, and why nothing was written, None where it was.

    Raises BadUsage where the inputs are not of one profile and one group of settings, or BadOutput.
    """
    if not jobs:
        return [], None
    if target.resolve() in {job.source.resolve() for job in jobs}:
        raise takes_input(target)
    uploader = Uploader(_wish(jobs, order))
    outcomes: list[Outcome] = []
    held = None
    try:
        with output.opened(target, force=order.force) as out:
            uploader.write(_sheets(jobs, target, order, uploader, outcomes), order.to, out)
            refused = [one for one in uploader.findings if one[1].code == REFUSED]
            if refused:
                last = outcomes[-1]
                outcomes[-1] = msgspec.structs.replace(last, findings=(*last.findings, *refused))
            if any(one.code for one in outcomes):
                held = _("An input failed, so that the one file would lack it: nothing was written.")
            elif uploader.errors and not uploader.wish.draft:
                held = withheld()
            if held:
                raise Held
    except Held:
        pass
    return outcomes, held


def _wish(jobs: Sequence[Job], order: Order) -> Wish:
    wishes = {for_input(job.source, order.wish) for job in jobs}
    wish = wishes.pop()
    if wishes:
        raise BadUsage(
            "many-settings",
            _("The inputs of one file have different profiles or settings in their project files."),
            _("Give them on the command line, or convert the folders one by one."),
        )
    if wish.profile is None:
        raise needs_profile()
    return wish


def needs_profile() -> BadUsage:
    """One file of many inputs, without saying which or of what."""
    return BadUsage(
        "one-file",
        _("One file for all inputs needs a profile and --output FILE."),
        _("Name both, for example --profile pm-perf --output all.xml."),
    )


def _sheets(
    jobs: Sequence[Job], target: Path, order: Order, uploader: Uploader, outcomes: list[Outcome]
) -> Iterator[Sheet]:
    """The sheets of all inputs; an input's outcome follows its last sheet, findings of `info` left out."""
    for job in jobs:
        before, findings = uploader.sheets, uploader.findings
        findings.clear()
        code = said = None
        try:
            with Blame("jixiao"):
                if job.refusal is not None:
                    raise job.refusal
                reading = read_file(
                    job.source, reader=order.reader, limits=order.limits, profile=uploader.wish.profile
                )
                reading = before_write(reading, order.to)
        except JixiaoError as error:
            code, said = error.code, str(error)
        else:
            yield from reading.sheets
            if not reading.sheets:
                code, said = "no-sheet", finding("no-sheet").message
        told: list[tuple[int | None, Finding]] = [
            (number - before, one) for number, one in findings if one.severity in TOLD
        ]
        outcomes.append(
            Outcome(source=str(job.source), target=str(target), code=code, said=said, findings=tuple(told))
        )
