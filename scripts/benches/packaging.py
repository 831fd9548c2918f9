"""Packaging beside Frictionless and DuckDB: tables judged and written, workbooks, a look for secrets.

`--rows N` sets the length of the long tables (1,000,000), `--quick` makes everything short, and
`--only NAME,…` measures some parts: clean, engine, errors, small, xlsx, large, crossover, secrets.
Each measurement is a process of its own: CPU seconds of the work alone, and the peak of its memory.
What is compared runs in turns, ours before theirs and after it, so that a noisy second decides nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from benches.packaging_jobs import COLUMNS, ERRORS

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS, QUICK = 1_000_000, 20_000
SMALL, FEW = 2_000, 50
SHEET = 100_000
MEMORY = 800 * 10**6
# So many pairs tell how much slower than the engine itself.
TURNS = 7
JOBS = Path(__file__).with_name("packaging_jobs.py")
SIZES = (50, 200, 500, 1_000, 2_000, 5_000)


def run(options: list[str]) -> list[dict[str, Any]]:
    """Every figure with its target, measured side by side."""
    quick = "--quick" in options
    rows = int(options[options.index("--rows") + 1]) if "--rows" in options else ROWS
    rows = min(rows, QUICK) if quick else rows
    small, sheet = (SMALL // 20, SHEET // 20) if quick else (SMALL, SHEET)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        parts: dict[str, Callable[[], list[dict[str, Any]]]] = {
            "clean": lambda: _clean(folder, rows),
            "engine": lambda: _engine(folder, rows),
            "errors": lambda: _wrong(folder, rows),
            "small": lambda: _many(folder, small),
            "xlsx": lambda: _sheets(folder, sheet),
            "large": lambda: _large(folder, rows * 10),
            "crossover": lambda: _crossover(folder),
            "secrets": lambda: _looked(folder, sheet),
        }
        wanted = options[options.index("--only") + 1].split(",") if "--only" in options else parts
        if unknown := set(wanted) - set(parts):
            raise SystemExit(f"no such part: {', '.join(unknown)}; there are {', '.join(parts)}")
        if set(wanted) & {"clean", "engine", "errors"}:
            work(folder, "tables", rows, 1)
        found = []
        for name in wanted:
            _say(f"{name} …")
            for row in parts[name]():
                _say(f"  {row['work']}: {row['measured']}")
                found.append(row)
    return found


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _clean(folder: Path, rows: int) -> list[dict[str, Any]]:
    ours, theirs = _in_turns(folder, "validate", "frictionless")
    both, converted = _in_turns(folder, "validate-parquet", "frictionless-convert")
    return [
        _less(f"validate {rows:,} clean rows", ours, theirs, 30),
        _less(f"validate + Parquet, {rows:,} rows", both, converted, 30, "validate + convert"),
    ]


def _engine(folder: Path, rows: int) -> list[dict[str, Any]]:
    """Beside DuckDB's own reading of the file, by the types that it finds, and writing of Parquet.

    Both have one thread, the same memory, the same form and kind of compression.
    """
    pairs = [(work(folder, "validate-parquet"), work(folder, "duckdb")) for _time in range(TURNS)]
    both, own = (median(one["cpu"] for one in side) for side in zip(*pairs, strict=True))
    ratio = median(ours["cpu"] / theirs["cpu"] for ours, theirs in pairs)
    return [_row(f"validate + Parquet, {rows:,} rows, beside DuckDB", both,
                 f"{ratio:.2f}× DuckDB's own read and write ({own:.2f} s; {TURNS} pairs)",
                 "≤ 1.8×", ratio <= 1.8)]  # fmt: skip


def _wrong(folder: Path, rows: int) -> list[dict[str, Any]]:
    ours, theirs = _in_turns(folder, "wrong", "frictionless-wrong")
    same = ours["found"] == theirs["found"]
    row = _less(f"{rows:,} rows with {ERRORS} errors", ours, theirs, 12)
    row["measured"] += ", the same errors" if same else ", OTHER errors"
    return [{**row, "met": row["met"] and same}]


def _many(folder: Path, count: int) -> list[dict[str, Any]]:
    work(folder, "packages", FEW, count)
    ours, theirs = _in_turns(folder, "small", "frictionless-small")
    return [
        _less(f"{count:,} packages of {FEW} rows, whole check with descriptor", ours, theirs, 10)
    ]


def _sheets(folder: Path, rows: int) -> list[dict[str, Any]]:
    ours, theirs = _in_turns(folder, "xlsx", "frictionless-xlsx", rows)
    return [_less(f"XLSX, {rows:,} × {COLUMNS}", ours, theirs, 20, "its writer")]


def _looked(folder: Path, rows: int) -> list[dict[str, Any]]:
    seconds = work(folder, "secrets", rows)["cpu"]
    return [_row(f"personal data looked for, {rows:,} × {COLUMNS}", seconds,
                 f"{rows / seconds:,.0f} rows a second", "≥ 100,000 rows a second",
                 rows / seconds >= 100_000)]  # fmt: skip


def _in_turns(
    folder: Path, ours: str, theirs: str, *numbers: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Our job before theirs and after it, with its CPU seconds' mean; and theirs."""
    before = work(folder, ours, *numbers)
    other = work(folder, theirs, *numbers)
    after = work(folder, ours, *numbers)
    return {**after, "cpu": (before["cpu"] + after["cpu"]) / 2}, other


