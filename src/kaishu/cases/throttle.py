"""Guessing is slowed down: a few failures, then a pause, for each visitor and purpose."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache

if TYPE_CHECKING:
    from django.http import HttpRequest

PAUSE_SECONDS = 15 * 60


def visitor(request: HttpRequest) -> str:
    """The visitor's network address; a proxy's word counts only where one is declared."""
    if settings.KAISHU_BEHIND_PROXY:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-1].strip()
        if forwarded:
            return str(forwarded)
    return str(request.META.get("REMOTE_ADDR", ""))


def is_blocked(purpose: str, who: str, limit: int) -> bool:
    """Whether `who` has failed `limit` times within the last quarter of an hour."""
    return int(cache.get(_key(purpose, who), 0)) >= limit


def failed(purpose: str, who: str) -> None:
    """Count one failure."""
    cache.add(_key(purpose, who), 0, PAUSE_SECONDS)
    cache.incr(_key(purpose, who))


def _key(purpose: str, who: str) -> str:
    return f"throttle:{purpose}:{hashlib.sha256(who.encode()).hexdigest()}"
