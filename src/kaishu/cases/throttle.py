"""Guessing is slowed down: a few failures, then a pause, for each visitor and purpose.

Counted in the database, so that every process and host counts the same.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db.models import F

from kaishu.base import clock
from kaishu.cases import encryption
from kaishu.cases.models import Throttled
from kaishu.cases.storage import writing

if TYPE_CHECKING:
    from django.http import HttpRequest

PAUSE: Final = timedelta(minutes=15)


def visitor(request: HttpRequest) -> str:
    """The visitor's network address.

    What X-Forwarded-For says counts only as far as proxies of the operator's own have written
    it: with n of them, the n-th entry from the right.
    """
    proxies = settings.KAISHU_PROXIES
    if proxies:
        entries = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
        if len(entries) >= proxies and (address := entries[-proxies].strip()):
            return address[:45]
    return str(request.META.get("REMOTE_ADDR", ""))


def is_blocked(purpose: str, who: str, limit: int) -> bool:
    """Whether `who` has failed `limit` times within the last quarter of an hour."""
    found = Throttled.objects.filter(key=_key(purpose, who), until__gt=clock.now())
    return any(failures >= limit for failures in found.values_list("failures", flat=True))


def failed(purpose: str, who: str) -> None:
    """Count one failure; the pause counts from the first."""
    key, now = _key(purpose, who), clock.now()
    with writing():
        Throttled.objects.filter(key=key, until__lte=now).delete()
        counted = Throttled.objects.filter(key=key).update(failures=F("failures") + 1)
        if not counted:
            Throttled.objects.bulk_create(
                [Throttled(key=key, failures=1, until=now + PAUSE)], ignore_conflicts=True
            )


def _key(purpose: str, who: str) -> str:
    return encryption.keyed(f"throttle {purpose}", who)
