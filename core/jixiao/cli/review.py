"""jixiao review"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jixiao.cli import say
from jixiao.cli.limit import Limit
from jixiao.cli.plugged import NoPlugin, Options, plug
from jixiao.cli.wish import Codes, Draft, Encoding, Profile, Values, wished
from jixiao.errors import BadUsage, Exit
from jixiao.messages import gettext as _

if TYPE_CHECKING:
    from jixiao.batch.job import Order
    from jixiao.batch.outcome import Outcome

Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="OUT|FILE...", help=_("The output folder of a batch, or files and folders to read.")
    ),
]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help=_("The port; 0 takes any that is free."))]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help=_("Print the address and open no browser."))]
Address = Annotated[
    str,
    typer.Option(
        "--address", metavar="IP", help=_("Where to listen; others than this machine need --password-file.")
    ),
]
PasswordFile = Annotated[
    Path | None,
    typer.Option("--password-file", metavar="FILE", help=_("A file whose first line is the password.")),
]


def review(
    inputs: Inputs,
    port: Port = 0,
    no_browser: NoBrowser = False,
    address: Address = "127.0.0.1",
    password_file: PasswordFile = None,
    limit: Limit = None,
    profile: Profile = None,
    codes: Codes = None,
    values: Values = None,
    encoding: Encoding = None,
    draft: Draft = False,
    no_plugin: NoPlugin = None,
    options: Options = None,
) -> None:
    """Open the desk, and keep it open until Ctrl-C."""
    from jixiao.cli.convert import ordered

    try:
        plug(no_plugin, options)
        order = ordered("json", None, False, False, limit, wished(profile, codes, values, encoding, draft))
        _require_extra()
        _serve(inputs, order, address, port, _password(address, password_file), browser=not no_browser)
    except BadUsage as error:
        say.line(str(error))
        raise typer.Exit(Exit.USAGE) from error
    except KeyboardInterrupt as error:
        raise typer.Exit(Exit.OK) from error


def _failed(done: Outcome) -> None:
    """Findings are what the desk shows; what could not be read is told here too."""
    if done.said is not None:
        say.line(done.source, done.said)


def _require_extra() -> None:
    from importlib.util import find_spec

    if find_spec("starlette") is None or find_spec("uvicorn") is None:
        raise BadUsage(
            "no-review", _("The review desk is not installed."), _("Install it: pip install jixiao[review].")
        )


def _password(address: str, file: Path | None) -> str | None:
    """Raises BadUsage where others could come without one."""
    from jixiao.review.serve import is_loopback

    if file is None:
        if is_loopback(address):
            return None
        raise BadUsage(
            "no-password",
            _("At {address} other machines can reach the desk.").format(address=address),
            _("Give it a password with --password-file FILE, or leave --address out."),
        )
    try:
        password = (file.read_text("utf-8").splitlines() or [""])[0].strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadUsage(
            "no-password", f"{file}: {error}.", _("Check its name and that you may read it.")
        ) from error
    if len(password) < 8:
        raise BadUsage(
            "no-password",
            _("The password in {path} is too short.").format(path=file),
            _("Write one of at least 8 characters on its first line."),
        )
    return password


def _serve(
    inputs: list[str], order: Order, address: str, port: int, password: str | None, *, browser: bool
) -> None:
    from jixiao.review.serve import laid_out, serve

    out = sys.stdout  # what plugins print goes elsewhere, and they may be at work when the address is printed

    def opened(url: str) -> None:
        typer.echo(url, file=out)
        if browser:
            import webbrowser

            webbrowser.open(url)

    with laid_out(inputs, order, _failed) as folder:
        serve(folder, order, address, port, password, opened)
