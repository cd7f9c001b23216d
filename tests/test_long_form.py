"""A form of 66 indicators that no page holds: printed from each drawn format it reads the same."""

from pathlib import Path

import msgspec
import pytest
from clerk import FIXTURES, header, read_rows
from jixiao.convert import read, write
from jixiao.model import Reading, Term
from printing import by_chromium, by_libreoffice

SIX = FIXTURES / "six" / "sheets.txt"
ORDER = ("数量", "质量", "时效", "成本", "经济", "社会", "生态", "可持续", "服务对象")


@pytest.fixture(scope="module")
def long() -> Reading:
    """All indicators of the six sheets as those of one, level by level."""
    six = read(SIX.read_bytes())
    rows = [i for s in six.sheets for i in s.indicators]
    rows.sort(
        key=lambda i: next(n for n, word in enumerate(ORDER) if i.level2 and word in (i.level2.term or ""))
    )
    above: tuple[str | None, ...] = ()
    for n, row in enumerate(rows):
        terms = tuple(t.term if t else None for t in (row.level1, row.level2))
        level1 = Term(term=terms[0], text=terms[0] if terms[:1] != above[:1] else None)
        level2 = Term(term=terms[1], text=terms[1] if terms != above else None)
        rows[n] = msgspec.structs.replace(row, level1=level1, level2=level2)
        above = terms
    sheet = msgspec.structs.replace(six.sheets[0], indicators=tuple(rows), findings=())
    return Reading(sheets=(sheet,))


def assert_same(back: Reading, long: Reading) -> None:
    assert read_rows(back) == read_rows(long)
    assert header(back.sheets[0]) == header(long.sheets[0])
    assert [f.code for f in back.sheets[0].findings if f.severity != "info"] == ["value-missing"] * 4


@pytest.mark.parametrize("to", ["docx", "html", "xlsx"])
def test_drawn(long: Reading, to: str) -> None:
    assert_same(read(write(long, to)), long)


@pytest.mark.slow
@pytest.mark.needs("soffice")
@pytest.mark.parametrize("to", ["docx", "xlsx"])
def test_printed_by_libreoffice(long: Reading, to: str, tmp_path: Path) -> None:
    assert_same(read(by_libreoffice(write(long, to), to, tmp_path)), long)


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_printed_by_chromium(long: Reading, tmp_path: Path) -> None:
    """On no more pages than its rows fill: a merged cell holds no rows together."""
    made = by_chromium(write(long, "html"), tmp_path)
    back = read(made)
    assert_same(back, long)
    assert {i.place.page for i in back.sheets[0].indicators if i.place} == {1, 2, 3}
