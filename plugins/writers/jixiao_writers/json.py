"""Canonical JSON out: every key in the contract's order, null where absent, text as it is."""

from typing import ClassVar

import msgspec
from jixiao.hookspecs import hookimpl
from jixiao.model import Reading


class JsonWriter:
    NAME: ClassVar[str] = "json"
    API_VERSION: ClassVar[int] = 1
    MEDIA_TYPE: ClassVar[str] = "application/json"
    EXTENSION: ClassVar[str] = "json"
    MODEL: ClassVar[str] = "reading"
    LOSSES: ClassVar[tuple[str, ...]] = ()

    def write(self, model: Reading) -> bytes:
        return msgspec.json.format(msgspec.json.encode(model), indent=1) + b"\n"


@hookimpl
def jixiao_writer() -> type[JsonWriter]:
    return JsonWriter
