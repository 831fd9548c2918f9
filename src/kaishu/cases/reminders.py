"""Reminders: 5, 3 and 1 working days before a case is due, and when it is late; never twice.

A reminder's mail is named by the case, its due date and the mark, so that the outbox takes it
once however often the sweep runs. After an outage the mark that has been reached last is told,
not those that were missed before it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings

from kaishu.base import clock, formats
from kaishu.base.i18n import gettext as _
from kaishu.cases import outbox
from kaishu.cases.clock import is_overdue, working_days_left
from kaishu.cases.models import NO_TERM, Case, StaffProfile
from kaishu.cases.storage import writing
from kaishu.cases.words import Kind, Role

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from kaishu.cases.models import OutgoingMail
    from kaishu.cases.portal import Now

LATE: Final = 0
# Marks in working days left, the tightest first, and who is told.
TOLD: Final[dict[int, frozenset[Role]]] = {
    LATE: frozenset({Role.OFFICER, Role.HEAD, Role.OPERATOR}),
    1: frozenset({Role.OFFICER, Role.HEAD}),
    3: frozenset({Role.OFFICER, Role.HEAD}),
    5: frozenset({Role.OFFICER}),
}
_AT_ONCE = 500


def remind(portal: Now) -> int:
    """Queue the reminders that are due now; how many mails were queued or stand already."""
    staff = list(StaffProfile.objects.exclude(email="").filter(user__is_active=True))
    horizon = _horizon(portal, max(TOLD))
    due = Case.objects.filter(open_due_on__lte=horizon).exclude(open_due_on=NO_TERM)
    mails: list[OutgoingMail] = []
    total = 0
    for case in due.order_by("open_due_on", "pk").iterator():
        mails.extend(_of(case, portal, staff))
        if len(mails) >= _AT_ONCE:
            total += _queued(mails)
            mails = []
    return total + _queued(mails)


def mark_of(case: Case, portal: Now) -> int | None:
    """The tightest mark that a case has reached: LATE, 1, 3 or 5; None where none is yet."""
    if is_overdue(case):
        return LATE
    left = working_days_left(case, portal)
    if left is None:
        return None
    return next((mark for mark in sorted(TOLD) if mark and left <= mark), None)


def _of(case: Case, portal: Now, staff: list[StaffProfile]) -> Iterator[OutgoingMail]:
    mark = mark_of(case, portal)
    if mark is None:
        return
    for profile in staff:
        role = Role(profile.role)
        # What the operator holds has no officer of a department.
        told = role in TOLD[mark] or (role is Role.OPERATOR and not case.department)
        if told and (role is Role.OPERATOR or profile.department == case.department):
            yield _mail(case, mark, profile)


def _mail(case: Case, mark: int, profile: StaffProfile) -> OutgoingMail:
    due = case.due_date or case.open_due_on
    key = f"remind.{case.number}.{due}.{mark}.{profile.pk}"
    kind = Kind(case.kind).label
    if mark == LATE:
        subject = _("Overdue: {kind} {number}").format(kind=kind, number=case.number)
    else:
        subject = _("{n} working days left: {kind} {number}").format(
            n=mark, kind=kind, number=case.number
        )
    lines = [
        f"{kind} {case.number}",
        case.dataset_title,
        _("Due: {date}").format(date=formats.long_date(due)) if due else "",
        f"{settings.KAISHU_BACKEND_URL.rstrip('/')}/desk/cases/{case.number}/",
    ]
    return outbox.prepare(key, profile.email, subject, "\n".join(filter(None, lines)) + "\n", case)


def _queued(mails: list[OutgoingMail]) -> int:
    known = set(
        type(mails[0]).objects.filter(message_id__in=[mail.message_id for mail in mails])
        .values_list("message_id", flat=True)
    ) if mails else set()  # fmt: skip
    new = [mail for mail in mails if mail.message_id not in known]
    if new:
        with writing():
            outbox.queue(new)
    return len(new)


def _horizon(portal: Now, days: int) -> date:
    """The last day that is at most `days` working days away."""
    today = clock.today()
    day, left = today, days
    while True:
        ahead = day + timedelta(days=1)
        if portal.calendar.is_working(ahead):
            if left == 0:
                return day
            left -= 1
        day = ahead
