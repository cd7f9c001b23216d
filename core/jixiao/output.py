"""Outputs appear whole or not at all: a temporary file in the same folder, flushed to the disk, renamed."""

import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from jixiao.errors import JixiaoError
from jixiao.messages import gettext as _
from jixiao.storage import is_remote, put

# What a file system says that knows no hard links (FAT, some network shares).
NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL, errno.EMLINK}
TEMPORARY = ".jixiao-*.tmp"


class BadOutput(JixiaoError):
    """The output cannot be written; that input has failed, others go on."""


def check(path: Path, *, force: bool) -> None:
    """Raises BadOutput where `write` would refuse, before anything is converted."""
    try:
        kind = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        if error.errno == errno.ELOOP:  # a link to itself is replaced as any other
            return
        raise failed(path, error) from error
    if stat.S_ISDIR(kind):
        raise BadOutput(
            "output-is-folder",
            _("The output {path} is a folder.").format(path=path),
            _("Name a file in it."),
        )
    if stat.S_ISREG(kind) and not force:
        raise _there_already(path)


def write(path: Path, data: bytes, *, force: bool = False, parents: bool = False) -> None:
    """Put the whole of `data` at `path`; with `parents`, make the folders above it.

    Raises BadOutput: `output-exists` where a file is there and not `force`, `output-is-folder`,
    `output-failed` for what the system refuses. What was at `path` then is as it was.
    """
    check(path, force=force)
    try:
        if parents:
            path.parent.mkdir(parents=True, exist_ok=True)
        if is_remote(path):
            put(path, data)
        elif path.exists() and not path.is_file():  # a device or pipe holds nothing that could be replaced
            path.write_bytes(data)
        else:
            _write_file(path, data, force)
    except FileExistsError as error:
        raise _there_already(path) from error
    except OSError as error:
        raise failed(path, error) from error


@contextmanager
def opened(path: Path, *, force: bool = False, aside: Path | None = None) -> Iterator[BinaryIO]:
    """A stream that can be read back; what is in it stands at `path` when the block ends, unless it raises.

    Meanwhile it stands in the same folder, or in `aside` of the same disk. Raises BadOutput as `write`.
    """
    check(path, force=force)
    try:
        with _whole(path, force, aside) as stream:
            yield stream
    except FileExistsError as error:
        raise _there_already(path) from error
    except OSError as error:
        raise failed(path, error) from error


def takes_file(path: Path) -> bool:
    """Whether a file can be given this name: its folder is there, and nothing but a file under it."""
    return path.parent.is_dir() and (path.is_file() or not path.exists())


def temporary(path: Path) -> Path:
    """A name in the same folder for what is begun: short, whatever the name's length."""
    return path.with_name(TEMPORARY.replace("*", os.urandom(8).hex()))


def begin(begun: Path, data: bytes) -> None:
    """Write a whole file under a temporary name, and make the folders above it. Raises BadOutput."""
    try:
        begun.parent.mkdir(parents=True, exist_ok=True)
        with begun.open("wb") as stream:  # a process that died may have begun it
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise failed(begun.parent, error) from error


def finish(begun: Path, path: Path, *, force: bool) -> None:
    """Give a file that was begun its name. Raises BadOutput as `write` does."""
    try:
        _commit(begun, path, force)
    except OSError as error:
        check(path, force=force)
        raise _there_already(path) if isinstance(error, FileExistsError) else failed(path, error) from error


def write_stdout(data: bytes) -> None:
    """The bytes and nothing else to the standard output. Raises BadOutput `output-failed`."""
    try:
        with os.fdopen(sys.stdout.fileno(), "wb", closefd=False) as stream:
            stream.write(data)
    except OSError as error:
        raise failed("-", error) from error


def remove(path: Path) -> None:
    """Take a file away that says what is so no longer. Raises BadOutput `output-failed`."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise failed(path, error) from error


def sweep(folder: Path) -> None:
    """Take away what a run that was killed had begun to write below the folder."""
    for begun in () if is_remote(folder) else folder.rglob(TEMPORARY):
        with suppress(OSError):
            begun.unlink()


def failed(path: Path | str, error: OSError) -> BadOutput:
    """The system does not let the output be written."""
    return BadOutput(
        "output-failed",
        _("The output {path} cannot be written: {reason}.").format(path=path, reason=error.strerror or error),
        _("Check that its folder is there, that you may write in it, and that the disk has room."),
    )


def _write_file(path: Path, data: bytes, force: bool) -> None:
    with _whole(path, force) as stream:
        stream.write(data)


@contextmanager
def _whole(path: Path, force: bool, aside: Path | None = None) -> Iterator[BinaryIO]:
    """A new file, there or in `aside`, that gets its name when the block ends, and is gone if it raises."""
    begun = temporary(aside / path.name if aside else path)
    try:
        with begun.open("x+b") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        _commit(begun, path, force)
    finally:
        with suppress(FileNotFoundError):
            begun.unlink()


def _commit(begun: Path, path: Path, force: bool) -> None:
    """Give the file its name; a link, unlike a rename, never takes the place of one that came meanwhile."""
    if not force:
        try:
            path.hardlink_to(begun)
        except OSError as error:
            if error.errno not in NO_LINKS:
                raise
            check(path, force=False)
        else:
            return
    begun.replace(path)


def _there_already(path: Path) -> BadOutput:
    return BadOutput(
        "output-exists",
        _("The output {path} is there already.").format(path=path),
        _("Choose another name, or replace it with --force."),
    )
