"""Which files the command line means, and under which name each is written."""

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from glob import has_magic
from pathlib import Path, PurePath
from typing import NamedTuple

from jixiao.convert import unreadable
from jixiao.errors import BadInput, BadUsage
from jixiao.messages import gettext as _

STDOUT = "-"
SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,5}")  # "1.2版" ends in no file type


class Job(NamedTuple):
    """One input and its output (None: standard output); `refusal` where it is known beforehand to fail.

    `mirrored` says that the folders above the output are to be made.
    """

    source: Path
    target: Path | None
    refusal: BadInput | None = None
    mirrored: bool = False


class Found(NamedTuple):
    source: Path
    relative: PurePath
    refusal: BadInput | None = None


def plan(inputs: Sequence[str], output: str | None, extension: str) -> list[Job]:
    """The jobs, in the order of the inputs, folders by name; no two of one target, none twice.

    One input that is a file is written to `output`; otherwise `output` is a folder that mirrors the
    inputs. Without it, names stand in the current folder. Raises BadUsage where these do not fit together.
    """
    if not all(inputs) or output == "":
        raise BadUsage("empty-name", _("An input or output has an empty name."), _("Name a file or folder."))
    if len(inputs) == 1 and _is_one_file(inputs[0]) and not (output or "").endswith(_separators()):
        return [_single(Path(inputs[0]), output, extension)]
    if output == STDOUT:
        raise BadUsage(
            "many-to-stdout",
            _("Several inputs cannot go to the standard output."),
            _("Name a folder with --output."),
        )
    folder = Path(output or ".")
    found = list(_once(f for text in inputs for f in _expand(text, folder)))
    names = distinct([f.relative for f in found], extension)
    return [
        Job(f.source, folder / name, f.refusal, mirrored=True) for f, name in zip(found, names, strict=True)
    ]


def distinct(relatives: Sequence[PurePath], extension: str) -> list[PurePath]:
    """Output names, each another also where the file system does not tell capitals.

    Inputs that differ by their type only keep it in the name; what is equal still is numbered.

    >>> [str(p) for p in distinct([PurePath("a.docx"), PurePath("A.pdf"), PurePath("b/a.pdf")], "json")]
    ['a.docx.json', 'A.pdf.json', 'b/a.json']
    """
    short = [r.with_name(f"{stem(r)}.{extension}") for r in relatives]
    often = Counter(map(_key, short))
    names: list[PurePath] = []
    taken = {key for key, times in often.items() if times == 1}
    for relative, name in zip(relatives, short, strict=True):
        if often[_key(name)] > 1:
            name, number = relative.with_name(f"{relative.name}.{extension}"), 1
            while _key(name) in taken:
                number += 1
                name = relative.with_name(f"{relative.name}-{number}.{extension}")
            taken.add(_key(name))
        names.append(name)
    return names


def stem(path: PurePath) -> str:
    """The name without its file type.

    >>> stem(PurePath("甲.docx")), stem(PurePath("甲1.2版"))
    ('甲', '甲1.2版')
    """
    return path.stem if SUFFIX.fullmatch(path.suffix) else path.name


def _single(source: Path, output: str | None, extension: str) -> Job:
    target = Path(output or f"{stem(source)}.{extension}")
    return Job(source, None if output == STDOUT else target, None if source.exists() else _no_file())


def _is_one_file(text: str) -> bool:
    path = Path(text)
    return not path.is_dir() if path.exists() else not has_magic(text)


def _expand(text: str, output: Path) -> Iterator[Found]:
    path = Path(text)
    if path.is_dir():
        yield from _walk(path, path, output)
    elif path.exists():
        yield Found(path, PurePath(path.name))
    elif matches := _matches(path):
        root = _fixed_part(path)
        for match in matches:
            if match.is_dir():
                yield from _walk(match, root, output)
            elif not _is_scratch(match.name):
                yield Found(match, match.relative_to(root))
    else:
        yield Found(path, PurePath(path.name or text), _no_file())


def _walk(folder: Path, root: Path, output: Path) -> Iterator[Found]:
    """The files below, links to folders not followed; the output folder is no input."""
    refused: list[OSError] = []
    empty = True
    for where, folders, names in os.walk(folder, onerror=refused.append):
        here = Path(where)
        folders[:] = sorted(f for f in folders if not _is_scratch(f) and not _same(here / f, output))
        for name in sorted(names):
            if not _is_scratch(name) and (here / name).is_file():
                empty = False
                yield Found(here / name, (here / name).relative_to(root))
    for error in refused:
        blocked = Path(error.filename)
        yield Found(blocked, PurePath(blocked.name), unreadable(error))
    if empty and not refused and folder == root:
        yield Found(folder, PurePath(folder.name or "."), _no_file())


def _once(found: Iterator[Found]) -> Iterator[Found]:
    seen: set[str] = set()
    for f in found:
        real = os.path.realpath(f.source)
        if real not in seen:
            seen.add(real)
            yield f


def _matches(pattern: Path) -> list[Path]:
    root = _fixed_part(pattern)
    if root == pattern:
        return []
    try:
        return sorted(root.glob(str(pattern.relative_to(root))))
    except ValueError:  # a pattern that means nothing, such as a**b
        return []


def _fixed_part(pattern: Path) -> Path:
    """The folders of a glob above its first wild card."""
    fixed: list[str] = []
    for part in pattern.parts:
        if has_magic(part):
            break
        fixed.append(part)
    return Path(*fixed)


def _is_scratch(name: str) -> bool:
    """Hidden files, and those that Office and WPS leave beside an open document."""
    return name.startswith((".", "~$"))


def _same(one: Path, other: Path) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


def _key(path: PurePath) -> str:
    return unicodedata.normalize("NFC", str(path)).casefold()


def _separators() -> tuple[str, ...]:
    return (os.sep, os.altsep) if os.altsep else (os.sep,)


def _no_file() -> BadInput:
    return BadInput("no-file", _("There is no such file, or none in it."), _("Check the name."))
