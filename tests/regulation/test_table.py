"""The table says of each day what the clock says, and is fast because it is computed once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaishu.regulation.calendar import WorkingCalendar
from kaishu.regulation.due import last_day
from kaishu.regulation.model import Term, TermUnit
from kaishu.regulation.table import DueTable

CALENDAR = WorkingCalendar.load()
DAYS = st.dates(date(2004, 1, 1), date(2030, 12, 31))


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
