"""Microbenchmarks of what is called most. Not collected by `make test`: `make bench-micro`."""

from collections.abc import Callable
from pathlib import Path

import pytest
from jixiao import text, values
from jixiao.convert import read_file
from jixiao.document import Document
from jixiao.head import Head
from jixiao.interpret import evidence, interpret
from jixiao.interpret.lexicon import lexicon
from jixiao.layout import layout
from jixiao.limits import Limits
from jixiao.plugins import registry

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
SIX = FIXTURES / "six" / "sheets.txt"
DOCUMENTS = (FIXTURES / "speed" / "six.docx", FIXTURES / "speed" / "six.xlsx", SIX)
PRINTED = ("产出指标（50分）", "新建护岸长度", "≤30万元", "95%以上", "90%-95%", "每年12月底前", "有效提高")
Benchmark = Callable[..., object]


def document(path: Path) -> Document:
    data = path.read_bytes()
    read = registry().reader_for(Head(data, path.name)).read(data, Limits())
    assert isinstance(read, Document)
    return read


FUNCTIONS = (text.key, text.label_key, values.parse, evidence.evidence)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_a_text_seen_for_the_first_time(benchmark: Benchmark, function: Callable[[str], object]) -> None:
    bare = function.__wrapped__  # type: ignore[attr-defined]
    benchmark(lambda: [bare(printed) for printed in PRINTED])


def test_words_of_the_forms_in_a_line(benchmark: Benchmark) -> None:
    line = " ".join(SIX.read_text("utf-8").split())[:500]
    benchmark(lexicon().find, line)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.suffix)
def test_read(benchmark: Benchmark, path: Path) -> None:
    data = path.read_bytes()
    reader = registry().reader_for(Head(data, path.name))
    benchmark(reader.read, data, Limits())


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.suffix)
def test_interpret(benchmark: Benchmark, path: Path) -> None:
    benchmark(interpret, document(path))


@pytest.mark.parametrize("to", registry().names("jixiao.writers"))
def test_write(benchmark: Benchmark, to: str) -> None:
    reading = read_file(SIX)
    writer = registry().writer(to)
    benchmark(writer.write, reading if writer.MODEL == "reading" else layout(reading))
