"""Write the small files that readers without a writer show as their example (needs LibreOffice).

    python scripts/examples.py

One invented sheet in each format. Another LibreOffice may save other bytes, never other cells.
"""

import sys
import tempfile
from io import BytesIO
from pathlib import Path

import pypdfium2
from jixiao.convert import write
from jixiao.document import Document
from jixiao.layout import layout
from jixiao.model import Column, Field, Indicator, Party, Reading, Sheet, Term, Value

ROOT = Path(__file__).resolve().parents[1]
TO = ROOT / "plugins" / "readers" / "jixiao_readers" / "examples"
sys.path[:0] = [str(ROOT / "fixtures" / "legacy"), str(ROOT / "tests")]

import make as legacy  # noqa: E402
import ofd_writer  # noqa: E402

DOTS = 150
COLUMNS = (
    Column(role="level1", text="一级指标"),
    Column(role="level2", text="二级指标"),
    Column(role="level3", text="三级指标"),
    Column(role="value", text="指标值"),
)


def sheet() -> Sheet:
    name = "一座桥（虚构）"
    wanted = (("数量指标", "新建桥梁数量", "≥1座"), ("质量指标", "验收合格率", "100%"))
    rows = [
        Indicator(
            level1=Term(term="产出指标", text="产出指标" if n == 0 else None),
            level2=Term(term=level2, text=level2), level3=level3, value=Value(text=value),
        )
        for n, (level2, level3, value) in enumerate(wanted)
    ]  # fmt: skip
    return Sheet(
        title="项目支出绩效目标表（虚构）", fields=(Field(label="项目名称", text=name),),
        project=Party(text=name, name=name), columns=COLUMNS, indicators=tuple(rows),
    )  # fmt: skip


def picture(pdf: bytes) -> bytes:
    """The part of the page that is not white, in sixteen shades, which makes the file small."""
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=DOTS / 72, grayscale=True).to_pil()
    left, top, right, bottom = page.point(lambda shade: 255 - shade).getbbox()
    out = BytesIO()
    page.crop((left - 40, top - 40, right + 40, bottom + 40)).quantize(8).save(out, "PNG", optimize=True)
    return out.getvalue()


def files(reading: Reading, drawn: Document) -> dict[str, bytes]:
    text, book = write(reading, "docx"), write(reading, "xlsx")
    with tempfile.TemporaryDirectory() as folder:
        made = {
            to: legacy.by_libreoffice(data, kind, to, Path(folder))
            for to, kind, data in (("odt", "docx", text), ("pdf", "docx", text), ("xls", "xlsx", book))
        }
    ocr = legacy.of_ocr(drawn)
    return {
        "alto.xml": ocr["page.alto.xml"].encode(),
        "hocr.html": ocr["page.hocr"].encode(),
        "markdown.md": ocr["pipe-table.md"].encode(),
        "mhtml.mht": legacy.mhtml(drawn),
        "ocr-json.json": ocr["rapidocr.json"].encode(),
        "ofd.ofd": ofd_writer.pages(drawn).packed(),
        "office.odt": made["odt"],
        "pdf.pdf": made["pdf"],
        "scan.png": picture(made["pdf"]),
        "spreadsheetml.xml": legacy.spreadsheetml(legacy.read_document(book)).encode(),
        "text.txt": f"{reading.sheets[0].title}\n{legacy.tabs(drawn)}".replace("\r\n", "\n").encode(),
        "xls.xls": made["xls"],
    }


def main() -> None:
    reading = Reading(sheets=(sheet(),))
    for name, data in files(reading, layout(reading)).items():
        (TO / name).write_bytes(data)


if __name__ == "__main__":
    main()
