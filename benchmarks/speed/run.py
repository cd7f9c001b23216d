"""Speed, side by side in one run: the floor, jixiao, its stages, the peers. Prints tables, or writes them."""

import argparse
import json
import sys
from pathlib import Path

import cold
import ours
import peers
import scale
import table

FIXTURES = ours.ROOT / "fixtures"
DOCUMENTS = {
    "DOCX": FIXTURES / "speed" / "six.docx",
    "XLSX": FIXTURES / "speed" / "six.xlsx",
    "PDF": FIXTURES / "pdf" / "six-libreoffice.pdf",
}
TEXT = FIXTURES / "six" / "sheets.txt"
TRUTH = json.loads((FIXTURES / "six" / "sheets.truth.json").read_text("utf-8"))
ROUND = 0.25  # seconds that a subject is at work in each round
SPENT = 20.0  # seconds that a subject may take for all rounds of a document


def warm(install: bool, rounds: int) -> list[table.Warm]:
    """Every subject on every document, in turn."""
    workers = {"floor": peers.Worker("floor"), "jixiao": peers.Worker("jixiao")}
    absent = []
    for peer in peers.INSTALLED:
        if python := peers.python_of(peer, install=install):
            workers[peer] = peers.Worker(peer, python)
        else:
            absent.append(peer)
    rows = []
    for kind, path in DOCUMENTS.items():
        rows += _on(kind, path, workers, rounds)
        rows += [table.Warm(kind, peer) for peer in absent]
    for worker in workers.values():
        worker.close()
    return rows


def _on(kind: str, path: Path, workers: dict[str, peers.Worker], rounds: int) -> list[table.Warm]:
    rows: dict[str, table.Warm] = {}
    times: dict[str, int] = {}
    for name in list(workers):
        rows[name] = table.Warm(kind, name)
        try:
            workers[name].convert(path)
            first = workers[name].convert(path)
        except OSError:  # a format the peer cannot read ends it; its next document finds a new one
            workers[name] = peers.Worker(name, peers.python_of(name, install=False))
            continue
        rows[name].kept = None if name == "floor" else peers.kept(first.text, TRUTH)
        times[name] = max(1, round(ROUND / first.seconds))
    for _ in range(rounds):
        for name, often in times.items():
            if sum(rows[name].seconds) * often < SPENT:
                rows[name].seconds.append(workers[name].convert(path, often).seconds)
    return list(rows.values())


def cold_commands() -> dict[str, list[str]]:
    jixiao = [sys.executable, "-m", "jixiao"]
    out = str(ours.ROOT / "build" / "bench.xml")
    commands = {"`python -c pass`": [sys.executable, "-c", "pass"], "`jixiao --help`": [*jixiao, "--help"]}
    for kind, path in {**DOCUMENTS, "text": TEXT}.items():
        name = f"`jixiao convert`, {kind} to XML"
        commands[name] = [*jixiao, "convert", str(path), "--to", "xml", "--output", out, "--force"]
    if pandoc := peers.python_of("pandoc", install=False):
        (program,) = pandoc.parent.parent.glob("lib/python*/site-packages/pypandoc/files/pandoc")
        commands["`pandoc`, DOCX to HTML"] = [str(program), "-t", "html", str(DOCUMENTS["DOCX"])]
    if kreuzberg := peers.python_of("kreuzberg", install=False):
        code = f"import kreuzberg; kreuzberg.extract_file_sync({str(DOCUMENTS['DOCX'])!r})"
        commands["kreuzberg, DOCX to text"] = [str(kreuzberg), "-c", code]
    return commands


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--no-install", action="store_true", help="only the peers that are installed already")
    parser.add_argument("--write", type=Path, help="the document whose tables are to be replaced")
    asked = parser.parse_args()
    (ours.ROOT / "build").mkdir(exist_ok=True)
    parts = {
        "machine": table.machine(),
        "warm": table.warm(warm(not asked.no_install, asked.rounds)),
        "stages": table.stages(
            {kind: ours.stages(path) for kind, path in {**DOCUMENTS, "text": TEXT}.items()}, asked.rounds
        ),
        "writing": table.writing(ours.writing(TEXT), asked.rounds),
        "cold": table.cold(cold.in_turn(cold_commands(), asked.rounds)),
        "scale": table.scale(
            dict(scale.per_sheet()),
            scale.many_sheets(),
            scale.texts_per_second(),
            scale.parallel(DOCUMENTS["PDF"]),
        ),
    }
    if asked.write:
        table.replace(asked.write, parts)
    else:
        print("\n\n".join(parts.values()))


if __name__ == "__main__":
    main()
