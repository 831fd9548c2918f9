"""Make data/traditional-festivals.csv: dates 1950–2050, computed with lunar_python."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

from lunar_python import Lunar, Solar

# Festival: (lunar month, lunar day) as in the traditional calendar.
LUNAR = {
    "春节": (1, 1),
    "元宵节": (1, 15),
    "端午节": (5, 5),
    "七夕节": (7, 7),
    "中元节": (7, 15),
    "中秋节": (8, 15),
    "重阳节": (9, 9),
    "腊八节": (12, 8),
}
YEARS = range(1950, 2051)


def lunar_date(year: int, month: int, day: int) -> dt.date:
    """The Gregorian date of a day of the lunar year."""
    solar = Lunar.fromYmd(year, month, day).getSolar()
    return dt.date(solar.getYear(), solar.getMonth(), solar.getDay())


def term_date(year: int, term: str) -> dt.date:
    """The Gregorian date of a solar term; `term` is its key in lunar_python's table of the year."""
    solar = Solar.fromYmd(year, 7, 1).getLunar().getJieQiTable()[term]
    return dt.date(solar.getYear(), solar.getMonth(), solar.getDay())


def rows() -> list[tuple[object, ...]]:
    """(date, festival, lunar year or none), every festival of the Gregorian years."""
    made: list[tuple[dt.date, str, str]] = []
    for year in range(YEARS.start - 1, YEARS.stop):
        for festival, (month, day) in LUNAR.items():
            made.append((lunar_date(year, month, day), festival, f"{month}月{day}日"))
        eve = lunar_date(year + 1, 1, 1) - dt.timedelta(days=1)
        made.append((eve, "除夕", "岁末最后一日"))
    for year in YEARS:
        made.append((term_date(year, "清明"), "清明节", "清明节气"))
    return [
        (day.year, festival, day, rule) for day, festival, rule in sorted(made) if day.year in YEARS
    ]


if __name__ == "__main__":
    target = Path(__file__).parent / "data" / "traditional-festivals.csv"
    target.parent.mkdir(exist_ok=True)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["year", "festival", "date", "rule"])
        writer.writerows(rows())
