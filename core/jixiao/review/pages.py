"""The pages: what is looked at. Nothing here changes anything."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from jixiao.convert import read_bytes
from jixiao.corrections import now
from jixiao.errors import JixiaoError
from jixiao.hookspecs import Box
from jixiao.messages import gettext as _
from jixiao.messages import language
from jixiao.review.known import Known
from jixiao.review.queue import GROUPS, PAGE
from jixiao.review.security import COOKIE
from jixiao.review.site import NotThere, Site, place_json, profile_names, writers
from jixiao.review.source import crop, page_image, pages_html, picture

PAGES_KEPT = 48
"""Pictures of pages that are held at a time."""
SCALE = 1.5
"""Points to pixels: 108 to the inch."""
CLOSE = 3.0
"""The same for a single cell."""
FOR_AN_HOUR = "private, max-age=3600"


class Pages:
    def __init__(self, site: Site) -> None:
        self.site = site
        self._drawn: Callable[[str, str, str], Any] = lru_cache(PAGES_KEPT)(self._draw)
        self._png: Callable[[str, str, int, Box | None], Any] = lru_cache(PAGES_KEPT)(self._paint)

    def opening(self, request: Request) -> Response:
        """The address that was printed: where no password is wanted, the desk."""
        token = request.query_params.get("token", "")
        if self.site.sessions.wants_password:
            return self.site.page(request, "open.html.j2", token=token, wrong=False)
        return self.entered(request, token, "", self.site.sessions.owner)

    def entered(self, request: Request, token: str, password: str, who: str) -> Response:
        cookie = self.site.sessions.opened(token, password, who)
        if cookie is None:
            return self.site.page(request, "open.html.j2", 403, token=token, wrong=True)
        answer = RedirectResponse("/", 303)
        answer.set_cookie(COOKIE, cookie, httponly=True, samesite="strict", path="/")
        return answer

    def queue(self, request: Request) -> Response:
        by = request.query_params.get("by", "finding")
        by = by if by in GROUPS else "finding"
        group = request.query_params.get("group")
        page = _number(request.query_params.get("page", "0"))
        queue = self.site.queue
        queue.settle()
        items = queue.items(by, group, page)
        groups = queue.groups(by)
        total = sum(n for name, n, _worst in groups if group in (None, name))
        return self.site.page(
            request, "queue.html.j2", by=by, group=group, groups=groups, items=items, number=page,
            last=max(0, (total - 1) // PAGE), total=total,
        )  # fmt: skip

    def sheet(self, request: Request) -> Response:
        _target, known, number = self.site.located(request)
        self.site.queue.refresh(known)
        at = request.path_params["id"], number
        return self.site.page(
            request, "sheet.html.j2", id=at[0], next=self.site.queue.after(*at),
            around={step: self.site.queue.beside(*at, step) for step in (-1, 1)},
            place_json=place_json, **self.site.work(known, number),
        )  # fmt: skip

    def source(self, request: Request) -> Response:
        """The left side, as a part of a page; why it cannot be shown, where it cannot."""
        target, known, _number = self.site.located(request)
        try:
            shown = self._drawn(target, known.record.sha256 or "", language())
            ident = request.path_params["id"]
            mark = (known.record.sha256 or "")[:12]
            html = shown.html or pages_html(shown.pages, lambda n: f"/page/{ident}/{n}?{mark}")
        except JixiaoError as error:
            html = self.site.part("noshow.html.j2", why=str(error))
        return HTMLResponse(html)

    def image(self, request: Request) -> Response:
        """A page or, where the address names a box, what is in it."""
        target, known, _number = self.site.located(request)
        box = _box(request.query_params.get("box"))
        try:
            image = self._png(target, known.record.sha256 or "", request.path_params["page"], box)
        except JixiaoError as error:
            raise NotThere from error
        return Response(image.data, media_type=image.media_type, headers={"cache-control": FOR_AN_HOUR})

    def signed(self, request: Request) -> Response:
        rows = list(self.site.queue.sheets())
        return self.site.page(
            request, "signed.html.j2", rows=rows[:SHOWN], more=max(0, len(rows) - SHOWN), formats=writers(),
            **self._profiles(), why=request.query_params.get("why"),
        )  # fmt: skip

    def drop(self, request: Request) -> Response:
        return self.site.page(
            request, "drop.html.j2", formats=writers(), **self._profiles(),
            held=list(request.scope["session"].made.items()),
        )  # fmt: skip

    def _profiles(self) -> dict[str, Any]:
        """What there is to choose from, that of the desk chosen."""
        chosen = self.site.desk.order.wish.profile
        return {"profiles": profile_names(chosen), "chosen": chosen}

    def report(self, request: Request) -> Response:
        """What prints: the sheets with who signed them, and what was corrected in those that are signed."""
        self.site.queue.wait()
        rows = list(self.site.queue.sheets())
        corrected = [entry for row in rows if row.state != "open" for entry in self._entries(row)]
        desk = self.site.desk
        return self.site.page(
            request, "report.html.j2", rows=rows, corrected=corrected, failed=self.site.queue.failed(),
            now=now(), folder=desk.folder.resolve().name, profile=desk.order.wish.profile,
        )  # fmt: skip

    def _entries(self, row: Any) -> list[Any]:
        target = self.site.queue.target(row.input)
        known: Known | None = self.site.desk.known(target) if target else None
        return [(row, one) for _k, one in known.entries(row.number)] if known else []

    def _draw(self, target: str, _sha256: str, lang: str) -> Any:
        known = self.site.desk.known(target)
        assert known is not None
        limits = self.site.desk.order.limits
        data = read_bytes(known.source, limits)
        return self.site.workers.do(
            picture, data, known.source.name, limits, known.record.reader, language=lang
        )

    def _paint(self, target: str, _sha256: str, number: int, box: Box | None) -> Any:
        known = self.site.desk.known(target)
        assert known is not None
        limits = self.site.desk.order.limits
        data = read_bytes(known.source, limits)
        if box is not None:
            name, reader = known.source.name, known.record.reader
            return self.site.workers.do(crop, data, name, number, box, limits, CLOSE, reader)
        return self.site.workers.do(
            page_image, data, known.source.name, number, limits, SCALE, None, known.record.reader
        )


SHOWN = 2_000
"""Sheets that the page of sign-offs lists."""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _box(text: str | None) -> Box | None:
    """Four numbers with commas between them. Raises NotThere for anything else."""
    if text is None:
        return None
    try:
        x0, top, x1, bottom = map(float, text.split(","))
    except ValueError:
        raise NotThere from None
    return x0, top, x1, bottom


def missing() -> str:
    return _("There is nothing at this address. Go back to the queue.")
