"""Make data/calendar-days.csv from the holiday arrangements beside this dataset."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

HERE = Path(__file__).parent
CHANGES = HERE.parent / "holiday-arrangements" / "data" / "changes.csv"
FIRST, LAST = dt.date(2004, 1, 1), dt.date(2026, 12, 31)


def rows() -> list[tuple[object, ...]]:
    """(date, year, month, weekday, working, kind, holiday) of every day."""
    with CHANGES.open(encoding="utf-8", newline="") as file:
        changes = {row["date"]: row for row in csv.DictReader(file)}
    made: list[tuple[object, ...]] = []
    for n in range((LAST - FIRST).days + 1):
        day = FIRST + dt.timedelta(days=n)
        change = changes.get(day.isoformat())
        weekend = day.weekday() >= 5
        kind = change["kind"] if change else ("周末" if weekend else "工作日")
        working = kind in ("工作日", "调休上班")
        holiday = change["holiday"] if change else ""
        made.append(
            (day, day.year, day.month, day.isoweekday(), str(working).lower(), kind, holiday)
        )
    return made


if __name__ == "__main__":
    target = HERE / "data" / "calendar-days.csv"
    target.parent.mkdir(exist_ok=True)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["date", "year", "month", "weekday", "working", "kind", "holiday"])
        writer.writerows(rows())
