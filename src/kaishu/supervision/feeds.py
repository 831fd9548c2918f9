"""Obligations as files of the site: a calendar feed (RFC 5545) and JSON, for all and by department.

The bytes follow from the obligations and the record's day alone.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event

from kaishu.base.i18n import gettext as _
from kaishu.exports import addresses
from kaishu.supervision import listing
from kaishu.supervision.obligation import State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kaishu.supervision.obligation import Obligation
    from kaishu.supervision.record import Record

NAME = "obligations"
_ONE_DAY = timedelta(days=1)


def files(record: Record, found: Sequence[Obligation]) -> dict[str, bytes]:
    """The files to publish, by path below the site's root.

    `obligations.ics` and `obligations.json` hold all; `departments/<id>/obligations.ics` and
    `.json` what that department owes.
    """
    # Each event stands in two calendars.
    events = _events(record, found)
    owed: dict[str | None, list[Obligation]] = {}
    for one in found:
        owed.setdefault(one.department, []).append(one)
    made = {
        f"{NAME}.ics": _calendar(found, events, record.catalog.portal.title),
        f"{NAME}.json": listing.as_json(record, found),
    }
    for department in record.catalog.portal.departments:
        own = owed.get(department.id, [])
        folder = f"departments/{department.id}/{NAME}"
        made[f"{folder}.ics"] = _calendar(own, events, department.name)
        made[f"{folder}.json"] = listing.as_json(record, own)
    return made


def as_calendar(record: Record, found: Sequence[Obligation], name: str) -> bytes:
    """A calendar with an all-day event on each due date; what has none is left out."""
    return _calendar(found, _events(record, found), name)


def _events(record: Record, found: Sequence[Obligation]) -> dict[str, bytes]:
    return {one.id: _event(record, one) for one in found if one.due is not None}


def _calendar(found: Sequence[Obligation], events: Mapping[str, bytes], name: str) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Kaishu//Obligations//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Obligations: {name}").format(name=name))
    calendar.add("x-wr-timezone", "Asia/Shanghai")
    written: bytes = calendar.to_ical()
    # RFC 5545, 3.4: components stand between a calendar's own lines and its end.
    before, end, after = written.rpartition(b"END:VCALENDAR")
    return b"".join((before, *(events[one.id] for one in found if one.id in events), end, after))


def _event(record: Record, one: Obligation) -> bytes:
    """An event; its UID stays the same as long as the obligation's id does, so that calendars move
    an event whose day has changed.
    """
    portal = record.catalog.portal
    address = addresses.of_portal(portal, f"{NAME}/{one.id}")
    event = Event()
    event.add("uid", f"{uuid5(NAMESPACE_URL, address)}@{urlsplit(portal.url).hostname}")
    event.add("dtstamp", datetime.combine(record.as_of, time(), UTC))
    event.add("dtstart", one.due)
    event.add("dtend", (one.due or record.as_of) + _ONE_DAY)
    state = (
        _("Provisional") if one.provisional and one.state is State.OPEN else one.state_in_words()
    )
    event.add("summary", _("[{state}] {subject}").format(state=state, subject=one.subject))
    pieces = (
        listing.responsible(record, one),
        listing.article(record, one),
        one.ground.quote if one.ground else "",
        one.remark,
    )
    event.add("description", "\n".join(piece for piece in pieces if piece))
    event.add("categories", [one.kind.label])
    event.add("transp", "TRANSPARENT")
    event.add("status", "TENTATIVE" if one.provisional else "CONFIRMED")
    written: bytes = event.to_ical()
    return written
