"""The command `jixiao`, also as `python -m jixiao`."""

import gc
import io
import sys
from typing import NoReturn

from jixiao.errors import Exit

COLLECT = 100_000
"""Objects that are made before cycles are looked for: what a start makes stays."""


def main() -> NoReturn:
    """Run the command line and end the process with its exit status (jixiao.errors.Exit)."""
    gc.set_threshold(COLLECT)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what a console cannot show never ends a run
            stream.reconfigure(errors="backslashreplace")
    try:
        _run(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)
    sys.exit(Exit.OK)


def _run(words: list[str]) -> None:
    """The command; a conversion that is plainly asked for does without what parses all others."""
    from jixiao.cli import plain
    from jixiao.cli.convert import convert

    if words[:1] == ["convert"] and (given := plain.arguments(convert, words[1:])) is not None:
        convert(**given)
        return
    from jixiao.cli.commands import app

    app(prog_name="jixiao")


if __name__ == "__main__":
    main()
