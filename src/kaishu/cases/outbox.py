"""The outbox: mails are written in the transaction of what they tell of, and sent by a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings

from kaishu.base import clock
from kaishu.cases import encryption
from kaishu.cases.inserts import new
from kaishu.cases.models import OutgoingMail

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kaishu.cases.models import Case


def prepare(
    key: str, recipient: str, subject: str, body: str, case: Case | None = None
) -> OutgoingMail:
    """A mail, sealed and not yet stored. `key` names what it tells of, once and for good.

    The Message-ID (RFC 5322) is made of `key` alone, so that every attempt carries the same.
    """
    now = clock.now()
    host = urlsplit(settings.KAISHU_URL).hostname or "localhost"
    return new(
        OutgoingMail,
        message_id=f"<{key}@{host}>",
        case=case,
        sealed=encryption.seal({"recipient": recipient, "body": body}),
        subject=" ".join(subject.split())[:300],
        created_at=now,
        not_before=now,
    )


def queue(mails: Iterable[OutgoingMail]) -> None:
    """Store mails in the transaction at hand; one that is there already stays the only one."""
    OutgoingMail.objects.bulk_create(mails, ignore_conflicts=True)
