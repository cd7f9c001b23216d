"""The desk as a web application: which address is answered by what, and how faults are told."""

import getpass
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from jixiao.batch.job import Order
from jixiao.errors import JixiaoError
from jixiao.hookspecs import Means
from jixiao.review.acts import Acts, TooMuch
from jixiao.review.desk import Desk
from jixiao.review.drop import Drops
from jixiao.review.pages import Pages, missing
from jixiao.review.queue import Queue
from jixiao.review.security import OPEN, App, Door, Guard, Sessions
from jixiao.review.site import FOLDER, NotThere, Site
from jixiao.review.workers import Workers


@contextmanager
def application(folder: Path, order: Order, door: Door, means: Means) -> Iterator[App]:
    """The desk of an output folder, until the block ends."""
    with TemporaryDirectory(prefix="jixiao-desk-", ignore_cleanup_errors=True) as scratch:
        workers = Workers(means, order.plugins)
        desk = Desk(folder, order, workers)
        sessions = Sessions(door, _owner())
        site = Site(desk, Queue(desk), Drops(Path(scratch), order, workers), workers, sessions)
        app: Any = Starlette(routes=_routes(site), exception_handlers=_FAULTS)
        yield Guard(app, door, sessions)


def _routes(site: Site) -> list[Route | Mount]:
    pages = Pages(site)
    acts = Acts(site, pages)
    sheet = "/sheet/{id:int}/{number:int}"
    return [
        Route(OPEN, pages.opening),
        Route(OPEN, acts.enter, methods=["POST"]),
        Route("/", pages.queue),
        Route(sheet, pages.sheet),
        Route(sheet, acts.edit, methods=["POST"]),
        Route(f"{sheet}/sign", acts.sign, methods=["POST"]),
        Route("/source/{id:int}", pages.source),
        Route("/page/{id:int}/{page:int}", pages.image),
        Route("/drop", pages.drop),
        Route("/drop", acts.dropped, methods=["POST"]),
        Route("/result/{key}", acts.result),
        Route("/results.zip", acts.results),
        Route("/signed", pages.signed),
        Route("/export", acts.export),
        Route("/report", pages.report),
        Route("/me", acts.me, methods=["POST"]),
        Mount("/static", StaticFiles(directory=FOLDER / "static")),
    ]


def _owner() -> str:
    """Who is logged in, "" where the system does not tell."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


Handler = Callable[[Request, Exception], Awaitable[Response]]


async def _not_there(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse(missing(), 404)


async def _too_much(_request: Request, _error: Exception) -> Response:
    return JSONResponse({"said": "too large"}, 413)


async def _not_understood(_request: Request, error: Exception) -> Response:
    return JSONResponse({"said": str(error)}, 400)


async def _told(_request: Request, error: Exception) -> Response:
    code = getattr(error, "code", "")
    return JSONResponse({"said": str(error), "code": code}, 413 if code == "limit-size" else 422)


_FAULTS: dict[Any, Handler] = {
    NotThere: _not_there,
    404: _not_there,
    TooMuch: _too_much,
    msgspec.DecodeError: _not_understood,
    msgspec.ValidationError: _not_understood,
    JixiaoError: _told,
}
