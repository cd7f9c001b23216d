"""Code tables: what is read from them, and the one sentence that is said where they cannot be used."""

from pathlib import Path

import pytest
import xlsxwriter
from jixiao.codes import Codes, Entry, load
from jixiao.errors import BadInput

HEAD = "kind,code,name,alias,parent\n"
ROWS = HEAD + "agency,001,某局,老局|旧局,\n"


def table(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "codes.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_is_read_whatever_its_encoding(tmp_path: Path, encoding: str) -> None:
    codes = load([table(tmp_path, ROWS, encoding)])
    for name in ("某局", " 某 局", "老局", "旧局"):
        assert [e.code for e in codes.named("agency", name)] == ["001"]
    assert codes.named("agency", "某") == codes.named("project", "某局") == []


def test_a_workbook_is_read_as_a_table(tmp_path: Path) -> None:
    path = tmp_path / "codes.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate(ROWS.splitlines()):
            for col, text in enumerate(cells.split(",")):
                sheet.write_string(row, col, text)
    assert [e.code for e in load([path]).named("agency", "旧局")] == ["001"]


def test_a_row_that_nobody_has_filled_in_is_no_code(tmp_path: Path) -> None:
    assert not load([table(tmp_path, HEAD + "agency,,某局,,\n# a note\n")]).entries


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ROWS + "agency,002,某 局,,\n", "codes.csv:3 cannot be used: 某 局 has two codes, 001 and 002"),
        (ROWS + "agency,001,别局,,\n", "codes.csv:3 cannot be used: code 001 stands for both 某局 and 别局"),
        (
            ROWS + 'agency,002,"=CONCAT(1,2)",,\n',
            "codes.csv:3 cannot be used: the cell of name holds a formula",
        ),
        (HEAD + "division,1,甲,,2\ndivision,2,乙,,1\n", "the parents go in a circle: 1 → 2 → 1"),
        (HEAD + "division,1,甲,,1\n", "the parents go in a circle: 1 → 1"),
        ("kind,name\n", "its first row names no column code"),
        (ROWS + "agency,1,,,\n", "codes.csv:3 cannot be used: the row has no kind or no name"),
        ("", "it holds no rows"),
    ],
)
def test_each_fault_is_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        load([table(tmp_path, text)])
    assert caught.value.code == "code-table" and said in caught.value.what


def test_a_formula_in_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "codes.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD.strip().split(","))
        sheet.write_row(1, 0, ["agency", "001", "某局"])
        sheet.write_formula(2, 1, '="0"&"02"', None, "")
        sheet.write_row(2, 2, ["别局"])
        sheet.write_string(2, 0, "agency")
    with pytest.raises(BadInput, match="formula"):
        load([path])


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    path.write_bytes(b"kind,code,name\n\xff\xff,1,2\n")
    with pytest.raises(BadInput, match="neither UTF-8 nor GB18030"):
        load([path])


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"none\.csv cannot be used"):
        load([tmp_path / "none.csv"])


def test_equal_names_under_different_parents_are_kept_apart() -> None:
    entries = [Entry(kind="level2", code=c, name="成本指标", parent=c[0]) for c in ("14", "41")]
    assert [e.code for e in Codes(entries).named("level2", "成本指标")] == ["14", "41"]
