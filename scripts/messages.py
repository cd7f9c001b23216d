"""Brings the Chinese catalogue up to the code: python scripts/messages.py

Messages are taken from `_(...)` and `N_(...)`; new ones come without a translation, which a test then
tells; those that are gone are dropped. The compiled catalogue is written beside the text.
"""

import io
import sys
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jixiao.messages import DOMAIN, LOCALE

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("core", "plugins")
KEYWORDS = {"_": None, "N_": None, "gettext": None}
TEXT = LOCALE / "zh_CN" / "LC_MESSAGES" / f"{DOMAIN}.po"


def extracted() -> Catalog:
    """Every message of the code and the files it stands in, in the order of the files."""
    found = [
        (f"{source}/{Path(name).as_posix()}", line, message)
        for source in SOURCES
        for name, line, message, _comments, _context in extract_from_dir(ROOT / source, keywords=KEYWORDS)
        if isinstance(message, str) and message
    ]
    catalog = Catalog(fuzzy=False)
    for name, _line, message in sorted(found):
        catalog.add(message, locations=[(name, 0)])
    return catalog


def read() -> Catalog:
    with TEXT.open("rb") as stream:
        return read_po(stream, locale="zh_CN", domain=DOMAIN)


def compiled(catalog: Catalog) -> bytes:
    stream = io.BytesIO()
    write_mo(stream, catalog)
    return stream.getvalue()


def main() -> int:
    catalog = Catalog(locale="zh_CN", domain=DOMAIN, fuzzy=False)
    known = {m.id: m.string for m in read()} if TEXT.exists() else {}
    for message in extracted():
        if message.id:
            catalog.add(message.id, known.get(message.id) or "", locations=message.locations)
    with TEXT.open("wb") as stream:
        write_po(stream, catalog, omit_header=True, width=0, include_lineno=False)
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Language: zh_CN\\n"\n\n'
    TEXT.write_text(header + TEXT.read_text("utf-8").lstrip("\n"), "utf-8", newline="\n")
    TEXT.with_suffix(".mo").write_bytes(compiled(read()))
    missing = [m.id for m in catalog if m.id and not m.string]
    print(*(f"not translated: {m}" for m in missing), sep="\n", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
