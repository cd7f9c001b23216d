"""Old Office, WPS, ODF files through LibreOffice: told by content, none waited for forever.

A stand-in plays LibreOffice where only the handling of it is tested.
"""

import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from clerk import FIXTURES, read_rows, rows, truth
from compound_writer import compound
from jixiao.convert import read, write
from jixiao.document import Document
from jixiao.errors import BadInput, JixiaoError
from jixiao.head import Head
from jixiao.limits import Limits
from jixiao_readers._office import find
from jixiao_readers._office.converter import Converter
from jixiao_readers.office import OfficeReader

SIX = FIXTURES / "six" / "sheets.txt"
STAND_IN = """#!/bin/sh
echo $$ >> {folder}/pids
case "$*" in
*--convert-to*)
  while [ "$1" != --outdir ]; do shift; done
  if grep -q HANG "$3"; then sleep 600; fi
  if grep -q FAIL "$3"; then exit 0; fi
  mkdir -p "$2" && cp {folder}/made.docx "$2/document.docx" ;;
*)
  for last; do :; done
  touch "$(dirname "$last")/.~lock.kept.fodt#"
  sleep 600 ;;
esac
"""


TABLE = 'xmlns:t="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
ROW = '<t:table-row t:number-rows-repeated="1048576">'
CELL = '<t:table-cell t:number-columns-repeated="20000000000">'


def odf(kind: str, **parts: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        for name, data in {"content.xml": "<a/>", **parts}.items():
            archive.writestr(name, data)
    return out.getvalue()


def doc(body: bytes = b"", flags: int = 0) -> bytes:
    return compound({"WordDocument": bytes(10) + flags.to_bytes(2, "little") + body})


@pytest.mark.parametrize(
    "data", [doc(), b"{\\rtf1 a}", odf("text"), odf("spreadsheet"), odf("text-template")]
)
def test_content_tells_the_format(data: bytes) -> None:
    assert OfficeReader().sniff(Head(data, "a.txt"))


@pytest.mark.parametrize("data", [compound({"Workbook": b"x"}), b"PK\3\4", b"text", b"MZ" + bytes(200)])
def test_other_content_is_none_of_its(data: bytes) -> None:
    assert not OfficeReader().sniff(Head(data, "a.doc"))


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Converter]:
    """A converter whose LibreOffice is the stand-in."""
    command = tmp_path / "soffice"
    command.write_text(STAND_IN.format(folder=tmp_path))
    command.chmod(0o755)
    (tmp_path / "made.docx").write_bytes(write(read(SIX.read_bytes()), "docx"))
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    made = Converter()
    yield made
    made.stop()


def alive(folder: Path) -> list[int]:
    found = []
    for pid in map(int, (folder / "pids").read_text().split()):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            continue
        found.append(pid)
    return found


def waited(true: Callable[[], bool]) -> bool:
    end = time.monotonic() + 10
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return true()


def test_one_that_hangs_is_killed_and_the_next_is_converted(office: Converter, tmp_path: Path) -> None:
    def convert(data: bytes) -> bytes:
        return office.convert(data, "doc", "docx", Limits(seconds=1.5))

    made = convert(b"a")
    with pytest.raises(BadInput) as caught:
        convert(b"HANG")
    assert caught.value.code == "limit-seconds"
    assert waited(lambda: not alive(tmp_path))
    assert convert(b"b") == made == (tmp_path / "made.docx").read_bytes()


def test_it_is_started_once_and_again_when_it_is_gone(office: Converter, tmp_path: Path) -> None:
    for _ in range(3):
        office.convert(b"a", "doc", "docx", Limits())
    assert len((tmp_path / "pids").read_text().split()) == 1 + 3
    (kept,) = alive(tmp_path)
    os.killpg(os.getpgid(kept), signal.SIGKILL)
    assert waited(lambda: not alive(tmp_path))
    assert office.convert(b"a", "doc", "docx", Limits())
    office.stop()
    assert waited(lambda: not alive(tmp_path))


def test_what_it_cannot_read_is_damaged(office: Converter) -> None:
    with pytest.raises(BadInput) as caught:
        office.convert(b"FAIL", "doc", "docx", Limits())
    assert caught.value.code == "damaged-file"


