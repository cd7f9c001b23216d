"""The shape of the house: who may import whom, how long a file may be, what no file may say."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PLUGINS = {path.parent: path.name for path in sorted((ROOT / "plugins").glob("*/jixiao_*"))}
SOURCES = {ROOT / "core": "jixiao", **PLUGINS}
FILES = {
    ".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__"): path
    for folder, package in SOURCES.items()
    for path in sorted((folder / package).rglob("*.py"))
}

# From the ground up; a part of jixiao imports only what stands in a line below its own.
LAYERS = (
    ("alarms", "compound", "digest", "markup", "messages", "points", "text", "workbook"),
    ("errors", "head", "model"),
    ("installed", "storage"),
    ("wordlists",),
    ("vocabulary",),
    ("document", "findings", "limits", "output", "values", "wish"),
    ("archive", "diff", "geometry", "hookspecs", "interpret", "layout", "schema", "upload"),
    ("plugins",),
    ("codes", "corrections"),
    ("passes",),
    ("profiles",),
    ("convert", "pictures"),
    ("batch", "testkit"),
    ("authoring", "review"),
    ("cli",),
    ("__main__",),
)
RANK = {f"jixiao.{part}": rank for rank, parts in enumerate(LAYERS) for part in parts}
# What the core gives to those who know formats: nothing that knows indicators.
FOR_PLUGINS = {
    f"jixiao.{part}"
    for part in (
        "archive",
        "compound",
        "document",
        "errors",
        "findings",
        "geometry",
        "head",
        "hookspecs",
        "limits",
        "markup",
        "workbook",
    )
} | {"jixiao.messages", "jixiao.model", "jixiao.schema", "jixiao.upload"}

FORMATS = ("jixiao_readers", "jixiao_writers")
LONGEST = 400
REGISTRIES = re.compile(r"pypi\.(org|python)|python" r"hosted|npm" r"js\.|debian" r"\.(org|net)", re.I)
MACHINE = re.compile(r"(?<![\w.])/(work|root|home/\w+)/|/tmp/\w+")
TEXTS = {".py", ".md", ".toml", ".txt", ".in", ".json", ".xsd", ".po", ".j2", ""}
IGNORED = {".git", ".venv", "out", "build", "dist", "__pycache__"}


def imports(path: Path, *, at_start: bool) -> Iterator[str]:
    """The modules of the project that a file imports; `at_start`: those drawn in when it is imported."""
    nodes: list[ast.AST] = [ast.parse(path.read_text("utf-8"))]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            nodes += node.orelse
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and at_start:
            continue
        if isinstance(node, ast.Import):
            yield from (known for name in node.names if (known := nearest(name.name)))
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: imports are written in full"
            yield from (k for name in node.names if (k := nearest(f"{node.module}.{name.name}")))
        nodes += ast.iter_child_nodes(node)


def nearest(name: str) -> str | None:
    """The module that a dotted name is or stands in."""
    while name and name not in FILES:
        name = name.rpartition(".")[0]
    return name or None


def part(module: str) -> str:
    """The first two steps of a module's name: what the layers speak of."""
    return ".".join(module.split(".")[:2])


@pytest.mark.parametrize("module", [m for m in FILES if m.startswith("jixiao.")])
def test_the_core_imports_downwards_and_no_plugin(module: str) -> None:
    for used in imports(FILES[module], at_start=False):
        assert used.split(".")[0] not in PLUGINS.values(), f"{module} knows a plugin: {used}"
        if used != "jixiao" and part(used) != part(module):
            assert RANK[part(used)] < RANK[part(module)], f"{module} imports {used}, which is not below it"


@pytest.mark.parametrize("module", [m for m in FILES if m.split(".")[0] in FORMATS])
def test_readers_and_writers_know_nothing_of_indicators(module: str) -> None:
    own = module.split(".")[0]
    for used in imports(FILES[module], at_start=False):
        known = used == "jixiao" or part(used) in FOR_PLUGINS or used.split(".")[0] == own
        assert known, f"{module} imports {used}"


def test_no_module_draws_in_itself() -> None:
    drawn = {module: set(imports(path, at_start=True)) - {module} for module, path in FILES.items()}
    done: set[str] = set()

    def visit(module: str, way: tuple[str, ...]) -> None:
        assert module not in way, "a cycle: " + " -> ".join((*way, module))
        if module not in done:
            for used in sorted(drawn[module]):
                visit(used, (*way, module))
            done.add(module)

    for module in drawn:
        visit(module, ())


@pytest.mark.parametrize("folder", ["core", "plugins", "scripts"])
def test_no_file_is_too_long(folder: str) -> None:
    lengths = {p: len(p.read_text("utf-8").splitlines()) for p in (ROOT / folder).rglob("*.py")}
    assert {p: n for p, n in lengths.items() if n > LONGEST} == {}


def test_every_part_has_its_place_in_the_layers() -> None:
    assert {part(module) for module in FILES if module.startswith("jixiao.")} == RANK.keys()


def test_no_file_names_a_registry_or_this_machine() -> None:
    for path in texts():
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
            told = f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
            assert not REGISTRIES.search(line), told
            assert not MACHINE.search(line), told


def texts() -> Iterator[Path]:
    """The files of the project that people write or read."""
    for path in sorted(ROOT.rglob("*")):
        hidden = IGNORED.intersection(path.relative_to(ROOT).parts) or "_cache" in str(path)
        if not hidden and path.is_file() and path.suffix in TEXTS and ".hypothesis" not in path.parts:
            yield path
