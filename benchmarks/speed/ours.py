"""jixiao's own way through a document: the whole of it, and stage by stage."""

import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from jixiao import convert
from jixiao.batch.upload import Uploader, refused
from jixiao.document import Document
from jixiao.head import Head
from jixiao.interpret import interpret
from jixiao.layout import layout
from jixiao.limits import Limits
from jixiao.model import Reading
from jixiao.passes import checked
from jixiao.plugins import registry
from jixiao.wish import Wish

ROOT = Path(__file__).resolve().parent.parent.parent
WISH = Wish(profile="pm-perf", codes=(str(ROOT / "fixtures" / "codes" / "six.csv"),), draft=True)
WRITERS = ("docx", "xlsx", "html", "xml", "json")


def to_profile(path: Path) -> str:
    """sniff, read, interpret, check, a profile's records as XML, and that checked by its schema."""
    return _records(convert.read_file(path)).decode()


def _records(reading: Reading) -> bytes:
    """As a draft, since the six sheets lack four values; checked by the schema all the same."""
    uploader, out = Uploader(WISH), io.BytesIO()
    uploader.write(reading.sheets, "xml", out)
    refused(uploader.loaded, out)
    return out.getvalue()


def stages(path: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    """The steps of `to_profile`, each with what is to be timed."""
    data = path.read_bytes()
    reader = registry().reader_for(Head(data, path.name))
    yield "sniff", lambda: registry().reader_for(Head(data, path.name))
    yield "read", lambda: reader.read(data, Limits())
    document = reader.read(data, Limits())
    assert isinstance(document, Document)
    yield "interpret", lambda: interpret(document)
    reading = interpret(document)
    yield "check", lambda: checked(reading)
    uploader, out = Uploader(WISH), io.BytesIO()
    uploader.write(reading.sheets, "xml", out)
    yield "records as XML", lambda: Uploader(WISH).write(reading.sheets, "xml", io.BytesIO())
    yield "schema", lambda: refused(uploader.loaded, out)


def writing(path: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    """Each writer with the layout it needs."""
    reading = convert.read_file(path)
    document = layout(reading)
    yield "layout", lambda: layout(reading)
    for name in WRITERS:
        writer = registry().writer(name)
        model = reading if writer.MODEL == "reading" else document
        yield name, lambda writer=writer, model=model: writer.write(model)


def seconds(step: Callable[[], object], rounds: int) -> list[float]:
    """The time of each of so many rounds."""
    step()
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        step()
        taken.append(time.perf_counter() - start)
    return taken
