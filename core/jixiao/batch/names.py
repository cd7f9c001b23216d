"""Under which name an input's output is written: safe on every system, another for each, and for ever."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import PurePath
from typing import NamedTuple

from jixiao.convert import printable
from jixiao.digest import sha256

# Patterns as text: to compile them costs a start more than it has use for.
SUFFIX = r"[A-Za-z][A-Za-z0-9]{1,5}"  # "1.2版" ends in no file type
LONGEST = 240  # bytes of a name: 255 is what file systems take, less what a number or an ending needs
NOT_IN_NAMES = r'[\x00-\x1f\x7f<>:"|?*\\/\ud800-\udfff\u202a-\u202e\u2066-\u2069]'
DEVICES = r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?"


class Named(NamedTuple):
    """A name that was given in an earlier run: to an input found at `location`, `source` below the inputs.

    Both are printable: where a name is no text, its bytes are escapes in them.
    """

    target: str
    location: str
    source: str


def named(
    inputs: Sequence[tuple[str, PurePath]], extension: str, earlier: Sequence[Named] = ()
) -> list[PurePath]:
    """Output names for the inputs of one folder, each given by its location and its path below the inputs.

    An input keeps the name it had, whatever else has come since; what another once had goes to none.

    >>> new = [("/in/a.pdf", PurePath("a.pdf")), ("/in/a.docx", PurePath("a.docx"))]
    >>> [str(p) for p in named(new, "xml", [Named("a.xml", "/in/a.docx", "a.docx")])]
    ['a.pdf.xml', 'a.xml']
    """
    had: dict[str, list[str]] = defaultdict(list)
    for one in earlier:
        had[one.location].append(one.target)
    often = Counter(one.source for one in earlier)
    moved = {one.source: one.target for one in earlier if often[one.source] == 1}
    twice = Counter(str(relative) for _where, relative in inputs) if earlier else Counter()
    names = distinct([relative for _where, relative in inputs], extension)
    kept: dict[int, PurePath] = {}
    for place, (location, relative) in enumerate(inputs if earlier else ()):
        if targets := had.get(printable(location)):  # several, where names look alike once printable
            target = names[place].as_posix()
            kept[place] = PurePath(targets.pop(targets.index(target) if target in targets else 0))
        elif twice[str(relative)] == 1 and (target := moved.get(printable(relative.as_posix()), "")):
            kept[place] = PurePath(target)
    taken = {key(one.target) for one in earlier}
    for place, name in enumerate(names):
        if place not in kept:
            kept[place] = _free(name, inputs[place][1].name, extension, taken)
            taken.add(key(kept[place]))
    return [kept[place] for place in range(len(inputs))]


def distinct(relatives: Sequence[PurePath], extension: str) -> list[PurePath]:
    """Output names, each another also where the file system does not tell capitals.

    Inputs that differ by their type only keep it in the name; what is equal still is numbered.

    >>> [str(p) for p in distinct([PurePath("a.docx"), PurePath("A.pdf"), PurePath("b/a.pdf")], "json")]
    ['a.docx.json', 'A.pdf.json', 'b/a.json']
    """
    parts = [r.as_posix().rpartition("/") for r in relatives]
    folders = {
        folder: f"{safe_folder(PurePath(folder)).as_posix()}/" for folder in {p[0] for p in parts} if folder
    }
    short = [folders.get(folder, "") + safe(_stem(name), f".{extension}") for folder, _slash, name in parts]
    often = Counter(map(key, short))
    taken = {one for one, times in often.items() if times == 1}
    names: list[PurePath] = []
    for (folder, _slash, of), text in zip(parts, short, strict=True):
        name = PurePath(text)
        if often[key(text)] > 1:
            name = _free(PurePath(folders.get(folder, "") + safe(of, f".{extension}")), of, extension, taken)
            taken.add(key(name))
        names.append(name)
    return names


def _free(name: PurePath, of: str, extension: str, taken: set[str]) -> PurePath:
    """The name or, where it is taken, the next that is not: that of the input `of`, its type and a number."""
    number = 1
    while key(name) in taken:
        name = name.with_name(safe(of, f"-{number}.{extension}" if number > 1 else f".{extension}"))
        number += 1
    return name


def safe(name: str, ending: str = "") -> str:
    """A name that every system takes and shows as it is, with an ending that is kept.

    >>> safe("2022年:目标", ".xml"), safe("CON", ".xml"), len(safe("长" * 200, ".xml").encode()) <= LONGEST
    ('2022年_目标.xml', '_CON.xml', True)
    """
    plain = re.sub(NOT_IN_NAMES, "_", name).strip() or "_"
    if re.fullmatch(DEVICES, plain) or plain.startswith("."):
        plain = f"_{plain}"
    room = LONGEST - len(ending.encode())
    if len(plain.encode()) > room:
        mark = "~" + sha256(name.encode("utf-8", "surrogatepass"))[:8]
        plain = plain.encode()[: room - len(mark)].decode(errors="ignore") + mark
    return plain + ending if ending else plain.rstrip(". ") or "_"


def safe_folder(relative: PurePath) -> PurePath:
    return PurePath(*map(safe, relative.parts))


def stem(path: PurePath) -> str:
    """The name without its file type.

    >>> stem(PurePath("甲.docx")), stem(PurePath("甲1.2版"))
    ('甲', '甲1.2版')
    """
    return _stem(path.name)


def _stem(name: str) -> str:
    before, _dot, suffix = name.rpartition(".")
    return before if before and re.fullmatch(SUFFIX, suffix) else name


def key(path: PurePath | str) -> str:
    """Equal for paths that a file system may take as one."""
    text = path if isinstance(path, str) else path.as_posix()
    return unicodedata.normalize("NFC", text).casefold()
