"""Loading plugins when they are needed, keeping their faults to themselves; a typed face over their hooks."""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, redirect_stdout
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast

import msgspec

from jixiao.errors import BadInput, BadUsage, JixiaoError, PluginError
from jixiao.head import Head
from jixiao.hookspecs import API_VERSION, OLDEST_API_VERSION, PROJECT, Check, Filter, Reader, Writer
from jixiao.installed import (
    CHECKS,
    EXECUTORS,
    FILTERS,
    KINDS,
    READERS,
    VOCABULARY,
    WRITERS,
    Plugin,
    Settings,
    duplicates,
    in_force,
    installed,
    tell,
    told,
    use,
    wanted,
)  # fmt: skip
from jixiao.messages import gettext as _

if TYPE_CHECKING:
    from pluggy import PluginManager

HOOKS = {
    READERS: "jixiao_reader",
    WRITERS: "jixiao_writer",
    CHECKS: "jixiao_check",
    FILTERS: "jixiao_filter",
    EXECUTORS: "jixiao_executor",
}
FAULT = "plugin-fault"
SAID = 1000
"""Characters of an error that are kept."""
TEXT, TEXTS = str, tuple[str, ...]
DECLARED: dict[str, dict[str, Any]] = {
    READERS: {"MEDIA_TYPES": TEXTS, "EXTENSIONS": TEXTS},
    WRITERS: {"MEDIA_TYPE": TEXT, "EXTENSION": TEXT, "MODEL": TEXT, "LOSSES": TEXTS},
}
"""What a class says of itself beside NAME and API_VERSION, and of what type."""
METHODS = {
    READERS: ("sniff", "read"),
    WRITERS: ("write",),
    CHECKS: ("check",),
    FILTERS: ("after_read", "after_interpret", "before_write"),
    EXECUTORS: ("run",),
}


class Blame(AbstractContextManager[None]):
    """Turns what `part` did not mean to raise into a PluginError that names it, so that others go on."""

    def __init__(self, part: object) -> None:
        self.part = part

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception | SystemExit) and not isinstance(error, JixiaoError):
            raise PluginError(
                FAULT,
                _("{part} broke on this input ({error}).").format(part=self.part, error=_described(error)),
                _("Report it with the file that shows it; --debug shows where it broke."),
            ) from error


def _described(error: BaseException) -> str:
    """Its type and what it says, if it can say it; some say all that they were given."""
    from traceback import TracebackException  # costs start-up time

    said = f"{type(error).__name__}: {TracebackException(type(error), error, None)}".rstrip(": ")
    return said if len(said) <= SAID else f"{said[:SAID]}…"


class Guest(Blame):
    """Blame for a plugin's own code; what it prints goes to the standard error, never into an output."""

    def __enter__(self) -> None:
        self._redirected = redirect_stdout(sys.stderr)
        self._redirected.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._redirected.__exit__(kind, error, trace)
        super().__exit__(kind, error, trace)


