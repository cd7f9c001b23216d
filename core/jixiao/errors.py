"""What can go wrong, in words for people: one sentence what, one what to do."""

from enum import IntEnum

from jixiao.messages import gettext as _


class Exit(IntEnum):
    """The command's exit status (contract, version 1)."""

    OK = 0
    FAILED = 1
    USAGE = 2
    PERSON_NEEDED = 3
    INTERRUPTED = 130


class JixiaoError(Exception):
    """Base of the errors that a person is told of: `code` for programs, `what` and `do` for people."""

    def __init__(self, code: str, what: str, do: str) -> None:
        super().__init__(f"{what} {do}")
        self.code, self.what, self.do = code, what, do


class BadInput(JixiaoError):
    """The input cannot be read; that input has failed, others go on.

    `code` is for programs, small words with hyphens; `what` is wrong and what to `do` are a sentence each.
    """


class BadUsage(JixiaoError):
    """The command or an option is wrong."""


class PluginError(JixiaoError):
    """A plugin is missing, broken or of another version of the interface."""


def truncated(format_name: str) -> BadInput:
    """The file ends before its content does, or is damaged."""
    return BadInput(
        "damaged-file",
        _("The file is damaged or incomplete: it begins like {format} and cannot be read to its end.").format(
            format=format_name
        ),
        _("Get the file again from where it came, or open it in Office or WPS and save it anew."),
    )


def encrypted(format_name: str) -> BadInput:
    """The file wants a password."""
    return BadInput(
        "encrypted",
        _("The {format} file is protected by a password.").format(format=format_name),
        _("Open it in Office or WPS, remove the password, save it, and convert again."),
    )


def over_limit(what: str, value: int | float, limit: int | float) -> BadInput:
    """The document wants more than one document may cost; `what` is a field of jixiao.limits.Limits."""
    return BadInput(
        f"limit-{what}",
        _("The file goes over a limit: {what} is {value}, allowed are {limit}.").format(
            what=what, value=value, limit=limit
        ),
        _("If the file is to be trusted, raise the limit; otherwise leave it out."),
    )


def no_page(number: int) -> BadInput:
    """There is no picture of this page."""
    return BadInput(
        "no-page",
        _("There is no picture of page {number}.").format(number=number),
        _("Look at the file in the program it was made with."),
    )
