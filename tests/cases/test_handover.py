"""A delivery is fetched by its applicant, in time, as often as was granted, and no further."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.cases.conftest import file_one

from kaishu.base import clock
from kaishu.base.clock import SHANGHAI
from kaishu.base.errors import NotAllowed
from kaishu.cases import actions, handover
from kaishu.cases.models import Case, Delivery
from kaishu.cases.portal import Now
from kaishu.cases.steps import By
from kaishu.cases.words import Actor, Verb

NOON = datetime(2026, 10, 9, 12, tzinfo=SHANGHAI)
UNTIL = NOON + timedelta(days=100)
OFFICER = By(Actor.OFFICER, "zhang")


def delivered(now: Now, case: Case, **more: object) -> Delivery:
    link = actions.Handover(link="https://data.example.org/x", **more)  # type: ignore[arg-type]
    with clock.moved_to(NOON):
        actions.grant(now, case, OFFICER, "同意", handover=link)
    return case.deliveries.get()


def again(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_a_link_leads_to_its_delivery_for_a_week(now: Now, case: Case) -> None:
    delivery = delivered(now, case)
    with clock.moved_to(NOON):
        token = handover.token(case, delivery)
        assert handover.delivery_of(case, token) == delivery
    with clock.moved_to(NOON + timedelta(days=handover.DAYS, seconds=1)):
        assert handover.delivery_of(case, token) is None


def test_a_link_is_bound_to_its_case(now: Now, case: Case) -> None:
    delivery = delivered(now, case)
    other = file_one(now, key="5" * 32)
    assert handover.delivery_of(other, handover.token(case, delivery)) is None


@pytest.mark.parametrize("given", ["", "x", "x:y:z", "W10:abc", "\0", "é"])
def test_nonsense_leads_nowhere(now: Now, case: Case, given: str) -> None:
    delivered(now, case)
    assert handover.delivery_of(case, given) is None


def test_each_fetch_is_counted_and_logged_with_the_agreement(now: Now, case: Case) -> None:
    delivery = delivered(now, case, fetch_limit=2)
    for _n in range(2):
        handover.take(again(case), delivery)
    with pytest.raises(NotAllowed):
        handover.take(again(case), delivery)
    assert case.deliveries.get().fetches == 2
    fetched = [event for event in case.events.all() if event.verb == Verb.FETCH]
    assert [event.data["undertaking"] for event in fetched] == ["2026-1", "2026-1"]


def test_a_fetch_beside_another_change_is_counted_all_the_same(now: Now, case: Case) -> None:
    delivery = delivered(now, case)
    stale = again(case)
    handover.take(again(case), delivery)
    handover.take(stale, delivery)
    assert case.deliveries.get().fetches == 2


def test_after_its_term_nothing_is_fetched(now: Now, case: Case) -> None:
    delivery = delivered(now, case, until=UNTIL)
    with clock.moved_to(UNTIL - timedelta(seconds=1)):
        assert handover.is_open(delivery)
        handover.take(again(case), delivery)
    with clock.moved_to(UNTIL):
        assert not handover.is_open(delivery)
        with pytest.raises(NotAllowed):
            handover.take(again(case), delivery)


def test_what_was_revoked_is_not_fetched(now: Now, case: Case) -> None:
    delivery = delivered(now, case)
    stale = again(case)
    actions.revoke(again(case), OFFICER, "超出约定用途")
    for seen in (stale, again(case)):
        with pytest.raises(NotAllowed):
            handover.take(seen, delivery)
    assert not handover.is_open(delivery)
