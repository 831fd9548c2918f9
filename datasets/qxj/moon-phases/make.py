"""Make data/moon-phases.csv: the moments of the moon's phases 2004–2030, computed with PyEphem."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import ephem

PHASES = {
    "朔": ephem.next_new_moon,
    "上弦": ephem.next_first_quarter_moon,
    "望": ephem.next_full_moon,
    "下弦": ephem.next_last_quarter_moon,
}
FIRST, END = dt.datetime(2004, 1, 1), dt.datetime(2031, 1, 1)
BEIJING_TIME = dt.timedelta(hours=8)


def rows() -> list[tuple[object, ...]]:
    """(date, time, phase) of every phase, in Beijing time."""
    moments: list[tuple[dt.datetime, str]] = []
    for phase, following in PHASES.items():
        moment = following(ephem.Date(FIRST - BEIJING_TIME))
        while (local := moment.datetime() + BEIJING_TIME) < END:
            moments.append((local + dt.timedelta(seconds=30), phase))
            moment = following(moment)
    return [(one.date(), one.strftime("%H:%M"), phase) for one, phase in sorted(moments)]


if __name__ == "__main__":
    target = Path(__file__).parent / "data" / "moon-phases.csv"
    target.parent.mkdir(exist_ok=True)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["date", "time", "phase"])
        writer.writerows(rows())
