"""What the user says of an upload: on the command line, and in a jixiao.toml above the input."""

from functools import lru_cache
from pathlib import Path

import msgspec

from jixiao.errors import BadUsage
from jixiao.messages import gettext as _
from jixiao.model import Struct

FILE = "jixiao.toml"
MOST = 1024 * 1024
"""Bytes that it may have: who sends the inputs may have put it there."""


class Wish(Struct):
    """`values` are texts for columns that a sheet does not fill; `codes` the files of code tables."""

    profile: str | None = None
    codes: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    encoding: str | None = None
    draft: bool = False


class ProjectFile(Struct, forbid_unknown_fields=True):
    """The shape of jixiao.toml."""

    profile: str | None = None
    codes: tuple[str, ...] = ()
    encoding: str | None = None
    values: dict[str, str] = msgspec.field(default={}, name="set")
    plugins: dict[str, object] = msgspec.field(default={})
    """Of jixiao.installed, which takes it from the working folder."""
    limits: dict[str, object] = msgspec.field(default={})
    """Of jixiao.limits, which does so too."""


def parsed(values: list[str]) -> tuple[tuple[str, str], ...]:
    """KEY=VALUE pairs. Raises BadUsage for a text without the sign."""
    pairs = []
    for text in values:
        name, sign, value = text.partition("=")
        if not sign or not name:
            raise BadUsage(
                "bad-set",
                _("“{text}” sets nothing.").format(text=text),
                _("Write --set COLUMN=TEXT, such as --set MOF_DIV_CODE=640323000."),
            )
        pairs.append((name, value))
    return tuple(pairs)


def for_input(path: Path, wish: Wish) -> Wish:
    """What is wished for one input: the command line over the nearest jixiao.toml above it.

    Raises BadUsage where that file is faulty.
    """
    for folder in path.absolute().parents:
        if (folder / FILE).is_file():
            return _over(folder, project(folder / FILE), wish)
    return wish


def _over(folder: Path, said: ProjectFile, wish: Wish) -> Wish:
    beside = folder / (said.profile or "")
    named = str(beside) if said.profile and (beside / "profile.toml").is_file() else said.profile
    return Wish(
        profile=wish.profile or named,
        codes=(*(str(folder / name) for name in said.codes), *wish.codes),
        values=tuple((said.values | dict(wish.values)).items()),
        encoding=wish.encoding or said.encoding,
        draft=wish.draft,
    )


@lru_cache(maxsize=64)
def project(path: Path) -> ProjectFile:
    """What a jixiao.toml says, read once in a process. Raises BadUsage where it is faulty."""
    import tomllib  # only where there is such a file: it costs start-up time

    try:
        with path.open("rb") as stream:
            data = stream.read(MOST + 1)
        if len(data) > MOST:
            raise ValueError(f"> {MOST}")
        return msgspec.convert(tomllib.loads(data.decode("utf-8-sig")), ProjectFile)
    except (OSError, ValueError, RecursionError, msgspec.ValidationError) as error:
        raise BadUsage(
            "project-file",
            _("The project file {path} cannot be used: {why}.").format(path=path, why=error),
            _("Correct it there; docs/profiles.md shows what it may hold."),
        ) from error
