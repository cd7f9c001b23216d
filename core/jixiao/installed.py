"""Which plugins are installed, and which of them are wanted: told by package metadata, nothing is imported.

A plugin is called KIND.NAME, such as reader.docx: the kind is the entry point's group, the name its own.
"""

import os
from collections.abc import Iterable
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

from jixiao.errors import BadUsage
from jixiao.messages import gettext as _
from jixiao.model import Struct
from jixiao.points import Point, points

READERS, WRITERS, CHECKS, FILTERS = "jixiao.readers", "jixiao.writers", "jixiao.checks", "jixiao.filters"
PROFILES, VOCABULARY, EXECUTORS = "jixiao.profiles", "jixiao.vocabulary", "jixiao.executors"
KINDS = {
    READERS: "reader",
    WRITERS: "writer",
    CHECKS: "check",
    FILTERS: "filter",
    PROFILES: "profile",
    VOCABULARY: "vocabulary",
    EXECUTORS: "executor",
}
DISTRIBUTION = "jixiao"
FILE, SWITCH, OFF = "jixiao.toml", "JIXIAO_PLUGINS", "off"

# Readers of one format each, told by a signature of its own; then those of other distributions; then those
# that take any JSON, XML, HTML or text that nobody before them knew.
BUILTIN_ORDER = (
    "docx", "xlsx", "xls", "office", "ofd", "pdf", "scan", "ocr-json", "alto", "spreadsheetml",
    "mhtml", "hocr",
)  # fmt: skip
GENERAL = ("json", "xml", "html", "markdown", "text")


class Settings(Struct):
    """What the user says of plugins. In `first` and `disabled` stands a NAME or a KIND.NAME.

    `first` are tried before all others, in this order; `options` are the texts (or, from jixiao.toml, values)
    of options, by KIND.NAME and then by the option's name. `told` are the faults that were told already, so
    that no worker tells them again.
    """

    first: tuple[str, ...] = ()
    disabled: tuple[str, ...] = ()
    options: dict[str, dict[str, Any]] = msgspec.field(default_factory=dict)
    told: tuple[str, ...] = ()


_told: dict[str, None] = {}


def tell(message: str) -> None:
    """Say it once, in whichever process: a line on the standard error where nobody listens to the log."""
    if message not in _told and message not in in_force().told:
        _told[message] = None
        import logging  # costs start-up time, and is hardly ever needed

        logging.getLogger(DISTRIBUTION).warning("jixiao: %s", " ".join(message.split()))


def told() -> tuple[str, ...]:
    """What was told in this process."""
    return tuple(_told)


_in_force = [Settings()]


def in_force() -> Settings:
    """The settings of this process."""
    return _in_force[0]


def use(settings: Settings) -> None:
    """Let these settings be in force in this process; a worker is told those of its parent.

    They come before the first document: its vocabulary is put together only once.
    """
    _in_force[0] = settings


class Plugin:
    """One entry point, and the distribution that has it."""

    def __init__(self, point: Point) -> None:
        self.point, self.name, self.group, self.kind = point, point.name, point.group, KINDS[point.group]
        self.id = f"{self.kind}.{self.name}"
        self.distribution, self.version = point.distribution, point.version
        self.builtin = self.distribution == DISTRIBUTION

    @cached_property
    def licence(self) -> str | None:
        """What the distribution's metadata says of its licence."""
        about = self.point.metadata.metadata
        return next((about[name] for name in ("License-Expression", "License") if name in about), None)

    @property
    def requires(self) -> list[str]:
        """What the distribution requires, as its metadata says it."""
        return self.point.metadata.requires or []

    def __str__(self) -> str:
        """`reader.acme (acme-plugin 1.2)`: how it is called wherever a person is told of it."""
        return f"{self.id} ({self.distribution} {self.version})"

    def folders(self) -> list[Path]:
        """Those of the package that the entry point names, not imported; none where there is none."""
        try:
            spec = find_spec(self.point.value)
        except ImportError:
            return []
        return [Path(place) for place in (spec.submodule_search_locations or ())] if spec else []

    def called(self, names: Iterable[str]) -> bool:
        return self.id in names or self.name in names


