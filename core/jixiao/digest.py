"""SHA-256 of contents. What is small is left to the interpreter's own: to load OpenSSL takes longer.

That module is CPython's and not documented (`_sha2`, before 3.12 `_sha256`); without it all goes to hashlib.
"""

from functools import cache
from importlib import import_module
from typing import Any

SMALL = 256 * 1024
"""Bytes, of which OpenSSL is the faster one however it is loaded."""


def sha256(data: bytes) -> str:
    """In hexadecimal digits."""
    digest: str = (_own() if len(data) < SMALL else _of("hashlib"))(data).hexdigest()
    return digest


@cache
def _own() -> Any:
    for name in ("_sha2", "_sha256"):
        try:
            return _of(name)
        except ImportError:
            continue
    return _of("hashlib")


def _of(module: str) -> Any:
    return import_module(module).sha256
