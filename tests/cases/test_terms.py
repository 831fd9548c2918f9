"""A term of use is told of before it ends, and ends."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from kaishu.base import clock
from kaishu.base.clock import SHANGHAI
from kaishu.cases import actions, terms
from kaishu.cases.models import Case, OutgoingMail
from kaishu.cases.portal import Now
from kaishu.cases.steps import By
from kaishu.cases.words import Actor, State

UNTIL = datetime(2026, 12, 31, 16, 0, tzinfo=SHANGHAI)
OFFICER = By(Actor.OFFICER, "zhang")


@pytest.fixture
def delivered(case: Case, now: Now) -> Case:
    link = actions.Handover(link="https://data.example.org/x", until=UNTIL)
    with clock.moved_to(datetime(2026, 10, 9, 12, tzinfo=SHANGHAI)):
        actions.grant(now, case, OFFICER, "同意", handover=link)
    OutgoingMail.objects.all().delete()
    return case


def state_of(case: Case) -> str:
    return Case.objects.get(pk=case.pk).state


def test_the_notice_comes_once_and_names_the_way_to_apply_again(delivered: Case) -> None:
    with clock.moved_to(UNTIL - terms.NOTICE - timedelta(minutes=1)):
        assert terms.tell_ahead() == 0
    for days in (15, 14, 3):
        with clock.moved_to(UNTIL - timedelta(days=days)):
            terms.tell_ahead()
    mail = OutgoingMail.objects.get()
    assert f"/cases/track/?again={delivered.number}\n" in mail.body
    assert mail.recipient == "wang@example.org"


def test_the_case_ends_with_its_last_term(delivered: Case, now: Now) -> None:
    longer = actions.Handover(link="https://data.example.org/y", until=UNTIL + timedelta(days=30))
    with clock.moved_to(UNTIL - timedelta(days=1)):
        actions.deliver(delivered, OFFICER, longer)
    with clock.moved_to(UNTIL + timedelta(seconds=1)):
        assert terms.end() == 0
    with clock.moved_to(UNTIL + timedelta(days=30, seconds=1)):
        assert terms.tell_ahead() == 0
        assert terms.end() == 1
        assert terms.end() == 0
    assert state_of(delivered) == State.EXPIRED


def test_what_was_delivered_without_an_end_never_ends(delivered: Case) -> None:
    with clock.moved_to(UNTIL - timedelta(days=1)):
        actions.deliver(delivered, OFFICER, actions.Handover(link="https://data.example.org/z"))
    with clock.moved_to(UNTIL + timedelta(days=900)):
        assert terms.end() == 0
        assert terms.tell_ahead() == 0


def test_a_sweep_after_an_outage_ends_without_a_late_notice(delivered: Case) -> None:
    with clock.moved_to(UNTIL + timedelta(days=2)):
        assert terms.tell_ahead() == 0
        assert terms.end() == 1
    told = [mail.subject for mail in OutgoingMail.objects.all()]
    assert len(told) == 1
