"""One document, from bytes to bytes."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from jixiao import __version__
from jixiao.digest import sha256
from jixiao.document import Document, Section
from jixiao.errors import BadInput, over_limit
from jixiao.head import Head
from jixiao.hookspecs import SectionReader
from jixiao.limits import Limits
from jixiao.messages import gettext as _
from jixiao.model import Finding, Reading, Source
from jixiao.passes import after_interpret, after_read, before_write, checked
from jixiao.plugins import READERS, WRITERS, Blame, Guest, registry
from jixiao.upload import mark_of, marked

if TYPE_CHECKING:
    from jixiao.corrections import Corrections
    from jixiao.hookspecs import Reader
    from jixiao.interpret import Explained


def read(
    data: bytes,
    name: str | None = None,
    *,
    reader: str | None = None,
    limits: Limits | None = None,
    profile: str | None = None,
    fixes: "Corrections | None" = None,
) -> Reading:
    """What a file says. `reader` names one, otherwise the content tells; so it does for a profile's records,
    unless theirs is not installed: `profile` then names its folder. `fixes` are made in what was read.

    Raises BadInput where it cannot be read, PluginError where a plugin is missing or breaks. A file
    without any sheet gives a Reading without sheets that carries a `no-sheet` finding.
    """
    plain = _plain(data, profile, limits)
    chosen = _chosen(plain, name, reader)
    form = _by_sections(chosen, plain, limits)
    whole = form or _whole(chosen, plain, limits)
    is_form = form is not None or (isinstance(whole, Document) and mark_of(whole) is None)
    result = _meant(whole, profile) if isinstance(whole, Document) else whole
    if form is not None or isinstance(whole, Document):
        source = Source(
            name=None if name is None else printable(name),
            sha256=sha256(data),
            media_type=chosen.MEDIA_TYPES[0],
            reader=chosen.NAME,
            reader_version=_version(chosen.NAME),
        )
        result = msgspec.structs.replace(result, source=source)
    if fixes is not None:
        from jixiao.corrections import apply  # draws in interpret: costs start-up time

        result = apply(result, fixes, sha256(data))
    return checked(result) if is_form else result


def _version(reader: str) -> str:
    """That of jixiao for what is built in, else that of the reader's distribution."""
    plugin = registry().plugin(READERS, reader)
    return __version__ if plugin.builtin else plugin.version


def _plain(data: bytes, profile: str | None, limits: Limits | None) -> bytes:
    """XML in the shape that a profile's stylesheet gave it, in the profile's own; anything else as it is."""
    if profile is None:
        return data
    from jixiao.profiles import load, undone

    back = load(profile).back
    return data if back is None or not data else undone(back, data, limits or Limits())


def _by_sections(chosen: "Reader", data: bytes, limits: Limits | None) -> Reading | None:
    """What a form says, no more of it held than a section. None where the whole is wanted: its reader gives
    no less, filters are there to see it, or it holds records.
    """
    if not isinstance(chosen, SectionReader) or any(True for _filter in registry().filters()):
        return None
    from jixiao.interpret import interpret_parts

    records: list[Section] = []

    def forms() -> Iterator[Section | Finding]:
        for part in _parts(chosen, data, limits or Limits()):
            if isinstance(part, Section) and marked(part) is not None:
                records.append(part)
                return
            yield part

    reading = interpret_parts(forms())
    return None if records else reading


def _parts(chosen: SectionReader, data: bytes, limits: Limits) -> Iterator[Section | Finding]:
    """What the reader gives, each part asked for under its own name."""
    plugin = registry().plugin(READERS, chosen.NAME)
    with Guest(plugin):
        parts = iter(chosen.parts(data, limits))
    while True:
        with Guest(plugin):
            part = next(parts, None)
            if not isinstance(part, Section | Finding | None):
                raise TypeError(f"parts gave {type(part).__name__}, not Section or Finding")
        if part is None:
            return
        yield part


def _meant(document: Document, profile: str | None) -> Reading:
    """What a document says: as a form, or as records of a profile."""
    if (mark := mark_of(document)) is not None:
        from jixiao.profiles import known, reading

        return reading(document, known(mark, profile))
    from jixiao.interpret import interpret

    return after_interpret(interpret(document))


