"""jixiao explain"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jixiao.cli import say
from jixiao.cli.plugged import NoPlugin, Options, plug
from jixiao.errors import BadUsage, Exit, JixiaoError
from jixiao.messages import gettext as _

if TYPE_CHECKING:
    from rich.table import Table

    from jixiao.interpret import Explained
    from jixiao.interpret.align import Placed
    from jixiao.interpret.table import Record
    from jixiao.model import Finding, Sheet

Files = Annotated[list[Path], typer.Argument(metavar="FILE", help=_("The files to explain."))]
From = Annotated[
    str | None,
    typer.Option("--from", metavar="FORMAT", help=_("The format to read; else the content tells.")),
]
STYLES = {"error": "bold red", "warning": "yellow", "info": "dim"}
WIDE = 240  # columns where no terminal says how many


def explain(files: Files, reader: From = None, no_plugin: NoPlugin = None, options: Options = None) -> None:
    """Show each sheet as a table: what every cell was taken for, what else it could be, the findings."""
    from rich.console import Console

    from jixiao.convert import explained, unreadable
    from jixiao.corrections import load

    with say.ending(BadUsage, Exit.USAGE):
        plug(no_plugin, options)
    console = Console(highlight=False, soft_wrap=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=WIDE)
    status = Exit.OK
    for file in files:
        try:
            data = file.read_bytes()
        except OSError as error:
            say.line(str(file), str(unreadable(error)))
            status = Exit.FAILED
            continue
        try:
            sheets = explained(data, file.name, reader=reader, fixes=load(file).corrections)
        except JixiaoError as error:
            say.line(str(file), str(error))
            status = Exit.FAILED
            continue
        if not sheets:
            say.line(
                str(file), _("No budget-performance sheet was found. Check that this is the right file.")
            )
            status = Exit.FAILED
        for number, one in enumerate(sheets, 1):
            console.print(_table(one, number))
    raise typer.Exit(status)


def _table(one: Explained, number: int) -> Table:
    """One row an indicator: its cells with their roles and runners-up, its confidence, its findings."""
    from rich.box import ASCII2
    from rich.table import Table

    table = Table(
        title=_title(one.sheet, number), title_justify="left", box=ASCII2, show_lines=True, title_style="bold"
    )
    for head in (_("No."), _("Levels"), _("Cells: text → read as (or else)"), _("Sure"), _("Findings")):
        table.add_column(head, overflow="fold")
    for k, (indicator, record) in enumerate(zip(one.sheet.indicators, one.records, strict=True)):
        levels = [t.term or t.text or "" for t in (indicator.level1, indicator.level2) if t]
        cells = "\n".join(_cell(p, record) for p in record.placed)
        said = [f for f in one.sheet.findings if f.indicator == k]
        table.add_row(str(k + 1), " / ".join(levels), cells, f"{indicator.confidence:.2f}", _said(said))
    loose = [f for f in one.sheet.findings if f.indicator is None]
    if loose or one.sheet.unplaced:
        table.add_row("", "", "\n".join(map(_plain, one.sheet.unplaced)), "", _said(loose))
    return table


def _title(sheet: Sheet, number: int) -> str:
    project = sheet.project.name if sheet.project else None
    return _plain("  ".join(filter(None, (f"{number}.", sheet.title, project, f"[{sheet.kind}]"))))


def _cell(placed: Placed, record: Record) -> str:
    slot = record.slots[placed.slot]
    role = slot.text or slot.role
    other = record.slots[placed.runner_up] if placed.runner_up >= 0 else None
    near = other is not None and placed.runner_up != placed.slot and placed.margin < 8
    text = f"{placed.token.text} → {role}"
    if near and other is not None:
        text += f" ({other.text or other.role}, {placed.margin:.1f})"
    return _plain(text) if placed.home else f"[yellow]{_plain(text)}[/]"


def _said(findings: list[Finding]) -> str:
    return "\n".join(f"[{STYLES[f.severity]}]{_plain(f.message)}[/]" for f in findings)


def _plain(text: str) -> str:
    """The text with nothing in it taken for a style."""
    from rich.markup import escape

    return escape(say.one_line(text))
