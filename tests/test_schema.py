"""The checked-in schemas are those of the model, and a changed schema is a new version."""

import json
from typing import Any

from jixiao import schema
from jixiao.model import VERSION


def test_checked_in_schemas_are_those_of_the_model() -> None:
    for name, text in schema.files().items():
        assert (schema.FOLDER / name).read_text("utf-8") == text, f"{name}: run python scripts/schemas.py"


def test_a_changed_schema_is_a_new_version() -> None:
    lines = (schema.FOLDER / "versions.txt").read_text("utf-8").splitlines()
    known = dict(line.split() for line in lines)
    assert known[str(VERSION)] == schema.fingerprint(schema.json_schema()), "raise jixiao.model.VERSION"


def test_fingerprint_sees_demands_and_not_prose() -> None:
    made = schema.json_schema()
    print_ = schema.fingerprint(made)
    sheet = made["$defs"]["Sheet"]
    sheet["description"] = "said otherwise"
    assert schema.fingerprint(made) == print_
    del sheet["properties"]["title"]
    assert schema.fingerprint(made) != print_


def test_json_schema_allows_no_key_beyond_the_models() -> None:
    made: dict[str, Any] = json.loads((schema.FOLDER / f"jixiao-{VERSION}.json").read_text("utf-8"))
    assert all(d["additionalProperties"] is False for d in made["$defs"].values())
    reading = made["$defs"]["Reading"]
    assert reading["required"] == ["format", "version"]
    assert reading["properties"]["version"] == {"const": VERSION}
