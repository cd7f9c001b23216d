"""The parts of an OFD package by the paths that its parts name, tolerant of how programs write those."""

import posixpath

from jixiao import errors
from jixiao.archive import Archive, parse_xml
from jixiao.errors import BadInput
from jixiao.limits import Limits
from jixiao.messages import gettext as _
from lxml.etree import _Element

NAME = "OFD"


class Package:
    """Raises BadInput `path-outside` where a path leads out of the package.

    `missing` gathers the absent parts that would have held text.
    """

    def __init__(self, archive: Archive, limits: Limits) -> None:
        self._archive, self._limits = archive, limits
        self.missing: dict[str, None] = {}
        for name in archive.names:
            _inside(name)

    def first(self) -> str:
        """The part where the package begins."""
        return next(n for n in (*self._archive.names, "OFD.xml") if n.lstrip("./").lower() == "ofd.xml")

    def find(self, base: str, path: str | None, *, content: bool = True) -> str | None:
        """The part at `path` as the part `base` names it, None where there is none (`content`: missed).

        Paths lead from the part's folder or from the top, with either slash, in any case; some programs
        name a part from the top without a slash.
        """
        said = (path or "").strip().replace("\\", "/")
        if not said:
            return None
        ways = [said.lstrip("/")] if said.startswith("/") else []
        ways += [posixpath.join(posixpath.dirname(base), said.lstrip("/")), said.lstrip("/")]
        for way in ways:
            if (name := _inside(posixpath.normpath(way))) in self._archive:
                return name
        if content:
            self.missing[said] = None
        return None

    def data(self, part: str) -> bytes | None:
        return self._archive.read(part)

    def root(self, base: str, path: str | None, *, content: bool = True) -> tuple[str, _Element] | None:
        """The part's full name and its root element. Raises BadInput `damaged-file`, `doctype`, `limit-…`."""
        part = self.find(base, path, content=content)
        data = None if part is None else self._archive.read(part)
        if part is None or data is None:
            return None
        return part, parse_xml(data.lstrip(b"\r\n\t "), self._limits, NAME)


def _inside(path: str) -> str:
    if ".." in path.replace("\\", "/").split("/"):
        raise BadInput(
            "path-outside",
            _("A part of the {format} file stands at {path}, which leads out of the file.").format(
                format=NAME, path=path[:200]
            ),
            _("The file may be meant to do harm. Get it again from where it came."),
        )
    return path


def local(element: _Element) -> str:
    """The element's name without its namespace, of which there are several."""
    return str(element.tag).rpartition("}")[2]


def child(element: _Element | None, *names: str) -> _Element | None:
    """The first child of that name, its child of the next name and so on."""
    for name in names:
        element = None if element is None else next((e for e in element if local(e) == name), None)
    return element


def children(element: _Element, name: str) -> list[_Element]:
    """What stands in the first child of that name."""
    found = child(element, name)
    return [] if found is None else list(found)


def text(element: _Element | None) -> str:
    return "" if element is None else (element.text or "").strip()


def damaged() -> BadInput:
    return errors.truncated(NAME)
