"""Who may talk to the desk: a browser that was opened with the token, from the page itself, and nobody else.

A web page elsewhere can make a browser send requests to this machine. So the name that was asked for must be
one of the desk's own (a foreign name may be pointed at this address), what changes anything must come from a
page of the desk, and the session is a cookie that no other site's page is sent with and no script can read.
"""

import hmac
import ipaddress
import secrets
import socket
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from jixiao.messages import SPOKEN
from jixiao.model import Struct

COOKIE = "jixiao-desk"
OPEN, STATIC = "/open", "/static/"
"""What is answered without a session."""
SESSIONS = 64
"""Sessions that are held; of more the one that was used longest ago ends."""
WAIT = 1.0
"""Seconds after a wrong token or password, one at a time: trying many takes years."""
LANGUAGES = {"en": "en", "zh": "zh_CN"}
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
NO_STORE = "no-store"

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Session:
    """One browser: who sits there, in which language, and what was converted for it."""

    def __init__(self, who: str) -> None:
        self.who, self.language = who, ""
        self.made: OrderedDict[str, Any] = OrderedDict()


class Door(Struct):
    """`address` and `port` on which the desk listens; `password` None where nobody else can come."""

    token: str
    port: int
    address: str = "127.0.0.1"
    password: str | None = None

    def is_ours(self, host: str) -> bool:
        """Whether a browser that asks for that host means the desk."""
        try:
            name, port = urlsplit(f"//{host}").hostname or "", urlsplit(f"//{host}").port or 80
        except ValueError:
            return False
        if port != self.port:
            return False
        loopback = {"127.0.0.1", "localhost", "::1"}
        if self.address in loopback:
            return name in loopback
        return name in {*loopback, self.address, socket.gethostname().lower()} or _is_number(name)


def _is_number(name: str) -> bool:
    """An address in figures cannot be pointed elsewhere, as a name can."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


class Sessions:
    """`owner` is who sits at this machine."""

    def __init__(self, door: Door, owner: str = "") -> None:
        self.owner, self.wants_password = owner, door.password is not None
        self._door, self._lock, self._trying = door, Lock(), Lock()
        self._held: OrderedDict[str, Session] = OrderedDict()

    def opened(self, token: str, password: str, who: str) -> str | None:
        """The cookie of a new session; None after a while where token or password is wrong."""
        right = [_same(token, self._door.token), _same(password, self._door.password or "")]
        if not right[0] or (self._door.password is not None and not right[1]):
            with self._trying:
                time.sleep(WAIT)
            return None
        cookie = secrets.token_urlsafe(32)
        with self._lock:
            self._held[cookie] = Session(who)
            while len(self._held) > SESSIONS:
                self._held.popitem(last=False)
        return cookie

    def of(self, cookie: str) -> Session | None:
        with self._lock:
            if cookie in self._held:
                self._held.move_to_end(cookie)
            return self._held.get(cookie)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


class Guard:
    """Answers what is not allowed itself; `scope["session"]` is the session of what passes."""

    def __init__(self, app: App, door: Door, sessions: Sessions) -> None:
        self._app, self._door, self._sessions = app, door, sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        session = self._sessions.of(_cookies(headers.get("cookie", "")).get(COOKIE, ""))
        why = self._refusal(scope, headers, session)
        if why:
            await _refuse(_with_headers(send), why)
            return
        scope["session"] = session
        spoken = SPOKEN.set(_language(session, headers.get("accept-language", "")))
        try:
            await self._app(scope, receive, _with_headers(send))
        finally:
            SPOKEN.reset(spoken)

    def _refusal(
        self, scope: Scope, headers: dict[str, str], session: Session | None
    ) -> tuple[int, str] | None:
        host, origin = headers.get("host", ""), headers.get("origin")
        if not self._door.is_ours(host):
            return 421, "This desk has another address."
        if scope["method"] not in ("GET", "HEAD") and origin != f"{scope['scheme']}://{host}":
            return 403, "This did not come from a page of the desk."
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin") and scope["path"] != OPEN:
            return 403, "This did not come from a page of the desk."
        if session is None and scope["path"] != OPEN and not scope["path"].startswith(STATIC):
            return 403, "Open the desk with the address that `jixiao review` printed."
        return None


def _language(session: Session | None, accepted: str) -> str:
    """That of the switch, else the first of the browser's that there is, else English."""
    if session is not None and session.language in LANGUAGES.values():
        return session.language
    for one in accepted.lower().split(","):
        for start, language in LANGUAGES.items():
            if one.strip().startswith(start):
                return language
    return "en"


def _cookies(text: str) -> dict[str, str]:
    return {name.strip(): value.strip() for name, _sign, value in (p.partition("=") for p in text.split(";"))}


def _with_headers(send: Send) -> Send:
    async def sending(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            given = {name.lower() for name, _value in message["headers"]}
            extra = HEADERS | {"cache-control": NO_STORE}
            message["headers"] = [
                *message["headers"],
                *((k.encode(), v.encode()) for k, v in extra.items() if k.encode() not in given),
            ]
        await send(message)

    return sending


async def _refuse(send: Send, why: tuple[int, str]) -> None:
    start = {"type": "http.response.start", "status": why[0], "headers": [(b"content-type", b"text/plain")]}
    await send(start)
    await send({"type": "http.response.body", "body": why[1].encode()})
