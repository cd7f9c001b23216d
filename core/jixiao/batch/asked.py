"""What was asked for, as one fingerprint: equal where the same input gives the same output."""

from functools import cached_property, lru_cache
from pathlib import Path

import msgspec

from jixiao.batch.job import Order
from jixiao.convert import Blame
from jixiao.digest import sha256
from jixiao.errors import JixiaoError
from jixiao.installed import EXECUTORS, KINDS, Settings, wanted
from jixiao.limits import Limits
from jixiao.wish import Wish

READ_MORE = ("rapidocr", "onnxruntime")
"""Distributions of the extra `ocr`: pages that were pictures to a run without them are text to the next."""


class Asked:
    """What an order asks of inputs. Limits count where one was reached: `options` is told by the code."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._of_wish: dict[Wish, str] = {}

    @cached_property
    def plugins(self) -> dict[str, str]:
        return versions(self._order.plugins)

    @cached_property
    def _surroundings(self) -> tuple[object, ...]:
        settings = msgspec.structs.replace(self._order.plugins, told=())
        return settings, self.plugins, _files(settings), _extras()

    def options(self, wish: Wish, code: str | None) -> str:
        if wish not in self._of_wish:
            order = self._order
            self._of_wish[wish] = _digest(
                (order.to, order.reader, self._surroundings, wish, _profile(wish), _tables(wish))
            )
        common = self._of_wish[wish]
        limited = code is not None and code.startswith("limit-")
        return f"{common}+{_limits(self._order.limits)}" if limited else common


def versions(settings: Settings) -> dict[str, str]:
    """The versions of all plugins that may have a say, by KIND.NAME."""
    groups = (group for group in KINDS if group != EXECUTORS)
    return {plugin.id: plugin.version for group in groups for plugin in wanted(group, settings).values()}


def forget() -> None:
    """Let what this process has read of profiles, code tables and project files be read anew."""
    from jixiao import codes, wish
    from jixiao.batch import upload
    from jixiao.profiles import load

    for read in (codes.entries, wish.project, upload.codes_of, load):
        read.cache_clear()


def _files(settings: Settings) -> list[str]:
    """The content of files that options name, such as a template."""
    texts = [text for _plugin, given in sorted(settings.options.items()) for text in given.values()]
    return [_content(Path(text)) for text in texts if isinstance(text, str)]


def _extras() -> list[str | None]:
    """The versions of what reads scans where it is installed: with it a document says more than without."""
    return [_version(name) for name in READ_MORE]


def _version(distribution: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version  # costs start-up time

    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def _profile(wish: Wish) -> str | None:
    """The content of the profile: one may be edited without a new version."""
    if wish.profile is None:
        return None
    from jixiao.profiles import load

    try:
        with Blame("jixiao"):
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
        if not path.is_file():  # a pipe or device that a project file names may have no end
            return ""
        return sha256(path.read_bytes())
    except (OSError, ValueError) as error:
        return str(getattr(error, "errno", ""))


@lru_cache(maxsize=8)
def _limits(limits: Limits) -> str:
    return _digest(limits)


def _digest(what: object) -> str:
    return sha256(msgspec.msgpack.encode(what, order="deterministic"))[:32]