class Registry:
    """The plugins of a process as the settings want them. Nothing is imported before it is asked for.

    It survives pickling: a worker makes its own from the same settings.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self._wanted: dict[str, dict[str, Plugin]] = {}
        self._made: dict[Plugin, object] = {}

    def __reduce__(self) -> tuple[type["Registry"], tuple[Settings]]:
        return Registry, (self.settings,)

    def names(self, group: str) -> list[str]:
        """The names in a group, in the order in which they are tried."""
        return list(self._of(group))

    def plugin(self, group: str, name: str) -> Plugin:
        """What is installed under that name. Raises PluginError where nothing is."""
        if (plugin := self._of(group).get(name)) is not None:
            return plugin
        raise PluginError(
            "no-plugin",
            _("There is no plugin {name} in {group}.").format(name=name, group=group),
            _("Choose one of: {names}.").format(names=", ".join(self._of(group))),
        )

    def made(self, group: str, name: str) -> object:
        """The plugin's object, made once. Raises PluginError where it cannot be, BadUsage for its options."""
        plugin = self.plugin(group, name)
        if plugin not in self._made:
            self._made[plugin] = self._tried(plugin)
        made = self._made[plugin]
        if isinstance(made, JixiaoError):
            raise made
        return made

    def loaded(self, group: str) -> list[tuple[Plugin, Any]]:
        """All of a group that can be loaded, in their order; what is broken is told."""
        return list(self._each(group))

    def by_id(self, name: str) -> object:
        """The object of a KIND.NAME. Raises BadUsage where there is none, else as `made`."""
        plugin = self.found(name)
        return self.made(plugin.group, plugin.name)

    def found(self, name: str) -> Plugin:
        """The plugin of a KIND.NAME that has a class. Raises BadUsage where there is none."""
        kind, _dot, bare = name.partition(".")
        group = next((group for group in HOOKS if KINDS[group] == kind), None)
        if group is None or bare not in self._of(group):
            raise BadUsage(
                "no-plugin",
                _("There is no plugin {name} that has options.").format(name=name),
                _("`jixiao plugins` lists those that are installed."),
            )
        return self._of(group)[bare]

    def reader(self, name: str) -> Reader:
        """Raises PluginError where there is none of that name or it cannot be loaded."""
        return cast(Reader, self.made(READERS, name))

    def writer(self, name: str) -> Writer:
        """Raises PluginError where there is none of that name or it cannot be loaded."""
        return cast(Writer, self.made(WRITERS, name))

    def checks(self) -> Iterator[tuple[Plugin, Check]]:
        """Those that can be loaded, in their order."""
        yield from cast(Iterator[tuple[Plugin, Check]], self._each(CHECKS))

    def filters(self) -> Iterator[tuple[Plugin, Filter]]:
        """Those that can be loaded, in their order."""
        yield from cast(Iterator[tuple[Plugin, Filter]], self._each(FILTERS))

    def prepare(self) -> None:
        """Load what others have written, so that its faults are told here and not by every worker."""
        for group in (READERS, CHECKS, FILTERS):
            for _plugin in self._each(group, builtin=False):
                pass
        if self.names(VOCABULARY):
            from jixiao.vocabulary import vocabulary  # draws in its words

            vocabulary()
        use(msgspec.structs.replace(self.settings, told=told()))

    def reader_for(self, head: Head) -> Reader:
        """The first reader that knows the content; one that is broken is named, and the next one asked.

        Raises BadInput where none knows it.
        """
        for plugin, made in self._each(READERS):
            reader = cast(Reader, made)
            try:
                with Guest(plugin):
                    if reader.sniff(head):
                        return reader
            except PluginError as error:
                tell(str(error))
        raise BadInput(
            "unknown-format",
            _("The content is of no format that can be read."),
            _("Save it as DOCX, XLSX, PDF, HTML or text and convert that."),
        )

    def _of(self, group: str) -> dict[str, Plugin]:
        if group not in self._wanted:
            self._wanted[group] = wanted(group, self.settings)
            for plugin, other in duplicates():
                if plugin.group == group and not plugin.called(self.settings.disabled):
                    tell(twice(plugin, other))
        return self._wanted[group]

    def _each(self, group: str, *, builtin: bool = True) -> Iterator[tuple[Plugin, object]]:
        for name, plugin in self._of(group).items():
            if plugin.builtin and not builtin:
                continue
            try:
                made = self.made(group, name)
            except PluginError as error:
                tell(str(error))
            else:
                yield plugin, made

    def _tried(self, plugin: Plugin) -> object:
        """The plugin's object, or why there is none: what is broken is not tried for each document."""
        try:
            with Guest(plugin):
                return self._make(plugin)
        except JixiaoError as error:
            if error.code != FAULT:
                return error
            broken = _unusable(plugin, f"{type(error.__cause__).__name__}: {error.__cause__}")
            broken.__cause__ = error.__cause__
            return broken

    def _make(self, plugin: Plugin) -> object:
        kind = self.offered(plugin)
        options = getattr(kind, "OPTIONS", None)
        given = self.settings.options.get(plugin.id, {})
        if options is None and not given:
            return kind()
        made = _options(plugin, options or msgspec.Struct, given)
        return kind(made)

    def offered(self, plugin: Plugin) -> Any:
        """The class that a plugin's hook returns. Raises PluginError where it is none that can be used."""
        module, hook = plugin.point.load(), HOOKS[plugin.group]
        # What the project itself implements needs no pluggy, which a start would draw in.
        answers = [getattr(module, hook)()] if plugin.builtin else self._answers(module, hook)
        if not answers:
            raise _unusable(plugin, _("its module does not implement {hook}").format(hook=hook))
        if faults := list(misfits(plugin.group, answers[0], plugin.name)):
            raise _unusable(plugin, "; ".join(faults))
        return answers[0]

    @cached_property
    def _manager(self) -> "PluginManager":
        import pluggy

        from jixiao.hookspecs import Hooks

        manager = pluggy.PluginManager(PROJECT)
        manager.add_hookspecs(Hooks)
        return manager

    def _answers(self, module: Any, hook: str) -> list[Any]:
        """What the module's implementation of a hook returns; none where it has none."""
        if not self._manager.is_registered(module):
            self._manager.register(module)
        others = [p for p in self._manager.get_plugins() if p is not module]
        found: list[Any] = self._manager.subset_hook_caller(hook, others)()
        return found


