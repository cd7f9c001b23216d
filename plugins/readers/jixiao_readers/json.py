"""Canonical JSON in: what jixiao itself wrote, or another program by the same schema."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec
from jixiao.errors import BadInput
from jixiao.head import HEAD, Head
from jixiao.hookspecs import hookimpl
from jixiao.limits import Limits
from jixiao.messages import gettext as _
from jixiao.model import Reading
from jixiao.schema import does_not_fit, not_a_sheet, require_mark

# An object with a first key, bare or in arrays: no line that people write begins so, as "[1]" does.
OBJECT = re.compile(r'[\s\[]*\{\s*"(?:[^"\\]|\\.)*"\s*:')


class JsonReader:
    NAME: ClassVar[str] = "json"
    API_VERSION: ClassVar[int] = 1
    MEDIA_TYPES: ClassVar[tuple[str, ...]] = ("application/json",)
    EXTENSIONS: ClassVar[tuple[str, ...]] = ("json",)

    def sniff(self, head: Head) -> bool:
        """Any JSON: what is no sheet is then refused in so many words, and never read as running text."""
        try:
            text = _decode(head.start, "ignore").lstrip()
        except LookupError:
            return False
        if OBJECT.match(text):
            return True
        return text.startswith(("{", "[")) and head.size <= HEAD and _is_json(text)

    def read(self, data: bytes, limits: Limits) -> Reading:
        """Raises BadInput: `damaged-json`, `not-a-sheet`, `model-version`, `schema`."""
        try:
            text = _decode(data)
            raw = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
            encoded = text.encode()
        except json.JSONDecodeError as error:
            raise _damaged(
                _("line {line}, column {column}").format(line=error.lineno, column=error.colno)
            ) from error
        except UnicodeError as error:
            raise _damaged(_("byte {number}").format(number=getattr(error, "start", 0))) from error
        except ValueError as error:  # a number of more digits than Python reads
            raise _damaged(_("a number has too many digits")) from error
        except RecursionError as error:
            raise _damaged(_("brackets stand too deep in one another")) from error
        _require_sheet(raw)
        return _decode_model(encoded, raw)


def _decode(data: bytes, errors: str = "strict") -> str:
    """By the byte order mark or the zero bytes: a console may have saved UTF-8 as UTF-16."""
    return data.decode(json.detect_encoding(data), errors)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _require_sheet(raw: Any) -> None:
    if not isinstance(raw, dict):
        raise not_a_sheet(_("it is a JSON list or value, not an object"))
    require_mark(raw.get("format"), raw.get("version"))


def _decode_model(encoded: bytes, raw: Any) -> Reading:
    """The typed model; a key that it has no place for is refused, since its content would be lost."""
    try:
        reading = msgspec.json.decode(encoded, type=Reading)
    except msgspec.ValidationError as error:
        raise does_not_fit(str(error).replace(" - at ", _(", at "))) from error
    except msgspec.DecodeError as error:
        raise _damaged(str(error)) from error
    if (stray := next(_strays(raw, msgspec.to_builtins(reading), "$"), None)) is not None:
        raise does_not_fit(_("it knows no key {path}").format(path=stray))
    return reading


def _strays(raw: Any, known: Any, path: str) -> Iterator[str]:
    """The paths of keys in `raw` that `known`, the same content as the model holds it, has not."""
    if isinstance(raw, dict):
        for key, value in raw.items():
            if key in known:
                yield from _strays(value, known[key], f"{path}.{key}")
            else:
                yield f"{path}.{key}"
    elif isinstance(raw, list):
        for number, (value, same) in enumerate(zip(raw, known, strict=True)):
            yield from _strays(value, same, f"{path}[{number}]")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        twice = Counter(key for key, _value in pairs).most_common(1)[0][0]
        raise does_not_fit(_("the key {key} stands twice in one object").format(key=twice))
    return made


def _refuse_constant(name: str) -> None:
    raise does_not_fit(_("{name} is no number").format(name=name))


def _damaged(where: str) -> BadInput:
    return BadInput(
        "damaged-json",
        _("The file begins like JSON and breaks off or is damaged: {where}.").format(where=where),
        _("Get the file again from where it came."),
    )


@hookimpl
def jixiao_reader() -> type[JsonReader]:
    return JsonReader
