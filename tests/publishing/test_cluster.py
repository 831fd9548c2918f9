"""The same units on a cluster give the same bytes, whoever is lost and whatever is shared."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster
from tests.displays import Seen
from tests.portals import files, many, small_portal, write
from tests.s3 import BUCKET, s3

from kaishu.base import progress
from kaishu.base.errors import BuildError, UsageError
from kaishu.base.places import place
from kaishu.catalog.load import load
from kaishu.packaging.store import Store
from kaishu.packaging.storing import put
from kaishu.publishing import cluster
from kaishu.publishing.cache import RECORD, SharedCache
from kaishu.publishing.unit import Unit, unit_of
from kaishu.publishing.work import Made, package_all

__all__ = ["s3"]

UPDATED = {"mzj/parks": date(2026, 3, 2)}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_portal(tmp_path / "portal")


def packaged(root: Path, output: Path, engine: str = "dask", jobs: int = 2) -> Made:
    return package_all(load(root), output, UPDATED, engine=engine, jobs=jobs)


def units(root: Path) -> list[Unit]:
    catalog = load(root)
    return [unit_of(one, catalog, UPDATED) for one in catalog.datasets]


def test_every_worker_gets_several_batches_and_none_is_too_large(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(root, 40)
    all_ = units(root)
    for workers, most in ((1, 11), (2, 6), (10, 2), (100, 1)):
        made = cluster.batches(all_, workers)
        assert [unit for batch in made for unit in batch] == all_
        assert max(map(len, made)) == most
        assert len(made) >= min(len(all_), workers)
    monkeypatch.setattr(cluster, "_BATCH", 3)
    assert max(map(len, cluster.batches(all_, 1))) == 3
    monkeypatch.setattr(cluster, "_BATCH_BYTES", 1)
    assert max(map(len, cluster.batches(all_, 1))) <= 2


def test_a_cluster_that_cannot_be_reached_is_said(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAISHU_DASK", "tcp://127.0.0.1:9")
    monkeypatch.setattr(cluster, "_PATIENCE", 2)
    with pytest.raises(UsageError, match=r"tcp://127\.0\.0\.1:9"):
        packaged(root, tmp_path / "out")


def test_a_worker_that_does_not_see_a_folder_says_which_and_what_to_do(
    root: Path, tmp_path: Path
) -> None:
    [unit, *_more] = units(root)
    cache = cluster.Cache(tmp_path / "not-here")
    batch = cluster.Batch((unit,), cluster.Together(cache, "ours"), "zh-CN", cluster.code())
    with pytest.raises(BuildError, match=r"not-here.*KAISHU_CACHE=s3://"):
        batch.do()
    cache.folder.mkdir()
    (cache.folder / "ours").touch()
    root.rename(tmp_path / "elsewhere")
    with pytest.raises(BuildError, match=rf"{unit.dataset.key}.*KAISHU_CACHE=s3://"):
        batch.do()


def test_a_worker_of_another_version_is_refused(root: Path, tmp_path: Path) -> None:
    [unit, *_more] = units(root)
    with pytest.raises(BuildError, match="版本"):
        where = cluster.Together(cluster.Cache(tmp_path), "ours")
        cluster.Batch((unit,), where, "zh-CN", "other").do()


@pytest.mark.slow
def test_a_cluster_of_this_machine_gives_the_same_bytes(root: Path, tmp_path: Path) -> None:
    many(root, 12)
    packaged(root, tmp_path / "one", engine="local", jobs=1)
    seen = Seen()
    with progress.shown_by(seen):
        packaged(root, tmp_path / "two")
    # Each unit that comes back is told.
    count = len(units(root))
    assert seen.told == [("正在打包", count), *[7] * count, -7]
    expected = files(tmp_path / "one/packages")
    assert len(expected) > 100
    assert files(tmp_path / "two/packages") == expected
    assert not list((tmp_path / "two/cache/packages").glob(".*"))


@pytest.mark.slow
def test_a_cluster_without_workers_is_said(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_PATIENCE", 2)
    with LocalCluster(n_workers=0, dashboard_address=None) as empty:
        monkeypatch.setenv("KAISHU_DASK", empty.scheduler_address)
        with pytest.raises(UsageError, match=r"workers|工作进程"):
            packaged(root, tmp_path / "out")


class _Killer(threading.Thread):
    """Holds a worker with the units it was given, and kills it once others are done."""

    def __init__(self, done: Callable[[], int], after: int, pid: int) -> None:
        super().__init__()
        self.done, self.after, self.pid = done, after, pid
        self.at = 0
        self.over = threading.Event()
        os.kill(pid, signal.SIGSTOP)

    def run(self) -> None:
        """Wait for the units, not for a time: without this worker's the others are never all."""
        while not self.over.wait(0.01):
            self.at = self.done()
            if self.at >= self.after:
                os.kill(self.pid, signal.SIGKILL)
                return


@pytest.mark.slow
@pytest.mark.parametrize("share", ["folder", "s3"])
def test_a_lost_workers_units_are_done_by_another(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: str,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    count = 60
    many(root, count)
    packaged(root, tmp_path / "one", engine="local", jobs=2)
    kept = tmp_path / "two/cache/packages"

    def done() -> int:
        return len(list(kept.glob(f"*/{RECORD}")))

    if share == "s3":
        client = request.getfixturevalue("s3")
        monkeypatch.setenv("KAISHU_CACHE", f"s3://{BUCKET}/cache")

        def done() -> int:
            return len(client.find(f"s3://{BUCKET}/cache/records"))

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as local:
        monkeypatch.setenv("KAISHU_DASK", local.scheduler_address)
        killer = _Killer(done, 5, next(iter(local.workers.values())).pid)
        killer.start()
        made = packaged(root, tmp_path / "two")
        killer.over.set()
        killer.join()
    assert 5 <= killer.at < count
    assert made.reused == 0
    assert files(tmp_path / "two/packages") == files(tmp_path / "one/packages")


@pytest.mark.slow
def test_workers_that_share_no_folder_work_by_way_of_s3(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, s3: Any
) -> None:
    many(root, 12)
    text = (root / "catalog.yaml").read_text(encoding="utf-8")
    write(root, "catalog.yaml", f"{text}stores: [{{id: main, url: 's3://{BUCKET}/data'}}]\n")
    put(root, load(root).portal, root / "datasets/mzj/parks/data/parks.csv")
    packaged(root, tmp_path / "one", engine="local", jobs=1)
    shared = SharedCache(place(f"s3://{BUCKET}/cache"))
    wanted = units(root)
    cluster.Apart(shared).send(wanted)
    [stored] = [unit for unit in wanted if unit.dataset.key == "mzj/parks"]
    assert stored.inputs["data/parks.csv"] not in Store(shared.place).digests()
    # With their data on S3, nobody reads the portal's folder any more.
    root.rename(tmp_path / "hidden")
    made = list(cluster.package_apart(wanted, 2, shared))
    assert {one.key for one in made} == {one.dataset.key for one in wanted}
    (tmp_path / "hidden").rename(root)
    # This machine finds all of it there, and packages nothing.
    monkeypatch.setenv("KAISHU_CACHE", f"s3://{BUCKET}/cache")
    again = packaged(root, tmp_path / "two")
    assert again.reused == 15
    assert files(tmp_path / "two/packages") == files(tmp_path / "one/packages")
