"""The lunar calendar recomputed from the astronomy it rests on, with PyEphem.

GB/T 33661—2017: a month begins on the day of the new moon in Beijing time, the winter solstice
lies in month 11, and of thirteen months between two of them the first without a principal term
is the leap month.
"""

from __future__ import annotations

import datetime as dt
import math
from functools import cache
from itertools import pairwise

import ephem
from tests.datasets.tables import rows

BEIJING_TIME = dt.timedelta(hours=8)


def beijing_day(moment: float) -> dt.date:
    return (ephem.Date(moment).datetime() + BEIJING_TIME).date()


@cache
def principal_terms() -> frozenset[dt.date]:
    """Days on which the sun's apparent longitude passes a multiple of 30 degrees."""
    found: set[dt.date] = set()
    day = float(ephem.Date("1948/12/1"))
    while day < float(ephem.Date("2052/2/1")):
        sector, after = (int(_longitude(day + n) // 30) for n in (0, 1))
        if sector != after:
            low, high = day, day + 1
            while high - low > 1e-6:
                middle = (low + high) / 2
                if int(_longitude(middle) // 30) == sector:
                    low = middle
                else:
                    high = middle
            found.add(beijing_day(high))
        day += 1
    return frozenset(found)


def _longitude(moment: float) -> float:
    sun = ephem.Sun(moment)
    apparent = ephem.Equatorial(sun.g_ra, sun.g_dec, epoch=moment)
    return math.degrees(ephem.Ecliptic(apparent, epoch=moment).lon) % 360


@cache
def month_starts() -> tuple[dt.date, ...]:
    starts: list[dt.date] = []
    moment = ephem.next_new_moon("1948/10/1")
    while moment < ephem.Date("2052/3/1"):
        starts.append(beijing_day(moment))
        moment = ephem.next_new_moon(moment)
    return tuple(starts)


@cache
def months() -> dict[tuple[int, int, bool], dt.date]:
    """First day by (lunar year, month, whether leap)."""
    starts = month_starts()
    eleventh: list[int] = []
    for year in range(1949, 2052):
        solstice = beijing_day(ephem.next_winter_solstice(f"{year}/12/1"))
        eleventh.append(max(i for i, start in enumerate(starts) if start <= solstice))
    named: dict[tuple[int, int, bool], dt.date] = {}
    for year, (first, last) in enumerate(pairwise(eleventh), start=1949):
        number, leap_seen, has_leap = 11, False, last - first == 13
        lunar_year = year
        for i in range(first, last):
            end = starts[i + 1]
            holds_term = any(starts[i] <= day < end for day in principal_terms())
            leap = has_leap and not leap_seen and not holds_term
            if i > first and not leap:
                number = number % 12 + 1
                lunar_year += number == 1
            leap_seen |= leap
            named[lunar_year, number, leap] = starts[i]
    return named


def lunar_day(year: int, month: int, day: int) -> dt.date:
    return months()[year, month, False] + dt.timedelta(days=day - 1)


def test_new_years_day_length_and_leap_month_of_a_century_are_as_computed() -> None:
    table = rows("wlj/lunar-years/lunar-years.csv")
    assert [int(row["year"]) for row in table] == list(range(1950, 2051))
    for row in table:
        year = int(row["year"])
        first, following = lunar_day(year, 1, 1), lunar_day(year + 1, 1, 1)
        leap = [str(number) for (y, number, is_leap) in months() if y == year and is_leap]
        assert row["first_day"] == first.isoformat()
        assert int(row["days"]) == (following - first).days
        assert [row["leap_month"]] == (leap or [""])


def test_stems_branches_and_animals_follow_the_cycle_of_sixty() -> None:
    for row in rows("wlj/lunar-years/lunar-years.csv"):
        since = int(row["year"]) - 1984  # 甲子
        name = "甲乙丙丁戊己庚辛壬癸"[since % 10] + "子丑寅卯辰巳午未申酉戌亥"[since % 12]
        assert row["stem_branch"] == name
        assert row["animal"] == "鼠牛虎兔龙蛇马羊猴鸡狗猪"[since % 12]


def test_lunar_festivals_fall_on_the_computed_days() -> None:
    fixed = {
        "春节": (1, 1),
        "元宵节": (1, 15),
        "端午节": (5, 5),
        "七夕节": (7, 7),
        "中元节": (7, 15),
        "中秋节": (8, 15),
        "重阳节": (9, 9),
        "腊八节": (12, 8),
    }
    expected: set[tuple[str, str]] = set()
    for year in range(1949, 2051):
        for festival, (month, day) in fixed.items():
            if (year, month, False) in months():
                expected.add((festival, lunar_day(year, month, day).isoformat()))
        eve = lunar_day(year + 1, 1, 1) - dt.timedelta(days=1)
        expected.add(("除夕", eve.isoformat()))
    expected = {one for one in expected if "1950" <= one[1][:4] <= "2050"}
    table = rows("wlj/traditional-festivals/traditional-festivals.csv")
    ours = {(row["festival"], row["date"]) for row in table if row["festival"] != "清明节"}
    assert ours == expected
    assert all(row["year"] == row["date"][:4] for row in table)


def test_qingming_falls_on_the_day_on_which_the_sun_passes_fifteen_degrees() -> None:
    table = rows("wlj/traditional-festivals/traditional-festivals.csv")
    qingming = {row["year"]: row["date"] for row in table if row["festival"] == "清明节"}
    assert list(qingming) == [str(year) for year in range(1950, 2051)]
    for date in qingming.values():
        midnight = float(ephem.Date(dt.datetime.fromisoformat(date) - BEIJING_TIME))
        assert _longitude(midnight) < 15 <= _longitude(midnight + 1)
