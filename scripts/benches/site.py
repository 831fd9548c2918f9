"""The site: built whole, after one change, and after none, beside stock MkDocs, Hugo and the disk.

Options: `--datasets 1000,10000` (these by default), `--quick` for 200 alone, and `--whole-stock`
to wait for stock MkDocs at every size, where its time for many is told by its growth otherwise
(about 40 minutes more at 10,000). Entries are real ones where `KAISHU_CORPORA` names the folder of
reference data, else made up. What is said of none and of one change is the middle of three each,
right after the full build; the first change is the first ever made to the portal.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from benches import following, hugo, peers, portals, wire
from benches.cpu import spent
from benches.following import Watch
from kaishu.catalog.load import load
from kaishu.catalog.upkeep import last_updates
from kaishu.history.git import History
from kaishu.publishing.work import package_all

KAISHU = str(Path(sys.executable).with_name("kaishu"))
TOOLS = Path("build/bench").resolve()
# Stock MkDocs lists every page on every page, so its time grows with the square of their number:
# beyond this many it would take hours, and is told by what it took for these and for half of them.
STOCK = 1_000
# For its growth, too, the ratio to it is asked for at this size, and merely told below.
ASKED = 10_000
GB = 1024**3
# Modules of an installed package are compiled once; some environments forbid it.
INSTALLED = {key: v for key, v in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
Row = dict[str, Any]


def run(options: list[str]) -> list[Row]:
    """Figures of each size; the ratios are all of this one run."""
    counts = [200] if "--quick" in options else [1_000, 10_000]
    if "--datasets" in options:
        counts = [int(one) for one in options[options.index("--datasets") + 1].split(",")]
    whole_stock = "--whole-stock" in options
    program = hugo.program(TOOLS / "hugo")
    rows: list[Row] = []
    live: dict[int, float] = {}
    for count in sorted(counts):
        # On the disk that holds the project: releases share their files by links.
        TOOLS.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=TOOLS, prefix="portal-") as scratch:
            folder = Path(scratch).resolve()
            found, live[count] = _measure(folder, count, program, whole_stock=whole_stock)
            rows += found
    smallest, largest = min(live), max(live)
    if smallest != largest:
        ratio = live[largest] / live[smallest]
        rows.append(
            _row(
                f"one changed, {largest:,} against {smallest:,}",
                f"{ratio:.2f}×",
                "≤ 1.3×",
                ratio <= 1.3,
            )
        )
    return rows


def _measure(
    folder: Path, count: int, program: Path, *, whole_stock: bool
) -> tuple[list[Row], float]:
    root = portals.make(folder / "portal", count)
    (root / ".gitignore").write_text("/build/\n", encoding="utf-8")
    portals.commit(root, "ignore")
    whole, _none = _build(root)
    nothing = [_build(root)[0]["wall"] for _time in range(3)]
    changed = [_build(root, change=f"改过{number}的题目") for number in range(3)]
    live = [figures for figures, _watch in changed]
    watches = [watch for _figures, watch in changed if watch is not None]
    first = median(one.live for one in watches)
    rendering = [sys.executable, "-m", "benches.rendering", str(root)]
    rendering += [str(root / "build"), str(folder / "rendered")]
    scripts = Path(__file__).parents[1]
    done = subprocess.run(rendering, check=True, capture_output=True, text=True, cwd=scripts)
    ours = json.loads(done.stdout)
    catalog = load(root, dt.date.fromisoformat(portals.DAY[:10]))
    # As the build packaged them: what differed would be packaged once more.
    updated = last_updates(catalog, History.open(root))
    packages = package_all(catalog, root / "build", updated, engine="local", jobs=1).packages
    shown = [(one, packages[one.key]) for one in catalog.datasets]
    pages = sorted((folder / "rendered" / "pages").rglob("*.html"))
    theirs, reading = hugo.build(folder / "rendered" / "hugo", program)
    wrong = hugo.differs(folder / "rendered" / "hugo", folder / "rendered" / "pages")
    assert not wrong, wrong
    extrapolated = count > STOCK and not whole_stock
    stock = _stock(folder, shown) if extrapolated else peers.mkdocs(folder / "stock", shown)
    disk, size = _written(pages, folder / "disk")
    both = ours["site"] + ours["search"]
    about = f" ({count:,} datasets)"
    told = " (by its growth)" if extrapolated else ""
    rows = [
        _row(
            "pages and search, CPU against stock mkdocs-material" + about,
            f"{both:.1f} s, {stock / both:.0f}× less than its {stock:.0f} s{told}",
            "≥ 25× less" if count >= ASKED else "told",
            count < ASKED or stock / both >= 25,
        ),
        _row(
            "page rendering alone, CPU against Hugo" + about,
            f"{ours['pages']:.2f} s, {ours['pages'] / theirs:.2f}× its {theirs:.2f} s for the same"
            f" pages from the same values by our template in its language, {reading:.2f} s of it"
            " to read the values (ours are at hand, but put into words in our time)",
            "≤ 1×",
            ours["pages"] <= theirs,
        ),
        _row(
            "page rendering against writing the same bytes" + about,
            f"{ours['pages'] / disk:.1f}× of {size / 1024**2:.0f} MB in {disk:.2f} s CPU",
            "told",
            True,
        ),
        _row(
            "one dataset changed, its pages live" + about,
            f"{first:.2f} s (of {following.listed(one.live for one in watches)}); the whole command {min(o['wall'] for o in live):.1f} s"
            f" ({min(o['cpu'] for o in live):.1f} s CPU)",
            "≤ 1.5 s",
            first <= 1.5,
        ),
        following.row(watches, "one dataset changed" + about),
        _row(
            "nothing changed" + about,
            f"{median(nothing):.2f} s (of {following.listed(nothing)})",
            "≤ 1 s",
            median(nothing) <= 1,
        ),
        _row(
            "full build from nothing, packaging included" + about,
            f"{whole['wall']:.0f} s, {whole['cpu']:.0f} s CPU",
            "told",
            True,
        ),
        _row(
            "peak memory of it, all processes" + about,
            f"{whole['memory'] / GB:.2f} GB",
            "≤ 1.2 GB",
            whole["memory"] <= 1.2 * GB,
        ),
        *wire.rows(root, about),
    ]
    return rows, first


def _stock(folder: Path, shown: list[Any]) -> float:
    """CPU seconds of stock mkdocs-material for all that are `shown`, told by its growth."""
    count = len(shown)
    half = peers.mkdocs(folder / "half", shown[: STOCK // 2])
    most = peers.mkdocs(folder / "stock", shown[:STOCK])
    # t = a·n + b·n², by two points.
    b = max(most - 2 * half, 0) / (STOCK**2 / 2)
    a = (most - b * STOCK**2) / STOCK
    return a * count + b * count**2


def _build(root: Path, change: str = "") -> tuple[dict[str, float], Watch | None]:
    """Build once, after a change of one title where `change` gives one: seconds, CPU, bytes."""
    seen = None
    if change:
        path = next((root / "datasets").glob("*/e00007/datapackage.yaml"))
        lines = path.read_text(encoding="utf-8").splitlines()
        lines = [f"title: {change}" if line.startswith("title:") else line for line in lines]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        portals.commit(root, change)
        page = f"{path.parent.relative_to(root).as_posix()}/index.html"
        seen = Watch(root / "build/site", page, change)
    figures = {"memory": 0.0}
    begun = time.perf_counter()

    def build() -> None:
        command = [KAISHU, "build", "--root", str(root)]
        process = psutil.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=INSTALLED
        )
        watcher = threading.Thread(target=watch, args=(process,))
        watcher.start()
        assert process.wait() == 0
        watcher.join()
        if seen is not None:
            seen.look()

    def watch(process: psutil.Popen) -> None:
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            if seen is not None:
                seen.look()
            try:
                tree = [process, *process.children(recursive=True)]
                # What processes share is counted once.
                memory = sum(one.memory_full_info().pss for one in tree)
                figures["memory"] = max(figures["memory"], memory)
            except psutil.NoSuchProcess:
                continue
            time.sleep(0.01 if seen is not None and not seen.live else 0.1)

    figures["cpu"] = spent(build)
    return {**figures, "wall": time.perf_counter() - begun}, seen


def _written(pages: list[Path], target: Path) -> tuple[float, int]:
    """CPU seconds for writing the same bytes to as many files, and how many bytes."""
    contents = [page.read_bytes() for page in pages]
    begun = time.process_time()
    for number, content in enumerate(contents):
        folder = target / str(number)
        folder.mkdir(parents=True)
        (folder / "index.html").write_bytes(content)
    return time.process_time() - begun, sum(map(len, contents))


def _row(work: str, measured: str, target: str, met: bool) -> Row:
    return {"work": work, "measured": measured, "target": target, "met": met}
