"""Tests that need a program from outside (LibreOffice, …) say so: @pytest.mark.needs("soffice").

Where the environment says CI, a missing program lets its tests fail. Elsewhere they are left out and the
closing lines name what is missing, so that a fresh clone can be tested with Python alone.
"""

import os
import shutil

import pytest

PROGRAMS = {
    "soffice": "LibreOffice",
    "chromium": "Chromium",
    "pdftoppm": "poppler",
    "pdftotext": "poppler",
    "xmllint": "libxml2",
    "git": "git",
    "make": "make",
}
MISSING = set() if os.environ.get("CI") else {name for name in PROGRAMS if shutil.which(name) is None}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = [item for item in items if needed(item) & MISSING]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for name in sorted(MISSING):
        terminalreporter.write_line(f"{PROGRAMS[name]} ({name}) is not installed: its tests were left out")


def needed(item: pytest.Item) -> set[str]:
    """The programs that a test names. Raises KeyError for one that is not in PROGRAMS."""
    names = {name for mark in item.iter_markers("needs") for name in mark.args}
    return {name for name in names if PROGRAMS[name]}