def test_it_ends_with_a_process_that_is_killed(office: Converter, tmp_path: Path) -> None:
    script = (
        "import os, signal\nfrom jixiao.limits import Limits\n"
        "from jixiao_readers._office.converter import converter\n"
        "converter().convert(b'a', 'doc', 'docx', Limits()); os.kill(os.getpid(), signal.SIGKILL)"
    )
    ended = subprocess.run([sys.executable, "-c", script], timeout=60)
    assert ended.returncode == -signal.SIGKILL
    assert waited(lambda: not alive(tmp_path))


def code(data: bytes) -> str:
    with pytest.raises(JixiaoError) as caught:
        OfficeReader().read(data, Limits())
    return caught.value.code


def test_without_libreoffice_one_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(find, "USUAL", ())
    assert code(doc()) == "no-libreoffice"


def test_a_password_is_told_before_libreoffice_asks_for_it() -> None:
    assert code(doc(flags=0x0100)) == "encrypted"
    assert code(odf("text", **{"META-INF/manifest.xml": "<manifest:encryption-data/>"})) == "encrypted"


def test_an_odf_that_unpacks_to_too_much_is_a_limit() -> None:
    out = BytesIO(odf("text"))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Pictures/a", bytes(3_000_000))
    assert code(out.getvalue()) == "limit-ratio"


@pytest.mark.parametrize(
    "start",
    [b"MZ\x90\0\3\0\0\0", b"\x7fELF\2\1\1\0", b"\xcf\xfa\xed\xfe\7\0\0\1", b"\xca\xfe\xba\xbe\0\0\0\2"],
)
def test_a_program_under_the_name_of_a_document_is_refused(start: bytes) -> None:
    data = start + bytes(range(256)) * 40
    with pytest.raises(BadInput) as caught:
        read(data, "目标表.doc")
    assert caught.value.code == "unknown-format"


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], bytes]:
    """The six sheets as LibreOffice saves them in a format."""
    folder = tmp_path_factory.mktemp("saved")
    six = read(SIX.read_bytes())

    def save(kind: str) -> bytes:
        source = folder / ("six.xlsx" if kind == "ods" else "six.docx")
        source.write_bytes(write(six, source.suffix[1:]))
        profile = (folder / "profile").as_uri()
        run = ["soffice", "--headless", f"-env:UserInstallation={profile}", "--convert-to", kind]
        subprocess.run([*run, "--outdir", folder, source], check=True, capture_output=True, timeout=120)
        return (folder / f"six.{kind}").read_bytes()

    return save


@pytest.mark.slow
@pytest.mark.needs("soffice")
@pytest.mark.parametrize("kind", ["doc", "rtf", "odt", "ods"])
def test_all_66_indicators_come_through(saved: Callable[[str], bytes], kind: str) -> None:
    reading = read(saved(kind), "six.wps" if kind == "doc" else None)
    assert reading.source and reading.source.reader == "office"
    assert read_rows(reading) == rows(truth(FIXTURES / "six" / "sheets.truth.json"))


@pytest.mark.slow
@pytest.mark.needs("soffice")
def test_damage_costs_one_document_alone(saved: Callable[[str], bytes]) -> None:
    sound = saved("doc")
    assert code(sound[:20_000]) == "damaged-file"
    assert code(doc(b"?" * 5000)) == "damaged-file"
    assert isinstance(OfficeReader().read(sound, Limits()), Document)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (
            odf(
                "spreadsheet",
                **{"content.xml": f"<a {TABLE}>{ROW}{CELL}<a/></t:table-cell></t:table-row></a>"},
            ),
            "limit-cells",
        ),
        (b"{\\rtf1 {\\pict\\bin2000000000 x}}", "damaged-file"),
    ],
)
def test_what_repeats_or_lies_without_end_is_refused_before_libreoffice_is_asked(
    data: bytes, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "jixiao_readers._office.converter.soffice", lambda: pytest.fail("LibreOffice was asked")
    )
    with pytest.raises(BadInput) as caught:
        OfficeReader().read(data, Limits())
    assert caught.value.code == code
