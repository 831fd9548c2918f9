"""What holds of the clock for every day and every term, and an oracle written another way."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.regulation.made import regulation

from kaishu.base.clock import SHANGHAI
from kaishu.regulation.calendar import WorkingCalendar
from kaishu.regulation.due import due, last_day
from kaishu.regulation.model import Term, TermUnit

CALENDAR = WorkingCalendar.load()
DAYS = st.dates(date(2004, 1, 1), date(2032, 12, 31))
AMOUNTS = st.integers(1, 60)
TERMS = st.builds(Term, AMOUNTS, st.sampled_from(TermUnit))


def working(amount: int) -> Term:
    return Term(amount, TermUnit.WORKING_DAY)


@given(day=DAYS, later=st.integers(0, 400), term=TERMS)
def test_a_later_receipt_is_never_due_earlier(day: date, later: int, term: Term) -> None:
    assert last_day(term, day, CALENDAR) <= last_day(term, day + timedelta(days=later), CALENDAR)


@given(day=DAYS, one=AMOUNTS, other=AMOUNTS)
def test_working_days_add_up(day: date, one: int, other: int) -> None:
    between = last_day(working(one), day, CALENDAR)
    assert last_day(working(other), between, CALENDAR) == last_day(
        working(one + other), day, CALENDAR
    )


@given(day=DAYS, term=TERMS, added=TERMS)
def test_an_extension_never_shortens(day: date, term: Term, added: Term) -> None:
    assert last_day(term, day, CALENDAR, added) >= last_day(term, day, CALENDAR)


@given(day=DAYS, term=TERMS)
def test_every_last_day_is_a_working_day_after_receipt(day: date, term: Term) -> None:
    last = last_day(term, day, CALENDAR)
    assert last > day
    assert CALENDAR.is_working(last)


@given(day=DAYS, amount=AMOUNTS)
def test_the_count_agrees_with_numpys_business_days(day: date, amount: int) -> None:
    """An oracle of another make: a week mask of seven days and every day off by name."""
    off = [
        day + timedelta(days=n)
        for n in range(1, amount * 3 + 60)
        if not CALENDAR.is_working(day + timedelta(days=n))
    ]
    found = np.busday_offset(day, amount, roll="backward", weekmask="1111111", holidays=off)
    assert last_day(working(amount), day, CALENDAR) == found.astype(date)


@given(day=DAYS, amount=st.integers(1, 30))
def test_a_slow_count_day_by_day_agrees(day: date, amount: int) -> None:
    weekend_worked = CALENDAR.make_up
    counted, at = 0, day
    while counted < amount:
        at = date.fromordinal(at.toordinal() + 1)
        off = CALENDAR.holiday(at) is not None or at.isoweekday() in (6, 7)
        counted += 0 if off and at not in weekend_worked else 1
    assert last_day(working(amount), day, CALENDAR) == at


@given(
    moment=st.datetimes(datetime(2005, 1, 1), datetime(2032, 1, 1)),  # noqa: DTZ001 - a wall clock
    hours=st.integers(-12, 14),
)
def test_only_shanghais_day_of_receipt_matters(moment: datetime, hours: int) -> None:
    elsewhere = moment.replace(tzinfo=SHANGHAI).astimezone(timezone(timedelta(hours=hours)))
    assume(elsewhere.year > 2004)
    found = due(regulation(5), "correction", elsewhere, CALENDAR)
    assert found.due_date == last_day(working(5), moment.date(), CALENDAR)
    assert found.due_at.utcoffset() == timedelta(hours=8)


def test_the_machines_time_zone_changes_nothing() -> None:
    said = {
        subprocess.run(
            [
                Path(sys.executable).with_name("kaishu"), "due", "open-application", "--regulation",
                "yingkou-2022", "--received", "2026-09-30T23:59", "--format", "json",
            ],
            env={**os.environ, "TZ": zone}, capture_output=True, text=True, check=True,
        ).stdout
        for zone in ("UTC", "America/Los_Angeles", "Pacific/Kiritimati", "Asia/Shanghai")
    }  # fmt: skip
    assert len(said) == 1
    assert '"due_date": "2026-10-20"' in said.pop()
