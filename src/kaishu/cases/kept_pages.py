"""Status pages that have not changed, kept in this process and never anywhere else.

A page follows from the case's version, the portal as it stands and the clock: it is kept until any
of these changes it. What is new for every request, the forgery tokens, is put in each time.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import connection
from django.middleware.csrf import CSRF_ALLOWED_CHARS, get_token

from kaishu.base import clock
from kaishu.base.clock import SHANGHAI
from kaishu.cases.filing import CORRECTABLE
from kaishu.cases.models import Case
from kaishu.cases.words import UNANSWERED

if TYPE_CHECKING:
    from django.http import HttpRequest

    from kaishu.cases.portal import Now

MOST: Final = 1000
_LETTERS: Final = CSRF_ALLOWED_CHARS
_BASE: Final = len(_LETTERS)
_PLACES: Final = {letter: place for place, letter in enumerate(_LETTERS)}
_TOKEN: Final = re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]*(")')


@dataclass(frozen=True, slots=True)
class _Page:
    version: int
    portal: Now
    made: dt.datetime
    until: dt.datetime
    parts: tuple[bytes, ...]


_pages: OrderedDict[str, _Page] = OrderedDict()
_lock = threading.Lock()


def find(request: HttpRequest, access: str, portal: Now) -> bytes | None:
    """The page of the case with this access hash, if one is kept and still true."""
    with _lock:
        page = _pages.get(access)
    now = clock.now()
    if page is None or page.portal is not portal or not page.made <= now < page.until:
        return None
    if _version(access) != page.version:
        return None
    with _lock:
        if access in _pages:
            _pages.move_to_end(access)
    return _token(request).encode().join(page.parts) if len(page.parts) > 1 else page.parts[0]


def keep(case: Case, portal: Now, content: bytes) -> None:
    """Keep the page of a case that is waiting for its answer; others hang on more than the case."""
    if case.state not in UNANSWERED or case.about_id is not None or case.disputes.exists():
        return
    now = clock.now()
    with _lock:
        _pages[case.access] = _Page(case.version, portal, now, _until(case, now), _parts(content))
        while len(_pages) > MOST:
            _pages.popitem(last=False)


def _token(request: HttpRequest) -> str:
    """A forgery token as Django's `get_token` makes them, at a fifth of its cost.

    A mask, and the cookie's secret added to it letter by letter, so that no two pages hold the
    same. A browser without the cookie is given one by Django.
    """
    secret = request.META.get("CSRF_COOKIE")
    if secret is None:
        return get_token(request)
    # Each letter as likely as any other: bytes beyond the last whole round are left out.
    drawn = [byte % _BASE for byte in os.urandom(2 * len(secret)) if byte < 256 - 256 % _BASE]
    mask = drawn[: len(secret)]
    if len(mask) < len(secret):
        return get_token(request)
    added = [_LETTERS[(_PLACES[a] + b) % _BASE] for a, b in zip(secret, mask, strict=True)]
    return "".join([_LETTERS[place] for place in mask] + added)


def _until(case: Case, now: dt.datetime) -> dt.datetime:
    """When the clock changes the page next: at midnight, or at the end of a term."""
    tomorrow = now.astimezone(SHANGHAI).date() + dt.timedelta(days=1)
    midnight = dt.datetime.combine(tomorrow, dt.time(), SHANGHAI)
    ends = (case.due_at, case.received_at + CORRECTABLE, midnight)
    return min(end for end in ends if end is not None and end > now)


def _parts(content: bytes) -> tuple[bytes, ...]:
    """The page cut where each forgery token stands."""
    parts, at = [], 0
    for match in _TOKEN.finditer(content):
        parts.append(content[at : match.end(1)])
        at = match.start(2)
    return (*parts, content[at:])


def _version(access: str) -> int | None:
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(Case._meta.db_table)
        cursor.execute(f"SELECT version FROM {table} WHERE access = %s", [access])  # noqa: S608
        row = cursor.fetchone()
    return int(row[0]) if row else None
