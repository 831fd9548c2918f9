"""Due dates counted anew after a year's holidays were loaded or a notice changed them.

Each change is an event; the rule and its text stay those of the day of receipt.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kaishu.base.errors import Conflict
from kaishu.cases import actions
from kaishu.cases.clock import counted
from kaishu.cases.models import Case

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from kaishu.cases.clock import ReplyClock
    from kaishu.cases.portal import Now


@dataclass(frozen=True, slots=True)
class Recounted:
    """A case whose due date, or its being provisional, has changed."""

    number: str
    before: date
    after: date
    provisional: bool


def recount(portal: Now) -> Iterator[Recounted]:
    """Count every running case anew by today's calendar; running it again changes nothing."""
    for case, found, change in _changes(portal):
        try:
            actions.move_due_date(case, found, portal.calendar.edition)
        except Conflict:
            # Somebody decided the case meanwhile; where it still runs, the next count sees it.
            continue
        yield change


def pending(portal: Now) -> Iterator[Recounted]:
    """What `recount` would change now; nothing is changed."""
    return (change for _case, _found, change in _changes(portal))


def _changes(portal: Now) -> Iterator[tuple[Case, ReplyClock, Recounted]]:
    texts = {text.id: replace(text, superiors=()) for text in portal.regulation.chain}
    running = Case.objects.filter(open_due_on__isnull=False, due_date__isnull=False)
    for case in running.iterator():
        text = texts.get(case.regulation)
        before = case.due_date
        if text is None or not case.is_running or before is None:
            continue
        if case.promised:
            text = portal.regulation
        found = counted(case, text, portal)
        if found is None or found.due_date is None:
            continue
        if (before, case.provisional) != (found.due_date, found.provisional):
            change = Recounted(case.number, before, found.due_date, found.provisional)
            yield case, found, change
