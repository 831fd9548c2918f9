"""Due dates counted anew after a year's holidays were loaded or a notice changed them.

Each change is an event; the rule and its text stay those of the day of receipt.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kaishu.base.clock import SHANGHAI
from kaishu.base.errors import Conflict
from kaishu.cases import actions
from kaishu.cases.clock import close_of_office
from kaishu.cases.models import Case, State
from kaishu.regulation.due import due

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from kaishu.cases.portal import Now

_MAY_RUN = (State.SUBMITTED, State.GRANTED)


@dataclass(frozen=True, slots=True)
class Recounted:
    """A case whose due date, or its being provisional, has changed."""

    number: str
    before: date
    after: date
    provisional: bool


def recount(portal: Now) -> Iterator[Recounted]:
    """Count every running case anew by today's calendar; running it again changes nothing."""
    texts = {text.id: replace(text, superiors=()) for text in portal.regulation.chain}
    close = close_of_office(portal)
    for case in Case.objects.filter(state__in=_MAY_RUN, due_date__isnull=False).iterator():
        text = texts.get(case.regulation)
        if text is None or not case.is_running or case.due_date is None:
            continue
        received = case.received_at.astimezone(SHANGHAI)
        found = due(text, case.rule, received, portal.calendar, close)
        before = case.due_date
        if (before, case.provisional) == (found.due_date, found.provisional):
            continue
        try:
            actions.move_due_date(case, found, portal.calendar.edition)
        except Conflict:
            # Somebody decided the case meanwhile; where it still runs, the next count sees it.
            continue
        yield Recounted(case.number, before, found.due_date, found.provisional)
