"""The run that benchmarks/batch.py records: a mixed archive, interrupted twice, and its report in a browser.

The script is the one that makes the archive of 2,000 files; here it makes fewer.
"""

import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from jixiao.batch.failures import FAILURES
from jixiao.batch.ledger import Ledger
from test_report import browser, tab

__all__ = ["browser", "tab"]

SCRIPT = Path(__file__).resolve().parent.parent / "benchmarks" / "batch.py"
FILES = 400
HOSTILE = "hostile/"


@pytest.mark.slow
@pytest.mark.needs("chromium")
def test_a_run_interrupted_twice_ends_and_its_report_is_filtered(tmp_path: Path, tab: Any) -> None:
    command = [sys.executable, str(SCRIPT), "--only", "run", "--keep", str(tmp_path)]
    command += ["--files", str(FILES), "--after", "0.5"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert "with status 130" in done.stdout and "with status -9" in done.stdout, done.stdout
    out = tmp_path / "out"
    with Ledger.open(out) as ledger:
        records = {r.source: r for r in ledger.records()}
    inputs = {p.relative_to(tmp_path / "in").as_posix() for p in (tmp_path / "in").rglob("*") if p.is_file()}
    assert records.keys() == inputs and len(inputs) > FILES
    assert {r.code for r in records.values() if r.code} <= FAILURES.keys()
    assert all(r.code for name, r in records.items() if name.startswith(HOSTILE)), (
        "each ends within its limits"
    )
    written = {p.relative_to(out).as_posix() for p in out.rglob("*.xml")}
    assert written == {one.path for r in records.values() for one in r.outputs}
    assert not list(out.rglob(".jixiao-*.tmp"))
    _filtered(tab, out / "report.html", Counter(r.outcome for r in records.values()))


def _filtered(tab: Any, page: Path, ended: Counter[str]) -> None:
    tab.goto(page.as_uri())
    total = sum(ended.values())
    assert tab.locator("#count").inner_text() == f"{total} of {total} inputs"
    tab.click("[data-outcome=failed]")
    assert tab.locator("#count").inner_text() == f"{ended['failed']} of {total} inputs"
    tab.locator(".open").first.click()
    assert tab.locator(".detail").first.inner_text()
    tab.click("#clear")
    tab.fill("#search", HOSTILE)
    from playwright.sync_api import expect

    expect(tab.locator("#count")).not_to_have_text(f"{total} of {total} inputs")
    expect(tab.locator("#inputs > tbody > tr").first).to_contain_text(HOSTILE)
