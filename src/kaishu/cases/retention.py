"""Personal data gone after their term; the chain whole, the register as it was; old logs removed."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import Q

from kaishu.base import clock
from kaishu.base.clock import SHANGHAI
from kaishu.base.errors import Conflict
from kaishu.cases import actions, duplicates
from kaishu.cases.models import (
    INDEXED,
    Answer,
    Case,
    Delivery,
    Note,
    OutgoingMail,
    Throttled,
)
from kaishu.cases.records import Attachment
from kaishu.cases.steps import PORTAL, save, step
from kaishu.cases.storage import writing
from kaishu.cases.words import Verb
from kaishu.regulation.due import months_later

if TYPE_CHECKING:
    from collections.abc import Iterator

# 政务数据共享条例 第二十九条 keeps records of use for three years at least; what an applicant
# stated is kept as long after the case has ended.
YEARS: Final = 3
LOG_MONTHS: Final = 12


def erase() -> Iterator[str]:
    """Erase what has passed its term; the numbers of the cases. Running it again erases nothing.

    A case in dispute, or whose delivery may still be used, waits.
    """
    ended = _midnight(-12 * YEARS)
    due = Case.objects.filter(erased_at=None, ended_at__lt=ended)
    waiting = Q(disputes__open_due_on__isnull=False) | Q(
        deliveries__revoked_at=None, deliveries__expires_at__gt=clock.now()
    )
    for case in due.exclude(waiting).order_by("ended_at", "pk").iterator():
        try:
            _erase(case)
        except Conflict:
            # Something happened to it at this moment; the next run looks again.
            continue
        yield case.number


def _erase(case: Case) -> None:
    now = clock.now()
    emptied = {f"{name}_index": "" for name in INDEXED}
    erased = step(case, Verb.ERASE, PORTAL, changes={**emptied, "sealed": "", "erased_at": now})
    files = [actions.stored_path(one) for one in case.deliveries.exclude(stored="")]
    with writing():
        save(erased)
        Note.objects.filter(case=case).update(sealed="")
        duplicates.forget(case)
        OutgoingMail.objects.filter(case=case).delete()
        # The files themselves go with the next sweep, unless another case holds the same ones.
        Attachment.objects.filter(case=case).delete()
        Answer.objects.filter(case=case).update(message="")
        Answer.objects.filter(case=case, released=False).update(reason="")
        Delivery.objects.filter(case=case).update(stored="", filename="", link="", revoked_at=now)
    for path in files:
        path.unlink(missing_ok=True)


def prune_traces() -> None:
    """Remove what has run out: sessions, pauses, failed sign-ins."""
    SessionStore.clear_expired()
    Throttled.objects.filter(until__lt=clock.now()).delete()
    old = clock.now() - settings.AXES_COOLOFF_TIME
    AccessAttempt.objects.filter(attempt_time__lt=old).delete()


def prune_logs() -> int:
    """Remove access logs older than twelve months; how many days' files went."""
    oldest = months_later(clock.today(), -LOG_MONTHS).isoformat()
    found = [
        path
        for path in (Path(settings.KAISHU_VAR) / "access").glob("????-??-??.jsonl")
        if path.stem < oldest
    ]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def _midnight(months: int) -> datetime:
    return datetime.combine(months_later(clock.today(), months), time(), SHANGHAI)
