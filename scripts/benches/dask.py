"""A cluster of this machine: what scheduling costs beside the packaging itself."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from distributed import get_task_stream

from benches.gate import CATALOG, ENTRY
from kaishu.catalog.load import load
from kaishu.publishing import cluster
from kaishu.publishing.cache import Cache
from kaishu.publishing.unit import unit_of

DATASETS, QUICK = 1_000, 200
ROWS = 200
WORKERS = 2
TARGET = 0.10


def run(options: list[str]) -> list[dict[str, Any]]:
    """The share of the workers' time that is not packaging; `--quick` takes fewer datasets.

    Counted from the first batch that is sent to the last that is done: waiting for the scheduler,
    carrying units and packages, and the end, when one worker has nothing left to do.
    """
    count = QUICK if "--quick" in options else DATASETS
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "portal"
        rows = "".join(f"{k},值{k}\n" for k in range(ROWS))
        for n in range(count):
            folder = root / f"datasets/a/d{n}"
            (folder / "data").mkdir(parents=True)
            (folder / "datapackage.yaml").write_text(ENTRY.format(n=n), encoding="utf-8")
            (folder / "data/d.csv").write_text(f"k,v\n{rows}", encoding="utf-8")
        (root / "catalog.yaml").write_text(CATALOG, encoding="utf-8")
        catalog = load(root)
        units = [unit_of(one, catalog, {}) for one in catalog.datasets]
        with cluster.client_of(WORKERS) as (client, workers):
            # The workers' own start, imports included, is no scheduling.
            with cluster.together(Cache(root / "warm")) as where:
                list(cluster.run(client, workers, units[:workers], where))
            with (
                cluster.together(Cache(root / "cache")) as where,
                get_task_stream(client) as stream,
            ):
                begun = time.perf_counter()
                made = list(cluster.run(client, workers, units, where))
                wall = time.perf_counter() - begun
        assert len(made) == count
        busy = sum(
            span["stop"] - span["start"]
            for task in stream.data
            for span in task["startstops"]
            if span["action"] == "compute"
        )
    share = 1 - busy / (wall * workers)
    return [
        {
            "work": f"{count:,} datasets of {ROWS} rows on {workers} workers",
            "measured": f"{share:.1%} of their time is not packaging ({wall:.1f} s in all)",
            "target": f"≤ {TARGET:.0%}",
            "met": share <= TARGET,
        }
    ]
