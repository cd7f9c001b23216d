"""One document, from bytes to bytes."""

import hashlib

import msgspec

from jixiao import __version__
from jixiao.document import Document
from jixiao.errors import BadInput
from jixiao.head import Head
from jixiao.limits import Limits
from jixiao.messages import gettext as _
from jixiao.model import Reading, Source
from jixiao.plugins import registry


def read(data: bytes, name: str | None = None, *, reader: str | None = None, limits: Limits | None = None) -> Reading:
    """What a file says. `reader` names one, otherwise the content tells.

    Raises BadInput where it cannot be read. A file without any sheet gives a Reading without sheets that
    carries a `no-sheet` finding.
    """
    if not data:
        raise BadInput("empty-file", _("The file is empty."), _("Get it again from where it came."))
    plugins = registry()
    chosen = plugins.reader(reader) if reader else plugins.reader_for(Head(data, name))
    result = chosen.read(data, limits or Limits())
    if isinstance(result, Document):
        from jixiao.interpret import interpret

        result = interpret(result)
        source = Source(
            name=name,
            sha256=hashlib.sha256(data).hexdigest(),
            media_type=chosen.MEDIA_TYPES[0],
            reader=chosen.NAME,
            reader_version=__version__,
        )
        result = msgspec.structs.replace(result, source=source)
    return result


def write(reading: Reading, to: str) -> bytes:
    """The file in the format `to`."""
    writer = registry().writer(to)
    if writer.MODEL == "reading":
        return writer.write(reading)
    from jixiao.layout import layout

    return writer.write(layout(reading))
