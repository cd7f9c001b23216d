"""Which files the command line means, found folder by folder, so that the first is there at once."""

import heapq
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePath
from typing import NamedTuple

from jixiao.batch.ledger import Ledger, written
from jixiao.batch.names import Named, key, named, safe_folder, stem
from jixiao.batch.report.place import RESERVED, reports_in
from jixiao.convert import unreadable
from jixiao.corrections import is_corrections
from jixiao.errors import BadInput, BadUsage
from jixiao.limits import FILE
from jixiao.messages import gettext as _
from jixiao.storage import StoreErrors, below, entry, is_remote, listed, location, place, real

STDOUT = "-"


class Job(NamedTuple):
    """One input and its output (None: standard output); `refusal` where it is known beforehand to fail.

    `relative` is the input's path below the inputs, `name` the output's below the output folder; without an
    output folder both are None.
    """

    source: Path
    target: Path | None
    refusal: BadInput | None = None
    relative: PurePath | None = None
    name: PurePath | None = None

    @property
    def mirrored(self) -> bool:
        """Whether the folders above the output are to be made."""
        return self.relative is not None


class Found(NamedTuple):
    source: Path
    relative: PurePath
    refusal: BadInput | None = None


class Root(NamedTuple):
    """A folder that is searched: where, and its path below the inputs; `given` is the input it is of.

    `out` is the output folder where it stands in that: what jixiao wrote there is no input.
    """

    path: Path
    relative: PurePath
    given: Path
    out: Path | None = None


class Plan:
    """The jobs in the order of their folders, found while they are done; no two of one target, none twice.

    `folder` is the output folder, None where there is one input and one output. Iterate it for the jobs.
    """

    def __init__(self, folder: Path | None, extension: str, single: Job | None = None) -> None:
        self.folder, self.extension, self._single = folder, extension, single
        self._files: list[Found] = []
        self._roots: list[Root] = []
        self._ours: dict[Path, frozenset[str]] = {}

    def __iter__(self) -> Iterator[Job]:
        return self.jobs()

    def jobs(self, ledger: Ledger | None = None, to: str | None = None) -> Iterator[Job]:
        """The jobs; with a ledger, outputs keep the names that it has for the format `to`."""
        if self._single is not None:
            yield self._single
            return
        assert self.folder is not None
        for level in _levels(self._files, self._roots, self.folder):
            folders = {safe_folder(f.relative.parent).as_posix() for f in level} if ledger and to else set()
            if (
                len(self._roots) + len(self._files) > 1
            ):  # names are the same in whatever order inputs are given
                level.sort(key=lambda found: location(found.source))
            earlier = [n for f in folders if ledger and to for n in ledger.names("" if f == "." else f, to)]
            jobs = self._of_level(level, self.folder, earlier)
            yield from self._given(list(jobs), ledger) if ledger and self._within() else jobs

    def _given(self, jobs: list[Job], ledger: Ledger) -> list[Job]:
        """The jobs of a level, once the ledger knows which of the names in it are of outputs."""
        ledger.give(
            job.name.as_posix() for job in jobs if job.name and job.target and not job.target.exists()
        )
        self._ours.clear()
        return jobs

    def _within(self) -> bool:
        """Whether outputs come to stand among inputs."""
        return any(root.out for root in self._roots)

    def count(self) -> Iterator[int]:
        """How many inputs there are, folder by folder: the last number is the whole."""
        if self._single is not None:
            yield 1
            return
        assert self.folder is not None
        found = 0
        for level in _levels(self._files, self._roots, self.folder):
            found += len(level)
            yield found

    def _of_level(self, level: list[Found], folder: Path, earlier: list[Named]) -> Iterator[Job]:
        earlier = [*earlier, *(Named(name, "", "") for name in RESERVED)]
        inputs = [(location(f.source), f.relative) for f in level]
        for found, name in zip(level, named(inputs, self.extension, earlier), strict=True):
            yield Job(found.source, folder / name, found.refusal, found.relative, name)

    @property
    def home(self) -> Path | None:
        """Where the ledger and the reports stand: with the outputs or, where those are elsewhere, here."""
        if self.folder is None or not is_remote(self.folder):
            return self.folder
        return Path("jixiao-" + re.sub(r"[^A-Za-z0-9]+", "-", str(self.folder)).strip("-"))

    def add(self, text: str) -> None:
        """One more input: a file, a folder or a pattern."""
        path = _reached(text)
        if path.is_dir():
            self._roots.append(self._root(path, PurePath(), path))
        elif path.exists():
            self._files.append(Found(path, PurePath(path.name)))
        elif matches := _matches(path):
            above = _fixed_part(path)
            for match in matches:
                if match.is_dir():
                    self._roots.append(self._root(match, below(match, above), above))
                elif not _is_scratch(match.name):
                    self._files.append(Found(match, below(match, above)))
        else:
            self._files.append(Found(path, PurePath(path.name or text), _no_file()))

    def _root(self, path: Path, relative: PurePath, given: Path) -> Root:
        here = self.folder is not None and not is_remote(self.folder) and not is_remote(path)
        within = here and _inside(real(path), real(self.folder or path))
        return Root(path, relative, given, self.folder if within else None)

    def is_input(self, path: Path) -> bool:
        """Whether there is an input at the path, which no output may take."""
        if not path.exists():
            return False
        if self._within() and self.folder is not None:
            if path.parent not in self._ours:
                self._ours[path.parent] = written(self.folder, path.parent)
            if path.name in self._ours[path.parent]:
                return False
        there = real(path)
        single = [self._single.source] if self._single else []
        if any(real(one) == there for one in (*single, *(f.source for f in self._files))):
            return True
        within = [r for r in self._roots if _inside(there, real(r.path))]
        out = None if self.folder is None else real(self.folder)
        return any(out is None or _inside(real(r.path), out) or not _inside(there, out) for r in within)


