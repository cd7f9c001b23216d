"""What a start draws in: each module costs every conversion of a small file its time."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
TELL = """
import json, sys
from jixiao.__main__ import command
command(sys.argv[1:])
print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""
NEVER = {
    "openpyxl", "pdfplumber", "pdfminer", "docx", "rich", "numpy", "pydantic", "cv2", "onnxruntime",
    "rapidocr", "unittest", "concurrent.futures", "asyncio", "http", "ssl", "urllib.request", "xml.sax",
    "email", "importlib.metadata", "tomllib", "sqlite3", "secrets", "pluggy",
}  # fmt: skip
ONLY_WHERE_USED = {
    "pypdfium2", "jinja2", "xlsxwriter", "jixiao.profiles", "jixiao.geometry", "jixiao.corrections.applied",
}  # fmt: skip
NOT_FOR_A_CONVERSION = {"typer", "click", "hashlib"}
NOT_FOR_HELP = {"lxml", "msgspec", "pluggy", "jixiao.interpret", "jixiao.convert", "hashlib"}


def drawn_in(*arguments: str) -> set[str]:
    """The modules that a run of the command has imported at its end."""
    done = subprocess.run(
        [sys.executable, "-c", TELL, *arguments],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize("name", ["speed/six.xlsx", "speed/six.docx", "six/sheets.txt"])
def test_a_conversion_to_xml_draws_in_what_it_needs(name: str, tmp_path: Path) -> None:
    out = str(tmp_path / "out.xml")
    modules = drawn_in("convert", str(FIXTURES / name), "--to", "xml", "--output", out)
    assert modules & (NEVER | ONLY_WHERE_USED | NOT_FOR_A_CONVERSION) == set()


def test_help_draws_in_words_and_wiring() -> None:
    assert drawn_in("--help") & (NEVER | ONLY_WHERE_USED | NOT_FOR_HELP) == set()