def misfits(group: str, kind: Any, called: str | None = None) -> Iterator[str]:
    """What is wrong with a plugin's class, a clause each; `called` is the name of its entry point."""
    version = getattr(kind, "API_VERSION", None)
    if not isinstance(version, int) or version < OLDEST_API_VERSION:
        yield _("its API_VERSION is {version}, and {oldest} is the oldest that is served").format(
            version=version, oldest=OLDEST_API_VERSION
        )
    elif version > API_VERSION:
        yield _("it is for version {version} of the plugin interface, this jixiao has {ours}").format(
            version=version, ours=API_VERSION
        )
    if not isinstance(kind, type):
        yield _("its hook returned no class")
        return
    for name, kind_of in {"NAME": TEXT, **DECLARED.get(group, {})}.items():
        try:
            msgspec.convert(getattr(kind, name, None), kind_of, strict=True)
        except msgspec.ValidationError as error:
            yield _("its {name} is wrong ({why})").format(name=name, why=error)
    for name in METHODS.get(group, ()):
        if not callable(getattr(kind, name, None)):
            yield _("it has no method {name}").format(name=name)
    if called is not None and getattr(kind, "NAME", called) != called:
        yield _("its entry point calls it {name}, its class {other}").format(
            name=called, other=getattr(kind, "NAME", None)
        )


def twice(plugin: Plugin, other: Plugin) -> str:
    """The line about a plugin that has another's name."""
    return str(_unusable(plugin, _("{other} has the same name").format(other=other)))


def _unusable(plugin: Plugin, why: str) -> PluginError:
    return PluginError(
        "plugin-unusable",
        _("The plugin {plugin} is left out: {why}.").format(plugin=plugin, why=why),
        _("Install another release of it, or leave it out with --no-plugin."),
    )


def _options(plugin: Plugin, options: type[msgspec.Struct], given: dict[str, Any]) -> msgspec.Struct:
    """Raises BadUsage for an option that there is not, or a value that does not fit."""
    known = [field.name for field in msgspec.structs.fields(options)]
    if stray := next((name for name in given if name not in known), None):
        raise BadUsage(
            "plugin-option",
            _("The plugin {plugin} has no option {name}.").format(plugin=plugin.id, name=stray),
            _("Choose one of: {names}.").format(names=", ".join(known) or "—"),
        )
    try:
        return msgspec.convert(given, options, strict=False)
    except msgspec.ValidationError as error:
        raise BadUsage(
            "plugin-option",
            _("An option of the plugin {plugin} is wrong: {why}.").format(plugin=plugin.id, why=error),
            _("`jixiao plugins show {plugin}` lists its options.").format(plugin=plugin.id),
        ) from error


_of_process: list[Registry] = []


def registry() -> Registry:
    """The registry of this process, as the settings in force want it."""
    if not _of_process or _of_process[0].settings != in_force():
        _of_process[:] = [Registry(in_force())]
    return _of_process[0]


__all__ = [
    "CHECKS", "EXECUTORS", "FILTERS", "HOOKS", "KINDS", "READERS", "WRITERS", "Blame", "Guest", "Plugin",
    "Registry", "Settings", "duplicates", "installed", "misfits", "registry", "twice", "use",
]  # fmt: skip
