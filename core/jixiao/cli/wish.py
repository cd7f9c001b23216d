"""The options of an upload, shared by the commands that have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from jixiao.cli.declare import option
from jixiao.messages import gettext as _

if TYPE_CHECKING:
    from jixiao.wish import Wish

Profile = Annotated[
    str | None,
    option(
        "--profile",
        metavar="NAME|PATH",
        help=_("Write what a finance system takes; `jixiao profiles` lists them."),
    ),
]
Codes = Annotated[
    list[str] | None,
    option("--codes", metavar="FILE", help=_("A code table (CSV, XLSX) or a folder of them; repeatable.")),
]
Values = Annotated[
    list[str] | None,
    option("--set", metavar="COLUMN=TEXT", help=_("The text of a column that sheets lack; repeatable.")),
]
Encoding = Annotated[
    str | None, option("--encoding", metavar="NAME", help=_("UTF-8 or GB18030, for a profile's XML."))
]
Draft = Annotated[
    bool, option("--draft", help=_("Write a profile's file in spite of errors, marked as a draft."))
]
OneFile = Annotated[
    bool, option("--one-file", help=_("Write all inputs as one file of a profile: --output names it."))
]


def wished(
    profile: str | None, codes: list[str] | None, values: list[str] | None, encoding: str | None, draft: bool
) -> Wish:
    """Raises BadUsage for a --set that sets nothing."""
    from jixiao.wish import Wish, parsed

    return Wish(
        profile=profile, codes=tuple(codes or ()), values=parsed(values or []), encoding=encoding, draft=draft
    )
