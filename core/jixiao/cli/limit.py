"""The option --limit, shared by the commands that convert."""

from __future__ import annotations

from typing import Annotated

from jixiao.cli.declare import option
from jixiao.messages import gettext as _

Limit = Annotated[
    list[str] | None,
    option(
        "--limit",
        metavar="NAME=NUMBER",
        help=_("What one document may cost, such as seconds=600 or size=512M; repeatable; docs/batch.md."),
    ),
]
