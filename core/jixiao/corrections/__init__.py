"""What people correct in what was read: kept beside the source, applied whenever it is read.

NAME.EXT.fixes.json holds, for one version of a source (its hash), a log of corrections. Each says who
changed what, when, from what to what; all its changes are made together or none. What can no longer be
found, or reads otherwise than the person saw, is left as it is and a finding says so.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jixiao.corrections.applied import Refused, answered_by, apply, corrected, is_confirmed
    from jixiao.corrections.captions import CAPTIONS, caption, part_caption
    from jixiao.corrections.concern import concerned, fields_of
    from jixiao.corrections.fields import anchor, find, get, index, items, put, spot
    from jixiao.corrections.make import added, change, confirm, correction, now, removed, settled
    from jixiao.corrections.model import (
        TOP,
        Anchor,
        Change,
        Correction,
        Corrections,
        Origin,
        Part,
        Settled,
        Spot,
    )
    from jixiao.corrections.rows import NAMED, ROLES
    from jixiao.corrections.store import (
        ENDING,
        SIGNED,
        Conflict,
        Seen,
        alone,
        beside,
        decode,
        encode,
        fresh,
        is_corrections,
        load,
        revision,
        save,
        seen,
        stored,
    )

__all__ = [
    "CAPTIONS", "ENDING", "NAMED", "ROLES", "SIGNED", "TOP", "Anchor", "Change", "Conflict",
    "Correction", "Corrections", "Origin", "Part", "Refused", "Seen", "Settled", "Spot", "added",
    "alone", "anchor", "answered_by", "apply", "beside", "caption", "change", "concerned", "confirm",
    "corrected", "correction", "decode", "encode", "fields_of", "find", "fresh", "get", "index",
    "is_confirmed", "is_corrections", "items", "load", "now", "part_caption", "put", "removed", "revision",
    "save", "seen", "settled", "spot", "stored",
]  # fmt: skip
PARTS = {
    "applied": "Refused answered_by apply corrected is_confirmed",
    "captions": "CAPTIONS caption part_caption",
    "concern": "concerned fields_of",
    "fields": "anchor find get index items put spot",
    "make": "added change confirm correction now removed settled",
    "model": "TOP Anchor Change Correction Corrections Origin Part Settled Spot",
    "rows": "NAMED ROLES",
    "store": (
        "ENDING SIGNED Conflict Seen alone beside decode encode fresh is_corrections load "
        "revision save seen stored"
    ),
}
"""Where each name is from."""


def __getattr__(name: str) -> object:
    """Each part is drawn in when something of it is needed: hardly any source has corrections beside it."""
    for part, names in PARTS.items():
        if name in names.split():
            found = globals()[name] = getattr(import_module(f"{__name__}.{part}"), name)
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
