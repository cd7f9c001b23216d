"""The JSON Schema of a file of corrections, checked in beside the model's."""

from typing import Any

import msgspec

from jixiao.corrections.model import FORMAT, VERSION, Corrections

NAME = f"corrections-{VERSION}"


def json_schema() -> dict[str, Any]:
    """No key beyond the model's; the marks `format` and `version` required."""
    schema = msgspec.json.schema(Corrections)
    for definition in schema["$defs"].values():
        definition["additionalProperties"] = False
    root = schema["$defs"][Corrections.__name__]
    root["properties"] |= {"format": {"const": FORMAT}, "version": {"const": VERSION}}
    root["required"] = ["format", "version", "source"]
    ident = f"urn:jixiao:corrections:{VERSION}"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": ident, **schema}
