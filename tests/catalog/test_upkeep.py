"""The next update follows from the cycle, and is claimed only where both cycle and history tell."""

from __future__ import annotations

from datetime import date

import pytest

from kaishu.base.vocabulary import UpdateCycle
from kaishu.catalog.upkeep import next_update, quarter_end, quarter_start


@pytest.mark.parametrize(
    ("cycle", "due"),
    [
        (UpdateCycle.DAILY, date(2026, 8, 1)),
        (UpdateCycle.WEEKLY, date(2026, 8, 7)),
        (UpdateCycle.MONTHLY, date(2026, 8, 31)),
        (UpdateCycle.QUARTERLY, date(2026, 10, 31)),
        (UpdateCycle.HALF_YEARLY, date(2027, 1, 31)),
        (UpdateCycle.YEARLY, date(2027, 7, 31)),
    ],
)
def test_a_cycle_sets_the_next_update(cycle: UpdateCycle, due: date) -> None:
    assert next_update(date(2026, 7, 31), cycle) == due


def test_a_month_too_short_ends_on_its_last_day() -> None:
    assert next_update(date(2026, 1, 31), UpdateCycle.MONTHLY) == date(2026, 2, 28)
    assert next_update(date(2028, 2, 29), UpdateCycle.YEARLY) == date(2029, 2, 28)


@pytest.mark.parametrize(
    "cycle",
    [UpdateCycle.REALTIME, UpdateCycle.IRREGULAR, UpdateCycle.NEVER, UpdateCycle.OTHER],
)
def test_a_cycle_without_a_length_promises_nothing(cycle: UpdateCycle) -> None:
    assert next_update(date(2026, 7, 31), cycle) is None


def test_an_unknown_last_update_promises_nothing() -> None:
    assert next_update(None, UpdateCycle.YEARLY) is None


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 6, 30), date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_a_quarter_has_a_first_and_a_last_day(day: date, first: date, last: date) -> None:
    assert (quarter_start(day), quarter_end(day)) == (first, last)
