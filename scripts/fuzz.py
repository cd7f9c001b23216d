"""Look for contents on which a reader or interpret breaks: coverage-guided, by atheris (extra `fuzz`).

    python scripts/fuzz.py [SECONDS]          all targets, one after the other, so long together
    python scripts/fuzz.py --only TARGET      one, by libFuzzer's own options

A target is a reader, or `interpret`. Most contents are changed by what they are made of (tests/mutation.py),
some by bytes. What is found stands in fixtures/fuzz/TARGET/ and is a test from then on (tests/test_fuzz.py):
fix it, and commit it. What was merely new is kept in build/fuzz/TARGET/.
"""

import re
import subprocess
import sys
from functools import partial
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
FOUND, CORPUS = ROOT / "fixtures" / "fuzz", ROOT / "build" / "fuzz"
sys.path.insert(0, str(ROOT / "tests"))
PACKAGES = ["jixiao", "jixiao_readers", "zipfile", "html", "json"]
TOO_LONG = 20  # seconds for one content
MEMORY = 2048  # MiB
STRUCTURED = 0.8  # of the contents
WITHOUT = {"office"}  # it only starts LibreOffice, seconds a content


def main() -> None:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    from fuzzing import targets

    names = [name for name in targets() if name not in WITHOUT]
    broken = [name for name in names if run(name, max(2, seconds // len(names)))]
    print(f"{len(names)} targets, {len(broken)} of them broke{': ' if broken else ''}{', '.join(broken)}")
    sys.exit(bool(broken))


def run(name: str, seconds: int) -> bool:
    """Whether the target broke; what broke it is kept."""
    from fuzzing import seeds

    corpus, found = CORPUS / name, FOUND / name
    corpus.mkdir(parents=True, exist_ok=True)
    found.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(name)):
        (corpus / f"seed-{number}").write_bytes(seed)
    command = [
        sys.executable, __file__, "--only", name, str(corpus), str(found), f"-artifact_prefix={found}/",
        f"-max_total_time={seconds}", f"-timeout={TOO_LONG}", f"-rss_limit_mb={MEMORY}", "-max_len=65536",
        "-print_final_stats=1",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, check=False)
    said = done.stderr.decode(errors="replace").splitlines()
    counts = dict(line.removeprefix("stat::").split(":", 1) for line in said if line.startswith("stat::"))
    told = counts.get("number_of_executed_units", "?").strip()
    covered = re.findall(r"cov: (\d+)", "\n".join(said))
    broke = ", broke" if done.returncode else ""
    print(
        f"{name}: {told} contents in {seconds} s, {(covered or ['?'])[-1]} places reached{broke}", flush=True
    )
    if done.returncode:
        print("\n".join(said[-30:]))
    if not any(found.iterdir()):
        found.rmdir()
    return bool(done.returncode)


def only(name: str) -> None:
    import atheris

    with atheris.instrument_imports(include=PACKAGES):
        from fuzzing import seeds, targets

        target = targets()[name]
        for seed in seeds(name):  # what is imported only when it is needed is watched too
            target(seed)
    atheris.Setup([sys.argv[0], *sys.argv[3:]], target, custom_mutator=partial(changed, name))
    atheris.Fuzz()


def changed(name: str, content: bytes, size: int, seed: int) -> bytes:
    """What the target is given next, of at most so many bytes."""
    import atheris
    from mutation import mutated

    random = Random(seed)
    made = mutated(name, content, random) if random.random() < STRUCTURED else None
    return bytes(atheris.Mutate(content, size)) if made is None or len(made) > size else made


if __name__ == "__main__":
    if sys.argv[1:2] == ["--only"]:
        only(sys.argv[2])
    else:
        main()
