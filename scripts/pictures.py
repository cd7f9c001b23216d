"""Draws the pictures of the documents from what the demo wrote: python scripts/pictures.py

Needs LibreOffice (soffice) and poppler (pdftoppm), and `make demo` done before.
"""

import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
SOURCE = ROOT / "out" / "six.docx"
WIDTH = 760  # pixels: legible on a page of documentation, and under 200 KB
CUT = ["-x", "40", "-y", "60", "-W", "680", "-H", "700"]  # without most of the paper's edges


def pdf(source: Path, folder: Path) -> Path:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return folder / source.with_suffix(".pdf").name


def page(source: Path, number: int, target: Path) -> None:
    """One page of a PDF as a PNG in greys."""
    size = ["-scale-to-x", str(WIDTH), "-scale-to-y", "-1", *CUT]
    pages = ["-f", str(number), "-l", str(number), "-singlefile"]
    command = ["pdftoppm", "-png", "-gray", *size, *pages, str(source), str(target.with_suffix(""))]
    subprocess.run(command, check=True, timeout=60)


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        printed = pdf(SOURCE, Path(scratch))
        page(printed, 2, IMAGES / "form.png")


if __name__ == "__main__":
    main()
