"""The options of plugins, shared by the commands that have them."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

from jixiao.cli.declare import option
from jixiao.messages import gettext as _

NoPlugin = Annotated[
    list[str] | None,
    option("--no-plugin", metavar="NAME", help=_("Leave out a plugin, NAME or KIND.NAME; repeatable.")),
]
Options = Annotated[
    list[str] | None,
    option(
        "--option",
        "-O",
        metavar="KIND.NAME.KEY=VALUE",
        help=_("Set an option of a plugin; `jixiao plugins show KIND.NAME` lists them; repeatable."),
    ),
]

Ocr = Annotated[
    str | None,
    option(
        "--ocr", metavar="MODE", help=_("How pictures of pages are read: accurate (the default) or fast.")
    ),
]


def with_ocr(mode: str, no_plugin: list[str] | None, options: list[str] | None) -> list[str]:
    """The options, and this mode for each reader that has one. Raises BadUsage as `plug`."""
    from contextlib import suppress

    from jixiao.errors import PluginError
    from jixiao.installed import READERS
    from jixiao.plugins import registry

    plug(no_plugin, options)
    found = []
    for name in registry().names(READERS):
        with suppress(PluginError):
            if hasattr(getattr(registry().reader(name), "OPTIONS", None), "ocr"):
                found.append(f"reader.{name}.ocr={mode}")
    return [*found, *(options or ())]


def plug(no_plugin: list[str] | None = None, options: list[str] | None = None) -> None:
    """Let these settings be in force, over those of jixiao.toml. Raises BadUsage for any that fits nothing.

    A plugin that is broken is no wrong usage: what needs it says so.
    """
    from jixiao.errors import PluginError
    from jixiao.installed import settings, use
    from jixiao.plugins import registry

    use(settings(no_plugin or (), options or ()))
    for name in registry().settings.options:
        with suppress(PluginError):
            registry().by_id(name)
    registry().prepare()
