"""What is signed off, as files: of each source its signed sheets, or all of them as one file of a profile."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePath

import msgspec

from jixiao.batch.names import distinct
from jixiao.batch.upload import Uploader
from jixiao.convert import Blame, write
from jixiao.errors import BadInput
from jixiao.findings import said
from jixiao.messages import gettext as _
from jixiao.model import Reading, Sheet
from jixiao.passes import before_write
from jixiao.plugins import WRITERS, registry
from jixiao.review.desk import Desk
from jixiao.review.queue import Queue
from jixiao.wish import Wish


def export(desk: Desk, queue: Queue, to: str, wish: Wish, out: Path) -> None:
    """A zip, written to `out`. Raises BadInput where nothing is signed off, or a system would refuse it."""
    queue.wait()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        if wish.profile is None:
            _each(desk, queue, to, packed)
        else:
            _together(desk, queue, to, wish, packed)
        if not packed.namelist():
            raise BadInput(
                "nothing-signed", _("No sheet is signed off."), _("Sign off what is right, then export it.")
            )


def signed(desk: Desk, queue: Queue) -> Iterator[tuple[str, Reading]]:
    """Of each source that has any, its name and the reading of the sheets whose sign-off holds."""
    for target in dict.fromkeys(queue.target(row.input) for row in queue.sheets("signed")):
        known = desk.known(target) if target else None
        if known is None:
            continue
        held = [
            s for k, s in enumerate(known.reading.sheets) if known.signatures.get(k, ("",))[0] == "signed"
        ]
        if held:
            yield known.record.source, msgspec.structs.replace(known.reading, sheets=tuple(held))


def _each(desk: Desk, queue: Queue, to: str, packed: zipfile.ZipFile) -> None:
    with Blame(f"{WRITERS}/{to}"):
        extension = registry().writer(to).EXTENSION
    sources = list(dict.fromkeys(row.source for row in queue.sheets("signed")))
    named = dict(zip(sources, distinct([PurePath(s) for s in sources], extension), strict=True))
    for source, reading in signed(desk, queue):
        packed.writestr(named[source].as_posix(), write(reading, to))


def _together(desk: Desk, queue: Queue, to: str, wish: Wish, packed: zipfile.ZipFile) -> None:
    uploader, out = Uploader(wish), io.BytesIO()
    if not any(True for _row in queue.sheets("signed")):
        return
    uploader.write(_sheets(desk, queue, to), to, out)
    if uploader.errors:
        told = [f"{number}. {said(one)}" for number, one in uploader.findings if one.severity == "error"]
        raise BadInput("profile-refused", " ".join(told[:5]), _("Settle these, then export again."))
    with Blame(f"{WRITERS}/{to}"):
        packed.writestr(
            f"{PurePath(wish.profile or '').name}.{registry().writer(to).EXTENSION}", out.getvalue()
        )


def _sheets(desk: Desk, queue: Queue, to: str) -> Iterator[Sheet]:
    for _source, reading in signed(desk, queue):
        yield from before_write(reading, to).sheets
