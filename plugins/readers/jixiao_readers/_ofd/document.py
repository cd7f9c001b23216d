"""An OFD document page by page, its tables joined over page breaks."""

from collections.abc import Iterator
from typing import NamedTuple

from jixiao.archive import open_archive
from jixiao.document import Document, Line, Section
from jixiao.errors import PluginError, over_limit
from jixiao.findings import finding
from jixiao.geometry import PageLayout, Table, join_pages, page_layout
from jixiao.limits import Limits
from jixiao.model import Finding, Place
from lxml.etree import _Element

from jixiao_readers._ofd.draw import POINTS, Drawn
from jixiao_readers._ofd.numbers import Box, Matrix, box
from jixiao_readers._ofd.package import NAME, Package, child, children, damaged, local, text
from jixiao_readers._ofd.resources import Resources
from jixiao_readers._pdf_radicals import RADICALS

A4: Box = (0.0, 0.0, 210.0, 297.0)


class Page(NamedTuple):
    """A page's part and root, the roots of its templates, its annotations, and its paper in millimetres."""

    part: str
    root: _Element
    templates: list[_Element]
    annotations: list[_Element]
    paper: Box
    resources: Resources


def document(data: bytes, limits: Limits) -> Document:
    """Raises BadInput: `damaged-file`, `doctype`, `path-outside`, `limit-…`."""
    package = opened(data, limits)
    layouts: list[PageLayout] = []
    beside: list[Line] = []
    findings: list[Finding] = []
    left = limits.cells
    radicals: set[str] = set()
    for number, page in enumerate(pages_of(package, limits), 1):
        drawn, width, height = drawn_of(page, limits.cells)
        radicals |= _plain(drawn)
        place = Place(page=number)
        beside += [Line(text=t, style="note", place=place) for t in dict.fromkeys(drawn.aside) if t.strip()]
        findings += [finding("hidden-left-out", text=t, place=place) for t in drawn.hidden if t.strip()]
        layout = page_layout(drawn.chars, drawn.rulings, number=number, width=width, height=height, most=left)
        if not any(c.text.strip() for c in drawn.chars):
            layout, said = _without_text(package, drawn, layout, limits)
            findings += said
        else:
            findings += _said_of(drawn, number)
        left -= sum(b.grid.rows * b.grid.cols for b in layout.blocks if isinstance(b, Table))
        if left < 0:
            raise over_limit("cells", limits.cells - left, limits.cells)
        layouts.append(layout)
    if not layouts:
        raise damaged()
    blocks, joins = join_pages(layouts)
    findings += [finding("part-not-read", text=name) for name in package.missing]
    if radicals:
        findings.append(finding("radical-mapped", text="".join(sorted(radicals))))
    return Document(sections=(Section(blocks=(*blocks, *beside)),), findings=(*findings, *joins))


def opened(data: bytes, limits: Limits) -> Package:
    """Raises BadInput `damaged-file`, `path-outside`, `limit-…`."""
    return Package(open_archive(data, limits, NAME), limits)


def pages_of(package: Package, limits: Limits) -> Iterator[Page]:
    found = package.root("", package.first())
    count = 0
    for body in () if found is None else (e for e in found[1].iter() if local(e) == "DocBody"):
        for page in _pages_of(package, text(child(body, "DocRoot"))):
            count += 1
            if count > limits.pages:
                raise over_limit("pages", count, limits.pages)
            yield page


def _pages_of(package: Package, path: str) -> Iterator[Page]:
    """The pages of one document body."""
    found = package.root("OFD.xml", path)
    if found is None:
        return
    main, root = found
    common = child(root, "CommonData")
    resources, templates = Resources(), dict[str, _Element]()
    for element in children(root, "CommonData"):
        if local(element) in ("PublicRes", "DocumentRes"):
            resources.take(package, main, text(element))
        elif local(element) == "TemplatePage" and (page := package.root(main, element.get("BaseLoc"))):
            templates[element.get("ID", "")] = page[1]
    notes = _annotations(package, main, root)
    for element in children(root, "Pages"):
        page = package.root(main, element.get("BaseLoc"))
        if page is None:
            continue
        for own in (e for e in page[1] if local(e) == "PageRes"):
            resources.take(package, page[0], text(own))
        used = [e.get("TemplateID", "") for e in page[1] if local(e) == "Template"]
        under = [templates[key] for key in used if key in templates]
        paper = _paper(page[1]) or next(filter(None, map(_paper, under)), None)
        paper = paper or box(text(child(common, "PageArea", "PhysicalBox"))) or A4
        yield Page(page[0], page[1], under, notes.get(element.get("ID", ""), []), paper, resources)


