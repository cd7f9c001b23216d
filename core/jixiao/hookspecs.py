"""What a plugin can do. This is the page a plugin author reads; docs/plugins.md is the tutorial.

A plugin is a module with functions marked `@hookimpl`, named in an entry point:

    [project.entry-points."jixiao.readers"]
    myformat = "my_package.myformat"

The entry point's group says what the plugin gives, its name what it is called; both are read from the
package's metadata, and the module is imported only when it is needed: importing it must be cheap, so what is
heavy is imported inside functions. Each hook returns a class, which is made once per process: `Class()`, or
`Class(options)` where it has OPTIONS. The built-in plugins come through the same door.

Two kinds are data and have no hook: the entry point names a package, and nothing in it is ever run.
`jixiao.profiles` holds folders NAME/VERSION/profile.toml (docs/profiles.md); `jixiao.vocabulary` a
vocabulary.json, words that are added to those of core/jixiao/vocabulary.json under the same keys.

**Order.** Plugins are asked in one order, without priorities: those that jixiao.toml names in [plugins]
order, the built-in ones of one format each, others by name, and at the end the built-in ones that take any
JSON, XML, HTML or text. Of two with one name the built-in one counts, else that of the distribution that
comes first by name; the other is named and left out.

**Process.** A document is converted in one process, which may be a worker's: a plugin is imported and made
there, so it keeps nothing between documents that matters, and survives pickling. Documents are converted one
at a time in a process. A deadline ends the worker of a document that takes too long.

**Faults.** What a plugin raises, returns of a wrong type, or prints never reaches another document: a
JixiaoError is told as it is, anything else as the plugin's fault with its name and version. The standard
output belongs to the command; what is printed there goes to the standard error.

**Versions.** API_VERSION is the version of this page that a plugin was written for, now 1. The page only
grows: a later version adds hooks, optional attributes and optional methods, and takes or renames nothing, so
every plugin of OLDEST_API_VERSION or later is served unchanged. A plugin for a later version than this
jixiao has is named and left out. A plugin of version 1 is kept in tests/plugins/version1 for ever.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar, Protocol, TypeVar, runtime_checkable

from jixiao.document import Document, Section
from jixiao.head import Head
from jixiao.limits import Limits
from jixiao.model import Finding, Reading, Sheet, Struct

API_VERSION = 1
OLDEST_API_VERSION = 1
PROJECT = "jixiao"
LOSSES = {
    "source": "the name and digest of the file that was read",
    "findings": "the findings",
    "place": "where in the source an indicator stood",
    "confidence": "how surely it was read",
    "spans": "merged cells: their text stands once, at the top left",
    "styles": "what a cell or line is: title, label, number",
    "names": "the names of sections, such as worksheets",
    "sections": "where a section begins",
}
"""What a writer may declare as lost."""

_SPEC = {"firstresult": False, "historic": False, "warn_on_impl": None, "warn_on_impl_args": None}
_IMPL = {
    "wrapper": False, "hookwrapper": False, "optionalhook": False, "tryfirst": False, "trylast": False,
    "specname": None,
}  # fmt: skip
Hook = TypeVar("Hook", bound=Callable[..., Any])


def hookspec(function: Hook) -> Hook:
    """Marks what plugins may implement as pluggy.HookspecMarker does, and pluggy is not drawn in."""
    setattr(function, f"{PROJECT}_spec", dict(_SPEC))
    return function


def hookimpl(function: Hook) -> Hook:
    """Marks what a plugin implements as pluggy.HookimplMarker("jixiao") does, which serves as well."""
    setattr(function, f"{PROJECT}_impl", dict(_IMPL))
    return function


class Plugin(Protocol):
    """What every class says of itself. NAME is that of the entry point.

    A class may have OPTIONS too, a frozen msgspec.Struct whose fields all have defaults; `__init__` is then
    given one. A user sets them with `--option KIND.NAME.KEY=VALUE` or in jixiao.toml, texts are turned into
    the field's type, and `jixiao plugins show KIND.NAME` lists them with the description in
    `Annotated[type, msgspec.Meta(description=...)]`. A value that does not fit ends the command.

    A reader may have `example`, a function without arguments that gives the bytes of a small file of its
    format: `jixiao plugins doctor` reads it, and so do the tests of ReaderSuite.

    A plugin that needs a program or a package which is not on this machine raises
    jixiao.errors.PluginError where it is used, not where it is imported: the doctor then says so, and calls
    it no fault.
    """

    NAME: ClassVar[str]
    API_VERSION: ClassVar[int]


class Reader(Plugin, Protocol):
    """Turns bytes into a Document (tables and lines) or, where the format says what things mean, a Reading.

    A reader knows its format and nothing of indicators. It keeps text as the source shows it.
    EXTENSIONS are without their dots.
    """

    MEDIA_TYPES: ClassVar[tuple[str, ...]]
    EXTENSIONS: ClassVar[tuple[str, ...]]

    def sniff(self, head: Head) -> bool:
        """Whether the content is of this format, told by the first bytes and, in a zip, the member names.

        Called for each input, in the process that reads; the first reader that says yes reads. Must be cheap,
        must not raise, never trusts the file's name. One that raises is named, and the next one is asked.
        """
        ...

    def read(self, data: bytes, limits: Limits) -> Document | Reading:
        """The whole content. Called in the process that reads, once per input.

        Raises jixiao.errors.BadInput with a code, what is wrong and what to do; anything else it raises
        is reported as a fault of the plugin. A wish that goes beyond the limits is refused
        (jixiao.errors.over_limit) before memory is spent on it.
        """
        ...


Box = tuple[float, float, float, float]
"""x0, top, x1, bottom in points from the top left corner of a page, as in a Place."""


class Page(Struct):
    """A page as it is read, upright: its number from 1, its sides in points."""

    number: int
    width: float
    height: float


class Image(Struct):
    """A picture: a file of `media_type` image/png, image/jpeg, or image/svg+xml without script."""

    media_type: str
    data: bytes


@runtime_checkable
class PageReader(Plugin, Protocol):
    """What a reader may have beside the above, so that people see the source itself (`jixiao review`).

    The boxes of the Document that it reads lie on these pages. Of a reader without these two methods, and of
    a content for which `pages` gives none, the tables that were read are drawn.
    """

    def pages(self, data: bytes, limits: Limits) -> tuple[Page, ...]:
        """The pages in their order. Called in a bounded process; raises as `read` does."""
        ...

    def page_image(self, data: bytes, number: int, scale: float, box: Box | None, limits: Limits) -> Image:
        """Page `number` from 1, or only the part of it in `box`, at `scale` pixels to a point.

        Called in a bounded process, and raises as `read` does. The scale is lowered where the picture would
        have more pixels than the limit.
        """
        ...


@runtime_checkable
class SectionReader(Plugin, Protocol):
    """What a reader may have beside the above where a file can hold thousands of sections (worksheets).

    Each section's meaning is then found before the next one is read. `read` is called all the same where a
    filter, or anything else, wants the whole Document.
    """

    def parts(self, data: bytes, limits: Limits) -> Iterator[Section | Finding]:
        """The sections and the findings of the Document that `read` gives, each as soon as it is known.

        Called in the process that reads; raises as `read` does, at the latest when what is wrong is reached.
        """
        ...


class Writer(Plugin, Protocol):
    """Turns a Document (or, where MODEL is "reading", a Reading) into bytes: the same input, the same bytes.

    One whose format can hold a finance system's records has `write_upload` too (jixiao.upload.UploadWriter).
    EXTENSION is without its dot. LOSSES names beforehand the parts of the model that the format cannot hold,
    by the names in LOSSES above.
    """

    MEDIA_TYPE: ClassVar[str]
    EXTENSION: ClassVar[str]
    MODEL: ClassVar[str]
    LOSSES: ClassVar[tuple[str, ...]]

    def write(self, model: Any) -> bytes:
        """The whole file. Called in the process that writes, once per output. It changes nothing in `model`.

        Raises jixiao.errors.JixiaoError where the format cannot hold a text and does not declare it lost.
        """
        ...


class Check(Plugin, Protocol):
    """What a finished sheet must satisfy. It adds findings, and can change nothing."""

    def check(self, sheet: Sheet) -> Iterable[Finding]:
        """What a person should look at in the sheet.

        Called once per sheet, after the meaning of a document has been found and all filters have run, in the
        process that reads. Every check is called; each sees the sheet without the findings of the others.
        Finding(code=..., severity=..., message=...): the code begins with the check's name and a hyphen, the
        message is one sentence what and one what to do. Where it raises, changes the sheet or returns
        anything else, the sheet carries a `check-failed` finding, and all it found is left out.
        """
        ...


class Filter:
    """Changes what passes by. A subclass has NAME and API_VERSION, and overrides the methods it needs.

    Each filter is given what the one before it returned. A method returns its argument, or another of the
    same type; it does not change it in place. What a filter changes carries a `changed-by-filter` finding,
    and findings that are there stay. Where it raises or returns anything else, that document has failed: an
    output without what the filter was to do is none.
    """

    NAME: ClassVar[str]
    API_VERSION: ClassVar[int]

    def after_read(self, document: Document) -> Document:
        """Called where a reader gave a Document, before its meaning is found, in the process that reads."""
        return document

    def after_interpret(self, reading: Reading) -> Reading:
        """Called with what a Document was found to mean, before the checks, in the process that reads."""
        return reading

    def before_write(self, reading: Reading, to: str) -> Reading:
        """Called before each output, whatever the reader was, where it is written; `to` names the writer."""
        return reading


class Means(Struct):
    """With what an executor may work: `jobs` tasks at a time, each with so many seconds and bytes of memory.

    `address` is that of a cluster's scheduler, None where there is none.
    """

    jobs: int = 1
    seconds: float = 300.0
    memory: int = 2 * 1024**3
    address: str | None = None


class Lost(Struct):
    """What comes of a task that had to be stopped: `limit-seconds`, `limit-memory`, or `worker-died`.

    `status` is how its process ended, below 0 the signal.
    """

    code: str
    status: int | None = None


class Executor(Plugin, Protocol):
    """Where and how many at a time documents are converted."""

    def run(
        self, work: Callable[[Any], Any], tasks: Iterable[Any], means: Means
    ) -> Iterator[tuple[Any, Any]]:
        """Each task with what `work(task)` gives for it or, where that task took its process with it, Lost.

        Called once per run, in the process of the command. `work` and the tasks can be pickled. Tasks are
        taken as they are needed: there may be millions. The pairs come in any order, one for each task, as
        soon as they are there. Where the iterator is closed early, all work ends at once.
        """
        ...


class Hooks(Protocol):
    """What the module of a plugin implements: one of these, as a function without arguments."""

    @hookspec
    def jixiao_reader(self) -> type[Reader]:
        """The reader this plugin gives (group `jixiao.readers`). Called once per process, when needed."""

    @hookspec
    def jixiao_writer(self) -> type[Writer]:
        """The writer this plugin gives (group `jixiao.writers`). Called once per process, when needed."""

    @hookspec
    def jixiao_check(self) -> type[Check]:
        """The check this plugin gives (group `jixiao.checks`). Called once per process, when needed."""

    @hookspec
    def jixiao_filter(self) -> type[Filter]:
        """The filter this plugin gives (group `jixiao.filters`). Called once per process, when needed."""

    @hookspec
    def jixiao_executor(self) -> type[Executor]:
        """The executor this plugin gives (group `jixiao.executors`). Called once per run, before all."""
