"""The model's schemas, made from the model itself: JSON Schema and XSD, checked in under schemas/.

In XML every key of the model is an element of that name in the namespace NAMESPACE, absent where null. A
list holds one element an item, named by the key without its final s (`sheets` holds `sheet`), otherwise
`item`; a dictionary holds the same with an attribute `key`. XML 1.0 forbids most control characters: an
element with the attribute escaped="true" writes them, in its text and its `key`, as \\u and four
hexadecimal digits, and a backslash as two.
"""

from pathlib import Path
from typing import Any

import msgspec
from msgspec import inspect

from jixiao.digest import sha256
from jixiao.errors import BadInput
from jixiao.messages import gettext as _
from jixiao.model import FORMAT, VERSION, Reading

FOLDER = Path(__file__).with_name("schemas")
NAMESPACES = "urn:jixiao:sheet:"
NAMESPACE = f"{NAMESPACES}{VERSION}"
MARK = {"format": FORMAT, "version": VERSION}
SIMPLE = {inspect.IntType: "xs:long", inspect.FloatType: "real"}

ESCAPED = '<xs:attribute name="escaped" type="xs:boolean"/>'
TEXT = (
    '<xs:complexType name="text"><xs:simpleContent><xs:extension base="xs:string">'
    f"{ESCAPED}</xs:extension></xs:simpleContent></xs:complexType>"
)
REAL = (
    '<xs:simpleType name="real"><xs:restriction base="xs:double">'
    '<xs:pattern value="[0-9.eE+\\-]+"/></xs:restriction></xs:simpleType>'
)


def item_name(key: str) -> str:
    """What an item of a list or dictionary is called in XML.

    >>> item_name("sheets"), item_name("unplaced")
    ('sheet', 'item')
    """
    return key[:-1] if key.endswith("s") else "item"


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a Reading: no key beyond the model's, the marks `format` and `version` required."""
    schema = msgspec.json.schema(Reading)
    for definition in schema["$defs"].values():
        definition["additionalProperties"] = False
    root = schema["$defs"][Reading.__name__]
    root["properties"] |= {key: {"const": value} for key, value in MARK.items()}
    root["required"] = list(MARK)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": NAMESPACE, **schema}


def fingerprint(schema: Any) -> str:
    """The hash of what a schema demands: descriptions may change, anything else is a new version."""
    bare = msgspec.json.encode(_bare(schema), order="sorted")
    return sha256(bare)


