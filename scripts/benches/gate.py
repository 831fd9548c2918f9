"""The gate: a push of one dataset judged in a portal of many, beside git's own time for the push."""

from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from kaishu.gate import facts
from kaishu.gate.judge import judge
from kaishu.gate.settings import Settings
from kaishu.history.push import Bare, RefUpdate

DATASETS, QUICK = 10_000, 1_000
ROWS = 1_000
TARGET = 2.0
OPERATOR = "ops@example.org"
CATALOG = """\
title: 测量用门户
url: https://data.example.org
operator: {name: 测量}
regulation: yingkou-2022
licence: {name: CC-BY-4.0}
mode: example
departments:
  - {id: a, name: 甲局, contact: {name: 甲, phone: "12345"}}
themes:
  - {id: t, name: 测量}
"""
ENTRY = """\
id: {n:08d}
name: d{n}
title: 第{n}号数据
created: "2026-01-05T00:00:00+08:00"
resources:
  - name: d
    path: data/d.csv
    schema: {{fields: [{{name: k, type: integer, title: 号}}, {{name: v, type: string, title: 值}}], primaryKey: k}}
catalogue:
  theme: t
  openness: {{type: unconditional}}
  sharing: {{type: unconditional}}
  update_cycle: yearly
  review: {{date: 2026-01-04, by: 测量}}
"""


def run(options: list[str]) -> list[dict[str, Any]]:
    """Wall seconds of a verdict; `--quick` takes fewer datasets."""
    count = QUICK if "--quick" in options else DATASETS
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch) / "work"
        (work / "datasets").mkdir(parents=True)
        (work / "catalog.yaml").write_text(CATALOG, encoding="utf-8")
        for n in range(count):
            folder = work / f"datasets/a/d{n}"
            (folder / "data").mkdir(parents=True)
            (folder / "datapackage.yaml").write_text(ENTRY.format(n=n), encoding="utf-8")
            (folder / "data/d.csv").write_text("k,v\n1,甲\n", encoding="utf-8")
        _git(work, "init", "-q", "-b", "main")
        old = _commit(work)
        rows = "".join(f"{k},值{k}\n" for k in range(ROWS))
        (work / "datasets/a/d7/data/d.csv").write_text(f"k,v\n{rows}", encoding="utf-8")
        new = _commit(work)
        repository = Path(scratch) / "bare.git"
        subprocess.run(["git", "clone", "-q", "--bare", str(work), str(repository)], check=True)
        bare, settings = Bare(repository), Settings(operators=(OPERATOR,))
        begun = time.perf_counter()
        facts.keep(repository, bare, bare.tree(old))
        first = time.perf_counter() - begun
        push = [RefUpdate(old, new, settings.ref)]
        begun = time.perf_counter()
        verdict = judge(repository, bare, push, OPERATOR, settings)
        judged = time.perf_counter() - begun
        assert verdict.accepted, verdict.problems
        assert verdict.datasets == ("a/d7",)
    return [
        {
            "work": f"one dataset of {ROWS:,} rows pushed into {count:,}",
            "measured": f"{judged:.2f} s (facts of all, kept once: {first:.1f} s)",
            "target": f"≤ {TARGET} s",
            "met": judged <= TARGET,
        }
    ]


def _commit(folder: Path) -> str:
    _git(folder, "add", "-A")
    identity = ["-c", "user.name=bench", "-c", "user.email=bench@example.org"]
    _git(folder, *identity, "commit", "-q", "-m", "bench")
    done = _git(folder, "rev-parse", "HEAD")
    return done.strip()


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments], check=True, capture_output=True, text=True
    )
    return done.stdout
