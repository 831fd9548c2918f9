"""Sun and moon against libraries other than those that made the tables."""

from __future__ import annotations

import datetime as dt
import math

import ephem
from lunar_python import Solar
from lunar_python.util import ShouXingUtil
from tests.datasets.tables import rows

J2000 = dt.datetime.fromisoformat("2000-01-01T12:00")
BEIJING_TIME = dt.timedelta(hours=8)
MINUTE = dt.timedelta(minutes=1)


def moment(row: dict[str, str], column: str = "time") -> dt.datetime:
    return dt.datetime.fromisoformat(f"{row['date']}T{row[column]}")


def yingkou(day: dt.datetime) -> ephem.Observer:
    """Where the table says it is computed, from the midnight that begins `day` in Beijing."""
    place = ephem.Observer()
    place.lat, place.lon, place.elevation = "40.66472", "122.23176", 0
    place.pressure, place.horizon = 0, "-0:34"
    place.date = day - BEIJING_TIME
    return place


def test_the_sun_rises_culminates_and_sets_as_ephem_computes() -> None:
    table = rows("qxj/sun-times/sun-times.csv")
    assert len(table) == 730
    for row in table:
        midnight = dt.datetime.fromisoformat(row["date"])
        place = yingkou(midnight)
        sun = ephem.Sun()
        up = place.next_rising(sun).datetime() + BEIJING_TIME
        down = place.next_setting(sun).datetime() + BEIJING_TIME
        noon = place.next_transit(sun).datetime() + BEIJING_TIME
        assert abs(moment(row, "sunrise") - up) <= 2 * MINUTE
        assert abs(moment(row, "sunset") - down) <= 2 * MINUTE
        assert abs(moment(row, "solar_noon") - noon) <= MINUTE
        assert abs(int(row["day_length_minutes"]) * MINUTE - (down - up)) <= 2 * MINUTE


def test_the_longest_and_shortest_days_of_a_year_are_at_the_solstices() -> None:
    table = [row for row in rows("qxj/sun-times/sun-times.csv") if row["date"] < "2027"]
    by_length = sorted(table, key=lambda row: int(row["day_length_minutes"]))
    shortest, longest = by_length[0]["day_length_minutes"], by_length[-1]["day_length_minutes"]
    ends = {row["date"]: row["day_length_minutes"] for row in table}
    assert ends["2026-06-21"] == longest
    assert ends["2026-12-22"] == shortest


def test_the_solar_terms_come_at_the_minute_that_lunar_python_computes() -> None:
    table = rows("qxj/solar-terms/solar-terms.csv")
    assert len(table) == 27 * 24
    for year in range(2004, 2031):
        theirs = Solar.fromYmd(year, 7, 1).getLunar().getJieQiTable()
        # The calendar's own list runs from the winter solstice before the year; the next one
        # stands under its pinyin.
        terms = [row for row in table if row["year"] == str(year)]
        assert len(terms) == 24
        for row in terms:
            key = "DONG_ZHI" if row["term"] == "冬至" else row["term"]
            written = theirs[key].toYmdHms()
            assert abs(moment(row) - dt.datetime.fromisoformat(written)) <= MINUTE
            assert moment(row).year == year


def test_a_solar_term_is_a_multiple_of_fifteen_degrees_after_the_equinox() -> None:
    for row in rows("qxj/solar-terms/solar-terms.csv"):
        spring = ["春分", "清明", "谷雨", "立夏", "小满", "芒种", "夏至", "小暑", "大暑", "立秋"]
        autumn = ["处暑", "白露", "秋分", "寒露", "霜降", "立冬", "小雪", "大雪", "冬至"]
        winter = ["小寒", "大寒", "立春", "雨水", "惊蛰"]
        assert int(row["solar_longitude"]) == 15 * [*spring, *autumn, *winter].index(row["term"])
        assert (int(row["order"]) - 1) * 15 == (int(row["solar_longitude"]) - 285) % 360


def test_the_moons_phases_come_at_the_minute_that_the_shouxing_calendar_computes() -> None:
    table = rows("qxj/moon-phases/moon-phases.csv")
    quarter = {"朔": 0, "上弦": 1, "望": 2, "下弦": 3}
    synodic_month = 29.530588853
    for row in table:
        days = (moment(row) - J2000) / dt.timedelta(days=1)
        # Elongation grows by a full turn a month; new moon of 6 January 2000 is lunation 0.
        lunation = round((days - 5.26 - quarter[row["phase"]] * synodic_month / 4) / synodic_month)
        elongation = (lunation + quarter[row["phase"]] / 4) * 2 * math.pi
        theirs = ShouXingUtil.msaLonT(elongation) * 36525
        theirs += 1 / 3 - ShouXingUtil.dtT(theirs)
        assert abs(days - theirs) * 1440 <= 1.5, row


def test_no_phase_of_the_moon_is_left_out() -> None:
    phases = [row["phase"] for row in rows("qxj/moon-phases/moon-phases.csv")]
    turn = ["朔", "上弦", "望", "下弦"]
    start = turn.index(phases[0])
    assert phases == [turn[(start + n) % 4] for n in range(len(phases))]
    span = dt.date(2031, 1, 1) - dt.date(2004, 1, 1)
    assert abs(len(phases) - span.days / 29.530588853 * 4) <= 1
