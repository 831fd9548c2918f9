"""The operator is mailed that a build failed: once for each failure, whatever sweeps ask."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.conf import settings

from kaishu.base import formats
from kaishu.base.clock import SHANGHAI
from kaishu.base.i18n import gettext as _
from kaishu.cases import outbox
from kaishu.cases.models import StaffProfile
from kaishu.cases.storage import writing
from kaishu.cases.words import Role

if TYPE_CHECKING:
    from datetime import datetime

    from kaishu.catalog.model import Portal


def tell(portal: Portal, at: datetime, commit: str, reason: str) -> None:
    """Queue a mail to the operator's address and to each operator's account with one.

    `at` and `commit` name the failure, `reason` is the build's.
    """
    staff = StaffProfile.objects.filter(role=Role.OPERATOR.value, user__is_active=True)
    to = {*staff.exclude(email="").values_list("email", flat=True)}
    if portal.operator.email:
        to.add(portal.operator.email)
    subject = _("Not published: {portal}").format(portal=portal.title)
    lines = [
        _("A build failed at {time}. The public site is as it was.").format(
            time=formats.long_time(at.astimezone(SHANGHAI))
        ),
        *([_("Commit: {commit}").format(commit=commit)] if commit else ()),
        "",
        reason,
        "",
        settings.KAISHU_URL,
    ]
    failure = hashlib.sha256(f"{at.isoformat()} {commit} {reason}".encode()).hexdigest()[:16]
    mails = [
        outbox.prepare(f"unpublished.{failure}.{_hash(one)}", one, subject, "\n".join(lines))
        for one in sorted(to)
    ]
    with writing():
        outbox.queue(mails)


def _hash(recipient: str) -> str:
    return hashlib.sha256(recipient.encode()).hexdigest()[:8]
