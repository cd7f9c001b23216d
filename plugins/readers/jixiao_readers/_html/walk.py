"""An HTML tree to lines and tables, as a browser shows them; no recursion, however deep the page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jixiao.document import Line, Style

from jixiao_readers._html.table import MOST_COLUMNS, ORDER, OpenTable, Told
from jixiao_readers._tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

LEFT_OUT = frozenset(
    {
        "script", "style", "template", "noscript", "head", "title", "meta", "link", "iframe", "object",
        "embed", "audio", "video", "canvas", "svg", "noframes", "datalist", "button",
    }
)  # fmt: skip
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
LINES = HEADINGS | frozenset(
    {
        "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "section", "article", "header", "footer", "main",
        "nav", "aside", "address", "blockquote", "center", "pre", "fieldset", "legend", "form", "figure",
        "figcaption", "hr", "details", "summary", "option", "textarea", "body", "tr", "td", "th", "table",
    }
)  # fmt: skip
PARTS = frozenset({"td", "th", "caption", "tr", *ORDER})
CLASSES: dict[str, Style] = {"subtitle": "subtitle", "note": "note"}
TICKED, UNTICKED = "☑", "□"
SHOWN_INPUTS = frozenset({"", "text", "number", "date", "month", "tel", "email", "url", "search"})
_HIDING = re.compile(r"(display\s*:\s*none|visibility\s*:\s*(hidden|collapse))", re.I)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_NUMBER = re.compile(r"\s*\+?(\d{1,9})")
_WIDTH = re.compile(r"(?:^|[;\s])width\s*:\s*(\d+(?:\.\d+)?)|^\s*(\d+(?:\.\d+)?)", re.I)


@dataclass(slots=True)
class Flow:
    """Text coming in, up to the next line's end; one for the page, each cell and each caption."""

    content: list[Line | Table] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    def end_line(self, style: Style = "body") -> None:
        if self.pieces:
            rows = "".join(self.pieces).split("\n")
            self.pieces.clear()
            text = "\n".join(row.strip(" ") for row in rows).strip("\n")
            if text:
                self.content.append(Line(text=text, style=style))


class Walk:
    """Goes through a page once. `hidden` holds the texts that the page does not show."""

    def __init__(self, most_cells: int) -> None:
        self._most_cells = most_cells
        self._flows = [Flow()]
        self._tables: list[OpenTable] = []
        self._kept = 0  # how many elements that keep white space are open
        self.hidden: list[str] = []

    def content(self, root: _Element) -> list[Line | Table]:
        """Lines and tables of the whole page. Raises BadInput `limit-cells`."""
        stack: list[tuple[_Element, Iterator[_Element]]] = []
        element: _Element | None = root
        while element is not None or stack:
            if element is not None and self._enters(element):
                self._start(element)
                self._text(element.text)
                stack.append((element, iter(element)))
            elif element is not None:
                self._text(element.tail)
            element = None
            while stack and element is None:
                element = next(stack[-1][1], None)
                if element is None:
                    ended, _rest = stack.pop()
                    self._end(ended)
                    self._text(ended.tail)
        self._flows[0].end_line()
        return self._flows[0].content

    def _enters(self, element: _Element) -> bool:
        tag = element.tag
        if not isinstance(tag, str) or tag in LEFT_OUT:
            return False
        style = element.get("style")
        if (
            "hidden" in element.attrib
            or (style is not None and _HIDING.search(style))
            or (tag == "option" and not _is_chosen(element))
        ):
            self.hidden.append(" ".join(str(text) for text in element.itertext()))
            return False
        return True

    def _start(self, element: _Element) -> None:
        tag, flow = element.tag, self._flows[-1]
        if tag == "br":
            flow.pieces.append("\n")
        elif tag == "input":
            flow.pieces.append(_input(element))
        elif tag in LINES or tag == "caption":
            flow.end_line(self._style_outside(element))
            self._kept += tag in ("pre", "textarea")
        if tag == "table":
            self._tables.append(OpenTable())
        elif self._tables and (tag in PARTS or tag == "col"):
            self._start_in_table(self._tables[-1], element, str(tag))

    def _start_in_table(self, table: OpenTable, element: _Element, tag: str) -> None:
        """A part of a table ends the cell before it, closed or not, as it does in browsers."""
        if tag == "col":
            if len(table.widths) < MOST_COLUMNS:
                table.widths += [_width(element)] * min(max(_whole(element, "span"), 1), MOST_COLUMNS)
            return
        self._end_cell(table)
        if tag == "tr":
            table.row()
        elif tag in ORDER:
            table.group(tag)
        else:
            table.open_cell = element
            self._flows.append(Flow())

    def _end(self, element: _Element) -> None:
        tag = element.tag
        if tag in LINES or tag == "caption":
            self._flows[-1].end_line(_style(element))
            self._kept -= tag in ("pre", "textarea")
        if not self._tables:
            return
        table = self._tables[-1]
        if element is table.open_cell:
            self._end_cell(table)
        elif tag == "tr":
            table.in_row = False
        elif tag == "table":
            self._end_cell(table)
            self._tables.pop()
            self._flows[-1].content += [*table.captions, table.close(self._most_cells)]

    def _end_cell(self, table: OpenTable) -> None:
        cell, table.open_cell = table.open_cell, None
        if cell is None:
            return
        flow = self._flows.pop()
        flow.end_line()
        if cell.tag == "caption":
            table.captions += flow.content
        else:
            table.cell(Told(_whole(cell, "rowspan"), _whole(cell, "colspan"), flow.content))

    def _text(self, text: str | None) -> None:
        if text:
            self._flows[-1].pieces.append(text if self._kept else _BLANKS.sub(" ", text))

    def _style_outside(self, element: _Element) -> Style:
        """The style of the line that a starting element ends: that of the block around it."""
        parent = element.getparent()
        while parent is not None and parent.tag not in LINES:
            parent = parent.getparent()
        return "body" if parent is None else _style(parent)


def _style(element: _Element) -> Style:
    if element.tag in HEADINGS:
        return "title"
    return CLASSES.get(element.get("class") or "", "body")


def _whole(element: _Element, name: str) -> int:
    """A span as browsers read it: the digits it begins with, 1 where there are none."""
    found = _NUMBER.match(element.get(name) or "")
    return int(found[1]) if found else 1


def _width(element: _Element) -> float:
    for source in (element.get("style"), element.get("width")):
        if source and (found := _WIDTH.search(source)):
            return float(found[1] or found[2])
    return 0.0


def _is_chosen(option: _Element) -> bool:
    """Whether a menu shows this option: the one selected, else its first."""
    if "selected" in option.attrib:
        return True
    return option.getprevious() is None and all("selected" not in o.attrib for o in option.itersiblings())


def _input(element: _Element) -> str:
    kind = (element.get("type") or "").lower()
    if kind in ("checkbox", "radio"):
        return TICKED if "checked" in element.attrib else UNTICKED
    return (element.get("value") or "") if kind in SHOWN_INPUTS else ""
