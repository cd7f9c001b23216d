"""The model as XML in, checked by its schema first; other XML is refused by the name of its root."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from jixiao.document import Document
from jixiao.errors import over_limit
from jixiao.head import Head
from jixiao.hookspecs import hookimpl
from jixiao.limits import Limits
from jixiao.messages import gettext as _
from jixiao.model import FORMAT, VERSION, Reading
from jixiao.schema import FOLDER, NAMESPACE, NAMESPACES, does_not_fit, not_a_sheet, plain, require_mark
from jixiao.upload import as_document

if TYPE_CHECKING:
    from lxml.etree import XMLSchema, _Element
    from msgspec.inspect import Type

PROLOG = r"\ufeff?(?P<prolog>(?>\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?>\[.*?\])?\s*>)*+)"
ROOT = re.compile(
    PROLOG + r"<(?:[\w.-]+:)?(?P<name>[\w.-]+)(?P<attributes>(?>[^>\"']|\"[^\"]*\"|'[^']*')*+)", re.S
)
ESCAPED = re.compile(r"(?:[^\\]|\\\\|\\u00[01][0-9a-f]|\\ufff[ef])*", re.S)
ESCAPE = re.compile(r"\\(?:\\|u([0-9a-f]{4}))")
BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}


class XmlReader:
    NAME: ClassVar[str] = "xml"
    API_VERSION: ClassVar[int] = 1
    MEDIA_TYPES: ClassVar[tuple[str, ...]] = ("application/xml", "text/xml")
    EXTENSIONS: ClassVar[tuple[str, ...]] = ("xml",)

    def sniff(self, head: Head) -> bool:
        """Any XML but HTML: what is no sheet is then refused by the name of its root."""
        text = head.start.decode(BOMS.get(head.start[:2], "utf-8"), "ignore")
        root = ROOT.match(text)
        if root is None or root["name"].lower() == "html":
            return False
        return "<?xml" in root["prolog"] or "xmlns" in root["attributes"]

    def read(self, data: bytes, limits: Limits) -> Reading | Document:
        """The model, or the records of a finance system's profile.

        Raises BadInput: `not-a-sheet`, `model-version`, `schema`, or as jixiao.archive.parse_xml does."""
        from jixiao.archive import parse_xml
        from lxml.etree import DocumentInvalid
        from msgspec import inspect

        root = parse_xml(data, limits, "XML")
        if root.get("profile"):
            return _records(root, limits)
        _require_sheet(root)
        try:
            _schema().assertValid(root)
        except DocumentInvalid as error:
            raise does_not_fit(str(error).replace(f"{{{NAMESPACE}}}", "")) from error
        reading: Reading = _value(root, inspect.type_info(Reading))
        return reading


def _records(root: _Element, limits: Limits) -> Document:
    """The records under root and data, an element a column. Raises BadInput `limit-cells`."""
    tables: dict[str, list[dict[str, str]]] = {}
    for record in (record for part in list(root)[1:] for record in part):
        row = {_name(column): "".join(map(str, column.itertext())) for column in record}
        if len(row) != len(record):
            raise does_not_fit(_("line {line}: a key stands twice").format(line=record.sourceline))
        tables.setdefault(_name(record), []).append(row)
    cells = sum(len(rows) * len(set().union(*rows)) for rows in tables.values())
    if cells > limits.cells:
        raise over_limit("cells", cells, limits.cells)
    return as_document(f"{root.get('profile')}@{root.get('version', '')}", tables)


def _name(element: _Element) -> str:
    """The name without its namespace."""
    return str(element.tag).rpartition("}")[2]


@cache
def _schema() -> XMLSchema:
    from lxml import etree

    return etree.XMLSchema(etree.parse(FOLDER / f"jixiao-{VERSION}.xsd"))


def _require_sheet(root: _Element) -> None:
    """Of our namespace and of this version, told before the schema complains of each element."""
    space, _brace, name = str(root.tag).removeprefix("{").rpartition("}")
    if not space.startswith(NAMESPACES):
        raise not_a_sheet(_("it is XML whose root is {root}").format(root=name))
    if space != NAMESPACE:
        require_mark(FORMAT, space.removeprefix(NAMESPACES))


def _value(element: _Element, kind: Type) -> Any:
    """The value of the model that a valid element holds."""
    from msgspec import inspect

    kind, _nullable = plain(kind)
    match kind:
        case inspect.StructType():
            inner = {str(child.tag).rpartition("}")[2]: child for child in element}
            return kind.cls(**{
                f.name: _value(inner[f.encode_name], f.type) if f.encode_name in inner else None
                for f in kind.fields
            })  # fmt: skip
        case inspect.DictType():
            pairs = [
                (_text(child, child.get("key", "")), _value(child, kind.value_type)) for child in element
            ]
            if len(made := dict(pairs)) != len(pairs):
                raise does_not_fit(_("line {line}: a key stands twice").format(line=element.sourceline))
            return made
        case inspect.VarTupleType():
            return tuple(_value(child, kind.item_type) for child in element)
        case inspect.TupleType():
            return tuple(map(_value, element, kind.item_types))
        case inspect.IntType():
            return int(element.text or "")
        case inspect.FloatType():
            return float(element.text or "")
    return _text(element, element.text or "")


def _text(element: _Element, text: str) -> str:
    """The text, its escapes undone where the element says that it has any."""
    if element.get("escaped", "").strip() not in ("true", "1"):
        return text
    if not ESCAPED.fullmatch(text):
        what = _("line {line}: a backslash that begins no escape").format(line=element.sourceline)
        raise does_not_fit(what)
    return ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else "\\", text)


@hookimpl
def jixiao_reader() -> type[XmlReader]:
    return XmlReader
