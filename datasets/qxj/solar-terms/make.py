"""Make data/solar-terms.csv: the moments of the 24 solar terms 2004–2030, computed with PyEphem."""

from __future__ import annotations

import csv
import datetime as dt
import math
from pathlib import Path

import ephem

# The year's terms in the order of its months; the first, 小寒, is at 285° of solar longitude.
TERMS = [
    "小寒",
    "大寒",
    "立春",
    "雨水",
    "惊蛰",
    "春分",
    "清明",
    "谷雨",
    "立夏",
    "小满",
    "芒种",
    "夏至",
    "小暑",
    "大暑",
    "立秋",
    "处暑",
    "白露",
    "秋分",
    "寒露",
    "霜降",
    "立冬",
    "小雪",
    "大雪",
    "冬至",
]
YEARS = range(2004, 2031)
BEIJING_TIME = dt.timedelta(hours=8)


def longitude(moment: float) -> float:
    """Apparent geocentric ecliptic longitude of the sun, degrees, equinox of date."""
    sun = ephem.Sun(moment)
    # g_ra and g_dec are apparent; Ecliptic of the body itself would leave out aberration.
    apparent = ephem.Equatorial(sun.g_ra, sun.g_dec, epoch=moment)
    return math.degrees(ephem.Ecliptic(apparent, epoch=moment).lon)


def moment_of(target: float, near: dt.datetime) -> dt.datetime:
    """When, in UTC and around `near`, the sun's longitude is `target` degrees."""
    moment = float(ephem.Date(near))
    for _ in range(20):
        away = (target - longitude(moment) + 180) % 360 - 180
        moment += away * 365.2422 / 360
        if abs(away) < 1e-7:
            break
    return ephem.Date(moment).datetime()


def rows() -> list[tuple[object, ...]]:
    """(year, order, term, solar longitude, date, time) of every term, in Beijing time."""
    made: list[tuple[object, ...]] = []
    for year in YEARS:
        for index, term in enumerate(TERMS):
            target = (285 + 15 * index) % 360
            near = dt.datetime(year, 1, 6) + dt.timedelta(days=15.2184 * index)
            moment = moment_of(target, near) + BEIJING_TIME + dt.timedelta(seconds=30)
            made.append((year, index + 1, term, target, moment.date(), moment.strftime("%H:%M")))
    return made


if __name__ == "__main__":
    path = Path(__file__).parent / "data" / "solar-terms.csv"
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["year", "order", "term", "solar_longitude", "date", "time"])
        writer.writerows(rows())
