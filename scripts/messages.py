"""Brings the Chinese catalogue up to the code: python scripts/messages.py

Messages are taken from `_(...)` and `N_(...)`, in the order of the alphabet. New ones come without a
translation, are named here, and fail a test until they have one; those that are gone are dropped. The
compiled catalogue is written beside the text: run it again after translating.
"""

import io
import os
import sys
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jixiao.messages import DOMAIN, LOCALE

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("core", "plugins")
KEYWORDS = {"_": None, "N_": None}
METHODS = [("**.py", "python"), ("**.j2", "jinja2")]
TEXT = LOCALE / "zh_CN" / "LC_MESSAGES" / f"{DOMAIN}.po"
# A date that stands still: the same messages give the same bytes.
HEADER = rb"""msgid ""
msgstr ""
"Project-Id-Version: jixiao\n"
"POT-Creation-Date: 2026-01-01 00:00+0000\n"
"Language: zh_CN\n"
"Content-Type: text/plain; charset=utf-8\n"

"""


def extracted() -> set[str]:
    """Every message of the code, private packages too."""
    found = (
        e for part in SOURCES
        for e in extract_from_dir(ROOT / part, METHODS, keywords=KEYWORDS, directory_filter=_is_code)
    )  # fmt: skip
    return {message for _file, _line, message, *_rest in found if isinstance(message, str) and message}


def _is_code(folder: str | os.PathLike[str]) -> bool:
    return not Path(folder).name.startswith((".", "__"))


def read() -> Catalog:
    with TEXT.open("rb") as stream:
        return read_po(stream, locale="zh_CN", domain=DOMAIN)


def merged() -> Catalog:
    """What the code says, with the translations that there are."""
    catalog = Catalog(locale="zh_CN", domain=DOMAIN, fuzzy=False)
    known = {m.id: m.string for m in read()} if TEXT.exists() else {}
    for message in sorted(extracted()):
        catalog.add(message, known.get(message) or "")
    return catalog


def main() -> int:
    catalog, text, compiled = merged(), io.BytesIO(), io.BytesIO()
    write_po(text, catalog, omit_header=True, width=0)
    TEXT.write_bytes(HEADER + text.getvalue().lstrip(b"\n"))
    write_mo(compiled, read())
    TEXT.with_suffix(".mo").write_bytes(compiled.getvalue())
    missing = [m.id for m in catalog if m.id and not m.string]
    for message in missing:
        print(f"not translated: {message}", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
