"""Benchmarks by area: each prints ratios measured in one run and keeps them in build/reports/.

`scripts/bench AREA --help` tells an area's options; `--json` prints the figures as JSON.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

AREAS = ("regulation", "packaging", "gate", "dask", "cases", "site")
REPORTS = Path("build/reports")


def main(arguments: list[str]) -> int:
    """Run the area that is named first; the rest are its own options."""
    if not arguments or arguments[0] not in AREAS:
        print(f"usage: scripts/bench {'|'.join(AREAS)} [options]", file=sys.stderr)
        return 2
    sys.path.insert(0, str(Path(__file__).parent))
    area = importlib.import_module(f"benches.{arguments[0]}")
    if {"-h", "--help"} & set(arguments):
        print(f"scripts/bench {arguments[0]} [options]\n\n{area.__doc__}\n{area.run.__doc__}")
        return 0
    rows = area.run(arguments[1:])
    if "--json" in arguments:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return _report(arguments[0], rows, arguments)
    width = max(len(row["work"]) for row in rows)
    for row in rows:
        verdict = "meets" if row["met"] else "misses"
        print(f"{row['work']:<{width}}  {row['measured']}  {verdict} {row['target']}")
    return _report(arguments[0], rows, arguments)


def _report(area: str, rows: list[dict[str, Any]], options: list[str]) -> int:
    REPORTS.mkdir(parents=True, exist_ok=True)
    report = REPORTS / f"bench-{area}.json"
    if "--only" in options and report.exists():
        # What was measured before in another piece is kept.
        now = {row["work"] for row in rows}
        rows = [
            *(row for row in json.loads(report.read_text("utf-8")) if row["work"] not in now),
            *rows,
        ]
    report.write_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
