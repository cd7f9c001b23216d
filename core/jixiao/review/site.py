"""What all pages share: the desk, the queue, who sits there, and how a page is drawn."""

import gc
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from jixiao import __version__
from jixiao.batch.report.totals import code_name
from jixiao.corrections import Correction, caption, part_caption
from jixiao.findings import said
from jixiao.messages import gettext as _
from jixiao.messages import language
from jixiao.model import Place
from jixiao.plugins import WRITERS, registry
from jixiao.review.desk import Desk
from jixiao.review.drop import Drops
from jixiao.review.edit import acceptable, is_of_document, runner_up
from jixiao.review.form import cell_of, form
from jixiao.review.known import Known
from jixiao.review.offers import adding, amounts, choices, columns
from jixiao.review.queue import Queue
from jixiao.review.security import Session, Sessions
from jixiao.review.workers import Workers
from jixiao.vocabulary import vocabulary

FOLDER = Path(__file__).parent


class Site:
    def __init__(self, desk: Desk, queue: Queue, drops: Drops, workers: Workers, sessions: Sessions) -> None:
        self.desk, self.queue, self.drops = desk, queue, drops
        self.workers, self.sessions, self.tidy = workers, sessions, Tidy()
        loader = FileSystemLoader(FOLDER / "templates")
        self._pages = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
        self._pages.globals.update(
            _=_,
            version=__version__,
            said=said,
            caption=caption,
            place=place_json,
            code_name=code_name,
            levels=levels(),
            choices=choices,
            adding=adding,
            when=when,
            by=by,
            part_caption=part_caption,
        )

    def page(self, request: Request, name: str, status: int = 200, **given: Any) -> Response:
        lang = "zh-CN" if language().startswith("zh") else "en"
        session: Session | None = request.scope.get("session")
        text = self._pages.get_template(name).render(
            lang=lang,
            session=session,
            counts=self.queue.counts(),
            path=request.url.path,
            whole=self.queue.is_whole,
            **given,
        )
        return HTMLResponse(text, status)

    def part(self, name: str, **given: Any) -> str:
        return self._pages.get_template(name).render(**given)

    def located(self, request: Request) -> tuple[str, Known, int]:
        """The source and the index of the sheet that an address names. Raises NotThere."""
        target = self.queue.target(request.path_params["id"])
        known = self.desk.known(target) if target else None
        number = request.path_params.get("number", 0)
        if target is None or known is None or not 0 <= number < len(known.reading.sheets):
            raise NotThere
        return target, known, number

    def work(self, known: Known, number: int) -> dict[str, Any]:
        """What the right side shows of a sheet."""
        sheet = known.reading.sheets[number]
        loud = known.loud(number)
        state, signature = known.signatures.get(number, ("open", None))
        return {
            "known": known, "number": number, "sheet": sheet, "form": form(sheet, loud),
            "items": [
                {
                    "k": k, "one": one, "said": said(one), "cell": cell_of(sheet, one),
                    "accept": acceptable(known, number, one), "other": _other(known, number, one),
                    "place": place_of(known, number, one), "whole": is_of_document(known, number, one),
                }
                for k, one in enumerate(loud)
            ],
            "entries": known.entries(number), "state": state, "signature": signature,
            "base": known.version(number),
            "offers": {"columns": list(columns(sheet)), "amounts": list(amounts(sheet))},
        }  # fmt: skip


class Tidy:
    """Looks for what nobody needs any more after an answer has been sent, not while somebody waits."""

    EVERY = 200
    """Answers from one time to the next."""

    def __init__(self) -> None:
        self.answers = 0

    def __call__(self) -> None:
        self.answers += 1
        if self.answers % self.EVERY == 0:
            gc.collect()


class NotThere(Exception):
    """The address names nothing."""


def _other(known: Known, number: int, one: Any) -> str:
    """What the runner-up would make of it, for the button; "" where there is none."""
    puts = runner_up(known.reading.sheets[number], one)
    return one.before or "" if puts else ""


def place_of(known: Known, number: int, one: Any) -> str:
    """Where to look in the source, as JSON."""
    sheet = known.reading.sheets[number]
    place = one.place
    if place is None and one.indicator is not None and one.indicator < len(sheet.indicators):
        place = sheet.indicators[one.indicator].place
    return place_json(place)


def place_json(place: Place | None) -> str:
    return msgspec.json.encode(place).decode() if place else ""


def writers() -> list[str]:
    return list(registry().names(WRITERS))


def profile_names(chosen: str | None) -> list[str]:
    """Those that are installed, and that of the desk as it was named."""
    from jixiao.profiles import folders

    return [*([chosen] if chosen and chosen not in folders() else []), *folders()]


def when(text: str) -> str:
    """A time as people read it, to the minute, where it was written.

    >>> when("2026-03-01T09:00:59+08:00")
    '2026-03-01 09:00'
    """
    return text[:16].replace("T", " ")


def by(one: Correction) -> str:
    """Who, and when."""
    return f"{one.who or '—'}, {when(one.when)}"


def levels() -> dict[str, list[str]]:
    """Second levels by the first that they stand under, of every year's form."""
    found: dict[str, dict[str, None]] = {}
    for regime in vocabulary().data["regimes"].values():
        for level1, below in regime.items():
            found.setdefault(level1, {}).update(dict.fromkeys(below))
    return {level1: list(below) for level1, below in found.items()}
