"""How a command says what it takes, in words that draw in nothing: typer is a fifth of a small file's time.

`Annotated[type, option(...)]` is to jixiao.cli.app, which hands it to typer, what it is to jixiao.cli.plain.
"""

from typing import Any, NamedTuple


class Declared(NamedTuple):
    """An option by its names, or an argument, which has none; `said` is what typer is told of it."""

    names: tuple[str, ...]
    said: dict[str, Any]


def option(*names: str, **said: Any) -> Declared:
    return Declared(names, said)


def argument(**said: Any) -> Declared:
    return Declared((), said)
