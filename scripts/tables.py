"""Writes the tables in the documents anew from the code: python scripts/tables.py [--check]

A table stands between `<!-- table: NAME -->` and `<!-- end -->`. With --check nothing is written, and the
status is 1 where one is not as the code says.
"""

import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path

from jixiao import hookspecs
from jixiao.batch.failures import FAILURES, LIMIT
from jixiao.document import Cell, Document, Filler, Grid, GridError, Line, Section, grid
from jixiao.errors import BadInput, encrypted, over_limit, truncated
from jixiao.findings import FINDINGS
from jixiao.head import Head
from jixiao.hookspecs import LOSSES as WHAT_IS_LOST
from jixiao.limits import Limits, meanings
from jixiao.model import Finding, Place
from jixiao.plugins import HOOKS, KINDS, READERS, WRITERS, registry

ROOT = Path(__file__).resolve().parent.parent
TABLE = re.compile(r"(?P<begin><!-- table: (?P<name>[\w-]+) -->\n).*?(?P<end><!-- end -->)", re.S)
LOSSES = {
    "source": "文件名与摘要",
    "findings": "提示",
    "place": "在原文件中的位置",
    "confidence": "把握程度",
}


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table in Markdown."""
    head = list(head)
    lines = [head, ["---"] * len(head), *(list(row) for row in rows)]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def formats(lost: Callable[[str], str], nothing: str, no: str) -> Iterable[list[str]]:
    """A row a format: its name, whether it is read, whether it is written, what a written file lacks."""
    found = registry()
    readers, writers = found.names(READERS), found.names(WRITERS)
    for name in [*writers, *(r for r in readers if r not in writers)]:
        losses = [lost(part) for part in found.writer(name).LOSSES] if name in writers else None
        lacks = "—" if losses is None else ", ".join(losses) or nothing
        read = " ".join(found.reader(name).EXTENSIONS) if name in readers else no
        yield [f"`{name}`", read, found.writer(name).EXTENSION if name in writers else no, lacks]


def english_formats() -> str:
    return table(["format", "read", "written as", "a written file lacks"], formats(str, "nothing", "no"))


def chinese_formats() -> str:
    head = ["格式", "读", "写", "写出的文件里没有"]
    return table(head, formats(lambda part: LOSSES.get(part, part), "无", "不支持"))


def findings() -> str:
    rows = ([f"`{code}`", rule.severity, rule.message.replace("|", "\\|")] for code, rule in FINDINGS.items())
    return table(["code", "severity", "message"], rows)


def hooks() -> str:
    """Every hook with the class that it returns, as hookspecs.py says it."""
    parts = [f"{inspect.cleandoc(hookspecs.__doc__ or '')}\n"]
    parts.append(f"### every class\n\n{inspect.getdoc(hookspecs.Plugin)}\n")
    for group, hook in HOOKS.items():
        kind = getattr(hookspecs, KINDS[group].title())
        parts.append(f"### {KINDS[group]}: `{hook}`\n\n{inspect.getdoc(getattr(hookspecs.Hooks, hook))}\n")
        parts += [f"{inspect.getdoc(kind)}\n", *described(kind)]
    parts.append(f"### a reader that shows its pages\n\n{inspect.getdoc(hookspecs.PageReader)}\n")
    parts += described(hookspecs.PageReader)
    parts.append(f"### a reader that gives its sections\n\n{inspect.getdoc(hookspecs.SectionReader)}\n")
    parts += described(hookspecs.SectionReader)
    return "\n".join(parts)


def model() -> str:
    """What a reader is given and gives, by module, as the classes say it."""
    kinds = [Document, Section, Line, Grid, Cell, grid, GridError, Filler, Place, Finding, Head, Limits]
    parts: list[str] = []
    for one in [*kinds, BadInput, over_limit, truncated, encrypted]:
        if (module := f"#### {one.__module__}\n") not in parts:
            parts.append(module)
        plain = one is Filler or one is GridError
        parts.append(f"`{one.__name__}{'' if plain else signature(one)}`\n\n{inspect.getdoc(one)}\n")
        parts += described(one, of=f"{one.__name__}.") if isinstance(one, type) else ()
    return "\n".join(parts)


def described(kind: type, of: str = "") -> Iterator[str]:
    """What each public method of a class says of itself; `of` stands before its name."""
    for name, method in vars(kind).items():
        if name.startswith("_"):
            continue
        if inspect.isfunction(method):
            yield f"`{of}{name}{signature(method)}`\n\n{inspect.getdoc(method)}\n"
        elif isinstance(method, cached_property):
            gives = bare(inspect.signature(method.func).return_annotation)
            yield f"`{of}{name}: {gives}`\n\n{inspect.getdoc(method)}\n"


def signature(method: Callable[..., object]) -> str:
    """Without the modules that types stand in, and without `-> None` of what makes an object."""
    return bare(inspect.signature(method)).removesuffix(" -> None" if isinstance(method, type) else "")


def bare(said: object) -> str:
    return re.sub(r"\b(?:[a-z_]\w*\.)+(\w+)", r"\1", str(said))


def losses() -> str:
    return table(
        ["LOSSES", "what a written file lacks"], ([f"`{n}`", said] for n, said in WHAT_IS_LOST.items())
    )


def failures() -> str:
    rows = (
        [f"`{code}`", one.meaning.format(name=code.removeprefix(LIMIT)), "yes" if one.again else ""]
        for code, one in FAILURES.items()
    )
    return table(["code", "what it means", "tried again"], rows)


def limits() -> str:
    rows = ([f"`{name}`", said, f"{getattr(Limits(), name):,}"] for name, said in meanings().items())
    return table(["limit", "what it counts", "default"], rows)


TABLES = {"formats": english_formats, "formats-zh": chinese_formats, "findings": findings}
TABLES |= {"failures": failures, "limits": limits}
TABLES |= {"hooks": hooks, "losses": losses, "model": model}


def documents() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


def current(text: str) -> str:
    """The document with its tables as the code says."""
    return TABLE.sub(lambda m: f"{m['begin']}\n{TABLES[m['name']]()}\n{m['end']}", text)


def main(check: bool) -> int:
    stale = 0
    for path in documents():
        text = path.read_text("utf-8")
        made = current(text)
        if made != text:
            stale = 1
            print(path.relative_to(ROOT), "is stale" if check else "was written", file=sys.stderr)
            if not check:
                path.write_text(made, "utf-8", newline="\n")
    return stale if check else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
