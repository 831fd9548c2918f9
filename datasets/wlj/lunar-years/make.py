"""Make data/lunar-years.csv: the lunar years 1950–2050, computed with lunar_python."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

from lunar_python import LunarYear

YEARS = range(1950, 2051)


def first_day(year: int) -> dt.date:
    """The Gregorian date of the first day of the lunar year."""
    julian_day = LunarYear.fromYear(year).getMonth(1).getFirstJulianDay()
    return dt.date(2000, 1, 1) + dt.timedelta(days=round(julian_day - 2451545))


def rows() -> list[tuple[object, ...]]:
    """(year, stem-branch name, animal, first day, days, leap month or none)."""
    made: list[tuple[object, ...]] = []
    for year in YEARS:
        lunar = LunarYear.fromYear(year)
        days = (first_day(year + 1) - first_day(year)).days
        animal = "鼠牛虎兔龙蛇马羊猴鸡狗猪"[(year - 4) % 12]
        leap = lunar.getLeapMonth() or ""
        made.append((year, lunar.getGanZhi(), animal, first_day(year), days, leap))
    return made


if __name__ == "__main__":
    target = Path(__file__).parent / "data" / "lunar-years.csv"
    target.parent.mkdir(exist_ok=True)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["year", "stem_branch", "animal", "first_day", "days", "leap_month"])
        writer.writerows(rows())
