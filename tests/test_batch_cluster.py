"""Many machines: two processes on this one stand for them."""

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jixiao import convert
from jixiao.batch.inputs import plan
from jixiao.batch.job import Order
from jixiao.batch.outcome import Outcome
from jixiao.batch.run import means, run
from jixiao.errors import PluginError
from jixiao.hookspecs import Means
from jixiao.model import Reading, Sheet
from jixiao.testkit import ExecutorSuite
from jixiao_executors.cluster import ClusterExecutor

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    ) as made:
        yield made


class TestClusterExecutor(ExecutorSuite):
    plugin = ClusterExecutor

    @pytest.fixture(autouse=True)
    def _at_work(self, cluster: Any) -> None:
        type(self).means = Means(seconds=30.0, address=cluster.scheduler_address)


def archive(folder: Path, files: int) -> None:
    (folder / "in").mkdir(parents=True)
    for number in range(files):
        said = Reading(sheets=(Sheet(title=f"项目支出绩效目标表（虚构）{number}"),))
        (folder / "in" / f"{number}.json").write_bytes(convert.write(said, "json") if number % 9 else b"{")


def outputs(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in (folder / "out").iterdir() if p.is_file()}


def converted(folder: Path, address: str | None, tell: Any) -> None:
    planned, asked = plan((str(folder / "in"),), str(folder / "out"), "xml"), Order(to="xml")
    using = means(asked, planned, None, address)
    run(planned, asked, tell, executor="cluster" if address else "local", means=using)


def test_a_cluster_gives_what_one_machine_gives_though_a_machine_is_lost(
    cluster: Any, tmp_path: Path
) -> None:
    one, many = tmp_path / "one", tmp_path / "many"
    archive(one, 90)
    archive(many, 90)
    told: dict[bool, dict[str, str]] = {False: {}, True: {}}

    def tell(outcome: Outcome) -> None:
        told[False][Path(outcome.source).name] = outcome.kind

    def tell_and_kill(outcome: Outcome) -> None:
        if not told[True]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(next(iter(cluster.workers.values())).process.pid, signal.SIGKILL)
        assert Path(outcome.source).name not in told[True]
        told[True][Path(outcome.source).name] = outcome.kind

    converted(one, None, tell)
    converted(many, cluster.scheduler_address, tell_and_kill)
    assert told[True] == told[False] and len(told[True]) == 90
    assert outputs(many) == outputs(one)


def test_names_mean_on_every_machine_what_they_mean_to_the_command(
    cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive(tmp_path, 3)
    monkeypatch.chdir(tmp_path)
    told: list[str | None] = []
    planned, asked = plan(("in",), "out", "xml"), Order(to="xml")
    using = means(asked, planned, None, cluster.scheduler_address)
    run(planned, asked, lambda outcome: told.append(outcome.code), executor="cluster", means=using)
    assert sorted(map(str, told)) == ["None", "None", "no-sheet"]


@pytest.mark.parametrize("address", ["nonsense", "ftp://127.0.0.1:1"])
def test_what_is_no_scheduler_is_said(address: str) -> None:
    with pytest.raises(PluginError) as said:
        list(ClusterExecutor().run(str, ["a task"], Means(address=address)))
    assert said.value.code == "no-cluster" and address in str(said.value)


def test_a_scheduler_that_is_lost_is_said() -> None:
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    ) as made:
        pairs = ClusterExecutor().run(abs, range(-10_000, 0), Means(address=made.scheduler_address))
        next(pairs)
        made.close()
        with pytest.raises(PluginError) as said:
            list(pairs)
    assert said.value.code == "no-cluster"
