"""One subject in a process of its own, told on its standard input what to convert and how often.

It runs under whichever interpreter has the subject, so it needs nothing else: no jixiao for a peer.
"""

from __future__ import annotations

import io
import json
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

Convert = Callable[[Path], str]
PARTS = {
    ".docx": ("word/document.xml",),
    ".xlsx": ("xl/worksheets/", "xl/sharedStrings.xml", "xl/styles.xml"),
}


def floor() -> Convert:
    """What nobody can do without: unzip and parse what holds the text; load a PDF, take its text."""
    from lxml import etree

    def convert(path: Path) -> str:
        data = path.read_bytes()
        if path.suffix == ".pdf":
            return pages(data)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                if name.startswith(PARTS[path.suffix]) and name.endswith(".xml"):
                    etree.fromstring(archive.read(name))
        return ""

    def pages(data: bytes) -> str:
        import pypdfium2

        pdf = pypdfium2.PdfDocument(data)
        return "\n".join(page.get_textpage().get_text_bounded() for page in pdf)

    return convert


def jixiao() -> Convert:
    from ours import to_profile

    return to_profile


def kreuzberg() -> Convert:
    import kreuzberg as peer

    def convert(path: Path) -> str:
        result = peer.extract_file_sync(str(path))
        return "\n".join([result.content, *(table.markdown for table in result.tables)])

    return convert


def pandoc() -> Convert:
    """A process each: pandoc is a program."""
    import subprocess

    import pypandoc

    program = pypandoc.get_pandoc_path()
    return lambda path: (
        subprocess.run(
            [program, "-t", "html", str(path)], capture_output=True, check=True, encoding="utf-8"
        ).stdout
    )


def markitdown() -> Convert:
    from markitdown import MarkItDown

    peer = MarkItDown()
    return lambda path: str(peer.convert(str(path)).text_content)


def docling() -> Convert:
    from docling.document_converter import DocumentConverter

    peer = DocumentConverter()
    return lambda path: str(peer.convert(str(path)).document.export_to_markdown())


SUBJECTS = {f.__name__: f for f in (floor, jixiao, kreuzberg, pandoc, markitdown, docling)}


def main() -> None:
    """Answers each line {"path", "times"} with {"seconds" of one conversion, "text" of the last}."""
    convert = SUBJECTS[sys.argv[1]]()
    out, sys.stdout = sys.stdout, sys.stderr  # what a subject prints is no answer
    for line in sys.stdin:
        asked = json.loads(line)
        text, start = "", time.perf_counter()
        for _ in range(asked["times"]):
            text = convert(Path(asked["path"]))
        seconds = (time.perf_counter() - start) / asked["times"]
        print(json.dumps({"seconds": seconds, "text": text}), file=out, flush=True)


if __name__ == "__main__":
    main()
