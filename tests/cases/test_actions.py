"""The verbs: one event each, compare-and-set, and nothing that the regulation forbids."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from tests.cases.conftest import FIELDS, OFFICER, RECEIVED, dumped, events_of, file_one

from kaishu.base import clock
from kaishu.base.clock import SHANGHAI
from kaishu.base.errors import Conflict, NotAllowed
from kaishu.cases import actions, filing, handover
from kaishu.cases.clock import is_overdue, working_days_left
from kaishu.cases.models import Case, Event
from kaishu.cases.portal import Now
from kaishu.cases.steps import By
from kaishu.cases.words import Actor, State
from kaishu.regulation.due import due

LINK = actions.Handover(link="https://example.org/data")


def test_the_due_date_is_the_regulations(case: Case, now: Now) -> None:
    expected = due(now.regulation, "open-application", RECEIVED, now.calendar)
    assert (case.due_date, case.due_at) == (expected.due_date, expected.due_at)
    assert case.due_date == date(2026, 10, 20)
    assert (case.rule, case.article, case.provisional) == ("open-application", "第二十九条", False)


def test_a_due_date_beyond_the_published_calendar_is_provisional(now: Now) -> None:
    case = file_one(now, received=datetime(2026, 12, 18, 9, tzinfo=SHANGHAI))
    assert (case.due_date, case.provisional) == (date(2027, 1, 4), True)


def test_the_same_form_sent_twice_makes_one_case(now: Now) -> None:
    assert file_one(now, key="1" * 32).pk == file_one(now, key="1" * 32).pk
    assert Case.objects.count() == 1
    assert Event.objects.count() == 1


def test_every_change_is_an_event_that_cites_the_rule(case: Case, now: Now) -> None:
    actions.grant(now, case, OFFICER, "可以", handover=LINK)
    handover.take(case, case.deliveries.get())
    assert events_of(case) == ["file", "grant", "deliver", "fetch"]
    first = case.events.first()
    assert first is not None
    assert first.data["rule"] == "open-application"
    assert first.data["due_date"] == "2026-10-20"
    assert first.data["calendar"]


def test_events_carry_no_personal_data(case: Case, now: Now) -> None:
    actions.grant(now, case, OFFICER, "可以", handover=LINK)
    said = dumped(list(case.events.values("verb", "actor", "actor_name", "data")))
    assert not any(FIELDS[name] in said for name in ("applicant_name", "phone", "email"))


@pytest.mark.parametrize(
    "statement", ["UPDATE cases_event SET actor_name = 'x'", "DELETE FROM cases_event"]
)
def test_the_database_refuses_to_change_or_delete_an_event(case: Case, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)
    assert events_of(case) == ["file"]


def test_of_two_officers_who_decide_at_once_one_wins(case: Case, now: Now) -> None:
    seen_by_another = Case.objects.get(pk=case.pk)
    actions.grant(now, case, OFFICER, "", handover=None)
    with pytest.raises(Conflict):
        actions.refuse(
            now, seen_by_another, By(Actor.OFFICER, "li"), actions.Refusal("理由", "not-held")
        )
    case.refresh_from_db()
    assert case.state == State.GRANTED
    assert events_of(case) == ["file", "grant"]


def test_an_answered_case_cannot_be_withdrawn(case: Case, now: Now) -> None:
    actions.refuse(now, case, OFFICER, actions.Refusal("理由", "not-held"))
    with pytest.raises(NotAllowed, match="不同意开放"):
        filing.withdraw(case)


def test_a_grant_may_be_delivered_later(case: Case, now: Now) -> None:
    actions.grant(now, case, OFFICER, "", handover=None)
    assert case.state == State.GRANTED
    actions.deliver(case, OFFICER, LINK)
    assert case.state == State.DELIVERED


def test_a_delivered_file_keeps_its_bytes_and_gets_a_name_of_our_own(case: Case, now: Now) -> None:
    handover = actions.Handover(filename="..\\..\\etc/passwd", blocks=[b"code,name\n", b"1,x\n"])
    actions.grant(now, case, OFFICER, "", handover=handover)
    delivery = case.deliveries.get()
    assert delivery.filename == "passwd"
    assert actions.stored_path(delivery).read_bytes() == b"code,name\n1,x\n"
    assert actions.stored_path(delivery).parent.name == "deliveries"
    assert delivery.bytes == 14


def test_lateness_is_computed_and_stops_with_the_answer(case: Case, now: Now) -> None:
    assert case.due_at is not None
    with clock.moved_to(case.due_at - timedelta(minutes=1)):
        assert not is_overdue(case)
        assert working_days_left(case, now) == 0
    with clock.moved_to(case.due_at + timedelta(days=1)):
        assert is_overdue(case)
        assert working_days_left(case, now) == -2
        actions.refuse(now, case, OFFICER, actions.Refusal("理由", "not-held"))
        assert not is_overdue(case)
        assert working_days_left(case, now) is None
