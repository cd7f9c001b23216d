"""The digest is that of the standard library, whichever code works it out."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jixiao.digest import SMALL, sha256


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_a_digest_is_sha256(data: bytes) -> None:
    assert sha256(data) == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("size", [SMALL - 1, SMALL, SMALL + 1])
def test_large_and_small_have_one_digest(size: int) -> None:
    data = b"\x00\xff" * (size // 2) + b"x" * (size % 2)
    assert sha256(data) == hashlib.sha256(data).hexdigest()
