"""Workbooks: texts go in as texts, whatever they look like.

No cell holds a number, a formula or a link: a code keeps its zeros and "=1+1" stays what it says.
"""

import re
from datetime import datetime
from typing import Any

MADE = datetime(1980, 1, 1)
"""When a file was written is no part of what it says."""
OPTIONS = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
TEXT = "@"
"""The number format of a text: what is typed into the cell stays as typed."""
# What XlsxWriter takes for the XML of a rich string; and escapes that share an underscore, where it misses
# the second.
_MISREAD = re.compile(r"^<r>.*</r>$|_x[0-9A-Fa-f]{4}_x[0-9A-Fa-f]{4}_", re.DOTALL)


def put_text(sheet: Any, row: int, col: int, text: str, look: Any) -> None:
    """The text into the cell; its lines are parted by line feeds."""
    if _MISREAD.search(text):
        _put_in_runs(sheet, row, col, text, look)
    else:
        sheet.write_string(row, col, text, look)


def _put_in_runs(sheet: Any, row: int, col: int, text: str, look: Any) -> None:
    """A text that XlsxWriter would write wrongly goes in as the runs of a rich string.

    A run ends at each underscore, so that none holds anything that looks like an escape.
    """
    first, *others = [text[0], text[1], *filter(None, re.split("(?<=_)", text[2:]))]
    runs = [part for run in others for part in (look, run)]
    sheet.write_rich_string(row, col, first, *runs, look)
