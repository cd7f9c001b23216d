"""The longest text that a cell of a workbook holds."""

from jixiao.errors import JixiaoError
from jixiao.messages import gettext as _

MOST_TEXT = 32_767
"""UTF-16 units, by the programs' published limits."""


def guard_length(text: str) -> None:
    """Raises JixiaoError `text-too-long`."""
    if len(text) > MOST_TEXT // 2 and _units(text) > MOST_TEXT:
        raise JixiaoError(
            "text-too-long",
            _("A text of {count} characters begins “{text}”; a cell in XLSX holds {most}.").format(
                count=_units(text), text=text[:20], most=MOST_TEXT
            ),
            _("Convert to DOCX or HTML instead, or shorten the text in the source."),
        )


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
