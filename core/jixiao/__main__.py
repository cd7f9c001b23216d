"""The command `jixiao`, also as `python -m jixiao`."""

import io
import sys
from typing import NoReturn

from jixiao.errors import Exit


def main() -> NoReturn:
    """Run the command line and end the process with its exit status (jixiao.errors.Exit)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what a console cannot show never ends a run
            stream.reconfigure(errors="backslashreplace")
    try:
        from jixiao.cli import app

        app(prog_name="jixiao")
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)
    sys.exit(Exit.OK)


if __name__ == "__main__":
    main()