def xsd() -> str:
    """The XML Schema of the same model."""
    info = inspect.type_info(Reading)
    assert isinstance(info, inspect.StructType)
    types: dict[str, str] = {}
    _struct(info, types)
    lines = [
        TEXT,
        REAL,
        *types.values(),
        f'<xs:element name="{Reading.__name__.lower()}" type="{Reading.__name__}"/>',
    ]
    head = f'xmlns="{NAMESPACE}" targetNamespace="{NAMESPACE}" elementFormDefault="qualified"'
    return "\n".join(
        ['<?xml version="1.0" encoding="UTF-8"?>',
         f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" {head}>', *lines, "</xs:schema>", ""]
    )  # fmt: skip


def files() -> dict[str, str]:
    """What stands in FOLDER for this version: file name to text."""
    return {f"jixiao-{VERSION}.json": as_text(json_schema()), f"jixiao-{VERSION}.xsd": xsd()}


def as_text(json_schema: dict[str, Any]) -> str:
    """A JSON Schema as it is checked in."""
    return msgspec.json.format(msgspec.json.encode(json_schema), indent=1).decode() + "\n"


def require_mark(format_name: object, version: object) -> None:
    """Raises BadInput `not-a-sheet` or `model-version` where an input is not of this version of the model."""
    if format_name != FORMAT:
        raise not_a_sheet(_('its mark "format" is not "jixiao"'))
    if version != VERSION:
        raise BadInput(
            "model-version",
            _("The file is of version {version} of the model; this jixiao reads version {known}.").format(
                version=version, known=VERSION
            ),
            _("Convert it with the jixiao that wrote it, or install the newest."),
        )


def not_a_sheet(why: str) -> BadInput:
    """JSON or XML, but not of this project; `why` is a clause."""
    return BadInput(
        "not-a-sheet",
        _("The file is not a sheet written by jixiao: {why}.").format(why=why),
        _("Convert the DOCX, XLSX, PDF or HTML file that it was made from."),
    )


def does_not_fit(why: str) -> BadInput:
    """A file of this project's that its schema refuses; `why` says what and where."""
    return BadInput(
        "schema",
        _("The file does not fit the model: {why}.").format(why=why.rstrip(".")),
        _("Correct it there, or convert the original again."),
    )


def _bare(node: Any) -> Any:
    if isinstance(node, dict):
        prose = ("description", "title") if isinstance(node.get("type"), str) else ()
        return {key: _bare(value) for key, value in node.items() if key not in prose}
    return [_bare(item) for item in node] if isinstance(node, list) else node


def _struct(info: inspect.StructType, types: dict[str, str]) -> str:
    name = info.cls.__name__
    if name not in types:
        types[name] = ""  # keeps the place, and ends recursion
        elements = "".join(_element(field, types) for field in info.fields)
        types[name] = (
            f'<xs:complexType name="{name}"><xs:sequence>\n{elements}</xs:sequence></xs:complexType>'
        )
    return name


def _element(field: inspect.Field, types: dict[str, str]) -> str:
    kind, nullable = plain(field.type)
    least = ' minOccurs="0"' if nullable else ""
    if field.encode_name in MARK:
        base = "xs:string" if isinstance(kind, inspect.StrType) else "xs:long"
        body = f"><xs:simpleType>{_choice(base, [str(MARK[field.encode_name])])}</xs:simpleType></xs:element>"
    else:
        body = _content(kind, field.encode_name, types)
    return f'  <xs:element name="{field.encode_name}"{least}{body}\n'


def plain(kind: inspect.Type) -> tuple[inspect.Type, bool]:
    """The type without None, and whether None was in it."""
    if not isinstance(kind, inspect.UnionType):
        return kind, False
    (only,) = (t for t in kind.types if not isinstance(t, inspect.NoneType))
    return only, True


def _content(kind: inspect.Type, key: str, types: dict[str, str]) -> str:
    """What follows the name of an element of this type."""
    if isinstance(kind, inspect.StrType):
        return ' type="text"/>'
    if type(kind) in SIMPLE:
        return f' type="{SIMPLE[type(kind)]}"/>'
    if isinstance(kind, inspect.StructType):
        return f' type="{_struct(kind, types)}"/>'
    if isinstance(kind, inspect.LiteralType):
        options = _choice("xs:string", [str(value) for value in kind.values])
        return f"><xs:simpleType>{options}</xs:simpleType></xs:element>"
    items = _items(kind, key, types)
    return f"><xs:complexType><xs:sequence>{items}</xs:sequence></xs:complexType></xs:element>"


def _items(kind: inspect.Type, key: str, types: dict[str, str]) -> str:
    name, many = item_name(key), 'minOccurs="0" maxOccurs="unbounded"'
    if isinstance(kind, inspect.TupleType):
        return "".join(f'<xs:element name="{name}"{_content(t, name, types)}' for t in kind.item_types)
    if isinstance(kind, inspect.DictType):
        assert isinstance(kind.value_type, inspect.StructType)
        base = _struct(kind.value_type, types)
        keyed = f'<xs:attribute name="key" type="xs:string" use="required"/>{ESCAPED}'
        content = f'<xs:complexContent><xs:extension base="{base}">{keyed}</xs:extension></xs:complexContent>'
        return f'<xs:element name="{name}" {many}><xs:complexType>{content}</xs:complexType></xs:element>'
    assert isinstance(kind, inspect.VarTupleType)
    return f'<xs:element name="{name}" {many}{_content(kind.item_type, name, types)}'


def _choice(base: str, values: list[str]) -> str:
    options = "".join(f'<xs:enumeration value="{value}"/>' for value in values)
    return f'<xs:restriction base="{base}">{options}</xs:restriction>'
