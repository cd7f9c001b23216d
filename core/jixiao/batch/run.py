"""Doing the jobs, each by itself: whatever one input does, the others are converted."""

import io
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from jixiao import output
from jixiao.batch.inputs import Job
from jixiao.batch.outcome import Outcome
from jixiao.convert import Blame, printable, read_file, write
from jixiao.errors import JixiaoError
from jixiao.findings import finding
from jixiao.installed import Settings, in_force, use
from jixiao.limits import Limits
from jixiao.messages import gettext as _
from jixiao.model import Finding, Reading, Struct
from jixiao.output import BadOutput
from jixiao.wish import Wish, for_input

PRINTED_WITHOUT_SHEET = (
    "json"  # contract: an input without a sheet has failed; as JSON it is shown all the same
)


class Order(Struct, frozen=True, kw_only=True):
    """What is wanted of every job; `reader` None lets the content tell."""

    to: str
    reader: str | None = None
    force: bool = False
    limits: Limits = Limits()
    debug: bool = False
    wish: Wish = Wish()
    plugins: Settings = msgspec.field(default_factory=in_force)


def run(jobs: Iterable[Job], order: Order) -> Iterator[Outcome]:
    """The outcomes, one a job, in the order of the jobs. KeyboardInterrupt passes through."""
    jobs = list(jobs)
    sources = {job.source.resolve() for job in jobs}
    return (convert_one(job, order, sources) for job in jobs)


def convert_one(job: Job, order: Order, sources: Iterable[Path] = ()) -> Outcome:
    """Convert one input; no output takes the place of one of `sources`. Errors are in the outcome."""
    use(order.plugins)
    findings: tuple[tuple[int | None, Finding], ...] = ()
    held: str | None = None
    target = None if job.target is None else str(job.target)
    try:
        with Blame("jixiao"):
            _refuse(job, order, sources)
            wish = for_input(job.source, order.wish)
            profile = wish.profile
            reading = read_file(job.source, reader=order.reader, limits=order.limits, profile=profile)
            findings = tuple(_numbered(reading))
            if reading.sheets and profile is not None and _holds_records(order.to):
                findings, held = _upload(reading, job, order, wish)
            elif reading.sheets or order.to == PRINTED_WITHOUT_SHEET:
                _deliver(write(reading, order.to), job, order)
    except JixiaoError as error:
        return Outcome(
            source=str(job.source), target=target, code=error.code, said=str(error), findings=findings,
            trace=_trace(error) if order.debug else None,
        )  # fmt: skip
    if not reading.sheets:
        said = finding("no-sheet").message
        return Outcome(source=str(job.source), target=target, code="no-sheet", said=said, findings=findings)
    return Outcome(source=str(job.source), target=target, findings=findings, said=held)


def _holds_records(to: str) -> bool:
    from jixiao.batch.upload import holds_records  # only with a profile: it costs start-up time

    return holds_records(to)


def _upload(
    reading: Reading, job: Job, order: Order, wish: Wish
) -> tuple[tuple[tuple[int | None, Finding], ...], str | None]:
    """Write a profile's file, or say why not; the findings as the profile sees them."""
    from jixiao.batch.upload import Uploader, withheld

    uploader, out = Uploader(wish), io.BytesIO()
    uploader.write(reading.sheets, order.to, out)
    findings = (*((None, f) for f in reading.findings), *uploader.findings)
    if uploader.errors and not wish.draft:
        return findings, withheld()
    _deliver(out.getvalue(), job, order)
    return findings, None


def _refuse(job: Job, order: Order, sources: Iterable[Path]) -> None:
    """Raise what is known before the input is read."""
    if job.refusal is not None:
        raise job.refusal
    if job.target is None:
        return
    refuse_input(job.target, sources)
    output.check(job.target, force=order.force)


def refuse_input(target: Path, sources: Iterable[Path]) -> None:
    """Raises BadOutput where the output is one of the inputs."""
    if target.resolve() in sources:
        raise BadOutput(
            "output-is-input",
            _("The output {path} would take the place of an input.").format(path=target),
            _("Choose another name or folder with --output."),
        )


def _deliver(data: bytes, job: Job, order: Order) -> None:
    if job.target is None:
        output.write_stdout(data)
    else:
        output.write(job.target, data, force=order.force, parents=job.mirrored)


def _numbered(reading: Reading) -> Iterator[tuple[int | None, Finding]]:
    yield from ((None, f) for f in reading.findings)
    for number, sheet in enumerate(reading.sheets, 1):
        yield from ((number, f) for f in sheet.findings)


def _trace(error: JixiaoError) -> str:
    import traceback

    return printable("".join(traceback.format_exception(error)))
