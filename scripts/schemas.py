"""Writes the checked-in schemas anew from the model and the built-in profiles: python scripts/schemas.py

A version whose schema has been released must not change: raise jixiao.model.VERSION instead. While a
version is unreleased, --unreleased replaces its fingerprint.
"""

import sys

from jixiao import schema
from jixiao.model import VERSION
from jixiao.profiles import folders, load_folder, xsd

TABLE = schema.FOLDER / "versions.txt"


def fingerprints() -> dict[str, str]:
    """The fingerprint of each version of the model."""
    lines = TABLE.read_text("utf-8").splitlines() if TABLE.exists() else []
    return dict(line.split() for line in lines if line)


def main(unreleased: bool) -> int:
    made, table = schema.json_schema(), fingerprints()
    known, now = table.get(str(VERSION)), schema.fingerprint(made)
    if known not in (None, now) and not unreleased:
        print(f"The schema of version {VERSION} has changed: raise VERSION.", file=sys.stderr)
        return 1
    table[str(VERSION)] = now
    for name, text in schema.files().items():
        (schema.FOLDER / name).write_text(text, "utf-8", newline="\n")
    TABLE.write_text(
        "".join(f"{version} {print_}\n" for version, print_ in table.items()), "utf-8", newline="\n"
    )
    for folder in folders().values():
        (folder / "profile.xsd").write_text(xsd(load_folder(folder).profile), "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main("--unreleased" in sys.argv[1:]))
