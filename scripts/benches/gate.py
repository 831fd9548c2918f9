"""The gate: a push of one dataset judged, published and previewed in a portal of many."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benches import following
from benches.following import Watch
from kaishu.gate import facts
from kaishu.gate import settings as gate_settings
from kaishu.gate.install import install
from kaishu.gate.judge import judge
from kaishu.gate.settings import Settings
from kaishu.history.push import Bare, RefUpdate

DATASETS, QUICK = 10_000, 1_000
ROWS = 1_000
JUDGED, LIVE, SHOWN = 2.0, 10.0, 3.0
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
    """Wall seconds of a verdict, of a push until its page and its index are live, and of a preview.

    `--quick` takes fewer datasets.
    """
    count = QUICK if "--quick" in options else DATASETS
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        work, repository = _portal(scratch, count)
        judged, first = _judged(work, repository)
        seen, whole, begun = _published(scratch, work, repository)
        shown = _previewed(work)
    rows = f"one dataset of {ROWS:,} rows"
    return [
        _row(f"{rows} pushed into {count:,}: judged", judged, JUDGED,
             f"facts of all, kept once: {first:.1f} s"),
        _row(f"{rows} pushed into {count:,}: its page, files and feed live", seen.live, LIVE,
             f"the whole push {whole:.1f} s; first build {begun:.0f} s"),
        following.row([seen], f"{rows} pushed into {count:,}"),
        _row(f"{rows} changed in {count:,}: previewed", shown, SHOWN, "with the start of Python"),
    ]  # fmt: skip


def _row(work: str, seconds: float, target: float, more: str) -> dict[str, Any]:
    return {
        "work": work,
        "measured": f"{seconds:.2f} s ({more})",
        "target": f"≤ {target:g} s",
        "met": seconds <= target,
    }


def _portal(scratch: Path, count: int) -> tuple[Path, Path]:
    """A portal of `count` datasets and its bare repository."""
    work, repository = scratch / "work", scratch / "bare.git"
    (work / "datasets").mkdir(parents=True)
    (work / "catalog.yaml").write_text(CATALOG, encoding="utf-8")
    for n in range(count):
        folder = work / f"datasets/a/d{n}"
        (folder / "data").mkdir(parents=True)
        (folder / "datapackage.yaml").write_text(ENTRY.format(n=n), encoding="utf-8")
        (folder / "data/d.csv").write_text("k,v\n1,甲\n", encoding="utf-8")
    _git(work, "init", "-q", "-b", "main")
    _commit(work)
    subprocess.run(["git", "clone", "-q", "--bare", str(work), str(repository)], check=True)
    return work, repository


def _judged(work: Path, repository: Path) -> tuple[float, float]:
    """Seconds of the verdict on a push, and of the facts that are kept for the next."""
    bare, settings = Bare(repository), Settings(operators=(OPERATOR,))
    old = _git(work, "rev-parse", "HEAD").strip()
    begun = time.perf_counter()
    facts.keep(repository, bare, bare.tree(old))
    first = time.perf_counter() - begun
    new = _changed(work, "甲")
    _git(work, "push", "-q", str(repository), "HEAD:refs/heads/other")
    begun = time.perf_counter()
    verdict = judge(repository, bare, [RefUpdate(old, new, settings.ref)], OPERATOR, settings)
    judged = time.perf_counter() - begun
    assert verdict.accepted, verdict.problems
    assert verdict.datasets == ("a/d7",)
    return judged, first


def _published(scratch: Path, work: Path, repository: Path) -> tuple[Watch, float, float]:
    """What was seen of a push, and seconds to its end and of the first build."""
    portal = scratch / "portal"
    install(repository, Settings(operators=(OPERATOR,), portal=str(portal)))
    (repository / gate_settings.FILE).write_text(
        gate_settings.as_yaml(Settings(operators=(OPERATOR,), portal=str(portal))), encoding="utf-8"
    )
    begun = time.perf_counter()
    _push(work, repository).wait()
    built = time.perf_counter() - begun
    _changed(work, "乙")
    seen = Watch(portal / "build/site", "datasets/a/d7/index.html", "第乙号数据")
    pushing = _push(work, repository)
    while pushing.poll() is None:
        seen.look()
        time.sleep(0.02)
    seen.look()
    taken = time.perf_counter() - seen.begun
    if not seen.lists:
        raise RuntimeError((work.parent / "push.log").read_text(encoding="utf-8"))
    rows = (portal / "build/site/datasets/a/d7/data/d.csv").read_text(encoding="utf-8")
    assert "乙" in rows
    return seen, taken, built


def _previewed(work: Path) -> float:
    """Seconds of the preview of the one dataset that differs from the commit before."""
    command = [sys.executable, "-m", "kaishu", "preview", "--root", str(work)]
    begun = time.perf_counter()
    subprocess.run(
        [*command, "--against", "HEAD~1", "--once", str(work.parent / "preview")],
        check=True, capture_output=True,
    )  # fmt: skip
    taken = time.perf_counter() - begun
    assert (work.parent / "preview/datasets/a/d7/index.html").is_file()
    return taken


def _changed(work: Path, value: str) -> str:
    """A commit that gives one dataset new rows and another title."""
    rows = "".join(f"{k},{value}{k}\n" for k in range(ROWS))
    (work / "datasets/a/d7/data/d.csv").write_text(f"k,v\n{rows}", encoding="utf-8")
    entry = ENTRY.format(n=7).replace("第7号", f"第{value}号")
    (work / "datasets/a/d7/datapackage.yaml").write_text(entry, encoding="utf-8")
    return _commit(work)


def _push(work: Path, repository: Path) -> subprocess.Popen[bytes]:
    command = ["git", "-C", str(work), "push", "-q", str(repository), "HEAD:main"]
    with (work.parent / "push.log").open("wb") as said:
        return subprocess.Popen(
            command,
            env={**os.environ, "KAISHU_PUSHER": OPERATOR},
            stdout=subprocess.DEVNULL,
            stderr=said,
        )


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
