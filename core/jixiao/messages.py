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
    own = os.environ.get("JIXIAO_LANG")
    return _of(own) if own else of_system()


@cache
def of_system() -> str:
    """What the environment said when it was first asked."""
    names = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    return _of(next(filter(None, map(os.environ.get, names)), ""))


def _of(name: str) -> str:
    return "zh_CN" if name.lower().startswith("zh") else "en"


@cache
def _catalogue(lang: str) -> "NullTranslations":
    import gettext as library  # only where a message is translated: it costs start-up time

    return library.translation(DOMAIN, LOCALE, [lang], fallback=True)


def gettext(message: str) -> str:
    """The message in the user's language; the message itself where the language is English."""
    lang = language()
    return message if lang == "en" else str(_catalogue(lang).gettext(message))
