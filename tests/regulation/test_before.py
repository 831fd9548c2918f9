"""A notice ahead of an act: counted backwards, earlier over rest days, never shorter."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaishu.base.errors import UsageError
from kaishu.regulation.before import latest_notice
from kaishu.regulation.calendar import WorkingCalendar
from kaishu.regulation.due import months_later
from kaishu.regulation.model import Term, TermUnit

CALENDAR = WorkingCalendar.load()
MONTH = Term(1, TermUnit.MONTH)


@pytest.mark.parametrize(
    ("act", "latest", "why"),
    [
        (date(2026, 6, 25), date(2026, 5, 25), "周一，原日"),
        (date(2025, 3, 31), date(2025, 2, 28), "二月没有31日，为28日（周五）"),
        (date(2024, 3, 31), date(2024, 2, 29), "闰年，为29日（周四）"),
        (date(2026, 3, 31), date(2026, 2, 28), "28日为周六，但为调休上班日"),
        (date(2026, 11, 9), date(2026, 10, 9), "国庆假期之后的周五"),
        (date(2026, 11, 5), date(2026, 9, 30), "10月5日在国庆假期内，提前到9月30日"),
        (date(2026, 9, 24), date(2026, 8, 24), "周一，原日"),
        (date(2026, 9, 23), date(2026, 8, 21), "8月23日为周日，提前到周五"),
    ],
)
def test_a_month_ahead(act: date, latest: date, why: str) -> None:
    assert latest_notice(MONTH, act, CALENDAR).date == latest, why


def test_calendar_days_and_working_days_are_counted_back_from_the_day_before() -> None:
    act = date(2026, 10, 12)
    assert latest_notice(Term(3, TermUnit.CALENDAR_DAY), act, CALENDAR).date == date(2026, 10, 9)
    # 10 October is a working Saturday; 1–7 October are holidays.
    found = latest_notice(Term(3, TermUnit.WORKING_DAY), act, CALENDAR)
    assert found.date == date(2026, 10, 8)
    assert [day.date.day for day in found.days if day.counted] == [10, 9, 8]


def test_each_day_says_what_it_was() -> None:
    days = latest_notice(MONTH, date(2026, 11, 5), CALENDAR).days
    assert days[0].date == date(2026, 11, 4)
    assert [(day.date.day, day.counted) for day in days[-6:]] == [
        (5, True), (4, False), (3, False), (2, False), (1, False), (30, False),
    ]  # fmt: skip


def test_a_span_in_a_year_without_a_notice_is_provisional() -> None:
    assert latest_notice(MONTH, date(2031, 6, 2), CALENDAR).provisional
    assert not latest_notice(MONTH, date(2026, 6, 25), CALENDAR).provisional


def test_before_the_first_year_nothing_is_computed() -> None:
    with pytest.raises(UsageError):
        latest_notice(MONTH, date(1, 1, 10), CALENDAR)
    with pytest.raises(UsageError):
        latest_notice(Term(10, TermUnit.CALENDAR_DAY), date(1, 1, 5), CALENDAR)


@given(
    act=st.dates(date(2005, 1, 1), date(2026, 11, 30)),
    amount=st.integers(1, 12),
    unit=st.sampled_from(list(TermUnit)),
)
def test_the_notice_and_its_term_never_reach_beyond_the_act(
    act: date, amount: int, unit: TermUnit
) -> None:
    notice = latest_notice(Term(amount, unit), act, CALENDAR).date
    assert CALENDAR.is_working(notice)
    if unit is TermUnit.MONTH:
        assert months_later(notice, amount) <= act
    elif unit is TermUnit.CALENDAR_DAY:
        assert notice + timedelta(days=amount) <= act
    else:
        between = [notice + timedelta(days=n) for n in range((act - notice).days)]
        assert sum(map(CALENDAR.is_working, between)) == amount


@given(act=st.dates(date(2005, 1, 1), date(2026, 11, 29)), amount=st.integers(1, 6))
def test_a_later_act_never_asks_for_an_earlier_notice(act: date, amount: int) -> None:
    term = Term(amount, TermUnit.MONTH)
    later = latest_notice(term, act + timedelta(days=1), CALENDAR).date
    assert latest_notice(term, act, CALENDAR).date <= later
