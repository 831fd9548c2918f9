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
from kaishu.regulation.model import RuleId, TermUnit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaishu.regulation.calendar import WorkingCalendar
    from kaishu.regulation.model import Regulation, Term

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

    `received` and `due_at` are Shanghai's; `due_at` is the exclusive end; `days` begin on the
    day after receipt and end on `due_date`; `provisional` says that a holiday notice still to
    come may move the date.
    """

    rule: str
    regulation: str
    article: str
    quote: str
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
) -> Due:
    """By when `rule_id` of `regulation` asks for an act, received (or starting) at `received`.

    A `received` without a zone is Shanghai's. `close` is the close of office of a portal that
    sets one. Raises UnknownRule where no regulation has such a rule, NotSet where this one sets
    no such term, UsageError where the date would lie beyond the year 9999.
    """
    if rule_id not in list(RuleId):
        raise UnknownRule(
            _("There is no rule “{rule}”; the rules are {rules}.").format(
                rule=rule_id, rules=", ".join(RuleId)
            )
        )
    rule = regulation.rules.get(rule_id)
    if rule is None or rule.term is None:
        raise NotSet(explain.not_set(regulation, rule_id))
    try:
        moment = _in_shanghai(received)
        days = tuple(_count(rule.term, moment.date(), calendar))
        last = days[-1].date
        end = datetime.combine(last, close) if close else datetime.combine(last + ONE_DAY, time())
    except OverflowError:
        raise UsageError(_("The date lies beyond what can be computed.")) from None
    return Due(
        rule=rule.id,
        regulation=regulation.id,
        article=rule.article,
        quote=rule.quote,
        received=moment,
        due_date=last,
        due_at=end.replace(tzinfo=SHANGHAI),
        provisional=any(calendar.is_provisional(day.date) for day in days),
        days=days,
    )


def _in_shanghai(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        return moment.replace(tzinfo=SHANGHAI)
    return moment.astimezone(SHANGHAI)


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
        end = _months_later(received, term.amount)
    else:
        end = received + timedelta(days=term.amount)
    day = received
    while day < end:
        day += ONE_DAY
        yield Day(day, True, calendar.reason(day))
    while not calendar.is_working(day):
        day += ONE_DAY
        yield Day(day, False, calendar.reason(day))


def _months_later(day: date, amount: int) -> date:
    years, month = divmod(day.month - 1 + amount, 12)
    year = day.year + years
    if year > date.max.year:
        raise OverflowError
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))
