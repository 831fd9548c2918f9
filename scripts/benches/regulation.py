"""The clock: a million due dates from the table, beside as many counted one by one."""

from __future__ import annotations

import random
import time
from datetime import date, timedelta
from typing import Any

from kaishu.regulation.calendar import WorkingCalendar
from kaishu.regulation.due import last_day
from kaishu.regulation.model import Term, TermUnit
from kaishu.regulation.table import DueTable

CASES = 1_000_000
COUNTED = 10_000
TARGET = 0.5


def run(_options: list[str]) -> list[dict[str, Any]]:
    """CPU seconds of one core, the table's making included."""
    calendar, term = WorkingCalendar.load(), Term(10, TermUnit.WORKING_DAY)
    first, last = date(2020, 1, 1), date(2026, 12, 1)
    chance = random.Random(1)
    span = (last - first).days
    days = [first + timedelta(days=chance.randrange(span)) for _case in range(CASES)]

    begun = time.process_time()
    found = DueTable.of(term, calendar, first, last).look_up(days)
    table = time.process_time() - begun

    begun = time.process_time()
    counted = [last_day(term, day, calendar) for day in days[:COUNTED]]
    one_by_one = (time.process_time() - begun) * CASES / COUNTED
    assert counted == found[:COUNTED]
    return [
        {
            "work": f"{CASES:,} due dates",
            "measured": f"{table:.2f} s CPU, {one_by_one / table:,.0f}× less than one by one "
            f"(from {COUNTED:,})",
            "target": f"≤ {TARGET} s",
            "met": table <= TARGET,
        }
    ]
