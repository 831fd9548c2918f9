"""The clock of a case: which term counts, from when, by when; and who may extend it.

Terms come from the rule that stands; where no text sets one, from the operator's own promise,
which is no law; where there is none either, no term runs.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from kaishu.base import clock
from kaishu.base.clock import SHANGHAI
from kaishu.base.errors import NotSet, UnknownRule
from kaishu.cases.words import Actor, Clock, Kind
from kaishu.regulation.due import Due, due, promised
from kaishu.regulation.model import Party, RuleId, Start
from kaishu.regulation.standing import standing

if TYPE_CHECKING:
    from kaishu.cases.models import Case
    from kaishu.cases.portal import Now
    from kaishu.regulation.model import Extension, Promise, Regulation, Rule
    from kaishu.regulation.standing import Standing

# 营口 第二十九条 sets a term to answer; 朔州 第二十五条 one to deliver and none to answer.
CLOCKS: Final[dict[Kind, tuple[tuple[Clock, RuleId], ...]]] = {
    Kind.OPEN_APPLICATION: (
        (Clock.ANSWER, RuleId.OPEN_APPLICATION),
        (Clock.DELIVERY, RuleId.OPEN_DELIVERY),
    ),
    Kind.OPEN_DEMAND: ((Clock.ANSWER, RuleId.OPEN_DEMAND),),
    Kind.CORRECTION: ((Clock.ANSWER, RuleId.CORRECTION),),
    Kind.DISPUTE: ((Clock.ANSWER, RuleId.DISPUTE),),
}


@dataclass(frozen=True)
class ReplyClock:
    """The term that counts. `due` says how it follows from the law, None where none does.

    `promise` is the operator's own, where it is what counts; `due_at` is the exclusive end.
    """

    clock: Clock
    regulation: str
    rule: str = ""
    article: str = ""
    due: Due | None = None
    promise: Promise | None = None
    due_date: dt.date | None = None
    due_at: dt.datetime | None = None
    provisional: bool = False


def reply_clock(portal: Now, kind: Kind, started: dt.datetime) -> ReplyClock:
    """The clock of a case of `kind` whose term starts at `started` (aware)."""
    for which, rule in CLOCKS[kind]:
        stands = standing(portal.regulation, rule, _day(started))
        if stands is None or stands.rule.starts == Start.RECEIPT:
            found = _by_law(portal, which, rule, started)
            if found is not None:
                return found
    for which, rule in CLOCKS[kind]:
        promise = portal.regulation.promises.get(rule)
        if promise is not None and promise.starts == Start.RECEIPT:
            return _by_promise(portal, which, promise, started)
    return ReplyClock(Clock.NONE, portal.regulation.id)


def delivery_clock(portal: Now, started: dt.datetime, consent: dt.datetime) -> ReplyClock | None:
    """The clock that runs on from a grant until the data are delivered; None where none does."""
    stands = standing(portal.regulation, RuleId.OPEN_DELIVERY, _day(started))
    promise = portal.regulation.promises.get(RuleId.OPEN_DELIVERY)
    if stands is not None and stands.rule.term is not None:
        start = consent if stands.rule.starts == Start.CONSENT else started
        return _by_law(portal, Clock.DELIVERY, RuleId.OPEN_DELIVERY, start)
    if promise is not None:
        start = consent if promise.starts == Start.CONSENT else started
        return _by_promise(portal, Clock.DELIVERY, promise, start)
    return None


def is_sent_directly(portal: Now, on: dt.date) -> bool:
    """Whether citizens send corrections to the provider themselves (伊川 第十九条).

    Elsewhere the rule binds departments only: a citizen is never sent to the provider (辽宁
    第十八条, 营口 第二十三条); the operator takes the correction in and passes it on.
    """
    stands = standing(portal.regulation, RuleId.CORRECTION, on)
    return stands is not None and stands.rule.party is Party.PUBLIC


def standing_of(case: Case, portal: Now) -> Standing | None:
    """The rule that stands for a case: its clock's, or else the first of its kind."""
    day = _day(case.started_at or case.received_at)
    rule = case.rule or CLOCKS[Kind(case.kind)][0][1]
    return standing(portal.regulation, rule, day)


