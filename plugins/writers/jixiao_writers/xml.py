"""The model as XML, in the form that jixiao.schema describes; it is found out from the values alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar

from jixiao.hookspecs import hookimpl
from jixiao.model import Reading, Struct
from jixiao.schema import NAMESPACE, item_name
from jixiao.upload import Upload

if TYPE_CHECKING:
    from lxml.etree import _Element

# What XML 1.0 cannot hold (production Char); lone surrogates no encoding of text can.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
ESCAPABLE = re.compile(f"[\\\\{ILLEGAL.pattern[1:]}")


class XmlWriter:
    NAME: ClassVar[str] = "xml"
    API_VERSION: ClassVar[int] = 1
    MEDIA_TYPE: ClassVar[str] = "application/xml"
    EXTENSION: ClassVar[str] = "xml"
    MODEL: ClassVar[str] = "reading"
    LOSSES: ClassVar[tuple[str, ...]] = ()

    def write(self, model: Reading) -> bytes:
        from lxml import etree

        name = type(model).__name__.lower()
        root = etree.fromstring(f'<{name} xmlns="{NAMESPACE}"/>')
        _fill(root, model)
        etree.indent(root, " ")
        return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"

    def write_upload(self, upload: Upload, out: BinaryIO) -> None:
        from jixiao_writers._upload_xml import write_upload

        write_upload(upload, out)


def _fill(element: _Element, value: Any) -> None:
    """Put a value of the model into its element."""
    from lxml.etree import SubElement

    if isinstance(value, Struct):
        for key in value.__struct_fields__:
            if (inner := getattr(value, key)) is not None:
                _fill(SubElement(element, _tag(key)), inner)
    elif isinstance(value, dict):
        for key, inner in value.items():
            item = SubElement(element, _tag(_item(element)))
            item.set("key", _text(item, key))
            _fill(item, inner)
    elif isinstance(value, tuple):
        for inner in value:
            _fill(SubElement(element, _tag(_item(element))), inner)
    else:
        element.text = _text(element, str(value))


def _text(element: _Element, text: str) -> str:
    """The text as XML can hold it; where that takes escapes, the element says so."""
    if not ILLEGAL.search(text):
        return text
    element.set("escaped", "true")
    return ESCAPABLE.sub(lambda m: "\\\\" if m[0] == "\\" else f"\\u{ord(m[0]):04x}", text)


def _item(container: _Element) -> str:
    return item_name(str(container.tag).rpartition("}")[2])


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


@hookimpl
def jixiao_writer() -> type[XmlWriter]:
    return XmlWriter
