"""The clock of an application: which term of the regulation counts, and when it ends."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaishu.base import clock
from kaishu.base.errors import NotSet, UnknownRule
from kaishu.cases.models import Clock
from kaishu.regulation.due import Due, due

if TYPE_CHECKING:
    from kaishu.cases.models import Case
    from kaishu.cases.portal import Now

# 营口 第二十九条 sets a term to answer; 朔州 第二十五条 one to deliver and none to answer.
CLOCKS = ((Clock.ANSWER, "open-application"), (Clock.DELIVERY, "open-delivery"))


@dataclass(frozen=True)
class ReplyClock:
    """The term that counts; `due` is None where the regulation sets none."""

    clock: Clock
    due: Due | None


def reply_clock(portal: Now, received: dt.datetime) -> ReplyClock:
    """The clock of an application received at `received` (aware)."""
    for kind, rule in CLOCKS:
        try:
            found = due(portal.regulation, rule, received, portal.calendar, close_of_office(portal))
        except (NotSet, UnknownRule):
            continue
        return ReplyClock(kind, found)
    return ReplyClock(Clock.NONE, None)


def close_of_office(portal: Now) -> dt.time | None:
    """The close of office where the portal sets one (民法典 第二百零三条)."""
    hours = portal.catalog.portal.office_hours
    return dt.time.fromisoformat(hours.close) if hours else None


def is_overdue(case: Case) -> bool:
    """Whether the term has ended with the clock still running."""
    return case.is_running and case.due_at is not None and clock.now() >= case.due_at


def working_days_left(case: Case, portal: Now) -> int | None:
    """Working days from tomorrow to the last day; negative: days late; None: no clock runs."""
    if not case.is_running or case.due_date is None:
        return None
    today = clock.today()
    if today <= case.due_date:
        return portal.calendar.working_days(today, case.due_date)
    return -portal.calendar.working_days(case.due_date, today)
