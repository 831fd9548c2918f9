"""The end of a term of use: told ahead, with the way to apply again, and then kept.

Deliveries carry the end of their term; nothing is fetched after it (see `handover`).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db.models import Max

from kaishu.base import clock, formats
from kaishu.base.clock import SHANGHAI
from kaishu.base.errors import Conflict
from kaishu.base.i18n import gettext as _
from kaishu.cases import actions, outbox
from kaishu.cases.models import Case, OutgoingMail
from kaishu.cases.storage import writing
from kaishu.cases.words import Kind, State

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

NOTICE: Final = timedelta(days=15)


def tell_ahead() -> int:
    """Queue a notice for each term that ends within the time of notice; how many are new."""
    now = clock.now()
    mails = [
        mail
        for case, until in _ending(now + NOTICE)
        if until > now and (mail := _notice(case, until)) is not None
    ]
    names = [mail.message_id for mail in mails]
    known = set(
        OutgoingMail.objects.filter(message_id__in=names).values_list("message_id", flat=True)
    )
    new = [mail for mail in mails if mail.message_id not in known]
    if new:
        with writing():
            outbox.queue(new)
    return len(new)


def end() -> int:
    """End the cases whose last term of use is over; how many were ended."""
    ended = 0
    for case, _until in _ending(clock.now()):
        try:
            actions.expire(case)
        except Conflict:
            # Delivered once more, or revoked, at this very moment: the next sweep looks again.
            continue
        ended += 1
    return ended


def _ending(by: datetime) -> Iterator[tuple[Case, datetime]]:
    """Delivered cases of which every delivery's term ends by then, with the last of the ends."""
    delivered = Case.objects.filter(state=State.DELIVERED.value).exclude(
        deliveries__expires_at__isnull=True
    )
    for case in delivered.annotate(until=Max("deliveries__expires_at")).filter(until__lte=by):
        yield case, case.until


def _notice(case: Case, until: datetime) -> OutgoingMail | None:
    to = case.statement.get("email")
    if not to:
        return None
    kind = Kind(case.kind).label
    day = formats.long_date(until.astimezone(SHANGHAI).date())
    again = f"{settings.KAISHU_BACKEND_URL.rstrip('/')}/cases/track/?again={case.number}"
    subject = _("Your term of use ends on {date}: {kind} {number}").format(
        date=day, kind=kind, number=case.number
    )
    body = "\n".join(
        (
            _("The term of use of “{title}” ends on {date}.").format(
                title=case.dataset_title, date=day
            ),
            _(
                "Data that are still needed can be applied for again: {address}\n"
                "With the number and the query code of this case, the form begins with what you "
                "stated then."
            ).format(address=again),
            _("Otherwise destroy what was delivered, as undertaken."),
        )
    )
    key = f"term.{case.number}.{until:%Y%m%d}"
    return outbox.prepare(key, to, subject, f"{body}\n", case)
