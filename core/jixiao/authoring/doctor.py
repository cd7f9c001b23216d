"""Looks at what is installed: loads each plugin, runs its example, says what is amiss.

Each plugin is tried in a process of its own, so that one that hangs or ends the process harms no other.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, distribution
from typing import NamedTuple

from jixiao.authoring.trial import tried
from jixiao.installed import Plugin, duplicates, in_force, installed, wanted
from jixiao.messages import gettext as _
from jixiao.plugins import registry, twice

SECONDS = 60
ATONCE = 2
PLAIN = re.compile(r"[\w.-]+")
EXTRA = re.compile(r"""extra\s*==\s*["']([\w.-]+)""")


class Seen(NamedTuple):
    """A plugin with its faults, and what is no fault but worth saying."""

    plugin: Plugin
    faults: list[str]
    notes: list[str]


def examine(only: str | None = None) -> Iterator[Seen]:
    """Every plugin (or those called `only`), as they are done, in their order."""
    plugins = [p for p in installed() if only is None or p.called([only])]
    behind = dict(duplicates())
    with ThreadPoolExecutor(ATONCE) as pool:
        yield from pool.map(lambda p: _seen(p, behind.get(p)), plugins)


def _seen(plugin: Plugin, other: Plugin | None) -> Seen:
    if other is not None:
        return Seen(plugin, [twice(plugin, other)], [])
    if plugin.name not in wanted(plugin.group, in_force()):
        return Seen(plugin, [], [_("it is left out")])
    faults, notes = _tried_apart(plugin)
    return Seen(plugin, [*faults, *_lacking(plugin)], [*notes, *_licence(plugin)])


def _tried_apart(plugin: Plugin) -> tuple[list[str], list[str]]:
    command = [sys.executable, "-m", "jixiao.authoring.doctor", plugin.group, plugin.name]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False, encoding="utf-8")
    except subprocess.TimeoutExpired:
        return [_("it takes longer than {seconds} seconds").format(seconds=SECONDS)], []
    try:
        faults, notes = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        return [_("it ends the process with status {status}").format(status=done.returncode)], []
    return faults, notes


def _lacking(plugin: Plugin) -> Iterator[str]:
    """What its distribution requires and is not there; what an extra or another system wants is not asked."""
    for requirement in plugin.requires:
        name = PLAIN.match(requirement)
        if name and ";" not in requirement and not _is_there(name[0]):
            yield _("it requires {name}, which is not installed").format(name=requirement)


def lacking_extras(plugins: Iterable[Plugin]) -> Iterator[tuple[str, str, list[str]]]:
    """Each extra that is not whole: its distribution, its name, and the packages that are not there."""
    for plugin in {p.distribution: p for p in plugins}.values():
        missing: dict[str, list[str]] = {}
        for requirement in plugin.requires:
            name, extra = PLAIN.match(requirement), EXTRA.search(requirement)
            if name and extra and not _is_there(name[0]):
                missing.setdefault(extra[1], []).append(name[0])
        yield from ((plugin.distribution, extra, names) for extra, names in missing.items())


def _is_there(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def _licence(plugin: Plugin) -> Iterator[str]:
    if not plugin.licence:
        yield _("its distribution names no licence")


def _main(group: str, name: str) -> None:
    plugin = registry().plugin(group, name)
    print("\n" + json.dumps(tried(plugin)))


if __name__ == "__main__":
    _main(*sys.argv[1:])
