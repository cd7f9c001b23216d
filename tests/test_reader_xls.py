"""The XLS reader: the same of an old workbook as of the new one that says the same."""

import io
import struct
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter
import xlwt
from compound_writer import compound
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jixiao.document import Document, Grid, Line
from jixiao.errors import BadInput
from jixiao.head import Head
from jixiao.limits import Limits
from jixiao_readers.xls import XlsReader
from jixiao_readers.xlsx import XlsxReader
from span_grids import bare, span_grids, workbook

LEGACY = Path(__file__).parent.parent / "fixtures" / "legacy"
FORMATS = ["General", "0%", "0.00", '0"次"', "#,##0.00", "@", "yyyy/m/d", "0.0E+00", ";;;", '"≥"0"%"']
NUMBERS = st.integers(-(10**12), 10**12).map(lambda n: n / 1000) | st.integers(0, 60000)


def read(data: bytes, **limits: int) -> Document:
    return XlsReader().read(data, Limits(**limits))


def saved(book: xlwt.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def old(grid: Grid) -> bytes:
    """The grid as xlwt writes it, a merge as a merge."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("表")
    for cell in grid.cells:
        last = cell.row + cell.rowspan - 1, cell.col + cell.colspan - 1
        if (cell.row, cell.col) == last:
            sheet.write(cell.row, cell.col, cell.text or None)
        else:
            sheet.write_merge(cell.row, last[0], cell.col, last[1], cell.text)
    return saved(book)


def codes(document: Document) -> list[tuple[str, str | None]]:
    return [(f.code, f.text) for f in document.findings]


def texts(document: Document) -> list[str]:
    return [c.text for g in document.grids() for c in g.cells if c.text]


@given(span_grids())
@settings(max_examples=60, deadline=None)
def test_a_grid_with_merged_cells_comes_back(tried: Grid) -> None:
    inside = XlsxReader().read(workbook(tried), Limits())
    assert [bare(g) for g in read(old(tried)).grids()] == [bare(g) for g in inside.grids()]


@given(st.lists(st.tuples(NUMBERS, st.sampled_from(FORMATS)), min_size=1, max_size=8), st.booleans())
@settings(max_examples=60, deadline=None)
def test_numbers_show_as_in_a_new_workbook(values: list[tuple[float, str]], since1904: bool) -> None:
    before = xlwt.Workbook()
    before.dates_1904 = since1904
    left = before.add_sheet("a")
    out = io.BytesIO()
    after = xlsxwriter.Workbook(out, {"date_1904": since1904})
    right = after.add_worksheet("a")
    for row, (value, code) in enumerate(values):
        left.write(row, 0, value, xlwt.easyxf(num_format_str=code))
        right.write_number(row, 0, value, after.add_format({"num_format": code}))
        for sheet in (left, right):
            sheet.write(row, 1, "·")
    after.close()
    old, new = read(saved(before)), XlsxReader().read(out.getvalue(), Limits())
    assert texts(old) == texts(new)
    assert [code for code, _ in codes(old)] == [code for code, _ in codes(new)]


def test_a_percentage_a_count_and_a_date_are_read_as_shown() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    for row, (value, code) in enumerate([(1, "0%"), (12, '0"次"'), (datetime(2022, 3, 1), 'yyyy"年"m"月"')]):
        sheet.write(row, 0, value, xlwt.easyxf(num_format_str=code))
    assert texts(read(saved(book))) == ["100%", "12次", "2022年3月"]


def test_what_is_hidden_is_left_out_and_said() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("目标")
    for row in range(4):
        for column in range(3):
            sheet.write(row, column, f"{row}{column}")
    sheet.row(1).hidden = True
    sheet.row(1).height_mismatch = True
    sheet.col(2).hidden = True
    book.add_sheet("码表").write(0, 0, "x")
    book.get_sheet(1).visibility = 1
    document = read(saved(book))
    assert texts(document) == ["00", "01", "20", "21", "30", "31"]
    assert sorted(codes(document)) == [
        ("hidden-left-out", "目标!2:2"), ("hidden-left-out", "目标!C:C"), ("hidden-left-out", "码表"),
    ]  # fmt: skip


def test_places_are_those_of_the_worksheet() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    sheet.write(4, 1, "甲")
    (cell,) = next(read(saved(book)).grids()).cells
    assert cell.place is not None
    assert (cell.place.table, cell.place.row) == (1, 5)


@pytest.mark.slow
@pytest.mark.needs("soffice")
def test_formulas_comments_boxes_heads_and_feet(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "book.xlsx")
    sheet = book.add_worksheet("目标")
    sheet.write_number(0, 0, 0.5)
    sheet.write_formula(1, 0, "=A1*2", book.add_format({"num_format": "0%"}), 1)
    sheet.write_formula(2, 0, "=1/0", None, "#DIV/0!")
    sheet.write_comment(0, 0, "批注一")
    sheet.insert_textbox(8, 2, "文本框二")
    sheet.set_header("&L附件3&R第&P页")
    sheet.set_footer("&C制表：虚构")
    book.close()
    profile = (tmp_path / "profile").as_uri()
    run = ["soffice", "--headless", f"-env:UserInstallation={profile}", "--convert-to", "xls", "--outdir"]
    subprocess.run([*run, tmp_path, tmp_path / "book.xlsx"], check=True, capture_output=True, timeout=120)
    document = read((tmp_path / "book.xls").read_bytes())
    assert texts(document) == ["0.5", "100%", "#DIV/0!"]
    said = [b.text for s in document.sections for b in s.blocks if isinstance(b, Line)]
    assert said == ["附件3", "批注一", "文本框二", "制表：虚构"]


def test_an_old_workbook_without_a_code_page_is_taken_as_chinese() -> None:
    data = biff5("数量指标".encode("gb18030"))
    assert XlsReader().sniff(Head(data))
    assert texts(read(data)) == ["数量指标", "done"]
    assert texts(read(compound({"Book": data}))) == ["数量指标", "done"]


def biff5(text: bytes, extra: bytes = b"") -> bytes:
    """The records of a BIFF 5 workbook with a text and a formula's; `extra` stands in its globals."""
    font = record(0x31, struct.pack("<HHHHHBBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0, 1) + b"A")
    globals_ = record(0x809, struct.pack("<HHHH", 0x500, 5, 0, 0)) + extra + font * 4
    globals_ += record(0xE0, struct.pack("<HH12x", 0, 0))
    sheet = record(0x809, struct.pack("<HHHH", 0x500, 0x10, 0, 0))
    sheet += record(0x204, struct.pack("<HHHH", 0, 0, 0, len(text)) + text)
    shown = b"done"
    sheet += record(0x06, struct.pack("<HHH6xHHIHB", 1, 0, 0, 0xFFFF, 0, 0, 1, 0x16))
    sheet += record(0x207, struct.pack("<H", len(shown)) + shown) + record(0x0A, b"")
    at = len(globals_) + 12 + 4
    named = record(0x85, struct.pack("<IBBB", at, 0, 0, 1) + b"a")
    return globals_ + named + record(0x0A, b"") + sheet


def record(code: int, body: bytes) -> bytes:
    return struct.pack("<HH", code, len(body)) + body


def test_what_stands_behind_zeros_in_a_workbook_is_seen_before_the_library_reads_it() -> None:
    name = record(0x18, struct.pack("<HBBHHHBBBB", 0, 0, 1, 4, 0, 0, 0, 0, 0, 0) + b"a" + bytes(4))
    assert texts(read(biff5(b"a", bytes(8) + name))) == ["a", "done"]
    assert failure(biff5(b"a", bytes(8)), cells=1) == "limit-cells"


def test_one_worksheet_under_two_names_is_refused() -> None:
    data = biff5(b"a", record(0x85, struct.pack("<IBBB", 0, 0, 0, 1) + b"b"))
    at = data.rindex(struct.pack("<HH", 0x85, 8)) + 4
    first = data.index(struct.pack("<HH", 0x85, 8)) + 4
    assert failure(data[:first] + data[at : at + 4] + data[first + 4 :]) == "damaged-file"


def test_a_merge_that_ends_before_it_begins_is_none() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a", cell_overwrite_ok=True)
    sheet.merge(3, 5, 0, 2)
    sheet.write(5, 0, "甲")
    sheet.write(5, 1, "乙")
    merge = struct.pack("<4H", 3, 5, 0, 2)
    data = saved(book)
    assert data.count(merge) == 1
    assert texts(read(data.replace(merge, struct.pack("<4H", 5, 3, 0, 2)))) == ["甲", "乙"]


def failure(data: bytes, **limits: int) -> str:
    with pytest.raises(BadInput) as caught:
        read(data, **limits)
    return caught.value.code


def test_a_password_damage_and_limits_are_told() -> None:
    locked = biff5(b"a", record(0x2F, bytes(6)))
    assert failure(compound({"Book": locked})) == "encrypted"
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    for row in range(50):
        sheet.write(row, 0, "甲")
    sound = saved(book)
    assert failure(sound, cells=49) == "limit-cells"
    assert failure(sound[:1000]) == "damaged-file"
    assert failure(compound({"Workbook": b"?"})) == "damaged-file"


@given(st.integers(512, 9000), st.binary(min_size=1, max_size=30))
@settings(max_examples=100, deadline=None)
def test_damage_is_a_bad_input_or_a_document(at: int, noise: bytes) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    sheet.write_merge(0, 3, 0, 2, "甲", xlwt.easyxf(num_format_str="0%"))
    sheet.write(5, 1, 2.5)
    data = saved(book)
    try:
        read(data[:at] + noise + data[at + len(noise) :])
    except BadInput as error:
        assert error.code in ("damaged-file", "encrypted", "limit-cells")


@given(st.binary(min_size=11, max_size=11))
@example(bytes(11))
@settings(max_examples=30, deadline=None)
def test_what_a_defined_name_means_changes_nothing(formula: bytes) -> None:
    """xlrd works out the formula of every name, and gives up where it does not know a token."""
    whole = (LEGACY / "two.xls").read_bytes()
    first = b";\0\0\0\0\x11\0\0\0\x04\0"  # the print area of the first sheet: A1 to E18
    assert whole.count(first) == 2
    assert read(whole.replace(first, formula)) == read(whole)
