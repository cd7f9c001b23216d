"""Files made to do harm end inside their limits, each with a clear code; texts made to do harm stay texts."""

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hostile import HOSTILE, write
from jixiao import convert
from jixiao.batch.ledger import Ledger
from jixiao.model import Field, Indicator, Party, Reading, Sheet, Term, Value, fold
from jixiao.plugins import WRITERS, registry

CODES = {
    "ratio.docx": "limit-ratio",
    "ratio.xlsx": "limit-ratio",
    "members.docx": "limit-members",
    "nested.zip": "unknown-format",
    "nested.docx": "damaged-file",
    "laughs.xml": "doctype",
    "laughs.docx": "doctype",
    "laughs.xlsx": "doctype",
    "external.xml": "doctype",
    "external.docx": "doctype",
    "traversal.docx": "no-sheet",
    "loop.pdf": "damaged-file",
    "grid.xlsx": "no-sheet",
    "merged.xlsx": "no-sheet",
    "spans.html": "limit-cells",
    "gigapixel.png": "limit-pixels",
    "deep.html": "limit-xml_depth",
    "deep.xml": "no-sheet",
    "deep.json": "damaged-json",
    "bars.txt": "no-sheet",
    "dashes.txt": "no-sheet",
    "tables.txt": "no-sheet",
    "brackets.txt": "no-sheet",
    "spaces.txt": "no-sheet",
    "styles.docx": "no-sheet",
    "merges.xlsx": "no-sheet",
    "hidden.xlsx": "no-sheet",
    "columns.html": "no-sheet",
    "digits.json": "damaged-json",
    "keys.json": "schema",
    "ocr.json": "damaged-file",
    "reference.txt": "no-sheet",
    "rule.txt": "no-sheet",
    "blanks.md": "no-sheet",
    "titles.txt": "no-sheet",
    "tabs.txt": "no-sheet",
    "messages.mht": "damaged-file",
    "power.xls": "no-sheet",
    "records.xml": "limit-cells",
    "tables.md": "no-sheet",
    "lines.hocr": "no-sheet",
    "sheets.xlsx": "damaged-file",
    "string.xlsx": "limit-ratio",
    "line.txt": "no-sheet",
    "goals.txt": "no-sheet",
}


@pytest.mark.slow
def test_every_hostile_file_ends_inside_its_limits_with_its_code(tmp_path: Path) -> None:
    write(tmp_path / "in")
    command = [
        sys.executable,
        "-m",
        "jixiao",
        "convert",
        "in",
        "--to",
        "json",
        "--output",
        "out",
        "--no-report",
    ]
    limits = ("--limit", "seconds=60", "--limit", "memory=700M")
    env = os.environ | {"JIXIAO_LANG": "en"}
    done = subprocess.run(
        [*command, *limits], cwd=tmp_path, env=env, capture_output=True, timeout=300, check=False
    )
    assert done.returncode == 1 and done.stdout == b"" and b"Traceback" not in done.stderr
    with Ledger.open(tmp_path / "out") as ledger:
        assert {r.source: r.code for r in ledger.records()} == CODES
    assert CODES.keys() == HOSTILE.keys()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in", "out"]
    assert b"root:" not in b"".join(p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file())


EVIL = (
    "=cmd|'/c calc'!A0", "@SUM(1+1)", "+1+cmd", "-2+3", "\t=1+1", "=HYPERLINK(\"x\")",
    "<script>alert(1)</script>", "{{ 7*7 }}", "]]>", "<!ENTITY x>", "&lt;", "\u202eevil",
)  # fmt: skip


def evil(text: str) -> Reading:
    one = Indicator(
        level1=Term(term="产出指标", text="产出指标"), level3=text, value=Value(text=text), remark=text
    )
    fields = (Field(label="项目名称", text=text),)
    return Reading(
        sheets=(Sheet(title=text, project=Party(text=text, name=text), fields=fields, indicators=(one,)),)
    )


@pytest.mark.parametrize("to", registry().names(WRITERS))
@pytest.mark.parametrize("text", EVIL)
def test_no_text_of_a_source_becomes_a_formula_or_markup(to: str, text: str) -> None:
    made = convert.write(evil(text), to)
    if to == "html":
        assert b"<script>alert" not in made and b"49" not in made
    if made.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            parts = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".xml"))
            assert not [name for name in archive.namelist() if ".." in name or name.startswith("/")]
        assert b"<f>" not in parts and b"instrText" not in parts and b"<script>" not in parts
    back = convert.read(made)
    assert fold(back.sheets[0].indicators[0].remark or "") == fold(text)
