"""Make data/sun-times.csv: sunrise, sunset and day length of Yingkou, computed with astral."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

from astral import Observer
from astral.sun import noon, sunrise, sunset

YINGKOU = Observer(latitude=40.66472, longitude=122.23176, elevation=0)
BEIJING_TIME = ZoneInfo("Asia/Shanghai")
FIRST, LAST = dt.date(2026, 1, 1), dt.date(2027, 12, 31)


def clock(moment: dt.datetime) -> str:
    """Hours and minutes, to the nearest minute."""
    return (moment + dt.timedelta(seconds=30)).strftime("%H:%M")


def rows() -> list[tuple[object, ...]]:
    """(date, sunrise, solar noon, sunset, day length in minutes) of every day."""
    made: list[tuple[object, ...]] = []
    for n in range((LAST - FIRST).days + 1):
        day = FIRST + dt.timedelta(days=n)
        up = sunrise(YINGKOU, date=day, tzinfo=BEIJING_TIME)
        down = sunset(YINGKOU, date=day, tzinfo=BEIJING_TIME)
        middle = noon(YINGKOU, date=day, tzinfo=BEIJING_TIME)
        length = round((down - up).total_seconds() / 60)
        made.append((day, clock(up), clock(middle), clock(down), length))
    return made


if __name__ == "__main__":
    target = Path(__file__).parent / "data" / "sun-times.csv"
    target.parent.mkdir(exist_ok=True)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["date", "sunrise", "solar_noon", "sunset", "day_length_minutes"])
        writer.writerows(rows())
