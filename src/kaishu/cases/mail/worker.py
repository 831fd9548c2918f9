"""Sends what the outbox holds: claimed for a while, tried again with growing pauses, given up at last.

A claim is a short transaction that moves a mail's next moment beyond the time that sending takes.
Whoever dies while sending leaves the mail to the next worker, under the same Message-ID: a mail
may come twice, and none is lost. Several workers on several hosts share the work.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import connection
from django.db.models import F

from kaishu.base import clock
from kaishu.cases.mail.message import BadAddress, compose
from kaishu.cases.mail.smtp import Fate, Session, Verdict
from kaishu.cases.models import OutgoingMail
from kaishu.cases.storage import writing
from kaishu.cases.words import MailState

if TYPE_CHECKING:
    from kaishu.cases.mail.smtp import Server

BATCH: Final = 20
# Longer than a batch takes with every step at its limit of patience but the last.
CLAIM: Final = timedelta(minutes=15)
PAUSES: Final = tuple(timedelta(minutes=n) for n in (1, 5, 15, 60, 240))
GIVE_UP: Final = timedelta(days=5)

_log = logging.getLogger(__name__)


def send_due(server: Server, sender_name: str, limit: int = BATCH) -> int:
    """Send up to `limit` mails that are due; how many were tried."""
    claimed = _claim(limit)
    with Session(server) as session:
        for mail in claimed:
            _settle(mail, _send(session, mail, server.sender, sender_name))
    return len(claimed)


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts, at least one."""
    return PAUSES[min(attempts, len(PAUSES)) - 1]


def _claim(limit: int) -> list[OutgoingMail]:
    now = clock.now()
    waiting = OutgoingMail.objects.filter(state=MailState.WAITING.value, not_before__lte=now)
    if not waiting.exists():
        return []
    with writing():
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True)
        claimed = list(waiting.order_by("not_before", "pk")[:limit])
        OutgoingMail.objects.filter(pk__in=[mail.pk for mail in claimed]).update(
            not_before=now + CLAIM, attempts=F("attempts") + 1
        )
    for mail in claimed:
        mail.attempts += 1
    return claimed


def _send(session: Session, mail: OutgoingMail, sender: str, sender_name: str) -> Verdict:
    try:
        message = compose(
            message_id=mail.message_id.strip("<>"),
            sender=sender,
            sender_name=sender_name,
            recipient=mail.recipient,
            subject=mail.subject,
            body=mail.body,
            at=mail.created_at,
        )
    except BadAddress:
        return Verdict(Fate.NEVER, "bad address")
    return session.send(message, mail.recipient)


def _settle(mail: OutgoingMail, verdict: Verdict) -> None:
    """Write what became of a mail; what is settled keeps neither its words nor its recipient."""
    now = clock.now()
    fate = verdict.fate
    if fate is Fate.AGAIN and now - mail.created_at >= GIVE_UP:
        fate = Fate.NEVER
    changed: dict[str, object] = {"last_error": verdict.why}
    if fate is Fate.AGAIN:
        changed["not_before"] = now + pause_after(mail.attempts)
    else:
        sent = fate is Fate.SENT
        changed["state"] = (MailState.SENT if sent else MailState.FAILED).value
        changed["sealed"] = ""
    with writing():
        OutgoingMail.objects.filter(pk=mail.pk, state=MailState.WAITING.value).update(**changed)
    if fate is not Fate.SENT:
        _log.warning("mail %s: %s (%s)", mail.message_id, fate.value, verdict.why)
