"""The clock at its edges: midnight, another zone, a clock set back, a year without its notice."""

from __future__ import annotations

import os
import time
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.cases.conftest import file_one
from tests.portals import small_portal

from kaishu.base import clock
from kaishu.base.clock import SHANGHAI
from kaishu.cases import audit, filing, portal, reminders
from kaishu.cases.clock import is_overdue, working_days_left
from kaishu.cases.models import Case
from kaishu.cases.steps import By
from kaishu.cases.words import Actor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper

OFFICER = By(Actor.OFFICER, "zhang")


@pytest.fixture
def now(tmp_path: Path, settings: SettingsWrapper, db: None) -> portal.Now:
    settings.KAISHU_ROOT = small_portal(tmp_path / "portal")
    settings.KAISHU_VAR = tmp_path / "var"
    settings.KAISHU_VAR.mkdir()
    return portal.now()


@pytest.fixture(params=["America/Los_Angeles", "Pacific/Kiritimati", "UTC"])
def zone(request: pytest.FixtureRequest) -> Iterator[str]:
    """The machine stands in another zone."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield request.param
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_a_second_before_midnight_is_still_the_day(now: portal.Now) -> None:
    before = file_one(now, key="1" * 32, received=at("2026-09-18T23:59:59.999999"))
    after = file_one(now, key="2" * 32, received=at("2026-09-19T00:00:00"))
    assert (before.number[:8], before.due_date) == ("20260918", date(2026, 10, 9))
    # The 19th is a Saturday; the 20th, a working Sunday, is the first day of both.
    assert (after.number[:8], after.due_date) == ("20260919", date(2026, 10, 9))
    sunday = file_one(now, key="3" * 32, received=at("2026-09-20T00:00:00"))
    assert sunday.due_date == date(2026, 10, 10)


def test_a_case_is_late_from_midnight_and_not_a_moment_before(now: portal.Now) -> None:
    case = file_one(now)
    with clock.moved_to(at("2026-10-20T23:59:59.999999")):
        assert not is_overdue(case)
        assert working_days_left(case, now) == 0
        assert reminders.mark_of(case, now) == 1
    with clock.moved_to(at("2026-10-21T00:00:00")):
        assert is_overdue(case)
        assert reminders.mark_of(case, now) == reminders.LATE


def test_the_machines_zone_changes_nothing(now: portal.Now, zone: str) -> None:
    received = at("2026-09-18T00:30:00").astimezone(UTC)
    case = file_one(now, received=received)
    stored = Case.objects.get(pk=case.pk)
    assert stored.number.startswith("20260918")
    assert stored.due_date == date(2026, 10, 9)
    assert stored.due_at == at("2026-10-10T00:00:00")


def test_a_clock_set_back_breaks_neither_the_order_nor_the_chain(now: portal.Now) -> None:
    case = file_one(now, received=at("2026-09-30T16:00:00"))
    with clock.moved_to(at("2026-09-30T15:00:00")):
        assert filing.may_amend(case)
        filing.withdraw(case)
    events = list(Case.objects.get(pk=case.pk).events.all())
    assert [event.sequence for event in events] == [1, 2]
    assert events[1].at < events[0].at
    assert list(audit.verify()) == []


def test_a_year_without_its_notice_gives_a_provisional_date(now: portal.Now) -> None:
    found = {}
    for n, day in enumerate(("2026-12-11", "2026-12-17", "2026-12-18")):
        case = file_one(now, key=str(n) * 32, received=at(f"{day}T10:00"))
        found[day] = (case.due_date, case.provisional)
    assert found == {
        "2026-12-11": (date(2026, 12, 25), False),
        "2026-12-17": (date(2026, 12, 31), True),
        "2026-12-18": (date(2027, 1, 4), True),
    }


def test_reminders_follow_the_clock_set_back_without_a_second_mail(now: portal.Now) -> None:
    from kaishu.cases import staff

    staff.add("officer", "mzj", "correct-horse-battery", "officer", "officer@example.org")
    file_one(now)
    for moment in ("2026-10-19T09:00", "2026-10-13T09:00", "2026-10-19T09:00"):
        with clock.moved_to(at(moment) + timedelta(minutes=1)):
            reminders.remind(now)
    with clock.moved_to(at("2026-10-19T10:00")):
        assert reminders.remind(now) == 0
