"""One archive for a network without internet: every wheel, both READMEs, and one command that installs.

    python scripts/bundle.py [EXTRA ...]

It is for the platform and Python it is made with. The wheels are those pinned in requirements/run.txt, of
extras those in requirements/test.txt; the networks of the extra `ocr` stand in its wheels.
"""

import hashlib
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEXTS = ("README.md", "README.zh-CN.md", "LICENSE")
HASHES = re.compile(r" \\\n +--hash=\S+")
PINNED = ("run.txt", "test.txt")
POSIX = """#!/bin/sh
# Installs jixiao into a folder of its own: sh install.sh [FOLDER]. Nothing is fetched.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
folder=${{1:-"$HOME/jixiao"}}
python=${{PYTHON:-python3}}
"$python" -c 'import sys; sys.exit(sys.version_info[:2] != {python})' || {{
  echo "This bundle is for Python {version}: PYTHON=/path/to/python{version} sh install.sh" >&2; exit 1; }}
"$python" -m venv "$folder"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --no-deps \\
  --force-reinstall --find-links "$here/wheels" --require-hashes --requirement "$here/wheels.txt"
echo "$folder/bin/jixiao"
"""
WINDOWS = """@echo off
rem Installs jixiao into a folder of its own: install.bat [FOLDER]. Nothing is fetched.
set folder=%~1
if "%folder%"=="" set folder=%USERPROFILE%\\jixiao
py -{version} -m venv "%folder%" || exit /b 1
"%folder%\\Scripts\\python" -m pip install --quiet --disable-pip-version-check --no-index --no-deps ^
  --force-reinstall --find-links "%~dp0wheels" --require-hashes --requirement "%~dp0wheels.txt" || exit /b 1
echo %folder%\\Scripts\\jixiao.exe
"""


def main() -> None:
    extras = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        made = bundle(Path(folder), extras)
        target = ROOT / "dist" / f"{made.name}.tar.gz"
        target.parent.mkdir(exist_ok=True)
        with tarfile.open(target, "w:gz") as archive:
            archive.add(made, made.name)
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size / 2**20:.0f} MiB")
    print("Unpack it there, and: sh install.sh (install.bat on Windows)")


def bundle(folder: Path, extras: list[str]) -> Path:
    """The folder that the archive holds."""
    wheels = folder / "wheels"
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(wheels), str(ROOT))
    (own,) = wheels.glob("jixiao-*.whl")
    wanted = f"jixiao[{','.join(extras)}]" if extras else "jixiao"
    pinned = folder / "pinned.txt"
    pins = "".join((ROOT / "requirements" / name).read_text("utf-8") for name in PINNED)
    pinned.write_text(HASHES.sub("", pins), "utf-8")
    pip(
        "download", "--only-binary", ":all:", "--dest", str(wheels), "--constraint", str(pinned),
        wanted.replace("jixiao", str(own), 1),  # the file: a registry might have another of that name
    )  # fmt: skip
    version = own.name.split("-")[1]
    system = re.sub(r"[^a-z0-9]+", "_", sysconfig.get_platform().lower())
    made = folder / f"jixiao-{version}-{system}-{platform.python_implementation().lower()}{python('')}"
    made.mkdir()
    shutil.move(wheels, made / "wheels")
    for name in TEXTS:
        shutil.copy(ROOT / name, made)
    pinned_here = "".join(map(requirement, sorted((made / "wheels").iterdir())))
    (made / "wheels.txt").write_text(pinned_here, "utf-8", newline="\n")
    words = {"version": python("."), "python": tuple(sys.version_info[:2])}
    (made / "install.sh").write_text(POSIX.format(**words), "utf-8", newline="\n")
    (made / "install.bat").write_text(WINDOWS.format(**words), "utf-8", newline="\r\n")
    sums = [
        f"{digest(p)}  {p.relative_to(made).as_posix()}\n" for p in sorted(made.rglob("*")) if p.is_file()
    ]
    (made / "SHA256SUMS").write_text("".join(sums), "utf-8")
    return made


def requirement(wheel: Path) -> str:
    """A line by which pip installs just this file, and refuses it where it is another."""
    name, version = wheel.name.split("-")[:2]
    return f"{name}=={version} --hash=sha256:{digest(wheel)}\n"


def pip(*arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments], check=True
    )


def python(between: str) -> str:
    return between.join(map(str, sys.version_info[:2]))


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
