"""Tables without rules whose merged cells are set in the middle of their rows."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jixiao.geometry import Char, Table, page_layout

PITCH, SIZE, TOP = 14.0, 10.0, 100.0


def words(text: str, x: float, middle: float) -> list[Char]:
    return [
        Char(c, x + n * SIZE, middle - SIZE / 2, x + (n + 1) * SIZE, middle + SIZE / 2, SIZE)
        for n, c in enumerate(text)
    ]


def table(chars: list[Char]) -> list[list[str]]:
    page = page_layout(chars, [], number=1, width=595, height=842, most=10_000)
    (found,) = [b.grid for b in page.blocks if isinstance(b, Table)]
    return [[c.text for c in row] for row in found.by_row()]


def drawn(runs: list[int], pitch: float = PITCH) -> list[Char]:
    """A head, then labels that stand for so many rows each, in the middle of them."""
    chars = words("一级", 50, TOP) + words("三级", 150, TOP) + words("值", 300, TOP)
    row = 1
    for n, count in enumerate(runs):
        chars += words(f"层{n}", 50, TOP + (row + (count - 1) / 2) * pitch)
        for _ in range(count):
            chars += words(f"第{row}项", 150, TOP + row * pitch) + words(f"{row}", 300, TOP + row * pitch)
            row += 1
    return chars


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=6), st.sampled_from([11.0, 14.0, 20.0]))
def test_a_label_stands_at_the_first_of_its_rows(runs: list[int], pitch: float) -> None:
    assume(sum(runs) >= 3)
    assume(any(count % 2 == 0 for count in runs))  # otherwise no label stands between rows
    rows = table(drawn(runs, pitch))
    firsts = [1 + sum(runs[:n]) for n in range(len(runs))]
    want = {first: f"层{n}" for n, first in enumerate(firsts)}
    assert rows[0] == ["一级", "三级", "值"]
    assert rows[1:] == [[want.get(r, ""), f"第{r}项", str(r)] for r in range(1, 1 + sum(runs))]


def test_labels_at_the_top_of_their_rows_stay_where_they_are() -> None:
    third = TOP + 2 * PITCH
    chars = [c for c in drawn([1, 1, 1, 1]) if c.x0 > 100 or abs((c.top + c.bottom) / 2 - third) > 1]
    assert [row[0] for row in table(chars)] == ["一级", "层0", "", "层2", "层3"]


def test_where_it_does_not_come_out_even_no_row_is_put_together() -> None:
    chars = drawn([2, 2]) + words("第5项", 150, TOP + 5 * PITCH) + words("5", 300, TOP + 5 * PITCH)
    rows = table(chars)
    assert [row[1:] for row in rows[1:]] == [[f"第{n}项", str(n)] for n in range(1, 6)]
