"""Rollups say what the cases say."""

from __future__ import annotations

from datetime import datetime

import pytest
from tests.cases.conftest import file_kind, file_one

from kaishu.base import clock
from kaishu.base.clock import SHANGHAI
from kaishu.cases import actions, filing, tally
from kaishu.cases.portal import Now
from kaishu.cases.steps import By
from kaishu.cases.words import Actor, Kind

OFFICER = By(Actor.OFFICER, "zhang")


@pytest.mark.parametrize(
    ("days", "median"),
    [
        ({}, None),
        ({3: 1}, 3),
        ({1: 1, 4: 1}, 2.5),
        ({1: 5, 9: 1}, 1),
        ({0: 2, 2: 2}, 1),
        ({2: 3, 5: 2}, 2),
    ],
)
def test_the_median_of_counted_values(days: dict[int, int], median: float | None) -> None:
    assert tally.median_of(days) == median


def test_cases_are_counted_by_year_kind_and_department(now: Now) -> None:
    for n, day in enumerate((9, 9, 21)):
        case = file_one(now, key=str(n) * 32)
        with clock.moved_to(datetime(2026, 10, day, 12, tzinfo=SHANGHAI)):
            actions.grant(now, case, OFFICER, "同意")
    filing.withdraw(file_one(now, key="8" * 32))
    file_one(now, key="9" * 32, received=datetime(2027, 1, 4, tzinfo=SHANGHAI))
    file_kind(now, Kind.OPEN_DEMAND)
    assert tally.refresh(now) == 3
    found = {(one.year, one.kind, one.department): one for one in tally.read()}
    year = found[2026, "open-application", "mzj"]
    assert (year.received, year.answered, year.late) == (4, 3, 1)
    assert year.outcomes == {"granted": 3, "withdrawn": 1}
    # From 30 September: 8 October is a working day, so the 9th is the second; the 21st the 11th.
    assert year.days == {2: 2, 11: 1}
    assert (year.median, year.longest) == (2, 11)
    assert found[2027, "open-application", "mzj"].received == 1
    assert found[2026, "open-demand", ""].received == 1


def test_counting_again_changes_nothing(now: Now) -> None:
    file_one(now)
    tally.refresh(now)
    before = tally.read()
    tally.refresh(now)
    assert tally.read() == before