def explained(
    data: bytes, name: str | None = None, *, reader: str | None = None, fixes: "Corrections | None" = None
) -> list["Explained"]:
    """The sheets of a file, each with how the cells of its indicators were read; `fixes` are made in them.

    Raises as `read`, and BadInput where the format itself says what its parts mean.
    """
    from jixiao.interpret import explain

    chosen, result = parsed(data, name, reader, None)
    if not isinstance(result, Document):
        raise BadInput(
            "nothing-to-explain",
            _("The format {name} says itself what its parts mean.").format(name=chosen.NAME),
            _("Explain the file it was made from."),
        )
    made = explain(result)
    if fixes is None or not made:
        return made
    from jixiao.corrections import apply

    fixed = apply(Reading(sheets=tuple(one.sheet for one in made)), fixes, sha256(data))
    first = msgspec.structs.replace(fixed.sheets[0], findings=(*fixed.findings, *fixed.sheets[0].findings))
    return [one._replace(sheet=s) for one, s in zip(made, (first, *fixed.sheets[1:]), strict=True)]


def parsed(
    data: bytes, name: str | None, reader: str | None, limits: Limits | None
) -> tuple["Reader", Document | Reading]:
    """The reader that the content or `reader` names, and what it read. Raises as `read`."""
    chosen = _chosen(data, name, reader)
    return chosen, _whole(chosen, data, limits)


def _chosen(data: bytes, name: str | None, reader: str | None) -> "Reader":
    if not data:
        raise BadInput("empty-file", _("The file is empty."), _("Get it again from where it came."))
    plugins = registry()
    return plugins.reader(reader) if reader else plugins.reader_for(Head(data, name))


def _whole(chosen: "Reader", data: bytes, limits: Limits | None) -> Document | Reading:
    """What the reader gives of the whole content, a Document as the filters leave it."""
    with Guest(registry().plugin(READERS, chosen.NAME)):
        result = chosen.read(data, limits or Limits())
        if not isinstance(result, Document | Reading):
            raise TypeError(f"read returned {type(result).__name__}, not Document or Reading")
    return after_read(result) if isinstance(result, Document) else result


def read_file(
    path: Path, *, reader: str | None = None, limits: Limits | None = None, profile: str | None = None
) -> Reading:
    """`read` of a file, within the limits, with the corrections that stand beside it.

    Raises BadInput, also where it cannot be opened.
    """
    from jixiao.corrections import load

    limits = limits or Limits()
    data, fixes = read_bytes(path, limits), load(path).corrections
    return read(data, path.name, reader=reader, limits=limits, profile=profile, fixes=fixes)


def read_bytes(path: Path, limits: Limits) -> bytes:
    """What is in a file. Raises BadInput where it cannot be opened or is too large."""
    try:
        with path.open("rb") as stream:
            data = stream.read(limits.size + 1)
    except OSError as error:
        raise unreadable(error) from error
    if len(data) > limits.size:
        raise over_limit("size", max(len(data), path.stat().st_size), limits.size)
    return data


def write(reading: Reading, to: str) -> bytes:
    """The file in the format `to`. Raises PluginError where the writer is missing or breaks."""
    registry().writer(to)  # a format that is not there is said before any filter is asked
    return written(before_write(reading, to), to)


def written(reading: Reading, to: str) -> bytes:
    """As `write`, of a reading that has passed the filters."""
    plugins = registry()
    writer = plugins.writer(to)
    model: Reading | Document = reading
    if writer.MODEL != "reading":
        from jixiao.layout import layout

        model = layout(reading)
    with Guest(plugins.plugin(WRITERS, to)):
        data = writer.write(model)
        if not isinstance(data, bytes):
            raise TypeError(f"write returned {type(data).__name__}, not bytes")
    return data


def unreadable(error: OSError) -> BadInput:
    """The system does not let the file be read."""
    return BadInput(
        "unreadable",
        _("The file cannot be read: {reason}.").format(reason=error.strerror or error),
        _("Check its name and that you may read it."),
    )


def printable(name: str) -> str:
    """A file name as text: what is no character in it (a byte of another encoding) as an escape.

    >>> printable("\\udcd0.txt")
    '\\\\udcd0.txt'
    """
    return name.encode("utf-8", "backslashreplace").decode()


__all__ = [
    "Blame", "explained", "parsed", "printable", "read", "read_bytes", "read_file", "unreadable", "write",
    "written",
]  # fmt: skip
