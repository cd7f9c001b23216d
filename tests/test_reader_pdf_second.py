"""Tables without rules, and pages of which pdfium leaves out a text, are read twice: differences are said."""

import importlib.util
import io
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest
from jixiao.convert import read as convert
from jixiao.document import Document
from jixiao.limits import Limits
from jixiao.plugins import registry

FIXTURES = Path(__file__).parent.parent / "fixtures"
spec = importlib.util.spec_from_file_location("tiny_pdf", FIXTURES / "pdf" / "tiny.py")
tiny = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tiny)

ROWS = [
    ("一级指标", "三级指标", "指标值"),
    ("产出", "完成率", "95%"),
    ("产出", "及时率", "90%"),
    ("效益", "满意度", "80%"),
]
MARK = tiny.show(60, 60, "样本样本样本", 30, "0.7 0.7 -0.7 0.7")
"""A watermark, set slantwise over the table."""


def table(said: str = "", more: str = "", names: dict[str, str] | None = None) -> bytes:
    """A table without rules; `said` stands for the 90% in its mark-up, as programs add it for search."""
    content = more
    for n, row in enumerate(ROWS):
        for x, text in zip((30, 150, 280), row, strict=True):
            shown = tiny.show(x, 250 - 20 * n, text)
            marked = said and text == "90%"
            content += f"/Span << /ActualText ({said}) >> BDC\n{shown}EMC\n" if marked else shown
    return tiny.pdf(content, names=names)


def read(content: bytes) -> Document:
    return registry().reader("pdf").read(content, Limits())


def doubted(document: Document) -> list[str]:
    return [c.text for g in document.grids() for c in g.cells if c.confidence < 1]


@pytest.mark.parametrize(
    ("said", "first", "second"),
    [("20%", "2", "9"), ("91%", "1", "0"), ("9", "9", "0%"), ("95.1", "95.1", "90%")],
)
@pytest.mark.parametrize("more", ["", MARK])
def test_where_the_readings_differ_the_cell_is_named_and_less_sure(said, first, second, more) -> None:
    document = read(table(said, more))
    (finding,) = document.findings
    assert (finding.code, finding.severity, finding.text) == ("readings-differ", "warning", said)
    assert set(finding.before) <= set(first)
    assert set(finding.after) <= set(second)
    assert finding.place and finding.place.page == 1
    assert doubted(document) == [said]


@pytest.mark.parametrize("said", ["", "90%"])
@pytest.mark.parametrize("more", ["", MARK])
def test_readings_that_agree_say_nothing(said, more) -> None:
    document = read(table(said, more))
    assert not document.findings
    assert not doubted(document)


def test_the_indicator_carries_what_differs() -> None:
    sheets = convert(table("20%")).sheets
    flagged = [f for s in sheets for f in s.findings if f.severity == "warning" and f.text == "20%"]
    assert flagged
    assert flagged[0].indicator == 1


@pytest.mark.parametrize("box", [(20, 10, 380, 290), (-20, 10, 380, 390), (20, 150, 380, 290)])
def test_a_page_shown_in_part_is_compared_where_it_stands(box) -> None:
    document = pypdfium2.PdfDocument(table("20%"))
    document[0].set_cropbox(*box)
    out = io.BytesIO()
    document.save(out)
    document.close()
    assert [(f.code, f.before, f.after) for f in read(out.getvalue()).findings] == [
        ("readings-differ", "2", "9")
    ]


def test_one_glyph_that_says_several_characters_is_no_difference() -> None:
    assert not read(tiny.pdf(tiny.show(30, 250, "产出率"), names={"率": "ffi"})).findings
    assert not read(table(names={"率": "ffi", "度": "ﬃ"})).findings


@pytest.mark.parametrize("grid", [tiny.table([20, 150, 390], [180, 210, 240, 265]), ""])
def test_a_text_that_pdfium_leaves_out_is_said_of_tables_with_lines_too(grid) -> None:
    unseen = "/Span << /ActualText (x) >> BDC\nBT /B 10 Tf 1 0 0 1 320 210 Tm (a) Tj ET\nEMC\n"
    (finding,) = read(table(more=grid + unseen)).findings
    assert (finding.code, finding.severity, finding.after) == ("readings-differ", "warning", "（")


@pytest.mark.parametrize("kind", ["docx", "xlsx", "html", "merged"])
def test_what_programs_print_is_read_the_same_twice(kind) -> None:
    document = read((FIXTURES / "loose" / f"six-{kind}.pdf").read_bytes())
    assert not [f for f in document.findings if f.code == "readings-differ"]


@pytest.mark.parametrize(("name", "loaded"), [("pdf/two-libreoffice", False), ("loose/six-docx", True)])
def test_only_tables_without_rules_are_read_twice(name, loaded) -> None:
    code = (
        "import sys; from pathlib import Path; from jixiao.convert import read_file\n"
        f"read_file(Path({str(FIXTURES / (name + '.pdf'))!r})); print('pdfplumber' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert (done.stdout.strip(), done.stderr) == (str(loaded), "")
