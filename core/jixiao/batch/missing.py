"""Which codes a batch still needs."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

import msgspec

from jixiao.batch.upload import Uploader
from jixiao.codes import COLUMNS
from jixiao.convert import Blame, read_file
from jixiao.errors import BadUsage, JixiaoError
from jixiao.profiles import Miss
from jixiao.wish import Wish, for_input

DEFAULT = "pm-perf"


def lacking(sources: Iterable[Path], wish: Wish) -> tuple[list[Miss], list[tuple[Path, JixiaoError]]]:
    """The names without a code, each once, in the order of their kinds; and the inputs that failed.

    Raises BadUsage where a profile, a setting or a code table is wrong: no input can be looked at then.
    """
    found: dict[Miss, None] = {}
    failed: list[tuple[Path, JixiaoError]] = []
    for source in sources:
        here = for_input(source, wish)
        here = msgspec.structs.replace(here, profile=here.profile or DEFAULT)
        try:
            uploader = Uploader(here, keep=False)
            with Blame("jixiao"):
                reading = read_file(source, profile=here.profile)
                for _row in uploader.rows(reading.sheets):
                    pass
        except BadUsage:
            raise
        except JixiaoError as error:
            failed.append((source, error))
            continue
        found |= uploader.missing
    return sorted(found), failed


def table(found: Iterable[Miss]) -> bytes:
    """A code table to fill in, with the mark by which spreadsheets know UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows((miss.kind, "", miss.name, "", miss.parent) for miss in found)
    return text.getvalue().encode("utf-8-sig")
