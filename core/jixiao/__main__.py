"""The command `jixiao`, also as `python -m jixiao`."""

import atexit
import gc
import io
import os
import sys
from typing import NoReturn

from jixiao.errors import Exit

COLLECT = 100_000
"""Objects that are made before cycles are looked for: what a start makes stays."""


def main() -> NoReturn:
    """Run the command line and end the process with its exit status (jixiao.errors.Exit)."""
    status = command(sys.argv[1:])
    threads = sys.modules.get("threading")
    if threads is not None and threads.active_count() > 1:
        sys.exit(status)
    # An interpreter that ends takes itself apart object by object, for a sixth of a small file's time.
    atexit._run_exitfuncs()
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    except OSError:
        sys.exit(status)
    os._exit(status)


def command(words: list[str]) -> int:
    """Run the command line. Its exit status; a SystemExit that has words instead goes through."""
    gc.set_threshold(COLLECT)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what a console cannot show never ends a run
            stream.reconfigure(errors="backslashreplace")
    try:
        _run(words)
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except SystemExit as end:
        if isinstance(end.code, str):
            raise
        return end.code or Exit.OK
    return Exit.OK


def _run(words: list[str]) -> None:
    """A conversion that is plainly asked for does without what takes all other command lines apart."""
    from jixiao.cli import plain
    from jixiao.cli.convert import convert

    if words[:1] == ["convert"] and (given := plain.arguments(convert, words[1:])) is not None:
        convert(**given)
        return
    from jixiao.cli.commands import app

    app(words, prog_name="jixiao")


if __name__ == "__main__":
    main()
