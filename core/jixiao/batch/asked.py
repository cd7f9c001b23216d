"""What was asked for, as one fingerprint: equal where the same input gives the same output."""

import hashlib
from functools import lru_cache
from pathlib import Path

import msgspec

from jixiao.batch.job import Order
from jixiao.errors import JixiaoError
from jixiao.installed import EXECUTORS, KINDS, Settings, wanted
from jixiao.limits import Limits
from jixiao.wish import Wish


class Asked:
    """What an order asks of inputs. Limits count where one was reached: `options` is told by the code."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._of_wish: dict[Wish, str] = {}
        self.plugins = versions(order.plugins)

    def options(self, wish: Wish, code: str | None) -> str:
        if wish not in self._of_wish:
            order = self._order
            self._of_wish[wish] = _digest(
                (order.to, order.reader, order.plugins, self.plugins, wish, _profile(wish), _tables(wish))
            )
        common = self._of_wish[wish]
        limited = code is not None and code.startswith("limit-")
        return f"{common}+{_limits(self._order.limits)}" if limited else common


def versions(settings: Settings) -> dict[str, str]:
    """The versions of all plugins that may have a say, by KIND.NAME."""
    groups = (group for group in KINDS if group != EXECUTORS)
    return {plugin.id: plugin.version for group in groups for plugin in wanted(group, settings).values()}


def _profile(wish: Wish) -> str | None:
    """The content of the profile: one may be edited without a new version."""
    if wish.profile is None:
        return None
    from jixiao.profiles import load

    try:
        loaded = load(wish.profile)
    except JixiaoError as error:
        return error.code
    tables = [_content(path) for path in loaded.tables]
    return _digest((loaded.profile, loaded.xsd, loaded.out, loaded.back, tables))


def _tables(wish: Wish) -> list[str]:
    if not wish.codes:
        return []
    from jixiao.batch.upload import expanded

    return [_content(path) for name in wish.codes for path in expanded(name)]


def _content(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        return str(error.errno)


@lru_cache(maxsize=8)
def _limits(limits: Limits) -> str:
    return _digest(limits)


def _digest(what: object) -> str:
    return hashlib.sha256(msgspec.msgpack.encode(what, order="deterministic")).hexdigest()[:32]
