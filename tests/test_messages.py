"""The Chinese catalogue says everything that the code says, and the compiled one is that of the text."""

import gettext
import io
import os
import string
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jixiao import messages
from jixiao.findings import FINDINGS, finding
from jixiao.messages import DOMAIN, LOCALE

ROOT = Path(__file__).resolve().parent.parent
TEXT = LOCALE / "zh_CN" / "LC_MESSAGES" / f"{DOMAIN}.po"
ADVICE = "run python scripts/messages.py, translate what it names, run it again"


def catalog() -> Catalog:
    with TEXT.open("rb") as stream:
        return read_po(stream, locale="zh_CN", domain=DOMAIN)


def is_code(folder: str | os.PathLike[str]) -> bool:
    return not Path(folder).name.startswith((".", "__"))


def said_by_the_code() -> set[str]:
    keywords = {"_": None, "N_": None}
    methods = [("**.py", "python"), ("**.j2", "jinja2")]
    found = (
        e for part in ("core", "plugins")
        for e in extract_from_dir(ROOT / part, methods, keywords=keywords, directory_filter=is_code)
    )  # fmt: skip
    return {message for _file, _line, message, _comments, _context in found if isinstance(message, str)} - {
        ""
    }


def blanks(message: str) -> set[str]:
    """The names of the {placeholders}."""
    return {
        name for _text, name, _format, _conversion in string.Formatter().parse(message) if name is not None
    }


def test_the_catalogue_has_every_message_and_no_other() -> None:
    known = {m.id for m in catalog() if m.id}
    assert known == said_by_the_code(), ADVICE
    assert {rule.message for rule in FINDINGS.values()} <= known


def test_every_message_is_translated_with_its_placeholders() -> None:
    for message in catalog():
        if message.id:
            assert message.string and not message.fuzzy, f"{message.id}: {ADVICE}"
            assert blanks(message.string) == blanks(message.id), message.id


def test_the_compiled_catalogue_is_that_of_the_text() -> None:
    made = io.BytesIO()
    write_mo(made, catalog())
    made.seek(0)
    fresh = gettext.GNUTranslations(made)
    with TEXT.with_suffix(".mo").open("rb") as stream:
        shipped = gettext.GNUTranslations(stream)
    for message in said_by_the_code():
        assert shipped.gettext(message) == fresh.gettext(message), ADVICE


@pytest.mark.parametrize(
    ("lang", "chinese"), [("zh_CN.UTF-8", True), ("zh", True), ("en_GB", False), ("C", False)]
)
def test_the_language_is_the_users(monkeypatch: pytest.MonkeyPatch, lang: str, chinese: bool) -> None:
    for name in ("JIXIAO_LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setitem(os.environ, "LANG", lang)
    monkeypatch.setattr(messages, "of_system", messages.of_system.__wrapped__)  # what is not remembered
    said = messages.gettext("The file is empty.")
    assert (said == "文件是空的。") == chinese
    assert (finding("no-sheet").message.isascii()) != chinese
