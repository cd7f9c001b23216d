"""What a plugin can do. This is the page a plugin author reads.

A plugin is a module with functions marked `@hookimpl`, named in an entry point:

    [project.entry-points."jixiao.readers"]
    myformat = "my_package.myformat"

The entry point's group says what the plugin gives, its name what it is called; both are read from the
package's metadata, and the module is imported only when it is needed. The built-in formats come
through the same door.
"""

from typing import Any, ClassVar, Protocol

import pluggy

from jixiao.document import Document
from jixiao.head import Head
from jixiao.limits import Limits
from jixiao.model import Reading

API_VERSION = 1
PROJECT = "jixiao"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class Reader(Protocol):
    """Turns bytes into a Document (tables and lines) or, where the format says what things mean, a Reading.

    A reader knows its format and nothing of indicators. It keeps text as the source shows it.
    EXTENSIONS are without their dots.
    """

    NAME: ClassVar[str]
    API_VERSION: ClassVar[int]
    MEDIA_TYPES: ClassVar[tuple[str, ...]]
    EXTENSIONS: ClassVar[tuple[str, ...]]

    def sniff(self, head: Head) -> bool:
        """Whether the content is of this format, told by the first bytes and, in a zip, the member names.

        Called for each input, in the process that reads; must be cheap, must not raise, never trusts the
        file's name.
        """
        ...

    def read(self, data: bytes, limits: Limits) -> Document | Reading:
        """The whole content. Called in the process that reads, once per input.

        Raises jixiao.errors.BadInput with a code, what is wrong and what to do; anything else it raises
        is reported as a fault of the plugin.
        """
        ...


class Writer(Protocol):
    """Turns a Document (or, where MODEL is "reading", a Reading) into bytes: the same input, the same bytes.

    One whose format can hold a finance system's records has `write_upload` too (jixiao.upload.UploadWriter).
    EXTENSION is without its dot. LOSSES names beforehand the parts of the model that the format cannot hold.
    """

    NAME: ClassVar[str]
    API_VERSION: ClassVar[int]
    MEDIA_TYPE: ClassVar[str]
    EXTENSION: ClassVar[str]
    MODEL: ClassVar[str]
    LOSSES: ClassVar[tuple[str, ...]]

    def write(self, model: Any) -> bytes:
        """The whole file. Called in the process that writes, once per output."""
        ...


# A specification is a signature and its words: pluggy never runs it, so it has no body to return from.


@hookspec
def jixiao_reader() -> type[Reader]:  # type: ignore[empty-body]
    """The reader this plugin gives (group `jixiao.readers`). Called once per process, when first needed."""


@hookspec
def jixiao_writer() -> type[Writer]:  # type: ignore[empty-body]
    """The writer this plugin gives (group `jixiao.writers`). Called once per process, when first needed."""
