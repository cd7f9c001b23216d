"""Stylesheets beside a profile, where a system's XML has another shape: out.xsl makes it, back.xsl undoes it.

They can reach neither the disk nor the network.
"""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jixiao.archive import parse_xml
from jixiao.errors import BadInput
from jixiao.limits import Limits
from jixiao.messages import gettext as _

if TYPE_CHECKING:
    from lxml.etree import XSLT

OUT, BACK = "out.xsl", "back.xsl"


@lru_cache(maxsize=16)
def stylesheet(source: bytes) -> XSLT:
    """Raises lxml's XMLSyntaxError or XSLTParseError where the source is no stylesheet."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    control: Any = etree.XSLTAccessControl
    nothing = control(
        read_file=False, write_file=False, create_dir=False, read_network=False, write_network=False
    )
    return etree.XSLT(etree.fromstring(source, parser), access_control=nothing)


def transformed(source: bytes, data: bytes, encoding: str) -> bytes:
    """The XML in its other shape, with the comments at its beginning, which say what it is and is not.

    Raises BadInput `transform` where the stylesheet fails on it.
    """
    from lxml import etree

    root = etree.fromstring(data)
    try:
        result = stylesheet(source)(root).getroot()
    except etree.XSLTApplyError as error:
        raise _failed(str(error)) from error
    if result is None:
        raise _failed(_("it makes no element"))
    for note in root.itersiblings(etree.Comment, preceding=True):
        result.addprevious(etree.Comment(note.text or ""))
    made = io.BytesIO()
    result.getroottree().write(made, encoding=encoding, xml_declaration=True)
    return made.getvalue() + b"\n"


def undone(source: bytes, data: bytes, limits: Limits) -> bytes:
    """The profile's own XML, from that of the other shape; anything else as it is."""
    from lxml import etree

    try:
        root = parse_xml(data, limits, "XML")
        result = None if root.get("profile") else stylesheet(source)(root).getroot()
    except (BadInput, etree.XSLTApplyError):
        return data
    if result is None or not result.get("profile"):
        return data
    return etree.tostring(result, encoding="UTF-8", xml_declaration=True)


def _failed(why: str) -> BadInput:
    return BadInput(
        "transform",
        _("The profile's stylesheet fails on the records: {why}.").format(why=why),
        _("Correct the stylesheet."),
    )
