"""What every built-in plugin says of itself."""

import pytest
from jixiao.hookspecs import API_VERSION
from jixiao.plugins import READERS, WRITERS, registry


@pytest.mark.parametrize("name", registry().names(READERS))
def test_a_reader_is_what_its_entry_point_calls_it(name: str) -> None:
    reader = registry().reader(name)
    assert (name, API_VERSION) == (reader.NAME, reader.API_VERSION)
    assert reader.MEDIA_TYPES and all("/" in media for media in reader.MEDIA_TYPES)
    assert reader.EXTENSIONS and all(e.isalnum() for e in reader.EXTENSIONS)


@pytest.mark.parametrize("name", registry().names(WRITERS))
def test_a_writer_is_what_its_entry_point_calls_it(name: str) -> None:
    writer = registry().writer(name)
    assert (name, API_VERSION) == (writer.NAME, writer.API_VERSION)
    assert "/" in writer.MEDIA_TYPE and writer.EXTENSION.isalnum()
    assert writer.MODEL in ("document", "reading")
