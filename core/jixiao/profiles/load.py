"""Finding a profile, putting it together with its parents, and saying every fault it has."""

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from jixiao.errors import BadInput, BadUsage
from jixiao.installed import PROFILES, in_force, wanted
from jixiao.messages import gettext as _
from jixiao.profiles.model import Column, Loaded, Profile, Record
from jixiao.profiles.paths import IDS, covers, leaves
from jixiao.profiles.transform import BACK, OUT, stylesheet
from jixiao.profiles.xsd import schema, xsd

FILE, SCHEMA = "profile.toml", "profile.xsd"
AT = "@"


class Faulty(BadInput):
    """A profile that cannot be used; `faults` are clauses, one a fault."""

    def __init__(self, where: str, faults: list[str]) -> None:
        self.faults = faults
        super().__init__(
            "profile",
            _("The profile {where} cannot be used: {faults}.").format(where=where, faults="; ".join(faults)),
            _("Correct it; `jixiao profiles check` names every fault."),
        )


def folders() -> dict[str, Path]:
    """Every profile that is installed: its mark (name@version) to its folder; later versions later.

    Of two with the same mark that of the plugin that comes first counts.
    """
    found: dict[str, Path] = {}
    for plugin in wanted(PROFILES, in_force()).values():
        for place in plugin.folders():
            for path in place.glob(f"*/*/{FILE}"):
                found.setdefault(f"{path.parent.parent.name}{AT}{path.parent.name}", path.parent)
    return dict(sorted(found.items(), key=lambda item: _order(item[0])))


def _order(mark: str) -> tuple[str, list[int]]:
    name, _at, version = mark.partition(AT)
    return name, [int(part) for part in re.findall(r"\d+", version)]


def locate(wanted: str, beside: Path | None = None) -> Path:
    """The folder of a name (the newest version), of name@version, or at a path. Raises BadUsage for none."""
    known = folders()
    of_name = [mark for mark in known if wanted in (mark, mark.partition(AT)[0])]
    if of_name:
        return known[of_name[-1]]
    path = (beside or Path()) / wanted
    path = path.parent if path.name == FILE else path
    if (path / FILE).is_file():
        return path.resolve()
    raise BadUsage(
        "no-profile",
        _("There is no profile {name}.").format(name=wanted),
        _("Choose one of: {names}.").format(names=", ".join(known)),
    )


@lru_cache(maxsize=32)
def load(wanted: str) -> Loaded:
    """The profile of that name or at that path. Raises BadUsage where there is none, else Faulty."""
    return load_folder(locate(wanted))


def known(mark: str, wanted: str | None = None) -> Loaded:
    """The profile that a file names: the one that is `wanted` where it is that, else an installed one.

    No path is ever taken from a file. Raises BadInput `no-profile`.
    """
    if wanted is not None and (loaded := load(wanted)).profile.mark == mark:
        return loaded
    if mark in folders():
        return load(mark)
    raise BadInput(
        "no-profile",
        _("The file is of the profile {name}, which is not installed.").format(name=mark),
        _("Name its folder with --profile."),
    )


def load_folder(folder: Path) -> Loaded:
    """The profile in a folder. Raises Faulty."""
    try:
        profile = msgspec.convert(_merged(folder, ()), Profile)
    except msgspec.ValidationError as error:
        raise Faulty(str(folder), [str(error)]) from error
    faults = list(_faults(profile))
    tables: list[Path] = []
    lacking: list[Path] = []
    for name, beside in _tables(folder, ()):
        (tables if (beside / name).is_file() else lacking).append(beside / name)
    faults += [_("the code table {name} is missing").format(name=path.name) for path in lacking]
    if faults:
        raise Faulty(str(folder), faults)
    return Loaded(
        profile, _schema(folder, profile), tuple(tables), own_schema=(folder / SCHEMA).is_file(),
        out=_stylesheet(folder, OUT), back=_stylesheet(folder, BACK),
    )  # fmt: skip


def _stylesheet(folder: Path, name: str) -> bytes | None:
    """Raises Faulty where there is one that is none."""
    from lxml import etree

    if not (folder / name).is_file():
        return None
    data = (folder / name).read_bytes()
    try:
        stylesheet(data)
    except (etree.XMLSyntaxError, etree.XSLTParseError) as error:
        fault = _("its {file} is no XSLT stylesheet ({why})").format(file=name, why=error)
        raise Faulty(str(folder), [fault]) from error
    return data


def _schema(folder: Path, profile: Profile) -> bytes:
    """The schema beside the profile, else the one made from it. Raises Faulty where it is no schema."""
    from lxml import etree

    path = folder / SCHEMA
    data = path.read_bytes() if path.is_file() else xsd(profile).encode()
    try:
        schema(data)
    except (etree.XMLSyntaxError, etree.XMLSchemaParseError) as error:
        raise Faulty(
            str(folder), [_("its {file} is no XML Schema ({why})").format(file=SCHEMA, why=error)]
        ) from error
    return data


