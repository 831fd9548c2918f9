"""The table says of each day what the clock says, and is fast because it is computed once."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaishu.regulation.calendar import WorkingCalendar
from kaishu.regulation.due import last_day
from kaishu.regulation.model import Term, TermUnit
from kaishu.regulation.table import DueTable, WorkingDays

CALENDAR = WorkingCalendar.load()
DAYS = st.dates(date(2004, 1, 1), date(2030, 12, 31))


@pytest.mark.slow
@given(
    first=DAYS,
    length=st.integers(0, 40),
    amount=st.integers(1, 30),
    unit=st.sampled_from(TermUnit),
)
def test_the_table_agrees_with_the_clock(
    first: date, length: int, amount: int, unit: TermUnit
) -> None:
    term, last = Term(amount, unit), first + timedelta(days=length)
    days = [first + timedelta(days=n) for n in range(length + 1)]
    table = DueTable.of(term, CALENDAR, first, last)
    assert table.look_up(days) == [last_day(term, day, CALENDAR) for day in days]


def test_a_day_beyond_the_table_is_refused() -> None:
    day = date(2026, 3, 2)
    table = DueTable.of(Term(5, TermUnit.WORKING_DAY), CALENDAR, day, day)
    with pytest.raises(IndexError):
        table.look_up([day + timedelta(days=1)])


SPAN = WorkingDays.of(CALENDAR, date(2020, 1, 1), date(2028, 12, 31))
WITHIN = st.dates(date(2020, 1, 1), date(2028, 12, 31))


@given(start=DAYS, end=DAYS)
def test_the_calendar_counts_as_one_does_day_by_day(start: date, end: date) -> None:
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    assert CALENDAR.working_days(start, end) == sum(map(CALENDAR.is_working, days))


@given(start=WITHIN, end=WITHIN)
def test_working_days_between_two_days_agree_with_the_calendar(start: date, end: date) -> None:
    forth = (
        CALENDAR.working_days(start, end) if start <= end else -CALENDAR.working_days(end, start)
    )
    assert SPAN.between(start, end) == forth


@given(today=WITHIN, due=st.lists(WITHIN, max_size=20))
def test_days_left_of_many_are_those_of_each(today: date, due: list[date]) -> None:
    ordinals = np.array([day.toordinal() for day in due], np.int32)
    assert SPAN.left(today, ordinals).tolist() == [SPAN.between(today, day) for day in due]


def test_a_day_beyond_the_counts_is_refused_or_counts_as_the_nearest() -> None:
    with pytest.raises(IndexError):
        SPAN.between(date(2019, 12, 31), date(2020, 1, 2))
    with pytest.raises(IndexError):
        SPAN.between(date(2020, 1, 2), date(2029, 1, 1))
    far = np.array([date(9999, 12, 31).toordinal()], np.int32)
    assert SPAN.left(date(2028, 12, 31), far).tolist() == [0]
