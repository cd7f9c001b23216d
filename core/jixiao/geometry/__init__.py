"""From drawn lines and placed characters to tables and text; PDF, OFD and scans share it.

    layout = page_layout(chars, rulings, number=1, width=595, height=842, most=limits.cells)
    blocks, findings = join_pages([layout, ...])

Lengths are points, the origin is the page's top left corner.
"""

from jixiao.geometry.lines import Char
from jixiao.geometry.page import page_layout
from jixiao.geometry.page_model import PageLayout, Table
from jixiao.geometry.pages import join_pages
from jixiao.geometry.rulings import Ruling, box_rulings, line_rulings

__all__ = [
    "Char", "PageLayout", "Ruling", "Table", "box_rulings", "join_pages", "line_rulings", "page_layout",
]  # fmt: skip
