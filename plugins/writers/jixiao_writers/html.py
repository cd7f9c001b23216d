"""HTML out: one accessible file that stands alone and prints as the form on A4.

It holds every line and every grid with its merged cells; white space is kept as it is. Labels and heads are
`th` with a scope. No script, nothing loaded: the page forbids both itself. All text is escaped, none of it
is ever mark-up. A template of the user's own is given the same parts as the built-in one, sheet.html.j2.
"""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import msgspec
from jixiao.document import Cell, Document, Grid, Line, Section
from jixiao.errors import BadUsage
from jixiao.hookspecs import Writer, hookimpl
from jixiao.messages import gettext as _

from jixiao_writers._measure import columns
from jixiao_writers._text import HEADS, document_title, guard, is_wide, lines, title

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

TEMPLATE = Path(__file__).with_name("sheet.html.j2")
PAGE = {False: 482.0, True: 728.0}  # points between the margins, by is_wide
HALF_CHARACTER, PADDING = 5.25, 8.0  # points


class HtmlOptions(msgspec.Struct, frozen=True):
    template: Annotated[
        str, msgspec.Meta(description="A Jinja template to use in place of the built-in.")
    ] = ""


class HtmlWriter:
    NAME: ClassVar[str] = "html"
    API_VERSION: ClassVar[int] = 1
    MEDIA_TYPE: ClassVar[str] = "text/html"
    EXTENSION: ClassVar[str] = "html"
    MODEL: ClassVar[str] = "document"
    LOSSES: ClassVar[tuple[str, ...]] = (
        "source",
        "findings",
        "place",
        "confidence",
        "styles",
        "names",
        "sections",
    )
    OPTIONS: ClassVar[type[HtmlOptions]] = HtmlOptions

    def __init__(self, options: HtmlOptions | None = None) -> None:
        """Raises BadUsage where the template is no file."""
        self.template = Path(options.template) if options and options.template else TEMPLATE
        if not self.template.is_file():
            raise _bad_template(self.template, _("it is no file"))

    def write(self, model: Document) -> bytes:
        """The whole file in UTF-8, the same bytes for the same document. A grid without cells is left out.

        Raises JixiaoError (`illegal-character`) for a character that no HTML file may hold.
        """
        guard(model, "HTML")
        sections = [_section(section, f"s{number}") for number, section in enumerate(model.sections, 1)]
        return _rendered(self.template, title=document_title(model), sections=sections).encode()


@hookimpl
def jixiao_writer() -> type[Writer]:
    return HtmlWriter


def _rendered(template: Path, **parts: Any) -> str:
    from jinja2 import TemplateError

    try:
        return _template(template).render(**parts)
    except (TemplateError, UnicodeDecodeError) as error:
        raise _bad_template(template, str(error)) from error


@cache
def _template(path: Path) -> "Template":
    """The compiled template, made once per process; it can do nothing but lay out what it is given."""
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(path.parent),
        autoescape=True,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    environment.filters["lines"] = _breaks()
    return environment.get_template(path.name)


def _bad_template(path: Path, why: str) -> BadUsage:
    return BadUsage(
        "template",
        _("The template {path} cannot be used: {why}.").format(path=path, why=why),
        _("Correct it, or leave out the option writer.html.template."),
    )


def _breaks() -> "Callable[[str], Markup]":
    from markupsafe import Markup

    br = Markup("<br>")
    return lambda text: br.join(lines(text))


def _section(section: Section, ident: str) -> dict[str, Any]:
    """What the template is given of a section."""
    wide = is_wide(section)
    page = PAGE[wide]
    blocks = [_line(b) if isinstance(b, Line) else _table(b, page) for b in section.blocks if not _is_void(b)]
    heading = next((block for block in blocks if block.get("style") == "title"), None)
    if heading is not None:
        heading["id"] = ident
    titled = heading is not None
    return {"id": ident, "titled": titled, "name": title(section), "wide": wide, "blocks": blocks}


def _is_void(block: Line | Grid) -> bool:
    return isinstance(block, Grid) and not block.cells


def _line(line: Line) -> dict[str, Any]:
    return {"text": line.text, "style": line.style, "id": None}


def _table(grid: Grid, page: float) -> dict[str, Any]:
    heads = dict(_heads(grid))
    rows = [[(cell, heads.get((cell.row, cell.col))) for cell in row] for row in grid.by_row()]
    widths = columns(grid, page, HALF_CHARACTER, PADDING)
    return {"rows": rows, "widths": [f"{width / page:.2%}" for width in widths]}


def _heads(grid: Grid) -> Iterator[tuple[tuple[int, int], str]]:
    """The scope of each cell that is a head: what it stands nearest to, its row's values or its column's."""
    owner = {
        (row, col): cell
        for cell in grid.cells
        for row in range(cell.row, cell.row + cell.rowspan)
        for col in range(cell.col, cell.col + cell.colspan)
    }

    def distance(cell: Cell, down: bool) -> float:
        """How many cells away the first one stands that is no head."""
        steps, seen = 0, cell
        while seen.style in HEADS:
            at = (seen.row + seen.rowspan, cell.col) if down else (cell.row, seen.col + seen.colspan)
            if at not in owner:
                return float("inf")
            steps, seen = steps + 1, owner[at]
        return steps

    for cell in grid.cells:
        if cell.style in HEADS and cell.text.strip():
            across, down = distance(cell, down=False), distance(cell, down=True)
            by_row = across < down or (across == down and (cell.rowspan > 1 or down < float("inf")))
            yield (cell.row, cell.col), "row" if by_row else "col"
