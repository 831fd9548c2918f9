"""A receipt's due date as a calendar file (RFC 5545), for the applicant's own calendar."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Alarm, Calendar, Event

from kaishu.base.i18n import gettext as _
from kaishu.cases.words import Clock, Kind

if TYPE_CHECKING:
    from kaishu.cases.models import Case
    from kaishu.regulation.model import Regulation

MEDIA_TYPE = "text/calendar; charset=utf-8"


def of(case: Case, text: Regulation) -> bytes | None:
    """An all-day event on the last day of the term; None where no term is set.

    `text` is the one that the term is in. The UID stays and SEQUENCE grows, so that a calendar
    moves the event when the date has been counted anew. The query code stays out: calendars are
    shared.
    """
    if case.due_date is None:
        return None
    kind = Kind(case.kind).label
    what = _("Delivery due") if case.clock == Clock.DELIVERY else _("Reply due")
    event = Event()
    event.add("uid", f"{case.number}@{urlsplit(settings.KAISHU_URL).hostname}")
    event.add("sequence", case.version - 1)
    event.add("dtstamp", case.received_at.astimezone(UTC))
    event.add("dtstart", case.due_date)
    event.add("dtend", case.due_date + timedelta(days=1))
    event.add(
        "summary",
        _("{what}: {kind} {number}").format(what=what, kind=kind, number=case.number),
    )
    ground = f"{text.title} {case.article}".strip() if case.article else ""
    lines = [case.dataset_title, ground]
    if case.provisional:
        lines.append(
            _("Provisional, until the General Office of the State Council publishes the holidays.")
        )
    event.add("description", "\n".join(line for line in lines if line))
    event.add("url", f"{settings.KAISHU_BACKEND_URL.rstrip('/')}/cases/track/")
    event.add("status", "TENTATIVE" if case.provisional else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    reminder = Alarm()
    reminder.add("action", "DISPLAY")
    reminder.add("description", what)
    # Nine in the morning of the day after, when it is worth asking.
    reminder.add("trigger", timedelta(days=1, hours=9))
    event.add_component(reminder)
    calendar = Calendar()
    calendar.add("prodid", "-//Kaishu//Receipt//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written
