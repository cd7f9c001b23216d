"""The bundle installs and converts where no network is."""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHEETS = ROOT / "fixtures" / "six" / "sheets.txt"


def cut() -> list[str]:
    """What runs a command without any network; where that is not allowed, the proxies below lead nowhere."""
    command = ["unshare", "--net", "--map-root-user"]
    able = shutil.which("unshare") and subprocess.run([*command, "true"], capture_output=True, check=False)
    return command if able and able.returncode == 0 else []


@pytest.mark.slow
def test_the_bundle_installs_and_converts_without_a_network(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(
        ROOT, copy, ignore=shutil.ignore_patterns(".*", "dist", "out", "__pycache__", "fixtures", "tests")
    )
    subprocess.run(
        [sys.executable, "scripts/bundle.py"], cwd=copy, check=True, timeout=300, capture_output=True
    )
    (packed,) = (copy / "dist").iterdir()
    with tarfile.open(packed) as archive:
        archive.extractall(tmp_path / "there 那里", filter="data")
    (bundle,) = (tmp_path / "there 那里").iterdir()
    assert {"README.md", "README.zh-CN.md", "LICENSE", "install.sh", "install.bat"} <= {
        p.name for p in bundle.iterdir()
    }
    for line in (bundle / "SHA256SUMS").read_text("utf-8").splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((bundle / name).read_bytes()).hexdigest() == digest
    nowhere = "http://127.0.0.1:9"
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "PYTHON", "VIRTUAL_ENV"))}
    env |= {"http_proxy": nowhere, "https_proxy": nowhere, "PYTHON": sys.executable, "PIP_NO_CACHE_DIR": "1"}
    env |= {"HOME": str(tmp_path), "PIP_CONFIG_FILE": os.devnull}
    altered = tmp_path / "altered"
    shutil.copytree(bundle, altered)
    wheel = next((altered / "wheels").glob("xlrd-*.whl"))
    wheel.write_bytes(wheel.read_bytes() + b" ")
    refused = [*cut(), "sh", str(altered / "install.sh"), str(tmp_path / "refused")]
    done = subprocess.run(refused, env=env, capture_output=True, encoding="utf-8", timeout=300, check=False)
    assert done.returncode != 0 and "xlrd" in done.stderr and "hash" in done.stderr.lower()
    assert not (tmp_path / "refused" / "bin" / "jixiao").exists()
    installed = tmp_path / "installed 在这里"
    command = [*cut(), "sh", str(bundle / "install.sh"), str(installed)]
    done = subprocess.run(command, env=env, capture_output=True, encoding="utf-8", timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    program = done.stdout.splitlines()[-1]
    convert = [
        *cut(),
        program,
        "convert",
        str(SHEETS),
        "--to",
        "docx",
        "--output",
        str(tmp_path / "six.docx"),
    ]
    done = subprocess.run(convert, env=env, capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert done.returncode in (0, 3) and (tmp_path / "six.docx").read_bytes().startswith(b"PK"), done.stderr
