"""By when: a rule, a moment of receipt and a calendar become a date, day by day.

《民法典》 第二百零一条: the day of receipt does not count. 第二百零二条: a month ends on the
same day of the month, or on its last. 第二百零三条: a last day on a holiday rolls to the next
working day; the day ends at 24:00, or at the close of office where there are office hours.
"""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from kaishu.base.clock import SHANGHAI
from kaishu.base.errors import NotSet, UnknownRule, UsageError
from kaishu.base.i18n import gettext as _
from kaishu.regulation import explain
from kaishu.regulation.model import RuleId, Term, TermUnit
from kaishu.regulation.standing import standing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaishu.regulation.calendar import WorkingCalendar
    from kaishu.regulation.model import Regulation
    from kaishu.regulation.standing import Standing

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Day:
    """One day between receipt and due date: counted or skipped, and why."""

    date: date
    counted: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Due:
    """By when a matter is to be done, with all that it follows from.

    `regulation` is the one that was asked, `standing` the rule that stands under it and the text
    which that is in. `received` and `due_at` are Shanghai's; `due_at` is the exclusive end;
    `days` begin on the day after receipt and end on `due_date`; `provisional` says that a holiday
    notice still to come may move the date; `extended` that the term was extended by its rule.
    """

    rule: str
    regulation: str
    standing: Standing
    article: str
    quote: str
    extended: bool
    received: datetime
    due_date: date
    due_at: datetime
    provisional: bool
    days: tuple[Day, ...]

    def as_dict(self) -> dict[str, Any]:
        """The JSON form of `kaishu due --format json`."""
        return {
            "rule": self.rule,
            "regulation": self.regulation,
            "source": self.standing.regulation.id,
            "extended": self.extended,
            "article": self.article,
            "quote": self.quote,
            "received": self.received.isoformat(),
            "due_date": self.due_date.isoformat(),
            "due_at": self.due_at.isoformat(),
            "provisional": self.provisional,
            "days": [
                {"date": day.date.isoformat(), "counted": day.counted, "reason": day.reason}
                for day in self.days
            ],
        }


def due(
    regulation: Regulation,
    rule_id: str,
    received: datetime,
    calendar: WorkingCalendar,
    close: time | None = None,
    *,
    extended: bool = False,
    by: int | None = None,
) -> Due:
    """By when `rule_id` under `regulation` asks for an act, received (or starting) at `received`.

    A `received` without a zone is Shanghai's. `close` is the close of office of a portal that
    sets one. `extended` adds the most by which the rule lets its term be extended, or `by` of
    its days. Raises UnknownRule where no regulation has such a rule, NotSet where this one and
    those above it set no such term or extension, UsageError where `by` is more than the rule
    allows or the date would lie beyond the year 9999.
    """
    if rule_id not in list(RuleId):
        raise UnknownRule(
            _("There is no rule “{rule}”; the rules are {rules}.").format(
                rule=rule_id, rules=", ".join(RuleId)
            )
        )
    moment = _in_shanghai(received)
    stands = standing(regulation, rule_id, moment.date())
    if stands is None or stands.rule.term is None:
        raise NotSet(explain.not_set(regulation, rule_id, moment.date()))
    rule, extension = stands.rule, stands.rule.extension
    if extended and extension is None:
        raise NotSet(explain.no_extension(stands))
    added = _used(extension.term, by) if extended and extension else None
    days, end = _end(stands.rule.term, added, moment.date(), calendar, close)
    return Due(
        rule=rule.id,
        regulation=regulation.id,
        standing=stands,
        article=rule.article,
        quote=rule.quote,
        extended=extended,
        received=moment,
        due_date=days[-1].date,
        due_at=end,
        provisional=any(calendar.is_provisional(day.date) for day in days),
        days=days,
    )


def promised(
    regulation: Regulation,
    rule_id: str,
    received: datetime,
    calendar: WorkingCalendar,
    close: time | None = None,
) -> tuple[date, datetime] | None:
    """The last day and the exclusive end of the operator's own promise, or None without one.

    A promise is the operator's word and no law; it is counted as the law counts.
    """
    promise = regulation.promises.get(rule_id)
    if promise is None:
        return None
    days, end = _end(promise.term, None, _in_shanghai(received).date(), calendar, close)
    return days[-1].date, end


def _used(most: Term, by: int | None) -> Term:
    """How much of an extension is used: all of it, or `by`."""
    if by is None:
        return most
    if not 1 <= by <= most.amount:
        raise UsageError(
            _("The term may be extended by 1 to {most}, not by {by}.").format(
                most=most.amount, by=by
            )
        )
    return Term(by, most.unit)


def last_day(
    term: Term, received: date, calendar: WorkingCalendar, added: Term | None = None
) -> date:
    """The last day of `term`, counted from the day after `received`, with an extension `added`.

    Raises UsageError where it would lie beyond the year 9999.
    """
    return _end(term, added, received, calendar, None)[0][-1].date


def _end(
    term: Term, added: Term | None, received: date, calendar: WorkingCalendar, close: time | None
) -> tuple[tuple[Day, ...], datetime]:
    try:
        days = tuple(_extended(term, added, received, calendar))
        last = days[-1].date
        end = datetime.combine(last, close) if close else datetime.combine(last + ONE_DAY, time())
    except OverflowError:
        raise UsageError(_("The date lies beyond what can be computed.")) from None
    return days, end.replace(tzinfo=SHANGHAI)


def _extended(
    term: Term, added: Term | None, received: date, calendar: WorkingCalendar
) -> Iterator[Day]:
    """Every day of the term; an extension begins on the day after the term's last."""
    if added is not None and added.unit is term.unit:
        term, added = Term(term.amount + added.amount, term.unit), None
    last = received
    for day in _count(term, received, calendar):
        last = day.date
        yield day
    if added is not None:
        yield from _count(added, last, calendar)


def _in_shanghai(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        return moment.replace(tzinfo=SHANGHAI)
    try:
        return moment.astimezone(SHANGHAI)
    except OverflowError:
        raise UsageError(_("The date lies beyond what can be computed.")) from None


def _count(term: Term, received: date, calendar: WorkingCalendar) -> Iterator[Day]:
    """Every day from the day after receipt to the last day of the term."""
    if term.unit is TermUnit.WORKING_DAY:
        day, left = received, term.amount
        while left:
            day += ONE_DAY
            working = calendar.is_working(day)
            left -= working
            yield Day(day, working, calendar.reason(day))
        return
    if term.unit is TermUnit.MONTH:
        end = months_later(received, term.amount)
    else:
        end = received + timedelta(days=term.amount)
    day = received
    while day < end:
        day += ONE_DAY
        yield Day(day, True, calendar.reason(day))
    while not calendar.is_working(day):
        day += ONE_DAY
        yield Day(day, False, calendar.reason(day))


def months_later(day: date, amount: int) -> date:
    """The same day `amount` months later (earlier where negative), or that month's last.

    Raises OverflowError where it would lie outside the years 1 to 9999.
    """
    years, month = divmod(day.month - 1 + amount, 12)
    year = day.year + years
    if not date.min.year <= year <= date.max.year:
        raise OverflowError
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))
