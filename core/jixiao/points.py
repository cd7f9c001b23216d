"""The entry points of what is installed, read from the folders of metadata themselves.

`importlib.metadata` tells the same; it draws in the e-mail package and opens the metadata of everything there
is, which costs a run of one small file more than reading the file. It is asked where a distribution is not a
plain folder below sys.path: in an egg or an archive, or found by a finder of its own.
"""

import os
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from importlib.metadata import Distribution

ABOUT = {".dist-info": "METADATA", ".egg-info": "PKG-INFO"}
"""Endings of folders of metadata, and the file in each that names the distribution."""
NAME = "entry_points.txt"


class Point(NamedTuple):
    """An entry point, and the name and version of the distribution that has it; `about` is its metadata's
    folder, None where that is no plain folder."""

    group: str
    name: str
    value: str
    distribution: str
    version: str
    about: Path | None = None

    def load(self) -> Any:
        """The module or, where the entry point names one, the object in it."""
        module, _colon, path = self.value.partition("[")[0].partition(":")
        found: Any = import_module(module.strip())
        for name in filter(None, path.strip().split(".")):
            found = getattr(found, name)
        return found

    @property
    def metadata(self) -> "Distribution":
        """All that the distribution says of itself."""
        from importlib.metadata import Distribution, distribution

        return distribution(self.distribution) if self.about is None else Distribution.at(self.about)


def points(project: str) -> list[Point]:
    """Those of the groups PROJECT.…, by the order of sys.path: of two distributions of one name the first."""
    try:
        return [point for about in _folders() for point in _of(about, project)]
    except _NotPlain:
        return list(_asked(project))


class _NotPlain(Exception):
    """There may be distributions that are no folders."""


def _folders() -> Iterator[str]:
    """The metadata folders of the distributions. Raises _NotPlain."""
    if any(hasattr(f, "find_distributions") for f in sys.meta_path if f is not PathFinder):
        raise _NotPlain
    seen: set[str] = set()
    for place in sys.path:
        for name in _listed(place):
            stem, dot, ending = name.rpartition(".")
            if dot + ending.lower() in ABOUT and (key := _key(stem.partition("-")[0])) not in seen:
                seen.add(key)
                yield f"{place or '.'}/{name}"


def _listed(place: str) -> list[str]:
    if place.rstrip("/\\").lower().endswith(".egg"):
        raise _NotPlain
    try:
        with os.scandir(place or ".") as entries:
            return [entry.name for entry in entries]
    except NotADirectoryError as error:
        raise _NotPlain from error
    except OSError:
        return []


def _key(name: str) -> str:
    """Equal for the ways of writing one name."""
    key = name.lower().replace("-", "_").replace(".", "_")
    return re.sub("__+", "_", key) if "__" in key else key


def _of(folder: str, project: str) -> Iterator[Point]:
    content = _content(f"{folder}/{NAME}")
    if f"[{project}.".encode() not in content:
        return
    about = Path(folder)
    group, named = "", _named(about)
    for line in map(str.strip, content.decode("utf-8", "replace").splitlines()):
        if line.startswith("[") and line.endswith("]"):
            group = line[1:-1]
        elif group.startswith(f"{project}.") and "=" in line and not line.startswith("#"):
            name, _sign, value = line.partition("=")
            yield Point(group, name.strip(), value.strip(), *named, about)


def _content(path: str) -> bytes:
    """What is in a file, nothing where there is none: most distributions have no entry points."""
    try:
        number = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    except OSError:
        return b""
    try:
        return os.read(number, os.fstat(number).st_size)
    except OSError:
        return b""
    finally:
        os.close(number)


def _named(about: Path) -> tuple[str, str]:
    """Name and version as the metadata's head says them, else as the folder does."""
    name, _dash, version = about.stem.partition("-")
    said = {"name": name, "version": version}
    try:
        lines = (about / ABOUT[about.suffix.lower()]).read_bytes().splitlines()
    except OSError:
        lines = []
    for line in lines:
        field, colon, value = line.decode("utf-8", "replace").partition(":")
        if not colon:
            break
        if field.lower() in said:
            said[field.lower()] = value.strip()
    return said["name"], said["version"]


def _asked(project: str) -> Iterator[Point]:
    """What importlib.metadata tells."""
    from importlib.metadata import entry_points

    every = entry_points()
    for group in sorted(g for g in every.groups if g.startswith(f"{project}.")):
        for point in every.select(group=group):
            name, version = (point.dist.name, point.dist.version) if point.dist else ("?", "?")
            yield Point(group, point.name, point.value, name, version)
