"""Holidays and working days against `holidays`, whose record was made apart from chinesecalendar."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter

import chinese_calendar
import holidays
from tests.datasets.tables import corpus, rows

FIRST, LAST = dt.date(2004, 1, 1), dt.date(2026, 12, 31)
CHINA = holidays.country_holidays("CN", years=range(2004, 2028))


def every_day() -> list[dt.date]:
    return [FIRST + dt.timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


def test_every_day_of_23_years_is_worked_or_not_as_the_notices_say() -> None:
    table = rows("rsj/calendar-days/calendar-days.csv")
    assert [row["date"] for row in table] == [day.isoformat() for day in every_day()]
    ours = {row["date"]: row["working"] == "true" for row in table}
    assert ours == {day.isoformat(): CHINA.is_working_day(day) for day in every_day()}


def test_the_days_differ_from_chinesecalendar_only_where_the_notice_for_2006_does() -> None:
    ours = {
        row["date"]: row["working"] == "true" for row in rows("rsj/calendar-days/calendar-days.csv")
    }
    differing = [
        day for day in every_day() if ours[day.isoformat()] is not chinese_calendar.is_workday(day)
    ]
    assert differing == [dt.date(2005, 12, 31)]


def test_a_calendar_day_names_its_year_month_weekday_and_kind() -> None:
    for row in rows("rsj/calendar-days/calendar-days.csv"):
        day = dt.date.fromisoformat(row["date"])
        assert (row["year"], row["month"]) == (str(day.year), str(day.month))
        assert row["weekday"] == str(day.isoweekday())
        kinds = {
            (True, False): "工作日",
            (True, True): "调休上班",
            (False, False): "放假",
            (False, True): "周末",
        }
        assert row["kind"] == kinds[row["working"] == "true", day.weekday() >= 5]
        assert bool(row["holiday"]) == (row["kind"] in ("放假", "调休上班"))


def test_the_changes_are_the_days_on_which_a_notice_departs_from_the_week() -> None:
    changed = {
        day.isoformat(): "调休上班" if CHINA.is_working_day(day) else "放假"
        for day in every_day()
        if CHINA.is_working_day(day) != (day.weekday() < 5)
    }
    table = rows("rsj/holiday-arrangements/changes.csv")
    assert {row["date"]: row["kind"] for row in table} == changed
    for row in table:
        weekday = dt.date.fromisoformat(row["date"]).weekday()
        assert row["weekday"] == "星期" + "一二三四五六日"[weekday]


def test_the_breaks_are_the_whole_runs_of_days_off_around_statutory_days() -> None:
    table = rows("rsj/holiday-arrangements/breaks.csv")
    covered: set[dt.date] = set()
    for row in table:
        first, last = (dt.date.fromisoformat(row[end]) for end in ("first_day", "last_day"))
        run = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
        assert int(row["days"]) == len(run)
        assert not any(CHINA.is_working_day(day) for day in run)
        assert first == FIRST or CHINA.is_working_day(first - dt.timedelta(days=1))
        assert CHINA.is_working_day(last + dt.timedelta(days=1))
        covered.update(run)
    weekdays_off = {d for d in every_day() if d.weekday() < 5 and not CHINA.is_working_day(d)}
    assert weekdays_off <= covered


def test_each_year_has_the_breaks_of_the_statutory_holidays_of_its_time() -> None:
    three = ["元旦", "春节", "劳动节", "国庆节"]
    seven = [*three, "清明节", "端午节", "中秋节"]
    for year in range(2004, 2027):
        named = Counter(
            name
            for row in rows("rsj/holiday-arrangements/breaks.csv")
            if row["last_day"].startswith(str(year))
            for name in row["holiday"].split("、")
        )
        expected = Counter(three if year < 2008 else seven)
        if year == 2015:
            expected["中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日"] = 1
        assert named == expected, year


def test_the_months_count_what_the_notices_leave_to_work() -> None:
    table = rows("rsj/working-days-by-month/working-days-by-month.csv")
    days = Counter(day.isoformat()[:7] for day in every_day())
    worked = Counter(day.isoformat()[:7] for day in every_day() if CHINA.is_working_day(day))
    assert {row["month"]: int(row["calendar_days"]) for row in table} == days
    assert {row["month"]: int(row["working_days"]) for row in table} == worked
    for row in table:
        assert int(row["rest_days"]) == int(row["calendar_days"]) - int(row["working_days"])


def test_the_changes_agree_with_the_yearly_notices_where_they_are_at_hand() -> None:
    changes = {row["date"]: row["kind"] for row in rows("rsj/holiday-arrangements/changes.csv")}
    assert changes["2026-10-10"] == "调休上班"
    for year in range(2007, 2027):
        file = corpus(f"zh/holidays/holiday-cn/{year}.json")
        if file is None:
            return
        for day in json.loads(file.read_text(encoding="utf-8"))["days"]:
            date = dt.date.fromisoformat(day["date"])
            if day["isOffDay"] == (date.weekday() < 5):
                assert changes[day["date"]] == ("放假" if day["isOffDay"] else "调休上班")
            else:
                assert day["date"] not in changes
