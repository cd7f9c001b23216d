"""The model as XML, in the form that jixiao.schema describes; it is found out from the values alone."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any, BinaryIO, ClassVar

from jixiao.hookspecs import hookimpl
from jixiao.markup import escaped, quoted
from jixiao.model import Reading, Struct
from jixiao.schema import NAMESPACE, item_name
from jixiao.upload import Upload

# What XML 1.0 cannot hold (production Char); lone surrogates no encoding of text can.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
ESCAPABLE = re.compile(f"[\\\\{ILLEGAL.pattern[1:]}")


class XmlWriter:
    NAME: ClassVar[str] = "xml"
    API_VERSION: ClassVar[int] = 1
    MEDIA_TYPE: ClassVar[str] = "application/xml"
    EXTENSION: ClassVar[str] = "xml"
    MODEL: ClassVar[str] = "reading"
    LOSSES: ClassVar[tuple[str, ...]] = ()

    def write(self, model: Reading) -> bytes:
        """Bytes are made a sheet at a time: as text they would take three times the memory."""
        out, name = BytesIO(), type(model).__name__.lower()
        out.write(f"<?xml version='1.0' encoding='UTF-8'?>\n<{name} xmlns=\"{NAMESPACE}\">\n".encode())
        for key in model.__struct_fields__:
            value = getattr(model, key)
            if value and isinstance(value, tuple):
                out.write(f" <{key}>\n".encode())
                for inner in value:
                    out.write(_element(item_name(key), inner, "  "))
                out.write(f" </{key}>\n".encode())
            elif value is not None:
                out.write(_element(key, value, " "))
        out.write(f"</{name}>\n".encode())
        return out.getvalue()

    def write_upload(self, upload: Upload, out: BinaryIO) -> None:
        from jixiao_writers._upload_xml import write_upload

        write_upload(upload, out)


def _element(name: str, value: Any, blanks: str) -> bytes:
    out: list[str] = []
    _put(out, name, "", value, blanks)
    return "".join(out).encode()


def _put(out: list[str], name: str, attributes: str, value: Any, blanks: str) -> None:
    """Put a value of the model behind the others, as the element `name` with these attributes."""
    if isinstance(value, str | int | float):
        text, mark = _text(str(value))
        mark = "" if mark in attributes else mark
        out.append(f"{blanks}<{name}{attributes}{mark}>{escaped(text)}</{name}>\n")
        return
    at = len(out)
    if isinstance(value, Struct):
        for key in value.__struct_fields__:
            if (inner := getattr(value, key)) is not None:
                _put(out, key, "", inner, f"{blanks} ")
    elif isinstance(value, dict):
        for key, inner in value.items():
            text, mark = _text(key)
            _put(out, item_name(name), f"{mark} key={quoted(text)}", inner, f"{blanks} ")
    else:
        for inner in value:
            _put(out, item_name(name), "", inner, f"{blanks} ")
    if len(out) == at:
        out.append(f"{blanks}<{name}{attributes}/>\n")
    else:
        out[at] = f"{blanks}<{name}{attributes}>\n{out[at]}"
        out.append(f"{blanks}</{name}>\n")


def _text(text: str) -> tuple[str, str]:
    """The text as XML can hold it, and the attribute that says so where that takes escapes."""
    if not ILLEGAL.search(text):
        return text, ""
    return ESCAPABLE.sub(lambda m: "\\\\" if m[0] == "\\" else f"\\u{ord(m[0]):04x}", text), ' escaped="true"'


@hookimpl
def jixiao_writer() -> type[XmlWriter]:
    return XmlWriter
