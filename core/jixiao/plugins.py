"""Finding plugins, loading them when needed, and a typed face over their hooks.

Entry points are read from package metadata without importing anything. Order is what it says: the
built-in readers in BUILTIN_ORDER, then those of other distributions by name.
"""

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import cast

import pluggy

from jixiao import hookspecs
from jixiao.errors import BadInput, PluginError
from jixiao.head import Head
from jixiao.hookspecs import API_VERSION, PROJECT, Reader, Writer
from jixiao.messages import gettext as _

READERS, WRITERS = "jixiao.readers", "jixiao.writers"
HOOKS = {READERS: "jixiao_reader", WRITERS: "jixiao_writer"}

# Formats with a signature of their own before those that many contents could be; text takes what is left.
BUILTIN_ORDER = ("docx", "xlsx", "pdf", "json", "xml", "html", "text")
LAST_RESORT = "text"


class Registry:
    """The plugins of this process. Nothing is imported before it is asked for."""

    def __init__(self) -> None:
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(hookspecs)
        self._made: dict[tuple[str, str], object] = {}

    def names(self, group: str) -> list[str]:
        """The names in a group, in the order in which they are tried."""
        return sorted(_found(group), key=_rank)

    def reader(self, name: str) -> Reader:
        """Raises PluginError where there is none of that name or it cannot be loaded."""
        return cast(Reader, self._load(READERS, name))

    def writer(self, name: str) -> Writer:
        """Raises PluginError where there is none of that name or it cannot be loaded."""
        return cast(Writer, self._load(WRITERS, name))

    def reader_for(self, head: Head) -> Reader:
        """The first reader that knows the content. Raises BadInput where none does."""
        for name in self.names(READERS):
            reader = self.reader(name)
            if reader.sniff(head):
                return reader
        raise BadInput(
            "unknown-format",
            _("The content is of no format that can be read."),
            _("Save it as DOCX, XLSX, PDF, HTML or text and convert that."),
        )

    def _load(self, group: str, name: str) -> object:
        if (group, name) not in self._made:
            self._made[group, name] = self._make(group, name)
        return self._made[group, name]

    def _make(self, group: str, name: str) -> object:
        point = _found(group).get(name)
        if point is None:
            raise PluginError(
                "no-plugin",
                _("There is no plugin {name} in {group}.").format(name=name, group=group),
                _("Choose one of: {names}.").format(names=", ".join(self.names(group))),
            )
        module = point.load()
        self._manager.register(module, f"{group}:{name}")
        others = [p for p in self._manager.get_plugins() if p is not module]
        answers = self._manager.subset_hook_caller(HOOKS[group], others)()
        made = answers[0]()
        if made.API_VERSION != API_VERSION:
            raise PluginError(
                "plugin-version",
                _("Plugin {name} is for version {version} of the plugin interface.").format(
                    name=name, version=made.API_VERSION
                ),
                _("Install the release of it that is for version {version}.").format(version=API_VERSION),
            )
        return made


@cache
def _found(group: str) -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=group)}


def _rank(name: str) -> tuple[int, str]:
    if name == LAST_RESORT:
        return (2, "")
    return (0, f"{BUILTIN_ORDER.index(name):02}") if name in BUILTIN_ORDER else (1, name)


@cache
def registry() -> Registry:
    """The registry of this process."""
    return Registry()
