"""OLE2 files: whatever was put in comes out; damage gives less and never an error."""

from compound_writer import compound
from hypothesis import given, settings
from hypothesis import strategies as st
from jixiao.compound import Compound
from jixiao.head import Head

NAMES = st.text(st.characters(min_codepoint=1, max_codepoint=0xD7FF), min_size=1, max_size=20)
STREAMS = st.dictionaries(NAMES, st.binary(max_size=9000), min_size=1, max_size=5)


@given(STREAMS)
@settings(max_examples=25, deadline=None)
def test_streams_come_back(streams):
    found = Compound(compound(streams))
    assert set(found.streams) - {""} == set(streams)
    for name, data in streams.items():
        assert found.read(name).rstrip(b"\0") == data.rstrip(b"\0")


def test_a_stream_longer_than_one_table_comes_back():
    data = bytes(range(256)) * 1000
    assert Compound(compound({"WordDocument": data})).read("WordDocument") == data


@given(STREAMS, st.integers(0, 5000), st.binary(min_size=1, max_size=40))
@settings(max_examples=50, deadline=None)
def test_damage_gives_less_and_no_error(streams, at, noise):
    data = compound(streams)
    damaged = Compound(data[:at] + noise + data[at + len(noise) :])
    assert all(len(damaged.read(name)) <= len(data) for name in damaged.streams)
    assert Compound(data[:at]).read("") == b""


def test_the_head_names_the_streams_and_nothing_else_has_any():
    assert {"Workbook"} <= Head(compound({"Workbook": b"x"})).streams
    assert Head(b"text").streams == frozenset()