def _large(folder: Path, rows: int) -> list[dict[str, Any]]:
    work(folder, "tables", rows, 0)
    done = work(folder, "validate-parquet")
    size = (folder / "companies.csv").stat().st_size
    return [_row(f"{rows:,} rows ({size / 10**9:.1f} GB), validate + Parquet", done["cpu"],
                 f"peak memory {done['peak'] / 10**6:.0f} MB", "< 800 MB", done["peak"] < MEMORY)]  # fmt: skip


def _crossover(folder: Path) -> list[dict[str, Any]]:
    """From which size on the engine takes less time than Python's csv."""
    from kaishu.packaging import verdict

    measured = []
    for rows in SIZES:
        work(folder, "tables", rows, 0)
        size = (folder / "companies.csv").stat().st_size
        measured.append((size, work(folder, "by-csv")["cpu"], work(folder, "by-engine")["cpu"]))
    sizes = [size for size, by_csv, by_engine in measured if by_engine < by_csv]
    crossed = min(sizes, default=0)
    low = max([size for size, by_csv, by_engine in measured if by_engine >= by_csv], default=0)
    text = ", ".join(f"{size // 1000} kB {by_csv * 1000:.0f}:{by_engine * 1000:.0f} ms"
                     for size, by_csv, by_engine in measured)  # fmt: skip
    return [_row("csv : engine", None, text, f"cross about {verdict.LARGE // 1000} kB",
                 low / 2 <= verdict.LARGE <= crossed * 2)]  # fmt: skip


def _less(
    work_: str, ours: dict[str, Any], theirs: dict[str, Any], target: int, of: str = ""
) -> Any:
    ratio = theirs["cpu"] / ours["cpu"]
    text = f"{ratio:.1f}× less than frictionless{f': {of}' if of else ''} ({theirs['cpu']:.2f} s)"
    return _row(work_, ours["cpu"], text, f"≥ {target}×", ratio >= target) | {"ratio": ratio}


def _row(work_: str, cpu: float | None, text: str, target: str, met: bool) -> dict[str, Any]:
    seconds = "" if cpu is None else f"{cpu:.2f} s CPU, "
    return {"work": work_, "measured": f"{seconds}{text}", "target": target, "met": met, "cpu": cpu}


def work(folder: Path, job: str, *numbers: int) -> dict[str, Any]:
    """One job in a process of its own: its CPU seconds, its peak memory in bytes, what it found."""
    command = [sys.executable, str(JOBS), str(folder), job, *map(str, numbers)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return dict(json.loads(done.stdout.splitlines()[-1]))
