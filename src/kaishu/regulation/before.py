"""By when a notice must be given ahead of an act: a term counted backwards, never shorter.

The mirror of `due`: the day of the act does not count (《民法典》 第二百零一条), a month ends on the
same day of the month or on its last (第二百零二条), and where the last day for notice is a day of
rest, the notice is due on the working day before, so that the term stays whole
(朔州 第十二条: 至少提前一个月).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from kaishu.base.errors import UsageError
from kaishu.base.i18n import gettext as _
from kaishu.regulation.due import ONE_DAY, Day, months_later
from kaishu.regulation.model import TermUnit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from kaishu.regulation.calendar import WorkingCalendar
    from kaishu.regulation.model import Term


@dataclass(frozen=True, slots=True)
class Notice:
    """The last day for a notice. `days` run from the day before the act back to that day.

    `provisional`: a holiday notice still to come may move it.
    """

    date: date
    provisional: bool
    days: tuple[Day, ...]


def latest_notice(term: Term, act: date, calendar: WorkingCalendar) -> Notice:
    """The last working day on which a notice is `term` ahead of the day `act`.

    For working days, `term.amount` of them lie from the day of the notice, itself included, to
    the day before the act. Raises UsageError where the day would lie before the year 1.
    """
    try:
        days = tuple(_back(term, act, calendar))
    except OverflowError:
        raise UsageError(_("The date lies beyond what can be computed.")) from None
    provisional = any(calendar.is_provisional(day.date) for day in days)
    return Notice(days[-1].date, provisional, days)


def _back(term: Term, act: date, calendar: WorkingCalendar) -> Iterator[Day]:
    day = act
    if term.unit is TermUnit.WORKING_DAY:
        left = term.amount
        while left:
            day -= ONE_DAY
            working = calendar.is_working(day)
            left -= working
            yield Day(day, working, calendar.reason(day))
        return
    if term.unit is TermUnit.MONTH:
        latest = months_later(act, -term.amount)
    else:
        latest = act - timedelta(days=term.amount)
    while day > latest:
        day -= ONE_DAY
        yield Day(day, True, calendar.reason(day))
    while not calendar.is_working(day):
        day -= ONE_DAY
        yield Day(day, False, calendar.reason(day))
