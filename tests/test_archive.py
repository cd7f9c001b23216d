"""Zip and XML from strangers: right answers for sound files, BadInput with a code for every other."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jixiao.archive import open_archive, parse_xml, xml_depth
from jixiao.errors import BadInput
from jixiao.limits import Limits, MiB

LIMITS = Limits()


def packed(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def code_of(call, *args) -> str:
    with pytest.raises(BadInput) as caught:
        call(*args)
    assert caught.value.what and caught.value.do
    return caught.value.code


NAMES = st.from_regex(r"[a-z]{1,8}(/[a-z]{1,8})?", fullmatch=True)


@given(st.dictionaries(NAMES, st.binary(max_size=400), max_size=5))
@settings(max_examples=40, deadline=None)
def test_members_come_back(members):
    archive = open_archive(packed(**members), LIMITS, "ZIP")
    assert archive.names == tuple(members)
    assert {name: archive.read(name) for name in archive.names} == members
    assert archive.read("no/such") is None


def test_names_are_found_whatever_their_case_and_slashes():
    archive = open_archive(packed(**{"Word\\Document.xml": b"x"}), LIMITS, "DOCX")
    assert archive.read("/word/document.xml") == b"x"


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_any_damage_is_an_answer_or_bad_input(data):
    sound = packed(a=b"abc" * 50, b=bytes(range(256)))
    at = data.draw(st.integers(0, len(sound) - 1))
    cut = data.draw(st.booleans())
    damaged = sound[:at] if cut else sound[:at] + bytes([data.draw(st.integers(0, 255))]) + sound[at + 1 :]
    try:
        archive = open_archive(damaged, LIMITS, "ZIP")
        for name in archive.names:
            archive.read(name)
    except BadInput as error:
        assert error.code in {"damaged-file", "encrypted", "zip-method", "limit-unpacked", "limit-ratio"}
    else:
        assert not cut


def test_limits_hold():
    many = packed(a=b"1", b=b"2", c=b"3")
    assert code_of(open_archive, many, Limits(members=2), "ZIP") == "limit-members"
    archive = open_archive(many, Limits(unpacked=2), "ZIP")
    assert (archive.read("a"), archive.read("b")) == (b"1", b"2")
    assert code_of(archive.read, "c") == "limit-unpacked"


def test_ratio_counts_above_one_mebibyte_only():
    swollen = packed(a=bytes(3 * MiB))
    assert code_of(open_archive(swollen, Limits(ratio=100), "ZIP").read, "a") == "limit-ratio"
    size = zipfile.ZipFile(io.BytesIO(swollen)).getinfo("a").compress_size
    tight = Limits(ratio=3 * MiB // size)
    with pytest.raises(BadInput, match=f"{tight.ratio + 1}, allowed are {tight.ratio}"):
        open_archive(swollen, tight, "ZIP").read("a")
    assert open_archive(packed(a=bytes(MiB)), Limits(ratio=100), "ZIP").read("a") == bytes(MiB)


def test_a_header_that_lies_about_its_size_gains_nothing():
    honest = packed(a=bytes(2 * MiB))
    size = (2 * MiB).to_bytes(4, "little")
    lying = honest.replace(size, (10).to_bytes(4, "little"))
    assert lying != honest
    assert code_of(open_archive(lying, LIMITS, "ZIP").read, "a") in {"limit-ratio", "damaged-file"}


def test_an_encrypted_member_says_so():
    plain = bytearray(packed(a=b"secret"))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        plain[plain.index(signature) + offset] |= 1
    assert code_of(open_archive(bytes(plain), LIMITS, "ZIP").read, "a") == "encrypted"


def test_xml_is_read_without_comments_and_instructions():
    root = parse_xml("<?xml version='1.0'?><a><!-- x --><b>文</b><?p?></a>".encode(), LIMITS, "XML")
    assert [child.tag for child in root] == ["b"]
    assert root[0].text == "文"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "source",
    [
        "<!DOCTYPE a><a/>",
        '<!DOCTYPE a [<!ENTITY e "text">]><a>&e;</a>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
        '<!DOCTYPE a [<!ENTITY e "x"><!ENTITY f "&e;&e;&e;">]><a>&f;&g;</a>',
    ],
)
def test_every_doctype_is_refused(source, encoding):
    assert code_of(parse_xml, source.encode(encoding), LIMITS, "XML") == "doctype"


MALFORMED = [b"", b"<a>", b"<a><b></a>", b"no xml", b"<a>\x00</a>", b"<a/><b/>", b"\xff\xfe<"]


@pytest.mark.parametrize("source", MALFORMED)
def test_malformed_xml_is_damaged(source):
    assert code_of(parse_xml, source, LIMITS, "XML") == "damaged-file"


@pytest.mark.parametrize("limit", [5, 256, 300])
def test_depth_is_limited_exactly(limit):
    limits = Limits(xml_depth=limit)
    assert xml_depth(parse_xml(b"<a>" * limit + b"</a>" * limit, limits, "XML")) == limit
    deeper = limit + 1
    assert code_of(parse_xml, b"<a>" * deeper + b"</a>" * deeper, limits, "XML") == "limit-xml_depth"
    assert code_of(parse_xml, b"<a>" * 10_000 + b"</a>" * 10_000, limits, "XML") == "limit-xml_depth"
