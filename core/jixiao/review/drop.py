"""Files dropped on the page: converted in the bounded processes, kept until others take their room."""

import io
import secrets
import shutil
import zipfile
from collections.abc import AsyncIterator, Iterable
from pathlib import Path, PurePath

import msgspec

from jixiao.batch.job import Made, Order, Task, work
from jixiao.batch.names import distinct, safe
from jixiao.convert import Blame
from jixiao.errors import over_limit
from jixiao.model import Struct
from jixiao.plugins import WRITERS, registry
from jixiao.review.security import Session
from jixiao.review.workers import Workers

MOST = 200
"""Results that a session keeps."""


class Result(Struct, kw_only=True):
    """What came of a dropped file; `path` is where its output stands, None where there is none."""

    source: str
    name: str
    path: str | None
    said: str | None = None
    messages: tuple[str, ...] = ()


class Drops:
    """`folder` is the desk's own, and gone with it."""

    def __init__(self, folder: Path, order: Order, workers: Workers) -> None:
        self.folder, self.order, self.workers = folder, order, workers

    async def received(self, name: str, body: AsyncIterator[bytes]) -> Path:
        """The file on the disk, in a folder of its own. Raises BadInput where it is larger than it may be."""
        most = self.order.limits.size
        folder = self.folder / secrets.token_hex(8)
        folder.mkdir()
        path, size = folder / safe(PurePath(name.replace("\\", "/")).name or "_"), 0
        try:
            with path.open("xb") as out:
                async for chunk in body:
                    size += len(chunk)
                    if size > most:
                        raise over_limit("size", size, most)
                    out.write(chunk)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return path

    def converted(self, session: Session, path: Path, order: Order) -> tuple[str, Result]:
        """Convert it; the key under which the session has the result. Raises BadInput."""
        try:
            task = Task(number=0, source=str(path), wish=order.wish)
            made: Made = self.workers.do(work, order, task, language=order.language)
            result = self._kept(path, made, order)
        finally:
            path.unlink(missing_ok=True)
        key = secrets.token_urlsafe(12)
        session.made[key] = result
        while len(session.made) > MOST:
            _key, oldest = session.made.popitem(last=False)
            if oldest.path:
                shutil.rmtree(Path(oldest.path).parent, ignore_errors=True)
        return key, result

    def _kept(self, path: Path, made: Made, order: Order) -> Result:
        with Blame(f"{WRITERS}/{order.to}"):
            extension = registry().writer(order.to).EXTENSION
        name = distinct([PurePath(path.name)], extension)[0].name
        out = None
        if made.data is not None:
            out = path.with_name("result")
            out.write_bytes(made.data)
        loud = tuple(f.message for _n, f in made.findings if f.severity in ("warning", "error"))
        return Result(
            source=path.name, name=name, path=None if out is None else str(out), said=made.said, messages=loud
        )


def zipped(results: Iterable[Result]) -> bytes:
    """All outputs in one file, each under a name of its own."""
    there = [one for one in results if one.path]
    out, taken = io.BytesIO(), set()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for one in there:
            name, number = one.name, 1
            while name.casefold() in taken:
                number += 1
                stem, dot, ending = one.name.rpartition(".")
                name = f"{stem}-{number}{dot}{ending}"
            taken.add(name.casefold())
            packed.write(Path(one.path or ""), name)
    return out.getvalue()


def order_for(order: Order, to: str, profile: str | None, language: str) -> Order:
    wish = msgspec.structs.replace(order.wish, profile=profile or None)
    return msgspec.structs.replace(order, to=to, wish=wish, language=language)
