"""Draws the pictures of the documents from what the demo wrote: python scripts/pictures.py

Needs LibreOffice (soffice), poppler (pdftoppm) and Chromium, and `make demo` done before.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
SOURCE = ROOT / "out" / "six.docx"
WIDTH = 760  # pixels: legible on a page of documentation, and under 200 KB
SIX = ROOT / "fixtures" / "six" / "sheets.txt"
CODES = ROOT / "fixtures" / "codes" / "six.csv"
SCREEN = {"width": 1360, "height": 800}
LANGUAGES = {"en": "en-GB", "zh": "zh-CN"}
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


def desk(folder: Path) -> None:
    """The main screens of the review desk in both languages."""
    from playwright.sync_api import sync_playwright

    shutil.copy(SIX, folder)
    given = ["--no-browser", "--profile", "pm-perf", "--codes", str(CODES)]
    env = os.environ | {"USER": "clerk", "LOGNAME": "clerk"}
    command = [sys.executable, "-m", "jixiao", "review", "sheets.txt", *given]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, encoding="utf-8", env=env) as server:
        assert server.stdout
        address = server.stdout.readline().strip()
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
                )
                for name, locale in LANGUAGES.items():
                    screens(browser.new_page(locale=locale, viewport=SCREEN), address, name)
                browser.close()
        finally:
            server.terminate()


def screens(page: Any, address: str, language: str) -> None:
    page.goto(address)
    page.screenshot(path=IMAGES / f"review-queue-{language}.png")
    page.locator("a.item").first.click()
    page.wait_for_selector("#source .source-here")
    page.screenshot(path=IMAGES / f"review-{language}.png")


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        printed = pdf(SOURCE, Path(scratch))
        page(printed, 2, IMAGES / "form.png")
        desk(Path(scratch))


if __name__ == "__main__":
    main()
