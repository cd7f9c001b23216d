"""Number formats: what a spreadsheet program shows."""

import csv
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from jixiao_readers._spreadsheet.numfmt import display, display_text
from jixiao_readers._spreadsheet.numfmt_code import BUILTIN, Unsupported
from jixiao_readers._spreadsheet.numfmt_general import general

NUMBERS = [
    # General: 11 characters, no binary noise
    ("0.30000000000000004", "General", "0.3"),
    ("0.28999999999999998", "General", "0.29"),
    ("12345678901", "General", "12345678901"),
    ("123456789012", "General", "1.23457E+11"),
    ("12345678901234567890", "General", "1.23457E+19"),
    ("-1234567.890123", "General", "-1234567.89"),
    ("0.1234567890123", "General", "0.123456789"),
    ("0.00012345678", "General", "0.000123457"),
    ("0.00001", "General", "0.00001"),
    ("1.2345678E-5", "General", "1.23457E-05"),
    ("1E5", "General", "100000"),
    ("-0", "General", "0"),
    ("99999999999.9", "General", "1E+11"),
    # digits
    ("1", "0%", "100%"),
    ("0.005", "0%", "1%"),
    ("0.98500000000000001", "0.00%", "98.50%"),
    ("12", '0"次"', "12次"),
    ("12", "0次", "12次"),
    ("12", 'General"次"', "12次"),
    ("12.5", 'G/通用格式"人"', "12.5人"),
    ("2.5", "0", "3"),
    ("-2.5", "0", "-3"),
    ("1.005", "0.00", "1.01"),
    ("2.675", "0.00", "2.68"),
    ("51000021", "000000000000", "000051000021"),
    ("7", "000000", "000007"),
    ("1234567.891", "#,##0.00", "1,234,567.89"),
    ("999.999", "#,##0.00", "1,000.00"),
    ("12", "#,##0", "12"),
    ("7", "0,000", "0,007"),
    ("0", "#,###", ""),
    ("5", "0.##", "5."),
    ("0.5", "#.##", ".5"),
    ("1234567", "#,##0,", "1,235"),
    ("12345", '0!.0,"万"', "1.2万"),
    ("12345", '0\\.0,"万"', "1.2万"),
    ("12345", '0"."0000"万"', "1.2345万"),
    ("13912345678", "000-0000-0000", "139-1234-5678"),
    ("5", '"无"', "无"),
    ("5", "[$¥-804]#,##0.00", "¥5.00"),
    ("5", "[$USD] 0", "USD 5"),
    ("5", "[红色]0;[Blue]-0", "5"),
    ("5", "[颜色 10]0", "5"),
    ("5", "@", "5"),
    ("-5.50", "@", "-5.5"),
    ("1E21", "0", "1000000000000000000000"),
    # sections and conditions
    ("3", "0;-0;零", "3"),
    ("-3", "#,##0_);[Red](#,##0)", "(3)"),
    ("3", "#,##0_);[Red](#,##0)", "3"),
    ("0", "0;-0;零", "零"),
    ("-3", '0;"负"0;零', "负3"),
    ("0", "0;-0;;@", ""),
    ("5", ";;;", ""),
    ("-5", "0.0;@", "-5.0"),
    ("150", '[>=100]"大"0;"小"0', "大150"),
    ("50", '[>=100]"大"0;"小"0', "小50"),
    ("1", '[=1]"是";[=0]"否"', "是"),
    ("0", '[=1]"是";[=0]"否"', "否"),
    ("-5", "[<0]0;0", "5"),
    ("-5", "[>=0]0;(0)", "(5)"),
    ("-0.001", "0.00", "-0.00"),
    # ledger
    ("1234.5", BUILTIN[43], "1,234.50"),
    ("-1234.5", BUILTIN[44], "¥ -1,234.50"),
    ("0", BUILTIN[41], "-"),
    ("-1234.5", BUILTIN[7], "¥-1,234.50"),
    # powers of ten, fractions
    ("12345.678", "0.00E+00", "1.23E+04"),
    ("9.999", "0.00E+00", "1.00E+01"),
    ("0", "0.00E+00", "0.00E+00"),
    ("0.00123", "0.0E-0", "1.2E-3"),
    ("12345.678", "##0.0E+0", "12.3E+3"),
    ("5.25", "# ?/?", "5 1/4"),
    ("0.5", "# ?/?", "1/2"),
    ("5", "# ?/?", "5"),
    ("0.99", "# ?/?", "1"),
    ("0.5", "# ?/8", "4/8"),
    ("1.5", "?/?", "3/2"),
    ("-1.5", "# ?/?", "-1 1/2"),
    ("3.14159", "# ??/??", "3 14/99"),
]

