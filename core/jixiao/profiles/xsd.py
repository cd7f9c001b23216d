"""The XML Schema of a profile, made from the profile alone, so that the two never differ."""

from functools import lru_cache
from typing import TYPE_CHECKING

from jixiao.markup import quoted
from jixiao.profiles.model import Column, Profile

if TYPE_CHECKING:
    from lxml.etree import XMLSchema

NOT_EMPTY = 1


@lru_cache(maxsize=32)
def schema(source: bytes) -> "XMLSchema":
    """What checks files by it, made once in a process. Raises lxml's errors where it is no schema."""
    from lxml import etree

    return etree.XMLSchema(etree.fromstring(source, etree.XMLParser(resolve_entities=False, no_network=True)))


def xsd(profile: Profile) -> str:
    """The schema as text. Widths are in characters: XSD knows no bytes."""
    shell, space = profile.envelope, quoted(profile.envelope.namespace)
    types: dict[str, str] = {}
    records = "".join(_record(profile, name, types) for name in profile.records)
    header = "".join(_element(name, profile.columns[name], name, types, least=0) for name in profile.header)
    body = (
        f"<xs:element name={quoted(shell.root)}><xs:complexType><xs:sequence>\n"
        f"<xs:element name={quoted(shell.header)}><xs:complexType><xs:sequence>\n{header}"
        "</xs:sequence></xs:complexType></xs:element>\n"
        f"<xs:element name={quoted(shell.data)}><xs:complexType>"
        f'<xs:choice minOccurs="0" maxOccurs="unbounded">\n{records}'
        "</xs:choice></xs:complexType></xs:element>\n</xs:sequence>\n"
        f"{_fixed('profile', profile.name)}{_fixed('version', profile.version)}"
        '<xs:attribute name="verified" type="xs:boolean" use="required"/>\n'
        '<xs:attribute name="draft" type="xs:boolean"/>\n'
        "</xs:complexType></xs:element>\n"
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<!-- Profile {profile.mark}: made from profile.toml. No claim that any system conforms to it. -->\n"
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns={space} targetNamespace={space} '
        'elementFormDefault="qualified">\n'
        f"{''.join(types.values())}{_edit_type(profile)}{body}</xs:schema>\n"
    )


def _fixed(name: str, text: str) -> str:
    return f'<xs:attribute name="{name}" type="xs:string" use="required" fixed={quoted(text)}/>\n'


def _edit_type(profile: Profile) -> str:
    options = "".join(f"<xs:enumeration value={quoted(e)}/>" for e in profile.envelope.edit_types)
    return (
        '<xs:simpleType name="editType"><xs:restriction base="xs:string">'
        f"{options}</xs:restriction></xs:simpleType>\n"
    )


def _record(profile: Profile, record: str, types: dict[str, str]) -> str:
    elements = "".join(
        _element(name, column, f"{record}.{name}", types) for name, column in profile.of(record).items()
    )
    return (
        f"<xs:element name={quoted(record)}><xs:complexType><xs:sequence>\n{elements}</xs:sequence>"
        '<xs:attribute name="editType" type="editType" use="required"/></xs:complexType></xs:element>\n'
    )


def _element(name: str, column: Column, owner: str, types: dict[str, str], least: int = 1) -> str:
    """The element, with the type that all records share whose column of that name is the same."""
    body, shared = _type(column), f"{name}.type"
    same = types.setdefault(shared, _named(shared, body)) == _named(shared, body)
    kind = shared if same else f"{owner}.type"
    types[kind] = _named(kind, body)
    times = "" if column.required and least else ' minOccurs="0"'
    return f'<xs:element name={quoted(name)} type="{kind}"{times}/>\n'


def _named(kind: str, body: str) -> str:
    return f'<xs:simpleType name="{kind}">{body}</xs:simpleType>\n'


def _type(column: Column) -> str:
    shape = f"<xs:pattern value={quoted(column.shape)}/>" if column.shape else ""
    return (
        f'<xs:restriction base="xs:string"><xs:minLength value="{NOT_EMPTY}"/>'
        f'<xs:maxLength value="{column.width}"/>{shape}</xs:restriction>'
    )
