"""The six published sheets: 66 indicators and 66 header fields, through every format and back."""

import subprocess
from pathlib import Path

import pytest
from clerk import FIXTURES, header, read_rows, rows, told, truth, wanted_header
from jixiao.convert import read, write
from jixiao.model import Reading, content

SIX = FIXTURES / "six" / "sheets.txt"
WANT = truth(FIXTURES / "six" / "sheets.truth.json")
HEADER = [
    "title",
    "year",
    "project",
    "department",
    "agency",
    "attribute",
    "period",
    "funds.total",
    "funds.fiscal",
    "funds.other",
    "goal",
]


@pytest.fixture(scope="module")
def six() -> Reading:
    return read(SIX.read_bytes(), SIX.name)


def assert_all_66(reading: Reading) -> None:
    """Every indicator and every header field, as the clerk reads them."""
    assert read_rows(reading) == rows(WANT)
    fields = [
        (n, wanted_header(w)[n], header(s).get(n, ""))
        for w, s in zip(WANT["sheets"], reading.sheets, strict=True)
        for n in HEADER
    ]
    assert len(fields) == 66
    assert [f for f in fields if f[1] != f[2]] == []


def test_every_indicator_and_field_is_exact(six: Reading) -> None:
    assert_all_66(six)


def test_findings_name_the_damaged_rows_and_no_others(six: Reading) -> None:
    for sheet, want in zip(six.sheets, WANT["sheets"], strict=True):
        assert told(sheet) == {k for k, row in enumerate(want["indicators"]) if row["flags"]}


def test_lost_values_stay_lost(six: Reading) -> None:
    lost = {f.text for s in six.sheets for f in s.findings if f.code == "value-missing"}
    assert lost == {"网络故障发生次数", "维护社会稳定", "符合法律相关规定", "信访工作及时性"}


@pytest.mark.parametrize("to", ["docx", "html", "xlsx"])
def test_a_drawn_form_reads_the_same(six: Reading, to: str) -> None:
    back = read(write(six, to))
    assert_all_66(back)
    assert [content(s) for s in back.sheets] == [content(s) for s in six.sheets]


@pytest.mark.parametrize("to", ["json", "xml"])
def test_the_canonical_formats_keep_everything(six: Reading, to: str) -> None:
    assert read(write(six, to)) == six


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_the_encoding_makes_no_difference(six: Reading, encoding: str) -> None:
    text = SIX.read_text(encoding="utf-8")
    for lines in (text, text.replace("\n", "\r\n")):
        assert read(lines.encode(encoding)).sheets == six.sheets


@pytest.mark.slow
@pytest.mark.needs("soffice")
@pytest.mark.parametrize("to", ["docx", "xlsx"])
def test_printed_by_libreoffice(six: Reading, to: str, tmp_path: Path) -> None:
    made = by_libreoffice(six, to, "pdf", tmp_path)
    assert_all_66(read(made.read_bytes()))


@pytest.mark.slow
@pytest.mark.needs("soffice")
@pytest.mark.parametrize("to", ["docx", "xlsx"])
def test_saved_anew_by_libreoffice(six: Reading, to: str, tmp_path: Path) -> None:
    (tmp_path / "anew").mkdir()
    made = by_libreoffice(six, to, to, tmp_path, tmp_path / "anew")
    assert_all_66(read(made.read_bytes()))


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_printed_by_chromium(six: Reading, tmp_path: Path) -> None:
    source, made = tmp_path / "six.html", tmp_path / "six.pdf"
    source.write_bytes(write(six, "html"))
    switches = [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
        "--disable-background-networking", "--disable-component-update", "--no-pdf-header-footer",
    ]  # fmt: skip
    run = ["chromium", *switches, f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={made}"]
    subprocess.run([*run, source.as_uri()], check=True, capture_output=True, timeout=120)
    assert_all_66(read(made.read_bytes()))


def by_libreoffice(six: Reading, to: str, then: str, folder: Path, out: Path | None = None) -> Path:
    source = folder / f"six.{to}"
    source.write_bytes(write(six, to))
    profile = (folder / "profile").as_uri()
    run = ["soffice", "--headless", f"-env:UserInstallation={profile}", "--convert-to", then]
    subprocess.run(
        [*run, "--outdir", str(out or folder), str(source)], check=True, capture_output=True, timeout=120
    )
    return (out or folder) / f"six.{then}"