def plan(inputs: Sequence[str], output: str | None, extension: str) -> Plan:
    """What there is to do.

    One input that is a file is written to `output`; otherwise `output` is a folder that mirrors the
    inputs. Without it, names stand in the current folder. Raises BadUsage where these do not fit together.
    """
    if not all(inputs) or output == "":
        raise BadUsage("empty-name", _("An input or output has an empty name."), _("Name a file or folder."))
    if len(inputs) == 1 and _is_one_file(inputs[0]) and not (output or "").endswith(_separators()):
        return Plan(None, extension, _single(place(inputs[0]), output, extension))
    if output == STDOUT:
        raise BadUsage(
            "many-to-stdout",
            _("Several inputs cannot go to the standard output."),
            _("Name a folder with --output."),
        )
    made = Plan(place(output or "."), extension)
    for text in inputs:
        made.add(text)
    return made


def _single(source: Path, output: str | None, extension: str) -> Job:
    target = place(output or f"{stem(source)}.{extension}")
    return Job(source, None if output == STDOUT else target, None if source.exists() else _no_file())


def _is_pattern(text: str) -> bool:
    """As glob has it."""
    return not frozenset("*?[").isdisjoint(text)


def _reached(text: str) -> Path:
    """The path, of a URL once its store has answered. Raises BadUsage."""
    path = place(text)
    try:
        with StoreErrors(path):
            if is_remote(path):
                path.exists()
    except OSError as error:
        raise BadUsage(
            "bad-url",
            _("The URL {url} cannot be used: {why}.").format(url=text, why=error.strerror or error),
            _("Check the address, the network and your access."),
        ) from error
    return path


def _is_one_file(text: str) -> bool:
    path = _reached(text)
    return not path.is_dir() if path.exists() else not _is_pattern(text)


