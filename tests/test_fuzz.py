"""What fuzzing once found stays fixed: each content in fixtures/fuzz/TARGET/ is tried again."""

from pathlib import Path
from random import Random

import pytest
from fuzzing import FIXTURES, seeds, targets
from mutation import MUTATORS, mutated

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


@pytest.mark.parametrize("name", MUTATORS)
def test_what_is_changed_by_what_it_is_made_of_is_read_or_refused(name: str) -> None:
    random, target, begun = Random(name), targets()[name], list(seeds(name))
    made = [mutated(name, content, random) for content in begun * 3]
    changed = [content for content in made if content is not None and content not in begun]
    assert len(changed) > len(begun)
    for content in changed:
        target(content)
