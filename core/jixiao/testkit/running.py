"""What filters and executors must hold, as classes of tests like those of jixiao.testkit.suites."""

import pickle
from collections.abc import Callable
from contextlib import closing
from itertools import count
from operator import neg
from typing import Any, ClassVar

import msgspec
import pytest
from hypothesis import given

from jixiao.document import Document
from jixiao.hookspecs import Executor, Filter, Means
from jixiao.layout import layout
from jixiao.model import Reading, Sheet
from jixiao.passes import require_valid
from jixiao.plugins import EXECUTORS, FILTERS
from jixiao.testkit.strategies import readings
from jixiao.testkit.suites import Suite, in_time, modest

TASKS = 20


class FilterSuite(Suite):
    """A filter. A subclass names it, and adds tests of what it is for."""

    plugin: ClassVar[type[Filter]]
    to: ClassVar[str] = "json"
    group = FILTERS

    @modest
    @given(readings())
    def test_what_passes_by_stays_whole(self, reading: Reading) -> None:
        self.passes(self.made().after_read, layout(reading))
        self.passes(self.made().after_interpret, reading)
        self.passes(lambda one: self.made().before_write(one, self.to), reading)

    def passes(self, change: Callable[[Any], Any], given: Document | Reading) -> None:
        """Raises AssertionError where `change` harms what it is given, or gives what nobody can use."""
        before = msgspec.json.encode(given)
        with in_time():
            made = change(given)
        assert type(made) is type(given)
        require_valid(made)
        assert msgspec.json.encode(given) == before, "it has changed what it was given"
        assert change(given) == made, "other things the second time"

    def test_it_survives_pickling(self) -> None:
        reading = Reading(sheets=(Sheet(title="表（虚构）"),))
        copy = pickle.loads(pickle.dumps(self.made()))
        assert copy.after_interpret(reading) == self.made().after_interpret(reading)

    def test_it_prints_nothing(self, capfd: pytest.CaptureFixture[str]) -> None:
        self.made().after_interpret(Reading(sheets=(Sheet(title="表（虚构）"),)))
        assert capfd.readouterr().out == ""


class ExecutorSuite(Suite):
    """An executor; `means` says with what it works here."""

    plugin: ClassVar[type[Executor]]
    means: ClassVar[Means] = Means(jobs=2, seconds=30.0)
    group = EXECUTORS

    def test_every_task_is_answered_once(self) -> None:
        with in_time():
            pairs = list(self.made().run(neg, range(TASKS), self.means))
        assert sorted(pairs) == [(task, -task) for task in range(TASKS)]

    def test_no_task_is_no_answer(self) -> None:
        with in_time():
            assert list(self.made().run(neg, [], self.means)) == []

    def test_it_takes_tasks_as_it_needs_them_and_ends_when_it_is_closed(self) -> None:
        with in_time(), closing(self.made().run(neg, count(), self.means)) as pairs:
            task, answer = next(pairs)
        assert answer == -task

    def test_it_prints_nothing(self, capfd: pytest.CaptureFixture[str]) -> None:
        assert len(list(self.made().run(neg, range(2), self.means))) == 2
        assert capfd.readouterr().out == ""
