"""Computed holidays, held against the days that the notices really gave."""

from __future__ import annotations

from datetime import date

import pytest
from chinese_calendar import constants, is_workday

from kaishu.regulation import statutory

# The package's words for the holidays that we compute.
NAMES = {
    statutory.NEW_YEAR: "New Year's Day",
    statutory.SPRING: "Spring Festival",
    statutory.QINGMING: "Tomb-sweeping Day",
    statutory.LABOUR: "Labour Day",
    statutory.DRAGON_BOAT: "Dragon Boat Festival",
    statutory.MID_AUTUMN: "Mid-autumn Festival",
    statutory.NATIONAL: "National Day",
}


@pytest.mark.parametrize("year", range(2008, 2027))
def test_each_principal_day_was_off_under_its_own_name(year: int) -> None:
    for name, day in statutory.principal_days(year).items():
        assert not is_workday(day), (name, day)
        # The table keeps one name where two holidays fall together, and on a weekend maybe none.
        shared = list(statutory.principal_days(year).values()).count(day) > 1
        assert shared or constants.holidays.get(day, NAMES[name]) == NAMES[name], day


@pytest.mark.parametrize("year", [2025, 2026])
def test_every_statutory_day_of_the_present_rules_was_off(year: int) -> None:
    days = statutory.holidays(year)
    assert len(days) == 13
    assert not any(is_workday(day) for day in days)


def test_spring_festival_begins_on_the_eve() -> None:
    spring = [day for day, name in statutory.holidays(2027).items() if name == statutory.SPRING]
    assert spring == [date(2027, 2, day) for day in (5, 6, 7, 8)]


@pytest.mark.parametrize("year", [1, 1582, 1901, 2033, 2100, 3000, 9999])
def test_no_year_is_an_error(year: int) -> None:
    assert {day.year for day in statutory.holidays(year)} == {year}
