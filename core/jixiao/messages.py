"""The languages of messages: English in the code, Chinese in the catalogue, both complete.

The language is that of `SPOKEN` where a server talks to somebody, else JIXIAO_LANG, else the usual LANGUAGE,
LC_ALL, LC_MESSAGES, LANG; anything that begins with `zh` is Chinese, everything else English.
"""

import os
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gettext import NullTranslations

DOMAIN = "jixiao"
LOCALE = Path(__file__).with_name("locale")
SPOKEN: ContextVar[str | None] = ContextVar("SPOKEN", default=None)
"""`zh_CN` or `en` for one request of a server that has readers of both."""


def language() -> str:
    """`zh_CN` or `en`."""
    if spoken := SPOKEN.get():
        return spoken
    for name in ("JIXIAO_LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh_CN" if value.lower().startswith("zh") else "en"
    return "en"


@cache
def _catalogue(lang: str) -> "NullTranslations":
    import gettext as library  # only where a message is translated: it costs start-up time

    return library.translation(DOMAIN, LOCALE, [lang], fallback=True)


def gettext(message: str) -> str:
    """The message in the user's language; the message itself where the language is English."""
    lang = language()
    return message if lang == "en" else str(_catalogue(lang).gettext(message))
