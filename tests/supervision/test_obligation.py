"""How an obligation stands on a day follows from its due date, its end and the calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kaishu.base.i18n import use
from kaishu.regulation.calendar import WorkingCalendar
from kaishu.regulation.model import TermUnit
from kaishu.supervision.obligation import (
    Evidence,
    EvidenceKind,
    Ground,
    Obligation,
    ObligationKind,
    State,
    judged,
)

CALENDAR = WorkingCalendar.load()
# A Friday before the National Day of 2026; the next working days are 8, 9 and 10 October.
DUE = date(2026, 9, 30)
ONE = Obligation(
    id="case/1",
    kind=ObligationKind.CASE,
    department="mzj",
    subject="甲",
    ground=Ground("yingkou-2022", "第二十九条", "乙"),
    due=DUE,
    state=State.OPEN,
    unit=TermUnit.WORKING_DAY,
)


@pytest.mark.parametrize(
    ("today", "state", "late"),
    [
        (date(2026, 9, 20), State.OPEN, 0),
        (date(2026, 9, 22), State.DUE_SOON, 0),
        (DUE, State.DUE_SOON, 0),
        (date(2026, 10, 1), State.OVERDUE, 1),
        (date(2026, 10, 9), State.OVERDUE, 2),
    ],
)
def test_the_state_of_what_is_not_done(today: date, state: State, late: int) -> None:
    found = judged(ONE, today, CALENDAR)
    assert (found.state, found.late) == (state, late)


def test_calendar_days_count_rest_days() -> None:
    found = judged(replace(ONE, unit=TermUnit.CALENDAR_DAY), date(2026, 10, 9), CALENDAR)
    assert (found.state, found.late) == (State.OVERDUE, 9)


@pytest.mark.parametrize(
    ("done", "late"),
    [(DUE, 0), (date(2026, 9, 1), 0), (date(2026, 10, 3), 1), (date(2026, 10, 10), 3)],
)
def test_what_is_done_is_met_however_late(done: date, late: int) -> None:
    found = judged(replace(ONE, done=done), date(2026, 12, 1), CALENDAR)
    assert (found.state, found.late) == (State.MET, late)


def test_what_is_unknown_or_without_a_term_stays_so() -> None:
    today = date(2027, 1, 1)
    unknown = replace(ONE, state=State.UNKNOWN)
    unset = replace(ONE, state=State.NO_TERM, due=None)
    assert judged(unknown, today, CALENDAR) == unknown
    assert judged(unset, today, CALENDAR) == unset
    assert judged(replace(unset, done=DUE), today, CALENDAR).state is State.MET


def test_the_state_in_words_counts_in_the_terms_unit() -> None:
    assert replace(ONE, state=State.OVERDUE, late=2).state_in_words() == "已逾期 2 个工作日"
    assert replace(ONE, state=State.DUE_SOON).state_in_words() == "即将到期"
    calendar = replace(ONE, state=State.MET, late=1, unit=TermUnit.CALENDAR_DAY)
    with use("en"):
        assert calendar.state_in_words() == "Met, 1 day late"


def test_the_json_form_has_every_key() -> None:
    made = replace(ONE, evidence=(Evidence(EvidenceKind.CASE, "1"),), done=DUE).as_dict()
    assert made == {
        "id": "case/1",
        "kind": "case",
        "department": "mzj",
        "subject": "甲",
        "regulation": "yingkou-2022",
        "article": "第二十九条",
        "quote": "乙",
        "due_date": "2026-09-30",
        "provisional": False,
        "state": "open",
        "done": "2026-09-30",
        "days_late": 0,
        "unit": "working-day",
        "evidence": [{"kind": "case", "reference": "1"}],
        "outstanding": [],
        "remark": "",
    }
    assert replace(ONE, ground=None, due=None).as_dict()["article"] is None