def _annotations(package: Package, main: str, root: _Element) -> dict[str, list[_Element]]:
    """The annotations by the number of their page."""
    found = package.root(main, text(child(root, "Annotations")))
    notes: dict[str, list[_Element]] = {}
    if found is None:
        return notes
    for page in (e for e in found[1] if local(e) == "Page"):
        if file := package.root(found[0], text(child(page, "FileLoc"))):
            notes.setdefault(page.get("PageID", ""), []).extend(e for e in file[1] if local(e) == "Annot")
    return notes


def _paper(page: _Element) -> Box | None:
    found = box(text(child(page, "Area", "PhysicalBox")))
    return found if found and found[2] > 0 and found[3] > 0 else None


def drawn_of(page: Page, most: int) -> tuple[Drawn, float, float]:
    """What the page draws, turned so that most of its text stands upright, and its size in points."""
    x, y, width, height = (side * POINTS for side in page.paper)
    upright: Matrix = (POINTS, 0.0, 0.0, POINTS, -x, -y)
    drawn = _collected(page, upright, most)
    turns = drawn.turns.most_common(1)
    if not turns or not turns[0][0] or turns[0][1] <= 0.9 * drawn.turns.total():
        return drawn, width, height
    turned: dict[int, Matrix] = {
        1: (0.0, -POINTS, POINTS, 0.0, -y, width + x),
        2: (-POINTS, 0.0, 0.0, -POINTS, width + x, height + y),
        3: (0.0, POINTS, -POINTS, 0.0, height + y, -x),
    }
    size = (width, height) if turns[0][0] == 2 else (height, width)
    return _collected(page, turned[turns[0][0]], most), *size


def _collected(page: Page, outer: Matrix, most: int) -> Drawn:
    drawn = Drawn(page.resources, outer, most)
    for root in (*page.templates, page.root):
        drawn.page(child(root, "Content"))
    for note in page.annotations:
        drawn.annotation(note)
    return drawn


def _plain(drawn: Drawn) -> set[str]:
    """Maps radicals to the characters they look like; which ones there were."""
    found = {t for c in drawn.chars for t in c.text if ord(t) in RADICALS}
    if found:
        drawn.chars = [c._replace(text=c.text.translate(RADICALS)) for c in drawn.chars]
    return found


def _said_of(drawn: Drawn, number: int) -> list[Finding]:
    """What the page's fonts and pictures say against reading it as text."""
    place = Place(page=number)
    broken = next((n for n, c in enumerate(drawn.chars) if any(map(_unnamed, c.text))), None)
    said = []
    if broken is not None:
        around = drawn.chars[max(broken - 4, 0) : broken + 8]
        said.append(finding("broken-font", text="".join(c.text for c in around), place=place))
    if drawn.pictures:
        said.append(finding("picture-not-read", text=str(number), place=place))
    return said


def _unnamed(character: str) -> bool:
    return character == "\ufffd" or "\ue000" <= character <= "\uf8ff" or character >= "\U000f0000"


def _without_text(
    package: Package, drawn: Drawn, layout: PageLayout, limits: Limits
) -> tuple[PageLayout, list[Finding]]:
    """A page that holds no characters: its largest picture by OCR, or why that cannot be."""
    number = layout.number
    place = Place(page=number)
    if not drawn.pictures:
        return layout, [finding("page-outlined", text=str(number), place=place)] if drawn.curves else []
    data = scan_of(package, drawn)
    if data is None:
        return layout, [finding("page-without-text", text=str(number), place=place)]
    from jixiao_readers._scan.document import layouts

    try:
        ((seen, said),) = layouts(data, limits, "accurate", first=number)
    except PluginError:
        return layout, [finding("page-without-text", text=str(number), place=place)]
    return seen, said


def scan_of(package: Package, drawn: Drawn) -> bytes | None:
    """The picture that a page without characters is read from."""
    if not drawn.pictures or any(c.text.strip() for c in drawn.chars):
        return None
    _area, part = max(drawn.pictures)
    return package.data(part) if part else None
