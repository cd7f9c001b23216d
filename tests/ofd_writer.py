"""OFD for tests, by GB/T 33190: pages of drawn tables, in the ways that programs write them."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple
from xml.sax.saxutils import escape

from jixiao.document import Document, Grid, Line

SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
SIZE, LINE = 3.5, 4.5
LEFT, TOP, WIDTH, PAPER = 15.0, 20.0, 180.0, (210.0, 297.0)


@dataclass
class Parts:
    """The parts of a package by name, to be changed by a test before they are packed."""

    parts: dict[str, str | bytes] = field(default_factory=dict)

    def packed(self, names: str = "utf-8") -> bytes:
        """The zip; with `names` gb18030 its names are in that encoding and not marked."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in self.parts.items():
                told = name if names == "utf-8" else name.encode(names).decode("cp437")
                archive.writestr(Named(told, names != "utf-8"), data)
        return out.getvalue()


class Named(zipfile.ZipInfo):
    """A name in the zip as its bytes are, and no mark of UTF-8 on it."""

    def __init__(self, name: str, bare: bool) -> None:
        super().__init__(name)
        self.compress_type = zipfile.ZIP_DEFLATED
        self._bare = bare

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        if self._bare:
            return self.filename.encode("cp437"), self.flag_bits & ~0x800
        return self.filename.encode(), self.flag_bits | (0 if self.filename.isascii() else 0x800)


def package(*contents: str, resources: str = "", common: str = "", after: str = "") -> Parts:
    """A document whose pages have these contents (what stands in a layer)."""
    pages = "".join(
        f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(contents))
    )
    parts: dict[str, str | bytes] = {
        "OFD.xml": f'<ofd:OFD {SPACE} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo/>'
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {SPACE}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>"
        f"0 0 {PAPER[0]} {PAPER[1]}</ofd:PhysicalBox></ofd:PageArea>"
        f"<ofd:PublicRes>PublicRes.xml</ofd:PublicRes>{common}</ofd:CommonData><ofd:Pages>{pages}</ofd:Pages>{after}</ofd:Document>",
        "Doc_0/PublicRes.xml": f'<ofd:Res {SPACE} BaseLoc="Res">{resources}</ofd:Res>',
    }
    for n, content in enumerate(contents):
        parts[f"Doc_0/Pages/Page_{n}/Content.xml"] = page(content)
    return Parts(parts)


def page(content: str, before: str = "") -> str:
    return f"<ofd:Page {SPACE}>{before}<ofd:Content><ofd:Layer>{content}</ofd:Layer></ofd:Content></ofd:Page>"


def text(
    said: str, x: float, y: float, *, steps: str | None = None, ctm: str = "", attributes: str = ""
) -> str:
    """A line of text whose first base line begins at x, y; `steps` are told in place of each width."""
    step = " ".join(f"{wide(c):g}" for c in said[:-1]) if steps is None else steps
    told = f' DeltaX="{step}"' if step else ""
    ctm = f' CTM="{ctm}"' if ctm else ""
    boundary = f"{x:g} {y - SIZE:g} {len(said) * SIZE:g} {LINE:g}"
    return (
        f'<ofd:TextObject Boundary="{boundary}" Font="1" Size="{SIZE}"{ctm}{attributes}>'
        f'<ofd:TextCode X="0" Y="{SIZE:g}"{told}>{escape(said)}</ofd:TextCode></ofd:TextObject>'
    )


def path(data: str, x: float = 0.0, y: float = 0.0, attributes: str = "") -> str:
    return (
        f'<ofd:PathObject Boundary="{x:g} {y:g} {PAPER[0]} {PAPER[1]}" LineWidth="0.25"{attributes}>'
        f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def wide(character: str) -> float:
    return SIZE if ord(character) > 0x2000 else SIZE / 2


class Drawn(NamedTuple):
    """A page: lines of text by where their first base line begins, and the sides of cells, in millimetres."""

    texts: list[tuple[str, float, float]]
    cells: list[tuple[float, float, float, float]]
    bottom: float


def drawn(grid: Grid, top: float = TOP) -> Drawn:
    """A table as high as its texts want; what is longer than its cell is wide goes on in the next line."""
    widths = grid.widths or (1.0,) * grid.cols
    xs = [LEFT + WIDTH * part / sum(widths) for part in accumulate(widths, initial=0.0)]
    broken = {c: _broken(c.text, xs[c.col + c.colspan] - xs[c.col] - 2) for c in grid.cells}
    heights = [LINE + 2.0] * grid.rows
    for cell in sorted(grid.cells, key=lambda c: c.rowspan):
        lacks = len(broken[cell]) * LINE + 2.0 - sum(heights[cell.row : cell.row + cell.rowspan])
        heights[cell.row] += max(0.0, lacks)
    ys = list(accumulate(heights, initial=top))
    texts = [
        (line, xs[c.col] + 1, ys[c.row] + 1 + SIZE + n * LINE)
        for c, lines in broken.items() for n, line in enumerate(lines) if line
    ]  # fmt: skip
    cells = [(xs[c.col], ys[c.row], xs[c.col + c.colspan], ys[c.row + c.rowspan]) for c in grid.cells]
    return Drawn(texts, cells, ys[-1])


def table(grid: Grid, top: float = TOP, style: str = "rectangle") -> str:
    """The objects of a table; `style`: a rectangle a cell, lines, or thin filled boxes."""
    page = drawn(grid, top)
    return "".join(_cell(*box, style) for box in page.cells) + "".join(text(*said) for said in page.texts)


def section(blocks: Sequence[Line | Grid]) -> Drawn:
    """The lines and tables of a page one below the other."""
    texts: list[tuple[str, float, float]] = []
    cells: list[tuple[float, float, float, float]] = []
    y = TOP
    for block in blocks:
        if isinstance(block, Line):
            texts.append((block.text, LEFT, y + SIZE))
            y += 2 * LINE
        else:
            more = drawn(block, y)
            texts, cells, y = texts + more.texts, cells + more.cells, more.bottom + LINE
    return Drawn(texts, cells, y)


def pages(document: Document) -> Parts:
    """A document, a page a section."""
    return package(*(
        "".join(_cell(*box, "lines") for box in page.cells) + "".join(text(*said) for said in page.texts)
        for page in (section(s.blocks) for s in document.sections)
    ))  # fmt: skip


def _broken(said: str, room: float) -> list[str]:
    lines = []
    for line in said.split("\n"):
        used, begin = 0.0, 0
        for n, character in enumerate(line):
            used += wide(character)
            if used > room:
                lines.append(line[begin:n])
                used, begin = wide(character), n
        lines.append(line[begin:])
    return lines


def _cell(x0: float, y0: float, x1: float, y1: float, style: str) -> str:
    sides = [(x0, y0, x1, y0), (x1, y0, x1, y1), (x0, y1, x1, y1), (x0, y0, x0, y1)]
    if style == "rectangle":
        return path(f"M 0 0 L {x1 - x0:g} 0 L {x1 - x0:g} {y1 - y0:g} L 0 {y1 - y0:g} C", x0, y0)
    if style == "lines":
        return path(" ".join(f"M {a:g} {b:g} L {c:g} {d:g}" for a, b, c, d in sides))
    boxes = ((a - 0.1, b - 0.1, c + 0.1, d + 0.1) for a, b, c, d in sides)
    data = " ".join(f"M {a:g} {b:g} L {c:g} {b:g} L {c:g} {d:g} L {a:g} {d:g} C" for a, b, c, d in boxes)
    return path(data, attributes=' Stroke="false" Fill="true"')
