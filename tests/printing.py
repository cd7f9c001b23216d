"""What programs from outside print from a file."""

import subprocess
from pathlib import Path

SWITCHES = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--no-pdf-header-footer",
)  # fmt: skip


def by_chromium(html: bytes, folder: Path) -> bytes:
    """The PDF that Chromium prints."""
    source, made = folder / "form.html", folder / "form.pdf"
    source.write_bytes(html)
    run = ["chromium", *SWITCHES, f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={made}"]
    subprocess.run([*run, source.as_uri()], check=True, capture_output=True, timeout=120)
    return made.read_bytes()


def by_libreoffice(data: bytes, kind: str, folder: Path) -> bytes:
    """The PDF that LibreOffice prints of a file of this kind."""
    source = folder / f"form.{kind}"
    source.write_bytes(data)
    run = [
        "soffice",
        "--headless",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--convert-to",
        "pdf",
    ]
    subprocess.run([*run, "--outdir", str(folder), str(source)], check=True, capture_output=True, timeout=120)
    return (folder / "form.pdf").read_bytes()
