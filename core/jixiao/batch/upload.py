"""A reading as a file of a profile: its records, what the system would refuse of them, and its bytes."""

import codecs
import io
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from jixiao.codes import Codes, load
from jixiao.convert import Blame
from jixiao.errors import BadInput, BadUsage, JixiaoError
from jixiao.findings import finding
from jixiao.hookspecs import Writer
from jixiao.messages import gettext as _
from jixiao.model import Finding, Sheet
from jixiao.plugins import WRITERS, registry
from jixiao.profiles import Filling, Loaded, Miss, schema, transformed
from jixiao.profiles import load as load_profile
from jixiao.upload import Column, Row, Table, Upload, UploadWriter
from jixiao.wish import Wish

XML = "application/xml"
ENCODINGS = ("UTF-8", "GB18030")
PART = 65536
"""Bytes that are checked at a time."""


class Uploader:
    """Writes sheets as one file of a profile, as they come; `errors` counts what stands in its way.

    `findings` holds, after the writing, every finding with its sheet's number from 1; `missing` the names
    without codes. With `keep` False only their number is kept.
    """

    def __init__(self, wish: Wish, *, keep: bool = True) -> None:
        assert wish.profile is not None
        self.loaded, self.wish, self.keep = load_profile(wish.profile), wish, keep
        self.codes = codes_of((*map(str, self.loaded.tables), *wish.codes))
        self.encoding = _encoding(wish.encoding or self.loaded.profile.encoding)
        _require_columns(self.loaded, wish)
        self.filling = Filling(self.loaded, self.codes, dict(wish.values))
        self.findings: list[tuple[int, Finding]] = []
        self.missing: dict[Miss, None] = {}
        self.errors = self.sheets = 0

    def rows(self, sheets: Iterable[Sheet]) -> Iterator[Row]:
        for sheet in sheets:
            self.sheets += 1
            filled = self.filling.sheet(sheet)
            self.errors += sum(f.severity == "error" for f in filled.findings)
            self.missing |= dict.fromkeys(filled.missing)
            if self.keep:
                self.findings += ((self.sheets, f) for f in filled.findings)
            yield from filled.rows

    def write(self, sheets: Iterable[Sheet], to: str, out: BinaryIO) -> None:
        """The file to `out`, which can be read back. Raises BadUsage where `to` cannot hold records."""
        writer = _writer(to)
        if not isinstance(writer, UploadWriter):
            raise _no_upload(to)
        is_xml = writer.MEDIA_TYPE == XML
        turned = self.loaded.out if is_xml else None
        plain = io.BytesIO() if turned else out
        rows = self.rows(sheets)
        try:
            with Blame(f"{WRITERS}/{to}"):
                writer.write_upload(self._upload(rows), plain)
        except JixiaoError:
            if self.wish.draft or not self.errors:
                raise
            for _row in rows:  # the file will not be written, and the findings say why: those of the rest too
                pass
        if turned and not (self.errors and not self.wish.draft):
            plain.seek(0)
            out.write(transformed(turned, plain.read(), self.encoding))
        if is_xml and not self.errors:
            self._refuse(out if self.loaded.own_schema else plain)

    def _refuse(self, made: BinaryIO) -> None:
        """Say what the schema refuses: one of the profile's own is of the file, else of the records."""
        if why := refused(self.loaded, made):
            self.errors += 1
            self.findings.append((1, finding("schema-refused", text=why)))

    def _upload(self, rows: Iterable[Row]) -> Upload:
        profile = self.loaded.profile
        shell = profile.envelope
        heading = {name: text for name, text in self.wish.values if name in profile.header}
        return Upload(
            mark=profile.mark, namespace=shell.namespace, root=shell.root, header=shell.header,
            data=shell.data, edit_type=shell.edit_type, encoding=self.encoding, draft=self.wish.draft,
            verified=all(fact.verified for fact in profile.facts.values()),
            notes=tuple(_notes(self.loaded, self.wish)),
            heading=heading, tables=_tables(self.loaded, self.codes), codes=_listed(self.codes), rows=rows,
        )  # fmt: skip


@lru_cache(maxsize=8)
def _tables(loaded: Loaded, codes: Codes) -> tuple[Table, ...]:
    """The profile's tables with the choices that the code tables leave, made once in a process."""

    def choices(kind: str | None, gives: str) -> tuple[str, ...]:
        return tuple(e.code if gives == "code" else e.name for e in (codes.of(kind) if kind else ()))

    return tuple(
        Table(
            name,
            loaded.profile.records[name].caption,
            tuple(
                Column(n, c.caption, c.required, choices(c.codes, c.gives), c.width)
                for n, c in columns.items()
            ),
        )
        for name, columns in loaded.records.items()
    )


