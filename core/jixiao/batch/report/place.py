"""Where the reports stand, and which files of an output folder are reports: OUT/.jixiao/reports.json says.

A report takes the place of an earlier one and of nothing else. One that was changed meanwhile, such as a
worklist that somebody has filled in, is first given another name.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from jixiao import output
from jixiao.batch.ledger import FOLDER

LINES, PAGE, WORKLIST = "report.jsonl", "report.html", "worklist.xlsx"
RESERVED = (LINES, PAGE, WORKLIST)
"""Names at the top of an output folder that no output is given."""
_KNOWN = "reports.json"
_MOST = 1024 * 1024
"""Bytes of it that are read: it may stand in a folder of inputs, and be anybody's."""


class Places:
    """The reports of one output folder; `moved` says which were given another name, and which."""

    def __init__(self, folder: Path, *, force: bool = False) -> None:
        self.folder, self.force = folder, force
        self.moved: list[tuple[Path, Path]] = []
        self._known = _known(folder)

    @contextmanager
    def opened(self, name: str) -> Iterator[BinaryIO]:
        """A stream whose content then stands under that name. Raises BadOutput where another file does."""
        path = self.folder / name
        there = _digest(path) if path.is_file() else None
        ours = name in self._known
        if there is not None and there == self._known.get(_coming(name)):  # killed before it said more
            ours = True
        elif there is not None and ours and there != self._known[name]:
            self._move(path)
        aside = self.folder / FOLDER
        aside.mkdir(exist_ok=True)
        with output.opened(path, force=self.force or ours, aside=aside) as stream:
            yield stream
            stream.seek(0)
            digest = _sha256(stream)
            self._remember(_coming(name), digest)
        self._known.pop(_coming(name))
        self._remember(name, digest)

    def _move(self, path: Path) -> None:
        number, free = 1, path
        while free.exists():
            free = path.with_stem(f"{path.stem}-{number}")
            number += 1
        try:
            path.rename(free)
        except OSError as error:
            raise output.failed(free, error) from error
        self.moved.append((path, free))
        self._remember(free.name, None)

    def _remember(self, name: str, digest: str | None) -> None:
        self._known[name] = digest
        output.write(
            self.folder / FOLDER / _KNOWN, msgspec.json.encode(self._known), force=True, parents=True
        )


def reports_in(folder: Path) -> frozenset[str]:
    """The names of the files in a folder that are reports, and so no inputs."""
    return frozenset(_known(folder))


def _known(folder: Path) -> dict[str, str | None]:
    path = folder / FOLDER / _KNOWN
    if not path.is_file():  # a pipe would be waited for
        return {}
    try:
        with path.open("rb") as stream:
            return msgspec.json.decode(stream.read(_MOST), type=dict[str, str | None])
    except (OSError, msgspec.DecodeError):
        return {}


def _coming(name: str) -> str:
    """Under which is known what is about to be given that name."""
    return f"{name}~"


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return _sha256(stream)


def _sha256(stream: Any) -> str:
    import hashlib  # costs start-up time

    return str(hashlib.file_digest(stream, "sha256").hexdigest())
