"""The file beside the source: found, read, written whole, and never over what somebody else has written."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec

from jixiao import output
from jixiao.corrections.model import Correction, Corrections, Origin
from jixiao.digest import sha256
from jixiao.errors import BadInput
from jixiao.messages import gettext as _
from jixiao.model import Struct
from jixiao.output import BadOutput
from jixiao.storage import is_remote

Kind = TypeVar("Kind", bound=Struct)
ENDING = ".fixes.json"
SIGNED = ".signed.json"
"""Ending of the file that says who signed off which sheets."""
SHORT_HASH = 8  # characters of it in the name of a file that is set aside
LONGEST = 255
"""Bytes of a name that file systems take."""
MOST = 64 * 1024 * 1024


class Conflict(BadOutput):
    """Somebody else has corrected the same source meanwhile: look again, then correct again."""


def is_corrections(name: str) -> bool:
    """Whether a file of that name is kept beside a source, corrections or sign-offs, and is no input."""
    return name.endswith((ENDING, SIGNED))


def beside(source: Path, ending: str = ENDING) -> Path:
    """Where the corrections of a source stand, or its file of another ending, whether or not there are any.

    A name that would be longer than file systems take is cut and gets a hash of the whole.
    """
    name = os.fsencode(source.name)
    if len(name) + len(ending) > LONGEST:
        mark = f"~{sha256(name)[:SHORT_HASH]}{ending}"
        return source.with_name(name[: LONGEST - len(mark)].decode(errors="ignore") + mark)
    return source.with_name(source.name + ending)


class Seen(NamedTuple):
    """What stands beside a source at one time; both None where nothing does."""

    corrections: Corrections | None
    revision: str | None


def load(source: Path) -> Seen:
    """The corrections beside a source, and their revision. Raises BadInput `damaged-corrections`."""
    return seen(stored(source), beside(source).name)


def fresh(source: Path, held: Seen) -> Seen:
    """What stands beside a source, `held` where that has not changed. Raises BadInput."""
    data = stored(source)
    return held if revision(data) == held.revision else seen(data, beside(source).name)


def seen(data: bytes | None, name: str = "") -> Seen:
    """What `stored` gave, read. Raises BadInput `damaged-corrections`."""
    return Seen(None if data is None else decode(data, name), revision(data))


def revision(data: bytes | None) -> str | None:
    """The SHA-256 of what `stored` gave, None for none."""
    return None if data is None else sha256(data)


def save(source: Path, corrections: Corrections, based_on: str | None) -> str:
    """Write them, and give their revision. `based_on` is the revision that the person saw.

    Corrections of an earlier version of the source are set aside under a name of their own.
    Raises Conflict where there is another revision now, BadOutput where the file cannot be written.
    """
    target, data = beside(source), encode(corrections)
    with alone(target.parent):
        there = stored(source)
        if revision(there) != based_on:
            raise Conflict(
                "corrected-meanwhile",
                _("{path} has been changed meanwhile by somebody else.").format(path=target),
                _("Look at the file again, then correct it again."),
            )
        if (
            there
            and based_on
            and _decoded(there, target.name, _Head).source.sha256 != corrections.source.sha256
        ):
            aside = beside(source, f".{based_on[:SHORT_HASH]}{ENDING}")
            output.write(aside, there, force=True)
        output.write(target, data, force=True)
    return sha256(data)


def encode(corrections: Corrections) -> bytes:
    """The file's bytes: JSON that people can read, keys without content left out."""
    held = {name: getattr(corrections, name) for name in ("format", "version", "source")}
    head = msgspec.json.encode(_bare(msgspec.to_builtins(held)))
    log = b",".join(map(_entry, corrections.corrections))
    return msgspec.json.format(head[:-1] + b',"corrections":[' + log + b"]}", indent=1) + b"\n"


@lru_cache(maxsize=4096)
def _entry(one: Correction) -> bytes:
    """A correction as it is written; most were written before, with the ones that came later."""
    return msgspec.json.encode(_bare(msgspec.to_builtins(one)))


class _Head(Struct, kw_only=True):
    """What is looked at before a file is written over: the rest is passed over."""

    source: Origin


def decode(data: bytes, name: str = "") -> Corrections:
    """Raises BadInput `damaged-corrections`."""
    return _decoded(data, name, Corrections)


def _decoded(data: bytes, name: str, kind: type[Kind]) -> Kind:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput(
            "damaged-corrections",
            _("The corrections in {path} cannot be read ({reason}).").format(path=name, reason=error),
            _("Put the file right, or move it away and correct the sheet again."),
        ) from error


def stored(source: Path) -> bytes | None:
    """The file beside a source, None where there is none. Raises BadInput `damaged-corrections`.

    A pipe or device in its place is not read: it might have no end.
    """
    path = beside(source)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        with path.open("rb") as stream:
            return stream.read(MOST)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BadInput(
            "damaged-corrections",
            _("The corrections in {path} cannot be read ({reason}).").format(
                path=path.name, reason=error.strerror or error
            ),
            _("Check that you may read the file."),
        ) from error


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One writer at a time in a folder, where the system knows such locks (not on Windows, and not behind a
    URL: there the gap between looking and writing is a few milliseconds)."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    if is_remote(folder):
        yield
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise output.failed(folder, error) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _bare(value: object) -> object:
    if isinstance(value, dict):
        return {k: _bare(v) for k, v in value.items() if v not in (None, [], ())}
    return [_bare(v) for v in value] if isinstance(value, list | tuple) else value