@lru_cache(maxsize=8)
def _listed(codes: Codes) -> tuple[tuple[str, str, str], ...]:
    """Every code with its kind and name, made once in a process."""
    return tuple((e.kind, e.code, e.name) for kind in sorted(codes.kinds) for e in codes.of(kind))


def holds_records(to: str) -> bool:
    """Whether the format can hold a profile's records; any other is written as without a profile.

    Raises PluginError where there is no such writer.
    """
    return isinstance(_writer(to), UploadWriter)


def _writer(to: str) -> Writer:
    with Blame(f"{WRITERS}/{to}"):
        return registry().writer(to)


def _no_upload(to: str) -> BadUsage:
    names = ", ".join(filter(holds_records, registry().names(WRITERS)))
    return BadUsage(
        "no-upload",
        _("The format {name} cannot hold a profile's records.").format(name=to),
        _("Choose one of: {names}.").format(names=names),
    )


def withheld() -> str:
    """What is said where errors kept the file from being written."""
    return _(
        "Nothing was written, since the finance system would refuse it. "
        "Settle the errors, or write a draft with --draft."
    )


class _Nowhere:
    """Takes what a parser reads, and keeps nothing of it."""

    def close(self) -> None:
        pass


def refused(loaded: Loaded, out: BinaryIO) -> str | None:
    """Why the profile's schema refuses the file, None where it does not; no tree is made of it."""
    from lxml import etree

    nowhere: Any = _Nowhere()
    parser = etree.XMLParser(
        target=nowhere, schema=schema(loaded.xsd), resolve_entities=False, no_network=True
    )

    def faults() -> list[str]:
        return [said.message for said in parser.feed_error_log.filter_from_errors()]

    out.seek(0)
    try:
        while not faults() and (part := out.read(PART)):
            parser.feed(part)
        if not faults():
            parser.close()
    except etree.XMLSyntaxError as error:
        return str(error)
    finally:
        out.seek(0)
    return next(iter(faults()), None)


def _notes(loaded: Loaded, wish: Wish) -> Iterator[str]:
    """What a person who opens the file should know, whatever their language."""
    profile = loaded.profile
    yield f"jixiao profile {profile.mark}: {profile.title}"
    for name, fact in profile.facts.items():
        state = "verified" if fact.verified else "UNVERIFIED 未经核实"
        yield f"{state}: {name}: {fact.source}"
    if wish.draft:
        yield "DRAFT 草稿: not validated, not for upload"


@lru_cache(maxsize=8)
def codes_of(files: tuple[str, ...]) -> Codes:
    """The code tables in files and folders, read once in a process. Raises BadInput as jixiao.codes.load."""
    return load(path for name in files for path in expanded(name))


def expanded(name: str) -> list[Path]:
    """The file, or the code tables in a folder."""
    path = Path(name)
    return sorted(p for p in path.iterdir() if p.suffix in (".csv", ".xlsx")) if path.is_dir() else [path]


def _encoding(name: str) -> str:
    for known in ENCODINGS:
        try:
            if codecs.lookup(name).name == codecs.lookup(known).name:
                return known
        except LookupError:
            continue
    raise BadUsage(
        "bad-encoding",
        _("The encoding {name} is not offered.").format(name=name),
        _("Choose one of: {names}.").format(names=", ".join(ENCODINGS)),
    )


def _require_columns(loaded: Loaded, wish: Wish) -> None:
    known = {name for columns in loaded.records.values() for name in columns} | set(loaded.profile.header)
    for name, _text in wish.values:
        if name not in known:
            raise BadUsage(
                "bad-set",
                _("The profile {profile} has no column {name}.").format(
                    profile=loaded.profile.mark, name=name
                ),
                _("Choose one of: {names}.").format(names=", ".join(sorted(known))),
            )


def require(wish: Wish, to: str) -> None:
    """Raises BadUsage for what is wrong whatever the inputs: format, profile, tables, settings."""
    if wish.profile is None:
        return
    if not holds_records(to):
        raise _no_upload(to)
    try:
        Uploader(wish)
    except BadInput as error:
        raise BadUsage(error.code, error.what, error.do) from error
