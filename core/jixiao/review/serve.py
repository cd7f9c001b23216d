"""The desk laid out and opened: a batch's output folder or files, on one address, until it is closed."""

import gc
import ipaddress
import secrets
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from jixiao.batch.inputs import plan
from jixiao.batch.job import Order, warm
from jixiao.batch.ledger import FOLDER, NAME
from jixiao.batch.outcome import Outcome
from jixiao.batch.run import means, run
from jixiao.errors import BadUsage
from jixiao.messages import gettext as _
from jixiao.review.app import application
from jixiao.review.security import OPEN, Door

YOUNG, MIDDLE, NEVER = 700, 10, 1_000_000
"""After how many new objects, and how many times of that, garbage is looked for among the younger ones."""
CLOSING = 2
"""Seconds in which requests may end when the desk is closed."""


@contextmanager
def laid_out(inputs: Sequence[str], order: Order, tell: Callable[[Outcome], None]) -> Iterator[Path]:
    """The folder whose ledger is reviewed: that of a batch, or one of the desk's own with what was read of
    the inputs. Raises BadUsage."""
    if len(inputs) == 1 and (Path(inputs[0]) / FOLDER / NAME).is_file():
        yield Path(inputs[0])
        return
    with TemporaryDirectory(prefix="jixiao-review-", ignore_cleanup_errors=True) as folder:
        planned = plan([*inputs], f"{folder}/", "json")
        run(planned, order, tell, means=means(order, planned))
        yield Path(folder)


def is_loopback(address: str) -> bool:
    """Whether only this machine reaches the address. Raises BadUsage where it is none."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError as error:
        raise BadUsage(
            "bad-address",
            _("{address} is no address of a machine.").format(address=address),
            _("Give an IP address, such as 127.0.0.1 or 0.0.0.0."),
        ) from error


def serve(
    folder: Path, order: Order, address: str, port: int, password: str | None, opened: Callable[[str], None]
) -> None:
    """Answer until the process is told to end; `opened` is given the address as soon as it answers."""
    import uvicorn

    warm()
    with _listening(address, port) as listener:
        door = Door(
            token=secrets.token_urlsafe(32),
            port=listener.getsockname()[1],
            address=address,
            password=password,
        )
        planned = plan(["."], ".", "json")
        with application(folder, order, door, means(order, planned)) as app:
            config = uvicorn.Config(
                app, log_level="warning", access_log=False, server_header=False, proxy_headers=False,
                timeout_graceful_shutdown=CLOSING, lifespan="off", ws="none",
            )  # fmt: skip
            _unhurried()
            opened(_url(door))
            uvicorn.Server(config).run(sockets=[listener])


def _unhurried() -> None:
    """No search through all that is held while somebody waits: with a file of thousands of sheets on the desk
    it takes 50 ms. jixiao.review.site.Tidy does it after answers."""
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, NEVER)


def _url(door: Door) -> str:
    shown = {"0.0.0.0": socket.gethostname(), "::": socket.gethostname()}.get(door.address, door.address)
    host = f"[{shown}]" if ":" in shown else shown
    return f"http://{host}:{door.port}{OPEN}?token={door.token}"


@contextmanager
def _listening(address: str, port: int) -> Iterator[socket.socket]:
    """The socket is bound first, so that the address that is printed answers. Raises BadUsage."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    # the protocol is named, or asyncio leaves small answers waiting for the acknowledgement of their heads
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise BadUsage(
            "port-taken",
            _("The desk cannot listen at {address}, port {port}: {why}.").format(
                address=address, port=port, why=error.strerror or error
            ),
            _("Choose another --port, or leave it out."),
        ) from error
    with listener:
        yield listener