@cache
def found() -> tuple[Plugin, ...]:
    """All that is installed, built-in ones first: of two that are called the same, the earlier one counts."""
    every = points(DISTRIBUTION)
    plugins = [Plugin(point) for group in KINDS for point in every if point.group == group]
    return tuple(sorted(plugins, key=lambda p: (not p.builtin, p.distribution, p.name)))


def installed(group: str | None = None) -> list[Plugin]:
    """Every plugin of a group (None: of all), also those that are not wanted or stand behind another."""
    off = os.environ.get(SWITCH, "").lower() == OFF
    return [p for p in found() if group in (None, p.group) and (p.builtin or not off)]


def wanted(group: str, settings: Settings) -> dict[str, Plugin]:
    """The plugins of a group in the order in which they are tried, by their names.

    First those that the settings name, then the built-in ones, then the others by name, and at the end the
    built-in ones that take what is left.
    """
    chosen: dict[str, Plugin] = {}
    for plugin in installed(group):
        if not plugin.called(settings.disabled):
            chosen.setdefault(plugin.name, plugin)
    return dict(sorted(chosen.items(), key=lambda item: _rank(item[1], settings.first)))


def duplicates() -> list[tuple[Plugin, Plugin]]:
    """Each plugin that is left out since another is called the same, with that other one."""
    first: dict[str, Plugin] = {}
    return [(p, first[p.id]) for p in installed() if first.setdefault(p.id, p) is not p]


def _rank(plugin: Plugin, first: tuple[str, ...]) -> tuple[int, int, str]:
    for place, name in enumerate(first):
        if name in (plugin.id, plugin.name):
            return 0, place, ""
    if not plugin.builtin:
        return 2, 0, plugin.name
    if plugin.name in GENERAL:
        return 3, GENERAL.index(plugin.name), ""
    known = plugin.name in BUILTIN_ORDER
    return 1, BUILTIN_ORDER.index(plugin.name) if known else len(BUILTIN_ORDER), plugin.name


class _Table(Struct, forbid_unknown_fields=True):
    """[plugins] in jixiao.toml."""

    order: tuple[str, ...] = ()
    disabled: tuple[str, ...] = ()
    options: dict[str, dict[str, Any]] = msgspec.field(default_factory=dict)


def settings(
    disabled: Iterable[str] = (), options: Iterable[str] = (), folder: Path | None = None
) -> Settings:
    """What --no-plugin and --option say over the jixiao.toml in or above the working folder.

    That of the input does not count: who sends a file must not choose which code reads it.
    Raises BadUsage for a faulty file, a --no-plugin that is nowhere, and an option that is not
    KIND.NAME.KEY=VALUE.
    """
    table = _table(folder or Path.cwd())
    known = {name for p in installed() for name in (p.name, p.id)}
    for name in disabled:
        if name not in known:
            raise BadUsage(
                "no-plugin",
                _("There is no plugin {name} to leave out.").format(name=name),
                _("`jixiao plugins` lists those that are installed."),
            )
    every = {name: dict(given) for name, given in table.options.items()}
    for text in options:
        name, key, value = _option(text)
        every.setdefault(name, {})[key] = value
    return Settings(first=table.order, disabled=(*table.disabled, *disabled), options=every)


def _option(text: str) -> tuple[str, str, str]:
    path, sign, value = text.partition("=")
    name, _dot, key = path.rpartition(".")
    if not sign or not key or name.partition(".")[0] not in KINDS.values():
        raise BadUsage(
            "bad-option",
            _("“{text}” is no option of a plugin.").format(text=text),
            _("Write KIND.NAME.KEY=VALUE, such as writer.html.template=mine.html.j2."),
        )
    return name, key, value


def _table(folder: Path) -> _Table:
    for above in (folder, *folder.parents):
        path = above / FILE
        if path.is_file():
            import tomllib  # costs start-up time

            try:
                content = tomllib.loads(path.read_text("utf-8-sig"))
                return msgspec.convert(content.get("plugins", {}), _Table)
            except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
                raise BadUsage(
                    "project-file",
                    _("The project file {path} cannot be used: {why}.").format(path=path, why=error),
                    _("Correct it there; docs/plugins.md shows what it may say of plugins."),
                ) from error
    return _Table()