def rule_of(case: Case, portal: Now) -> Rule | None:
    """The words beside a decision, or None where no text speaks of the matter."""
    stands = standing_of(case, portal)
    return stands.rule if stands else None


def refusal_states(case: Case, portal: Now) -> frozenset[str]:
    """What a refusal must state by any rule of its kind: `reason`, `basis`."""
    day = _day(case.started_at or case.received_at)
    found = (standing(portal.regulation, rule, day) for _, rule in CLOCKS[Kind(case.kind)])
    return frozenset(word for stands in found if stands for word in stands.rule.refusal)


def extension_of(case: Case, portal: Now) -> Extension | None:
    """How the running term may still be extended; None where the text gives no extension."""
    if case.promised or case.extended_by or not case.is_running:
        return None
    rule = rule_of(case, portal)
    return rule.extension if rule else None


def approver(extension: Extension) -> Actor:
    """Whose consent the text asks for: the department's 负责人, or else the authority's."""
    return Actor.HEAD if "负责人" in extension.approver else Actor.OPERATOR


def extended_clock(case: Case, portal: Now, by: int) -> Due:
    """The due date of a running case with its term extended by `by` of its units.

    Raises NotSet where the rule gives no extension, UsageError where `by` is beyond its limit.
    """
    started = case.started_at or case.received_at
    close = close_of_office(portal)
    return due(portal.regulation, case.rule, started, portal.calendar, close, extended=True, by=by)


def counted(case: Case, text: Regulation, portal: Now) -> ReplyClock | None:
    """A running case's term counted by today's calendar; `text` is the one its rule is in."""
    started = case.started_at or case.received_at
    which, rule = Clock(case.clock), RuleId(case.rule)
    if case.promised:
        promise = portal.regulation.promises.get(rule)
        return _by_promise(portal, which, promise, started) if promise else None
    extension = {"extended": True, "by": case.extended_by} if case.extended_by else {}
    try:
        found = due(
            text,
            rule,
            started,
            portal.calendar,
            close_of_office(portal),
            **extension,  # type: ignore[arg-type]
        )
    except NotSet:
        return None
    return _of(which, found)


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


def _by_law(portal: Now, which: Clock, rule: RuleId, started: dt.datetime) -> ReplyClock | None:
    """The clock by the rule that stands; the days are counted once for all that start on a day."""
    moment = started.astimezone(SHANGHAI)
    key, counted = (rule, moment.date()), portal.counted
    if key not in counted:
        try:
            office = close_of_office(portal)
            counted[key] = due(portal.regulation, rule, moment, portal.calendar, office)
        except (NotSet, UnknownRule):
            counted[key] = None
    found = counted[key]
    return None if found is None else _of(which, replace(found, received=moment))


def _of(which: Clock, found: Due) -> ReplyClock:
    return ReplyClock(
        which,
        found.standing.regulation.id,
        found.rule,
        found.article,
        found,
        due_date=found.due_date,
        due_at=found.due_at,
        provisional=found.provisional,
    )


def _by_promise(portal: Now, which: Clock, promise: Promise, started: dt.datetime) -> ReplyClock:
    regulation, calendar = portal.regulation, portal.calendar
    found = promised(regulation, promise.rule, started, calendar, close_of_office(portal))
    if found is None:
        raise NotSet(promise.rule)
    last, end = found
    first = _day(started)
    days = (first + dt.timedelta(days=n + 1) for n in range((last - first).days))
    return ReplyClock(
        which,
        regulation.id,
        promise.rule,
        promise=promise,
        due_date=last,
        due_at=end,
        provisional=any(calendar.is_provisional(day) for day in days),
    )


def _day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(SHANGHAI).date()
