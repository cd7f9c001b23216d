"""A distribution with a plugin to begin with: it works and passes its tests as it is made."""

import re
from pathlib import Path
from string import Template

from jixiao import __version__, output
from jixiao.errors import BadUsage
from jixiao.installed import CHECKS, KINDS, PROFILES, READERS, VOCABULARY, WRITERS
from jixiao.messages import gettext as _

TEMPLATES = Path(__file__).with_name("templates")
GROUPS = {KINDS[group]: group for group in (READERS, WRITERS, CHECKS, PROFILES, VOCABULARY)}
NAME = re.compile(r"[a-z][a-z0-9_]*")
PARENT = "pm-perf"


def scaffold(kind: str, name: str, into: Path) -> Path:
    """Make the folder jixiao-NAME. Raises BadUsage for a kind or name that cannot be, or a folder that is."""
    folder = into / f"jixiao-{name}"
    if kind not in GROUPS:
        raise BadUsage(
            "no-kind",
            _("There is no kind of plugin {kind} to begin with.").format(kind=kind),
            _("Choose one of: {names}.").format(names=", ".join(GROUPS)),
        )
    if not NAME.fullmatch(name):
        raise BadUsage(
            "bad-name",
            _("{name} cannot be the name of a plugin.").format(name=name),
            _("Use small letters, digits and _, with a letter first."),
        )
    if folder.exists():
        raise BadUsage(
            "there-already", _("{path} is there already.").format(path=folder), _("Choose another name.")
        )
    for path, text in _files(kind, name).items():
        output.write(folder / path, text.encode(), parents=True)
    return folder


def _files(kind: str, name: str) -> dict[str, str]:
    """Each file of the distribution by its path."""
    package = f"jixiao_{name}"
    words = {
        "name": name, "kind": kind, "group": GROUPS[kind], "package": package, "version": __version__,
        "camel": "".join(part.title() for part in name.split("_")), "slug": name.replace("_", ""),
    }  # fmt: skip

    def filled(template: str) -> str:
        return Template((TEMPLATES / f"{template}.in").read_text("utf-8")).substitute(words)

    files = {
        "pyproject.toml": filled("pyproject.toml"),
        "README.md": filled("README.md"),
        f"{package}/__init__.py": filled(f"{kind}.py"),
        f"tests/test_{name}.py": filled(f"test_{kind}.py"),
    }
    if kind == "vocabulary":
        files[f"{package}/vocabulary.json"] = filled("vocabulary.json")
    if kind == "profile":
        files[f"{package}/{name}/1.0/profile.toml"] = _profile(name)
    return files


def _profile(name: str) -> str:
    from jixiao.profiles.scaffold import text

    return text(name, PARENT)
