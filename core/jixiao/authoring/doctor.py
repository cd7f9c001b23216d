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
from random import Random
from typing import Any, NamedTuple, cast

from jixiao.document import Document
from jixiao.errors import JixiaoError
from jixiao.head import Head
from jixiao.hookspecs import Check, Filter, Reader, Writer
from jixiao.installed import (
    CHECKS,
    FILTERS,
    PROFILES,
    READERS,
    VOCABULARY,
    WRITERS,
    Plugin,
    duplicates,
    in_force,
    installed,
    wanted,
)  # fmt: skip
from jixiao.layout import layout
from jixiao.limits import Limits
from jixiao.messages import gettext as _
from jixiao.model import Reading
from jixiao.passes import require_valid
from jixiao.plugins import Guest, Registry, registry, twice

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


def tried(plugin: Plugin) -> tuple[list[str], list[str]]:
    """Load it and run its example in this process: faults and notes."""
    notes: list[str] = []
    try:
        with Guest(plugin):
            return _faults(registry(), plugin, notes), notes
    except JixiaoError as error:
        return [str(error)], notes


def _faults(plugins: Registry, plugin: Plugin, notes: list[str]) -> list[str]:
    from jixiao.testkit import make_reading

    if plugin.group == PROFILES:
        return list(_profiles(plugin))
    if plugin.group == VOCABULARY:
        return list(_words(plugin))
    made = plugins.made(plugin.group, plugin.name)
    if plugin.group == READERS:
        _read(cast(Reader, made), plugins, notes)
    reading = make_reading(Random(6))
    if plugin.group == WRITERS:
        writer = cast(Writer, made)
        model: Any = reading if writer.MODEL == "reading" else layout(reading)
        if writer.write(model) != writer.write(model):
            return [_("it writes other bytes the second time")]
    if plugin.group == CHECKS:
        for sheet in reading.sheets:
            list(cast(Check, made).check(sheet))
    if plugin.group == FILTERS:
        one = cast(Filter, made)
        require_valid(one.after_read(layout(reading)))
        require_valid(one.before_write(one.after_interpret(reading), "json"))
    return []


def _read(reader: Reader, plugins: Registry, notes: list[str]) -> None:
    """Raises where the reader does not know or read its example: its own, or what its writer makes."""
    from jixiao.convert import write
    from jixiao.testkit import make_reading

    if hasattr(reader, "example"):
        data = reader.example()
    elif reader.NAME in plugins.names(WRITERS):
        data = write(make_reading(Random(6)), reader.NAME)
    else:
        notes.append(_("it has no example; it was loaded only"))
        return
    if not reader.sniff(Head(data)):
        raise ValueError("it does not know its own example")
    made = reader.read(data, Limits())
    if not isinstance(made, Document | Reading):
        raise TypeError(f"read returned {type(made).__name__}")
    require_valid(made)


def _profiles(plugin: Plugin) -> Iterator[str]:
    from jixiao.profiles import Faulty, load_folder

    found = [path.parent for folder in plugin.folders() for path in folder.glob("*/*/profile.toml")]
    if not found:
        yield _("there is no profile in {name}").format(name=plugin.point.value)
    for folder in found:
        try:
            load_folder(folder)
        except Faulty as error:
            yield from error.faults


def _words(plugin: Plugin) -> Iterator[str]:
    from jixiao.vocabulary import builtin
    from jixiao.wordlists import add

    yield from add(builtin(), plugin)


def _main(group: str, name: str) -> None:
    plugin = registry().plugin(group, name)
    print("\n" + json.dumps(tried(plugin)))


if __name__ == "__main__":
    _main(*sys.argv[1:])