DATES = [
    ("44927", 'yyyy"年"m"月"d"日"', "2023年1月1日"),
    ("44927", 'yyyy"年"m"月"d"日";@', "2023年1月1日"),
    ("44927.75", BUILTIN[14], "2023/1/1"),
    ("44927.75", BUILTIN[22], "2023/1/1 18:00"),
    ("44927", BUILTIN[15], "1-Jan-23"),
    ("44927", BUILTIN[17], "Jan-23"),
    ("44927", BUILTIN[27], "2023年1月"),
    ("44927", BUILTIN[28], "1月1日"),
    ("44927", BUILTIN[30], "1-1-23"),
    ("44927", BUILTIN[31], "2023年1月1日"),
    ("44927.5", BUILTIN[32], "12时00分"),
    ("44927.75", BUILTIN[34], "下午6时00分"),
    ("44927", BUILTIN[57], "2023年1月"),
    ("44927", BUILTIN[58], "1月1日"),
    ("0.75", "h:mm AM/PM", "6:00 PM"),
    ("0", "h:mm AM/PM", "12:00 AM"),
    ("0.25", "[$-804]AM/PM h:mm", "上午 6:00"),
    ("1.5", "[h]:mm:ss", "36:00:00"),
    ("0.5", BUILTIN[45], "00:00"),
    ("0.000011574074074074073", BUILTIN[47], "00:01.0"),
    ("44927.123456", "h:mm:ss.000", "2:57:46.598"),
    ("0.41666666666666663", "h:mm", "10:00"),
    ("44927.999999", "yyyy-mm-dd hh:mm:ss", "2023-01-02 00:00:00"),
    ("44927", "[$-804]mmmm dddd", "一月 星期日"),
    ("44927", "aaaa", "星期日"),
    ("44927", "[$-F800]dddd, mmmm dd, yyyy", "2023年1月1日"),
    ("60", "yyyy/m/d", "1900/2/29"),
    ("59", "yyyy/m/d", "1900/2/28"),
    ("61", "yyyy/m/d", "1900/3/1"),
    ("1", "yyyy/m/d", "1900/1/1"),
    ("44927", "yyyy.mm.dd", "2023.01.01"),
    ("44927", "e/m/d", "2023/1/1"),
]


@pytest.mark.parametrize(("stored", "code", "shown"), NUMBERS + DATES)
def test_a_number_shows_as_in_a_spreadsheet(stored: str, code: str, shown: str) -> None:
    assert display(stored, code) == shown


@pytest.mark.parametrize(
    ("text", "code", "shown"),
    [
        ("甲", "General", "甲"),
        ("甲", "0.00", "甲"),
        ("甲", "@", "甲"),
        (" 甲 ", "_ @_ ", " 甲 "),
        ("甲", '0;-0;0;"（"@"）"', "（甲）"),
        ("甲", ";;;", ""),
        ("甲", '"第"@', "第甲"),
        ("甲", "0;-0;0", "甲"),
    ],
)
def test_a_text_shows_through_its_section(text: str, code: str, shown: str) -> None:
    assert display_text(text, code) == shown


def test_the_1904_calendar() -> None:
    assert display("0", "yyyy/m/d", date1904=True) == "1904/1/1"
    assert display("43465", "yyyy/m/d", date1904=True) == "2023/1/1"


@pytest.mark.parametrize(
    ("stored", "code"),
    [
        ("5", "[DBNum2]General"),
        ("5", "[$-30804]0"),
        ("5", "*00"),
        ("5", "0 kg"),
        ("5", "[?]0"),
        ("-1", "yyyy/m/d"),
        ("1E9", "yyyy/m/d"),
        ("44927", "[$-40C]mmmm"),
        ("44927", "[$-804]ddd"),
        ("75", "[>100]0;[<50]0"),
        ("-9", "[<-5]0;0"),
        ("x", "0"),
        ("NaN", "0"),
        ("1E400", "0"),
    ],
)
def test_what_cannot_be_shown_is_refused(stored: str, code: str) -> None:
    with pytest.raises(Unsupported):
        display(stored, code)


finite = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**14), max_value=10**14, places=4)


@settings(max_examples=100, deadline=None)
@given(finite)
def test_fixed_digits_are_the_number_rounded(value: Decimal) -> None:
    shown = Decimal(display(str(value), "#,##0.0").replace(",", ""))
    assert abs(shown - value) <= Decimal("0.051") + abs(value).scaleb(-14)


@settings(max_examples=100, deadline=None)
@given(finite)
def test_general_is_short_and_near(value: Decimal) -> None:
    shown = general(value)
    assert len(shown.lstrip("-")) <= 11
    assert abs(Decimal(shown) - value) <= abs(value) * Decimal("0.00001")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='0#?.,%;@"\\_*[]$-ymdhsE+/年万AP!e', max_size=16), finite)
def test_any_code_gives_a_text_or_a_refusal(code: str, value: Decimal) -> None:
    try:
        assert isinstance(display(str(value), code), str)
        assert isinstance(display_text("甲", code), str)
    except Unsupported:
        pass


WITNESSED = [
    (v, c, s)
    for v, c, s in NUMBERS + DATES
    if c.count("[") == 0 and "G/" not in c and "General" not in c and s and "!" not in c and "aaaa" not in c
    and "上午" not in c and not c.startswith("e/") and "E" not in v and v not in ("60", "59", "1", "0")
]  # fmt: skip


# Here spreadsheet programs differ: Excel keeps the point and the sign, LibreOffice drops them.
DIFFERING = {("5", "0.##"), ("-0.001", "0.00")}


@pytest.mark.slow
@pytest.mark.needs("soffice")
def test_libreoffice_shows_the_same(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "formats.xlsx")
    sheet = book.add_worksheet()
    for row, (stored, code, _) in enumerate(WITNESSED):
        sheet.write_number(row, 0, float(stored), book.add_format({"num_format": code}))
    book.close()
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to",
         "csv:Text - txt - csv (StarCalc):44,34,76,1", "--outdir", str(tmp_path),
         str(tmp_path / "formats.xlsx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    with (tmp_path / "formats.csv").open(encoding="utf-8") as lines:
        theirs = [row[0] if row else "" for row in csv.reader(lines)]
    differing = [
        (stored, code, shown, their)
        for (stored, code, shown), their in zip(WITNESSED, theirs, strict=True)
        if (stored, code) not in DIFFERING and "".join(shown.split()) != "".join(their.split())
    ]
    assert differing == []