def _raw(folder: Path) -> dict[str, Any]:
    try:
        return _parsed((folder / FILE).read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise Faulty(
            str(folder), [_("{file} cannot be read ({why})").format(file=FILE, why=error)]
        ) from error


@lru_cache(maxsize=8)
def _parsed(text: str) -> dict[str, Any]:
    """What the TOML says, which nobody changes; kept, since a profile is looked at more than once."""
    return tomllib.loads(text)


def _merged(folder: Path, below: tuple[Path, ...]) -> dict[str, Any]:
    """What the profile says over what its parents say. Raises Faulty for parents in a circle, or none."""
    raw = _raw(folder)
    if (parent := _parent(folder, raw, below)) is None:
        return raw
    return _over(_merged(parent, (*below, folder)), raw)


def _parent(folder: Path, raw: dict[str, Any], below: tuple[Path, ...]) -> Path | None:
    name = raw.get("parent")
    if not isinstance(name, str):
        return None
    try:
        parent = locate(name, folder)
    except BadUsage as error:
        raise Faulty(str(folder), [_("its parent {name} is nowhere").format(name=name)]) from error
    if parent in (*below, folder):
        way = " → ".join(path.name for path in (*below, folder, parent))
        raise Faulty(str(folder), [_("its parents go in a circle: {way}").format(way=way)])
    return parent


def _over(base: dict[str, Any], upper: dict[str, Any]) -> dict[str, Any]:
    """Tables part by part, anything else as the upper has it; records as a whole set."""
    both = dict(base)
    for name, value in upper.items():
        known = base.get(name)
        deep = isinstance(value, dict) and isinstance(known, dict) and name not in ("records", "map")
        both[name] = _over(known, value) if deep and isinstance(known, dict) else value
    return both


def _tables(folder: Path, below: tuple[Path, ...]) -> Iterator[tuple[str, Path]]:
    """The names of code tables with the folder of the profile that names them."""
    raw = _raw(folder)
    parent = _parent(folder, raw, below)
    own = raw.get("codes", {}).get("files")
    if own is None and parent is not None:
        yield from _tables(parent, (*below, folder))
    for name in own or ():
        yield name, folder


def _faults(profile: Profile) -> Iterator[str]:
    """Clauses, one for each thing in the profile that does not fit together."""
    for name, fact in {"": profile.fact, **{n: c.fact for n, c in profile.columns.items()}}.items():
        if fact is not None and fact not in profile.facts:
            yield _("{name} names the fact {fact}, which is not there").format(name=name or "fact", fact=fact)
    for name in (*profile.header, *(n for one in profile.identity for n in one.split("|"))):
        if name not in profile.columns:
            yield _("there is no column {name}").format(name=name)
    for name, column in profile.columns.items():
        yield from _column_faults(profile, name, column)
    for name, record in profile.records.items():
        yield from _record_faults(profile, name, record)
    yield from _loss_faults(profile)


def _column_faults(profile: Profile, name: str, column: Column) -> Iterator[str]:
    for path in filter(None, (column.path, column.printed)):
        if path not in IDS and not any(covers(path, leaf) for leaf in leaves()):
            yield _("{name} is from {path}, which no sheet has").format(name=name, path=path)
    if column.codes is not None and column.codes not in profile.codes.kinds:
        yield _("{name} needs the code table {kind}, which is not there").format(name=name, kind=column.codes)
    if column.width < 1 or column.most_bytes < 1:
        yield _("{name} has no width").format(name=name)
    try:
        re.compile(column.shape or "")
    except re.error as error:
        yield _("the pattern of {name} is none ({why})").format(name=name, why=error)


def _record_faults(profile: Profile, name: str, record: Record) -> Iterator[str]:
    captions: dict[str, str] = {}
    for one in record.columns:
        column = profile.column(name, one)
        if column is None:
            yield _("there is no column {name}").format(name=one)
            continue
        for other in filter(None, (column.parent, column.above, column.expected_with)):
            if other not in record.columns:
                yield _("{name} speaks of {other}, which {record} does not have").format(
                    name=one, other=other, record=name
                )
        if column.caption in captions:
            yield _("{one} and {other} have the same caption").format(one=captions[column.caption], other=one)
        captions[column.caption] = one
        if column.root not in ("sheet", "id", record.each):
            yield _("{name} is from {path}, which {record} does not have").format(
                name=one, path=column.path, record=name
            )


def _loss_faults(profile: Profile) -> Iterator[str]:
    """What a sheet says is written or declared lost."""
    written = {c.path for name in profile.records for c in profile.of(name).values() if c.path}
    for leaf in leaves():
        kept = any(covers(path, leaf) for path in written)
        lost = any(covers(path, leaf) for path in profile.losses)
        if not kept and not lost:
            yield _("{path} is neither written nor named in losses").format(path=leaf)
    for path in (*profile.losses, *profile.grave):
        if not any(covers(path, leaf) for leaf in leaves()):
            yield _("losses names {path}, which no sheet has").format(path=path)
