"""The model of a file of corrections, in its order of keys."""

from typing import Literal

from jixiao.model import Place, Struct

FORMAT: Literal["jixiao-corrections"] = "jixiao-corrections"
VERSION: Literal[1] = 1

Part = Literal["indicators", "goals", "lines", "fields", "columns"]
"""A list in a sheet: its indicators, goals, lines of funds, header pairs, heads of the indicator table."""
Row = Literal["added", "removed"]
TOP = -1
"""The index of an anchor that stands for the place above the first item."""


class Anchor(Struct):
    """Which item of a list: its name as read; where several have it, its place, then its index from 0.

    The name of a sheet is its project's, else its title; of an indicator its own; of a head its role; of
    another item its label.
    """

    name: str | None = None
    place: Place | None = None
    index: int = 0


class Spot(Struct):
    part: Part
    item: Anchor


class Change(Struct, kw_only=True):
    """One field of the sheet (`at` None) or of an item: `before` as read, `after` as it should be.

    `field` is a key of the canonical JSON, with the key of an inner one behind a point: value, level1,
    project, values.农户, amounts.budget. Texts are as printed: the parts of a value follow from its text.

    `row` added: a new item below the one that `at` names (index -1: above the first); `field` is what items
    of the part are called by, `after` the new one's name. An indicator is added under the levels of the one
    above. `row` removed: the item goes; `before` is all that it says.
    """

    at: Spot | None = None
    row: Row | None = None
    field: str
    before: str | None = None
    after: str | None = None


class Settled(Struct, kw_only=True):
    """A finding that the correction answers, by its code, text, `before` and place.

    `read` is what the whole indicator said when the person looked: another reading is doubted anew.
    """

    at: Spot | None = None
    code: str
    text: str | None = None
    before: str | None = None
    place: Place | None = None
    read: str | None = None


class Correction(Struct, kw_only=True):
    """What one person did at one time to one sheet. A change to what it was is a confirmation.

    `sheet` None: an answer to findings about the document. `when` is ISO 8601 with its offset. A cell moved
    to another column or row is two changes.
    """

    sheet: Anchor | None = None
    changes: tuple[Change, ...] = ()
    settles: tuple[Settled, ...] = ()
    who: str
    when: str


class Origin(Struct, kw_only=True):
    """The source as it was: its file name and the SHA-256 of its bytes."""

    name: str | None = None
    sha256: str


class Corrections(Struct, kw_only=True):
    """The corrections of one source, in the order in which they were made."""

    format: Literal["jixiao-corrections"] = FORMAT
    version: Literal[1] = VERSION
    source: Origin
    corrections: tuple[Correction, ...] = ()
