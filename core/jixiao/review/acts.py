"""What is done: edits, sign-offs, files that are dropped. Each is answered when it is on the disk."""

import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote

import msgspec
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response

from jixiao import corrections
from jixiao.batch.upload import require
from jixiao.corrections import Refused
from jixiao.errors import JixiaoError
from jixiao.messages import gettext as _
from jixiao.messages import language
from jixiao.model import Struct
from jixiao.review import signoff
from jixiao.review.desk import gone
from jixiao.review.drop import order_for, zipped
from jixiao.review.edit import Meanwhile, Wanted, carry_out
from jixiao.review.export import export
from jixiao.review.known import Known
from jixiao.review.pages import Pages
from jixiao.review.security import LANGUAGES
from jixiao.review.site import NotThere, Site

MOST = 256 * 1024
"""Bytes of anything that is sent, but for files that are dropped."""
LONGEST_NAME = 60


class TooMuch(Exception):
    """More was sent than may be."""


class Sign(Struct, forbid_unknown_fields=True):
    base: str
    who: str = ""
    withdraw: bool = False


class Me(Struct, forbid_unknown_fields=True):
    who: str | None = None
    language: str | None = None


class Acts:
    def __init__(self, site: Site, pages: Pages) -> None:
        self.site, self.pages = site, pages

    async def enter(self, request: Request) -> Response:
        given = parse_qs((await body(request)).decode("utf-8", "replace"))
        token, password, who = (given.get(name, [""])[0] for name in ("token", "password", "who"))
        return await run_in_threadpool(self.pages.entered, request, token, password, _name(who))

    async def me(self, request: Request) -> Response:
        wanted = msgspec.json.decode(await body(request), type=Me)
        session = request.scope["session"]
        if wanted.who is not None:
            session.who = _name(wanted.who)
        if wanted.language in LANGUAGES.values():
            session.language = wanted.language
        return JSONResponse({"who": session.who})

    async def edit(self, request: Request) -> Response:
        wanted = msgspec.json.decode(await body(request), type=Wanted)
        return await run_in_threadpool(self._edit, request, wanted)

    def _edit(self, request: Request, wanted: Wanted) -> Response:
        target, known, number = self.site.located(request)
        who = request.scope["session"].who
        try:
            now = carry_out(self.site.desk, target, number, wanted, who).known
        except Meanwhile as error:
            return self._answer(request, known, number, status=409, said=_others(error))
        except Refused as error:
            return self._answer(
                request,
                known,
                number,
                status=422,
                said=_("Not done: {why}.").format(why=str(error).rstrip(".。")),
            )
        return self._answer(request, now, number)

    async def sign(self, request: Request) -> Response:
        wanted = msgspec.json.decode(await body(request), type=Sign)
        return await run_in_threadpool(self._sign, request, wanted)

    def _sign(self, request: Request, wanted: Sign) -> Response:
        target, known, number = self.site.located(request)
        session = request.scope["session"]
        session.who = _name(wanted.who) or session.who
        sheets, loud = known.reading.sheets, known.loud(number)
        if known.stale:
            raise gone()
        if wanted.base != known.version(number):
            others = Meanwhile(tuple(one for _k, one in known.entries(number))[-3:])
            return self._answer(request, known, number, status=409, said=_others(others))
        if wanted.withdraw:
            signoff.withdraw(known.source, sheets, number)
        elif not session.who:
            return self._answer(request, known, number, status=422, said=_("Say who you are, then sign off."))
        elif any(one.severity == "error" for one in loud):
            why = _("There are errors left; a sheet with errors is not signed off.")
            return self._answer(request, known, number, status=422, said=why)
        else:
            signoff.sign(known.source, sheets, number, session.who, corrections.now(), len(loud))
        now = self.site.desk.known(target)
        assert now is not None
        return self._answer(request, now, number)

    def _answer(
        self, request: Request, known: Known, number: int, *, status: int = 200, said: str = ""
    ) -> Response:
        """The right side as it is now."""
        fresh = known if status == 200 else self.site.desk.known(known.record.target) or known
        self.site.queue.refresh(fresh)
        work = self.site.work(fresh, number)
        counts = self.site.queue.counts()
        after = self.site.queue.after(request.path_params["id"], number)
        return JSONResponse(
            {
                "html": self.site.part("work.html.j2", session=request.scope["session"], **work),
                "base": work["base"], "said": said, "left": counts.items, "signed": counts.signed,
                "next": f"/sheet/{after[0]}/{after[1]}" if after else "",
            },
            status, background=BackgroundTask(self.site.tidy),
        )  # fmt: skip

    async def dropped(self, request: Request) -> Response:
        query, order = request.query_params, self.site.desk.order
        order = order_for(order, query.get("to", ""), query.get("profile"), language())
        await run_in_threadpool(_require, order)
        path = await self.site.drops.received(query.get("name", ""), request.stream())
        key, result = await run_in_threadpool(
            self.site.drops.converted, request.scope["session"], path, order
        )
        return JSONResponse({"html": self.site.part("result.html.j2", key=key, one=result)})

    def result(self, request: Request) -> Response:
        one = request.scope["session"].made.get(request.path_params["key"])
        if one is None or one.path is None:
            raise NotThere
        return _file(Path(one.path).read_bytes(), one.name)

    def results(self, request: Request) -> Response:
        return _file(zipped(list(request.scope["session"].made.values())), "jixiao.zip")

    def export(self, request: Request) -> Response:
        order = self.site.desk.order
        order = order_for(
            order, request.query_params.get("to", ""), request.query_params.get("profile"), language()
        )
        made = self.site.drops.folder / f"{secrets.token_hex(8)}.zip"
        try:
            _require(order)
            export(self.site.desk, self.site.queue, order.to, order.wish, made)
        except JixiaoError as error:
            made.unlink(missing_ok=True)
            return RedirectResponse(f"/signed?why={quote(str(error))}", 303)
        sent = BackgroundTask(made.unlink)
        return FileResponse(made, media_type="application/zip", headers=_named("signed.zip"), background=sent)


async def body(request: Request, most: int = MOST) -> bytes:
    """What was sent. Raises TooMuch."""
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > most:
            raise TooMuch
    return bytes(found)


def _require(order: Any) -> None:
    """Raises NotThere for an unknown format, JixiaoError for a profile that cannot be used."""
    from jixiao.plugins import WRITERS, registry

    if order.to not in registry().names(WRITERS):
        raise NotThere
    require(order.wish, order.to)


def _others(error: Meanwhile) -> str:
    wrote = [
        f"{one.who}: {corrections.caption(c.field)} {c.before or '—'} → {c.after or '—'}"
        for one in error.others
        for c in one.changes
    ]
    said = _("Somebody else has worked on this sheet meanwhile; yours was not saved. Look, then do it again.")
    return " ".join([said, *wrote])


def _name(text: str) -> str:
    return " ".join(text.split())[:LONGEST_NAME]


def _file(data: bytes, name: str) -> Response:
    return Response(data, media_type="application/octet-stream", headers=_named(name))


def _named(name: str) -> dict[str, str]:
    """Always to be saved, never shown: a converted page is no page of the desk."""
    return {"content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
