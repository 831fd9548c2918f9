"""The columns of a case follow from its events alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.cases.conftest import OFFICER, RECEIVED, file_one

from kaishu.base import clock
from kaishu.cases import actions, filing
from kaishu.cases.replay import columns, is_same
from kaishu.cases.steps import By
from kaishu.cases.words import Actor, Kind

if TYPE_CHECKING:
    from kaishu.cases.models import Case
    from kaishu.cases.portal import Now


def test_the_columns_of_an_answered_case_follow_from_its_events(case: Case, now: Now) -> None:
    with clock.moved_to(RECEIVED + timedelta(hours=5)):
        actions.refuse(now, case, OFFICER, actions.Refusal("涉及商业秘密", "trade-secret"))
    found = columns(case.events.all())
    assert (found["state"], found["answered_at"], found["ended_at"]) == (
        "refused",
        RECEIVED + timedelta(hours=5),
        RECEIVED + timedelta(hours=5),
    )
    assert (found["due_date"], found["due_at"]) == (case.due_date, case.due_at)
    assert found["article"] == "第二十九条"


def test_a_term_that_begins_with_the_provider_is_told_by_the_passing_on(now: Now) -> None:
    with clock.moved_to(RECEIVED):
        filed = filing.Filing(Kind.CORRECTION, {"wrong": "重名"}, now.dataset("mzj/parks"))
        case = filing.file(now, filed, idempotency_key="6" * 32)
    assert columns(case.events.all())["started_at"] is None
    with clock.moved_to(RECEIVED + timedelta(days=1)):
        actions.pass_on(now, case, By(Actor.OPERATOR, "li"), "mzj")
    assert columns(case.events.all())["started_at"] == RECEIVED + timedelta(days=1)


def test_what_events_do_not_say_is_left_out(now: Now) -> None:
    case = file_one(now, key="5" * 32)
    first = case.events.get()
    del first.data["title"], first.data["due_at"]
    assert not {"dataset_title", "due_at"} & columns([first]).keys()


def test_a_moment_read_twice_from_the_clock_is_the_same_and_a_later_one_is_not() -> None:
    assert is_same(RECEIVED, RECEIVED + timedelta(milliseconds=3))
    assert not is_same(RECEIVED, RECEIVED + timedelta(seconds=1))
    assert not is_same(RECEIVED, None)
    assert is_same("mzj", "mzj")
