"""Who is reminded when, once each, also after the sweep had stood still."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.cases.conftest import RECEIVED, file_one

from kaishu.base import clock
from kaishu.base.clock import SHANGHAI
from kaishu.cases import encryption, reminders, staff
from kaishu.cases.models import Case, OutgoingMail
from kaishu.cases.portal import Now

PASSWORD = "correct-horse-battery"
# Filed on 30 September 2026, due on 20 October: 10 working days, the holiday between.
DAYS = {
    "2026-10-12": None,
    "2026-10-13": 5,
    "2026-10-14": 5,
    "2026-10-15": 3,
    "2026-10-16": 3,
    "2026-10-17": 3,
    "2026-10-19": 1,
    "2026-10-20": 1,
    "2026-10-21": reminders.LATE,
    "2026-11-30": reminders.LATE,
}


@pytest.fixture(autouse=True)
def people(small: object) -> None:
    for name, department, role in (
        ("officer", "mzj", "officer"),
        ("head", "mzj", "head"),
        ("other", "jtj", "officer"),
        ("operator", "", "operator"),
        ("auditor", "", "auditor"),
    ):
        staff.add(name, department, PASSWORD, role, f"{name}@example.org")
    staff.add("silent", "mzj", PASSWORD, "officer")


@pytest.fixture(autouse=True)
def no_other_mail(case: Case) -> None:
    OutgoingMail.objects.all().delete()


def on(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=SHANGHAI)


def told() -> list[str]:
    found = OutgoingMail.objects.order_by("pk")
    return sorted(mail.recipient.split("@")[0] for mail in found)


@pytest.mark.parametrize(("day", "mark"), DAYS.items())
def test_the_mark_of_each_day(case: Case, now: Now, day: str, mark: int | None) -> None:
    with clock.moved_to(on(day)):
        assert reminders.mark_of(case, now) == mark


def test_officer_then_head_then_operator_each_once(now: Now) -> None:
    seen: dict[str, list[str]] = {}
    for day in DAYS:
        with clock.moved_to(on(day)):
            reminders.remind(now)
            reminders.remind(now)
        seen[day] = told()
        OutgoingMail.objects.all().update(sealed=encryption.seal({"recipient": "-@", "body": ""}))
    new = {day: [name for name in names if name != "-"] for day, names in seen.items()}
    assert {day: names for day, names in new.items() if names} == {
        "2026-10-13": ["officer"],
        "2026-10-15": ["head", "officer"],
        "2026-10-19": ["head", "officer"],
        "2026-10-21": ["head", "officer", "operator"],
    }


def test_after_an_outage_only_the_last_mark_is_told(now: Now) -> None:
    with clock.moved_to(on("2026-10-20")):
        assert reminders.remind(now) == 2
    assert all("1" in mail.subject for mail in OutgoingMail.objects.all())


def test_a_mail_that_was_sent_long_ago_is_not_sent_again(now: Now) -> None:
    with clock.moved_to(on("2026-10-21")):
        reminders.remind(now)
    OutgoingMail.objects.update(state="sent", sealed="")
    with clock.moved_to(on("2026-11-21")):
        assert reminders.remind(now) == 0


def test_an_answered_case_is_left_in_peace(case: Case, now: Now) -> None:
    from kaishu.cases import filing

    with clock.moved_to(RECEIVED + timedelta(hours=1)):
        filing.withdraw(case)
    with clock.moved_to(on("2026-10-21")):
        assert reminders.remind(now) == 0


def test_many_cases_are_told_of_one_by_one(now: Now) -> None:
    for n in range(3):
        file_one(now, key=str(n + 1) * 32)
    OutgoingMail.objects.all().delete()
    with clock.moved_to(on("2026-10-13")):
        assert reminders.remind(now) == 4
