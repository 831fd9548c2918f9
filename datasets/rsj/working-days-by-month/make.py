"""Make data/working-days-by-month.csv by counting the calendar days beside this dataset."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
DAYS = HERE.parent / "calendar-days" / "data" / "calendar-days.csv"


def rows() -> list[tuple[object, ...]]:
    """(month, calendar days, working days, rest days) of every month."""
    total: Counter[str] = Counter()
    working: Counter[str] = Counter()
    with DAYS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            month = row["date"][:7]
            total[month] += 1
            working[month] += row["working"] == "true"
    return [(month, n, working[month], n - working[month]) for month, n in sorted(total.items())]


if __name__ == "__main__":
    target = HERE / "data" / "working-days-by-month.csv"
    target.parent.mkdir(exist_ok=True)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["month", "calendar_days", "working_days", "rest_days"])
        writer.writerows(rows())