def _levels(files: Iterable[Found], roots: Iterable[Root], output: Path) -> Iterator[list[Found]]:
    """The inputs of one folder of the mirrored tree after the other, whichever roots they come from.

    Folders whose names a file system may take as one are one. The output folder is no input, and links to
    folders are not followed.
    """
    files_in: dict[tuple[str, ...], list[Found]] = defaultdict(list)
    roots_in: dict[tuple[str, ...], list[Root]] = defaultdict(list)
    for found in files:
        files_in[_place(found.relative.parent)].append(found)
    for root in roots:
        roots_in[_place(root.relative)].append(root)
    empty = {root.given: root.path for root in roots if not root.relative.parts}
    waiting, given = list({*files_in, *roots_in}), [real(root.path) for root in roots]
    heapq.heapify(waiting)
    seen: set[str] = set()
    while waiting:  # the least place first: whatever adds to a folder stands above it, and has been seen
        place = heapq.heappop(waiting)
        level = files_in.pop(place, [])
        for root in roots_in.pop(place, []):
            listed, below = _listed(root, output, given)
            if listed:
                empty.pop(root.given, None)
            level += listed
            for one in below:
                if (there := _place(one.relative)) not in roots_in and there not in files_in:
                    heapq.heappush(waiting, there)
                roots_in[there].append(one)
        yield [found for found in level if not _seen(found.source, seen)]
    yield [Found(given, PurePath(given.name or "."), _no_file()) for given in empty]


def _listed(root: Root, output: Path, given: Sequence[str]) -> tuple[list[Found], list[Root]]:
    """The files of a folder and the folders in it, by name; `given` are the folders that are searched.

    What is neither has failed, but for a link to a folder in which its files are found without it.
    """
    files: list[Found] = []
    folders: list[Root] = []
    try:
        every = listed(root.path)
    except OSError as error:
        return [
            Found(root.path, PurePath(*(root.relative.parts or (root.path.name,))), unreadable(error))
        ], []
    ours = frozenset() if is_remote(root.path) else reports_in(root.path)
    if root.out is not None:
        ours |= written(root.out, root.path)
    for name, kind in every:
        path = root.path / name
        if _is_scratch(name) or name in ours:
            continue
        if kind == "file":
            files.append(Found(path, root.relative / name))
        elif kind == "other":
            if not (path.is_dir() and any(_inside(real(path), one) for one in given)):
                files.append(Found(path, root.relative / name, _no_document()))
        elif real(path) != real(output):
            folders.append(Root(path, root.relative / name, root.given, root.out))
    return files, folders


def _seen(path: Path, seen: set[str]) -> bool:
    there = entry(path)
    before = there in seen
    seen.add(there)
    return before


def _matches(pattern: Path) -> list[Path]:
    root = _fixed_part(pattern)
    if root == pattern:
        return []
    try:
        return sorted(root.glob(str(below(pattern, root))), key=str)
    except (OSError, ValueError):  # a store that is not there; a pattern that means nothing, such as a**b
        return []


def _fixed_part(pattern: Path) -> Path:
    """The folders of a glob above its first wild card."""
    for above in (pattern, *pattern.parents):
        if not _is_pattern(str(above)):
            return above
    return Path()


def _place(folder: PurePath) -> tuple[str, ...]:
    return tuple(key(PurePath(part)) for part in safe_folder(folder).parts)


def _is_scratch(name: str) -> bool:
    """Hidden files, those that Office and WPS leave beside an open document, what says how to convert."""
    return name.startswith((".", "~$")) or name == FILE or is_corrections(name)


def _inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/\\") + ("/" if "://" in folder else os.sep))


def _separators() -> tuple[str, ...]:
    return (os.sep, os.altsep) if os.altsep else (os.sep,)


def _no_document() -> BadInput:
    return BadInput(
        "not-a-file",
        _("It is a link that leads nowhere or out of the inputs, a pipe or a device, and no file."),
        _("Put the file itself there; name a folder that a link leads to as an input of its own."),
    )


def _no_file() -> BadInput:
    return BadInput("no-file", _("There is no such file, or none in it."), _("Check the name."))
