"""Sign-offs: NAME.EXT.signed.json beside the source says who found which sheet right, when, and what it said.

A sign-off holds as long as the sheet says the same: its fingerprint is kept with it.
"""

import hashlib
from pathlib import Path
from typing import Literal

import msgspec

from jixiao import output
from jixiao.corrections import SIGNED, Anchor, alone, anchor, find, index
from jixiao.corrections import beside as file_beside
from jixiao.errors import BadInput
from jixiao.messages import gettext as _
from jixiao.model import Sheet, Struct, content

FORMAT: Literal["jixiao-signed"] = "jixiao-signed"
VERSION: Literal[1] = 1
State = Literal["open", "signed", "changed"]


class Signature(Struct, kw_only=True):
    """`fingerprint` is of what the sheet said; `left` how many findings were still open then."""

    sheet: Anchor
    who: str
    when: str
    fingerprint: str
    left: int = 0


class Signed(Struct, kw_only=True):
    """The sign-offs of one source, one a sheet."""

    format: Literal["jixiao-signed"] = FORMAT
    version: Literal[1] = VERSION
    name: str
    signatures: tuple[Signature, ...] = ()


def beside(source: Path) -> Path:
    return file_beside(source, SIGNED)


def load(source: Path) -> Signed:
    """The sign-offs beside a source; none where there is no file. Raises BadInput `damaged-corrections`."""
    try:
        return msgspec.json.decode(beside(source).read_bytes(), type=Signed)
    except FileNotFoundError:
        return Signed(name=source.name)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput(
            "damaged-corrections",
            _("The sign-offs in {path} cannot be read ({reason}).").format(path=beside(source), reason=error),
            _("Put the file right, or move it away and sign off again."),
        ) from error


def fingerprint(sheet: Sheet) -> str:
    """Equal for sheets that say the same; as a SHA-256."""
    return hashlib.sha256(msgspec.json.encode(content(sheet))).hexdigest()


States = dict[int, tuple[State, Signature]]


def state(
    signed: Signed,
    sheets: tuple[Sheet, ...],
    *,
    stale: bool = False,
    before: tuple[tuple[Sheet, ...], States] = ((), {}),
) -> States:
    """By index of the sheet: its sign-off and whether it still holds; of a `stale` source none does.

    `before` are the sheets and what was found of them the last time: those that are the same are not looked
    at again.
    """
    found: States = {}
    named = index(sheets) if signed.signatures else {}
    for one in signed.signatures:
        at = find(one.sheet, sheets, named)
        if at is None:
            continue
        was = before[1].get(at)
        if was and was[1] == one and not stale and before[0][at] is sheets[at]:
            found[at] = was
        else:
            same = not stale and fingerprint(sheets[at]) == one.fingerprint
            found[at] = ("signed" if same else "changed", one)
    return found


def sign(source: Path, sheets: tuple[Sheet, ...], number: int, who: str, when: str, left: int) -> None:
    """Put a sign-off in place of the sheet's earlier one. Raises BadOutput where it cannot be written."""
    new = Signature(
        sheet=anchor(sheets, number), who=who, when=when, fingerprint=fingerprint(sheets[number]), left=left
    )
    _put(source, sheets, number, new)


def withdraw(source: Path, sheets: tuple[Sheet, ...], number: int) -> None:
    _put(source, sheets, number, None)


def _put(source: Path, sheets: tuple[Sheet, ...], number: int, new: Signature | None) -> None:
    with alone(source.parent):
        signed = load(source)
        kept = [s for s in signed.signatures if find(s.sheet, sheets) != number]
        made = msgspec.structs.replace(signed, signatures=(*kept, *([new] if new else [])))
        data = msgspec.json.format(msgspec.json.encode(made), indent=1)
        output.write(beside(source), data + b"\n", force=True)
