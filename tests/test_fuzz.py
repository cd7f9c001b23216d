"""What fuzzing once found stays fixed: each content in fixtures/fuzz/TARGET/ is tried again."""

from pathlib import Path

import pytest
from fuzzing import FIXTURES, seeds, targets

FOUND = sorted(p for p in (FIXTURES / "fuzz").glob("*/*") if p.is_file())


@pytest.mark.parametrize("path", FOUND, ids=lambda p: f"{p.parent.name}/{p.name[:16]}")
def test_what_was_found_stays_fixed(path: Path) -> None:
    targets()[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("name", sorted(set(targets()) - {"office", "scan"}))
def test_what_fuzzing_begins_with_is_read(name: str) -> None:
    contents = list(seeds(name))
    assert contents
    for content in contents:
        targets()[name](content)
