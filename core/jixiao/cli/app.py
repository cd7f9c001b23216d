"""typer over what commands declare of themselves (jixiao.cli.declare)."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Annotated, Any, get_args, get_type_hints

import typer

from jixiao.cli.declare import Declared


class App(typer.Typer):
    """Commands and groups whose parameters are declared, or are typer's own."""

    def command(self, *names: Any, **said: Any) -> Callable[[Any], Any]:
        register = super().command(*names, **said)
        return lambda function: register(_told(function))

    def callback(self, **said: Any) -> Callable[[Any], Any]:
        register = super().callback(**said)
        return lambda function: register(_told(function))


def _told(function: Any) -> Any:
    """The same function under typer's words for what it declares."""
    hints = get_type_hints(function, include_extras=True)
    told = FunctionType(
        function.__code__,
        function.__globals__,
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    told.__annotations__ = {name: _hint(hint) for name, hint in hints.items()}
    told.__doc__, told.__kwdefaults__ = function.__doc__, function.__kwdefaults__
    return told


def _hint(hint: Any) -> Any:
    kind, *about = get_args(hint) or (hint,)
    if not about or not isinstance(about[0], Declared):
        return hint
    names, said = about[0]
    return Annotated[kind, typer.Option(*names, **said) if names else typer.Argument(**said)]
