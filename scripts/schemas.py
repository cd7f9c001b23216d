"""Writes the checked-in schemas anew from the model and the built-in profiles: python scripts/schemas.py

A version whose schema has been released must not change: raise jixiao.model.VERSION instead. While a
version is unreleased, --unreleased replaces its fingerprint.
"""

import sys

from jixiao import schema
from jixiao.batch.report import line
from jixiao.corrections import schema as corrections
from jixiao.model import VERSION
from jixiao.profiles import folders, load_folder, xsd

TABLE = schema.FOLDER / "versions.txt"


def fingerprints() -> dict[str, str]:
    """The fingerprint of each version of the model, of corrections and of reports."""
    lines = TABLE.read_text("utf-8").splitlines() if TABLE.exists() else []
    return dict(line.split() for line in lines if line)


def main(unreleased: bool) -> int:
    table, files = fingerprints(), schema.files()
    schemas = {
        str(VERSION): schema.json_schema(),
        corrections.NAME: corrections.json_schema(),
        line.NAME: line.json_schema(),
    }
    for version, made in schemas.items():
        known, now = table.get(version), schema.fingerprint(made)
        if known not in (None, now) and not unreleased:
            print(f"The schema of version {version} has changed: raise VERSION.", file=sys.stderr)
            return 1
        table[version] = now
    files |= {f"{name}.json": schema.as_text(schemas[name]) for name in (corrections.NAME, line.NAME)}
    for name, text in files.items():
        (schema.FOLDER / name).write_text(text, "utf-8", newline="\n")
    TABLE.write_text(
        "".join(f"{version} {print_}\n" for version, print_ in table.items()), "utf-8", newline="\n"
    )
    for folder in folders().values():
        (folder / "profile.xsd").write_text(xsd(load_folder(folder).profile), "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main("--unreleased" in sys.argv[1:]))
