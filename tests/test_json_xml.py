"""JSON and XML hold the whole model: what was written reads back equal, whatever text it carries."""

import json
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jixiao import convert, schema
from jixiao.errors import BadInput
from jixiao.head import Head
from jixiao.limits import Limits
from jixiao.model import Amount, FundLine, Funds, Indicator, Place, Reading, Sheet, Struct, Value
from jixiao_readers.json import JsonReader
from jixiao_readers.xml import XmlReader
from jixiao_writers.json import JsonWriter
from jixiao_writers.xml import XmlWriter
from lxml import etree

quick = settings(max_examples=60, deadline=None)
JSON, XML = (JsonReader(), JsonWriter()), (XmlReader(), XmlWriter())
BOTH = pytest.mark.parametrize(("reader", "writer"), [JSON, XML], ids=["json", "xml"])
FULL = Reading(
    sheets=(
        Sheet(
            title="项目支出绩效目标表（虚构）",
            fiscal_year=2022,
            funds=Funds(
                unit="万元",
                lines=(FundLine(kind="total", amounts={"budget": Amount(text="0.30", number="0.30")}),),
            ),
            indicators=(
                Indicator(level3="", value=Value(text="≤30万元", operator="≤", number="30", unit="万元")),
                Indicator(values={}, place=Place(page=1, box=(0.1, 2.0, 3.5, 1e-7))),
            ),
            unplaced=("a\r\nb\tc ", "", "\\u0000 \x00 ]]> & <x/> \ufffe"),
        ),
    )
)

texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    st.text("\\u0000\x00\x0b\x1f\r\n\t \ufffe\uffff\x85\u2028\U0001fffe<&\"']]>绩效①㎡", max_size=8),
)


@st.composite
def structs(draw: st.DrawFn, kind: type[Struct]) -> Any:
    """Any value of a model class, found out from its types."""
    made = {f.name: draw(values(f.type)) for f in msgspec.structs.fields(kind) if f.name not in schema.MARK}
    return kind(**made)


def values(kind: Any) -> st.SearchStrategy[Any]:
    info = msgspec.inspect.type_info(kind)
    match info:
        case msgspec.inspect.UnionType():
            bare, _nullable = schema.plain(info)
            return st.none() | _of(bare)
        case _:
            return _of(info)


def _of(info: Any) -> st.SearchStrategy[Any]:
    match info:
        case msgspec.inspect.StrType():
            return texts
        case msgspec.inspect.IntType():
            return st.integers(-(2**63), 2**63 - 1)
        case msgspec.inspect.FloatType():
            return st.floats(allow_nan=False, allow_infinity=False)
        case msgspec.inspect.LiteralType():
            return st.sampled_from(info.values)
        case msgspec.inspect.StructType():
            return structs(info.cls)
        case msgspec.inspect.DictType():
            return st.dictionaries(texts, _of(info.value_type), max_size=2)
        case msgspec.inspect.VarTupleType():
            return st.lists(_of(info.item_type), max_size=2).map(tuple)
        case msgspec.inspect.TupleType():
            return st.tuples(*map(_of, info.item_types))
    raise AssertionError(info)


readings = structs(Reading)
compiled = etree.XMLSchema(etree.parse(schema.FOLDER / "jixiao-1.xsd"))


@BOTH
@given(reading=readings)
@quick
def test_out_and_back_is_the_same(reader: Any, writer: Any, reading: Reading) -> None:
    written = writer.write(reading)
    assert reader.sniff(Head(written))
    assert reader.read(written, Limits()) == reading
    assert writer.write(reader.read(written, Limits())) == written


@given(reading=readings)
@quick
def test_every_xml_fits_the_schema(reading: Reading) -> None:
    compiled.assertValid(etree.fromstring(XmlWriter().write(reading)))


@given(reading=readings)
@quick
def test_json_has_every_key_in_the_order_of_the_model(reading: Reading) -> None:
    def check(raw: Any, value: Any) -> None:
        if isinstance(value, Struct):
            assert tuple(raw) == value.__struct_fields__
            for key in raw:
                check(raw[key], getattr(value, key))
        elif isinstance(value, dict):
            assert list(raw) == list(value)
        elif isinstance(value, tuple):
            for inner, same in zip(raw, value, strict=True):
                check(inner, same)
        else:
            assert raw == value

    check(json.loads(JsonWriter().write(reading)), reading)


def test_json_is_plain_utf8_indented_and_ends_with_a_newline() -> None:
    written = JsonWriter().write(FULL).decode()
    assert "项目支出绩效目标表（虚构）" in written
    assert written.startswith('{\n "format": "jixiao",\n "version": 1,') and written.endswith("}\n")
    assert '"attribute": null' in written and '"number": "0.30"' in written


