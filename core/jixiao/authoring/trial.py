"""Tries one plugin in this process: loads it, runs its example, says what came of it."""

from collections.abc import Callable, Iterator
from operator import neg
from random import Random
from typing import Any, cast

from jixiao.document import Document
from jixiao.errors import JixiaoError, PluginError
from jixiao.head import Head
from jixiao.hookspecs import Check, Executor, Filter, Means, Reader, Writer
from jixiao.installed import CHECKS, EXECUTORS, FILTERS, PROFILES, READERS, VOCABULARY, WRITERS, Plugin
from jixiao.layout import layout
from jixiao.limits import Limits
from jixiao.messages import gettext as _
from jixiao.model import Reading
from jixiao.passes import require_valid
from jixiao.plugins import Guest, registry
from jixiao.testkit.forms import make_reading

TASKS = 3


def tried(plugin: Plugin) -> tuple[list[str], list[str]]:
    """Load it and run its example: faults, and what is no fault but worth saying."""
    notes: list[str] = []
    try:
        with Guest(plugin):
            if plugin.group in DATA:
                return list(DATA[plugin.group](plugin, notes)), notes
            made = registry().made(plugin.group, plugin.name)
            return list(TRIALS[plugin.group](made, notes)), notes
    except JixiaoError as error:
        return [str(error)], notes


def example(reader: Reader) -> bytes | None:
    """The reader's own, else what the writer of the same name makes; None where there is neither."""
    from jixiao.convert import write

    own = getattr(reader, "example", None)
    if own is not None:
        return cast(bytes, own())
    return write(_reading(), reader.NAME) if reader.NAME in registry().names(WRITERS) else None


def _reading() -> Reading:
    return make_reading(Random(6))


def _read(reader: Reader, notes: list[str]) -> Iterator[str]:
    data = example(reader)
    if data is None:
        notes.append(_("it has no example; it was loaded only"))
        return
    if not reader.sniff(Head(data)):
        yield _("it does not know its own example")
        return
    try:
        made = reader.read(data, Limits())
    except PluginError as error:  # of a reader that works: what it needs is not on this machine
        notes.append(_("it could not be tried: {why}").format(why=error))
        return
    if not isinstance(made, Document | Reading):
        yield _("read returned {type}").format(type=type(made).__name__)
        return
    require_valid(made)
    if isinstance(made, Document):
        count = sum(len(grid.cells) for grid in made.grids())
        notes.append(_("it read {count} cells from its example").format(count=count))
    else:
        notes.append(_("it read {count} sheets from its example").format(count=len(made.sheets)))


def _write(writer: Writer, notes: list[str]) -> Iterator[str]:
    reading = _reading()
    model: Any = reading if writer.MODEL == "reading" else layout(reading)
    data = writer.write(model)
    if data != writer.write(model):
        yield _("it writes other bytes the second time")
    lost = ", ".join(writer.LOSSES) or _("nothing")
    notes.append(_("it wrote {count} bytes; they lack: {lost}").format(count=len(data), lost=lost))


def _check(check: Check, notes: list[str]) -> Iterator[str]:
    sheets = _reading().sheets
    count = sum(len(list(check.check(sheet))) for sheet in sheets)
    notes.append(_("it found {count} things in {sheets} sheets").format(count=count, sheets=len(sheets)))
    return iter(())


def _filter(one: Filter, notes: list[str]) -> Iterator[str]:
    reading = _reading()
    require_valid(one.after_read(layout(reading)))
    require_valid(one.before_write(one.after_interpret(reading), "json"))
    notes.append(_("it let a reading pass"))
    return iter(())


def _execute(executor: Executor, notes: list[str]) -> Iterator[str]:
    try:
        pairs = sorted(executor.run(neg, range(TASKS), Means(seconds=30.0)))
    except PluginError as error:  # it works, and what it needs is not here
        notes.append(_("it could not be tried: {why}").format(why=error))
        return
    if pairs != [(task, -task) for task in range(TASKS)]:
        yield _("it did not answer every task once")
    notes.append(_("it did {count} tasks").format(count=len(pairs)))


def _profiles(plugin: Plugin, notes: list[str]) -> Iterator[str]:
    from jixiao.profiles import Faulty, load_folder

    found = [path.parent for folder in plugin.folders() for path in folder.glob("*/*/profile.toml")]
    if not found:
        yield _("there is no profile in {name}").format(name=plugin.point.value)
    for folder in found:
        try:
            notes.append(load_folder(folder).profile.mark)
        except Faulty as error:
            yield from error.faults


def _words(plugin: Plugin, notes: list[str]) -> Iterator[str]:
    from jixiao.vocabulary import builtin
    from jixiao.wordlists import add

    yield from add(builtin(), plugin)


Trial = Callable[[Any, list[str]], Iterator[str]]
TRIALS: dict[str, Trial] = {
    READERS: _read, WRITERS: _write, CHECKS: _check, FILTERS: _filter, EXECUTORS: _execute,
}  # fmt: skip
DATA: dict[str, Trial] = {PROFILES: _profiles, VOCABULARY: _words}