@pytest.mark.needs("xmllint")
def test_xmllint_accepts_what_is_written(tmp_path: Path) -> None:
    path = tmp_path / "sheet.xml"
    path.write_bytes(XmlWriter().write(FULL))
    command = ["xmllint", "--noout", "--schema", str(schema.FOLDER / "jixiao-1.xsd"), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_xml_says_where_it_escaped() -> None:
    root = etree.fromstring(XmlWriter().write(FULL))
    (escaped,) = root.findall(".//*[@escaped]")
    assert escaped.text == r"\\u0000 \u0000 ]]> & <x/> \ufffe"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_and_utf16_are_read(encoding: str) -> None:
    as_json = JsonWriter().write(FULL).decode().encode(encoding)
    as_xml = XmlWriter().write(FULL).decode().replace("encoding='UTF-8'", "").encode(encoding)
    for reader, data in ((JsonReader(), as_json), (XmlReader(), as_xml)):
        assert reader.sniff(Head(data))
        assert reader.read(data, Limits()) == FULL


def test_windows_line_ends_change_nothing() -> None:
    for reader, writer in (JSON, XML):
        assert reader.read(writer.write(FULL).replace(b"\n", b"\r\n"), Limits()) == FULL


@pytest.mark.parametrize(
    "text",
    [
        "[1] 说明",
        "[注] 本表",
        "{见附件}",
        "{",
        "[",
        "",
        "项目支出绩效目标表",
        "<html><body></body></html>",
        "< 30万元",
    ],
)
def test_running_text_and_html_are_claimed_by_neither(text: str) -> None:
    head = Head(text.encode())
    assert not JsonReader().sniff(head) and not XmlReader().sniff(head)


def test_xhtml_is_no_xml_to_us() -> None:
    page = b'<?xml version="1.0"?>\n<!DOCTYPE html [<!ENTITY a "b">]>\n<html xmlns="http://www.w3.org/1999/xhtml"/>'
    assert not XmlReader().sniff(Head(page))


@pytest.mark.parametrize(
    "hostile", [b"<?a" * 20000, b"<!--" * 16000, b"<a " + b'"' * 60000, b"[" * 65000, b'{"' * 30000]
)
def test_sniffing_hostile_bytes_ends(hostile: bytes) -> None:
    for reader in (JsonReader(), XmlReader()):
        reader.sniff(Head(hostile))


def refused(reader: Any, data: bytes) -> BadInput:
    assert reader.sniff(Head(data))
    with pytest.raises(BadInput) as caught:
        reader.read(data, Limits())
    return caught.value


def edited(*path: Any, value: Any) -> bytes:
    """FULL as JSON with one value replaced or added."""
    raw = spot = json.loads(JsonWriter().write(FULL))
    for step in path[:-1]:
        spot = spot[step]
    spot[path[-1]] = value
    return json.dumps(raw).encode()


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        (b'{"name": "package"}', "not-a-sheet", "format"),
        (b'[{"a": 1}]', "not-a-sheet", "list"),
        (edited("version", value=2), "model-version", "version 2"),
        (edited("sheets", 0, "indicators", 1, "value", value=3), "schema", "$.sheets[0].indicators[1].value"),
        (edited("sheets", 0, "kind", value="none"), "schema", "$.sheets[0].kind"),
        (edited("sheets", 0, "extra", value=1), "schema", "$.sheets[0].extra"),
        (edited("sheets", 0, "indicators", 0, "confidence", value=float("nan")), "schema", "NaN"),
        (edited("sheets", 0, "title", value="\ud800"), "damaged-json", "byte"),
        (JsonWriter().write(FULL)[:-20], "damaged-json", "line"),
        (b'{"format": "jixiao", "version": 1, "version": 1}', "schema", "version"),
        (b'{"format": "jixiao", "sheets": ' + b"[" * 100000, "damaged-json", "deep"),
        (b'{"format": "jixiao", "source": "\xff"}', "damaged-json", "byte"),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_bad_json_is_refused_in_words(data: bytes, code: str, said: str) -> None:
    error = refused(JsonReader(), data)
    assert error.code == code and said in error.what and "\n" not in str(error)


def test_json_may_leave_out_what_is_null() -> None:
    assert JsonReader().read(b'{"format": "jixiao", "version": 1}', Limits()) == Reading()


XML_FULL = XmlWriter().write(FULL)


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "not-a-sheet",
            "Workbook",
        ),
        (XML_FULL.replace(b"sheet:1", b"sheet:2"), "model-version", "version 2"),
        (XML_FULL.replace(b"<kind>target", b"<kind>none"), "schema", "line 9"),
        (XML_FULL.replace(b"<kind>", b"<extra/><kind>"), "schema", "extra"),
        (XML_FULL.replace(b"<page>1", b"<page>" + b"9" * 5000), "schema", "page"),
        (XML_FULL.replace(b"1e-07", b"INF"), "schema", "item"),
        (XML_FULL.replace(rb"\ufffe", rb"\ud800"), "schema", "backslash"),
        (XML_FULL.replace(b"?>", b"?><!DOCTYPE reading>", 1), "doctype", "DOCTYPE"),
        (XML_FULL[:-30], "damaged-file", "XML"),
        (
            XML_FULL.replace(b"</amounts>", b'<amount key="budget"/></amounts>'),
            "schema",
            "twice",
        ),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_bad_xml_is_refused_in_words(data: bytes, code: str, said: str) -> None:
    error = refused(XmlReader(), data)
    assert error.code == code and said in error.what and "\n" not in str(error) and "{urn" not in str(error)


def test_json_to_xml_to_json_through_the_door() -> None:
    first = convert.write(FULL, "json")
    through = convert.read(first, reader="json")
    again = convert.read(convert.write(through, "xml"), reader="xml")
    assert convert.write(again, "json") == first
